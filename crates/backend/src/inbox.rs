//! Home: what waits on whom, what is due, and what runs.
use crate::{Failure, Portal, audit, deployment, release};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    Actor,
    actor::{Discipline, Role},
    id::{PersonId, ReviewId},
    model::Tier,
    release::{Release, RuleState, State},
    view::{
        Around,
        evaluation::Change,
        inbox::{Due, Inbox, Row, Task},
    },
};

/// Releases that are weighed for whoever looks, and those listed that wait for others: a page, not an archive.
const MINE: i64 = 100;
const OTHERS: i64 = 30;
/// What the number beside "Home" counts up to: it stands on every page.
const COUNTED: usize = 10;

pub async fn inbox(portal: &Portal, actor: &Actor) -> Result<Inbox, Failure> {
    let (now, _) = audit::head(portal).await?;
    let home = &portal.memory().home;
    let waiting = home.answer(actor.id, now, waiting(portal, actor)).await?;
    Ok(Inbox {
        on_me: waiting.on_me,
        on_others: waiting.on_others,
        others: waiting.others,
        due_soon: waiting.due_soon,
        running: deployment::live(portal).await?,
        running_in_all: deployment::running(portal, now).await?,
    })
}

/// What stands around every page.
pub async fn around(portal: &Portal, actor: Option<&Actor>) -> Result<Around, Failure> {
    let (now, verified) = audit::head(portal).await?;
    let waiting = match actor {
        Some(actor) => {
            let waiting = &portal.memory().waiting;
            waiting.answer(actor.id, now, count(portal, actor)).await?
        }
        None => 0,
    };
    Ok(Around {
        actor: actor.cloned(),
        waiting,
        verified,
        now: now.at,
    })
}

/// How much is the reader's to do, as far as it is counted.
async fn count(portal: &Portal, actor: &Actor) -> Result<u32, Failure> {
    let found = on_me(portal, actor, COUNTED).await?.len().min(COUNTED);
    Ok(u32::try_from(found).unwrap_or(u32::MAX))
}

/// The part of home that only an entry of the log can change.
#[derive(Clone)]
pub(crate) struct Waiting {
    on_me: Vec<Row>,
    on_others: Vec<Row>,
    others: u64,
    due_soon: Vec<Due>,
}

async fn waiting(portal: &Portal, actor: &Actor) -> Result<Waiting, Failure> {
    let pool = portal.pool();
    let on_me = on_me(portal, actor, usize::try_from(MINE).unwrap_or(usize::MAX)).await?;
    let others = weigh(portal, actor, &sql::newest(pool, portal.now(), OTHERS).await?).await?;
    let mine = on_me.iter().filter(|row| !row.is_rollback()).count();
    let all = sql::waiting(pool, portal.now()).await?;
    Ok(Waiting {
        on_others: others.into_iter().filter(|row| row.task.is_none()).collect(),
        others: all.saturating_sub(u64::try_from(mine).unwrap_or_default()),
        on_me,
        due_soon: sql::due(pool, portal.now()).await?,
    })
}

/// What is the reader's to do, the longest wait first; no more than `most` are looked for.
async fn on_me(portal: &Portal, actor: &Actor, most: usize) -> Result<Vec<Row>, Failure> {
    let candidates = sql::candidates(portal.pool(), actor, portal.now(), MINE).await?;
    let mut rows = Vec::new();
    for some in candidates.chunks(most) {
        let weighed = weigh(portal, actor, some).await?;
        rows.extend(weighed.into_iter().filter(|row| row.task.is_some()));
        if rows.len() >= most {
            break;
        }
    }
    if actor.is(Role::Manager) {
        rows.extend(sql::rollbacks(portal.pool(), actor).await?);
    }
    rows.sort_by_key(|row| row.since);
    Ok(rows)
}

/// What the rules say of releases that wait, and what of it is the reader's.
async fn weigh(portal: &Portal, actor: &Actor, ids: &[i64]) -> Result<Vec<Row>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let today = portal.now().date_naive();
    let mut conn = portal.pool().acquire().await?;
    let mut told = sql::told(&mut conn, ids).await?;
    let releases = release::load(&mut conn, ids).await?;
    let row = |release: Release| {
        let told = told.remove(&i64::from(release.id))?;
        Some(row(release, told, actor, today))
    };
    Ok(releases.into_iter().filter_map(row).collect())
}

