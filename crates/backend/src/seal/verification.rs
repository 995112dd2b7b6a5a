//! The log recomputed against every checkpoint.
use super::{checkpoints, nodes::Nodes, record::Row};
use crate::{Failure, Portal, change::Unrecorded};
use domain::view::audit::Verified;
use ledger::{
    audit::{Stored, Verifier},
    checkpoint,
    merkle::leaf_hash,
    rotation,
};

/// Entries that are held at a time.
const BATCH: i64 = 5_000;

/// Recomputes the whole log against every checkpoint, and writes down what came of it.
pub async fn verify(portal: &Portal) -> Result<Verified, Failure> {
    let outcome = check(portal).await?;
    let verified = Verified {
        size: outcome.as_ref().map_or(0, |whole| super::signed(whole.size)),
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

impl From<Problem> for Broken {
    fn from(problem: Problem) -> Self {
        Self { problem, seq: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error(transparent)]
    Tampered(#[from] ledger::audit::Tampered),
    /// A change of key was made up, or the key that is trusted is none of the log's.
    #[error("what the log says of its keys does not hold: {0}")]
    Keys(rotation::Invalid),
    #[error("the checkpoint that was kept elsewhere is none of this log: {0}")]
    Kept(checkpoint::Invalid),
    /// Written past the log: readers see it, and no checkpoint will ever speak of it.
    #[error("an entry stands in the record but neither in the log nor among those that wait for it")]
    Stray,
    /// Tiles would tell others of another tree.
    #[error("the hash at place {index} of the tiles' level {level} is not what the entries below it make it")]
    Node { level: i16, index: i64 },
    #[error("an entry that waits to be sealed does not agree with its hash")]
    ChangedUnsealed,
    #[error("an entry that waits to be sealed is gone")]
    Gone,
}

/// Whether this portal's key is the log's and signs for it now, as far as it was signed at all.
pub async fn is_own(portal: &Portal) -> Result<bool, Failure> {
    let Some(note) = super::newest(portal).await? else {
        return Ok(true);
    };
    let mut conn = portal.pool().acquire().await?;
    let keys = checkpoints::try_keys(portal, &mut conn).await?;
    let own = portal.settings().key.verifying_key();
    Ok(keys.is_ok_and(|keys| keys.current() == own && keys.verify(&note).is_ok()))
}

/// Recomputes the whole log against every checkpoint, in constant memory.
pub async fn check(portal: &Portal) -> Result<Result<ledger::audit::Verified, Broken>, Failure> {
    check_against(portal, Vec::new()).await
}

/// The same, and against checkpoints that were kept elsewhere: those show a log that was cut back with its own.
pub async fn check_against(
    portal: &Portal,
    kept: Vec<String>,
) -> Result<Result<ledger::audit::Verified, Broken>, Failure> {
    let mut checkpoints = sql::checkpoints(portal.pool()).await?;
    // After the checkpoints: a change of key in between is of a size beyond them.
    let mut conn = portal.pool().acquire().await?;
    let keys = match checkpoints::try_keys(portal, &mut conn).await? {
        Ok(keys) => keys,
        Err(reason) => return Ok(Err(Problem::Keys(reason).into())),
    };
    drop(conn);
    for note in kept {
        match keys.verify(&note) {
            Ok(checkpoint) => checkpoints.push(Stored {
                size: checkpoint.size(),
                note,
            }),
            Err(reason) => return Ok(Err(Problem::Kept(reason).into())),
        }
    }
    let mut verifier = Verifier::new(&keys, checkpoints);
    let mut nodes = Nodes::default();
    let mut next = tokio::spawn(sql::records(portal.pool().clone(), 0));
    loop {
        let records = next.await.map_err(|gone| Failure::Stored(gone.to_string()))??;
        let Some(last) = records.last() else { break };
        // The database looks for the next ones while these are hashed.
        next = tokio::spawn(sql::records(portal.pool().clone(), last.index.saturating_add(1)));
        for row in &records {
            let (text, hash) = row.judged()?;
            let index = row.index.unsigned_abs();
            let completed = |height, root| nodes.completed(index, height, root);
            if let Err(problem) = verifier.entry_telling(index, &text, hash, completed) {
                return Ok(Err(Broken {
                    problem: problem.into(),
                    seq: Some(row.seq),
                }));
            }
        }
    }
    let whole = match verifier.finish() {
        Ok(whole) => whole,
        Err(problem) => return Ok(Err(Problem::from(problem).into())),
    };
    if let Some((level, index)) = sql::other_node(portal.pool(), &nodes).await? {
        return Ok(Err(Problem::Node { level, index }.into()));
    }
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
    if let Some(seq) = sql::gone(portal.pool()).await? {
        let problem = Problem::Gone;
        return Ok(Some(Broken {
            problem,
            seq: Some(seq),
        }));
    }
    for row in sql::waiting(portal.pool()).await? {
        let (text, hash) = row.judged()?;
        if leaf_hash(&text) != hash {
            return Ok(Some(Broken {
                problem: Problem::ChangedUnsealed,
                seq: Some(row.seq),
            }));
        }
    }
    Ok(None)
}

mod sql {
    use super::{BATCH, Nodes, Row, Stored, Verified};
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

    /// An entry that waits, and isn't there any more.
    pub async fn gone(pool: &PgPool) -> Result<Option<i64>> {
        query_scalar!(
            "select seq from unsealed_entries where not exists (select from audit_entries e where e.seq = unsealed_entries.seq) limit 1"
        )
        .fetch_optional(pool)
        .await
    }

    /// The first of these nodes that is missing or another one.
    pub async fn other_node(pool: &PgPool, due: &Nodes) -> Result<Option<(i16, i64)>> {
        let other = query!(
            r#"
            select level as "level!", index as "index!"
            from unnest($1::smallint[], $2::bigint[], $3::bytea[]) due (level, index, hash)
            left join log_nodes n using (level, index)
            where n.hash is distinct from due.hash
            order by level, index limit 1
            "#,
            &due.levels,
            &due.indexes,
            &due.hashes,
        );
        let other = other.fetch_optional(pool).await?;
        Ok(other.map(|other| (other.level, other.index)))
    }

    /// Entries that wait for their place.
    pub async fn waiting(pool: &PgPool) -> Result<Vec<Row>> {
        query_as!(
            Row,
            r#"
            select 0::bigint as "index!", e.seq, e.at, e.actor, e.actor_name, e.action, e.outcome, e.subject_kind, e.subject_id,
                   e.sentence, e.model, e.release, e.canonical, e.leaf_hash, e.leaf_hash as sealed_hash
            from unsealed_entries u join audit_entries e using (seq) order by e.seq limit $1
            "#,
            BATCH,
        )
        .fetch_all(pool)
        .await
    }

    /// Entries in the order of the tree.
    pub async fn records(pool: PgPool, from: i64) -> Result<Vec<Row>> {
        query_as!(
            Row,
            r#"
            select l.index, e.seq, e.at, e.actor, e.actor_name, e.action, e.outcome, e.subject_kind, e.subject_id, e.sentence,
                   e.model, e.release, e.canonical, e.leaf_hash, l.leaf_hash as sealed_hash
            from log_leaves l join audit_entries e using (seq)
            where l.index >= $1 order by l.index limit $2
            "#,
            from,
            BATCH,
        )
        .fetch_all(&pool)
        .await
    }
}
