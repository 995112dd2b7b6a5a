//! The cover of a bundle: what it is of, who signed, and how to check it without us.
use backend::bundle::Gathered;
use chrono::DateTime;
use domain::signature::Chair;
use ledger::bundle::Scope;
use paper::{Column, Paper, Row, Section, Signature, Table};

/// Files that the cover names; the signed list in the bundle names them all.
const NAMED: usize = 400;

pub fn of(gathered: &Gathered) -> Paper {
    let contents = &gathered.contents;
    let sections = [Some(check(gathered)), left_out(gathered), Some(files(gathered))];
    Paper {
        title: contents.title.clone(),
        subtitle: format!("Put together for {} by {}", contents.made_for, contents.made_by),
        kicker: "Sealed bundle".into(),
        verdict: verdict(gathered),
        date: seconds(&contents.made_at),
        sections: sections.into_iter().flatten().collect(),
        signatures: gathered
            .signatures()
            .filter(|signature| signature.voided_at.is_none())
            .map(signature)
            .collect(),
        footer: vec![
            ("Log".into(), gathered.origin.clone()),
            ("Key".into(), gathered.key.clone()),
            ("Size of the log".into(), gathered.size.to_string()),
            ("Root".into(), gathered.root.clone()),
        ],
        ..Paper::default()
    }
}

/// What it shows and what it can't: a cover must not promise more than the verifier checks.
fn verdict(gathered: &Gathered) -> String {
    let whole = match gathered.contents.scope {
        Scope::Range { .. } => "without a gap",
        Scope::Release { .. } | Scope::Model { .. } => "chosen by the portal",
    };
    format!(
        "{} documents and files, and {} of the {} entries of the audit log, {whole}. This cover says what is there; only \
         checking the bundle shows that it is so.",
        gathered.files.len(),
        gathered.entries,
        gathered.size
    )
}

fn check(gathered: &Gathered) -> Section {
    Section {
        heading: "How to check it".into(),
        reading: format!(
            "With the program: countersign verify BUNDLE.zip --key '{}'.\n\
             In a browser: open /verify of any Countersign portal, or one that you run yourself, and drop the file there. It is \
             not sent anywhere.\n\
             Compare the key with one that you were given elsewhere than in this bundle. What a bundle can show and what it \
             can't is said in docs/proofs.md of Countersign, with the way to check it by hand.",
            gathered.key
        ),
        ..Section::default()
    }
}

fn left_out(gathered: &Gathered) -> Option<Section> {
    let left_out = &gathered.contents.left_out;
    let facts = left_out
        .iter()
        .map(|file| (file.reason.clone(), file.digest.to_string()));
    (!left_out.is_empty()).then(|| Section {
        heading: "What was left out".into(),
        facts: facts.collect(),
        ..Section::default()
    })
}

fn files(gathered: &Gathered) -> Section {
    let rows = gathered.files.iter().take(NAMED).map(|(name, digest)| Row {
        cells: vec![name.clone(), digest.clone()],
        muted: false,
    });
    let more = gathered.files.len().saturating_sub(NAMED);
    Section {
        heading: "What is in it".into(),
        table: Some(Table {
            columns: ["File", "SHA-256"].map(|label| Column { label: label.into(), ..Column::default() }).to_vec(),
            rows: rows.collect(),
            caption: match more {
                0 => "Besides these: the log's part under log/, this cover, and manifest.json, the signed list of all.".into(),
                more => format!("And {more} more, the log's part under log/, this cover, and manifest.json, the signed list of all."),
            },
        }),
        ..Section::default()
    }
}

fn signature(signature: &ledger::bundle::Signature) -> Signature {
    let chair = signature.chair.as_str().unwrap_or_default().to_owned();
    Signature {
        name: signature.person.clone(),
        meaning: format!("{}\n{}", signature.meaning, Chair::from(chair).words()),
        at: seconds(&signature.at),
        digest: signature.dossier_digest.to_string(),
    }
}

/// A time of the log in seconds since 1970.
fn seconds(at: &str) -> i64 {
    DateTime::parse_from_rfc3339(at).map_or(0, |at| at.timestamp())
}