fn row(release: Release, told: Told, actor: &Actor, today: NaiveDate) -> Row {
    let rules = release.rules_before_countersignature(today);
    let mut missing: Vec<String> = rules
        .iter()
        .filter(|rule| !rule.state.is_met())
        .map(|rule| rule.owner.clone())
        .collect();
    let task = task(&release, &told, &missing, actor);
    missing.dedup();
    if missing.is_empty() {
        missing.push(match release.state {
            State::Approved => "engineer, to deploy".into(),
            _ => "manager".into(),
        });
    }
    Row {
        release: release.id,
        tier: told.tier,
        number: release.number,
        environment: release.environment,
        change: told.reason,
        worst: rules
            .iter()
            .find(|rule| rule.state == RuleState::Fail)
            .map(|rule| format!("{}: {}", rule.title, rule.detail)),
        regression: told.regression,
        since: told.since,
        missing,
        task,
        model: release.model,
    }
}

/// What the reader is to do with a release; `missing` names the owners of the rules that are not met.
fn task(release: &Release, told: &Told, missing: &[String], actor: &Actor) -> Option<Task> {
    if release.state == State::Approved {
        return actor.as_engineer().is_ok().then_some(Task::Deploy);
    }
    if release.authors.contains(&actor.id) {
        return missing
            .iter()
            .any(|owner| owner == "engineer")
            .then_some(Task::PutRight);
    }
    let theirs = |review: &&OpenReview| {
        actor.disciplines.contains(&review.discipline) && !review.recused.contains(&actor.id)
    };
    if let Some(review) = told.reviews.iter().find(theirs) {
        return Some(Task::Review(review.id, review.discipline.clone()));
    }
    (missing.is_empty() && release.clone().as_manager(actor).is_ok()).then_some(Task::Countersign)
}

/// What the rules don't know of a release that waits.
struct Told {
    tier: Tier,
    reason: String,
    regression: Option<Change>,
    since: DateTime<Utc>,
    reviews: Vec<OpenReview>,
}

struct OpenReview {
    id: ReviewId,
    discipline: Discipline,
    recused: Vec<PersonId>,
}

mod sql {
    use super::{OpenReview, Row, Task, Told};
    use crate::Failure;
    use chrono::{DateTime, TimeDelta, Utc};
    use domain::{
        Actor,
        actor::{Discipline, Role},
        id::PersonId,
        view::inbox::Due,
    };
    use sqlx::{PgConnection, PgPool, Result, query, query_scalar};
    use std::collections::HashMap;
    use uuid::Uuid;

    /// How many releases wait for someone: open ones, and approved ones that nobody has deployed yet.
    pub async fn waiting(pool: &PgPool, now: DateTime<Utc>) -> Result<u64> {
        let count = query_scalar!(
            r#"
            select count(*) as "n!" from releases
            where (state = 'open' or (state = 'approved' and deployed_at is null)) and coalesce(approved_until > $1, true)
            "#,
            now
        );
        count.fetch_one(pool).await.map(i64::unsigned_abs)
    }

    /// The newest that wait for anyone.
    pub async fn newest(pool: &PgPool, now: DateTime<Utc>, limit: i64) -> Result<Vec<i64>> {
        query_scalar!(
            r#"
            select id from releases
            where (state = 'open' or (state = 'approved' and deployed_at is null)) and coalesce(approved_until > $1, true)
            order by id desc limit $2
            "#,
            now,
            limit
        )
        .fetch_all(pool)
        .await
    }

    /// Those that may wait for this person, the oldest first. More than do: the rules have the last word.
    pub async fn candidates(
        pool: &PgPool,
        actor: &Actor,
        now: DateTime<Utc>,
        limit: i64,
    ) -> Result<Vec<i64>> {
        let disciplines: Vec<String> = actor
            .disciplines
            .iter()
            .map(|one| one.as_str().to_owned())
            .collect();
        query_scalar!(
            r#"
            select r.id from releases r
            where (r.state = 'open' or (r.state = 'approved' and r.deployed_at is null)) and (
                  ($3 and r.state = 'approved' and r.approved_until > $2)
               or (r.state = 'open' and (
                   r.id in (select v.release from reviews v where v.state = 'open' and v.discipline = any($5)
                            and $1 <> all (v.recused))
                or ($4 and r.id not in (select v.release from reviews v where v.state not in ('approved', 'conditional')))
                or ($3 and (r.requested_by = $1
                    or exists (select from versions v join models m on m.id = v.model
                               where v.id = r.version and $1 in (v.registered_by, m.owner))
                    or exists (select from evaluations e where e.version = r.version and e.evaluated_by = $1)
                    or exists (select from evidence e where e.version = r.version and e.added_by = $1))))))
            order by r.id limit $6
            "#,
            Uuid::from(actor.id),
            now,
            actor.is(Role::Engineer),
            actor.is(Role::Manager),
            &disciplines,
            limit,
        )
        .fetch_all(pool)
        .await
    }

