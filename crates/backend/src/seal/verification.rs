//! The log recomputed against every checkpoint.
use super::{ROUND, signed, stored_digest};
use crate::{Failure, Portal, change::Unrecorded};
use domain::view::audit::Verified;
use ledger::{
    audit::{Record, Stored, Verifier},
    checkpoint::Checkpoint,
    digest::Digest,
    merkle::leaf_hash,
    rotation::Keys,
};

/// Recomputes the whole log against every checkpoint, and writes down what came of it.
pub async fn verify(portal: &Portal) -> Result<Verified, Failure> {
    let outcome = check(portal).await?;
    let verified = Verified {
        size: outcome.as_ref().map_or(0, |whole| signed(whole.size)),
        at: portal.now(),
        problem: outcome.err().map(|problem| problem.to_string()),
    };
    let mut change = portal.own_change().await?;
    sql::verification(change.conn(), &verified).await?;
    change.keep(Unrecorded::Log).await?;
    Ok(verified)
}

/// What is wrong, with the entry named as people know it.
#[derive(Debug, thiserror::Error)]
#[error("{problem}{}", .seq.map_or_else(String::new, |seq| format!(" (audit entry {seq})")))]
pub struct Broken {
    pub problem: Problem,
    /// The `seq` of the entry, where it is still there.
    pub seq: Option<i64>,
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Tampered(#[from] ledger::audit::Tampered),
    /// Written past the log: readers see it, and no checkpoint will ever speak of it.
    #[error("an entry stands in the record but neither in the log nor among those that wait for it")]
    Stray,
    #[error("an entry that waits to be sealed does not agree with its hash")]
    ChangedUnsealed,
}

/// Whether the log was signed with this portal's key and under its name, as far as it was signed at all.
pub async fn is_own(portal: &Portal) -> Result<bool, Failure> {
    let settings = portal.settings();
    Ok(match super::checkpoint(portal).await? {
        Some(note) => Checkpoint::verify(&note, settings.key.verifying_key(), &settings.origin).is_ok(),
        None => true,
    })
}

/// Recomputes the whole log against every checkpoint, in constant memory.
pub async fn check(portal: &Portal) -> Result<Result<ledger::audit::Verified, Broken>, Failure> {
    check_against(portal, Vec::new()).await
}

/// The same, and against checkpoints that were kept elsewhere: those show a log that was cut back with its own.
pub async fn check_against(
    portal: &Portal,
    kept: Vec<Stored>,
) -> Result<Result<ledger::audit::Verified, Broken>, Failure> {
    let settings = portal.settings();
    let mut checkpoints = sql::checkpoints(portal.pool()).await?;
    checkpoints.extend(kept);
    let keys = Keys::new(&settings.origin, settings.key.verifying_key().clone());
    let mut verifier = Verifier::new(&keys, checkpoints);
    let mut from = 0;
    loop {
        let records = sql::records(portal.pool(), from, ROUND).await?;
        let Some(last) = records.last() else { break };
        from = last.index + 1;
        for stored in &records {
            let Record {
                index,
                canonical,
                stored: hash,
            } = stored.record()?;
            if let Err(problem) = verifier.entry(index, &canonical, hash) {
                return Ok(Err(Broken {
                    problem: problem.into(),
                    seq: Some(stored.seq),
                }));
            }
        }
    }
    let whole = match verifier.finish() {
        Ok(whole) => whole,
        Err(problem) => {
            let problem = problem.into();
            return Ok(Err(Broken { seq: None, problem }));
        }
    };
    Ok(match outside(portal).await? {
        Some(broken) => Err(broken),
        None => Ok(whole),
    })
}

/// What is wrong with the entries that are not in the tree.
async fn outside(portal: &Portal) -> Result<Option<Broken>, Failure> {
    if let Some(seq) = sql::stray(portal.pool()).await? {
        let problem = Problem::Stray;
        return Ok(Some(Broken {
            problem,
            seq: Some(seq),
        }));
    }
    for stored in sql::waiting(portal.pool(), ROUND).await? {
        let Record {
            canonical,
            stored: hash,
            ..
        } = stored.record()?;
        if leaf_hash(&canonical) != hash {
            return Ok(Some(Broken {
                problem: Problem::ChangedUnsealed,
                seq: Some(stored.seq),
            }));
        }
    }
    Ok(None)
}

mod sql {
    use super::{Digest, Failure, Record, Stored, Verified, leaf_hash, stored_digest};
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde_json::{Value, json};
    use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};

