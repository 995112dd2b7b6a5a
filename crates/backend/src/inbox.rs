//! Home: what waits on whom, what is due, and what runs.
use crate::{Failure, Portal, audit, deployment};
use domain::{
    Actor,
    actor::Role,
    release::{RuleState, State},
    view::{
        Around,
        inbox::{Inbox, Row, Task},
    },
};

/// How many releases are weighed: those that wait are few, and the newest matter most.
const MOST: i64 = 60;

pub async fn inbox(portal: &Portal, actor: &Actor) -> Result<Inbox, Failure> {
    let (on_me, on_others) = rows(portal, actor)
        .await?
        .into_iter()
        .partition(|row| row.task.is_some());
    let today = portal.now().date_naive();
    Ok(Inbox {
        on_me,
        on_others,
        due_soon: sql::due(portal.pool(), today).await?,
        running: deployment::live(portal).await?,
    })
}

/// What stands around every page.
pub async fn around(portal: &Portal, actor: Option<&Actor>) -> Result<Around, Failure> {
    let waiting = match actor {
        Some(actor) => rows(portal, actor)
            .await?
            .iter()
            .filter(|row| row.task.is_some())
            .count(),
        None => 0,
    };
    Ok(Around {
        actor: actor.cloned(),
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        verified: audit::verified(portal).await?,
        now: portal.now(),
    })
}

/// Everything that waits for someone, newest first.
async fn rows(portal: &Portal, actor: &Actor) -> Result<Vec<Row>, Failure> {
    let now = portal.now();
    let mut rows = Vec::new();
    let waiting = sql::waiting(portal.pool(), MOST).await?;
    let ids: Vec<i64> = waiting.iter().map(|waiting| waiting.id).collect();
    let mut conn = portal.pool().acquire().await?;
    let releases = crate::release::load(&mut conn, &ids).await?;
    drop(conn);
    for waiting in waiting {
        let release = releases
            .iter()
            .find(|release| i64::from(release.id) == waiting.id);
        let release = release.cloned().ok_or(Failure::NotFound)?;
        let rules = release.rules_before_countersignature(now.date_naive());
        let unmet: Vec<_> = rules.iter().filter(|rule| !rule.state.is_met()).collect();
        let is_author = release.authors.contains(&actor.id);
        let asks_author = unmet.iter().any(|rule| rule.owner == "engineer");
        let task = match release.state {
            State::Approved => actor.as_engineer().is_ok().then_some(Task::Deploy),
            _ => waiting
                .reviews
                .iter()
                .filter(|review| {
                    actor.disciplines.contains(&review.discipline)
                        && !is_author
                        && !review.recused.contains(&actor.id)
                })
                .map(|review| Task::Review(review.id, review.discipline.clone()))
                .next()
                .or_else(|| (asks_author && is_author).then_some(Task::PutRight))
                .or_else(|| {
                    (unmet.is_empty() && release.clone().as_manager(actor).is_ok())
                        .then_some(Task::Countersign)
                }),
        };
        let mut missing: Vec<String> = unmet.iter().map(|rule| rule.owner.clone()).collect();
        if missing.is_empty() {
            missing.push(if release.state == State::Approved {
                "engineer, to deploy".into()
            } else {
                "manager".into()
            });
        }
        missing.dedup();
        rows.push(Row {
            release: release.id,
            tier: waiting.tier,
            number: release.number,
            environment: release.environment.clone(),
            change: waiting.reason,
            worst: rules
                .iter()
                .find(|rule| rule.state == RuleState::Fail)
                .map(|rule| format!("{}: {}", rule.title, rule.detail)),
            since: waiting.since,
            missing,
            task,
            model: release.model,
        });
    }
    if actor.is(Role::Manager) {
        rows.extend(sql::rollbacks(portal.pool()).await?);
    }
    Ok(rows)
}

mod sql {
    use super::{Row, Task};
    use crate::Failure;
    use chrono::{DateTime, NaiveDate, Utc};
    use domain::{
        actor::Discipline,
        id::{PersonId, ReviewId},
        model::Tier,
        view::inbox::Due,
    };
    use sqlx::{PgPool, query};

    pub struct Waiting {
        pub id: i64,
        pub tier: Tier,
        pub reason: String,
        pub since: DateTime<Utc>,
        pub reviews: Vec<OpenReview>,
    }

    pub struct OpenReview {
        pub id: ReviewId,
        pub discipline: Discipline,
        pub recused: Vec<PersonId>,
    }

    /// Open releases, and approved ones that nobody has deployed yet.
    pub async fn waiting(pool: &PgPool, limit: i64) -> Result<Vec<Waiting>, Failure> {
        let releases = query!(
            r#"
            select r.id, m.tier, r.reason, coalesce(r.closed_at, r.requested_at) as "since!"
            from releases r join versions v on v.id = r.version join models m on m.id = v.model
            where r.state = 'open' or (r.state = 'approved' and r.deployed_at is null and r.approved_until > now())
            order by r.id desc limit $1
            "#,
            limit,
        )
        .fetch_all(pool)
        .await?;
        let ids: Vec<i64> = releases.iter().map(|release| release.id).collect();
        let reviews = query!(
            "select id, release, discipline, recused from reviews where release = any($1) and state = 'open' order by id",
            &ids
        )
        .fetch_all(pool)
        .await?;
        releases
            .into_iter()
            .map(|release| {
                let reviews = reviews
                    .iter()
                    .filter(|review| review.release == release.id)
                    .filter_map(|review| {
                        Some(OpenReview {
                            id: review.id.into(),
                            discipline: Discipline::new(&review.discipline)?,
                            recused: review.recused.iter().copied().map(PersonId::from).collect(),
                        })
                    });
                let reviews = reviews.collect();
                Ok(Waiting {
                    id: release.id,
                    tier: release.tier.parse()?,
                    reason: release.reason,
                    since: release.since,
                    reviews,
                })
            })
            .collect()
    }

    /// Rollbacks that no manager has looked at yet.
    pub async fn rollbacks(pool: &PgPool) -> Result<Vec<Row>, Failure> {
        let rows = query!(
            r#"
            select d.id, d.release, m.name as model, m.tier, v.number, e.name as environment, d.reason, d.requested_at
            from deployments d join versions v on v.id = d.version join models m on m.id = d.model join environments e on e.id = d.environment
            where d.kind = 'rollback' and d.seen_by is null and d.state in ('live', 'replaced') order by d.id desc limit 20
            "#
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
                    since: row.requested_at,
                    missing: vec!["manager, to look at it".into()],
                    task: Some(Task::SeeRollback(row.id.into())),
                })
            })
            .collect()
    }

    /// Approvals that lapse, evidence that expires and findings that fall due within thirty days.
    pub async fn due(pool: &PgPool, today: NaiveDate) -> Result<Vec<Due>, Failure> {
        let rows = query!(
            r#"
            select * from (
                select r.approved_until::date as "on!", 'Approval of ' || m.name || ' ' || v.number || ' for ' || e.name || ' lapses' as "what!",
                       r.id as release, null::bigint as finding, '/releases/' || r.id as "link!"
                from releases r join versions v on v.id = r.version join models m on m.id = v.model join environments e on e.id = r.environment
                join standings s on s.approved = r.id
                where r.state = 'approved' and r.approved_until::date between $1 and $1 + 30
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
            today,
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
