//! What the inventory says of a model: where it stands, how it measured, and what is due next.
use crate::{Failure, Portal};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    view::model::{Row, Standing},
    written::day,
};
use std::collections::HashMap;

/// The rows of these models, in the order in which they are named.
pub(super) async fn rows(portal: &Portal, models: &[i64]) -> Result<Vec<Row>, Failure> {
    let mut found = sql::rows(portal.pool(), models).await?;
    let mut placed: HashMap<i64, Vec<Placed>> = HashMap::new();
    for one in standings(portal, models).await? {
        placed.entry(one.model).or_default().push(one);
    }
    let latest = found.values().filter_map(|found| found.latest);
    let standing = placed
        .values()
        .flatten()
        .flat_map(|placed| [placed.approved, placed.running])
        .flatten();
    let versions: Vec<i64> = latest.chain(standing).collect();
    let mut expiries: HashMap<i64, Vec<Due>> = HashMap::new();
    for (model, due) in sql::expiries(portal.pool(), &versions).await? {
        expiries.entry(model).or_default().push(due);
    }
    let today = portal.now();
    let row = |model: &i64| {
        let mut row = found.remove(model)?.row;
        let placed = placed.remove(model).unwrap_or_default();
        let approvals = placed.iter().filter_map(|placed| approval_due(&placed.standing));
        let due = approvals.chain(expiries.remove(model).unwrap_or_default());
        row.due = due.min_by_key(|due| due.at).map(|due| due.words(today));
        row.standings = placed.into_iter().map(|placed| placed.standing).collect();
        Some(row)
    };
    Ok(models.iter().filter_map(row).collect())
}

/// A model's standing in an environment, with the ids of the versions that stand there.
#[derive(Debug)]
pub(crate) struct Placed {
    model: i64,
    approved: Option<i64>,
    running: Option<i64>,
    pub(crate) standing: Standing,
}

/// What is approved and what runs, of each model in each environment, in order of promotion.
pub(crate) async fn standings(portal: &Portal, models: &[i64]) -> Result<Vec<Placed>, Failure> {
    sql::standings(portal.pool(), models).await
}

fn approval_due(standing: &Standing) -> Option<Due> {
    let at = standing.approved_until?;
    Some(Due {
        at,
        subject: format!("approval for {}", standing.environment),
        ends: Ends::Lapses,
    })
}

/// Something that holds until a time.
#[derive(Debug)]
struct Due {
    at: DateTime<Utc>,
    subject: String,
    ends: Ends,
}

#[derive(Clone, Copy, Debug)]
enum Ends {
    Lapses,
    Expires,
}

impl Due {
    /// Evidence holds to the end of its last day.
    fn expiry(title: &str, last_day: NaiveDate) -> Option<Self> {
        let at = last_day.succ_opt()?.and_hms_opt(0, 0, 0)?.and_utc() - chrono::TimeDelta::seconds(1);
        Some(Self {
            at,
            subject: format!("“{title}”"),
            ends: Ends::Expires,
        })
    }

    fn words(&self, now: DateTime<Utc>) -> String {
        let verb = match (self.ends, self.at < now) {
            (Ends::Lapses, false) => "lapses",
            (Ends::Lapses, true) => "lapsed",
            (Ends::Expires, false) => "expires",
            (Ends::Expires, true) => "expired",
        };
        format!("{} {verb} on {}", self.subject, day(self.at.date_naive()))
    }
}

mod sql {
    use super::{Due, Failure, HashMap, Placed, Row, Standing};
    use domain::{
        evaluation::Drift,
        id::ReleaseId,
        view::{Name, evaluation::Drifted, model::Measured},
    };
    use sqlx::{PgPool, query};

    pub struct Found {
        pub latest: Option<i64>,
        pub row: Row,
    }

