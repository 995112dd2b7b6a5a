//! Our bundles in the eyes of code that others wrote, in Python: `third_party.py` says which.

use super::sample::{LOG, SIZE, Sample, portal};
use ledger::Digest;
use ledger::bundle::Scope;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The interpreter that has the packages of `third_party.txt`.
#[expect(
    clippy::disallowed_methods,
    reason = "where the packages are is told by the environment"
)]
fn python() -> PathBuf {
    std::env::var_os("COUNTERSIGN_PROOF_PYTHON").map_or_else(|| PathBuf::from("python3"), PathBuf::from)
}

#[test]
#[ignore = "wants Python with the packages of third_party.txt, named by COUNTERSIGN_PROOF_PYTHON"]
fn others_read_and_verify_our_bundles() -> Result<(), super::sample::Failed> {
    let scratch = tempfile::tempdir()?;
    let mut sample = Sample::new()?;
    std::fs::write(scratch.path().join("release.zip"), sample.sealed()?)?;
    sample.contents.scope = Scope::Range {
        from: 0,
        to: SIZE as u64,
    };
    sample.range(&(0..SIZE).collect::<Vec<_>>())?;
    std::fs::write(scratch.path().join("range.zip"), sample.sealed()?)?;

    let public = Digest::from(*portal(2)?.verifying_key().as_bytes()).to_string();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bundle/third_party.py");
    let ran = Command::new(python())
        .arg(script)
        .arg(scratch.path())
        .args([LOG, &portal(2)?.verifying_key().id().to_string(), &public])
        .output()?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}");
    assert!(
        said.contains("7 entries") && said.contains("40 entries"),
        "{said}"
    );
    Ok(())
}
