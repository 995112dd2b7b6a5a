//! Coming in and going out: sign-in with a limit on guessing, and what a session's holder may do with it.
use crate::{Failure, Portal, audit, change::Unrecorded, password};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Actor, Refusal,
    audit::Refused,
    id::PersonId,
    person::{CameIn, Left},
    signature::Reauthenticated,
};
use std::net::IpAddr;

/// Wrong passwords are counted over this time; after it, the account is as open as before.
const WINDOW: TimeDelta = TimeDelta::minutes(15);
/// Wrong passwords for one account from one address.
const PER_PAIR: i64 = 10;
/// Wrong passwords for one account, from anywhere: more, or strangers could keep its owner out at will.
const PER_ACCOUNT: i64 = 100;
/// Wrong passwords from one address, for any account.
const PER_ADDRESS: i64 = 50;
/// No e-mail address is longer (RFC 5321, 4.5.3.1).
const LONGEST_EMAIL: usize = 254;

/// Proves who someone is by e-mail address and password. The answer says nothing of which of the two was wrong.
pub async fn sign_in(
    portal: &Portal,
    email: &str,
    password: String,
    address: &str,
) -> Result<Actor, Failure> {
    let account = Some(email.trim().to_lowercase()).filter(|email| email.len() <= LONGEST_EMAIL);
    let account = account.unwrap_or_default();
    let attempt = begin_attempt(portal, &account, &network(address)).await?;
    let found = sql::credentials(portal.pool(), &account).await?;
    let known = found.is_some();
    let (id, stored) = found.map_or((None, None), |found| (Some(found.id), Some(found.password_hash)));
    let verdict = password::verify(password.clone(), stored.clone()).await?;
    let (Some(id), true) = (id, verdict != password::Verdict::Wrong) else {
        // What was typed is named only where it is an account: people type passwords into the wrong field.
        let reason = if known {
            format!("wrong password for {account}")
        } else {
            "no such account".into()
        };
        let refused = Refused {
            attempt: "sign_in".into(),
            reason,
            address: address.into(),
        };
        audit::refused_stranger(portal, &refused).await?;
        return Err(Refusal::WrongCredentials.into());
    };
    sql::succeeded(portal.pool(), attempt).await?;
    if let (password::Verdict::RightButOld, Some(old)) = (verdict, stored) {
        let hash = password::hash(password).await?;
        sql::rehash(portal.pool(), id, &old, &hash).await?;
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

/// What counts as one address: of IPv6 a whole /64, which is what one customer is given.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// Leaves; the session itself is ended by its store.
pub async fn sign_out(portal: &Portal, actor: &Actor) -> Result<(), Failure> {
    portal
        .change(actor)
        .await?
        .commit(&Left { person: actor.id })
        .await
}

/// Proves the actor's password again, for a signature. Guessing here is counted by itself: what strangers do at the door
/// keeps nobody from signing.
pub async fn reauthenticate(
    portal: &Portal,
    actor: &Actor,
    password: String,
) -> Result<Reauthenticated, Failure> {
    let stored = sql::own_credentials(portal.pool(), actor.id)
        .await?
        .ok_or(Failure::NotFound)?;
    let attempt = begin_attempt(portal, &format!("signature of {}", actor.id), "").await?;
    if password::verify(password, Some(stored)).await? == password::Verdict::Wrong {
        return Err(Refusal::WrongPassword.into());
    }
    sql::succeeded(portal.pool(), attempt).await?;
    Ok(Reauthenticated::confirmed(actor.id, portal.now()))
}

/// Counts an attempt as failed before it is looked at, so that many at once get no further than one after the other.
async fn begin_attempt(portal: &Portal, account: &str, address: &str) -> Result<i64, Failure> {
    let now = portal.now();
    let mut change = portal.own_change().await?;
    let recent = sql::failures(change.conn(), account, address, now - WINDOW).await?;
    if recent.pair >= PER_PAIR || recent.account >= PER_ACCOUNT || recent.address >= PER_ADDRESS {
        let oldest = recent.oldest.unwrap_or(now);
        let minutes = ((oldest + WINDOW) - now).num_minutes().max(0) + 1;
        return Err(Refusal::TooManyAttempts(minutes).into());
    }
    let attempt = sql::fail(change.conn(), account, address, now).await?;
    change.keep(Unrecorded::Attempt).await?;
    Ok(attempt)
}

/// Removes what has run out: sessions, and failures that no longer count.
pub async fn sweep(portal: &Portal) -> Result<(), Failure> {
    Ok(sql::sweep(portal.pool(), portal.now() - WINDOW).await?)
}

/// The account that a session or token belongs to is still allowed in.
pub async fn actor(portal: &Portal, id: PersonId) -> Result<Option<Actor>, Failure> {
    crate::person::actor(portal, id).await
}

/// The oldest failures that still count, and how many there are: of the account from the address, of the account, and
/// from the address.
struct Recent {
    pair: i64,
    account: i64,
    address: i64,
    oldest: Option<DateTime<Utc>>,
}

mod sql {
    use super::Recent;
    use chrono::{DateTime, Utc};
    use domain::id::PersonId;
    use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};
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

    pub async fn own_credentials(pool: &PgPool, id: PersonId) -> Result<Option<String>> {
        query_scalar!(
            "select password_hash from people where id = $1 and active",
            Uuid::from(id)
        )
        .fetch_optional(pool)
        .await
    }

    /// Only in the place of the hash that was verified: the password may have been changed meanwhile.
    pub async fn rehash(pool: &PgPool, id: PersonId, old: &str, hash: &str) -> Result<()> {
        query!(
            "update people set password_hash = $3 where id = $1 and password_hash = $2",
            Uuid::from(id),
            old,
            hash
        )
        .execute(pool)
        .await
        .map(drop)
    }

    /// Counts what failed, with the account and the address held until the transaction ends: attempts take turns.
    pub async fn failures(
        conn: &mut PgConnection,
        account: &str,
        address: &str,
        since: DateTime<Utc>,
    ) -> Result<Recent> {
        for held in [format!("account {account}"), format!("address {address}")] {
            query!("select pg_advisory_xact_lock(hashtextextended($1, 0))", held)
                .execute(&mut *conn)
                .await?;
        }
        query_as!(
            Recent,
            r#"
            select count(*) filter (where account = $1 and address = $2) as "pair!",
                   count(*) filter (where account = $1 and account <> '') as "account!",
                   count(*) filter (where address = $2 and $2 <> '') as "address!",
                   min(at) as oldest
            from sign_in_failures
            where (account = $1 or (address = $2 and $2 <> '')) and at > $3
            "#,
            account,
            address,
            since,
        )
        .fetch_one(conn)
        .await
    }

    pub async fn fail(
        conn: &mut PgConnection,
        account: &str,
        address: &str,
        at: DateTime<Utc>,
    ) -> Result<i64> {
        query_scalar!(
            "insert into sign_in_failures (account, address, at) values ($1, $2, $3) returning id",
            account,
            address,
            at
        )
        .fetch_one(conn)
        .await
    }

    /// It was no failure after all.
    pub async fn succeeded(pool: &PgPool, attempt: i64) -> Result<()> {
        query!("delete from sign_in_failures where id = $1", attempt)
            .execute(pool)
            .await
            .map(drop)
    }

    pub async fn sweep(pool: &PgPool, old: DateTime<Utc>) -> Result<()> {
        query!("delete from sign_in_failures where at < $1", old)
            .execute(pool)
            .await?;
        // Somebody's a day later: until then a form that is sent too late still finds whose it is.
        query!(
            r#"
            delete from sessions where least(expires_at, ends_at) < now() - case when person is null then interval '0' else interval '1 day' end
            "#
        )
            .execute(pool)
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::{Cast, PASSWORD};
    use sqlx::PgPool;

    async fn tries(cast: &Cast, email: &str, password: &str, address: &str) -> Result<Actor, Failure> {
        sign_in(&cast.portal, email, password.into(), address).await
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn guesses_at_once_get_no_further_than_one_after_the_other(pool: PgPool) {
        let cast = Cast::new(pool).await;
        let guesses = (0..30).map(|_| tries(&cast, "grace@portal.example", "wrong", "192.0.2.1"));
        let outcomes = futures::future::join_all(guesses).await;
        let looked_at = outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Err(Failure::Refused(Refusal::WrongCredentials))))
            .count();
        assert_eq!(looked_at, usize::try_from(PER_PAIR).unwrap(), "{outcomes:?}");
        // From there the account is shut for a while, and from elsewhere it is not.
        assert!(matches!(
            tries(&cast, "grace@portal.example", PASSWORD, "192.0.2.1").await,
            Err(Failure::Refused(Refusal::TooManyAttempts(_)))
        ));
        tries(&cast, "grace@portal.example", PASSWORD, "198.51.100.7")
            .await
            .unwrap();
        cast.portal.set_clock(Some(cast.portal.now() + WINDOW * 2));
        tries(&cast, "grace@portal.example", PASSWORD, "192.0.2.1")
            .await
            .unwrap();
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn strangers_at_the_door_keep_nobody_from_signing(pool: PgPool) {
        let cast = Cast::new(pool).await;
        for at in 0..120 {
            let _ = tries(
                &cast,
                "grace@portal.example",
                "wrong",
                &format!("198.51.100.{at}"),
            )
            .await;
        }
        reauthenticate(&cast.portal, &cast.grace, PASSWORD.into())
            .await
            .unwrap();
        for _ in 0..PER_PAIR {
            let wrong = reauthenticate(&cast.portal, &cast.grace, "wrong".into()).await;
            assert!(matches!(wrong, Err(Failure::Refused(Refusal::WrongPassword))));
        }
        let more = reauthenticate(&cast.portal, &cast.grace, PASSWORD.into()).await;
        assert!(matches!(more, Err(Failure::Refused(Refusal::TooManyAttempts(_)))));
    }

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn what_was_typed_is_in_the_record_only_where_it_is_an_account(pool: PgPool) {
        let cast = Cast::new(pool).await;
        let long = "a".repeat(4000);
        for typed in ["grace@portal.example", "hunter2-my-real-password", &long] {
            let refused = tries(&cast, typed, "wrong", "192.0.2.1").await;
            assert!(
                matches!(refused, Err(Failure::Refused(Refusal::WrongCredentials))),
                "{refused:?}"
            );
        }
        let said: Vec<String> = sqlx::query_scalar(
            "select actor_name || ': ' || canonical from audit_entries where action like '%refused%' or outcome = 'refused' order by seq",
        )
        .fetch_all(&cast.owner)
        .await
        .unwrap();
        assert_eq!(said.len(), 3);
        assert!(
            said.iter().all(|entry| entry.starts_with("Someone unknown: ")),
            "{said:?}"
        );
        assert!(
            said[0].contains("wrong password for grace@portal.example"),
            "{said:?}"
        );
        assert!(!said.concat().contains("hunter2"), "{said:?}");
    }

    #[test]
    fn one_customer_of_ipv6_is_one_address() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("192.0.2.7"), "192.0.2.7");
        assert_eq!(network(""), "");
    }
}
