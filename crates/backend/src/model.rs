//! Models: naming one, finding one among thousands, and one with all its versions.
mod rows;

use crate::{Failure, Portal, audit, evaluation};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{
    Actor,
    model::{Description, ModelName},
    view::model::{Filter, Inventory, Model},
};

pub(crate) use rows::standings;

/// How many models a page of the inventory shows.
const PAGE: usize = 25;

/// Opens a new line of versions.
pub async fn create(portal: &Portal, actor: &Actor, description: Description) -> Result<ModelName, Failure> {
    let engineer = actor.as_engineer()?;
    let mut change = portal.change(actor).await?;
    let created = engineer.create_model(sql::next(change.conn()).await?, description);
    sql::insert(&mut change, &created).await?;
    change.commit(&created).await?;
    Ok(created.description().name.clone())
}

/// A page of the inventory: a fixed number of queries, however many models there are.
pub async fn inventory(portal: &Portal, actor: &Actor, filter: &Filter) -> Result<Inventory, Failure> {
    let sort = Sort::named(&filter.sort);
    let cursor = Cursor::read(sort, &filter.after);
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let (mut found, total) = if filter.is_narrowed() {
        sql::matching(portal.pool(), filter, sort, cursor, limit).await?
    } else {
        let (now, _) = audit::head(portal).await?;
        let total = sql::total(portal.pool());
        let total = portal.memory().models.answer((), now, total).await?;
        (sql::all(portal.pool(), sort, cursor, limit).await?, total)
    };
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found
        .last()
        .filter(|_| more)
        .map(|last| Cursor::after(sort, last));
    let ids: Vec<i64> = found.iter().map(|model| model.id).collect();
    Ok(Inventory {
        rows: rows::rows(portal, &ids).await?,
        next,
        total,
        environments: sql::environments(portal.pool()).await?,
        can_create: actor.as_engineer().is_ok(),
    })
}

/// One model, with its versions and the newest of its history.
pub async fn page(portal: &Portal, actor: &Actor, name: &ModelName) -> Result<Model, Failure> {
    let id = sql::find(portal.pool(), name).await?.ok_or(Failure::NotFound)?;
    Ok(Model {
        row: rows::rows(portal, &[id]).await?.pop().ok_or(Failure::NotFound)?,
        versions: sql::versions(portal.pool(), id).await?,
        history: audit::of_model(portal, name.as_str()).await?,
        drift: evaluation::drift(portal, name, None).await?,
        can_register: actor.as_engineer().is_ok(),
    })
}

/// The four orders of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Name,
    NameDown,
    Age,
    AgeDown,
}

impl Sort {
    /// What the address asks for; by name where it asks for nothing known.
    fn named(name: &str) -> Self {
        match name {
            "-name" => Self::NameDown,
            "created" => Self::Age,
            "-created" => Self::AgeDown,
            _ => Self::Name,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::NameDown => "-name",
            Self::Age => "created",
            Self::AgeDown => "-created",
        }
    }

    fn is_by_age(self) -> bool {
        matches!(self, Self::Age | Self::AgeDown)
    }
}

/// Where a page begins: after this model, which need not be there any more.
#[derive(Debug, Default, PartialEq, Eq)]
struct Cursor {
    name: Option<String>,
    created_at: Option<DateTime<Utc>>,
}

impl Cursor {
    /// The last row's sort value: its name, or its time and its name. What can't be read begins at the start.
    fn read(sort: Sort, text: &str) -> Self {
        let text = text.trim();
        if !sort.is_by_age() {
            return Self {
                name: Some(text.to_owned()).filter(|text| !text.is_empty()),
                created_at: None,
            };
        }
        let read = text
            .split_once(' ')
            .and_then(|(at, name)| Some((at.parse().ok()?, name.to_owned())));
        read.map_or_else(Self::default, |(at, name)| Self {
            name: Some(name),
            created_at: Some(at),
        })
    }

