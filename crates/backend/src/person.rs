//! People: adding them, and setting what they may be.
use crate::{Failure, Portal, failure::OnConstraint, password};
use domain::{
    Actor, Refusal,
    id::PersonId,
    person::{Added, Duties, Newcomer, check_password},
    view::governance::People,
};

/// Brings someone in, from a page.
pub async fn add(
    portal: &Portal,
    actor: &Actor,
    newcomer: Newcomer,
    password: String,
) -> Result<PersonId, Failure> {
    check_password(&password, &newcomer.email, &newcomer.name)?;
    let hash = password::hash(password).await?;
    let mut change = portal.change(actor).await?;
    let added = actor.as_administrator()?.add_person(new_id(&change), newcomer);
    sql::insert(&mut change, &added, &hash).await?;
    change.commit(&added).await?;
    Ok(added.id())
}

/// Brings someone in from the command line: whoever owns the machine owns the portal.
pub async fn add_by_operator(
    portal: &Portal,
    newcomer: Newcomer,
    password: String,
) -> Result<PersonId, Failure> {
    check_password(&password, &newcomer.email, &newcomer.name)?;
    let hash = password::hash(password).await?;
    let mut change = portal.own_change().await?;
    let added = newcomer.added_by_operator(new_id(&change));
    sql::insert(&mut change, &added, &hash).await?;
    change.commit(&added).await?;
    Ok(added.id())
}

pub async fn set_duties(
    portal: &Portal,
    actor: &Actor,
    person: PersonId,
    duties: Duties,
) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let administrator = actor.as_administrator()?;
    let person = sql::lock(change.conn(), person).await?.ok_or(Failure::NotFound)?;
    let set = administrator.set_duties(&person, duties)?;
    sql::save_duties(change.conn(), &set).await?;
    change.commit(&set).await
}

pub async fn set_active(
    portal: &Portal,
    actor: &Actor,
    person: PersonId,
    active: bool,
) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let administrator = actor.as_administrator()?;
    let person = sql::lock(change.conn(), person).await?.ok_or(Failure::NotFound)?;
    let set = administrator.set_active(&person, active)?;
    let now = change.now();
    sql::save_active(change.conn(), &set, now).await?;
    change.commit(&set).await
}

/// Everyone. People who work together may see who fills which chair.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<People, Failure> {
    let people = sql::all(portal.pool()).await?;
    let disciplines = sql::disciplines(portal.pool()).await?;
    let disciplines = disciplines
        .iter()
        .filter_map(|name| domain::actor::Discipline::new(name))
        .collect();
    Ok(People {
        people,
        disciplines,
        can_change: actor.as_administrator().is_ok(),
    })
}

/// The person behind an id, as they are allowed in now; none if they were shut out.
pub(crate) async fn actor(portal: &Portal, id: PersonId) -> Result<Option<Actor>, Failure> {
    Ok(sql::find(portal.pool(), id)
        .await?
        .filter(|person| person.active)
        .map(|person| Actor {
            id: person.id,
            name: person.name,
            roles: person.duties.roles,
            disciplines: person.duties.disciplines,
        }))
}

/// Whether anyone is there at all: an empty portal is filled by the demonstration, or by `user add`.
pub async fn anyone(portal: &Portal) -> Result<bool, Failure> {
    Ok(sql::anyone(portal.pool()).await?)
}

/// Whether an account has this e-mail address.
pub async fn is_known(portal: &Portal, email: &str) -> Result<bool, Failure> {
    Ok(sql::is_known(portal.pool(), email).await?)
}

fn new_id(change: &crate::Change<'_>) -> PersonId {
    let at = change.now();
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    uuid::Uuid::new_v7(uuid::Timestamp::from_unix(
        uuid::NoContext,
        seconds,
        at.timestamp_subsec_nanos(),
    ))
    .into()
}

pub(crate) mod sql {
    use super::{Added, Failure, OnConstraint, Refusal};
    use chrono::{DateTime, Utc};
    use domain::{
        Actor,
        actor::{Discipline, Role},
        id::PersonId,
        person::{ActiveSet, Duties, DutiesSet, Email, Person},
    };
    use sqlx::{PgConnection, PgPool, Result, query, query_as, query_scalar};
    use uuid::Uuid;

    pub async fn insert(change: &mut crate::Change<'_>, added: &Added, hash: &str) -> Result<(), Failure> {
        let newcomer = added.newcomer();
        let now = change.now();
        query!(
            "insert into people (id, email, name, password_hash, roles, disciplines, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            Uuid::from(added.id()),
            newcomer.email.as_str(),
            newcomer.name,
            hash,
            &roles(&newcomer.duties.roles),
            &disciplines_text(&newcomer.duties.disciplines),
            now,
        )
        .execute(change.conn())
        .await
        .map(drop)
        .on_constraint("people_email_key", || Refusal::EmailTaken(newcomer.email.to_string()))
    }

