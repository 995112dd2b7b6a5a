//! An entry as it has to be judged. The searched columns and the canonical text say the same twice, and the hash stands
//! beside the entry and in the tree: a forger may change any of them, so all have to agree.
use super::stored_digest;
use crate::{Failure, audit};
use chrono::{DateTime, Utc};
use ledger::{Digest, merkle::leaf_hash};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};
use std::borrow::Cow;

/// An entry as it is stored.
pub struct Row {
    pub index: i64,
    pub seq: i64,
    pub at: DateTime<Utc>,
    pub actor: Option<uuid::Uuid>,
    pub actor_name: String,
    pub action: String,
    pub outcome: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub sentence: String,
    pub model: Option<String>,
    pub release: Option<i64>,
    pub canonical: String,
    /// The hash beside the entry.
    pub leaf_hash: Vec<u8>,
    /// The hash in the tree.
    pub sealed_hash: Vec<u8>,
}

impl Row {
    /// The text to hash and the hash that it has to have: those that are stored, unless something disagrees with them.
    /// Then it is whatever disagrees, so that the verifier names the entry.
    pub fn judged(&self) -> Result<(Cow<'_, [u8]>, Digest), Failure> {
        let text = self.canonical.as_bytes();
        let (beside, sealed) = (stored_digest(&self.leaf_hash)?, stored_digest(&self.sealed_hash)?);
        if beside != sealed {
            let contradicting = if leaf_hash(text) == beside { sealed } else { beside };
            return Ok((text.into(), contradicting));
        }
        if !self.is_told_by_text() && leaf_hash(text) == sealed {
            return Ok((self.rebuilt()?.into(), sealed));
        }
        Ok((text.into(), sealed))
    }

    /// Whether the text says what the columns say. Read without making anything of it: logs are long.
    fn is_told_by_text(&self) -> bool {
        serde_json::from_str::<Told<'_>>(&self.canonical).is_ok_and(|told| {
            told.seq == self.seq
                && told.at == self.time()
                && told.actor.id == self.actor
                && told.actor.name == self.actor_name
                && told.action == self.action
                && told.outcome == self.outcome
                && told.subject.kind == self.subject_kind
                && told.subject.id == self.subject_id
                && told.sentence == self.sentence
                && told.model == self.model.as_deref().map(Cow::Borrowed)
                && told.release == self.release
        })
    }

    fn time(&self) -> String {
        audit::written(self.at)
    }

    /// The text as the columns would have it.
    fn rebuilt(&self) -> Result<Vec<u8>, Failure> {
        let mut whole: Value = serde_json::from_str(&self.canonical)?;
        whole["seq"] = json!(self.seq);
        whole["at"] = json!(self.time());
        whole["actor"] = json!({ "id": self.actor, "name": self.actor_name });
        whole["action"] = json!(self.action);
        whole["outcome"] = json!(self.outcome);
        whole["subject"] = json!({ "kind": self.subject_kind, "id": self.subject_id });
        whole["sentence"] = json!(self.sentence);
        whole["model"] = json!(self.model);
        whole["release"] = json!(self.release);
        Ok(ledger::canonical::to_vec(&whole)?)
    }
}

/// What a text tells; before and after stand nowhere else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told<'a> {
    seq: i64,
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    actor: ToldActor<'a>,
    #[serde(borrow)]
    action: Cow<'a, str>,
    #[serde(borrow)]
    outcome: Cow<'a, str>,
    #[serde(borrow)]
    subject: ToldSubject<'a>,
    #[serde(borrow)]
    sentence: Cow<'a, str>,
    model: Option<Cow<'a, str>>,
    release: Option<i64>,
    #[serde(rename = "before")]
    _before: IgnoredAny,
    #[serde(rename = "after")]
    _after: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldActor<'a> {
    id: Option<uuid::Uuid>,
    #[serde(borrow)]
    name: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToldSubject<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
}
