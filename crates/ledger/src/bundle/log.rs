//! The log's part of a bundle: keys, checkpoints and entries, each with its proof.

use super::verifier::{At, Broken, Bundle, Trust, What, same};
use super::{Scope, path};
use crate::canonical;
use crate::checkpoint::Checkpoint;
use crate::cosignature::Cosignature;
use crate::digest::Digest;
use crate::dsse::Envelope;
use crate::key::VerifyingKey;
use crate::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use crate::rotation::Keys;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

/// The log's name and keys, [`path::KEYS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogKeys {
    /// The log's name, as its checkpoints state it.
    pub origin: String,
    /// Its first key.
    pub first: VerifyingKey,
    /// How each key came after the one before.
    pub rotations: Vec<Handover>,
}

/// A change of the log's key, and the entry that records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handover {
    /// The entry's place, counted from 0. It is in the bundle, and its `after.rotation` is the envelope.
    pub entry: u64,
    /// The statement, signed by both keys ([`crate::rotation`]).
    pub envelope: Envelope,
}

/// A line of [`path::CHECKPOINTS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    /// The checkpoint, as a signed note.
    pub note: String,
    /// The proof that the newest one continues it.
    pub proof: Vec<Digest>,
}

/// A line of [`path::ENTRIES`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The entry. Its canonical JSON is what the log's leaf hash is of.
    pub entry: Value,
    /// Its place, counted from 0.
    pub index: u64,
    /// The proof that it stands there in the log of the newest checkpoint.
    pub proof: Vec<Digest>,
}

/// What of the log has been verified.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) newest: Checkpoint,
    pub(super) cosignatures: Vec<Cosignature>,
    /// The roots at the sizes of all checkpoints.
    pub(super) roots: BTreeMap<u64, Digest>,
    pub(super) entries: u64,
    /// Those entries that were asked for.
    pub(super) wanted: BTreeMap<u64, Value>,
    /// The sizes of checkpoints kept elsewhere that the bundle has none of.
    pub(super) not_compared: Vec<u64>,
}

/// The keys, if the one that is trusted is among them.
pub(super) fn keys<R: Read + Seek>(
    bundle: &mut Bundle<R>,
    trusted: &VerifyingKey,
) -> Result<(Keys, Vec<Handover>), Broken> {
    let stated: LogKeys = bundle.json(path::KEYS)?;
    let mut keys = Keys::new(&stated.origin, stated.first);
    for (number, handover) in (1..).zip(&stated.rotations) {
        keys = keys
            .rotated(&handover.envelope)
            .map_err(|reason| What::from(reason).at(format!("{}, rotation {number}", path::KEYS)))?;
    }
    if keys.contains(trusted) {
        Ok((keys, stated.rotations))
    } else {
        Err(What::UntrustedKey(trusted.to_string()).at(path::KEYS))
    }
}

impl Log {
    /// Checks checkpoints and entries, and keeps the entries at these places.
    pub(super) fn verify<R: Read + Seek>(
        bundle: &mut Bundle<R>,
        keys: &Keys,
        trust: &Trust<'_>,
        scope: &Scope,
        wanted: &BTreeSet<u64>,
    ) -> Result<Self, Broken> {
        let note = bundle.text(path::CHECKPOINT)?;
        let newest = keys.verify(&note).at(path::CHECKPOINT)?;
        let cosignatures = trust.quorum.check(&note).at(path::CHECKPOINT)?;
        let mut log = Self {
            roots: BTreeMap::from([(newest.size(), newest.root())]),
            newest,
            cosignatures,
            entries: 0,
            wanted: BTreeMap::new(),
            not_compared: Vec::new(),
        };
        bundle.lines(path::CHECKPOINTS, |record, earlier| {
            log.earlier(keys, record, &earlier)
        })?;
        log.compare(keys, trust.kept)?;
        log.entries(bundle, scope, wanted)?;
        Ok(log)
    }

    fn earlier(&mut self, keys: &Keys, record: &str, earlier: &Earlier) -> Result<(), Broken> {
        let checkpoint = keys.verify(&earlier.note).at(record)?;
        let (size, root) = (checkpoint.size(), checkpoint.root());
        verify_consistency(size, root, self.newest.size(), self.newest.root(), &earlier.proof)
            .map_err(|reason| What::Inconsistent { size, reason }.at(record))?;
        self.roots.insert(size, root);
        Ok(())
    }

    /// Compares with checkpoints of the same log that the reader has kept.
    fn compare(&mut self, keys: &Keys, kept: &[String]) -> Result<(), Broken> {
        for note in kept {
            let checkpoint = keys.verify(note).at("a checkpoint that you have kept")?;
            let size = checkpoint.size();
            match self.roots.get(&size) {
                Some(root) => {
                    same("root", &checkpoint.root(), root).at(&format!("the checkpoint of size {size}"))?;
                }
                None => self.not_compared.push(size),
            }
        }
        Ok(())
    }

    fn entries<R: Read + Seek>(
        &mut self,
        bundle: &mut Bundle<R>,
        scope: &Scope,
        wanted: &BTreeSet<u64>,
    ) -> Result<(), Broken> {
        let stretch = match scope {
            Scope::Range { from, to } => Some(*from..*to),
            _ => None,
        };
        let mut due = stretch.as_ref().map_or(0, |stretch| stretch.start);
        let mut next = 0;
        bundle.lines(path::ENTRIES, |_, logged: Entry| {
            let record = name(logged.index, &logged.entry);
            if logged.index < next {
                same("place in the log", &next, &logged.index).at(&record)?;
            }
            next = logged.index.saturating_add(1);
            // Beside a stretch only what tells of the log's keys may stand.
            if let Some(stretch) = &stretch
                && (stretch.contains(&logged.index) || !wanted.contains(&logged.index))
            {
                same("place in the log", &due, &logged.index).at(&record)?;
                due = next;
            }
            let leaf = leaf_hash(&canonical::to_vec(&logged.entry).at(&record)?);
            let (size, root) = (self.newest.size(), self.newest.root());
            verify_inclusion(leaf, logged.index, size, &logged.proof, root)
                .map_err(|reason| What::NotLogged { leaf, reason }.at(record))?;
            self.entries += 1;
            if wanted.contains(&logged.index) {
                self.wanted.insert(logged.index, logged.entry);
            }
            Ok(())
        })?;
        match scope {
            Scope::Range { to, .. } if due != *to => Err(What::Missing.at(format!("log entry {due}"))),
            _ => Ok(()),
        }
    }

    /// Checks that each change of the key is recorded, in an entry that the old key signed for.
    pub(super) fn bears_out(&self, keys: &Keys, handovers: &[Handover]) -> Result<(), Broken> {
        for (rotation, handover) in keys.rotations().iter().zip(handovers) {
            let record = format!("log entry {}", handover.entry);
            let entry = self
                .wanted
                .get(&handover.entry)
                .ok_or_else(|| What::Missing.at(&record))?;
            let expected = serde_json::to_value(&handover.envelope).at(path::KEYS)?;
            same("rotation", &expected, &entry["after"]["rotation"]).at(&record)?;
            if handover.entry >= rotation.size {
                let message = format!(
                    "it records a change of key at size {}, which it has to come before",
                    rotation.size
                );
                return Err(What::Contradiction(message).at(record));
            }
        }
        Ok(())
    }
}

/// An entry as people find it again: by its place in the log and its number in the portal.
pub(super) fn name(index: u64, entry: &Value) -> String {
    match entry["seq"].as_u64() {
        Some(seq) => format!("log entry {index} (audit entry {seq})"),
        None => format!("log entry {index}"),
    }
}