    fn roles(roles: &[Role]) -> Vec<String> {
        roles.iter().map(ToString::to_string).collect()
    }

    fn disciplines_text(disciplines: &[Discipline]) -> Vec<String> {
        disciplines.iter().map(ToString::to_string).collect()
    }

    pub async fn save_duties(conn: &mut PgConnection, set: &DutiesSet) -> Result<()> {
        let duties = set.duties();
        query!(
            "update people set roles = $2, disciplines = $3 where id = $1",
            Uuid::from(set.person()),
            &roles(&duties.roles),
            &disciplines_text(&duties.disciplines),
        )
        .execute(conn)
        .await
        .map(drop)
    }

    /// Who is shut out loses their sessions and tokens in the same breath.
    pub async fn save_active(conn: &mut PgConnection, set: &ActiveSet, at: DateTime<Utc>) -> Result<()> {
        let id = Uuid::from(set.person());
        query!("update people set active = $2 where id = $1", id, set.active())
            .execute(&mut *conn)
            .await?;
        if !set.active() {
            query!("delete from sessions where person = $1", id)
                .execute(&mut *conn)
                .await?;
            query!(
                "update api_tokens set revoked_at = $2 where person = $1 and revoked_at is null",
                id,
                at
            )
            .execute(conn)
            .await?;
        }
        Ok(())
    }

    struct Row {
        id: PersonId,
        email: String,
        name: String,
        roles: Vec<String>,
        disciplines: Vec<String>,
        active: bool,
        created_at: DateTime<Utc>,
    }

    impl TryFrom<Row> for Person {
        type Error = sqlx::Error;
        fn try_from(row: Row) -> Result<Self> {
            let email = Email::new(&row.email).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
            let roles = row.roles.iter().filter_map(|role| role.parse().ok()).collect();
            let disciplines = row
                .disciplines
                .iter()
                .filter_map(|name| Discipline::new(name))
                .collect();
            let duties = Duties { roles, disciplines };
            Ok(Self {
                id: row.id,
                email,
                name: row.name,
                duties,
                active: row.active,
                created_at: row.created_at,
            })
        }
    }

    pub async fn lock(conn: &mut PgConnection, id: PersonId) -> Result<Option<Person>> {
        let select = query_as!(
            Row,
            "select id, email, name, roles, disciplines, active, created_at from people where id = $1 for no key update",
            Uuid::from(id)
        );
        select
            .fetch_optional(conn)
            .await?
            .map(Person::try_from)
            .transpose()
    }

    /// Whether the person is let in and holds just these duties. They stay so until the transaction ends.
    pub async fn has_duties(conn: &mut PgConnection, actor: &Actor) -> Result<bool> {
        let held = query_scalar!(
            r#"
            select active and roles = $2 and disciplines = $3 as "held!" from people where id = $1
            for share
            "#,
            Uuid::from(actor.id),
            &roles(&actor.roles),
            &disciplines_text(&actor.disciplines),
        );
        Ok(held.fetch_optional(conn).await?.unwrap_or(false))
    }

    pub async fn find(pool: &PgPool, id: PersonId) -> Result<Option<Person>> {
        let select = query_as!(
            Row,
            "select id, email, name, roles, disciplines, active, created_at from people where id = $1",
            Uuid::from(id)
        );
        select
            .fetch_optional(pool)
            .await?
            .map(Person::try_from)
            .transpose()
    }

    pub async fn all(pool: &PgPool) -> Result<Vec<Person>> {
        let select = query_as!(
            Row,
            "select id, email, name, roles, disciplines, active, created_at from people order by name limit 1000"
        );
        select
            .fetch_all(pool)
            .await?
            .into_iter()
            .map(Person::try_from)
            .collect()
    }

    pub async fn disciplines(pool: &PgPool) -> Result<Vec<String>> {
        query_scalar!("select distinct discipline from templates order by discipline")
            .fetch_all(pool)
            .await
    }

    pub async fn is_known(pool: &PgPool, email: &str) -> Result<bool> {
        query_scalar!(
            r#"select exists (select from people where email = $1) as "known!""#,
            email
        )
        .fetch_one(pool)
        .await
    }

    pub async fn anyone(pool: &PgPool) -> Result<bool> {
        query_scalar!(r#"select exists (select from people) as "any!""#)
            .fetch_one(pool)
            .await
    }
}
