//! Sessions as they are kept: found by the hash of their id, ended by the clock.
//!
//! A session lasts [`IDLE`] after its last use and [`LONGEST`] after it began, whichever comes first (ASVS 5.0, 7.3.1 and
//! 7.3.2: a working day, for people who sign). One that nobody has signed in to only holds what was typed, for an hour.
use crate::{Failure, Portal};
use chrono::TimeDelta;
use domain::id::PersonId;
use serde_json::Value;

/// A session ends when it was not used for this long.
pub const IDLE: TimeDelta = TimeDelta::hours(8);
/// A session ends this long after it began, however much it was used.
pub const LONGEST: TimeDelta = TimeDelta::hours(12);
/// As both, before anyone has signed in.
pub const UNNAMED: TimeDelta = TimeDelta::hours(1);
/// A use is written down at most this often, so that reading a page is not always a write.
const NOTED: TimeDelta = TimeDelta::minutes(1);

/// A session to be kept.
#[derive(Debug)]
pub struct Row<'a> {
    /// SHA-256 of its id.
    pub hash: &'a [u8],
    pub person: Option<PersonId>,
    pub data: &'a Value,
    pub user_agent: &'a str,
    pub address: &'a str,
}

/// Begins a session. False if the id is taken, which takes a broken source of randomness.
pub async fn create(portal: &Portal, row: &Row<'_>) -> Result<bool, Failure> {
    let (idle, longest) = if row.person.is_some() {
        (IDLE, LONGEST)
    } else {
        (UNNAMED, UNNAMED)
    };
    let now = portal.now();
    Ok(sql::insert(portal.pool(), row, now, now + idle.min(longest), now + longest).await?)
}

/// Changes what a session holds. One that was ended meanwhile stays ended: false.
pub async fn save(portal: &Portal, row: &Row<'_>) -> Result<bool, Failure> {
    Ok(sql::update(portal.pool(), row).await?)
}

/// What a session holds, if it has not ended; notes that it was used.
pub async fn load(portal: &Portal, hash: &[u8]) -> Result<Option<Value>, Failure> {
    let now = portal.now();
    let Some(found) = sql::find(portal.pool(), hash, now).await? else {
        return Ok(None);
    };
    if found.seen_at < now - NOTED {
        let idle = if found.person.is_some() { IDLE } else { UNNAMED };
        sql::touch(portal.pool(), hash, now, now + idle).await?;
    }
    Ok(Some(found.data))
}

/// Whose session it was, also for a day after it ran out.
pub async fn whose(portal: &Portal, hash: &[u8]) -> Result<Option<PersonId>, Failure> {
    Ok(sql::whose(portal.pool(), hash).await?.map(PersonId::from))
}

/// Ends a session.
pub async fn delete(portal: &Portal, hash: &[u8]) -> Result<(), Failure> {
    Ok(sql::delete(portal.pool(), hash).await?)
}

mod sql {
    use super::Row;
    use chrono::{DateTime, Utc};
    use serde_json::Value;
    use sqlx::{PgPool, Result, query, query_as, query_scalar};
    use uuid::Uuid;

    pub struct Found {
        pub person: Option<Uuid>,
        pub data: Value,
        pub seen_at: DateTime<Utc>,
    }

    pub async fn insert(
        pool: &PgPool,
        row: &Row<'_>,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
    ) -> Result<bool> {
        let insert = query!(
            r#"
            insert into sessions (id_hash, person, data, user_agent, address, created_at, seen_at, expires_at, ends_at)
            values ($1, $2, $3, $4, $5, $6, $6, $7, $8)
            on conflict (id_hash) do nothing
            "#,
            row.hash,
            row.person.map(Uuid::from),
            row.data,
            row.user_agent,
            row.address,
            now,
            expires_at,
            ends_at,
        );
        Ok(insert.execute(pool).await?.rows_affected() == 1)
    }

    pub async fn update(pool: &PgPool, row: &Row<'_>) -> Result<bool> {
        let update = query!(
            "update sessions set data = $2, person = $3 where id_hash = $1",
            row.hash,
            row.data,
            row.person.map(Uuid::from)
        );
        Ok(update.execute(pool).await?.rows_affected() == 1)
    }

    pub async fn find(pool: &PgPool, hash: &[u8], now: DateTime<Utc>) -> Result<Option<Found>> {
        query_as!(
            Found,
            "select person, data, seen_at from sessions where id_hash = $1 and expires_at > $2 and ends_at > $2",
            hash,
            now
        )
        .fetch_optional(pool)
        .await
    }

    pub async fn whose(pool: &PgPool, hash: &[u8]) -> Result<Option<Uuid>> {
        let person = query_scalar!("select person from sessions where id_hash = $1", hash);
        Ok(person.fetch_optional(pool).await?.flatten())
    }

    pub async fn touch(
        pool: &PgPool,
        hash: &[u8],
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<()> {
        let touch = query!(
            "update sessions set seen_at = $2, expires_at = least($3, ends_at) where id_hash = $1",
            hash,
            now,
            expires_at
        );
        touch.execute(pool).await.map(drop)
    }

    pub async fn delete(pool: &PgPool, hash: &[u8]) -> Result<()> {
        query!("delete from sessions where id_hash = $1", hash)
            .execute(pool)
            .await
            .map(drop)
    }
}
