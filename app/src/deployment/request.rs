//! A request that a reader can send to what runs: the Open Inference Protocol, filled in from the version's signature.
use serde_json::Value;

/// More values than this are left to the reader.
const MOST_VALUES: i64 = 64;

/// One input as the signature names it.
#[derive(Debug, PartialEq, Eq)]
struct Input {
    name: String,
    datatype: String,
    /// An open dimension (-1) is one row here.
    shape: Vec<i64>,
}

impl Input {
    fn read(value: &Value) -> Option<Self> {
        let shape = value["shape"]
            .as_array()?
            .iter()
            .map(|length| length.as_i64().map(|length| length.max(1)));
        Some(Self {
            name: value["name"].as_str()?.to_owned(),
            datatype: value["datatype"].as_str()?.to_owned(),
            shape: shape.collect::<Option<_>>()?,
        })
    }

    fn values(&self) -> String {
        let one = match self.datatype.as_str() {
            "BYTES" => "\"\"",
            "BOOL" => "false",
            _ => "0",
        };
        let count = self
            .shape
            .iter()
            .try_fold(1_i64, |count, length| count.checked_mul(*length));
        match count.and_then(|count| usize::try_from(count.min(MOST_VALUES + 1)).ok()) {
            Some(count) if i64::try_from(count).is_ok_and(|count| count <= MOST_VALUES) => {
                vec![one; count].join(", ")
            }
            _ => format!("{one}, {one}, …"),
        }
    }

    fn line(&self) -> String {
        let (name, datatype) = (
            Value::from(self.name.as_str()),
            Value::from(self.datatype.as_str()),
        );
        let shape = Value::from(self.shape.clone());
        format!(
            r#"    {{ "name": {name}, "shape": {shape}, "datatype": {datatype}, "data": [{}] }}"#,
            self.values()
        )
    }
}

/// Whether an endpoint speaks the protocol, by its address.
pub fn is_open_inference(endpoint: &str) -> bool {
    endpoint.contains("/v2/models/")
}

/// Whether the signature says what the model takes.
pub fn is_described(signature: Option<&Value>) -> bool {
    !inputs(signature).is_empty()
}

/// The request as a command line; where the signature says nothing, with an example to replace.
pub fn curl(endpoint: &str, signature: Option<&Value>) -> String {
    let mut inputs = inputs(signature);
    if inputs.is_empty() {
        inputs.push(Input {
            name: "input".into(),
            datatype: "FP64".into(),
            shape: vec![1, 4],
        });
    }
    let lines: Vec<_> = inputs.iter().map(Input::line).collect();
    let body = format!("{{\n  \"inputs\": [\n{}\n  ]\n}}", lines.join(",\n"));
    // Within single quotes a shell changes nothing; JSON can write the one character that would end them otherwise.
    let body = body.replace('\'', "\\u0027");
    format!("curl '{endpoint}/infer' \\\n  -H 'content-type: application/json' \\\n  -d '{body}'")
}

fn inputs(signature: Option<&Value>) -> Vec<Input> {
    let inputs = signature.and_then(|signature| signature["inputs"].as_array());
    inputs
        .map(|inputs| inputs.iter().filter_map(Input::read).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const AT: &str = "http://127.0.0.1:30001/v2/models/credit";

    #[test]
    fn the_signature_fills_the_request() {
        let signature = json!({ "inputs": [{ "name": "applicants", "datatype": "FP64", "shape": [-1, 3] }] });
        let line = r#"{ "name": "applicants", "shape": [1,3], "datatype": "FP64", "data": [0, 0, 0] }"#;
        let request = curl(AT, Some(&signature));
        assert!(request.contains(line), "{request}");
        assert!(
            request.starts_with("curl 'http://127.0.0.1:30001/v2/models/credit/infer'"),
            "{request}"
        );
    }

    #[test]
    fn a_quote_in_a_name_ends_nothing() {
        let signature =
            json!({ "inputs": [{ "name": "a'; rm -rf ~; '", "datatype": "BYTES", "shape": [1] }] });
        assert_eq!(curl(AT, Some(&signature)).matches('\'').count(), 6);
    }

    #[test]
    fn what_is_not_described_is_an_example() {
        for signature in [None, Some(json!({})), Some(json!({ "inputs": [{ "name": 3 }] }))] {
            assert!(!is_described(signature.as_ref()));
            assert!(curl(AT, signature.as_ref()).contains("\"input\""));
        }
    }

    #[test]
    fn many_values_are_left_to_the_reader() {
        for shape in [json!([1, 65]), json!([i64::MAX, 9])] {
            let signature = json!({ "inputs": [{ "name": "x", "datatype": "INT64", "shape": shape }] });
            assert!(curl(AT, Some(&signature)).contains("[0, 0, …]"));
        }
    }
}
