//! `countersign demo`: fills an empty portal with a story, and goes on to serve it if asked to.
use super::{Verdict, serve};
use crate::{config::Config, database::Database, demo};
use anyhow::{Context, Result};
use backend::Portal;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Go on to run the portal.
    #[arg(long)]
    serve: bool,
}

pub async fn run(config: &Config, arguments: &Arguments) -> Result<Verdict> {
    let listener = if arguments.serve {
        Some(serve::listen(config)?)
    } else {
        None
    };
    let database = Database::own(config).await?;
    let outcome = async {
        let portal = super::portal(config, &database).await?;
        let loaded = load(config, &portal).await?;
        match listener {
            Some(listener) => {
                introduce(config);
                serve::serve(config, &portal, listener)
                    .await
                    .map(|()| Verdict::Good)
            }
            None if loaded => {
                introduce(config);
                Ok(Verdict::Good)
            }
            None => {
                eprintln!("countersign: this portal has people already, so nothing was loaded");
                Ok(Verdict::Bad)
            }
        }
    };
    let outcome = outcome.await;
    database.close().await?;
    outcome
}

/// Loads the demonstration unless someone is there already.
async fn load(config: &Config, portal: &Portal) -> Result<bool> {
    if backend::person::anyone(portal).await? {
        return Ok(false);
    }
    let folder = config.demo.canonicalize();
    let folder = folder.with_context(|| format!("the demonstration is not in {}", config.demo.display()))?;
    println!("Loading the demonstration …");
    backend::policy::install_built_in(portal).await?;
    backend::template::install_built_in(portal).await?;
    demo::load(portal, &folder)
        .await
        .context("loading the demonstration")?;
    Ok(true)
}

fn introduce(config: &Config) {
    println!("\nCountersign: {}\n", config.public_url());
    println!(
        "The people of the demonstration sign in with the password “{}”:",
        demo::PASSWORD
    );
    for (email, duties) in demo::PEOPLE {
        println!("  {email:<28} {duties}");
    }
    println!();
}
