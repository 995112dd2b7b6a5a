//! Prints the paper in a JSON file: `cargo run -p paper --example print paper.json paper.pdf`.

use std::{env, error::Error, fs, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(json), Some(pdf)) = (arguments.next(), arguments.next()) else {
        return Err("name a paper as JSON, then the PDF to write".into());
    };
    let paper: paper::Paper = serde_json::from_slice(&fs::read(json)?)?;
    let started = Instant::now();
    let bytes = paper::pdf(&paper)?;
    println!("{} bytes in {:.2?}", bytes.len(), started.elapsed());
    Ok(fs::write(pdf, bytes)?)
}
