//! A whole bundle, changed in every way: each change is named, and so is each thing that a portal could get wrong.

mod sample;
mod tampering;
mod third_party;

use ledger::archive::Limits;
use ledger::bundle::{Broken, Scope, Trust, Verified, path, stated_keys, verify};
use ledger::checkpoint::Checkpoint;
use ledger::cosignature::Quorum;
use ledger::rotation::rotate;
use ledger::{Digest, VerifyingKey};
use sample::{Failed, LOG, SIZE, Sample, portal, witness};
use serde_json::{Value, json};
use std::io::Cursor;

type Checked = Result<(), Failed>;

fn verify_with(
    bytes: &[u8],
    key: &VerifyingKey,
    kept: &[String],
) -> Result<Result<Verified, Broken>, Failed> {
    let quorum = Quorum::new(1, vec![witness()?.witness_key().clone()])?;
    let trust = Trust {
        key,
        quorum: &quorum,
        kept,
        limits: Limits::default(),
    };
    Ok(verify(Cursor::new(bytes), &trust))
}

fn verified(bytes: &[u8]) -> Result<Result<Verified, Broken>, Failed> {
    verify_with(bytes, portal(1)?.verifying_key(), &[])
}

/// What is said of a bundle that a portal has signed in this state.
fn said_of(change: impl FnOnce(&mut Sample) -> Checked) -> Result<String, Failed> {
    let mut sample = Sample::new()?;
    change(&mut sample)?;
    Ok(verified(&sample.sealed()?)?.err().ok_or("verified")?.to_string())
}

#[test]
fn an_honest_bundle_is_verified_by_any_of_the_logs_keys() -> Checked {
    let bytes = Sample::new()?.sealed()?;
    for seed in [1, 2] {
        let whole = verify_with(&bytes, portal(seed)?.verifying_key(), &[])??;
        assert_eq!(whole.contents.title, "Release 7: credit-risk 14 for production");
        assert_eq!((whole.origin.as_str(), whole.size, whole.entries), (LOG, 40, 7));
        assert_eq!((whole.checkpoints, whole.files), (4, 18));
        assert_eq!(&whole.key, portal(2)?.verifying_key());
        assert_eq!(whole.cosignatures[0].witness, "witness.example/w1");
        let release = &whole.releases[0];
        assert_eq!((release.signatures.len(), release.is_attested), (3, true));
    }
    Ok(())
}

#[test]
fn a_key_that_is_not_the_logs_is_not_enough() -> Checked {
    let bytes = Sample::new()?.sealed()?;
    let broken = verify_with(&bytes, portal(3)?.verifying_key(), &[])?
        .err()
        .ok_or("verified")?;
    assert!(
        broken
            .to_string()
            .starts_with("log/keys.json: the key that you trust"),
        "{broken}"
    );
    let stated = stated_keys(Cursor::new(&bytes), Limits::default())?;
    assert_eq!((stated.origin.as_str(), stated.rotations.len()), (LOG, 1));
    assert_eq!(&stated.first, portal(1)?.verifying_key());
    Ok(())
}

#[test]
fn checkpoints_kept_elsewhere_are_compared() -> Checked {
    let sample = Sample::new()?;
    let bytes = sample.sealed()?;
    let key = portal(1)?;
    let kept = [
        sample.checkpoint(12)?,
        sample.checkpoint(SIZE)?,
        sample.checkpoint(13)?,
    ];
    let whole = verify_with(&bytes, key.verifying_key(), &kept)??;
    assert_eq!(whole.not_compared, [13]);
    let other = Checkpoint::new(LOG, 12, Digest::of(b"another history"))?.sign(&key);
    let broken = verify_with(&bytes, key.verifying_key(), &[other])?
        .err()
        .ok_or("verified")?;
    assert!(
        broken
            .to_string()
            .starts_with("the checkpoint of size 12: its root is"),
        "{broken}"
    );
    Ok(())
}