    fn after(sort: Sort, last: &Found) -> String {
        if sort.is_by_age() {
            format!(
                "{} {}",
                last.created_at.to_rfc3339_opts(SecondsFormat::Micros, true),
                last.name
            )
        } else {
            last.name.clone()
        }
    }
}

/// A model that the filter lets through.
#[derive(Debug)]
struct Found {
    id: i64,
    name: String,
    created_at: DateTime<Utc>,
}

pub(crate) mod sql {
    use super::{Cursor, Failure, Filter, Found, ModelName, Sort};
    use crate::failure::OnConstraint;
    use domain::{
        environment::EnvironmentName,
        id::ModelId,
        model::{Created, name_taken},
        release,
        view::{Name, model::VersionRow},
    };
    use sqlx::{PgConnection, PgPool, query, query_as, query_scalar};
    use uuid::Uuid;

    pub async fn next(conn: &mut PgConnection) -> sqlx::Result<ModelId> {
        let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('models', 'id')) as "id!""#);
        id.fetch_one(conn).await.map(ModelId::from)
    }

    pub async fn insert(change: &mut crate::Change<'_>, created: &Created) -> Result<(), Failure> {
        let description = created.description();
        let now = change.now();
        query!(
            "insert into models (id, name, purpose, tier, owner, created_at) values ($1, $2, $3, $4, $5, $6)",
            i64::from(created.id()),
            description.name.as_str(),
            description.purpose,
            description.tier.as_str(),
            Uuid::from(created.owner()),
            now,
        )
        .execute(change.conn())
        .await
        .map(drop)
        .on_constraint("models_name_key", || name_taken(&description.name))
    }

    pub async fn find(pool: &PgPool, name: &ModelName) -> sqlx::Result<Option<i64>> {
        query_scalar!("select id from models where name = $1", name.as_str())
            .fetch_optional(pool)
            .await
    }

    /// Holds the model for the rest of the change: whatever adds to it, or asks for a release of it, takes turns.
    pub async fn lock(conn: &mut PgConnection, name: &ModelName) -> sqlx::Result<Option<ModelId>> {
        let id = query_scalar!(
            "select id from models where name = $1 for no key update",
            name.as_str()
        );
        Ok(id.fetch_optional(conn).await?.map(ModelId::from))
    }

    pub(super) async fn total(pool: &PgPool) -> sqlx::Result<i64> {
        let total = query_scalar!(r#"select count(*) as "n!" from models"#);
        total.fetch_one(pool).await
    }

    /// A page of all models, along the index of its order.
    pub(super) async fn all(
        pool: &PgPool,
        sort: Sort,
        cursor: Cursor,
        limit: i64,
    ) -> sqlx::Result<Vec<Found>> {
        query_as!(
            Found,
            r#"
            (select id as "id!", name as "name!", created_at as "created_at!" from models
             where $1 = 'name' and ($2::text is null or name > $2) order by name limit $4)
            union all
            (select id, name, created_at from models
             where $1 = '-name' and ($2::text is null or name < $2) order by name desc limit $4)
            union all
            (select id, name, created_at from models
             where $1 = 'created' and ($3::timestamptz is null or (created_at, name) > ($3, $2))
             order by created_at, name limit $4)
            union all
            (select id, name, created_at from models
             where $1 = '-created' and ($3::timestamptz is null or (created_at, name) < ($3, $2))
             order by created_at desc, name desc limit $4)
            "#,
            sort.as_str(),
            cursor.name,
            cursor.created_at,
            limit,
        )
        .fetch_all(pool)
        .await
    }

    /// A page of those that match, and the number of all that do: found once, then put in order.
    pub(super) async fn matching(
        pool: &PgPool,
        filter: &Filter,
        sort: Sort,
        cursor: Cursor,
        limit: i64,
    ) -> sqlx::Result<(Vec<Found>, i64)> {
        let part = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        // What people type is no pattern.
        let plain = |text: &str| text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let rows = query!(
            r#"
            with matching as materialized (
                select m.id, m.name, m.created_at
                from models m
                where ($1::text is null or m.search like '%' || lower($1) || '%'
                       or m.id in (select v.model from versions v where v.digest like $9))
                  and ($2::text is null or m.tier = $2)
                  and ($3::text is null or m.owner in (
                      select p.id from people p where p.name ilike '%' || $3 || '%'))
                  and ($4::text is null or m.id in (
                      select s.model from standings s
                      where s.environment = (select e.id from environments e where e.name = $4)
                        and (s.approved is not null or s.live is not null)))
            )
            select total.n as "total!", page.id as "id?", page.name as "name?", page.created_at as "created_at?"
            from (select count(*) as n from matching) total left join (
                select *, row_number() over (order by
                    case when $5 = 'created' then created_at end, case when $5 = '-created' then created_at end desc,
                    case when $5 in ('name', 'created') then name end, name desc) as place
                from matching
                where case $5
                    when 'name' then $6::text is null or name > $6
                    when '-name' then $6::text is null or name < $6
                    when 'created' then $7::timestamptz is null or (created_at, name) > ($7, $6)
                    else $7::timestamptz is null or (created_at, name) < ($7, $6)
                end
                order by place limit $8
            ) page on true
            order by page.place
            "#,
            part(&filter.q).map(|text| plain(&text)),
            part(&filter.tier),
            part(&filter.owner).map(|text| plain(&text)),
            part(&filter.environment),
            sort.as_str(),
            cursor.name,
            cursor.created_at,
            limit,
            digest(&filter.q).map(|digits| digits + "%"),
        )
        .fetch_all(pool)
        .await?;
        let total = rows.first().map_or(0, |row| row.total);
        let found = rows.into_iter().filter_map(|row| {
            Some(Found {
                id: row.id?,
                name: row.name?,
                created_at: row.created_at?,
            })
        });
        Ok((found.collect(), total))
    }

    /// The beginning of a version's digest, as pages show it, if that is what was typed.
    fn digest(typed: &str) -> Option<String> {
        let digits = typed.trim().trim_start_matches("sha256:").to_lowercase();
        let is_one = (8..=64).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_one.then_some(digits)
    }

    /// All places, in order of promotion.
    pub async fn environments(pool: &PgPool) -> Result<Vec<EnvironmentName>, Failure> {
        let names = query_scalar!("select name from environments order by rank, name")
            .fetch_all(pool)
            .await?;
        names.iter().map(|name| Ok(name.parse()?)).collect()
    }

    pub async fn versions(pool: &PgPool, model: i64) -> Result<Vec<VersionRow>, Failure> {
        let rows = query!(
            r#"
            select v.number, v.digest, v.changes, v.registered_by, p.name as registered_by_name, v.registered_at,
                   (select count(*) from evaluations e where e.version = v.id) as "evaluations!",
                   r.id as "release?", r.state as "state?", r.environment as "environment?"
            from versions v
            join people p on p.id = v.registered_by
            left join lateral (
                select r.id, r.state, e.name as environment
                from releases r join environments e on e.id = r.environment
                where r.version = v.id order by r.id desc limit 1
            ) r on true
            where v.model = $1
            order by v.number desc
            limit 200
            "#,
            model,
        )
        .fetch_all(pool)
        .await?;
        rows.into_iter()
            .map(|row| {
                let release = match (row.release, row.state, row.environment) {
                    (Some(id), Some(state), Some(environment)) => Some((
                        id.into(),
                        release::State::from_stored(&state),
                        environment.parse()?,
                    )),
                    _ => None,
                };
                Ok(VersionRow {
                    number: row.number,
                    digest: row.digest,
                    changes: row.changes,
                    registered_by: Name {
                        id: row.registered_by.into(),
                        name: row.registered_by_name,
                    },
                    registered_at: row.registered_at,
                    evaluations: row.evaluations,
                    release,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
