//! The one configuration, parsed once at start: arguments over `COUNTERSIGN_*` over a TOML file over defaults.
//!
//! This is the only place that reads the environment. What is wrong is named, and the program doesn't start.
mod lists;
pub mod seed;
mod witnesses;

pub use witnesses::WitnessAt;

use backend::files::Bucket;
use figment::{
    Figment, Provider,
    providers::{Env, Format, Serialized, Toml},
};
use ledger::{SigningKey, cosignature::Quorum};
use leptos::config::LeptosOptions;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Variables with the prefix that are not for the portal itself: its build, its tests, and `--config`.
const NOT_OURS: [&str; 3] = ["cache", "config", "program"];

/// Object storages by the scheme of their addresses, and what their settings begin with.
const CLOUDS: [(&str, &str); 3] = [("s3", "AWS_"), ("gs", "GOOGLE_"), ("az", "AZURE_")];

/// What `countersign --help` says of the settings.
pub const SETTINGS: &str = "\
Settings are COUNTERSIGN_* variables, or the same names in lower case in a TOML file:
  DATABASE_URL                     the database; without one, a private Postgres runs in the data directory
  COUNTERSIGN_DATA                 where everything is kept that is not in the database
  COUNTERSIGN_STORAGE              where files are kept: s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX, reached
                                   as the cloud's own AWS_*, GOOGLE_* or AZURE_* variables say [files in the data directory]
  COUNTERSIGN_LISTEN               address and port to listen on [127.0.0.1:3000]
  COUNTERSIGN_PUBLIC_URL           how browsers reach the portal, such as https://models.example.org
  COUNTERSIGN_SECURE_COOKIES       whether cookies go over TLS only [where the public URL is https]
  COUNTERSIGN_TRUSTED_PROXY_HOPS   proxies in front that are trusted to say where a request comes from [0]
  COUNTERSIGN_ORIGIN               the log's name, chosen once [countersign.local/log]
  COUNTERSIGN_SIGNING_KEY          32 secret bytes in base64, in the place of the key file
  COUNTERSIGN_SIGNING_KEY_FILE     where the signing key is kept [keys/portal.seed in the data directory]
  COUNTERSIGN_WITNESSES            who cosigns checkpoints: KEY URL, with commas between them (docs/audit.md)
  COUNTERSIGN_WITNESS_QUORUM       how many of them it takes before a checkpoint is published [all]
  COUNTERSIGN_ANCHORS              where checkpoints are taken on schedule, with spaces between: file:///FOLDER, https://…, or an
                                   address as COUNTERSIGN_STORAGE has it
  COUNTERSIGN_ANCHOR_MINUTES       how often [60]
  COUNTERSIGN_ARTIFACTS            folders that file:// and artifact: may lie in, with colons between them
  COUNTERSIGN_MLSERVER             the mlserver program for local deployments [mlserver]
  COUNTERSIGN_UPLOAD_LIMIT_MIB     the largest file taken [1024]
  COUNTERSIGN_DATABASE_CONNECTIONS connections to the database at most [16]
  COUNTERSIGN_LOG                  which lines are logged, such as info,sqlx=warn
  COUNTERSIGN_LOG_FORMAT           text or json [text]
  COUNTERSIGN_DEMO                 the demonstration's data and models";

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where the portal listens.
    pub listen: SocketAddr,
    /// Where everything is kept that is not in the database: files, keys, deployments, the private Postgres.
    pub data: PathBuf,
    /// Object storage for files; without one, they are kept in the data directory.
    storage: Option<url::Url>,
    /// The database; without one, a private Postgres is run in the data directory.
    pub database_url: Option<SecretString>,
    /// The log's name, the first line of every checkpoint. Chosen once: proofs made under another name don't hold.
    pub origin: String,
    /// The 32 secret bytes of the signing key, in base64, where they don't come from the file.
    signing_key: Option<SecretString>,
    /// Where the signing key is kept; made at the first start.
    signing_key_file: Option<PathBuf>,
    /// Who is asked to cosign checkpoints.
    #[serde(default, deserialize_with = "witnesses::list")]
    pub witnesses: Vec<WitnessAt>,
    /// How many of them have to have cosigned a checkpoint before it is published; all, unless fewer are said.
    witness_quorum: Option<usize>,
    /// Where checkpoints are taken on schedule.
    #[serde(default, deserialize_with = "lists::addresses")]
    pub anchors: Vec<url::Url>,
    anchor_minutes: u64,
    /// The `mlserver` program for local deployments.
    pub mlserver: PathBuf,
    /// Folders that `file://` artifacts may lie in.
    #[serde(default, deserialize_with = "lists::paths")]
    artifacts: Vec<PathBuf>,
    /// The demonstration's data and models.
    pub demo: PathBuf,
    /// How browsers reach the portal, such as `https://models.example.org`.
    public_url: Option<String>,
    /// Whether cookies go over TLS only; by default where `public_url` is `https`.
    secure_cookies: Option<bool>,
    /// The largest file taken, in MiB.
    pub upload_limit_mib: u64,
    /// How many proxies in front of the portal are trusted to say where a request comes from.
    pub trusted_proxy_hops: usize,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// Which log lines are written, such as `info,sqlx=warn`.
    pub log: String,
    /// Connections to the database at most.
    pub database_connections: u32,
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs, an object a line.
    Json,
}

