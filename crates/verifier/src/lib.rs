//! The verifier of `ledger` for a worker of the browser: what is checked never leaves the reader's machine, and the page
//! stays awake while a large bundle is read.
mod file;

use file::Chosen;
use ledger::{
    VerifyingKey,
    archive::Limits,
    attestation::Logged,
    bundle::{Broken, Told, Trust, stated_keys, verify},
    cosignature::Quorum,
    rotation::Keys,
};
use serde::Serialize;
use std::io::{BufReader, Read, Seek};
use wasm_bindgen::prelude::wasm_bindgen;

/// How much of a file is asked for at a time.
const PIECE: usize = 256 * 1024;

/// What came of a check, as the page shows it.
#[derive(Debug, Serialize)]
pub struct Answer {
    tone: Tone,
    sentence: String,
    facts: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Tone {
    /// Everything is as it should be.
    Ok,
    /// Something is not.
    Danger,
    /// Nothing could be checked: the key is none.
    Warn,
    /// Nothing is checked yet.
    Info,
}

impl Answer {
    fn new(tone: Tone, sentence: impl Into<String>, facts: Vec<(String, String)>) -> Self {
        Self {
            tone,
            sentence: sentence.into(),
            facts,
        }
    }
}

/// Checks a bundle that the reader has chosen, with the key they trust; answers with an [`Answer`] as JSON.
#[wasm_bindgen]
pub fn check_bundle(file: web_sys::Blob, key: &str) -> String {
    written(&bundle(
        || BufReader::with_capacity(PIECE, Chosen::new(file.clone())),
        key,
    ))
}

/// Checks that an entry is in a log, by its proof, with the key that the reader trusts; answers like [`check_bundle`].
#[wasm_bindgen]
pub fn check_entry(logged: &str, key: &str) -> String {
    written(&entry(logged, key))
}

fn written(answer: &Answer) -> String {
    serde_json::to_string(answer).unwrap_or_default()
}

fn bundle<R: Read + Seek>(open: impl Fn() -> R, key: &str) -> Answer {
    if key.trim().is_empty() {
        return match stated_keys(open(), Limits::default()) {
            Ok(stated) => Answer::new(
                Tone::Info,
                "Nothing is checked yet: name the key that you trust",
                vec![(
                    "The bundle says that its log's first key is".into(),
                    stated.first.to_string(),
                )],
            ),
            Err(broken) => named(&broken),
        };
    }
    let key = match read(key) {
        Ok(key) => key,
        Err(wrong) => return wrong,
    };
    let trust = Trust {
        key: &key,
        quorum: &Quorum::default(),
        kept: &[],
        limits: Limits::default(),
    };
    match verify(open(), &trust) {
        Ok(whole) => good(whole.told()),
        Err(broken) => named(&broken),
    }
}

fn entry(logged: &str, key: &str) -> Answer {
    let key = match read(key) {
        Ok(key) => key,
        Err(wrong) => return wrong,
    };
    let keys = Keys::new(key.name(), key.clone());
    let checked = serde_json::from_str::<Logged>(logged)
        .map_err(|reason| reason.to_string())
        .and_then(|logged| match logged.verify(&keys) {
            Ok(checkpoint) => Ok((logged, checkpoint)),
            Err(reason) => Err(reason.to_string()),
        });
    match checked {
        Ok((logged, checkpoint)) => Answer::new(
            Tone::Ok,
            format!("It is in the log that was signed, as leaf {}", logged.index),
            vec![
                (
                    "Hashes that lead to the root".into(),
                    logged.proof.len().to_string(),
                ),
                ("Entries in the log".into(), checkpoint.size().to_string()),
                ("Root".into(), checkpoint.root().to_string()),
                ("Signed with".into(), key.to_string()),
            ],
        ),
        Err(reason) => Answer::new(
            Tone::Danger,
            "The entry is not the one in the log",
            vec![("What is wrong".into(), reason)],
        ),
    }
}

fn good(Told { sentence, facts }: Told) -> Answer {
    Answer::new(Tone::Ok, sentence, facts)
}

fn read(key: &str) -> Result<VerifyingKey, Answer> {
    let none = |reason: ledger::key::Invalid| {
        Answer::new(Tone::Warn, format!("This is no key: {reason}"), Vec::new())
    };
    key.trim().parse().map_err(none)
}

fn named(broken: &Broken) -> Answer {
    let facts = vec![
        (
            "The first record that is not what it should be".into(),
            broken.record.clone(),
        ),
        ("What is wrong with it".into(), broken.what.to_string()),
    ];
    Answer::new(Tone::Danger, "The bundle does not hold", facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn what_is_no_bundle_is_said_to_be_none() {
        let answer = written(&bundle(|| Cursor::new(b"not a zip"), "a+00000000+xx"));
        assert!(answer.contains("This is no key"), "{answer}");
        let answer = written(&bundle(|| Cursor::new(b"not a zip"), ""));
        assert!(
            answer.contains("does not hold") && answer.contains("the file"),
            "{answer}"
        );
    }
}
