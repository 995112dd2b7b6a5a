//! `countersign verify BUNDLE`: checks a sealed bundle with the portal's public key and nothing else.
use super::Verdict;
use anyhow::{Context, Result};
use ledger::{
    VerifyingKey,
    archive::Limits,
    bundle::{Told, Trust, stated_keys, verify},
    cosignature::{Quorum, WitnessKey},
};
use std::{fs::File, io::BufReader, path::Path};

/// What whoever checks a bundle trusts.
#[derive(Debug, clap::Args)]
pub struct Trusted {
    /// The key of the log that the bundle is of, as it is printed beside checkpoints: name+id+base64.
    #[arg(long, value_name = "VKEY", requires = "bundle")]
    key: Option<VerifyingKey>,
    /// A witness that you trust, by its key; to be named once for each.
    #[arg(long = "witness", value_name = "VKEY", requires = "bundle")]
    witnesses: Vec<WitnessKey>,
    /// How many of the witnesses have to have cosigned the newest checkpoint; all of them unless said.
    #[arg(long, value_name = "NUMBER", requires = "bundle")]
    quorum: Option<usize>,
}

pub fn run(file: &Path, trusted: &Trusted, kept: &[String]) -> Result<Verdict> {
    let open = || File::open(file).with_context(|| format!("opening {}", file.display()));
    let Some(key) = &trusted.key else {
        return Ok(match stated_keys(BufReader::new(open()?), Limits::default()) {
            Ok(stated) => {
                eprintln!(
                    "countersign: name the key that you trust with --key. This bundle says that the first key of its log is\n  {}\nwhich \
                     is worth something only if you were given the same elsewhere.",
                    stated.first
                );
                Verdict::WrongUse
            }
            Err(broken) => refused(&broken),
        });
    };
    let needed = trusted.quorum.unwrap_or(trusted.witnesses.len());
    let quorum = Quorum::new(needed, trusted.witnesses.clone())?;
    let trust = Trust {
        key,
        quorum: &quorum,
        kept,
        limits: Limits::default(),
    };
    Ok(match verify(BufReader::new(open()?), &trust) {
        Ok(whole) => {
            tell(&whole.told());
            Verdict::Good
        }
        Err(broken) => refused(&broken),
    })
}

fn refused(broken: &impl std::fmt::Display) -> Verdict {
    println!("The bundle does not hold. The first record that is not what it should be:\n{broken}.");
    Verdict::Bad
}

fn tell(told: &Told) {
    println!("{}.", told.sentence);
    for (name, value) in &told.facts {
        println!("{name}: {value}");
    }
}
