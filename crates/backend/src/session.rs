//! Coming in and going out: sign-in with a limit on guessing, and what a session's holder may do with it.
use crate::{Failure, Portal, audit, password};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Actor, Refusal,
    audit::Refused,
    id::PersonId,
    person::{CameIn, Left},
    signature::Reauthenticated,
};

/// Wrong passwords are counted over this time; after it, the account is as open as before.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Wrong passwords for one account, from anywhere.
const PER_ACCOUNT: i64 = 10;
/// Wrong passwords from one address, for any account.
const PER_ADDRESS: i64 = 50;

/// Proves who someone is by e-mail address and password. The answer says nothing of which of the two was wrong.
pub async fn sign_in(
    portal: &Portal,
    email: &str,
    password: String,
    address: &str,
) -> Result<Actor, Failure> {
    let account = email.trim().to_lowercase();
    within_limits(portal, &account, address).await?;
    let found = sql::credentials(portal.pool(), &account).await?;
    let (id, stored) = found.map_or((None, None), |found| (Some(found.id), Some(found.password_hash)));
    let verdict = password::verify(password.clone(), stored).await?;
    let (Some(id), true) = (id, verdict != password::Verdict::Wrong) else {
        count_failure(portal, &account, address).await?;
        let refused = Refused {
            attempt: "sign_in".into(),
            reason: "wrong address or password".into(),
            address: address.into(),
        };
        audit::refused_stranger(portal, &refused).await?;
        return Err(Refusal::WrongCredentials.into());
    };
    if verdict == password::Verdict::RightButOld {
        let hash = password::hash(password).await?;
        sql::rehash(portal.pool(), id, &hash).await?;
    }
    let actor = crate::person::actor(portal, id).await?.ok_or(Failure::NotFound)?;
    portal
        .change(&actor)
        .await?
        .commit(&CameIn {
            person: actor.id,
            address: address.into(),
        })
        .await?;
    Ok(actor)
}

/// Leaves; the session itself is ended by its store.
pub async fn sign_out(portal: &Portal, actor: &Actor) -> Result<(), Failure> {
    portal
        .change(actor)
        .await?
        .commit(&Left { person: actor.id })
        .await
}

/// Proves the actor's password again, for a signature. Guessing here counts like guessing at the door.
pub async fn reauthenticate(
    portal: &Portal,
    actor: &Actor,
    password: String,
) -> Result<Reauthenticated, Failure> {
    let (account, stored) = sql::own_credentials(portal.pool(), actor.id)
        .await?
        .ok_or(Failure::NotFound)?;
    within_limits(portal, &account, "").await?;
    match password::verify(password, Some(stored)).await? {
        password::Verdict::Wrong => {
            count_failure(portal, &account, "").await?;
            Err(Refusal::WrongPassword.into())
        }
        _ => Ok(Reauthenticated::confirmed(actor.id, portal.now())),
    }
}

async fn within_limits(portal: &Portal, account: &str, address: &str) -> Result<(), Failure> {
    let now = portal.now();
    let recent = sql::failures(portal.pool(), account, address, now - WINDOW).await?;
    if recent.account < PER_ACCOUNT && recent.address < PER_ADDRESS {
        return Ok(());
    }
    let oldest = recent.oldest.unwrap_or(now);
    Err(Refusal::TooManyAttempts(((oldest + WINDOW) - now).num_minutes().max(0) + 1).into())
}

async fn count_failure(portal: &Portal, account: &str, address: &str) -> Result<(), Failure> {
    Ok(sql::fail(portal.pool(), account, address, portal.now()).await?)
}

/// Removes what has run out: sessions, and failures that no longer count.
pub async fn sweep(portal: &Portal) -> Result<(), Failure> {
    Ok(sql::sweep(portal.pool(), portal.now() - WINDOW).await?)
}

/// The account that a session or token belongs to is still allowed in.
pub async fn actor(portal: &Portal, id: PersonId) -> Result<Option<Actor>, Failure> {
    crate::person::actor(portal, id).await
}

/// The oldest failures that still count, and how many there are.
struct Recent {
    account: i64,
    address: i64,
    oldest: Option<DateTime<Utc>>,
}

mod sql {
    use super::Recent;
    use chrono::{DateTime, Utc};
    use domain::id::PersonId;
    use sqlx::{PgPool, Result, query, query_as};
    use uuid::Uuid;

    pub struct Credentials {
        pub id: PersonId,
        pub password_hash: String,
    }

    pub async fn credentials(pool: &PgPool, email: &str) -> Result<Option<Credentials>> {
        query_as!(
            Credentials,
            "select id, password_hash from people where email = $1 and active",
            email
        )
        .fetch_optional(pool)
        .await
    }

    pub async fn own_credentials(pool: &PgPool, id: PersonId) -> Result<Option<(String, String)>> {
        let row = query!(
            "select email, password_hash from people where id = $1 and active",
            Uuid::from(id)
        );
        Ok(row
            .fetch_optional(pool)
            .await?
            .map(|row| (row.email, row.password_hash)))
    }

    pub async fn rehash(pool: &PgPool, id: PersonId, hash: &str) -> Result<()> {
        query!(
            "update people set password_hash = $2 where id = $1",
            Uuid::from(id),
            hash
        )
        .execute(pool)
        .await
        .map(drop)
    }

    pub async fn failures(
        pool: &PgPool,
        account: &str,
        address: &str,
        since: DateTime<Utc>,
    ) -> Result<Recent> {
        query_as!(
            Recent,
            r#"
            select count(*) filter (where account = $1) as "account!",
                   count(*) filter (where address = $2 and $2 <> '') as "address!",
                   min(at) as oldest
            from sign_in_failures
            where (account = $1 or (address = $2 and $2 <> '')) and at > $3
            "#,
            account,
            address,
            since,
        )
        .fetch_one(pool)
        .await
    }

    pub async fn fail(pool: &PgPool, account: &str, address: &str, at: DateTime<Utc>) -> Result<()> {
        let insert = query!(
            "insert into sign_in_failures (account, address, at) values ($1, $2, $3)",
            account,
            address,
            at
        );
        insert.execute(pool).await.map(drop)
    }

    pub async fn sweep(pool: &PgPool, old: DateTime<Utc>) -> Result<()> {
        query!("delete from sign_in_failures where at < $1", old)
            .execute(pool)
            .await?;
        // A day later: until then a form that is sent too late still finds whose it is.
        query!("delete from sessions where least(expires_at, ends_at) < now() - interval '1 day'")
            .execute(pool)
            .await
            .map(drop)
    }
}
