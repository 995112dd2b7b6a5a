//! What a target is told to do, and what it hands back.
use crate::TargetError;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// One deployment to carry out. The portal has checked that it may be.
#[derive(Clone, Debug)]
pub struct Order {
    /// The deployment's id, unique in the portal.
    pub deployment: i64,
    pub model: String,
    /// The version's number.
    pub version: i64,
    pub environment: String,
    pub artifact: Artifact,
    /// SHA-256 of the version's canonical manifest: what the permit names.
    pub version_digest: String,
    /// What the artifact was made with, such as `scikit-learn 1.9.1`.
    pub framework: String,
    /// The permit as a DSSE envelope in JSON.
    pub permit: String,
    pub kind: Kind,
    /// What runs there now, to be replaced.
    pub previous: Option<Running>,
}

/// The model's file or folder. A folder's digest is defined by [`crate::digest`].
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Where the manifest says it is.
    pub uri: String,
    /// The portal's own copy, where it has one; targets on this machine need it.
    pub path: Option<PathBuf>,
    /// SHA-256 in hex, with or without `sha256:` in front.
    pub sha256: String,
}

/// Why a version is put in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Deploy,
    Rollback,
}

/// Something that runs, in the form the portal stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Where callers reach the model; the same from version to version.
    pub endpoint: String,
    /// What the target needs to find it again; only the target reads it.
    pub handle: serde_json::Value,
}

/// How something that runs is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "why", rename_all = "snake_case")]
pub enum Health {
    Healthy,
    /// Not serving as it should, and why.
    Failing(String),
    /// Nobody here can tell, and why.
    Unknown(String),
}

impl Running {
    pub(crate) fn new(endpoint: String, handle: &impl Serialize) -> Result<Self, TargetError> {
        let handle = serde_json::to_value(handle).map_err(|error| {
            TargetError::Unsuitable(format!("The deployment can't be written down: {error}."))
        })?;
        Ok(Self { endpoint, handle })
    }

    pub(crate) fn read<H: serde::de::DeserializeOwned>(&self) -> Result<H, TargetError> {
        H::deserialize(&self.handle).map_err(|error| {
            TargetError::Unsuitable(format!(
                "The stored deployment wasn't made by this kind of target: {error}."
            ))
        })
    }
}
