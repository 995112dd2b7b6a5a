//! Verifies a whole log against its signed checkpoints, entry by entry, and names the first thing that is wrong.

use crate::checkpoint;
use crate::digest::Digest;
use crate::merkle::{Frontier, leaf_hash};
use crate::note;
use crate::rotation::Keys;
use serde::Serialize;
use std::fmt;

/// One entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place in the log, counted from 0.
    pub index: u64,
    /// Its canonical JSON, made anew from what is stored.
    pub canonical: Vec<u8>,
    /// The leaf hash that was stored with it.
    pub stored: Digest,
}

/// One checkpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The size under which it is filed.
    pub size: u64,
    /// The signed note.
    pub note: String,
}

/// What has been verified. Entries beyond `size` have agreed with their leaf hashes only: nobody has signed for
/// them yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// How many entries were read.
    pub entries: u64,
    /// How many of them the last checkpoint covers.
    pub size: u64,
    /// The root at that size, signed.
    pub root: Digest,
    /// How many checkpoints agree.
    pub checkpoints: u64,
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tampered {
    /// The entry, counted from 0; where only an interval is known, its first.
    pub index: u64,
    /// What is wrong with it.
    pub what: What,
}

impl std::error::Error for Tampered {}

impl fmt::Display for Tampered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::RootMismatch { .. } | What::BadSignature { .. } | What::BadCheckpoint { .. } => {
                self.what.fmt(f)
            }
            _ => write!(f, "entry {}: {}", self.index, self.what),
        }
    }
}

/// What can be wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// The entry or the hash beside it has been changed.
    #[error("its content has the leaf hash {recomputed}, but {stored} is stored with it")]
    LeafMismatch {
        /// As the log has it.
        stored: Digest,
        /// As the entry has it.
        recomputed: Digest,
    },
    /// Every entry agrees with the hash beside it, but not all with what was signed: one of these was changed
    /// together with its hash, put in, or taken out.
    #[error(
        "among the entries {from} to {to} (the last not included) one is not what was signed at size {to}"
    )]
    RootMismatch {
        /// The size of the last checkpoint that agrees, so the first entry in question.
        from: u64,
        /// The size of the checkpoint that doesn't agree.
        to: u64,
        /// The root it states.
        signed: Digest,
        /// The root of the entries as they are.
        recomputed: Digest,
    },
    /// A checkpoint was changed, or not made by this log's key.
    #[error("the checkpoint of size {size} is not signed by this log's key, or has been changed")]
    BadSignature {
        /// The size under which it is filed.
        size: u64,
    },
    /// A checkpoint can't be read, or is of another log or another size.
    #[error("the checkpoint filed under size {size} is of no use: {reason}")]
    BadCheckpoint {
        /// The size under which it is filed.
        size: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// An entry between others is gone.
    #[error("it is missing: the next one there is is {next}")]
    Missing {
        /// The entry found in its place.
        next: u64,
    },
    /// The last entries are gone.
    #[error("it is missing: the log ends here, but a checkpoint was signed at size {checkpoint}")]
    Truncated {
        /// The size of the first checkpoint beyond the end.
        checkpoint: u64,
    },
    /// An entry came out of order, or twice.
    #[error("it came where entry {expected} was due")]
    OutOfOrder {
        /// The entry that was due.
        expected: u64,
    },
}

/// Verifies entries as they come, with the memory of one frontier and the checkpoints still to be met.
///
/// What it can't see is a log cut back together with its checkpoints, for nothing of that is left: keep the last
/// checkpoint elsewhere too, and hand it in with the others.
#[derive(Debug)]
pub struct Verifier<'a> {
    keys: &'a Keys,
    /// Largest size first, so that the next one due is the last.
    due: Vec<Stored>,
    frontier: Frontier,
    signed: Frontier,
    checkpoints: u64,
}

