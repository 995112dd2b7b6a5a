//! A manifest as a form holds it: every part as it was typed, until it is read as a whole.
use crate::kept::Kept;
use domain::{
    manifest::{Artifact, Code, Dataset, Framework, Lock, Manifest, Resources},
    refusal::Invalid,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The fields of the form, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub artifact_uri: String,
    pub artifact_sha256: String,
    pub framework_name: String,
    pub framework_version: String,
    pub code_repository: String,
    pub code_commit: String,
    pub image: String,
    pub lock_name: String,
    pub lock_sha256: String,
    pub datasets: Vec<DraftDataset>,
    /// Lines of `name = value`.
    pub parameters: String,
    /// JSON, or nothing.
    pub signature: String,
    pub cpu: String,
    pub memory_mib: String,
    pub gpu: String,
    pub changes: String,
    pub card: String,
}

/// One training data set, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftDataset {
    pub name: String,
    pub version: String,
    pub sha256: String,
    pub source: String,
    pub legal_basis: String,
    /// With commas between them.
    pub personal_data: String,
}

/// How many data sets a form may have: room for every version we know of, and an end to counting.
const MOST: usize = 64;

impl DraftDataset {
    fn is_blank(&self) -> bool {
        let Self {
            name,
            version,
            sha256,
            source,
            legal_basis,
            personal_data,
        } = self;
        [name, version, sha256, source, legal_basis, personal_data]
            .into_iter()
            .all(|part| part.trim().is_empty())
    }

    fn read(&self) -> Dataset {
        Dataset {
            name: plain(&self.name),
            version: plain(&self.version),
            sha256: plain(&self.sha256),
            source: plain(&self.source),
            legal_basis: plain(&self.legal_basis),
            personal_data: self
                .personal_data
                .split(',')
                .map(plain)
                .filter(|part| !part.is_empty())
                .collect(),
        }
    }

    fn of(data: &Dataset) -> Self {
        Self {
            name: data.name.clone(),
            version: data.version.clone(),
            sha256: data.sha256.clone(),
            source: data.source.clone(),
            legal_basis: data.legal_basis.clone(),
            personal_data: data.personal_data.join(", "),
        }
    }
}

fn plain(text: &str) -> String {
    text.trim().to_owned()
}

/// The text, where there is any.
fn given(text: &str) -> Option<String> {
    Some(plain(text)).filter(|text| !text.is_empty())
}

impl Draft {
    /// Reads the whole, and answers with all that is wrong; paths name the fields of the form.
    pub fn manifest(&self) -> Result<Manifest, Vec<Invalid>> {
        let mut wrong = Vec::new();
        let mut note = |one| wrong.push(one);
        let resources = self.resources().map_err(&mut note).ok().flatten();
        let signature = self.signature().map_err(&mut note).ok().flatten();
        let parameters = parameters(&self.parameters)
            .map_err(&mut note)
            .unwrap_or_default();
        // Blank data sets are left out; what is said of the others still names their place in the form.
        let places: Vec<usize> = (0..self.datasets.len())
            .filter(|at| !self.datasets[*at].is_blank())
            .collect();
        let lock = given(&self.lock_name).or_else(|| given(&self.lock_sha256));
        let manifest = Manifest {
            artifact: Artifact {
                uri: plain(&self.artifact_uri),
                sha256: plain(&self.artifact_sha256),
            },
            framework: Framework {
                name: plain(&self.framework_name),
                version: plain(&self.framework_version),
            },
            signature,
            image: given(&self.image),
            parameters,
            code: Code {
                repository: plain(&self.code_repository),
                commit: plain(&self.code_commit),
            },
            environment_lock: lock.map(|_| Lock {
                name: plain(&self.lock_name),
                sha256: plain(&self.lock_sha256),
            }),
            datasets: places.iter().map(|at| self.datasets[*at].read()).collect(),
            resources,
            // Forms send line ends of their own; the digest is over plain ones.
            card: self.card.replace("\r\n", "\n").trim_end().to_owned(),
            changes: plain(&self.changes),
        };
        match manifest.checked() {
            Ok(manifest) if wrong.is_empty() => Ok(manifest),
            Ok(_) => Err(wrong),
            Err(more) => {
                wrong.extend(more.into_iter().map(|one| placed(one, &places)));
                Err(wrong)
            }
        }
    }