    /// The models, each with its newest version and the newest evaluation of the newest version that has one.
    pub async fn rows(pool: &PgPool, models: &[i64]) -> Result<HashMap<i64, Found>, Failure> {
        let rows = query!(
            r#"
            select m.id, m.name, m.purpose, m.tier, m.owner, p.name as owner_name, m.created_at,
                   latest.id as "latest?", latest.number as "latest_number?",
                   measured.id as "evaluation?", measured.number as "measured_number?", measured.at as "measured_at?",
                   measured.rows as "rows?", measured.roc_auc as "roc_auc?", measured.accuracy as "accuracy?",
                   measured.impact_ratio as "impact_ratio?",
                   drifted.id as "drift?", drifted.number as "drift_number?", drifted.at as "drift_at?",
                   drifted.rows as "drift_rows?", drifted.drift_from as "drift_from?",
                   drifted.drift_columns as "drift_columns?", drifted.drift_psi as "drift_psi?: Vec<Option<f64>>"
            from models m
            join people p on p.id = m.owner
            left join lateral (
                select v.id, v.number from versions v where v.model = m.id order by v.number desc limit 1
            ) latest on true
            left join lateral (
                select e.id, v.number, e.evaluated_at as at, e.rows, e.roc_auc, e.accuracy, e.impact_ratio
                from versions v
                cross join lateral (
                    select id, evaluated_at, rows, roc_auc, accuracy, impact_ratio
                    from evaluations where version = v.id order by id desc limit 1
                ) e
                where v.model = m.id order by v.number desc limit 1
            ) measured on true
            left join lateral (
                select e.id, v.number, e.evaluated_at as at, e.rows, e.drift_from, e.drift_columns, e.drift_psi
                from versions v
                cross join lateral (
                    select id, evaluated_at, rows, drift_from, drift_columns, drift_psi
                    from evaluations where version = v.id and drift_from is not null order by id desc limit 1
                ) e
                where v.model = m.id order by v.number desc limit 1
            ) drifted on true
            where m.id = any($1)
            "#,
            models,
        );
        let found = rows.fetch_all(pool).await?.into_iter().map(|row| {
            let measured = match (row.evaluation, row.measured_number, row.measured_at) {
                (Some(id), Some(number), Some(at)) => Some(Measured {
                    evaluation: id.into(),
                    number,
                    at,
                    rows: row.rows.map(i64::unsigned_abs),
                    roc_auc: row.roc_auc,
                    accuracy: row.accuracy,
                    impact_ratio: row.impact_ratio,
                }),
                _ => None,
            };
            let drift = match (row.drift, row.drift_number, row.drift_at) {
                (Some(id), Some(number), Some(at)) => Some(Drifted {
                    evaluation: id.into(),
                    number,
                    at,
                    rows: row.drift_rows.map(i64::unsigned_abs),
                    drift: Drift {
                        from: row.drift_from.unwrap_or_default(),
                        columns: row
                            .drift_columns
                            .into_iter()
                            .flatten()
                            .zip(row.drift_psi.into_iter().flatten())
                            .collect(),
                    },
                }),
                _ => None,
            };
            let shown = Row {
                name: row.name.parse()?,
                purpose: row.purpose,
                tier: row.tier.parse()?,
                owner: Name {
                    id: row.owner.into(),
                    name: row.owner_name,
                },
                created_at: row.created_at,
                latest: row.latest_number,
                standings: Vec::new(),
                measured,
                drift,
                due: None,
            };
            Ok((
                row.id,
                Found {
                    latest: row.latest,
                    row: shown,
                },
            ))
        });
        found.collect()
    }

    pub async fn standings(pool: &PgPool, models: &[i64]) -> Result<Vec<Placed>, Failure> {
        let rows = query!(
            r#"
            select s.model, e.name as environment,
                   r.id as "release?", r.approved_until as "approved_until?",
                   a.id as "approved?", a.number as "approved_number?",
                   l.id as "running?", l.number as "running_number?"
            from standings s
            join environments e on e.id = s.environment
            left join releases r on r.id = s.approved
            left join versions a on a.id = r.version
            left join deployments d on d.id = s.live
            left join versions l on l.id = d.version
            where s.model = any (array (select unnest($1::bigint[]))) and (s.approved is not null or s.live is not null)
            order by s.model, e.rank, e.name
            "#,
            models,
        );
        let placed = rows.fetch_all(pool).await?.into_iter().map(|row| {
            let standing = Standing {
                environment: row.environment.parse()?,
                approved: row.approved_number.zip(row.release.map(ReleaseId::from)),
                approved_until: row.approved_until,
                running: row.running_number,
            };
            Ok(Placed {
                model: row.model,
                approved: row.approved,
                running: row.running,
                standing,
            })
        });
        placed.collect()
    }

    /// When the evidence of these versions expires: of each kind only the newest, for it stands in for the others.
    pub async fn expiries(pool: &PgPool, versions: &[i64]) -> sqlx::Result<Vec<(i64, Due)>> {
        let rows = query!(
            r#"
            select distinct on (e.version, e.kind) v.model, e.title, e.expires_on
            from evidence e join versions v on v.id = e.version
            where e.version = any($1)
            order by e.version, e.kind, e.id desc
            "#,
            versions,
        );
        let due = rows.fetch_all(pool).await?.into_iter();
        Ok(due
            .filter_map(|row| Some((row.model, Due::expiry(&row.title, row.expires_on?)?)))
            .collect())
    }
}