#[test]
fn a_stretch_of_the_log_has_no_gaps() -> Checked {
    let stretch = |places: &[usize], from, to| {
        let mut sample = Sample::new()?;
        sample.files.retain(|name, _| name.starts_with("log/"));
        sample.contents.scope = Scope::Range { from, to };
        sample.range(places)?;
        verified(&sample.sealed()?)
    };
    let all: Vec<_> = (15..30).collect();
    assert_eq!(stretch(&all, 15, 30)??.entries, 15);
    let gap: Vec<_> = all.iter().copied().filter(|index| *index != 20).collect();
    let said =
        |places: &[usize], to| Ok::<_, Failed>(stretch(places, 15, to)?.err().ok_or("verified")?.to_string());
    assert!(
        said(&gap, 30)?
            .starts_with("log entry 21 (audit entry 22): its place in the log is \"21\", where \"20\"")
    );
    assert_eq!(said(&all, 31)?, "log entry 30: it is missing");
    assert_eq!(
        said(&all[1..], 30)?.split(':').next(),
        Some("log entry 16 (audit entry 17)")
    );
    Ok(())
}

/// Changes in what a portal signs: its signature is good, and the records don't agree all the same.
#[test]
fn records_that_do_not_agree_are_named_with_what_differs() -> Checked {
    let put = |name: String, value: Value| move |sample: &mut Sample| sample.put(&name, &value);
    let edit = |name: String, pointer: &'static str, to: Value| {
        move |sample: &mut Sample| {
            let mut value: Value = serde_json::from_slice(&sample.files[&name])?;
            *value.pointer_mut(pointer).ok_or("no such member")? = to;
            sample.put(&name, &value)
        }
    };
    let starts = |said: String, expected: &str| assert!(said.starts_with(expected), "{said}\n{expected}");

    for name in [
        path::report(21),
        path::evidence(5),
        path::policy(3),
        path::version("credit-risk", 14),
    ] {
        let expected = format!("{name}: its SHA-256 is {}, where ", Digest::of(b"{}"));
        starts(said_of(put(name, json!({})))?, &expected);
    }
    let (dossier, signatures) = (path::dossier(7), path::signatures(7));
    starts(
        said_of(edit(dossier.clone(), "/release", json!(8)))?,
        "releases/7/dossier.json: its release is \"releases/8/dossier.json\"",
    );
    starts(
        said_of(edit(dossier.clone(), "/evidence/0/id", json!(9)))?,
        "evidence/9.json: it is missing",
    );
    starts(
        said_of(edit(dossier.clone(), "/environment", json!("staging")))?,
        "releases/7/signatures.json, signature 2 (of Ada Osei): its dossier digest is",
    );
    let first =
        "releases/7/signatures.json, signature 1 (of Ada Osei), against log entry 25 (audit entry 26): ";
    for (member, field) in [
        ("/0/meaning", "meaning"),
        ("/0/note", "note"),
        ("/0/chair", "chair"),
        ("/0/decision", "decision"),
        ("/0/at", "time"),
    ] {
        let said = said_of(edit(signatures.clone(), member, json!("other")))?;
        starts(said, &format!("{first}its {field} is \"other\", where "));
    }
    starts(
        said_of(edit(signatures.clone(), "/1/person", json!("Eve")))?,
        "releases/7/signatures.json, signature 2 (of Eve), against log entry 30",
    );
    starts(
        said_of(edit(signatures.clone(), "/1/entry", json!(31)))?,
        "log entry 31 for releases/7/signatures.json, signature 2",
    );
    starts(
        said_of(|sample| {
            let mut all: Vec<Value> = serde_json::from_slice(&sample.files[&path::signatures(7)])?;
            all.push(all[1].clone());
            sample.put(&path::signatures(7), &all)
        })?,
        "releases/7/signatures.json, signature 4 (of Ada Osei): log entry 30 is another signature's",
    );
    starts(
        said_of(edit(signatures.clone(), "/0/voided_at", json!(null)))?,
        "releases/7/signatures.json, signature 1 (of Ada Osei): its dossier digest",
    );
    starts(
        said_of(edit("log/keys.json".into(), "/rotations/0/entry", json!(25)))?,
        "log entry 25: its rotation is",
    );
    starts(
        said_of(edit("log/keys.json".into(), "/rotations/0/entry", json!(17)))?,
        "log entry 17: it is missing",
    );

    let gone = |name: String| {
        move |sample: &mut Sample| {
            sample.files.remove(&name);
            Ok(())
        }
    };
    for name in [
        dossier,
        signatures,
        path::report(22),
        path::file(Digest::of(b"%PDF-1.7 a model card")),
        path::ENTRIES.into(),
        path::CHECKPOINT.into(),
    ] {
        let expected = format!("{name}: it is missing");
        assert_eq!(said_of(gone(name))?, expected);
    }
    let claimed = said_of(|sample| {
        sample.contents.left_out.clear();
        Ok(())
    })?;
    assert_eq!(
        claimed,
        format!("files/{}: it is missing", Digest::of(b"a large file"))
    );
    Ok(())
}

