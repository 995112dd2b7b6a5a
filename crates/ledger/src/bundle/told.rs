//! What has been verified, in words: the same on the command line and in the browser.

use super::{Decided, Scope, Verified};
use serde::{Deserialize, Serialize};

/// What came of it: a sentence, and what it rests on by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// "The bundle is whole: Release 7: credit-risk 14 for production".
    pub sentence: String,
    /// What was checked, as names and values.
    pub facts: Vec<(String, String)>,
}

impl Verified {
    /// What was checked, and what a bundle of this kind can't show.
    pub fn told(&self) -> Told {
        let contents = &self.contents;
        let mut facts = vec![(
            "Made".to_owned(),
            format!(
                "{}, for {}, by {}",
                contents.made_at, contents.made_for, contents.made_by
            ),
        )];
        for release in &self.releases {
            facts.push((format!("Release {}", release.dossier.release), about(release)));
            facts.extend(release.signatures.iter().map(|signature| {
                let voided = match &signature.voided_at {
                    Some(at) => format!(" (voided {at})"),
                    None => String::new(),
                };
                let words = format!("{}, {}{voided}", signature.at, signature.meaning);
                (format!("Signed by {}", signature.person), words)
            }));
        }
        let chosen = match contents.scope {
            Scope::Range { .. } => "all of its stretch, without a gap",
            Scope::Release { .. } | Scope::Model { .. } => "those that the portal chose",
        };
        facts.extend([
            (
                "Files".to_owned(),
                format!("{}, each with the digest that was signed", self.files),
            ),
            (
                "Log entries".to_owned(),
                format!(
                    "{} of {}, {chosen}; each proven to be in the log",
                    self.entries, self.size
                ),
            ),
            (
                "Checkpoints".to_owned(),
                format!("{}, each continued by the next", self.checkpoints),
            ),
        ]);
        facts.extend(
            self.cosignatures
                .iter()
                .map(|said| ("Cosigned by".to_owned(), said.witness.clone())),
        );
        let left_out = contents.left_out.iter();
        facts.extend(
            left_out.map(|left| ("Left out".to_owned(), format!("{}: {}", left.digest, left.reason))),
        );
        facts.extend(self.not_compared.iter().map(|size| {
            let words = format!("your checkpoint of size {size}, which the bundle has none of");
            ("Not compared".to_owned(), words)
        }));
        facts.extend([
            ("Log".to_owned(), self.origin.clone()),
            ("Root".to_owned(), self.root.to_string()),
            ("Key".to_owned(), self.key.to_string()),
        ]);
        Told {
            sentence: format!("The bundle is whole: {}", contents.title),
            facts,
        }
    }
}

fn about(release: &Decided) -> String {
    let dossier = &release.dossier;
    let state = if release.is_attested {
        ", approved"
    } else {
        ", no approval that stands"
    };
    format!(
        "{} {} for {}{state}",
        dossier.model, dossier.version, dossier.environment
    )
}
