//! `countersign key rotate`: hands the log over to another key, and says so in the log itself.
use super::Verdict;
use crate::{config::Config, database::Database};
use anyhow::{Context, Result};
use ledger::SigningKey;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Change to another key. Stop the portals first, and give each the new one: with the old one they sign nothing more.
    Rotate(Arguments),
}

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file with the new key, 32 secret bytes in base64; made if it is not there. Without it the new key takes the
    /// place of the old one in its file.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

pub async fn rotate(config: &Config, arguments: &Arguments) -> Result<Verdict> {
    let old = config.kept_signing_key()?;
    let replaced = config.signing_key_file().filter(|_| arguments.to.is_none());
    let next = replaced.as_ref().map(|file| file.with_added_extension("next"));
    let Some(file) = arguments.to.as_ref().or(next.as_ref()) else {
        eprintln!("countersign: the key is given by a setting; say --to which FILE the new one goes");
        return Ok(Verdict::WrongUse);
    };
    let new = config.other_key(file)?;
    let database = Database::join(config).await?;
    let outcome = hand_over(config, &database, old, &new).await;
    database.close().await?;
    outcome?;
    match replaced {
        Some(kept) => replace(file, &kept)?,
        None => println!(
            "Start the portals with the key in {} from now on.",
            file.display()
        ),
    }
    println!("The log is signed with {} from now on.", new.verifying_key());
    Ok(Verdict::Good)
}

/// Nothing is left to do where this was cut off after the log had changed its key, and before the file had.
async fn hand_over(config: &Config, database: &Database, old: SigningKey, new: &SigningKey) -> Result<()> {
    database.migrate().await?;
    let portal = super::open(config, database, old).await?;
    let keys = backend::seal::keys(&portal).await?;
    if keys.current() == new.verifying_key() {
        return Ok(());
    }
    Ok(backend::seal::rotate(&portal, new).await?)
}

/// The old key is gone with this: nobody shall sign with it any more.
fn replace(next: &Path, kept: &Path) -> Result<()> {
    fs::rename(next, kept).with_context(|| format!("replacing {}", kept.display()))?;
    let folder = kept.parent().unwrap_or(Path::new("."));
    Ok(File::open(folder)?.sync_all()?)
}