/// What was set wrongly, named.
#[derive(Debug, thiserror::Error)]
pub enum Wrong {
    #[error("{0}")]
    Setting(Box<figment::Error>),
    #[error("the file {0} can't be read: {1}")]
    File(PathBuf, io::Error),
    #[error("{0}: {1}")]
    Value(&'static str, String),
}

/// What the command line says over everything else.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    pub config: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
}

#[derive(Serialize)]
struct Defaults {
    listen: &'static str,
    data: PathBuf,
    origin: &'static str,
    anchor_minutes: u64,
    mlserver: &'static str,
    demo: PathBuf,
    upload_limit_mib: u64,
    trusted_proxy_hops: usize,
    log_format: LogFormat,
    log: &'static str,
    database_connections: u32,
}

impl Config {
    /// Reads everything that can say something.
    pub fn read(overrides: &Overrides) -> Result<Self, Wrong> {
        let defaults = Defaults {
            listen: "127.0.0.1:3000",
            data: default_data()?,
            origin: "countersign.local/log",
            anchor_minutes: 60,
            mlserver: "mlserver",
            demo: default_demo(),
            upload_limit_mib: 1024,
            trusted_proxy_hops: 0,
            log_format: LogFormat::Text,
            log: "info,sqlx=warn,tower_sessions=error,tower_sessions_core=error",
            database_connections: 16,
        };
        let mut figment = Figment::from(Serialized::defaults(defaults));
        if let Some(file) = &overrides.config {
            fs::metadata(file).map_err(|error| Wrong::File(file.clone(), error))?;
            figment = figment.merge(Toml::file_exact(file));
        }
        figment = figment
            .merge(Env::raw().only(&["DATABASE_URL"]))
            .merge(environment());
        if let Some(data) = &overrides.data {
            figment = figment.merge(Serialized::default("data", data));
        }
        if let Some(listen) = &overrides.listen {
            figment = figment.merge(Serialized::default("listen", listen));
        }
        figment
            .extract::<Self>()
            .map_err(|error| Wrong::Setting(Box::new(error)))?
            .checked()
    }

    fn checked(mut self) -> Result<Self, Wrong> {
        if let Some(url) = &self.public_url {
            let plain = url.trim_end_matches('/');
            let host = plain
                .strip_prefix("https://")
                .or_else(|| plain.strip_prefix("http://"));
            if host.is_none_or(|host| host.is_empty() || host.contains('/')) {
                let what = "give scheme and host only, such as https://models.example.org";
                return Err(Wrong::Value("public_url", what.into()));
            }
            self.public_url = Some(plain.to_owned());
        }
        if let Some(storage) = &self.storage
            && !CLOUDS.iter().any(|(scheme, _)| *scheme == storage.scheme())
        {
            let what = "give s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX";
            return Err(Wrong::Value("storage", what.into()));
        }
        if self.upload_limit_mib == 0 {
            return Err(Wrong::Value("upload_limit_mib", "give at least 1".into()));
        }
        if self.database_connections < 2 {
            return Err(Wrong::Value("database_connections", "give at least 2".into()));
        }
        self.quorum()?;
        if let Some(anchor) = self.anchors.iter().find(|anchor| !is_anchor(anchor)) {
            let what = format!("{}: is no place for a checkpoint", anchor.scheme());
            return Err(Wrong::Value("anchors", what));
        }
        if self.anchor_minutes == 0 {
            return Err(Wrong::Value("anchor_minutes", "give at least 1".into()));
        }
        if let Some(folder) = self.artifacts.iter().find(|folder| !folder.is_absolute()) {
            return Err(Wrong::Value(
                "artifacts",
                format!("{} is not absolute", folder.display()),
            ));
        }
        self.data = std::path::absolute(&self.data).map_err(|error| Wrong::File(self.data.clone(), error))?;
        Ok(self)
    }

