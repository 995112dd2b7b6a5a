//! The program itself, on the stage's database.
use super::{ORIGIN, SEED, Stage};
use base64::{Engine, engine::general_purpose::STANDARD};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use sqlx::ConnectOptions;
use std::{
    path::Path,
    process::{Child, Command},
};
use tempfile::TempDir;

/// The program with the stage's key and this data directory.
pub fn program(stage: &Stage, data: &Path) -> Command {
    let mut command = without_key(stage, data);
    command.env("COUNTERSIGN_SIGNING_KEY", STANDARD.encode(SEED));
    command
}

/// The program with whatever key the data directory holds.
pub fn without_key(stage: &Stage, data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .env(
            "DATABASE_URL",
            stage.owner.connect_options().to_url_lossy().as_str(),
        )
        .env("COUNTERSIGN_DATA", data)
        .env("COUNTERSIGN_LISTEN", "127.0.0.1:0")
        .env("COUNTERSIGN_ORIGIN", ORIGIN)
        .env("COUNTERSIGN_LOG", "error");
    command
}

/// A portal of its own process, as a service manager runs it. It ends with this.
pub struct Process {
    child: Child,
    _data: TempDir,
}

impl Process {
    /// Postgres knows its connections by this name.
    pub fn start(stage: &Stage, name: &str, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut url = stage.owner.connect_options().to_url_lossy();
        url.query_pairs_mut().append_pair("application_name", name);
        let child = program(stage, data.path())
            .arg("serve")
            .env("DATABASE_URL", url.as_str())
            .envs(settings.iter().copied())
            .spawn()
            .unwrap();
        Self { child, _data: data }
    }

    pub fn send(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), signal).unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}
