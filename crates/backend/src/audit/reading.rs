//! What is read of the log: pages, exports, histories, and how far it has got.
use crate::{Failure, Portal, remembered::AsOf, seal};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{
    Actor,
    refusal::Invalid,
    view::audit::{Entry, Filter, Log, Verified},
};
use futures::{Stream, stream};

/// How many entries a page of the log shows.
const PAGE: i64 = 50;
/// How many entries an export reads at a time.
const EXPORTED: i64 = 1_000;

/// Whether anything of this kind was ever written down.
pub async fn has(portal: &Portal, action: &str) -> Result<bool, Failure> {
    Ok(sql::has(portal.pool(), action).await?)
}

/// A page of the log. Everyone who is signed in may read it: the record is there to be seen.
pub async fn log(portal: &Portal, _: &Actor, filter: &Filter) -> Result<Log, Failure> {
    let mut entries = sql::page(portal.pool(), &Wanted::of(filter)?, PAGE + 1).await?;
    let more = i64::try_from(entries.len()).unwrap_or_default() > PAGE;
    entries.truncate(usize::try_from(PAGE).unwrap_or_default());
    let next = more.then(|| entries.last().map(|entry| entry.seq)).flatten();
    let checkpoint = match seal::published(portal).await? {
        None => seal::newest(portal).await?,
        published => published,
    };
    Ok(Log {
        key: portal.settings().key.verifying_key().to_string(),
        entries,
        next,
        verified: head(portal).await?.1,
        unsealed: sql::unsealed(portal.pool()).await?,
        checkpoint,
        witnesses: seal::witnesses::standing(portal).await?,
    })
}

/// The whole selection for an export, newest first, read while it is sent.
pub fn export(
    portal: Portal,
    _: &Actor,
    filter: &Filter,
) -> Result<impl Stream<Item = Result<Vec<Entry>, Failure>> + Send + use<>, Failure> {
    let wanted = Wanted::of(filter)?;
    Ok(stream::try_unfold(Some(wanted), move |wanted| {
        let portal = portal.clone();
        async move {
            let Some(wanted) = wanted else { return Ok(None) };
            let entries = sql::page(portal.pool(), &wanted, EXPORTED).await?;
            let last = entries.last().map(|entry| entry.seq);
            let next = last.map(|before| Wanted {
                before: Some(before),
                ..wanted
            });
            Ok(last.map(|_| (entries, next)))
        }
    }))
}

/// A filter, read.
struct Wanted {
    before: Option<i64>,
    person: Option<String>,
    action: Option<String>,
    model: Option<String>,
    release: Option<i64>,
    outcome: Option<String>,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
}

impl Wanted {
    fn of(filter: &Filter) -> Result<Self, Invalid> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        // What people type is no pattern.
        let plain = |part: &str| {
            text(part).map(|text| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
        };
        let number = |field: &str, part: &str| {
            let wrong = |_| Invalid::new(field, "Give a number.");
            text(part).map(|text| text.parse().map_err(wrong)).transpose()
        };
        let day = |field: &str, part: &str| {
            let wrong = |_| Invalid::new(field, "Give the date as 2026-11-23.");
            text(part)
                .map(|text| text.parse::<NaiveDate>().map_err(wrong))
                .transpose()
        };
        let start = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        Ok(Self {
            before: number("before", &filter.before)?,
            person: plain(&filter.person),
            action: plain(&filter.action),
            model: text(&filter.model),
            release: number("release", &filter.release)?,
            outcome: text(&filter.outcome),
            from: day("from", &filter.from)?.map(start),
            to: day("to", &filter.to)?.and_then(|day| day.succ_opt()).map(start),
        })
    }
}

/// How far the log has got, and how far it was last recomputed and found whole or not.
pub(crate) async fn head(portal: &Portal) -> Result<(AsOf, Option<Verified>), Failure> {
    let (entries, verified) = sql::head(portal.pool()).await?;
    let at = portal.now();
    Ok((AsOf { entries, at }, verified))
}

/// The newest entries of a release's or a model's history.
pub(crate) async fn of_release(portal: &Portal, release: i64) -> Result<Vec<Entry>, Failure> {
    Ok(sql::of_release(portal.pool(), release).await?)
}

pub(crate) async fn of_model(portal: &Portal, model: &str) -> Result<Vec<Entry>, Failure> {
    Ok(sql::of_model(portal.pool(), model).await?)
}

/// The newest entries of a version's history: what was done to it, added to it, and asked and decided of it.
pub(crate) async fn of_version(
    portal: &Portal,
    model: &str,
    number: i32,
    version: i64,
) -> Result<Vec<Entry>, Failure> {
    Ok(sql::of_version(portal.pool(), &format!("{model}/{number}"), version).await?)
}

mod sql {
    use super::{Entry, Verified, Wanted};
    use chrono::{DateTime, Utc};
    use serde_json::Value;
    use sqlx::{PgPool, Result, query, query_as, query_scalar};

    struct Row {
        seq: i64,
        at: DateTime<Utc>,
        actor_name: String,
        action: String,
        outcome: String,
        sentence: String,
        subject_kind: String,
        subject_id: String,
        model: Option<String>,
        release: Option<i64>,
        canonical: String,
        leaf_hash: Vec<u8>,
        index: Option<i64>,
    }

