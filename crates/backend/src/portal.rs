//! The door to everything the use cases need: the database, the files, the key and the clock.
use crate::{
    Change, Failure,
    files::{Bucket, Files},
    inbox, person,
    remembered::Remembered,
};
use chrono::{DateTime, Utc};
use domain::{
    Actor, Denied,
    audit::By,
    id::{EvaluationId, PersonId},
    view::evaluation::Change as Moved,
};
use ledger::{cosignature::Quorum, key::SigningKey};
use sqlx::{Connection, PgPool, postgres::PgPoolOptions};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::sync::{Notify, broadcast};

/// A connection that was used this long ago is not asked whether it still stands.
const SURELY_ALIVE: Duration = Duration::from_secs(2);

/// What the portal is started with.
pub struct Settings {
    /// The log's name, such as `portal.example/audit`; the first line of every checkpoint.
    pub origin: String,
    pub key: SigningKey,
    /// Who has to have cosigned a checkpoint before it is published.
    pub quorum: Quorum,
    /// Where files come in, and where they are kept by digest unless there is a bucket.
    pub files: PathBuf,
    pub bucket: Option<Bucket>,
    /// Where artifacts may lie that are named `artifact:…` or `file://…`; nothing else on this machine is read.
    pub artifacts: Vec<PathBuf>,
    pub host: targets::Host,
}

/// Shared by all requests; cloning it is cheap.
#[derive(Clone)]
pub struct Portal(Arc<Inner>);

struct Inner {
    pool: PgPool,
    settings: Settings,
    files: Files,
    clock: Clock,
    sealing: Notify,
    work: Notify,
    computing: Notify,
    news: broadcast::Sender<News>,
    memory: Memory,
}

/// What pages show again and again, and what only an entry of the log can change.
#[derive(Default)]
pub(crate) struct Memory {
    /// How much waits for a person, up to what the number beside "Home" counts to.
    pub waiting: Remembered<PersonId, u32>,
    pub home: Remembered<PersonId, inbox::Waiting>,
    pub models: Remembered<(), i64>,
    pub running: Remembered<(), u64>,
    /// What moved from one frozen report to another.
    pub changes: Remembered<(EvaluationId, EvaluationId), Vec<Moved>>,
}

/// Something changed that an open page may want to show at once.
#[derive(Clone, Copy, Debug)]
pub enum News {
    Deployment(domain::id::DeploymentId),
    /// An evaluation on its way.
    Job(domain::id::JobId),
}

impl Portal {
    pub fn new(pool: PgPool, settings: Settings) -> Result<Self, Failure> {
        let files = Files::open(&settings.files, settings.bucket.as_ref())?;
        Ok(Self(Arc::new(Inner {
            pool,
            files,
            settings,
            clock: Clock::default(),
            sealing: Notify::new(),
            work: Notify::new(),
            computing: Notify::new(),
            news: broadcast::channel(256).0,
            memory: Memory::default(),
        })))
    }

    /// Connects as the role that can't rewrite the record (see the migration of the application's role).
    pub async fn connect(
        options: sqlx::postgres::PgConnectOptions,
        connections: u32,
    ) -> sqlx::Result<PgPool> {
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(5))
            // Asked before each use whether it still stands, a connection would cost every query a second way.
            .test_before_acquire(false)
            .before_acquire(|conn, state| {
                Box::pin(async move {
                    if state.idle_for < SURELY_ALIVE {
                        return Ok(true);
                    }
                    conn.ping().await.map(|()| true)
                })
            })
            .after_connect(|conn, _| {
                Box::pin(async move {
                    sqlx::query!("set role countersign_app")
                        .execute(conn)
                        .await
                        .map(drop)
                })
            })
            .connect_with(options)
            .await
    }

    /// Begins a change on behalf of `actor`, whose duties stand still until it ends. Dropping it undoes everything.
    pub async fn change(&self, actor: &Actor) -> Result<Change<'_>, Failure> {
        let mut change = self.attempt(actor).await?;
        if person::sql::has_duties(change.conn(), actor).await? {
            Ok(change)
        } else {
            Err(Denied::DutiesChanged.into())
        }
    }

    /// Begins the record of something that `actor` was refused, whatever their duties are by now.
    pub(crate) async fn attempt(&self, actor: &Actor) -> Result<Change<'_>, Failure> {
        let by = By {
            id: Some(actor.id),
            name: actor.name.clone(),
        };
        Change::begin(self, by).await
    }

    /// Begins the record of what someone did whom nobody knows.
    pub(crate) async fn strangers_attempt(&self) -> Result<Change<'_>, Failure> {
        let by = By {
            id: None,
            name: "Someone unknown".into(),
        };
        Change::begin(self, by).await
    }

    /// Begins a change that the portal makes by itself: a job, or the command line of whoever owns the machine.
    pub async fn own_change(&self) -> Result<Change<'_>, Failure> {
        Change::begin(
            self,
            By {
                id: None,
                name: "Countersign".into(),
            },
        )
        .await
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Whether the database answers and every migration is in.
    pub async fn is_ready(&self) -> Result<bool, Failure> {
        let applied = sqlx::query_scalar!(r#"select count(*) as "n!" from _sqlx_migrations where success"#);
        let applied = applied.fetch_one(self.pool()).await?;
        Ok(usize::try_from(applied).unwrap_or_default() >= crate::MIGRATOR.iter().count())
    }

    pub fn files(&self) -> &Files {
        &self.0.files
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Tells the story at another time: only the demonstration and the tests have another clock than the machine's.
    pub fn set_clock(&self, at: Option<DateTime<Utc>>) {
        self.0.clock.set(at);
    }

    /// What changed, as it happens.
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.0.news.subscribe()
    }

    pub(crate) fn tell(&self, news: News) {
        let _ = self.0.news.send(news); // nobody may be listening
    }

    pub(crate) fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.0.memory
    }

    pub(crate) fn sealing(&self) -> &Notify {
        &self.0.sealing
    }

    pub(crate) fn work(&self) -> &Notify {
        &self.0.work
    }

    pub(crate) fn computing(&self) -> &Notify {
        &self.0.computing
    }
}

#[derive(Default)]
struct Clock(Mutex<Option<DateTime<Utc>>>);

impl Clock {
    fn set(&self, at: Option<DateTime<Utc>>) {
        if let Ok(mut fixed) = self.0.lock() {
            *fixed = at;
        }
    }

    fn now(&self) -> DateTime<Utc> {
        use chrono::SubsecRound;
        let fixed = self.0.lock().ok().and_then(|fixed| *fixed);
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that asks the machine for the time"
        )]
        // Postgres keeps microseconds; what is digested must read back the same.
        fixed.unwrap_or_else(Utc::now).trunc_subsecs(6)
    }
}
