//! A portal's log and one release of it, as the portal would seal them: what tests check, change and hand to others.

use ledger::archive::{Limits, Writer};
use ledger::attestation::{Logged, Release, Signer, attest};
use ledger::bundle::{Contents, Earlier, Entry, Handover, LeftOut, LogKeys, Scope, line, path, seal};
use ledger::canonical;
use ledger::checkpoint::Checkpoint;
use ledger::cosignature::CosigningKey;
use ledger::merkle::{consistency_proof, inclusion_proof, leaf_hash, root};
use ledger::rotation::rotate;
use ledger::{Digest, SigningKey};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub type Failed = Box<dyn std::error::Error>;

pub const LOG: &str = "countersign.example/log";
pub const SIZE: usize = 40;
/// The place of the entry that records the change of key, and the first size that the new key signs.
const ROTATION: (usize, usize) = (18, 20);
const COUNTERSIGNED: usize = 33;

pub fn portal(seed: u8) -> Result<SigningKey, ledger::key::Invalid> {
    SigningKey::from_seed(LOG, &[seed; 32])
}

pub fn witness() -> Result<CosigningKey, ledger::key::Invalid> {
    CosigningKey::from_seed("witness.example/w1", &[9; 32])
}

fn at(index: usize) -> String {
    format!("2026-11-30T14:{index:02}:00.000000Z")
}

fn entry(index: usize, action: &str, person: &str, after: Value) -> Value {
    json!({
        "seq": index + 1, "at": at(index), "action": action, "outcome": "done",
        "actor": { "id": null, "name": person }, "subject": { "kind": "release", "id": "7" },
        "sentence": format!("{person} did {action}"), "model": "credit-risk", "release": 7, "before": null, "after": after,
    })
}

/// What the release stands on, by the name of the file it is in.
fn documents() -> Result<BTreeMap<String, Vec<u8>>, Failed> {
    let predictions = b"label,score\n1,0.9\n0,0.2\n".to_vec();
    let card = b"%PDF-1.7 a model card".to_vec();
    let (of_predictions, of_card) = (Digest::of(&predictions), Digest::of(&card));
    let manifest = canonical::to_vec(
        &json!({ "artifact": { "sha256": Digest::of(b"model") }, "framework": "sklearn" }),
    )?;
    let policy = canonical::to_vec(&json!({ "gates": [{ "fact": "auc", "at_least": 0.8 }], "quorum": 1 }))?;
    let report = canonical::to_vec(&json!({ "auc": 0.871, "rows": 2 }))?;
    let drift = canonical::to_vec(&json!({ "psi": 0.03 }))?;
    let said = canonical::to_vec(
        &json!({ "kind": "model_card", "file": { "name": "card.pdf", "digest": of_card } }),
    )?;
    let statement =
        canonical::to_vec(&json!({ "kind": "statement", "text": "reviewed by counsel", "file": null }))?;
    let dossier = json!({
        "release": 7, "model": "credit-risk", "version": 14, "version_digest": Digest::of(&manifest),
        "environment": "production",
        "policy": { "id": 3, "tier": "high", "number": 2, "digest": Digest::of(&policy) },
        "evaluations": [
            { "id": 21, "file_digest": of_predictions, "report_digest": Digest::of(&report) },
            { "id": 22, "file_digest": Digest::of(b"a large file"), "report_digest": Digest::of(&drift) },
        ],
        "evidence": [
            { "id": 5, "kind": "model_card", "title": "Card", "digest": Digest::of(&said), "expires_on": null },
            { "id": 6, "kind": "statement", "title": "Counsel", "digest": Digest::of(&statement), "expires_on": null },
        ],
    });
    Ok(BTreeMap::from([
        (path::dossier(7), canonical::to_vec(&dossier)?),
        (path::version("credit-risk", 14), manifest),
        (path::policy(3), policy),
        (path::report(21), report),
        (path::report(22), drift),
        (path::evidence(5), said),
        (path::evidence(6), statement),
        (path::file(of_predictions), predictions),
        (path::file(of_card), card),
        (
            path::reviews(7),
            canonical::to_vec(&json!([{ "discipline": "ethics", "answers": { "q1": "yes" } }]))?,
        ),
        (path::findings(7), b"[]".to_vec()),
        (path::COVER.to_owned(), b"<h1>Release 7</h1>".to_vec()),
    ]))
}

/// The files of a bundle before it is sealed, to be changed by tests, and what its manifest says of it.
pub struct Sample {
    pub files: BTreeMap<String, Vec<u8>>,
    pub contents: Contents,
    pub leaves: Vec<Digest>,
    pub entries: Vec<Value>,
}

