//! `countersign permit verify`: what a target asks before it runs anything.
use super::Verdict;
use anyhow::{Context, Result};
use ledger::{
    Digest, VerifyingKey,
    permit::{Envelope, Expectation},
};
use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check that a permit lets this version into this environment now.
    Verify(Arguments),
}

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The permit.
    file: PathBuf,
    /// The portal's key, as it is printed beside checkpoints: name+id+base64.
    #[arg(long, value_name = "VKEY")]
    key: VerifyingKey,
    /// The digest of the version that is about to run, with or without `sha256:` in front.
    #[arg(long, value_parser = digest)]
    digest: Digest,
    /// Where it is about to run.
    #[arg(long)]
    environment: String,
}

fn digest(text: &str) -> Result<Digest, String> {
    text.strip_prefix("sha256:")
        .unwrap_or(text)
        .parse()
        .map_err(|_| "give 64 hexadecimal digits".into())
}

pub fn run(command: &Command) -> Result<Verdict> {
    let Command::Verify(arguments) = command;
    let text =
        std::fs::read(&arguments.file).with_context(|| format!("reading {}", arguments.file.display()))?;
    let envelope: Envelope = match serde_json::from_slice(&text) {
        Ok(envelope) => envelope,
        Err(reason) => {
            println!("This is not a permit: {reason}.");
            return Ok(Verdict::Bad);
        }
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970")?;
    let expected = Expectation {
        version_digest: arguments.digest,
        environment: &arguments.environment,
    };
    Ok(
        match envelope.verify(&arguments.key, i64::try_from(now.as_secs())?, &expected) {
            Ok(permit) => {
                println!(
                    "Permit {} lets {} {} run in {}.",
                    permit.id, permit.model, permit.version, permit.environment
                );
                Verdict::Good
            }
            Err(reason) => {
                println!("Not permitted: {reason}.");
                Verdict::Bad
            }
        },
    )
}
