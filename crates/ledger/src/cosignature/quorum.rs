//! How many of which witnesses have to have cosigned a checkpoint before it is relied on.

use super::{Cosignature, WitnessKey};
use crate::note::{self, Note};

/// The witnesses that somebody trusts, and how many of them have to have cosigned a checkpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quorum {
    witnesses: Vec<WitnessKey>,
    needed: usize,
}

/// Why no checkpoint could ever satisfy a quorum, or one witness could satisfy it alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    /// More than there are.
    #[error("{needed} cosignatures are asked for, and there are {witnesses} witnesses")]
    TooMany {
        /// How many are asked for.
        needed: usize,
        /// How many witnesses there are.
        witnesses: usize,
    },
    /// The same key counted twice.
    #[error("the public key of the witness {0} is there twice")]
    Duplicate(String),
}

/// Why a checkpoint does not have the cosignatures it needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unwitnessed {
    /// Not a note, or one with a signature in a trusted witness's name that isn't that witness's.
    #[error(transparent)]
    Note(#[from] note::Invalid),
    /// Too few.
    #[error("{found} of the trusted witnesses have cosigned the checkpoint, and {needed} have to")]
    TooFew {
        /// How many are asked for.
        needed: usize,
        /// How many there are.
        found: usize,
    },
}

impl Quorum {
    /// Asks for cosignatures by `needed` of these witnesses; none may be asked for.
    pub fn new(needed: usize, witnesses: Vec<WitnessKey>) -> Result<Self, Impossible> {
        let is_repeated = |(place, key): &(usize, &WitnessKey)| {
            witnesses[..*place]
                .iter()
                .any(|other| other.as_bytes() == key.as_bytes())
        };
        if let Some((_, key)) = witnesses.iter().enumerate().find(is_repeated) {
            return Err(Impossible::Duplicate(key.name().to_owned()));
        }
        if needed > witnesses.len() {
            let witnesses = witnesses.len();
            return Err(Impossible::TooMany { needed, witnesses });
        }
        Ok(Self { witnesses, needed })
    }

    /// The witnesses that are trusted.
    pub fn witnesses(&self) -> &[WitnessKey] {
        &self.witnesses
    }

    /// How many of them have to have cosigned.
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// The cosignatures of a checkpoint by the trusted witnesses, if there are enough of them and none is wrong.
    /// Signatures by others are not looked at; the log's own is for [`crate::rotation::Keys::verify`] to check.
    pub fn check(&self, note: &str) -> Result<Vec<Cosignature>, Unwitnessed> {
        let note = Note::read(note)?;
        let mut cosignatures = Vec::new();
        for key in &self.witnesses {
            let Some(signature) = note.signature_by(key.name(), key.id()) else {
                continue;
            };
            let bad = |_| note::Invalid::BadSignature(key.signer());
            let time = key.verify(note.text, signature).map_err(bad)?;
            let witness = key.name().to_owned();
            cosignatures.push(Cosignature { witness, time });
        }
        let (needed, found) = (self.needed, cosignatures.len());
        if found < needed {
            Err(Unwitnessed::TooFew { needed, found })
        } else {
            Ok(cosignatures)
        }
    }

    /// The checkpoint with the cosignatures by trusted witnesses that somebody answered with, which is what a log does
    /// before it publishes them. Lines by others are left out; a wrong one in a trusted witness's name refuses all.
    pub fn accept(&self, note: &str, lines: &str) -> Result<String, note::Invalid> {
        let known = Note::read(note)?;
        let answer = format!("{}\n{lines}", known.text);
        let answer = Note::read(&answer)?;
        if answer.text != known.text {
            return Err(note::Invalid::Form);
        }
        let mut accepted = note.to_owned();
        for key in &self.witnesses {
            let Some(signature) = answer.signature_by(key.name(), key.id()) else {
                continue;
            };
            key.verify(known.text, signature)
                .map_err(|_| note::Invalid::BadSignature(key.signer()))?;
            if known.signature_by(key.name(), key.id()).is_none() {
                accepted.push_str(&note::signature_line(key.name(), key.id(), signature));
            }
        }
        Ok(accepted)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cosignature, CosigningKey, WitnessKey};
    use super::{Impossible, Quorum, Unwitnessed};
    use crate::checkpoint::Checkpoint;
    use crate::{Digest, SigningKey, VerifyingKey, key, note};
    use proptest::prelude::*;

    type Checked = Result<(), Box<dyn std::error::Error>>;

