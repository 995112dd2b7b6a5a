//! `countersign verify`: recomputes the whole audit log from the database against its signed checkpoints, or checks a bundle.
use super::{Verdict, bundle};
use crate::{config::Config, database::Database};
use anyhow::{Context, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A sealed bundle to check instead of this portal's log. It needs no settings, no database and no server.
    #[arg(value_name = "BUNDLE")]
    bundle: Option<PathBuf>,
    #[command(flatten)]
    trusted: bundle::Trusted,
    /// A checkpoint that was kept elsewhere, or a folder of them: they show a log that was cut back together with its own.
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
}

impl Arguments {
    pub fn is_of_bundle(&self) -> bool {
        self.bundle.is_some()
    }

    /// Checks the bundle.
    pub fn bundle(&self) -> Result<Verdict> {
        let file = self.bundle.as_deref().context("no bundle is named")?;
        bundle::run(file, &self.trusted, &self.kept()?)
    }

    /// The checkpoints that were kept elsewhere.
    fn kept(&self) -> Result<Vec<String>> {
        let mut kept = Vec::new();
        for place in &self.checkpoint {
            kept.extend(notes(place).with_context(|| format!("reading {}", place.display()))?);
        }
        Ok(kept)
    }
}

pub async fn run(config: &Config, arguments: &Arguments) -> Result<Verdict> {
    let key = match config.kept_signing_key() {
        Ok(key) => key,
        Err(wrong) => {
            eprintln!("countersign: without its key the log can't be verified: {wrong}");
            return Ok(Verdict::WrongUse);
        }
    };
    let kept = arguments.kept()?;
    let database = Database::join(config).await?;
    let found = async {
        // Nothing is made and nothing migrated: what is verified is what is there.
        let portal = super::open(config, &database, config.kept_signing_key()?).await?;
        let whole = backend::seal::check_against(&portal, kept).await?;
        // Whoever trusts an earlier key of the log learns of the one that signs now.
        let signs = match whole {
            Ok(_) => backend::seal::keys(&portal).await?.current().clone(),
            Err(_) => key.verifying_key().clone(),
        };
        anyhow::Ok((whole, signs))
    };
    let found = found.await;
    database.close().await?;
    let (whole, signs) = found?;
    Ok(match whole {
        Ok(whole) => {
            println!(
                "The log is whole: {} entries, {} of them under {} checkpoints.",
                whole.entries, whole.size, whole.checkpoints
            );
            println!("Root {} · key {signs}", whole.root);
            Verdict::Good
        }
        Err(broken) => {
            println!("The log has been tampered with: {broken}.");
            Verdict::Bad
        }
    })
}

/// The checkpoints in a file, or in the files of a folder.
fn notes(place: &Path) -> std::io::Result<Vec<String>> {
    if !place.is_dir() {
        return Ok(vec![fs::read_to_string(place)?]);
    }
    let files = fs::read_dir(place)?.map(|file| Ok(file?.path()));
    let files: Vec<PathBuf> = files.collect::<std::io::Result<_>>()?;
    let files = files.iter().filter(|path| path.is_file());
    files.map(fs::read_to_string).collect()
}