impl Sample {
    pub fn new() -> Result<Self, Failed> {
        let files = documents()?;
        let dossier = Digest::of(&files[&path::dossier(7)]);
        let rotation = rotate(LOG, ROTATION.1 as u64, &portal(1)?, &portal(2)?)?;
        let signed = |decision: &str, over: Digest| {
            json!({
                "decision": decision, "meaning": "I have read it.", "note": "", "chair": "manager",
                "dossier_digest": over, "signed_at": "2026-11-30T14:00:00Z",
            })
        };
        let mut entries: Vec<_> = (0..SIZE)
            .map(|index| entry(index, "model.seen", "Ada Osei", json!(null)))
            .collect();
        let early = signed("approved", Digest::of(b"an earlier dossier"));
        entries[25] = entry(25, "review.decided", "Ada Osei", json!({ "signature": early }));
        let review = signed("approved", dossier);
        entries[30] = entry(30, "review.decided", "Ada Osei", json!({ "signature": review }));
        let last = signed("countersigned", dossier);
        entries[COUNTERSIGNED] = entry(
            COUNTERSIGNED,
            "release.countersigned",
            "Grace Hopper",
            json!({ "state": "approved", "signature": last }),
        );
        entries[ROTATION.0] = entry(
            ROTATION.0,
            "log.key_changed",
            "The portal",
            json!({ "rotation": rotation }),
        );
        let leaves = entries
            .iter()
            .map(|entry| Ok(leaf_hash(&canonical::to_vec(entry)?)))
            .collect::<Result<Vec<_>, canonical::Error>>()?;
        let contents = Contents {
            title: "Release 7: credit-risk 14 for production".into(),
            scope: Scope::Release { release: 7 },
            made_at: "2026-11-30T15:00:00Z".into(),
            made_for: "Katherine Johnson".into(),
            made_by: "Countersign 0.1.0".into(),
            left_out: vec![LeftOut {
                digest: Digest::of(b"a large file"),
                reason: "larger than 100 MB".into(),
            }],
        };
        let mut sample = Self {
            files,
            contents,
            leaves,
            entries,
        };
        sample.put(
            "log/keys.json",
            &LogKeys {
                origin: LOG.into(),
                first: portal(1)?.verifying_key().clone(),
                rotations: vec![Handover {
                    entry: ROTATION.0 as u64,
                    envelope: rotation,
                }],
            },
        )?;
        sample.log()?;
        sample.signatures()?;
        sample.attestation(dossier)?;
        Ok(sample)
    }

    pub fn put(&mut self, name: &str, value: &impl serde::Serialize) -> Result<(), Failed> {
        self.files.insert(name.to_owned(), canonical::to_vec(value)?);
        Ok(())
    }

    /// The checkpoint of the log at this size, by the key that was valid for it.
    pub fn checkpoint(&self, size: usize) -> Result<String, Failed> {
        let checkpoint = Checkpoint::new(LOG, size as u64, root(&self.leaves[..size]))?;
        Ok(checkpoint.sign(&portal(if size < ROTATION.1 { 1 } else { 2 })?))
    }

    fn log(&mut self) -> Result<(), Failed> {
        let newest = Checkpoint::new(LOG, SIZE as u64, root(&self.leaves))?;
        let note = self.checkpoint(SIZE)? + &witness()?.cosign(&newest, 1_796_000_000);
        self.files.insert(path::CHECKPOINT.into(), note.into());
        let mut earlier = Vec::new();
        for size in [12, 31, 34] {
            let proof = consistency_proof(&self.leaves, size)?;
            earlier.extend(line(&Earlier {
                note: self.checkpoint(size)?,
                proof,
            })?);
        }
        self.files.insert(path::CHECKPOINTS.into(), earlier);
        self.range(&[4, 18, 25, 26, 30, 33, 39])
    }

    /// The entries at these places, with their proofs.
    pub fn range(&mut self, places: &[usize]) -> Result<(), Failed> {
        let mut lines = Vec::new();
        for index in places {
            let proof = inclusion_proof(&self.leaves, *index)?;
            let entry = self.entries[*index].clone();
            lines.extend(line(&Entry {
                entry,
                index: *index as u64,
                proof,
            })?);
        }
        self.files.insert(path::ENTRIES.into(), lines);
        Ok(())
    }

    fn signatures(&mut self) -> Result<(), Failed> {
        let signature = |index: usize, voided_at: Option<&str>| {
            let (entry, signed) = (&self.entries[index], &self.entries[index]["after"]["signature"]);
            json!({
                "person": entry["actor"]["name"], "chair": signed["chair"], "decision": signed["decision"],
                "meaning": signed["meaning"], "note": signed["note"], "dossier_digest": signed["dossier_digest"],
                "at": entry["at"], "voided_at": voided_at, "entry": index,
            })
        };
        let all = [
            signature(25, Some("2026-11-30T14:26:00.000000Z")),
            signature(30, None),
            signature(COUNTERSIGNED, None),
        ];
        self.put(&path::signatures(7), &all)
    }

    pub fn attestation(&mut self, dossier_digest: Digest) -> Result<(), Failed> {
        let size = 34;
        let signer = |name: &str, index: usize| Signer {
            name: name.into(),
            chair: "manager".into(),
            meaning: "I have read it.".into(),
            signed_at: at(index),
        };
        let release = Release {
            release: 7,
            model: "credit-risk".into(),
            version: 14,
            environment: "production".into(),
            policy_digest: Digest::of(&self.files[&path::policy(3)]),
            dossier_digest,
            signers: vec![signer("Ada Osei", 30), signer("Grace Hopper", COUNTERSIGNED)],
            approved_until: "2027-11-30T14:33:00Z".into(),
            issuer: "countersign.example".into(),
            log: Logged {
                index: COUNTERSIGNED as u64,
                entry: self.entries[COUNTERSIGNED].clone(),
                proof: inclusion_proof(&self.leaves[..size], COUNTERSIGNED)?,
                checkpoint: self.checkpoint(size)?,
            },
        };
        let version_digest = Digest::of(&self.files[&path::version("credit-risk", 14)]);
        let envelope = attest(version_digest, release, &portal(2)?)?;
        self.put(&path::attestation(7), &envelope)
    }

    /// The bundle as the portal would sign it, whatever is in it.
    pub fn sealed(&self) -> Result<Vec<u8>, Failed> {
        let mut archive = Writer::new(Vec::new(), Limits::default());
        for (name, content) in &self.files {
            archive.add(name, content)?;
        }
        Ok(seal(archive, self.contents.clone(), &portal(2)?)?)
    }
}
