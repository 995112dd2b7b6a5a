//! The committed JSON Schema is the one derived from the report's types, and real reports keep to it.

use crate::{assess, columns, data, unguarded};
use assess::Columns;
use assess::report::{SCHEMA, Settings};
use serde_json::Value;
use std::path::{Path, PathBuf};

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/report.schema.json")
}

fn schema() -> Value {
    serde_json::from_slice(&std::fs::read(path()).unwrap()).unwrap()
}

/// Holds a value against a schema, as far as derived schemas go; stricter in that a property which the schema doesn't
/// name is an error.
struct Walk<'a> {
    root: &'a Value,
}

impl Walk<'_> {
    fn check(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("{at}: {what}"));
        if let Some(name) = schema["$ref"].as_str() {
            let target = self.root.pointer(name.strip_prefix('#').unwrap()).unwrap();
            return self.check(target, value, at);
        }
        for key in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[key].as_array() {
                let met: Vec<_> = choices
                    .iter()
                    .map(|choice| self.check(choice, value, at))
                    .collect();
                if !met.iter().any(Result::is_ok) {
                    return wrong(&format!("none of {key} holds: {met:?}"));
                }
            }
        }
        if let Some(only) = schema.get("const")
            && only != value
        {
            return wrong(&format!("{value} instead of {only}"));
        }
        if let Some(values) = schema["enum"].as_array()
            && !values.contains(value)
        {
            return wrong(&format!("{value} isn't in the list"));
        }
        if let Some(kind) = schema.get("type") {
            let kinds = kind.as_array().cloned().unwrap_or_else(|| vec![kind.clone()]);
            if !kinds.iter().any(|kind| is(value, kind.as_str().unwrap())) {
                return wrong(&format!("{value} isn't {kind}"));
            }
        }
        self.inside(schema, value, at)
    }

    fn inside(&self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        match value {
            Value::Object(members) if schema["type"] == "object" => {
                for name in schema["required"].as_array().into_iter().flatten() {
                    if !members.contains_key(name.as_str().unwrap()) {
                        return Err(format!("{at}: {name} is missing"));
                    }
                }
                for (name, member) in members {
                    let of = schema["properties"].get(name);
                    let of = of.or_else(|| {
                        schema
                            .get("additionalProperties")
                            .filter(|other| other.is_object())
                    });
                    let of = of.ok_or_else(|| format!("{at}: {name} isn't in the schema"))?;
                    self.check(of, member, &format!("{at}/{name}"))?;
                }
            }
            Value::Array(items) => {
                let fixed = schema["prefixItems"].as_array();
                for (place, item) in items.iter().enumerate() {
                    let of = fixed
                        .and_then(|fixed| fixed.get(place))
                        .or_else(|| schema.get("items"));
                    if let Some(of) = of {
                        self.check(of, item, &format!("{at}/{place}"))?;
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no such type: {other}"),
    }
}

/// Holds a report's JSON against the committed schema.
pub fn keeps_to_the_schema(report: &Value) -> Result<(), String> {
    let root = schema();
    Walk { root: &root }.check(&root, report, "")
}

#[cfg(feature = "schema")]
#[test]
fn the_committed_schema_is_the_derived_one() {
    let written = std::fs::read_to_string(path()).unwrap();
    assert!(
        written == assess::schema::json(),
        "docs/report.schema.json is not what the types say: \
         cargo run -p assess --features schema --example schema > docs/report.schema.json"
    );
}

#[test]
fn real_reports_keep_to_the_schema() {
    let mut all = columns(&["race", "sex"], "0");
    all.references.insert("race".into(), "Caucasian".into());
    let bare = Columns {
        score: None,
        ..columns(&[], "0")
    };
    for columns in [all, bare] {
        for settings in [Settings::default(), unguarded(0)] {
            let report = assess(&data("predictions/compas.csv"), &columns, &settings).unwrap();
            let json = serde_json::from_slice(&report.to_json().unwrap()).unwrap();
            keeps_to_the_schema(&json).unwrap();
        }
    }
}

#[test]
fn the_schema_carries_the_version_of_the_report() {
    let id = schema()["$id"].as_str().unwrap().to_owned();
    assert_eq!(id, format!("urn:{}", SCHEMA.replace(['.', '/'], ":")));
}

#[test]
fn what_does_not_keep_to_the_schema_is_found() {
    let report = assess(
        &data("predictions/compas.csv"),
        &columns(&["sex"], "0"),
        &Settings::default(),
    )
    .unwrap();
    let json: Value = serde_json::from_slice(&report.to_json().unwrap()).unwrap();
    let mut without = json.clone();
    without.as_object_mut().unwrap().remove("rows");
    let mut wrong = json.clone();
    wrong["overall"]["rates"]["accuracy"]["value"] = "high".into();
    let mut more = json;
    more["attributes"][0]["groups"][0]["surplus"] = 1.into();
    for report in [without, wrong, more] {
        assert!(keeps_to_the_schema(&report).is_err());
    }
}
