//! API tokens: made and revoked on the account page, shown once, stored hashed.
use crate::{Failure, Portal};
use chrono::TimeDelta;
use domain::{
    Actor, Refusal,
    id::TokenId,
    refusal::Invalid,
    token::{Made, Revoked, check_name},
};
use ledger::digest::Digest;
use rand::Rng;

/// Recognisable to secret scanners.
const PREFIX: &str = "csgn_";
/// How long a token may live.
const LONGEST_DAYS: i64 = 365;

/// Makes a token. The secret is in the answer and nowhere else.
pub async fn make(
    portal: &Portal,
    actor: &Actor,
    name: &str,
    days: i64,
) -> Result<(TokenId, String), Failure> {
    let name = check_name(name)?;
    if !(1..=LONGEST_DAYS).contains(&days) {
        return Err(Invalid::new("days", "Choose between 1 and 365 days.").into());
    }
    let secret = new_secret();
    let mut change = portal.change(actor).await?;
    let made = Made {
        id: sql::next(change.conn()).await?,
        person: actor.id,
        name,
        expires_at: change.now() + TimeDelta::days(days),
    };
    let now = change.now();
    sql::insert(change.conn(), &made, &secret, now).await?;
    change.commit(&made).await?;
    Ok((made.id, secret))
}

pub async fn revoke(portal: &Portal, actor: &Actor, id: TokenId) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let (name, live) = sql::lock(change.conn(), id, actor.id)
        .await?
        .ok_or(Failure::NotFound)?;
    if !live {
        return Err(Refusal::TokenRevoked.into());
    }
    let now = change.now();
    sql::revoke(change.conn(), id, now).await?;
    change
        .commit(&Revoked {
            id,
            person: actor.id,
            name,
        })
        .await
}

/// Whom a token speaks for, if it is still good.
pub async fn actor_of(portal: &Portal, secret: &str) -> Result<Option<Actor>, Failure> {
    if !secret.starts_with(PREFIX) {
        return Ok(None);
    }
    match sql::owner(portal.pool(), &hash(secret), portal.now()).await? {
        Some(person) => crate::person::actor(portal, person).await,
        None => Ok(None),
    }
}

/// 32 random bytes, in the digits that digests are written in.
fn new_secret() -> String {
    let mut bytes = [0_u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    format!("{PREFIX}{}", Digest::from(bytes))
}

fn hash(secret: &str) -> Vec<u8> {
    // 256 random bits need no slow hash: there is nothing to guess.
    Digest::of(secret.as_bytes()).as_bytes().to_vec()
}

pub(crate) mod sql {
    use super::{Made, hash};
    use chrono::{DateTime, Utc};
    use domain::{
        id::{PersonId, TokenId},
        view::account::Token,
    };
    use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};
    use uuid::Uuid;

    pub async fn next(conn: &mut PgConnection) -> Result<TokenId> {
        let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('api_tokens', 'id')) as "id!""#);
        id.fetch_one(conn).await.map(TokenId::from)
    }

    pub async fn insert(
        conn: &mut PgConnection,
        made: &Made,
        secret: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        query!(
            "insert into api_tokens (id, person, name, hint, token_hash, created_at, expires_at) overriding system value
             values ($1, $2, $3, $4, $5, $6, $7)",
            i64::from(made.id),
            Uuid::from(made.person),
            made.name,
            secret.get(..9).unwrap_or_default(),
            hash(secret),
            now,
            made.expires_at,
        )
        .execute(conn)
        .await
        .map(drop)
    }

    pub async fn lock(
        conn: &mut PgConnection,
        id: TokenId,
        person: PersonId,
    ) -> Result<Option<(String, bool)>> {
        let row = query!(
            "select name, revoked_at from api_tokens where id = $1 and person = $2 for update",
            i64::from(id),
            Uuid::from(person)
        );
        Ok(row
            .fetch_optional(conn)
            .await?
            .map(|row| (row.name, row.revoked_at.is_none())))
    }

    pub async fn revoke(conn: &mut PgConnection, id: TokenId, now: DateTime<Utc>) -> Result<()> {
        query!(
            "update api_tokens set revoked_at = $2 where id = $1",
            i64::from(id),
            now
        )
        .execute(conn)
        .await
        .map(drop)
    }

    /// Notes the use, at most once a minute, so that a busy program doesn't write with every request.
    pub async fn owner(pool: &PgPool, hash: &[u8], now: DateTime<Utc>) -> Result<Option<PersonId>> {
        let row = query!(
            "select id, person, last_used_at from api_tokens where token_hash = $1 and revoked_at is null and expires_at > $2",
            hash,
            now
        );
        let Some(row) = row.fetch_optional(pool).await? else {
            return Ok(None);
        };
        if row
            .last_used_at
            .is_none_or(|used| now - used > chrono::TimeDelta::minutes(1))
        {
            query!(
                "update api_tokens set last_used_at = $2 where id = $1",
                row.id,
                now
            )
            .execute(pool)
            .await?;
        }
        Ok(Some(row.person.into()))
    }

    pub async fn of_person(pool: &PgPool, person: PersonId) -> Result<Vec<Token>> {
        query_as!(
            Token,
            "select id, name, hint, created_at, expires_at, last_used_at, revoked_at from api_tokens where person = $1 order by id desc limit 100",
            Uuid::from(person)
        )
        .fetch_all(pool)
        .await
    }
}
