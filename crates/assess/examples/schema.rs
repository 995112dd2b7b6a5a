//! Writes `docs/report.schema.json`.

fn main() {
    print!("{}", assess::schema::json());
}