    fn signature(&self) -> Result<Option<Value>, Invalid> {
        let Some(text) = given(&self.signature) else {
            return Ok(None);
        };
        let value = serde_json::from_str(&text);
        value
            .map(Some)
            .map_err(|error| Invalid::new("signature", format!("This is not JSON: {error}.")))
    }

    fn resources(&self) -> Result<Option<Resources>, Invalid> {
        let (cpu, memory, gpu) = (given(&self.cpu), given(&self.memory_mib), given(&self.gpu));
        if cpu.is_none() && memory.is_none() && gpu.is_none() {
            return Ok(None);
        }
        let number = |field: &str, what: &str| Invalid::new(format!("resources.{field}"), what);
        let cpu = cpu.and_then(|text| text.replace(',', ".").parse().ok());
        let memory = memory.and_then(|text| text.parse().ok());
        let gpu = gpu.map_or(Ok(0), |text| text.parse());
        Ok(Some(Resources {
            cpu: cpu
                .ok_or_else(|| number("cpu", "Give the processor cores as a number, such as 0.5 or 2."))?,
            memory_mib: memory
                .ok_or_else(|| number("memory_mib", "Give the memory in whole MiB, such as 512."))?,
            gpu: gpu.map_err(|_| number("gpu", "Give the number of graphics processors, or nothing."))?,
        }))
    }

    /// The form of a manifest, to start the next version from.
    pub fn of(manifest: &Manifest) -> Self {
        let lock = manifest.environment_lock.clone();
        let needs = manifest.resources.clone();
        let (lock_name, lock_sha256) = lock.map(|lock| (lock.name, lock.sha256)).unwrap_or_default();
        let number = |read: fn(&Resources) -> String| needs.as_ref().map(read).unwrap_or_default();
        Self {
            artifact_uri: manifest.artifact.uri.clone(),
            artifact_sha256: manifest.artifact.sha256.clone(),
            framework_name: manifest.framework.name.clone(),
            framework_version: manifest.framework.version.clone(),
            code_repository: manifest.code.repository.clone(),
            code_commit: manifest.code.commit.clone(),
            image: manifest.image.clone().unwrap_or_default(),
            lock_name,
            lock_sha256,
            datasets: manifest.datasets.iter().map(DraftDataset::of).collect(),
            parameters: manifest
                .parameters
                .iter()
                .map(|(name, value)| format!("{name} = {}", line(value)))
                .collect::<Vec<_>>()
                .join("\n"),
            signature: manifest
                .signature
                .as_ref()
                .map(crate::ui::pretty)
                .unwrap_or_default(),
            cpu: number(|needs| needs.cpu.to_string()),
            memory_mib: number(|needs| needs.memory_mib.to_string()),
            gpu: number(|needs| needs.gpu.to_string()),
            changes: manifest.changes.clone(),
            card: manifest.card.clone(),
        }
    }

    /// What was typed before the form was refused; else this.
    #[must_use]
    pub fn or_kept(self, kept: &Kept) -> Self {
        let text = |name: &str, other: String| kept.value_or(&format!("draft[{name}]"), other);
        let sent = |at: &usize| kept.fields.contains_key(&format!("draft[datasets][{at}][name]"));
        let count = (0..MOST).take_while(sent).count().max(self.datasets.len());
        let mut datasets = self.datasets;
        datasets.resize_with(count, DraftDataset::default);
        let datasets = datasets.into_iter().enumerate().map(|(at, data)| {
            let text = |name: &str, other: String| text(&format!("datasets][{at}][{name}"), other);
            DraftDataset {
                name: text("name", data.name),
                version: text("version", data.version),
                sha256: text("sha256", data.sha256),
                source: text("source", data.source),
                legal_basis: text("legal_basis", data.legal_basis),
                personal_data: text("personal_data", data.personal_data),
            }
        });
        Self {
            artifact_uri: text("artifact_uri", self.artifact_uri),
            artifact_sha256: text("artifact_sha256", self.artifact_sha256),
            framework_name: text("framework_name", self.framework_name),
            framework_version: text("framework_version", self.framework_version),
            code_repository: text("code_repository", self.code_repository),
            code_commit: text("code_commit", self.code_commit),
            image: text("image", self.image),
            lock_name: text("lock_name", self.lock_name),
            lock_sha256: text("lock_sha256", self.lock_sha256),
            datasets: datasets.collect(),
            parameters: text("parameters", self.parameters),
            signature: text("signature", self.signature),
            cpu: text("cpu", self.cpu),
            memory_mib: text("memory_mib", self.memory_mib),
            gpu: text("gpu", self.gpu),
            changes: text("changes", self.changes),
            card: text("card", self.card),
        }
    }
}

