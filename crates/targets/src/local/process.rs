//! A server's process, known by more than a number that may come to mean another one.
use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::Path, time::Duration};
use tokio::time::{Instant, sleep};

/// How long a killed process may take to be gone.
const KILLED: Duration = Duration::from_secs(5);

/// A process as it can be recognised after the portal, or the machine, was restarted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Process {
    pid: i32,
    /// Clock ticks from boot to its start (`/proc/<pid>/stat`, field 22).
    started: u64,
    /// Which boot (`/proc/sys/kernel/random/boot_id`).
    boot: String,
}

impl Process {
    /// The process that has this number now.
    pub(super) fn of(pid: i32) -> io::Result<Self> {
        let (_, started) = stat(pid)?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id")?
            .trim()
            .to_owned();
        Ok(Self { pid, started, boot })
    }

    /// Every process that serves the folder.
    pub(super) fn serving(folder: &Path) -> Vec<Self> {
        let Ok(processes) = fs::read_dir("/proc") else {
            return Vec::new();
        };
        processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| serves(*pid, folder))
            .filter_map(|pid| Self::of(pid).ok())
            .filter(|process| process.is_serving(folder))
            .collect()
    }

    /// Whether it still runs, and is the server of that folder rather than a stranger with the same number.
    pub(super) fn is_serving(&self, folder: &Path) -> bool {
        let alive = stat(self.pid).is_ok_and(|(state, _)| !matches!(state, 'Z' | 'X'));
        alive && Self::of(self.pid).is_ok_and(|now| now == *self) && serves(self.pid, folder)
    }

    /// Asks it to end, and after the grace makes it.
    pub(super) async fn stop(&self, folder: &Path, grace: Duration) -> io::Result<()> {
        for (signal, patience) in [(Signal::SIGTERM, grace), (Signal::SIGKILL, KILLED)] {
            if !self.is_serving(folder) {
                return Ok(());
            }
            match kill(Pid::from_raw(self.pid), signal) {
                Ok(()) | Err(Errno::ESRCH) => {}
                Err(errno) => return Err(errno.into()),
            }
            let until = Instant::now() + patience;
            while self.is_serving(folder) && Instant::now() < until {
                sleep(Duration::from_millis(25)).await;
            }
        }
        if self.is_serving(folder) {
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                format!("process {} does not end", self.pid),
            ));
        }
        Ok(())
    }

    /// Ends it at once; for where nobody can wait.
    pub(super) fn kill(&self, folder: &Path) {
        if self.is_serving(folder) {
            let _ = kill(Pid::from_raw(self.pid), Signal::SIGKILL);
        }
    }
}

/// State and start of a process. The name in brackets may itself hold brackets and spaces.
fn stat(pid: i32) -> io::Result<(char, u64)> {
    let line = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let parsed = line.rsplit_once(')').and_then(|(_, rest)| {
        let fields: Vec<&str> = rest.split_whitespace().collect();
        Some((fields.first()?.chars().next()?, fields.get(19)?.parse().ok()?))
    });
    parsed.ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("/proc/{pid}/stat can't be read"),
        )
    })
}

/// Whether its command line is `… start <folder>`.
fn serves(pid: i32, folder: &Path) -> bool {
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words: Vec<&[u8]> = words
        .split(|byte| *byte == 0)
        .filter(|word| !word.is_empty())
        .collect();
    matches!(words.as_slice(), [.., b"start", last] if *last == folder.as_os_str().as_encoded_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Stdio;
    use tokio::process::Command;

    /// A shell that answers to no SIGTERM, with a command line like a server's.
    fn stubborn(folder: &Path) -> (tokio::process::Child, Process) {
        let script = "trap '' TERM; read -r line";
        let mut shell = Command::new("sh");
        shell
            .args(["-c", script, "sh", "start"])
            .arg(folder)
            .stdin(Stdio::piped())
            .kill_on_drop(true);
        let child = shell.spawn().unwrap();
        let process = Process::of(i32::try_from(child.id().unwrap()).unwrap()).unwrap();
        (child, process)
    }

    #[tokio::test]
    async fn a_server_that_ignores_the_request_to_end_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (_child, process) = stubborn(folder);
        while !process.is_serving(folder) {
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(Process::serving(folder), std::slice::from_ref(&process));

        process.stop(folder, Duration::from_millis(200)).await.unwrap();
        assert!(!process.is_serving(folder));
        process.stop(folder, Duration::ZERO).await.unwrap();
    }

    #[tokio::test]
    async fn a_stranger_with_the_same_number_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let (_child, process) = stubborn(folder);
        while !process.is_serving(folder) {
            sleep(Duration::from_millis(5)).await;
        }
        let earlier = Process {
            started: process.started - 1,
            ..process.clone()
        };
        let other_boot = Process {
            boot: "another".to_owned(),
            ..process.clone()
        };
        for stranger in [earlier, other_boot] {
            stranger.stop(folder, Duration::ZERO).await.unwrap();
        }
        process
            .stop(Path::new("/nowhere/else"), Duration::ZERO)
            .await
            .unwrap();
        assert!(process.is_serving(folder));
    }
}