    /// How browsers reach the portal.
    pub fn public_url(&self) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{}", self.listen))
    }

    /// Whether cookies go over TLS only.
    pub fn secure_cookies(&self) -> bool {
        self.secure_cookies
            .unwrap_or_else(|| self.public_url().starts_with("https://"))
    }

    /// Folders that `file://` artifacts may lie in, the demonstration's models among them.
    pub fn artifacts(&self) -> Vec<PathBuf> {
        let demo = self.demo.join("models").canonicalize();
        self.artifacts.iter().cloned().chain(demo).collect()
    }

    /// Where files are kept, if not in the data directory: reached as the cloud's own programs would reach it.
    pub fn bucket(&self) -> Option<Bucket> {
        self.storage.clone().map(|url| self.bucket_at(url))
    }

    /// Object storage at an address.
    pub fn bucket_at(&self, url: url::Url) -> Bucket {
        let cloud = CLOUDS.iter().find(|(scheme, _)| *scheme == url.scheme());
        #[expect(clippy::disallowed_methods, reason = "this is where configuration is read")]
        let options = std::env::vars()
            .filter(|(name, _)| cloud.is_some_and(|(_, prefix)| name.starts_with(prefix)))
            .map(|(name, value)| (name.to_lowercase(), value.into()))
            .collect();
        Bucket { url, options }
    }

    /// How often a checkpoint is taken to each of the anchors.
    pub fn anchor_every(&self) -> Duration {
        Duration::from_mins(self.anchor_minutes)
    }

    /// Who has to have cosigned a checkpoint before it is published.
    pub fn quorum(&self) -> Result<Quorum, Wrong> {
        witnesses::quorum(&self.witnesses, self.witness_quorum)
    }

    /// The largest file taken, in bytes.
    pub fn upload_limit(&self) -> u64 {
        self.upload_limit_mib.saturating_mul(1024 * 1024)
    }

    /// The key that signs checkpoints and permits: from the configuration, else from its file, which is made if it is
    /// not there.
    pub fn signing_key(&self) -> Result<SigningKey, Wrong> {
        self.key_from(seed::kept_or_made)
    }

    /// The same, where it has to be there.
    pub fn kept_signing_key(&self) -> Result<SigningKey, Wrong> {
        self.key_from(seed::kept)
    }

    fn key_from(&self, file: impl FnOnce(&Path) -> Result<[u8; 32], Wrong>) -> Result<SigningKey, Wrong> {
        let given = |text: &SecretString| {
            seed::read(text.expose_secret()).map_err(|what| Wrong::Value("signing_key", what.into()))
        };
        let seed = match (&self.signing_key, self.signing_key_file()) {
            (Some(text), _) => given(text)?,
            (None, kept) => file(&kept.unwrap_or_default())?,
        };
        self.key(&seed)
    }

    /// Where the signing key is kept, unless it is given.
    pub fn signing_key_file(&self) -> Option<PathBuf> {
        let kept = || self.data.join("keys/portal.seed");
        let file = self.signing_key_file.clone();
        self.signing_key.is_none().then(|| file.unwrap_or_else(kept))
    }

    /// Another key under the log's name, from a file that is made if it is not there.
    pub fn other_key(&self, file: &Path) -> Result<SigningKey, Wrong> {
        self.key(&seed::kept_or_made(file)?)
    }

    fn key(&self, seed: &[u8; 32]) -> Result<SigningKey, Wrong> {
        SigningKey::from_seed(&self.origin, seed).map_err(|error| Wrong::Value("origin", error.to_string()))
    }
}

fn is_anchor(address: &url::Url) -> bool {
    let is_cloud = CLOUDS.iter().any(|(scheme, _)| *scheme == address.scheme());
    is_cloud || matches!(address.scheme(), "file" | "http" | "https")
}

fn environment() -> impl Provider {
    Env::prefixed("COUNTERSIGN_").ignore(&NOT_OURS)
}

/// Root's home is closed to the user that Postgres runs as, so root keeps its data where services do.
fn default_data() -> Result<PathBuf, Wrong> {
    if nix::unistd::Uid::effective().is_root() {
        return Ok("/var/lib/countersign".into());
    }
    #[expect(clippy::disallowed_methods, reason = "this is where configuration is read")]
    let folder = |name| {
        std::env::var_os(name)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    };
    folder("XDG_DATA_HOME")
        .or_else(|| folder("HOME").map(|home| home.join(".local/share")))
        .map(|share| share.join("countersign"))
        .ok_or_else(|| Wrong::Value("data", "there is no home directory; name a data directory".into()))
}

/// Beside a checkout, else beside the installed program.
fn default_demo() -> PathBuf {
    let here = PathBuf::from("demo");
    let installed = std::env::current_exe().ok().and_then(|program| {
        let share = program.parent()?.parent()?.join("share/countersign/demo");
        share.is_dir().then_some(share)
    });
    if here.join("models").is_dir() {
        here
    } else {
        installed.unwrap_or(here)
    }
}

/// Where the browser part lies and what its files are called: `LEPTOS_*` variables, as cargo-leptos gives them.
pub fn leptos() -> Result<LeptosOptions, Wrong> {
    let defaults = [
        ("output-name", "countersign"),
        ("site-root", "target/site"),
        ("env", "PROD"),
    ];
    let defaults: std::collections::BTreeMap<_, _> = defaults.into_iter().collect();
    let given = Env::prefixed("LEPTOS_").map(|name| match name.as_str() {
        name if name.eq_ignore_ascii_case("hash_file_name") => "hash-file".into(),
        name => name.replace('_', "-").into(),
    });
    Figment::from(Serialized::defaults(defaults))
        .merge(given)
        .extract()
        .map_err(|error| Wrong::Setting(Box::new(error)))
}