impl<'a> Verifier<'a> {
    /// Begins with the log's keys and its checkpoints in any order.
    pub fn new(keys: &'a Keys, checkpoints: impl IntoIterator<Item = Stored>) -> Self {
        let mut due: Vec<_> = checkpoints.into_iter().collect();
        due.sort_by_key(|stored| std::cmp::Reverse(stored.size));
        Self {
            keys,
            due,
            frontier: Frontier::default(),
            signed: Frontier::default(),
            checkpoints: 0,
        }
    }

    /// Takes the next entry: its place, its canonical JSON, and the leaf hash stored with it.
    pub fn entry(&mut self, index: u64, canonical: &[u8], stored: Digest) -> Result<(), Tampered> {
        self.entry_telling(index, canonical, stored, |_, _| ())
    }

    /// Takes the next entry, and tells of each full subtree that it completes as [`Frontier::append_telling`] does.
    pub fn entry_telling(
        &mut self,
        index: u64,
        canonical: &[u8],
        stored: Digest,
        completed: impl FnMut(u32, Digest),
    ) -> Result<(), Tampered> {
        self.meet_checkpoints()?;
        let expected = self.frontier.size();
        let recomputed = leaf_hash(canonical);
        if index > expected {
            Err(Tampered {
                index: expected,
                what: What::Missing { next: index },
            })
        } else if index < expected {
            Err(Tampered {
                index,
                what: What::OutOfOrder { expected },
            })
        } else if stored != recomputed {
            Err(Tampered {
                index,
                what: What::LeafMismatch { stored, recomputed },
            })
        } else {
            self.frontier.append_telling(recomputed, completed);
            Ok(())
        }
    }

    /// Ends the log: says what has been verified, or that entries are missing from its end.
    pub fn finish(mut self) -> Result<Verified, Tampered> {
        self.meet_checkpoints()?;
        let entries = self.frontier.size();
        match self.due.last() {
            Some(beyond) => Err(Tampered {
                index: entries,
                what: What::Truncated {
                    checkpoint: beyond.size,
                },
            }),
            None => Ok(Verified {
                entries,
                size: self.signed.size(),
                root: self.signed.root(),
                checkpoints: self.checkpoints,
            }),
        }
    }

    /// Compares the root so far with every checkpoint of this size.
    fn meet_checkpoints(&mut self) -> Result<(), Tampered> {
        let size = self.frontier.size();
        while let Some(stored) = self.due.pop_if(|stored| stored.size == size) {
            let from = self.signed.size();
            let signed = self
                .signed_root(&stored)
                .map_err(|what| Tampered { index: from, what })?;
            let recomputed = self.frontier.root();
            if signed != recomputed {
                let what = What::RootMismatch {
                    from,
                    to: size,
                    signed,
                    recomputed,
                };
                return Err(Tampered { index: from, what });
            }
            self.signed = self.frontier.clone();
            self.checkpoints += 1;
        }
        Ok(())
    }

    fn signed_root(&self, stored: &Stored) -> Result<Digest, What> {
        let size = stored.size;
        let checkpoint = self.keys.verify(&stored.note).map_err(|reason| match reason {
            checkpoint::Invalid::Note(note::Invalid::BadSignature(_) | note::Invalid::NotSignedBy(_)) => {
                What::BadSignature { size }
            }
            other => What::BadCheckpoint {
                size,
                reason: other.to_string(),
            },
        })?;
        if checkpoint.size() == size {
            Ok(checkpoint.root())
        } else {
            Err(What::BadCheckpoint {
                size,
                reason: format!("it states the size {}", checkpoint.size()),
            })
        }
    }
}

/// Verifies a log that is at hand as a whole; for one that arrives in pieces there is [`Verifier`].
pub fn verify_log(
    records: impl IntoIterator<Item = Record>,
    checkpoints: impl IntoIterator<Item = Stored>,
    keys: &Keys,
) -> Result<Verified, Tampered> {
    let mut verifier = Verifier::new(keys, checkpoints);
    for record in records {
        verifier.entry(record.index, &record.canonical, record.stored)?;
    }
    verifier.finish()
}
