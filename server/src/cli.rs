//! The command line. Exit status 0: good; 1: it failed, or the thing checked is bad; 2: wrong use.
mod assess;
mod bundle;
mod demonstrate;
mod key;
mod migrate;
mod permit;
mod serve;
mod user;
mod verify;
mod witness;

use crate::{
    config::{Config, LogFormat, Overrides},
    database::Database,
};
use anyhow::Result;
use backend::{Portal, Settings};
use clap::{Args, Parser, Subcommand};
use ledger::SigningKey;
use std::{
    fs::Permissions,
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    process::ExitCode,
};

/// No model goes live without a countersignature that anyone can check.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, after_long_help = crate::config::SETTINGS)]
struct Arguments {
    #[command(flatten)]
    place: PlaceArguments,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Args)]
struct PlaceArguments {
    /// A TOML file of settings; COUNTERSIGN_* variables go before it.
    #[arg(long, global = true, env = "COUNTERSIGN_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The data directory.
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data: Option<PathBuf>,
    /// Where the portal listens.
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the portal. The same as without a command.
    Serve,
    /// Load the demonstration into an empty database.
    Demo(demonstrate::Arguments),
    /// Bring the database to the current state.
    Migrate,
    /// People, from the machine's owner.
    #[command(subcommand)]
    User(user::Command),
    /// Compute a performance and bias report, without a database.
    Assess(Box<assess::Arguments>),
    /// Recompute the whole audit log against its signed checkpoints, or check a sealed bundle.
    Verify(verify::Arguments),
    /// The key that checkpoints and permits are signed with.
    #[command(subcommand)]
    Key(key::Command),
    /// Cosign the checkpoints of a portal elsewhere, as long as its log only grows.
    Witness(witness::Arguments),
    /// Permits and attestations, as targets check them.
    #[command(subcommand)]
    Permit(permit::Command),
}

/// What a command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    /// The thing checked is bad.
    Bad,
    /// Asked in a way that can't be answered.
    WrongUse,
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        Self::from(match verdict {
            Verdict::Good => 0,
            Verdict::Bad => 1,
            Verdict::WrongUse => 2,
        })
    }
}

/// Reads the command line and does what it says.
pub async fn run() -> ExitCode {
    // Before any TLS: every client and the database's connections take the process's provider. A second time is no harm.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let help = !error.use_stderr();
            let _ = error.print(); // to a terminal that may be gone
            return if help { Verdict::Good } else { Verdict::WrongUse }.into();
        }
    };
    // These need no settings, and so none can be wrong.
    let outcome = match arguments.command {
        Some(Command::Assess(arguments)) => assess::run(&arguments),
        Some(Command::Permit(command)) => permit::run(&command),
        Some(Command::Verify(arguments)) if arguments.is_of_bundle() => arguments.bundle(),
        Some(Command::Witness(arguments)) => witness::run(&arguments).await,
        command => {
            let place = arguments.place;
            let overrides = Overrides {
                config: place.config,
                data: place.data,
                listen: place.listen,
            };
            match Config::read(&overrides) {
                Ok(config) => with(config, command).await,
                Err(wrong) => {
                    eprintln!("countersign: {wrong}");
                    return Verdict::WrongUse.into();
                }
            }
        }
    };
    outcome.map_or_else(
        |error| {
            eprintln!("countersign: {error:#}");
            Verdict::Bad.into()
        },
        ExitCode::from,
    )
}

async fn with(config: Config, command: Option<Command>) -> Result<Verdict> {
    start_log(&config)?;
    match command {
        Some(Command::Demo(arguments)) => Box::pin(demonstrate::run(&config, &arguments)).await,
        Some(Command::Migrate) => migrate::run(&config).await,
        Some(Command::User(command)) => user::run(&config, command).await,
        Some(Command::Verify(arguments)) => verify::run(&config, &arguments).await,
        Some(Command::Key(key::Command::Rotate(arguments))) => key::rotate(&config, &arguments).await,
        _ => serve::run(&config).await,
    }
}

fn start_log(config: &Config) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}

/// The portal on a database that is up to date.
pub(crate) async fn portal(config: &Config, database: &Database) -> Result<Portal> {
    database.migrate().await?;
    let portal = open(config, database, config.signing_key()?).await?;
    anyhow::ensure!(
        backend::seal::is_own(&portal).await?,
        "the log in this database was signed with another key, or under another name than {}; put the key back \
         (it is in the data directory that the portal ran with, under keys/, or in COUNTERSIGN_SIGNING_KEY), for what \
         another key signs would not agree with what was signed before",
        config.origin
    );
    Ok(portal)
}

/// The portal on a database as it is.
pub(crate) async fn open(config: &Config, database: &Database, key: SigningKey) -> Result<Portal> {
    let pool = database.connect(config.database_connections).await?;
    for private in ["files", "deployments"] {
        own_folder(&config.data.join(private))?;
    }
    let settings = Settings {
        origin: config.origin.clone(),
        key,
        quorum: config.quorum()?,
        files: config.data.join("files"),
        bucket: config.bucket(),
        artifacts: config.artifacts(),
        host: targets::Host {
            mlserver: config.mlserver.clone(),
            work_dir: config.data.join("deployments"),
            fronts: targets::Fronts::default(),
        },
    };
    Ok(Portal::new(pool, settings)?)
}

/// A folder that only this user can look into: what people upload is not for the machine's other users.
fn own_folder(folder: &Path) -> Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    Ok(std::fs::set_permissions(folder, Permissions::from_mode(0o700))?)
}

/// Does something with a portal, and stops what was started for it, however that went.
pub(crate) async fn beside<T>(config: &Config, act: impl AsyncFnOnce(&Portal) -> Result<T>) -> Result<T> {
    let database = Database::join(config).await?;
    let outcome = match portal(config, &database).await {
        Ok(portal) => act(&portal).await,
        Err(error) => Err(error),
    };
    database.close().await?;
    outcome
}
