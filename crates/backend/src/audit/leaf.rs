//! An entry as it is hashed, kept short enough for the log's tiles (C2SP tlog-tiles: 65 535 bytes).
use super::Outcome;
use crate::Failure;
use chrono::{DateTime, Utc};
use domain::audit::{By, Entry, Subject};
use ledger::{Digest, canonical, tile::LONGEST_ENTRY};
use serde::Serialize;
use serde_json::{Value, json};

/// How much is kept of a sentence that makes an entry too long, in bytes: even if each of them is written as an escape
/// of six, the whole fits.
const LONGEST_SENTENCE: usize = 8_000;

/// The whole entry; its canonical JSON is the leaf of the Merkle tree.
#[derive(Serialize)]
pub struct Leaf<'a> {
    pub seq: i64,
    at: String,
    pub actor: &'a By,
    pub action: &'a str,
    pub outcome: Outcome,
    pub subject: Subject,
    pub sentence: String,
    pub model: Option<String>,
    pub release: Option<i64>,
    before: Value,
    after: Value,
}

impl<'a> Leaf<'a> {
    pub fn new(seq: i64, at: DateTime<Utc>, actor: &'a By, entry: Entry, outcome: Outcome) -> Self {
        Self {
            seq,
            at: super::written(at),
            actor,
            action: entry.action,
            outcome,
            subject: entry.subject,
            sentence: entry.sentence,
            model: entry.model.map(|model| model.as_str().to_owned()),
            release: entry.release.map(i64::from),
            before: entry.before,
            after: entry.after,
        }
    }

    /// The canonical JSON. A change is never refused for being told at length: what would make the entry too long is
    /// replaced by its digest, the longer of before and after first.
    pub fn fit(&mut self) -> Result<String, Failure> {
        let text = canonical_text(self)?;
        if text.len() <= LONGEST_ENTRY {
            return Ok(text);
        }
        let (before, after) = (canonical_text(&self.before)?, canonical_text(&self.after)?);
        let mut told = [(&mut self.before, before), (&mut self.after, after)];
        told.sort_by_key(|(_, text)| std::cmp::Reverse(text.len()));
        let mut left = text.len();
        for (value, text) in told {
            if left > LONGEST_ENTRY {
                let digest = left_out(&text);
                left = left.saturating_sub(text.len()) + canonical_text(&digest)?.len();
                *value = digest;
            }
        }
        if left > LONGEST_ENTRY {
            self.sentence = cut(&self.sentence);
        }
        canonical_text(self)
    }
}

fn canonical_text(value: &impl Serialize) -> Result<String, Failure> {
    String::from_utf8(canonical::to_vec(value)?).map_err(|error| Failure::Stored(error.to_string()))
}

/// What stands in the place of a value that is too long: enough to tell, of a value kept elsewhere, that it is this one.
fn left_out(text: &str) -> Value {
    json!({
        "left_out": "too long for the log; here is the SHA-256 of its canonical JSON",
        "sha256": Digest::of(text.as_bytes()),
        "bytes": text.len(),
    })
}

fn cut(sentence: &str) -> String {
    let end = sentence.floor_char_boundary(LONGEST_SENTENCE);
    format!(
        "{}… (cut: {} bytes with the SHA-256 {})",
        &sentence[..end],
        sentence.len(),
        Digest::of(sentence.as_bytes())
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit::SubjectKind;

    fn text(sentence: String, before: Value, after: Value) -> (String, Value) {
        let by = By {
            id: None,
            name: "Countersign".into(),
        };
        let entry = Entry::new(
            "portal.noted",
            Subject::new(SubjectKind::Portal, "portal"),
            sentence,
        )
        .before(before)
        .after(after);
        let mut leaf = Leaf::new(7, DateTime::UNIX_EPOCH, &by, entry, Outcome::Done);
        let text = leaf.fit().unwrap();
        let whole = serde_json::from_str(&text).unwrap();
        assert_eq!(
            json!(leaf.sentence),
            Value::clone(&whole)["sentence"],
            "the column says the same"
        );
        (text, whole)
    }

    #[test]
    fn an_entry_of_exactly_the_longest_length_is_left_as_it_is() {
        let (empty, _) = text(String::new(), json!("b"), json!(""));
        let room = LONGEST_ENTRY - empty.len();
        let (fits, _) = text(String::new(), json!("b"), json!("x".repeat(room)));
        assert_eq!(fits.len(), LONGEST_ENTRY);
        let (over, whole) = text(String::new(), json!("b"), json!("x".repeat(room + 1)));
        assert!(over.len() < 1_000);
        assert_eq!(whole["before"], "b", "only what is too long");
        let told = format!("\"{}\"", "x".repeat(room + 1));
        assert_eq!(whole["after"]["sha256"], json!(Digest::of(told.as_bytes())));
        assert_eq!(whole["after"]["bytes"], told.len());
    }

    #[test]
    fn whatever_is_told_fits_a_tile() {
        let long = |length: usize| json!({ "text": "ä".repeat(length) });
        let (_, whole) = text("did it".into(), long(20_000), long(30_000));
        assert!(whole["before"]["text"].is_string() && whole["after"]["left_out"].is_string());
        let (_, whole) = text("did it".into(), long(40_000), long(50_000));
        assert!(whole["before"]["left_out"].is_string() && whole["after"]["left_out"].is_string());
        // The worst that a text can hold: each byte takes six.
        let (worst, whole) = text("\u{1}".repeat(100_000), long(40_000), long(50_000));
        assert!(worst.len() <= LONGEST_ENTRY, "{}", worst.len());
        assert!(
            whole["sentence"]
                .as_str()
                .unwrap()
                .contains("(cut: 100000 bytes with the SHA-256 ")
        );
    }
}
