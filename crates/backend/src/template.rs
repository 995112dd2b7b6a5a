//! Templates: what each discipline asks.
use crate::{Failure, Portal};
use domain::{
    Actor,
    template::{Published, built_in},
    view::governance::TemplateRow,
};
use ledger::digest::Digest;

/// Puts the questions that come with the portal in force, where a discipline has none yet.
pub async fn install_built_in(portal: &Portal) -> Result<(), Failure> {
    for template in built_in() {
        let mut change = portal.own_change().await?;
        let (id, number) = sql::next(change.conn(), template.discipline.as_str()).await?;
        if number > 1 {
            continue;
        }
        let digest = Digest::of_canonical(&template)?.to_string();
        let published = Published {
            id,
            number,
            template,
            digest,
        };
        let now = change.now();
        sql::insert(change.conn(), &published, now).await?;
        change.commit(&published).await?;
    }
    Ok(())
}

/// Every template, newest first within its discipline.
pub async fn list(portal: &Portal, _: &Actor) -> Result<Vec<TemplateRow>, Failure> {
    sql::all(portal.pool()).await
}

pub(crate) mod sql {
    use super::{Failure, Published, TemplateRow};
    use chrono::{DateTime, Utc};
    use domain::{
        id::TemplateId,
        template::{Question, Template},
    };
    use sqlx::{PgConnection, PgPool, query, query_as, query_scalar};

    pub struct Row {
        pub id: TemplateId,
        discipline: String,
        number: i32,
        title: String,
        questions: String,
        digest: String,
        created_at: DateTime<Utc>,
    }

    /// A template from its kept parts.
    pub fn read(discipline: String, title: String, questions: &str) -> Result<Template, Failure> {
        let questions: Vec<Question> = serde_json::from_str(questions)?;
        let discipline = discipline.try_into().map_err(Failure::Stored)?;
        Ok(Template {
            discipline,
            title,
            questions,
        })
    }

    pub async fn next(conn: &mut PgConnection, discipline: &str) -> sqlx::Result<(TemplateId, i32)> {
        // The portal's role may not lock the table, because it may not change what is in it.
        query!("select pg_advisory_xact_lock(hashtext('templates'))")
            .execute(&mut *conn)
            .await?;
        let row = query!(
            r#"
            select nextval(pg_get_serial_sequence('templates', 'id')) as "id!",
                   (select coalesce(max(number), 0) + 1 from templates where discipline = $1) as "number!"
            "#,
            discipline
        );
        row.fetch_one(conn).await.map(|row| (row.id.into(), row.number))
    }

    pub async fn insert(
        conn: &mut PgConnection,
        published: &Published,
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        query!(
            "insert into templates (id, discipline, number, title, questions, digest, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            i64::from(published.id),
            published.template.discipline.as_str(),
            published.number,
            published.template.title,
            serde_json::to_string(&published.template.questions)?,
            published.digest,
            at,
        )
        .execute(conn)
        .await?;
        Ok(())
    }

    /// The newest template of a discipline.
    pub async fn in_force(conn: &mut PgConnection, discipline: &str) -> sqlx::Result<Option<TemplateId>> {
        let newest = query_scalar!(
            "select id from templates where discipline = $1 order by number desc limit 1",
            discipline
        );
        Ok(newest.fetch_optional(conn).await?.map(TemplateId::from))
    }

    pub async fn all(pool: &PgPool) -> Result<Vec<TemplateRow>, Failure> {
        let rows = query_as!(
            Row,
            "select id, discipline, number, title, questions, digest, created_at from templates order by discipline desc, number desc limit 500"
        );
        let mut last = String::new();
        let mut templates = Vec::new();
        for row in rows.fetch_all(pool).await? {
            let in_force = last != row.discipline;
            last.clone_from(&row.discipline);
            templates.push(TemplateRow {
                id: row.id,
                number: row.number,
                template: read(row.discipline, row.title, &row.questions)?,
                digest: row.digest,
                in_force,
                created_at: row.created_at,
            });
        }
        Ok(templates)
    }
}
