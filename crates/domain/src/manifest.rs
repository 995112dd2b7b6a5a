//! What a version is: the manifest that is frozen, digested and signed over.
use crate::refusal::Invalid;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Everything that makes a version what it is (PRODUCT: version; EU AI Act, Annex IV 1 and 2). Unknown fields are refused,
/// so that nothing someone meant to say is silently left out of the digest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub artifact: Artifact,
    pub framework: Framework,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Value>,
    /// A container image, by digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    pub code: Code,
    /// The locked environment, such as a requirements file, by digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment_lock: Option<Lock>,
    pub datasets: Vec<Dataset>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// The model card: what it is for, how it was made, its limits. Markdown.
    pub card: String,
    /// One sentence: what changed since the version before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub changes: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artifact {
    /// Where the artifact is: `artifact:NAME` in one of the portal's artifact folders, `file://…`, or an address of the target's.
    pub uri: String,
    pub sha256: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Framework {
    pub name: String,
    pub version: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub repository: String,
    pub commit: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    pub name: String,
    pub sha256: String,
}

/// A training data set, and by what right it was used (GDPR arts. 6, 9 and 30; EU AI Act art. 10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dataset {
    pub name: String,
    pub version: String,
    pub sha256: String,
    pub source: String,
    pub legal_basis: String,
    #[serde(default)]
    pub personal_data: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    /// Processor cores.
    pub cpu: f64,
    /// Memory, in MiB.
    pub memory_mib: u32,
    #[serde(default)]
    pub gpu: u32,
}

/// The largest manifest taken, in bytes of JSON.
pub const LARGEST: usize = 512 * 1024;

impl Manifest {
    /// Reads a manifest from JSON and checks it. The error names the line and column, or the field's path.
    pub fn parse(json: &[u8]) -> Result<Self, Vec<Invalid>> {
        if json.len() > LARGEST {
            return Err(vec![Invalid::new(
                "manifest",
                "The manifest is larger than 512 KiB; keep data in files and name them by digest.",
            )]);
        }
        let manifest: Self = serde_json::from_slice(json).map_err(|error| {
            vec![Invalid::new(
                "manifest",
                format!("The manifest can't be read: {error}."),
            )]
        })?;
        manifest.checked()
    }

    /// Checks every field, and answers with all that is wrong, not only with the first.
    pub fn checked(self) -> Result<Self, Vec<Invalid>> {
        let mut wrong = Vec::new();
        {
            let mut need = |field: &str, value: &str, what: &str| {
                if value.trim().is_empty() {
                    wrong.push(Invalid::new(field, what));
                }
            };
            need(
                "framework.name",
                &self.framework.name,
                "Name the framework, such as scikit-learn.",
            );
            need(
                "framework.version",
                &self.framework.version,
                "Give the framework's version.",
            );
            need("code.repository", &self.code.repository, "Say where the code is.");
            need(
                "card",
                &self.card,
                "Write the model card: what it is for, how it was made, its limits.",
            );
            for (i, dataset) in self.datasets.iter().enumerate() {
                need(
                    &format!("datasets[{i}].name"),
                    &dataset.name,
                    "Name the data set.",
                );
                need(
                    &format!("datasets[{i}].version"),
                    &dataset.version,
                    "Give the data set's version.",
                );
                need(
                    &format!("datasets[{i}].source"),
                    &dataset.source,
                    "Say where the data comes from.",
                );
                need(
                    &format!("datasets[{i}].legal_basis"),
                    &dataset.legal_basis,
                    "Give the legal basis, or “no personal data”.",
                );
            }
        }
        if self.datasets.is_empty() {
            wrong.push(Invalid::new("datasets", "Name at least one training data set."));
        }
        let mut digest = |field: &str, value: &str| {
            if !is_sha256(value) {
                wrong.push(Invalid::new(
                    field,
                    "Give the SHA-256 as 64 lower-case hexadecimal digits.",
                ));
            }
        };
        digest("artifact.sha256", &self.artifact.sha256);
        if let Some(lock) = &self.environment_lock {
            digest("environment_lock.sha256", &lock.sha256);
        }
        for (i, dataset) in self.datasets.iter().enumerate() {
            digest(&format!("datasets[{i}].sha256"), &dataset.sha256);
        }
        if !is_commit(&self.code.commit) {
            wrong.push(Invalid::new(
                "code.commit",
                "Give the full commit: 40 or 64 lower-case hexadecimal digits.",
            ));
        }
        if let Some(resources) = &self.resources
            && (!resources.cpu.is_finite() || resources.cpu <= 0.0 || resources.memory_mib == 0)
        {
            wrong.push(Invalid::new(
                "resources",
                "Give more than nothing of processor and memory.",
            ));
        }
        if wrong.is_empty() { Ok(self) } else { Err(wrong) }
    }
}

/// 64 lower-case hexadecimal digits.
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && is_hex(text)
}

fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && is_hex(text)
}

fn is_hex(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    pub fn sample() -> Value {
        json!({
            "artifact": { "uri": "file:///m", "sha256": "a".repeat(64) },
            "framework": { "name": "scikit-learn", "version": "1.7" },
            "code": { "repository": "https://example.org/r.git", "commit": "b".repeat(40) },
            "datasets": [{ "name": "d", "version": "1", "sha256": "c".repeat(64), "source": "s", "legal_basis": "contract" }],
            "card": "For deciding.",
        })
    }

    fn fields(json: &Value) -> Vec<String> {
        Manifest::parse(json.to_string().as_bytes())
            .unwrap_err()
            .into_iter()
            .map(|wrong| wrong.field)
            .collect()
    }

    #[test]
    fn a_whole_manifest_is_taken() {
        assert!(Manifest::parse(sample().to_string().as_bytes()).is_ok());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let mut json = sample();
        json["artifact"]["sha256"] = json!("A".repeat(64));
        json["code"]["commit"] = json!("main");
        json["datasets"][0]["legal_basis"] = json!(" ");
        assert_eq!(
            fields(&json),
            ["datasets[0].legal_basis", "artifact.sha256", "code.commit"]
        );
    }

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let mut json = sample();
        json["colour"] = json!("blue");
        let wrong = Manifest::parse(json.to_string().as_bytes()).unwrap_err();
        assert!(wrong[0].message.contains("colour"), "{wrong:?}");
    }
}
