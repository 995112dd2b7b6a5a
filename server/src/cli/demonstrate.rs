//! `countersign demo`: fills an empty portal with a story, and goes on to serve it if asked to.
use super::{Verdict, serve};
use crate::{config::Config, database::Database, demo};
use anyhow::{Context, Result};
use backend::Portal;
use domain::audit::Noted;

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
        let state = load(config, &portal).await?;
        if state != State::SomeoneElses {
            introduce(config);
        }
        match listener {
            Some(listener) => serve::serve(config, &portal, listener)
                .await
                .map(|()| Verdict::Good),
            None if state == State::Loaded => Ok(Verdict::Good),
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

/// What is in the portal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The demonstration, loaded now.
    Loaded,
    /// The demonstration, loaded before.
    Known,
    /// People of its own.
    SomeoneElses,
}

/// The entry that says that the demonstration was told to its end.
const TOLD: &str = "portal.demonstration_loaded";

/// Loads the demonstration unless someone is there already.
async fn load(config: &Config, portal: &Portal) -> Result<State> {
    if backend::person::anyone(portal).await? {
        if !backend::person::is_known(portal, demo::PEOPLE[0].0).await? {
            return Ok(State::SomeoneElses);
        }
        if !backend::audit::has(portal, TOLD).await? {
            eprintln!(
                "countersign: the demonstration was broken off while it was loaded, and its story ends early. \
                 To load it whole, begin with an empty database: without DATABASE_URL, remove {}",
                config.data.display()
            );
        }
        return Ok(State::Known);
    }
    let folder = config.demo.canonicalize();
    let folder = folder.with_context(|| format!("the demonstration is not in {}", config.demo.display()))?;
    println!("Loading the demonstration …");
    backend::policy::install_built_in(portal).await?;
    backend::template::install_built_in(portal).await?;
    demo::load(portal, &folder)
        .await
        .context("loading the demonstration")?;
    let told = Noted {
        action: TOLD,
        sentence: "loaded the demonstration".into(),
        detail: serde_json::Value::Null,
    };
    backend::audit::note(portal, &told).await?;
    Ok(State::Loaded)
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
