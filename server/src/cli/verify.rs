//! `countersign verify`: recomputes the whole audit log from the database against its signed checkpoints.
use super::Verdict;
use crate::{config::Config, database::Database};
use anyhow::{Context, Result};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A checkpoint that was kept elsewhere; it shows a log that was cut back together with its own checkpoints.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

pub async fn run(config: &Config, arguments: &Arguments) -> Result<Verdict> {
    let key = match config.kept_signing_key() {
        Ok(key) => key,
        Err(wrong) => {
            eprintln!("countersign: without its key the log can't be verified: {wrong}");
            return Ok(Verdict::WrongUse);
        }
    };
    let kept = match &arguments.checkpoint {
        None => Vec::new(),
        Some(file) => {
            vec![std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?]
        }
    };
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
