//! One MLServer: laid out in a folder, started, and watched until it answers for its model.
use super::{
    place::{Place, Ports},
    process::Process,
};
use crate::{Steps, TargetError, failure::doing};
use serde_json::json;
use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

/// Log lines of one start that are passed on as steps; the file keeps all.
const LINES: usize = 400;
const LOG: &str = "server.log";
/// Where in a deployment's folder the artifact lies.
pub(super) const ARTIFACT: &str = "artifact";

/// A server that has been started and isn't known to be healthy: dropped as such, it is killed.
pub(super) struct Starting {
    child: Child,
    pub(super) process: Process,
    folder: PathBuf,
    log: Tail,
    kept: bool,
}

/// MLServer's word for what serves models of a framework.
pub(super) fn implementation(framework: &str) -> Result<&'static str, TargetError> {
    let named = framework.trim().to_ascii_lowercase();
    if named.starts_with("scikit-learn") || named.starts_with("sklearn") {
        return Ok("mlserver_sklearn.SKLearnModel");
    }
    Err(TargetError::Unsuitable(format!(
        "The local target serves scikit-learn models; the framework of this version is {framework:?}.",
    )))
}

/// Writes what MLServer reads.
pub(super) fn lay_out(
    folder: &Path,
    place: &Place,
    version: i64,
    implementation: &str,
    artifact: &str,
    ports: Ports,
) -> io::Result<()> {
    let settings = json!({
        "host": "127.0.0.1", "http_port": ports.http, "grpc_port": ports.grpc, "metrics_port": ports.metrics,
        // One process, so that ending it by its number ends all of it.
        "parallel_workers": 0,
        // Debugging logs every request.
        "debug": false,
        "metrics_dir": folder.join(".metrics"), "environments_dir": folder.join(".envs"),
    });
    let model = json!({
        "name": place.model, "implementation": implementation,
        "parameters": { "uri": folder.join(ARTIFACT).join(artifact), "version": version.to_string() },
    });
    fs::write(folder.join("settings.json"), settings.to_string())?;
    fs::write(folder.join("model-settings.json"), model.to_string())
}

impl Starting {
    /// Starts it in a process group of its own, so that what ends the portal (Ctrl-C in its terminal, its death)
    /// doesn't end serving, and with none of the portal's environment: opening a model runs what is in it.
    pub(super) fn spawn(program: &Path, folder: &Path) -> Result<Self, TargetError> {
        let start = || -> io::Result<Self> {
            let log = File::options().create(true).append(true).open(folder.join(LOG))?;
            let from = log.metadata()?.len();
            let child = Command::new(program)
                .arg("start")
                .arg(folder)
                .current_dir(folder)
                .env_clear()
                .env("PATH", path(program))
                .env("HOME", folder)
                .env("LANG", "C.UTF-8")
                .env("PYTHONUNBUFFERED", "1")
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .process_group(0)
                .spawn()?;
            let pid = child
                .id()
                .and_then(|id| i32::try_from(id).ok())
                .ok_or(io::ErrorKind::NotFound)?;
            let (process, folder) = (Process::of(pid)?, folder.to_owned());
            Ok(Self {
                child,
                process,
                log: Tail::new(folder.join(LOG), from),
                folder,
                kept: false,
            })
        };
        doing(&format!("Starting {}", program.display()), start())
    }

    /// Waits until the server and the model's version in it say that they are ready; logs what it says meanwhile.
    pub(super) async fn ready(
        &mut self,
        http: &reqwest::Client,
        urls: &[String],
        patience: Duration,
        steps: &dyn Steps,
        step: &str,
    ) -> Result<(), TargetError> {
        let until = Instant::now() + patience;
        loop {
            self.log.pass_on(steps, step);
            if let Some(status) = doing("Watching the server", self.child.try_wait())? {
                self.log.pass_on(steps, step);
                return Err(TargetError::NotReady(format!(
                    "The server ended before it was ready ({status}): {}.",
                    self.log.reason(),
                )));
            }
            if are_ready(http, urls).await {
                self.log.pass_on(steps, step);
                return Ok(());
            }
            if Instant::now() > until {
                return Err(TargetError::NotReady(format!(
                    "The server wasn't ready after {} s; it last said: {}.",
                    patience.as_secs(),
                    self.log.reason(),
                )));
            }
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Lets it live on.
    pub(super) fn keep(mut self) -> Process {
        self.kept = true;
        self.process.clone()
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        if !self.kept {
            self.process.kill(&self.folder);
        }
    }
}

pub(super) async fn are_ready(http: &reqwest::Client, urls: &[String]) -> bool {
    for url in urls {
        if !http
            .get(url)
            .send()
            .await
            .is_ok_and(|answer| answer.status().is_success())
        {
            return false;
        }
    }
    true
}

/// The program's own folder first, for what its virtual environment brings.
fn path(program: &Path) -> OsString {
    let mut path = program
        .parent()
        .map(|folder| folder.as_os_str().to_owned())
        .unwrap_or_default();
    path.push(":/usr/local/bin:/usr/bin:/bin");
    path
}

/// Follows a log file. What the server writes goes there rather than through a pipe, which would end with the portal.
struct Tail {
    file: PathBuf,
    from: u64,
    rest: Vec<u8>,
    lines: usize,
    said: Option<String>,
}

impl Tail {
    fn new(file: PathBuf, from: u64) -> Self {
        Self {
            file,
            from,
            rest: Vec::new(),
            lines: 0,
            said: None,
        }
    }

    fn pass_on(&mut self, steps: &dyn Steps, step: &str) {
        if let Err(error) = self.read() {
            tracing::warn!(%error, file = %self.file.display(), "a server's log can't be read");
        }
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.lines += 1;
            match self.lines {
                ..LINES => steps.log(step, &line),
                LINES => steps.log(
                    step,
                    &format!("Further lines are only in {}.", self.file.display()),
                ),
                _ => {}
            }
            if !line.is_empty() && (is_error(&line) || !self.said.as_deref().is_some_and(is_error)) {
                self.said = Some(line.trim().chars().take(300).collect());
            }
        }
    }

    fn read(&mut self) -> io::Result<()> {
        let mut file = File::open(&self.file)?;
        file.seek(SeekFrom::Start(self.from))?;
        self.from += file.take(256 * 1024).read_to_end(&mut self.rest)? as u64;
        Ok(())
    }

    /// The last exception, or else the last line.
    fn reason(&self) -> &str {
        self.said
            .as_deref()
            .map_or("nothing", |line| line.trim_end_matches('.'))
    }
}

/// Whether it is the last line of a Python traceback, such as `KeyError: 'x'`.
fn is_error(line: &str) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    let plain = name
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'));
    plain && (name.ends_with("Error") || name.ends_with("Exception"))
}
