//! What a witness does when a log asks for a cosignature: it signs what continues all that it saw before, and says
//! exactly why it signs nothing else (C2SP tlog-witness, `add-checkpoint`).

mod request;

pub use request::{Malformed, Request};

use crate::checkpoint::{self, Checkpoint};
use crate::cosignature::CosigningKey;
use crate::digest::Digest;
use crate::merkle::{self, empty_root, verify_consistency};
use crate::note::{self, Note};
use crate::rotation::Keys;

/// What a witness has on record of one log: the last checkpoint that it cosigned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its size.
    pub size: u64,
    /// Its root.
    pub root: Digest,
}

impl Default for Seen {
    /// Nothing yet.
    fn default() -> Self {
        Self {
            size: 0,
            root: empty_root(),
        }
    }
}

/// Why a witness does not cosign. Each has its HTTP status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Not a request, or no checkpoint in it.
    #[error("this is no request for a cosignature: {0}")]
    Malformed(String),
    /// Another log's.
    #[error("this witness has not been told of the log {0:?}")]
    UnknownLog(String),
    /// Not signed by the log, or changed since.
    #[error("the checkpoint does not hold: {0}")]
    NotSigned(note::Invalid),
    /// The old size is beyond the new one.
    #[error("a log of {old} entries can't be the beginning of one of {new}")]
    Shrinks {
        /// The size stated as the earlier.
        old: u64,
        /// The size of the checkpoint.
        new: u64,
    },
    /// The witness saw another size last; the log has to begin its proof there.
    #[error("the last checkpoint cosigned for this log has the size {latest}")]
    Stale {
        /// The size on record.
        latest: u64,
    },
    /// Two roots for one size: the log shows different histories.
    #[error("at size {size} this witness has seen the root {seen}, and the checkpoint states {stated}")]
    Fork {
        /// The size.
        size: u64,
        /// The root on record.
        seen: Digest,
        /// The root of the checkpoint.
        stated: Digest,
    },
    /// The proof doesn't show that the new tree continues the old.
    #[error("the new checkpoint is not shown to continue the old one: {0}")]
    Inconsistent(merkle::Invalid),
}

