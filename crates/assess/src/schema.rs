//! The JSON Schema of what is answered: reports of all tasks, and comparisons. It is derived from the types that are
//! written; `docs/report.schema.json` is its text.

use crate::assessment::Assessment;
use crate::compare::Comparison;
use crate::report::SCHEMA;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

/// Any answer; its `schema` says which and in what version.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only the schema is derived")]
enum Answer {
    Assessment(Assessment),
    Comparison(Box<Comparison>),
}

/// The schema (draft 2020-12) as JSON, with a line break at the end. Its `$id` carries the version of the report's
/// shape, so a reader of two versions can tell their schemas apart.
pub fn json() -> String {
    let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let mut schema = generator.into_root_schema_for::<Answer>();
    let id = format!("urn:{}", SCHEMA.replace(['.', '/'], ":"));
    schema.insert("$id".to_owned(), id.into());
    format!("{:#}\n", schema.to_value())
}
