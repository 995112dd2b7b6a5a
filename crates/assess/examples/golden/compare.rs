//! Holds a reply against a golden value.

use serde_json::Value;

/// Where a reply differs from the golden value: whole numbers exactly, others by more than a billionth.
pub fn differences(path: &str, golden: &Value, reply: &Value, found: &mut Vec<String>) {
    match (golden, reply) {
        (Value::Object(golden), Value::Object(reply)) => {
            for key in golden
                .keys()
                .chain(reply.keys().filter(|key| !golden.contains_key(*key)))
            {
                let (golden, reply) = (golden.get(key), reply.get(key));
                let null = Value::Null;
                let inner = format!("{path}/{key}");
                match (golden, reply) {
                    (Some(golden), Some(reply)) => differences(&inner, golden, reply, found),
                    _ => found.push(format!(
                        "{inner}: {} ours {}",
                        golden.unwrap_or(&null),
                        reply.unwrap_or(&null)
                    )),
                }
            }
        }
        (Value::Array(golden), Value::Array(reply)) if golden.len() == reply.len() => {
            for (at, (golden, reply)) in golden.iter().zip(reply).enumerate() {
                differences(&format!("{path}/{at}"), golden, reply, found);
            }
        }
        (Value::Number(_), Value::Number(_)) => {
            let (a, b) = (
                golden.as_f64().unwrap_or(f64::NAN),
                reply.as_f64().unwrap_or(f64::NAN),
            );
            let tolerance = if golden.is_i64() { 0.0 } else { 1e-9 };
            if (a - b).abs() > tolerance * a.abs().max(b.abs()) {
                found.push(format!("{path}: {golden} ours {reply}"));
            }
        }
        _ if golden == reply => {}
        _ => found.push(format!("{path}: {golden} ours {reply}")),
    }
}
