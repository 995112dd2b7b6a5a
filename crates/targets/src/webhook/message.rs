//! What a webhook says, what may be answered, and how it is signed (Standard Webhooks 1.0).
use crate::{Kind, Order, TargetError};
use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use standardwebhooks::{
    HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook as Signer,
};
use std::time::{SystemTime, UNIX_EPOCH};

/// The body of a call. Receivers verify the permit in it, not only the signature around it.
#[derive(Serialize)]
#[serde(tag = "type")]
pub(super) enum Message<'a> {
    #[serde(rename = "deployment.requested")]
    Requested {
        #[serde(flatten)]
        subject: &'a Subject,
        kind: Kind,
        version_digest: &'a str,
        artifact: ArtifactLine<'a>,
        framework: &'a str,
        permit: &'a RawValue,
    },
    #[serde(rename = "deployment.stop_requested")]
    StopRequested(&'a Subject),
}

/// What is to run where.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Subject {
    pub(super) deployment: i64,
    pub(super) model: String,
    pub(super) version: i64,
    pub(super) environment: String,
}

#[derive(Serialize)]
pub(super) struct ArtifactLine<'a> {
    uri: &'a str,
    sha256: &'a str,
}

impl Subject {
    pub(super) fn of(order: &Order) -> Self {
        Self {
            deployment: order.deployment,
            model: order.model.clone(),
            version: order.version,
            environment: order.environment.clone(),
        }
    }
}

impl<'a> Message<'a> {
    pub(super) fn requested(order: &'a Order, subject: &'a Subject) -> Result<Self, TargetError> {
        let permit = serde_json::from_str(&order.permit)
            .map_err(|error| TargetError::Unsuitable(format!("The permit isn't JSON: {error}.")))?;
        Ok(Self::Requested {
            subject,
            kind: order.kind,
            version_digest: &order.version_digest,
            artifact: ArtifactLine {
                uri: &order.artifact.uri,
                sha256: &order.artifact.sha256,
            },
            framework: &order.framework,
            permit,
        })
    }
}

/// What a receiver may answer, to the call or at its `status_url`. Everything is optional: an answer without JSON
/// means done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Answer {
    pub(super) state: Option<Progress>,
    /// Where to ask how it goes, at the receiver's own origin.
    pub(super) status_url: Option<String>,
    /// Where callers reach the model.
    pub(super) endpoint: Option<String>,
    /// A sentence for people.
    pub(super) message: Option<String>,
}

impl Answer {
    /// Words are no answer, and mean done; what looks like JSON has to be this one, or it would be taken for done while
    /// it says that it isn't.
    pub(super) fn read(body: &[u8]) -> serde_json::Result<Self> {
        match body.trim_ascii_start().first() {
            Some(b'{' | b'[') => serde_json::from_slice(body),
            _ => Ok(Self::default()),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Progress {
    Running,
    Done,
    Failed,
}

/// The secret that a receiver recognises the portal by: `whsec_` and 24 to 64 bytes in Base64. Never shown again.
#[derive(Clone, Debug)]
pub struct Secret(SecretString);

impl Secret {
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let bytes = text
            .trim()
            .strip_prefix("whsec_")
            .and_then(|key| STANDARD.decode(key).ok());
        if bytes.is_some_and(|bytes| (24..=64).contains(&bytes.len())) {
            return Ok(Self(text.trim().into()));
        }
        Err(TargetError::Unsuitable(
            "A webhook secret is whsec_ followed by 24 to 64 bytes in Base64, as the receiver shows it."
                .to_owned(),
        ))
    }

    pub(super) fn signer(&self) -> Result<Signer, TargetError> {
        Signer::new(self.0.expose_secret())
            .map_err(|error| TargetError::Unsuitable(format!("The webhook secret can't be used: {error}.")))
    }
}

/// The three headers that let a receiver know who called, and refuse what is old or said twice.
pub(super) fn headers(
    signers: &[Signer],
    id: &str,
    body: &[u8],
) -> Result<[(&'static str, String); 3], TargetError> {
    let unsigned =
        |why: &dyn std::fmt::Display| TargetError::Unsuitable(format!("The call can't be signed: {why}."));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_err(|error| unsigned(&error))?
        .as_secs();
    let now = i64::try_from(now).map_err(|error| unsigned(&error))?;
    let signatures: Result<Vec<String>, _> =
        signers.iter().map(|signer| signer.sign(id, now, body)).collect();
    let signatures = signatures.map_err(|error| unsigned(&error))?.join(" ");
    Ok([
        (HEADER_WEBHOOK_ID, id.to_owned()),
        (HEADER_WEBHOOK_TIMESTAMP, now.to_string()),
        (HEADER_WEBHOOK_SIGNATURE, signatures),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_the_shape_of_standard_webhooks() {
        let key = |bytes: usize| format!("whsec_{}", STANDARD.encode(vec![7; bytes]));
        for good in [key(24), key(32), key(64), format!(" {}\n", key(24))] {
            assert!(Secret::parse(&good).is_ok(), "{good}");
        }
        for bad in [
            key(23),
            key(65),
            key(24)[6..].to_owned(),
            "whsec_!".to_owned(),
            String::new(),
        ] {
            assert!(Secret::parse(&bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_not_in_its_debug_output() {
        let text = format!("whsec_{}", STANDARD.encode([7; 24]));
        assert!(!format!("{:?}", Secret::parse(&text).unwrap()).contains(&text[6..]));
    }

    #[test]
    fn an_empty_object_and_unknown_fields_are_answers() {
        let answer: Answer =
            serde_json::from_str(r#"{"state":"running","status_url":"/s","more":1}"#).unwrap();
        assert_eq!(
            (answer.state, answer.status_url.as_deref()),
            (Some(Progress::Running), Some("/s"))
        );
        assert!(serde_json::from_str::<Answer>("{}").unwrap().state.is_none());
    }
}