impl Refusal {
    /// The HTTP status that tlog-witness gives it.
    pub fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) | Self::Shrinks { .. } => 400,
            Self::NotSigned(_) => 403,
            Self::UnknownLog(_) => 404,
            Self::Stale { .. } | Self::Fork { .. } => 409,
            Self::Inconsistent(_) => 422,
        }
    }

    /// The body of the response and its content type: the size on record where that is what is missing.
    pub fn body(&self) -> (&'static str, String) {
        match self {
            Self::Stale { latest } => ("text/x.tlog.size", format!("{latest}\n")),
            other => ("text/plain; charset=utf-8", format!("{other}\n")),
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(reason: Malformed) -> Self {
        Self::Malformed(reason.to_string())
    }
}

/// The cosignature line, and what to have on record from now on. The time is the witness's, in Unix seconds.
///
/// The caller must keep the new record before it answers, and must let nobody in between reading the old one and
/// keeping the new: else two requests at once could take the witness back.
pub fn answer(
    request: &Request,
    seen: Seen,
    log: &Keys,
    key: &CosigningKey,
    time: u64,
) -> Result<(Seen, String), Refusal> {
    let checkpoint = signed(&request.note, log)?;
    let (old, new, root) = (request.old, checkpoint.size(), checkpoint.root());
    if old > new {
        return Err(Refusal::Shrinks { old, new });
    }
    if old != seen.size {
        return Err(Refusal::Stale { latest: seen.size });
    }
    if old == new && root != seen.root {
        return Err(Refusal::Fork {
            size: new,
            seen: seen.root,
            stated: root,
        });
    }
    verify_consistency(old, seen.root, new, root, &request.proof).map_err(Refusal::Inconsistent)?;
    Ok((Seen { size: new, root }, key.cosign(&checkpoint, time)))
}

fn signed(note: &str, log: &Keys) -> Result<Checkpoint, Refusal> {
    let stated = stated(note)?;
    if stated.origin() != log.origin() {
        return Err(Refusal::UnknownLog(stated.origin().to_owned()));
    }
    log.verify(note).map_err(|reason| match reason {
        checkpoint::Invalid::Note(reason) => Refusal::NotSigned(reason),
        other => Refusal::Malformed(other.to_string()),
    })
}

/// The checkpoint in a note whose signatures are not checked.
fn stated(note: &str) -> Result<Checkpoint, Refusal> {
    let note = Note::read(note).map_err(|reason| Refusal::Malformed(reason.to_string()))?;
    Checkpoint::parse(note.text).map_err(|reason| Refusal::Malformed(reason.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{Refusal, Request, Seen, answer};
    use crate::checkpoint::Checkpoint;
    use crate::cosignature::{CosigningKey, Quorum};
    use crate::merkle::{consistency_proof, leaf_hash, root};
    use crate::rotation::Keys;
    use crate::{Digest, SigningKey};
    use proptest::prelude::*;

    type Checked = Result<(), Box<dyn std::error::Error>>;
    type Failed = Box<dyn std::error::Error>;

    const LOG: &str = "example.com/log";

    fn leaves(size: usize) -> Vec<Digest> {
        (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect()
    }

    fn log() -> Result<SigningKey, crate::key::Invalid> {
        SigningKey::from_seed(LOG, &[1; 32])
    }

    fn checkpoint(leaves: &[Digest]) -> Result<Checkpoint, Failed> {
        Ok(Checkpoint::new(LOG, leaves.len() as u64, root(leaves))?)
    }

    fn request(old: usize, leaves: &[Digest]) -> Result<Request, Failed> {
        Ok(Request {
            old: old as u64,
            proof: consistency_proof(leaves, old.min(leaves.len()))?,
            note: checkpoint(leaves)?.sign(&log()?),
        })
    }

    fn seen(size: usize) -> Seen {
        Seen {
            size: size as u64,
            root: root(&leaves(size)),
        }
    }

    fn ask(request: &Request, seen: Seen) -> Result<Result<(Seen, String), Refusal>, Failed> {
        let witness = CosigningKey::from_seed("witness.example", &[2; 32])?;
        let keys = Keys::new(LOG, log()?.verifying_key().clone());
        Ok(answer(request, seen, &keys, &witness, 1_679_315_147))
    }

    #[test]
    fn a_log_that_only_grows_is_cosigned_each_time() -> Checked {
        let witness = CosigningKey::from_seed("witness.example", &[2; 32])?;
        let quorum = Quorum::new(1, vec![witness.witness_key().clone()])?;
        let mut record = Seen::default();
        for size in [1, 1, 5, 8, 300] {
            let grown = leaves(size);
            let request = request(usize::try_from(record.size)?, &grown)?;
            let (next, line) = ask(&request, record)??;
            assert_eq!(next, seen(size));
            let note = quorum.accept(&request.note, &line)?;
            assert_eq!(quorum.check(&note)?[0].time, 1_679_315_147);
            record = next;
        }
        Ok(())
    }

    #[test]
    fn every_refusal_has_its_name_and_status() -> Checked {
        let refused = |request: &Request, seen| Ok::<_, Failed>(ask(request, seen)?.err().ok_or("cosigned")?);
        let grown = leaves(8);
        let good = request(5, &grown)?;

        let stale = refused(&good, seen(6))?;
        assert_eq!(stale, Refusal::Stale { latest: 6 });
        assert_eq!(
            (stale.status(), stale.body()),
            (409, ("text/x.tlog.size", "6\n".to_owned()))
        );

        let shrunk = refused(
            &Request {
                old: 9,
                ..good.clone()
            },
            seen(9),
        )?;
        assert_eq!(
            (shrunk.status(), shrunk),
            (400, Refusal::Shrinks { old: 9, new: 8 })
        );

        let mut forged = leaves(8);
        forged[2] = leaf_hash(b"forged");
        let fork = refused(&request(8, &forged)?, seen(8))?;
        assert!(matches!(fork, Refusal::Fork { size: 8, .. }) && fork.status() == 409);

        let inconsistent = refused(&request(5, &forged)?, seen(5))?;
        assert!(matches!(inconsistent, Refusal::Inconsistent(_)) && inconsistent.status() == 422);

        let superfluous = Request {
            old: 8,
            ..good.clone()
        };
        assert_eq!(refused(&superfluous, seen(8))?.status(), 422);

        let stranger = SigningKey::from_seed(LOG, &[7; 32])?;
        let unsigned = Request {
            note: checkpoint(&grown)?.sign(&stranger),
            ..good.clone()
        };
        assert!(matches!(refused(&unsigned, seen(5))?, Refusal::NotSigned(_)));
        assert_eq!(refused(&unsigned, seen(5))?.status(), 403);

        let elsewhere = Checkpoint::new("elsewhere.example", 8, root(&grown))?.sign(&stranger);
        let unknown = refused(
            &Request {
                note: elsewhere,
                ..good.clone()
            },
            seen(5),
        )?;
        assert_eq!(
            (unknown.status(), unknown),
            (404, Refusal::UnknownLog("elsewhere.example".to_owned()))
        );

        let nothing = refused(
            &Request {
                note: String::new(),
                ..good
            },
            seen(5),
        )?;
        assert!(matches!(nothing, Refusal::Malformed(_)) && nothing.status() == 400);
        Ok(())
    }

    proptest! {
        /// Whatever a log tries, what it got cosigned is one history. Half of the time it knows what the witness saw.
        #[test]
        fn no_sequence_of_requests_gets_two_histories_cosigned(
            tries in prop::collection::vec(
                (any::<Option<prop::sample::Index>>(), 0..40usize, any::<Option<prop::sample::Index>>()), 1..30,
            ),
        ) {
            let failed = |reason: Failed| TestCaseError::fail(reason.to_string());
            let mut record = Seen::default();
            let mut history: Vec<Digest> = Vec::new();
            for (old, size, change) in tries {
                let mut shown = leaves(size);
                if let (Some(change), true) = (change, size > 0) {
                    shown[change.index(size)] = leaf_hash(b"forged");
                }
                let old = old.map_or(history.len(), |old| old.index(40));
                if let Ok((next, _)) = ask(&request(old, &shown).map_err(failed)?, record).map_err(failed)? {
                    prop_assert!(shown.starts_with(&history));
                    (record, history) = (next, shown);
                }
            }
        }
    }
}