    impl From<Row> for Entry {
        fn from(row: Row) -> Self {
            let mut whole: Value = serde_json::from_str(&row.canonical).unwrap_or_default();
            Self {
                seq: row.seq,
                at: row.at,
                actor_name: row.actor_name,
                action: row.action,
                refused: row.outcome == "refused",
                sentence: row.sentence,
                subject_kind: row.subject_kind,
                subject_id: row.subject_id,
                model: row.model,
                release: row.release,
                before: whole["before"].take(),
                after: whole["after"].take(),
                leaf_hash: <[u8; 32]>::try_from(row.leaf_hash)
                    .map(|hash| ledger::Digest::from(hash).to_string())
                    .unwrap_or_default(),
                index: row.index,
            }
        }
    }

    pub async fn has(pool: &PgPool, action: &str) -> Result<bool> {
        let found = query_scalar!(
            r#"select exists (select from audit_entries where action = $1) as "found!""#,
            action
        );
        found.fetch_one(pool).await
    }

    /// An empty part of the filter matches everything; the planner folds the constants.
    pub async fn page(pool: &PgPool, wanted: &Wanted, limit: i64) -> Result<Vec<Entry>> {
        let rows = query_as!(
            Row,
            r#"
            select e.seq, e.at, e.actor_name, e.action, e.outcome, e.sentence, e.subject_kind, e.subject_id, e.model, e.release,
                   e.canonical, e.leaf_hash, l.index as "index?"
            from audit_entries e left join log_leaves l on l.seq = e.seq
            where ($1::bigint is null or e.seq < $1)
              and ($2::text is null or e.actor_name ilike '%' || $2 || '%')
              and ($3::text is null or e.action like $3 || '%')
              and ($4::text is null or e.model = $4)
              and ($5::bigint is null or e.release = $5)
              and ($6::text is null or e.outcome = $6)
              and ($7::timestamptz is null or e.at >= $7)
              and ($8::timestamptz is null or e.at < $8)
            order by e.seq desc
            limit $9
            "#,
            wanted.before,
            wanted.person,
            wanted.action,
            wanted.model,
            wanted.release,
            wanted.outcome,
            wanted.from,
            wanted.to,
            limit,
        )
        .fetch_all(pool)
        .await?;
        Ok(rows.into_iter().map(Entry::from).collect())
    }

    pub async fn of_release(pool: &PgPool, release: i64) -> Result<Vec<Entry>> {
        let rows = query_as!(
            Row,
            r#"
            select e.seq, e.at, e.actor_name, e.action, e.outcome, e.sentence, e.subject_kind, e.subject_id, e.model, e.release,
                   e.canonical, e.leaf_hash, l.index as "index?"
            from audit_entries e left join log_leaves l on l.seq = e.seq
            where e.release = $1 order by e.seq desc limit 100
            "#,
            release,
        );
        Ok(rows.fetch_all(pool).await?.into_iter().map(Entry::from).collect())
    }

    pub async fn of_model(pool: &PgPool, model: &str) -> Result<Vec<Entry>> {
        let rows = query_as!(
            Row,
            r#"
            select e.seq, e.at, e.actor_name, e.action, e.outcome, e.sentence, e.subject_kind, e.subject_id, e.model, e.release,
                   e.canonical, e.leaf_hash, l.index as "index?"
            from audit_entries e left join log_leaves l on l.seq = e.seq
            where e.model = $1 order by e.seq desc limit 20
            "#,
            model,
        );
        Ok(rows.fetch_all(pool).await?.into_iter().map(Entry::from).collect())
    }

    pub async fn of_version(pool: &PgPool, subject: &str, version: i64) -> Result<Vec<Entry>> {
        let rows = query_as!(
            Row,
            r#"
            with mine as (
                select seq from audit_entries where subject_kind = 'version' and subject_id = $1
                union
                select seq from audit_entries where subject_kind = 'evaluation'
                   and subject_id in (select id::text from evaluations where version = $2)
                union
                select seq from audit_entries where subject_kind = 'evidence'
                   and subject_id in (select id::text from evidence where version = $2)
                union
                select seq from audit_entries where release in (select id from releases where version = $2)
            )
            select e.seq, e.at, e.actor_name, e.action, e.outcome, e.sentence, e.subject_kind, e.subject_id, e.model, e.release,
                   e.canonical, e.leaf_hash, l.index as "index?"
            from mine join audit_entries e on e.seq = mine.seq left join log_leaves l on l.seq = e.seq
            order by e.seq desc limit 50
            "#,
            subject,
            version,
        );
        Ok(rows.fetch_all(pool).await?.into_iter().map(Entry::from).collect())
    }

    pub async fn unsealed(pool: &PgPool) -> Result<i64> {
        query_scalar!(r#"select count(*) as "count!" from unsealed_entries"#)
            .fetch_one(pool)
            .await
    }

    /// Every entry is either in the tree or waits for it.
    pub async fn head(pool: &PgPool) -> Result<(i64, Option<Verified>)> {
        let row = query!(
            r#"
            select (select coalesce(max(index) + 1, 0) from log_leaves) + (select count(*) from unsealed_entries) as "entries!",
                   v.size as "size?", v.at as "at?", v.problem
            from (values (1)) one
            left join lateral (select size, at, problem from verifications order by id desc limit 1) v on true
            "#
        )
        .fetch_one(pool)
        .await?;
        let problem = row.problem;
        let verified = row
            .size
            .zip(row.at)
            .map(|(size, at)| Verified { size, at, problem });
        Ok((row.entries, verified))
    }
}
