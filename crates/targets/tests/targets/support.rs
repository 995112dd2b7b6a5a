//! What the tests of targets share: a sink that keeps the steps, and orders for the demonstration's models.
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, Once},
};
use targets::{Artifact, Kind, Order, Running, State, Step, Steps};

/// Installs ring, as `main` does.
pub fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| _ = rustls::crypto::ring::default_provider().install_default());
}

#[derive(Default)]
pub struct Kept(Mutex<Vec<Step>>);

impl Steps for Kept {
    fn record(&self, step: Step) {
        self.0.lock().unwrap().push(step);
    }
}

impl Kept {
    pub fn logs(&self) -> Vec<String> {
        let steps = self.0.lock().unwrap();
        steps
            .iter()
            .filter_map(|step| {
                if let State::Log(line) = &step.state {
                    Some(line.clone())
                } else {
                    None
                }
            })
            .collect()
    }

    /// Each step that ended, with how.
    pub fn ended(&self) -> Vec<(String, bool)> {
        let steps = self.0.lock().unwrap();
        steps
            .iter()
            .filter_map(|step| match step.state {
                State::Done => Some((step.name.clone(), true)),
                State::Failed(_) => Some((step.name.clone(), false)),
                State::Started | State::Log(_) => None,
            })
            .collect()
    }
}

/// The demonstration's folder of one version.
pub fn demonstration(version: i64) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../demo/models/german-credit-{version}"))
}

/// The request that the demonstration's versions answer differently.
pub fn request() -> serde_json::Value {
    serde_json::from_slice(&fs::read(demonstration(1).join("request.json")).unwrap()).unwrap()
}

/// An order for a version of german-credit.
pub fn order(deployment: i64, version: i64, previous: Option<&Running>) -> Order {
    let path = demonstration(version).join("model.joblib");
    Order {
        deployment,
        model: "german-credit".to_owned(),
        version,
        environment: "production".to_owned(),
        artifact: Artifact {
            uri: format!("demo://german-credit-{version}/model.joblib"),
            sha256: format!("sha256:{}", targets::digest(&path).unwrap()),
            path: Some(path),
        },
        version_digest: "c0ffee".repeat(10),
        framework: "scikit-learn 1.9.1".to_owned(),
        permit: r#"{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[]}"#
            .to_owned(),
        kind: Kind::Deploy,
        previous: previous.cloned(),
    }
}
