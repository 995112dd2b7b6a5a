//! One's own account: sessions, tokens and password.
use crate::{Failure, Portal, password, session};
use domain::{
    Actor,
    person::{PasswordChanged, SessionRevoked, check_password},
    view::account::Account,
};

/// `current` is the stored hash of the session that asks; empty where there is none.
pub async fn page(portal: &Portal, actor: &Actor, current: &[u8]) -> Result<Account, Failure> {
    let email = sql::email(portal.pool(), actor.id)
        .await?
        .ok_or(Failure::NotFound)?;
    let sessions = sql::sessions(portal.pool(), actor.id, current).await?;
    let tokens = crate::token::sql::of_person(portal.pool(), actor.id).await?;
    Ok(Account {
        actor: actor.clone(),
        email,
        sessions,
        tokens,
    })
}

/// Ends one of one's own sessions, named by its key.
pub async fn revoke_session(portal: &Portal, actor: &Actor, key: &str) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    if !sql::end_session(change.conn(), actor.id, key).await? {
        return Err(Failure::NotFound);
    }
    change.commit(&SessionRevoked { person: actor.id }).await
}

/// Changes the password and ends every other session.
pub async fn change_password(
    portal: &Portal,
    actor: &Actor,
    old: String,
    new: String,
    current: &[u8],
) -> Result<(), Failure> {
    session::reauthenticate(portal, actor, old).await?;
    let email = sql::email(portal.pool(), actor.id)
        .await?
        .ok_or(Failure::NotFound)?;
    check_password(&new, &domain::person::Email::new(&email)?, &actor.name)?;
    let hash = password::hash(new).await?;
    let mut change = portal.change(actor).await?;
    sql::set_password(change.conn(), actor.id, &hash, current).await?;
    change.commit(&PasswordChanged { person: actor.id }).await
}

mod sql {
    use domain::{id::PersonId, view::account::Session};
    use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};
    use uuid::Uuid;

    pub async fn email(pool: &PgPool, id: PersonId) -> Result<Option<String>> {
        query_scalar!("select email from people where id = $1", Uuid::from(id))
            .fetch_optional(pool)
            .await
    }

    pub async fn sessions(pool: &PgPool, id: PersonId, current: &[u8]) -> Result<Vec<Session>> {
        query_as!(
            Session,
            r#"
            select left(encode(id_hash, 'hex'), 32) as "key!", id_hash = $2 as "current!", user_agent, address, created_at, seen_at, ends_at
            from sessions where person = $1 and expires_at > now() and ends_at > now() order by seen_at desc limit 100
            "#,
            Uuid::from(id),
            current,
        )
        .fetch_all(pool)
        .await
    }

    pub async fn end_session(conn: &mut PgConnection, id: PersonId, key: &str) -> Result<bool> {
        let delete = query!(
            "delete from sessions where person = $1 and left(encode(id_hash, 'hex'), 32) = $2",
            Uuid::from(id),
            key
        );
        delete.execute(conn).await.map(|done| done.rows_affected() > 0)
    }

    pub async fn set_password(
        conn: &mut PgConnection,
        id: PersonId,
        hash: &str,
        current: &[u8],
    ) -> Result<()> {
        let id = Uuid::from(id);
        query!("update people set password_hash = $2 where id = $1", id, hash)
            .execute(&mut *conn)
            .await?;
        query!(
            "delete from sessions where person = $1 and id_hash <> $2",
            id,
            current
        )
        .execute(conn)
        .await
        .map(drop)
    }
}
