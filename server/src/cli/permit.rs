//! `countersign permit verify`: what a target asks before it runs anything, of a permit or of a release's attestation.
use super::Verdict;
use anyhow::{Context, Result};
use chrono::DateTime;
use ledger::{
    Digest, VerifyingKey, attestation, intoto,
    permit::{Envelope, Expectation},
    rotation::Keys,
};
use std::{
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check that a permit, or a release's attestation, lets this version into this environment now.
    Verify(Arguments),
}

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The permit, or the attestation.
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
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .context("the clock stands before 1970")?;
    let now = i64::try_from(now.as_secs())?;
    let said = match serde_json::from_slice::<Envelope>(&text) {
        Ok(envelope) if envelope.payload_type() == intoto::PAYLOAD_TYPE => arguments.attested(&envelope, now),
        Ok(envelope) => arguments.permitted(&envelope, now),
        Err(reason) => Err(format!("this is not a permit: {reason}")),
    };
    Ok(match said {
        Ok(words) => {
            println!("{words}");
            Verdict::Good
        }
        Err(reason) => {
            println!("Not permitted: {reason}.");
            Verdict::Bad
        }
    })
}

impl Arguments {
    fn permitted(&self, envelope: &Envelope, now: i64) -> Result<String, String> {
        let expected = Expectation {
            version_digest: self.digest,
            environment: &self.environment,
        };
        let permit = envelope
            .verify(&self.key, now, &expected)
            .map_err(|reason| reason.to_string())?;
        Ok(format!(
            "Permit {} lets {} {} run in {}.",
            permit.id, permit.model, permit.version, permit.environment
        ))
    }

    fn attested(&self, envelope: &Envelope, now: i64) -> Result<String, String> {
        let keys = Keys::new(self.key.name(), self.key.clone());
        let attested = attestation::verify(envelope, &keys).map_err(|reason| reason.to_string())?;
        let release = attested.release;
        if attested.version_digest != self.digest {
            return Err(format!("it is for the version {}", attested.version_digest));
        }
        if release.environment != self.environment {
            return Err(format!("it is for {}", release.environment));
        }
        let until =
            DateTime::parse_from_rfc3339(&release.approved_until).map_err(|reason| reason.to_string())?;
        if until.timestamp() <= now {
            return Err(format!("the approval lapsed at {}", release.approved_until));
        }
        Ok(format!(
            "Release {} approved {} {} for {} until {}; the log's entry {} says so.",
            release.release,
            release.model,
            release.version,
            release.environment,
            release.approved_until,
            release.log.index
        ))
    }
}
