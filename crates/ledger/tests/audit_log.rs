//! Logs tampered with in every way we can think of, and what the verifier says of each.

use ledger::audit::{Record, Stored, Tampered, Verified, What, verify_log};
use ledger::checkpoint::Checkpoint;
use ledger::merkle::{Frontier, leaf_hash};
use ledger::note;
use ledger::rotation::{Keys, rotate};
use ledger::{Digest, SigningKey};
use proptest::prelude::*;

type Checked = Result<(), Box<dyn std::error::Error>>;

const ORIGIN: &str = "countersign.example/log";

/// A log of so many entries with checkpoints at these sizes.
struct Log {
    key: SigningKey,
    records: Vec<Record>,
    checkpoints: Vec<Stored>,
}

impl Log {
    fn new(entries: u64, sizes: &[u64]) -> Result<Self, Box<dyn std::error::Error>> {
        let key = SigningKey::from_seed(ORIGIN, &[1; 32])?;
        let records: Vec<_> = (0..entries).map(record).collect();
        let mut checkpoints = Vec::new();
        for size in sizes {
            let mut frontier = Frontier::default();
            frontier.extend(
                records
                    .iter()
                    .map(|record| record.stored)
                    .take(usize::try_from(*size)?),
            );
            let note = Checkpoint::new(ORIGIN, *size, frontier.root())?.sign(&key);
            checkpoints.push(Stored { size: *size, note });
        }
        Ok(Self {
            key,
            records,
            checkpoints,
        })
    }

    fn verify(self) -> Result<Verified, Tampered> {
        let keys = Keys::new(ORIGIN, self.key.verifying_key().clone());
        verify_log(self.records, self.checkpoints, &keys)
    }
}

