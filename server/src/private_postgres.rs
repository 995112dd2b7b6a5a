//! A Postgres of the portal's own, for when no `DATABASE_URL` is set: nothing to install, nothing to configure.
//!
//! It listens on a Unix socket only. Postgres refuses to run as root, so then it runs as `postgres` (else `nobody`), which
//! owns the data; peer authentication could not work across that change, so the socket lies in a folder of that user's
//! (root passes) and the cluster trusts who comes through it. A lock tells a second portal that there is one already. If
//! the portal is killed, the kernel asks Postgres to stop; what is left over all the same is stopped at the next start.
use anyhow::{Context, Result, bail, ensure};
use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User, chown},
};
use sqlx::{
    ConnectOptions, Connection,
    postgres::{PgConnectOptions, PgConnection},
};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::process::{Child, Command};

/// The superuser of the cluster, and the database in it.
const NAME: &str = "countersign";
/// Steps of 100 ms to wait for a start or an end.
const PATIENCE: usize = 300;

/// The server, running. [`stop`](Self::stop) ends it cleanly.
pub struct PrivatePostgres {
    child: Child,
    /// Held for as long as this process uses the cluster.
    _lock: fs::File,
}

/// The folder of a cluster and what lies in it.
struct Place {
    root: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    log: PathBuf,
    /// Whom Postgres runs as, where that is someone else.
    user: Option<User>,
}

/// How to reach a cluster that another process runs in this folder; none where none does.
pub fn running(root: &Path) -> Option<PgConnectOptions> {
    let root = root.canonicalize().ok()?;
    let lock = fs::File::open(root.join("lock")).ok()?;
    // Locked: someone holds it. What we may have taken here is given back on return.
    lock.try_lock().is_err().then(|| options(&root.join("run")))
}

fn options(socket: &Path) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .username(NAME)
        .database(NAME)
}

impl PrivatePostgres {
    /// Starts the cluster in this folder, and makes it first if it is not there.
    ///
    /// To be awaited on the main thread: should that thread end, the kernel stops Postgres.
    pub async fn start(root: &Path) -> Result<(Self, PgConnectOptions)> {
        let programs = programs()?;
        let place = Place::prepare(root)?;
        let lock = fs::File::create(place.root.join("lock"))?;
        ensure!(
            lock.try_lock().is_ok(),
            "another portal is using {}; stop it, or choose another data directory",
            place.root.display()
        );
        place.stop_orphan().await?;
        if !place.data.join("PG_VERSION").exists() {
            tracing::info!("making a database in {}", place.data.display());
            place.initialise(&programs).await?;
        }
        let child = place.spawn(&programs)?;
        let mut server = Self { child, _lock: lock };
        let options = options(&place.socket);
        match server.first_connection(&place, &options).await {
            Ok(()) => Ok((server, options)),
            Err(error) => {
                if let Err(also) = server.stop().await {
                    tracing::warn!("{also:#}");
                }
                Err(error)
            }
        }
    }