/// The same, naming the place in the form instead of the place in the manifest.
fn placed(wrong: Invalid, places: &[usize]) -> Invalid {
    let found = wrong.field.strip_prefix("datasets[").and_then(|rest| {
        let (at, field) = rest.split_once("].")?;
        Some(format!(
            "datasets[{}].{field}",
            places.get(at.parse::<usize>().ok()?)?
        ))
    });
    Invalid {
        field: found.unwrap_or(wrong.field),
        message: wrong.message,
    }
}

/// Reads lines of `name = value`. A value that is JSON is that; all else is text.
fn parameters(text: &str) -> Result<BTreeMap<String, Value>, Invalid> {
    let mut read = BTreeMap::new();
    for (at, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let wrong = |what: &str| Invalid::new("parameters", format!("Line {}: {what}", at + 1));
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| wrong("write it as name = value."))?;
        let name = plain(name);
        if name.is_empty() {
            return Err(wrong("give the parameter a name before the equals sign."));
        }
        let value = value.trim();
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        if read.insert(name.clone(), value).is_some() {
            return Err(wrong(&format!("“{name}” was given before.")));
        }
    }
    Ok(read)
}

/// A value so that [`parameters`] reads the same again: text that would be taken for JSON keeps its quotes.
fn line(value: &Value) -> String {
    match value {
        Value::String(text)
            if text.trim() == text
                && !text.contains('\n')
                && serde_json::from_str::<Value>(text).is_err() =>
        {
            text.clone()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn draft() -> Draft {
        let data = DraftDataset {
            name: "german".to_owned(),
            version: "1994".to_owned(),
            sha256: "c".repeat(64),
            source: "UCI".to_owned(),
            legal_basis: "no personal data".to_owned(),
            personal_data: "age, , sex".to_owned(),
        };
        Draft {
            artifact_sha256: "a".repeat(64),
            framework_name: " scikit-learn ".to_owned(),
            framework_version: "1.7".to_owned(),
            code_repository: "https://example.org/r.git".to_owned(),
            code_commit: "b".repeat(40),
            datasets: vec![DraftDataset::default(), data],
            parameters: "rate = 0.1\n\nsolver = saga\nname = \"7\"".to_owned(),
            card: "Line one\r\nLine two\r\n".to_owned(),
            ..Draft::default()
        }
    }

    #[test]
    fn a_form_becomes_a_manifest_and_back() {
        let manifest = draft().manifest().unwrap();
        assert_eq!(manifest.framework.name, "scikit-learn");
        assert_eq!(manifest.card, "Line one\nLine two");
        assert_eq!(manifest.datasets[0].personal_data, ["age", "sex"]);
        assert_eq!(manifest.parameters["rate"], json!(0.1));
        assert_eq!(manifest.parameters["solver"], json!("saga"));
        assert_eq!(manifest.parameters["name"], json!("7"));
        assert_eq!(Draft::of(&manifest).manifest().unwrap(), manifest);
    }

    #[test]
    fn everything_wrong_is_named_by_its_place_in_the_form() {
        let mut draft = draft();
        draft.datasets[1].sha256 = "x".to_owned();
        draft.parameters = "rate 0.1".to_owned();
        draft.cpu = "two".to_owned();
        draft.signature = "{".to_owned();
        let fields: Vec<_> = draft
            .manifest()
            .unwrap_err()
            .into_iter()
            .map(|wrong| wrong.field)
            .collect();
        assert_eq!(
            fields,
            ["resources.cpu", "signature", "parameters", "datasets[1].sha256"]
        );
    }

    #[test]
    fn what_was_typed_wins_over_what_was_there() {
        let fields = [
            ("draft[changes]".to_owned(), vec!["mine".to_owned()]),
            (
                "draft[datasets][2][name]".to_owned(),
                vec!["lost without the ones before".to_owned()],
            ),
            ("draft[datasets][0][name]".to_owned(), vec!["first".to_owned()]),
        ];
        let kept = Kept {
            fields: fields.into(),
            ..Kept::default()
        };
        let filled = draft().or_kept(&kept);
        assert_eq!(filled.changes, "mine");
        assert_eq!(filled.datasets[0].name, "first");
        assert_eq!(filled.datasets[1].name, "german");
    }
}