    pub async fn told(conn: &mut PgConnection, ids: &[i64]) -> Result<HashMap<i64, Told>, Failure> {
        let reviews = query!(
            "select id, release, discipline, recused from reviews where release = any($1) and state = 'open' order by id",
            ids
        )
        .fetch_all(&mut *conn)
        .await?;
        let mut open: HashMap<i64, Vec<OpenReview>> = HashMap::new();
        for review in reviews {
            if let Some(discipline) = Discipline::new(&review.discipline) {
                open.entry(review.release).or_default().push(OpenReview {
                    id: review.id.into(),
                    discipline,
                    recused: review.recused.into_iter().map(PersonId::from).collect(),
                });
            }
        }
        let releases = query!(
            r#"
            select r.id, m.tier, r.reason, r.worst, coalesce(r.closed_at, r.requested_at) as "since!"
            from releases r join versions v on v.id = r.version join models m on m.id = v.model
            where r.id = any($1)
            "#,
            ids
        )
        .fetch_all(conn)
        .await?;
        let told = releases.into_iter().map(|release| {
            let told = Told {
                tier: release.tier.parse()?,
                reason: release.reason,
                regression: release.worst.map(serde_json::from_value).transpose()?,
                since: release.since,
                reviews: open.remove(&release.id).unwrap_or_default(),
            };
            Ok((release.id, told))
        });
        told.collect()
    }

    /// Rollbacks that no manager has looked at yet, but for those that this one ordered.
    pub async fn rollbacks(pool: &PgPool, actor: &Actor) -> Result<Vec<Row>, Failure> {
        let rows = query!(
            r#"
            select d.id, d.release, m.name as model, m.tier, v.number, e.name as environment, d.reason, d.requested_at
            from deployments d join versions v on v.id = d.version join models m on m.id = d.model join environments e on e.id = d.environment
            where d.kind = 'rollback' and d.seen_by is null and d.state in ('live', 'replaced') and d.requested_by <> $1
            order by d.id desc limit 20
            "#,
            Uuid::from(actor.id),
        );
        rows.fetch_all(pool)
            .await?
            .into_iter()
            .map(|row| {
                Ok(Row {
                    release: row.release.into(),
                    model: row.model.parse()?,
                    tier: row.tier.parse()?,
                    number: row.number,
                    environment: row.environment.parse()?,
                    change: format!("Rolled back: {}", row.reason),
                    worst: None,
                    regression: None,
                    since: row.requested_at,
                    missing: vec!["manager, to look at it".into()],
                    task: Some(Task::SeeRollback(row.id.into())),
                })
            })
            .collect()
    }

    /// Approvals that lapse, evidence that expires and findings that fall due within thirty days.
    pub async fn due(pool: &PgPool, now: DateTime<Utc>) -> Result<Vec<Due>> {
        let rows = query!(
            r#"
            select * from (
                select (r.approved_until at time zone 'UTC')::date as "on!", 'Approval of ' || m.name || ' ' || v.number || ' for ' || e.name || ' lapses' as "what!",
                       r.id as release, null::bigint as finding, '/releases/' || r.id as "link!"
                from releases r join versions v on v.id = r.version join models m on m.id = v.model join environments e on e.id = r.environment
                join standings s on s.approved = r.id
                where r.state = 'approved' and r.approved_until between $2 and $3
                union all
                select f.due_on, 'Finding on ' || m.name || ' ' || v.number || ' is due', f.release, f.id, '/releases/' || f.release
                from findings f join releases r on r.id = f.release join versions v on v.id = r.version join models m on m.id = v.model
                where f.closed_at is null and f.due_on between $1 and $1 + 30
                union all
                select x.expires_on, '“' || x.title || '” of ' || m.name || ' ' || v.number || ' expires', null, null,
                       '/models/' || m.name || '/versions/' || v.number
                from evidence x join versions v on v.id = x.version join models m on m.id = v.model
                where x.expires_on between $1 and $1 + 30
            ) due order by 1 limit 20
            "#,
            now.date_naive(),
            now,
            now + TimeDelta::days(30),
        );
        Ok(rows
            .fetch_all(pool)
            .await?
            .into_iter()
            .map(|row| Due {
                on: row.on,
                what: row.what,
                release: row.release.map(Into::into),
                finding: row.finding.map(Into::into),
                evaluation: None,
                link: row.link,
            })
            .collect())
    }
}
