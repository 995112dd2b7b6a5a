//! A unit of work that cannot end without an audit entry.
use crate::{Failure, Portal, audit};
use chrono::{DateTime, Utc};
use domain::audit::{By, Event};
use sqlx::{PgConnection, Postgres, Transaction};

pub struct Change<'a> {
    portal: &'a Portal,
    tx: Transaction<'static, Postgres>,
    by: By,
    now: DateTime<Utc>,
}

impl<'a> Change<'a> {
    pub(crate) async fn begin(portal: &'a Portal, by: By) -> Result<Self, Failure> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that begins a transaction"
        )]
        let tx = portal.pool().begin().await?;
        Ok(Self {
            portal,
            tx,
            by,
            now: portal.now(),
        })
    }

    /// The time of everything in this change.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub(crate) fn conn(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Records one of several events of this change.
    pub async fn record(&mut self, event: &impl Event) -> Result<Recorded, Failure> {
        let seq = audit::append(&mut self.tx, &self.by, self.now, event, audit::Outcome::Done).await?;
        Ok(Recorded(seq))
    }

    /// Records what happened, then commits. There is no other commit.
    pub async fn commit(mut self, event: &impl Event) -> Result<(), Failure> {
        self.record(event).await?;
        self.finish().await
    }

    /// Commits a change whose entries are written already, in the order in which things happened.
    pub(crate) async fn commit_recorded(self, _: Recorded) -> Result<(), Failure> {
        self.finish().await
    }

    /// Records an attempt that was refused; the only thing such a transaction holds.
    pub(crate) async fn commit_refusal(mut self, refused: &domain::audit::Refused) -> Result<(), Failure> {
        audit::append(&mut self.tx, &self.by, self.now, refused, audit::Outcome::Refused).await?;
        self.finish().await
    }

    /// Keeps what is no event of the record: drafts, the steps of a job, expired rows.
    pub(crate) async fn keep(self, _: Unrecorded) -> Result<(), Failure> {
        self.finish().await
    }

    async fn finish(self) -> Result<(), Failure> {
        #[expect(clippy::disallowed_methods, reason = "the one commit")]
        self.tx.commit().await?;
        self.portal.sealing().notify_one();
        Ok(())
    }
}

/// Proof that this change has an audit entry. Only recording one makes it.
#[derive(Debug)]
pub struct Recorded(i64);

impl Recorded {
    /// The entry's sequence number.
    pub(crate) fn seq(&self) -> i64 {
        self.0
    }
}

/// Why a change needs no audit entry. Each is named, so that the list stays short and is seen when it grows.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unrecorded {
    /// A draft is not yet said.
    Draft,
    /// The log's own tree, and the portal's own look at it.
    Log,
    /// A job took up its work; what comes of it is recorded.
    Lease,
    /// Somebody tries a password; what comes of it is recorded.
    Attempt,
    /// A file waits to be evaluated; what comes of it is recorded.
    Waiting,
}