    pub async fn verification(conn: &mut PgConnection, verified: &Verified) -> Result<()> {
        let insert = query!(
            "insert into verifications (at, size, problem) values ($1, $2, $3)",
            verified.at,
            verified.size,
            verified.problem
        );
        insert.execute(conn).await.map(drop)
    }

    pub async fn checkpoints(pool: &PgPool) -> Result<Vec<Stored>> {
        let rows = query!("select size, note from checkpoints order by size")
            .fetch_all(pool)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| Stored {
                size: row.size.unsigned_abs(),
                note: row.note,
            })
            .collect())
    }

    pub struct Row {
        pub index: i64,
        pub seq: i64,
        at: DateTime<Utc>,
        actor: Option<uuid::Uuid>,
        actor_name: String,
        action: String,
        outcome: String,
        subject_kind: String,
        subject_id: String,
        sentence: String,
        model: Option<String>,
        release: Option<i64>,
        canonical: String,
        leaf_hash: Vec<u8>,
        sealed_hash: Vec<u8>,
    }

    impl Row {
        /// The entry as it has to be judged. The searched columns and the canonical text say the same twice, and a forger
        /// may change either: whichever disagrees with the hash is handed to the verifier.
        pub fn record(&self) -> Result<Record, Failure> {
            let text = self.canonical.as_bytes();
            let stored = stored_digest(&self.leaf_hash)?;
            let canonical = if leaf_hash(text) == stored {
                self.rebuilt()?
            } else {
                text.to_vec()
            };
            let sealed = stored_digest(&self.sealed_hash)?;
            // The hash in the tree is the one that was signed for; the one beside the entry must be the same.
            let stored: Digest = if leaf_hash(&canonical) == stored {
                sealed
            } else {
                stored
            };
            Ok(Record {
                index: self.index.unsigned_abs(),
                canonical,
                stored,
            })
        }

        fn rebuilt(&self) -> Result<Vec<u8>, Failure> {
            let mut whole: Value = serde_json::from_str(&self.canonical)?;
            whole["seq"] = json!(self.seq);
            whole["at"] = json!(self.at.to_rfc3339_opts(SecondsFormat::Micros, true));
            whole["actor"] = json!({ "id": self.actor, "name": self.actor_name });
            whole["action"] = json!(self.action);
            whole["outcome"] = json!(self.outcome);
            whole["subject"] = json!({ "kind": self.subject_kind, "id": self.subject_id });
            whole["sentence"] = json!(self.sentence);
            whole["model"] = json!(self.model);
            whole["release"] = json!(self.release);
            Ok(ledger::canonical::to_vec(&whole)?)
        }
    }

    /// An entry that is in neither place where entries belong.
    pub async fn stray(pool: &PgPool) -> Result<Option<i64>> {
        query_scalar!(
            r#"
            select e.seq from audit_entries e
            where not exists (select from log_leaves l where l.seq = e.seq)
              and not exists (select from unsealed_entries u where u.seq = e.seq)
            order by e.seq limit 1
            "#
        )
        .fetch_optional(pool)
        .await
    }

    /// Entries that wait for their place.
    pub async fn waiting(pool: &PgPool, limit: i64) -> Result<Vec<Row>> {
        query_as!(
            Row,
            r#"
            select 0::bigint as "index!", e.seq, e.at, e.actor, e.actor_name, e.action, e.outcome, e.subject_kind, e.subject_id,
                   e.sentence, e.model, e.release, e.canonical, e.leaf_hash, e.leaf_hash as sealed_hash
            from unsealed_entries u join audit_entries e using (seq) order by e.seq limit $1
            "#,
            limit,
        )
        .fetch_all(pool)
        .await
    }

    pub async fn records(pool: &PgPool, from: i64, limit: i64) -> Result<Vec<Row>> {
        query_as!(
            Row,
            r#"
            select l.index, e.seq, e.at, e.actor, e.actor_name, e.action, e.outcome, e.subject_kind, e.subject_id, e.sentence,
                   e.model, e.release, e.canonical, e.leaf_hash, l.leaf_hash as sealed_hash
            from log_leaves l join audit_entries e using (seq)
            where l.index >= $1 order by l.index limit $2
            "#,
            from,
            limit,
        )
        .fetch_all(pool)
        .await
    }
}