    /// A checkpoint of a public Certificate Transparency log, cosigned by four witnesses of the public witness network.
    const OF_ARCHE: &str = "arche2025h1.staging.ct.transparency.dev\n1432088532\n\
        U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n\
        — arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n\
        — arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n\
        — transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n\
        — witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n\
        — remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n\
        — witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n";
    const KEY_OF_ARCHE: &str =
        "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f";
    const WITNESSES: [&str; 4] = [
        "transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM",
        "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    ];

    fn witnesses() -> Result<Vec<WitnessKey>, key::Invalid> {
        WITNESSES.iter().map(|key| key.parse()).collect()
    }

    fn checkpoint() -> Result<Checkpoint, crate::checkpoint::Malformed> {
        Checkpoint::new("example.com/log", 7, Digest::of(b"seven"))?
            .with_extension("an extension is signed too")
    }

    fn witness(seed: u8) -> Result<CosigningKey, key::Invalid> {
        CosigningKey::from_seed(&format!("witness.example/w{seed}"), &[seed; 32])
    }

    #[test]
    fn cosignatures_of_the_public_witness_network_hold() -> Checked {
        let log: VerifyingKey = KEY_OF_ARCHE.parse()?;
        let checkpoint = Checkpoint::verify(OF_ARCHE, &log, "arche2025h1.staging.ct.transparency.dev")?;
        assert_eq!(checkpoint.size(), 1_432_088_532);
        let cosignatures = Quorum::new(4, witnesses()?)?.check(OF_ARCHE)?;
        let names: Vec<_> = cosignatures.iter().map(|given| given.witness.as_str()).collect();
        assert_eq!(
            names,
            [
                "transparency.dev/DEV:witness-little-garden",
                "witness1.smartit.nu/witness1",
                "remora.n621.de",
                "witness.stagemole.eu"
            ]
        );
        assert!(cosignatures.iter().all(|given| given.time == 0x6a12_2120));

        let grown = OF_ARCHE.replace("1432088532", "1432088533");
        assert!(matches!(
            Quorum::new(0, witnesses()?)?.check(&grown),
            Err(Unwitnessed::Note(note::Invalid::BadSignature(_)))
        ));
        Ok(())
    }

    #[test]
    fn a_quorum_counts_trusted_witnesses_only() -> Checked {
        let log = SigningKey::from_seed("example.com/log", &[9; 32])?;
        let note = checkpoint()?.sign(&log)
            + &witness(1)?.cosign(&checkpoint()?, 1_000)
            + &witness(2)?.cosign(&checkpoint()?, 1_001);
        let trusted = |seeds: &[u8], needed| {
            let keys = seeds.iter().map(|seed| Ok(witness(*seed)?.witness_key().clone()));
            let keys = keys.collect::<Result<Vec<_>, key::Invalid>>()?;
            Ok::<_, Box<dyn std::error::Error>>(Quorum::new(needed, keys)?.check(&note))
        };
        let given = |seed: u8, time| Cosignature {
            witness: format!("witness.example/w{seed}"),
            time,
        };
        assert_eq!(trusted(&[1, 2], 2)?, Ok(vec![given(1, 1_000), given(2, 1_001)]));
        assert_eq!(trusted(&[2, 3], 1)?, Ok(vec![given(2, 1_001)]));
        assert_eq!(
            trusted(&[2, 3], 2)?,
            Err(Unwitnessed::TooFew { needed: 2, found: 1 })
        );
        assert_eq!(trusted(&[], 0)?, Ok(vec![]));
        Ok(())
    }

    #[test]
    fn a_quorum_that_means_nothing_is_refused() -> Checked {
        let key = witness(1)?.witness_key().clone();
        let same = WitnessKey::new("another.name", key.as_bytes())?;
        assert_eq!(
            Quorum::new(2, vec![key.clone(), same]),
            Err(Impossible::Duplicate("another.name".to_owned()))
        );
        assert_eq!(
            Quorum::new(2, vec![key]),
            Err(Impossible::TooMany {
                needed: 2,
                witnesses: 1
            })
        );
        Ok(())
    }

    #[test]
    fn only_good_lines_by_trusted_witnesses_are_accepted() -> Checked {
        let (log, checkpoint) = (SigningKey::from_seed("example.com/log", &[9; 32])?, checkpoint()?);
        let note = checkpoint.sign(&log);
        let quorum = Quorum::new(1, vec![witness(1)?.witness_key().clone()])?;
        let (good, strange) = (
            witness(1)?.cosign(&checkpoint, 5),
            witness(2)?.cosign(&checkpoint, 5),
        );
        let accepted = quorum.accept(&note, &format!("{strange}{good}"))?;
        assert_eq!(accepted, format!("{note}{good}"));
        assert_eq!(quorum.accept(&accepted, &good)?, accepted, "once is enough");
        assert_eq!(quorum.accept(&note, &strange)?, note);
        let other = Checkpoint::new("example.com/log", 8, Digest::of(b"eight"))?;
        let wrong = quorum.accept(&note, &witness(1)?.cosign(&other, 5));
        assert!(matches!(wrong, Err(note::Invalid::BadSignature(_))));
        for lines in [
            "",
            "no signature\n",
            &format!("more text\n\n{good}"),
            good.trim_end(),
        ] {
            assert!(quorum.accept(&note, lines).is_err(), "{lines:?}");
        }
        Ok(())
    }

    #[test]
    fn a_time_that_is_none_is_refused() -> Checked {
        let (log, checkpoint) = (SigningKey::from_seed("example.com/log", &[9; 32])?, checkpoint()?);
        let quorum = Quorum::new(1, vec![witness(1)?.witness_key().clone()])?;
        for (time, is_good) in [
            (i64::MAX.unsigned_abs(), true),
            (1 << 63, false),
            (u64::MAX, false),
        ] {
            let note = checkpoint.sign(&log) + &witness(1)?.cosign(&checkpoint, time);
            assert_eq!(quorum.check(&note).is_ok(), is_good, "{time}");
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn a_changed_cosignature_never_counts(place: prop::sample::Index, change in 1..=255u8, time in 0..=i64::MAX as u64) {
            let line = witness(1)?.cosign(&checkpoint()?, time);
            let note = checkpoint()?.sign(&SigningKey::from_seed("example.com/log", &[9; 32])?);
            let quorum = Quorum::new(1, vec![witness(1)?.witness_key().clone()])?;
            prop_assert_eq!(quorum.check(&format!("{note}{line}"))?[0].time, time);
            let mut bytes = line.into_bytes();
            let place = place.index(bytes.len());
            bytes[place] = bytes[place].wrapping_add(change);
            if let Ok(changed) = String::from_utf8(bytes) {
                prop_assert!(quorum.check(&format!("{note}{changed}")).is_err(), "{}", changed);
            }
        }
    }
}