/// An attestation has a proof of its own, which could lead to another history than the bundle's.
#[test]
fn an_attestation_of_something_else_is_named() -> Checked {
    let dossier = |sample: &Sample| Digest::of(&sample.files[&path::dossier(7)]);
    let forked = said_of(|sample| {
        let honest = sample.leaves[3];
        sample.leaves[3] = Digest::of(b"another history");
        sample.attestation(dossier(sample))?;
        sample.leaves[3] = honest;
        Ok(())
    })?;
    assert!(
        forked.starts_with("releases/7/attestation.json: its root is"),
        "{forked}"
    );
    let other = said_of(|sample| sample.attestation(Digest::of(b"another dossier")))?;
    let expected = "releases/7/attestation.json: the dossier digest is";
    assert!(other.starts_with(expected), "{other}");
    let stale = said_of(|sample| {
        sample.files.insert(path::policy(3), b"{}".to_vec());
        sample.attestation(dossier(sample))?;
        sample
            .files
            .insert(path::policy(3), Sample::new()?.files[&path::policy(3)].clone());
        Ok(())
    })?;
    assert!(
        stale.starts_with("releases/7/attestation.json: its policy digest is"),
        "{stale}"
    );
    let removed = said_of(|sample| {
        let lines = String::from_utf8(sample.files[path::CHECKPOINTS].clone())?;
        let two: String = lines.split_inclusive('\n').take(2).collect();
        sample.files.insert(path::CHECKPOINTS.into(), two.into());
        Ok(())
    })?;
    assert_eq!(
        removed,
        "the checkpoint of size 34 for releases/7/attestation.json: it is missing"
    );
    Ok(())
}

#[test]
fn a_log_that_does_not_hold_is_named() -> Checked {
    let starts = |said: String, expected: &str| assert!(said.starts_with(expected), "{said}\n{expected}");
    let forged = said_of(|sample| {
        sample.entries[30]["sentence"] = "something else".into();
        sample.range(&[18, 25, 30, 33])
    })?;
    starts(forged, "log entry 30 (audit entry 31): it has the leaf hash ");
    let rewritten = said_of(|sample| {
        sample.leaves[3] = Digest::of(b"rewritten");
        let note = sample.checkpoint(31)?;
        let lines = String::from_utf8(sample.files[path::CHECKPOINTS].clone())?;
        let mut second: Value = serde_json::from_str(lines.lines().nth(1).ok_or("short")?)?;
        second["note"] = note.into();
        sample.put(path::CHECKPOINTS, &second)
    })?;
    starts(
        rewritten,
        "log/checkpoints.jsonl, line 1: the newest checkpoint doesn't continue the one of size 31",
    );
    let unwitnessed = said_of(|sample| {
        let note = sample.checkpoint(SIZE)?;
        sample.files.insert(path::CHECKPOINT.into(), note.into());
        Ok(())
    })?;
    starts(
        unwitnessed,
        "log/checkpoint: 0 of the trusted witnesses have cosigned",
    );
    let by_old_key = said_of(|sample| {
        let newest = Checkpoint::new(LOG, SIZE as u64, ledger::merkle::root(&sample.leaves))?;
        let note = newest.sign(&portal(1)?) + &witness()?.cosign(&newest, 5);
        sample.files.insert(path::CHECKPOINT.into(), note.into());
        Ok(())
    })?;
    starts(by_old_key, "log/checkpoint: the note is not signed by");
    let slipped_in = said_of(|sample| {
        let mut keys: Value = serde_json::from_slice(&sample.files[path::KEYS])?;
        keys["rotations"][0]["envelope"] = serde_json::to_value(rotate(LOG, 20, &portal(3)?, &portal(2)?)?)?;
        sample.put(path::KEYS, &keys)
    })?;
    starts(
        slipped_in,
        "log/keys.json, rotation 1: the key rotation does not hold",
    );
    Ok(())
}