    /// Waits until it answers, and makes the database if it is not there.
    async fn first_connection(&mut self, place: &Place, options: &PgConnectOptions) -> Result<()> {
        let maintenance = options.clone().database("postgres").disable_statement_logging();
        let mut tries = 0;
        let mut connection = loop {
            if let Some(status) = self.child.try_wait()? {
                let log = fs::read_to_string(&place.log).unwrap_or_default();
                bail!("the private Postgres ended ({status}):\n{}", last_lines(&log));
            }
            match maintenance.connect().await {
                Ok(connection) => break connection,
                Err(error) if tries >= PATIENCE => bail!("the private Postgres does not answer: {error}"),
                Err(_) => tries += 1,
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        make_database(&mut connection).await?;
        connection.close().await?;
        Ok(())
    }

    /// Ends it: open transactions are rolled back, a checkpoint is written.
    pub async fn stop(mut self) -> Result<()> {
        if let Some(pid) = self.child.id() {
            interrupt(i32::try_from(pid)?)?;
        }
        let Ok(status) = tokio::time::timeout(Duration::from_secs(30), self.child.wait()).await else {
            self.child.kill().await?;
            bail!(
                "the private Postgres did not end within 30 seconds and was killed; nothing committed is lost"
            );
        };
        let status = status?;
        ensure!(
            status.success(),
            "the private Postgres did not end cleanly ({status})"
        );
        Ok(())
    }
}

async fn make_database(connection: &mut PgConnection) -> Result<()> {
    let there: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(NAME)
        .fetch_one(&mut *connection)
        .await?;
    if !there {
        // The name is a constant: `create database` takes no parameter.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("create database {NAME}")))
            .execute(connection)
            .await?;
    }
    Ok(())
}

impl Place {
    fn prepare(root: &Path) -> Result<Self> {
        let user = run_as()?;
        fs::create_dir_all(root).with_context(|| format!("making {}", root.display()))?;
        let root = root.canonicalize()?;
        if let Some(user) = &user {
            passable(&root, user)?;
        }
        let place = Self {
            data: root.join("data"),
            socket: root.join("run"),
            log: root.join("log"),
            root,
            user,
        };
        let path = place.socket.as_os_str().len();
        ensure!(
            path < 90,
            "{} is too long for a Unix socket: choose a shorter path",
            place.socket.display()
        );
        place.own(&place.data)?;
        place.own(&place.socket)?;
        Ok(place)
    }

    fn own(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        if let Some(user) = &self.user {
            chown(folder, Some(user.uid), Some(user.gid))?;
        }
        Ok(())
    }

    /// A program run as the right user, with nothing of this process's environment.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .env("PATH", "/usr/bin:/bin")
            .current_dir("/");
        command.stdin(Stdio::null());
        if let Some(user) = &self.user {
            // Root's supplementary groups go with its user.
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        command
    }

    async fn initialise(&self, programs: &Path) -> Result<()> {
        let made = self
            .command(&programs.join("initdb"))
            .args(["--pgdata".as_ref(), self.data.as_os_str()])
            .args([
                "--username",
                NAME,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .output()
            .await
            .context("starting initdb")?;
        ensure!(
            made.status.success(),
            "initdb failed:\n{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Ok(())
    }

    fn spawn(&self, programs: &Path) -> Result<Child> {
        let mut command = self.mortal(&programs.join("postgres"));
        command
            .arg("-D")
            .arg(&self.data)
            .arg("-k")
            .arg(&self.socket)
            .args(["-c", "listen_addresses=", "-c", "unix_socket_permissions=0700", "-c", "logging_collector=off"])
            .stdout(Stdio::from(fs::File::create(&self.log)?))
            .stderr(Stdio::from(fs::OpenOptions::new().append(true).open(&self.log)?))
            // Ctrl-C in the terminal must not reach it before the portal has let go.
            .process_group(0)
            .kill_on_drop(false);
        command.spawn().context("starting postgres")
    }

    /// A command for a program that the kernel interrupts when this process dies. Asked for by `setpriv`, after the
    /// change of user that would clear it; where there is none, the next start finds the orphan.
    fn mortal(&self, program: &Path) -> Command {
        let setpriv = Path::new("/usr/bin/setpriv");
        if !setpriv.is_file() {
            tracing::warn!(
                "there is no {}: a killed portal leaves its database running",
                setpriv.display()
            );
            return self.command(program);
        }
        let mut command = self.command(setpriv);
        command.args(["--pdeathsig", "INT", "--"]).arg(program);
        command
    }

    /// The lock is ours, so a Postgres still on this data was left by a portal that was killed.
    async fn stop_orphan(&self) -> Result<()> {
        let Some(pid) = self.postmaster() else {
            return Ok(());
        };
        let ours = fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| {
            line.split(|byte| *byte == 0)
                .any(|word| word == self.data.as_os_str().as_encoded_bytes())
        });
        if !ours {
            return Ok(()); // an old file, which Postgres itself deals with
        }
        tracing::warn!("stopping a database that a killed portal left running (process {pid})");
        interrupt(pid)?;
        for _ in 0..PATIENCE {
            if self.postmaster().is_none() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the database that was left running (process {pid}) does not stop; end it, then start again")
    }

    fn postmaster(&self) -> Option<i32> {
        let file = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        file.lines().next()?.trim().parse().ok()
    }
}

/// "Fast shutdown", in Postgres' words.
fn interrupt(pid: i32) -> Result<()> {
    Ok(kill(Pid::from_raw(pid), Signal::SIGINT)?)
}

/// Every folder above must let the user through: root's home would not.
fn passable(root: &Path, user: &User) -> Result<()> {
    fs::set_permissions(root, fs::Permissions::from_mode(0o755))?;
    for folder in root.ancestors() {
        let mode = fs::metadata(folder)?.permissions().mode();
        ensure!(
            mode & 0o001 != 0,
            "{} is closed to the user {}, whom Postgres runs as: choose another data directory",
            folder.display(),
            user.name
        );
    }
    Ok(())
}

/// Whom to run the database as: nobody else, unless this is root.
fn run_as() -> Result<Option<User>> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        if let Some(user) = User::from_name(name)? {
            return Ok(Some(user));
        }
    }
    bail!(
        "this is root, and there is neither a user “postgres” nor “nobody” to run Postgres as: create one, or set DATABASE_URL"
    )
}

/// The programs of the newest Postgres on this machine.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| {
            Some((
                entry.file_name().to_str()?.parse().ok()?,
                entry.path().join("bin"),
            ))
        })
        .collect();
    found.sort();
    let elsewhere = [
        "/usr/local/pgsql/bin",
        "/usr/local/bin",
        "/usr/bin",
        "/opt/homebrew/bin",
    ]
    .map(PathBuf::from);
    found
        .into_iter()
        .rev()
        .map(|(_, folder)| folder)
        .chain(elsewhere)
        .find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
        .context("there is no Postgres on this machine: install it (on Debian: apt-get install postgresql), or set DATABASE_URL")
}

fn last_lines(log: &str) -> String {
    let lines: Vec<&str> = log.lines().rev().take(10).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}
