//! Environments: where models run, and how the portal reaches them.
use crate::{Failure, Portal, failure::OnConstraint, vault};
use domain::{
    Actor, Refusal, environment::Place, id::EnvironmentId, refusal::Invalid, view::governance::Environment,
};
use ledger::SigningKey;
use sqlx::PgConnection;
use targets::{Secret, TargetConfig};

/// Adds a place. The target's adapter has the last word on its configuration.
pub async fn add(
    portal: &Portal,
    actor: &Actor,
    place: Place,
    secret: Option<String>,
) -> Result<EnvironmentId, Failure> {
    let administrator = actor.as_administrator()?;
    check(portal, &place, secret.as_deref())?;
    let secret = match secret {
        Some(secret) => Some(vault::lock(portal, place.name.as_str(), &secret)?),
        None => None,
    };
    let mut change = portal.change(actor).await?;
    let id = sql::next(change.conn()).await?;
    let added = administrator.add_environment(id, place);
    sql::insert(change.conn(), &added, secret)
        .await
        .on_constraint("environments_name_key", || {
            Refusal::NameTaken(added.place().name.to_string())
        })?;
    change.commit(&added).await?;
    Ok(id)
}

fn check(portal: &Portal, place: &Place, secret: Option<&str>) -> Result<(), Failure> {
    let wrong = |error: String| Failure::from(Invalid::new("target", error));
    let config: TargetConfig = serde_json::from_value(place.target.clone())
        .map_err(|error| wrong(format!("The target's settings can't be read: {error}.")))?;
    let secrets = parsed(secret).map_err(|error| Failure::from(Invalid::new("secret", error)))?;
    match config {
        // Whether this machine can serve is found out when something is deployed; the place may be set up before.
        TargetConfig::Local(_) => Ok(()),
        config @ TargetConfig::Webhook(_) => targets::connect(&config, &secrets, &portal.settings().host)
            .map(drop)
            .map_err(|error| wrong(error.to_string())),
    }
}

/// The secrets of a place, for the target that signs with them.
pub(crate) fn secrets(
    portal: &Portal,
    environment: &str,
    locked: Option<&str>,
) -> Result<Vec<Secret>, Failure> {
    let secret = match locked {
        Some(locked) => Some(vault::open(portal, environment, locked)?),
        None => None,
    };
    parsed(secret.as_deref()).map_err(Failure::Stored)
}

/// Encrypts every secret anew, under the key that takes the place of the portal's; answers with how many there are.
pub(crate) async fn relock_secrets(
    portal: &Portal,
    conn: &mut PgConnection,
    new: &SigningKey,
) -> Result<usize, Failure> {
    let locked = sql::lock_secrets(conn).await?;
    for (id, name, secret) in &locked {
        let secret = vault::relock(portal, new, name, secret)?;
        sql::set_secret(conn, *id, &secret).await?;
    }
    Ok(locked.len())
}

fn parsed(secret: Option<&str>) -> Result<Vec<Secret>, String> {
    secret
        .into_iter()
        .map(|text| Secret::parse(text).map_err(|error| error.to_string()))
        .collect()
}

/// Every place, in order of promotion.
pub async fn list(portal: &Portal, _: &Actor) -> Result<Vec<Environment>, Failure> {
    sql::all(portal.pool()).await
}

pub(crate) mod sql {
    use super::{Environment, Failure};
    use domain::{environment::Added, id::EnvironmentId};
    use serde_json::Value;
    use sqlx::{PgConnection, PgPool, Result, query, query_scalar};

    pub async fn next(conn: &mut PgConnection) -> Result<EnvironmentId> {
        let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('environments', 'id')) as "id!""#);
        id.fetch_one(conn).await.map(EnvironmentId::from)
    }

    pub async fn insert(conn: &mut PgConnection, added: &Added, secret: Option<String>) -> Result<()> {
        query!(
            "insert into environments (id, name, rank, target, secret) values ($1, $2, $3, $4, $5)",
            i64::from(added.id()),
            added.place().name.as_str(),
            added.place().rank,
            added.place().target,
            secret,
        )
        .execute(conn)
        .await
        .map(drop)
    }

    pub async fn lock_secrets(conn: &mut PgConnection) -> Result<Vec<(i64, String, String)>> {
        let rows = query!(
            r#"select id, name, secret as "secret!" from environments where secret is not null for update"#
        );
        let rows = rows.fetch_all(conn).await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.id, row.name, row.secret))
            .collect())
    }

    pub async fn set_secret(conn: &mut PgConnection, id: i64, secret: &str) -> Result<()> {
        query!("update environments set secret = $2 where id = $1", id, secret)
            .execute(conn)
            .await
            .map(drop)
    }

    pub async fn all(pool: &PgPool) -> std::result::Result<Vec<Environment>, Failure> {
        let rows = query!(
            r#"
            select e.id, e.name, e.rank, e.target,
                   (select count(*) from deployments d where d.environment = e.id and d.state = 'live') as "live!"
            from environments e order by e.rank, e.name
            "#
        );
        rows.fetch_all(pool)
            .await?
            .into_iter()
            .map(|row| {
                let kind = row.target["kind"].as_str().unwrap_or("unknown").to_owned();
                Ok(Environment {
                    id: row.id.into(),
                    name: row.name.parse()?,
                    rank: row.rank,
                    target: words(&row.target),
                    target_kind: kind,
                    models_live: row.live,
                })
            })
            .collect()
    }

    fn words(target: &Value) -> String {
        match (target["kind"].as_str(), target["url"].as_str()) {
            (Some("local"), _) => "An inference server on the portal's own machine".into(),
            (_, Some(url)) => format!("A signed request to {url}"),
            _ => "Unknown".into(),
        }
    }
}