fn record(index: u64) -> Record {
    let canonical = format!(r#"{{"action":"approved","seq":{index}}}"#).into_bytes();
    Record {
        index,
        stored: leaf_hash(&canonical),
        canonical,
    }
}

#[test]
fn an_honest_log_is_verified_up_to_its_last_checkpoint() -> Checked {
    let log = Log::new(20, &[17, 0, 5, 17])?;
    let root = ledger::merkle::root(&log.records[..17].iter().map(|r| r.stored).collect::<Vec<_>>());
    assert_eq!(
        log.verify(),
        Ok(Verified {
            entries: 20,
            size: 17,
            root,
            checkpoints: 4
        })
    );
    Ok(())
}

#[test]
fn an_empty_log_is_verified_to_nothing() -> Checked {
    let root = ledger::merkle::empty_root();
    assert_eq!(
        Log::new(0, &[])?.verify(),
        Ok(Verified {
            entries: 0,
            size: 0,
            root,
            checkpoints: 0
        })
    );
    Ok(())
}

#[test]
fn the_first_changed_entry_is_named() -> Checked {
    let mut log = Log::new(20, &[5, 17])?;
    for index in [12, 9, 15] {
        log.records[index].canonical.push(b' ');
    }
    let recomputed = leaf_hash(&log.records[9].canonical);
    let what = What::LeafMismatch {
        stored: log.records[9].stored,
        recomputed,
    };
    let verdict = log.verify();
    assert_eq!(verdict, Err(Tampered { index: 9, what }));
    assert!(
        verdict
            .err()
            .is_some_and(|tampered| tampered.to_string().starts_with("entry 9: its content"))
    );
    Ok(())
}

#[test]
fn an_entry_changed_with_its_hash_is_narrowed_down_to_the_smallest_interval() -> Checked {
    let mut log = Log::new(20, &[5, 8, 17, 20])?;
    log.records[9].canonical.push(b' ');
    log.records[9].stored = leaf_hash(&log.records[9].canonical);
    let tampered = log.verify().err().ok_or("accepted")?;
    assert_eq!(tampered.index, 8);
    assert!(
        matches!(tampered.what, What::RootMismatch { from: 8, to: 17, .. }),
        "{tampered}"
    );
    Ok(())
}

#[test]
fn missing_entries_are_named() -> Checked {
    let mut log = Log::new(20, &[17])?;
    log.records.remove(3);
    assert_eq!(
        log.verify(),
        Err(Tampered {
            index: 3,
            what: What::Missing { next: 4 }
        })
    );

    let mut log = Log::new(20, &[5, 17])?;
    log.records.truncate(12);
    assert_eq!(
        log.verify(),
        Err(Tampered {
            index: 12,
            what: What::Truncated { checkpoint: 17 }
        })
    );
    Ok(())
}

#[test]
fn repeated_and_swapped_entries_are_named() -> Checked {
    let mut log = Log::new(20, &[17])?;
    log.records.insert(4, record(3));
    assert_eq!(
        log.verify(),
        Err(Tampered {
            index: 3,
            what: What::OutOfOrder { expected: 4 }
        })
    );

    let mut log = Log::new(20, &[17])?;
    log.records.swap(6, 7);
    assert_eq!(
        log.verify(),
        Err(Tampered {
            index: 6,
            what: What::Missing { next: 7 }
        })
    );
    Ok(())
}

#[test]
fn an_entry_slipped_in_and_renumbered_shows_at_the_next_checkpoint() -> Checked {
    let mut log = Log::new(20, &[5, 17])?;
    log.records.insert(
        6,
        Record {
            index: 6,
            canonical: b"{}".to_vec(),
            stored: leaf_hash(b"{}"),
        },
    );
    for (record, index) in log.records.iter_mut().zip(0..) {
        record.index = index;
    }
    let tampered = log.verify().err().ok_or("accepted")?;
    assert!(
        matches!(tampered.what, What::RootMismatch { from: 5, to: 17, .. }),
        "{tampered}"
    );
    Ok(())
}

#[test]
fn checkpoints_by_another_key_or_changed_are_bad_signatures() -> Checked {
    let mut log = Log::new(20, &[5, 17])?;
    log.checkpoints[1].note = log.checkpoints[1].note.replace("\n17\n", "\n18\n");
    assert_eq!(
        log.verify(),
        Err(Tampered {
            index: 5,
            what: What::BadSignature { size: 17 }
        })
    );

    let mut log = Log::new(20, &[5, 17])?;
    log.key = SigningKey::from_seed(ORIGIN, &[2; 32])?;
    assert_eq!(
        log.verify(),
        Err(Tampered {
            index: 0,
            what: What::BadSignature { size: 5 }
        })
    );
    Ok(())
}

#[test]
fn a_log_that_changed_its_key_is_verified_with_the_key_of_each_size() -> Checked {
    let mut log = Log::new(20, &[5, 12, 17])?;
    let new = SigningKey::from_seed(ORIGIN, &[2; 32])?;
    for stored in &mut log.checkpoints[1..] {
        stored.note = Checkpoint::parse(note::open(&stored.note, log.key.verifying_key())?)?.sign(&new);
    }
    let old = Keys::new(ORIGIN, log.key.verifying_key().clone());
    let rotated = |size| {
        Ok::<_, Box<dyn std::error::Error>>(old.clone().rotated(&rotate(ORIGIN, size, &log.key, &new)?)?)
    };
    let verdict = |keys: &Keys| verify_log(log.records.clone(), log.checkpoints.clone(), keys);
    assert_eq!(verdict(&rotated(6)?)?.checkpoints, 3);
    assert_eq!(verdict(&rotated(12)?)?.checkpoints, 3);
    let bad = |index, size| {
        Err(Tampered {
            index,
            what: What::BadSignature { size },
        })
    };
    assert_eq!(verdict(&old), bad(5, 12), "the new key is not known");
    assert_eq!(verdict(&rotated(13)?), bad(5, 12), "the new key signed too early");
    assert_eq!(verdict(&rotated(5)?), bad(0, 5), "the old key signed too late");
    Ok(())
}

#[test]
fn checkpoints_that_say_something_else_are_of_no_use() -> Checked {
    let mut log = Log::new(20, &[5, 17])?;
    log.checkpoints[1].size = 16;
    let tampered = log.verify().err().ok_or("accepted")?;
    assert!(
        matches!(tampered.what, What::BadCheckpoint { size: 16, .. }),
        "{tampered}"
    );

    let mut log = Log::new(20, &[])?;
    let elsewhere = Checkpoint::new("elsewhere.example/log", 5, Digest::of(b""))?.sign(&log.key);
    log.checkpoints.push(Stored {
        size: 5,
        note: elsewhere,
    });
    let tampered = log.verify().err().ok_or("accepted")?;
    assert!(
        matches!(tampered.what, What::BadCheckpoint { size: 5, .. }),
        "{tampered}"
    );

    let mut log = Log::new(20, &[5])?;
    log.checkpoints[0].note.clear();
    let tampered = log.verify().err().ok_or("accepted")?;
    assert!(
        matches!(tampered.what, What::BadCheckpoint { size: 5, .. }),
        "{tampered}"
    );
    Ok(())
}

proptest! {
    #[test]
    fn no_change_before_the_last_checkpoint_goes_unseen(
        entries in 1..120u64, sizes in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        place: prop::sample::Index, is_consistent: bool,
    ) {
        let whole = usize::try_from(entries)?;
        let mut sizes: Vec<u64> =
            sizes.iter().map(|size| size.index(whole + 1)).map(|size| size as u64).collect();
        sizes.push(entries);
        let changed = place.index(whole);
        let mut log = Log::new(entries, &sizes).map_err(|reason| TestCaseError::fail(reason.to_string()))?;
        log.records[changed].canonical.push(b' ');
        if is_consistent {
            log.records[changed].stored = leaf_hash(&log.records[changed].canonical);
        }

        let changed = changed as u64;
        let from = sizes.iter().copied().filter(|size| *size <= changed).max().unwrap_or(0);
        let to = sizes.iter().copied().filter(|size| *size > changed).min();
        match log.verify() {
            Err(Tampered { index, what: What::LeafMismatch { .. } }) => {
                prop_assert!(!is_consistent && index == changed);
            }
            Err(Tampered { index, what: What::RootMismatch { from: first, to: last, .. } }) => {
                prop_assert!(is_consistent && index == from && first == from && Some(last) == to);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
