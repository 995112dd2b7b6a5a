//! Evidence: what decisions stand on beside the evaluations, as statements and files.
use crate::{Failure, Portal, files, files::Arrived, release, version};
use bytes::Bytes;
use chrono::NaiveDate;
use domain::{
    Actor,
    evidence::{Attachment, Statement, Submission},
    id::EvidenceId,
    model::ModelName,
};
use futures::stream::BoxStream;
use ledger::digest::Digest;
use serde::Serialize;

/// Adds a statement to a version, with a file or without. What stands on the version is judged anew.
pub async fn add(
    portal: &Portal,
    actor: &Actor,
    model: &ModelName,
    number: i32,
    statement: Statement,
    file: Option<(String, Arrived)>,
) -> Result<EvidenceId, Failure> {
    let engineer = actor.as_engineer()?;
    version::sql::find(portal.pool(), model, number)
        .await?
        .ok_or(Failure::NotFound)?;
    let attachment = match &file {
        Some((name, arrived)) => {
            portal.files().keep(arrived).await?;
            Some(Attachment {
                name: files::plain_name(name),
                digest: arrived.digest().to_string(),
                bytes: i64::try_from(arrived.bytes()).unwrap_or(i64::MAX),
            })
        }
        None => None,
    };

    let mut change = portal.change(actor).await?;
    let version = version::lock(change.conn(), model, number)
        .await?
        .ok_or(Failure::NotFound)?;
    let digest = Said::new(&statement, attachment.as_ref()).digest()?;
    let id = sql::next(change.conn()).await?;
    let why = format!("“{}” was added", statement.title);
    let submission = Submission {
        id,
        version,
        model: model.clone(),
        number,
        statement,
        attachment,
        digest,
    };
    let added = engineer.add_evidence(submission);
    let now = change.now();
    sql::insert(change.conn(), &added, now).await?;
    let recorded = change.record(&added).await?;
    release::rebase(&mut change, version, &why).await?;
    change.commit_recorded(recorded).await?;
    Ok(id)
}

/// The file of a piece of evidence: the name and the bytes. A statement without a file has none.
pub async fn file(
    portal: &Portal,
    _: &Actor,
    id: EvidenceId,
) -> Result<(String, BoxStream<'static, object_store::Result<Bytes>>), Failure> {
    let (name, digest) = sql::file(portal.pool(), id).await?.ok_or(Failure::NotFound)?;
    let bytes = portal.files().read(&digest).await?;
    Ok((name, bytes))
}

/// What a piece of evidence says, as it is digested: its canonical JSON can be made again from the record alone.
#[derive(Serialize)]
pub(crate) struct Said<'a> {
    pub kind: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    pub expires_on: Option<NaiveDate>,
    pub file: Option<SaidFile<'a>>,
}

#[derive(Serialize)]
pub(crate) struct SaidFile<'a> {
    pub name: &'a str,
    pub digest: &'a str,
    pub bytes: i64,
}

impl<'a> Said<'a> {
    fn new(statement: &'a Statement, attachment: Option<&'a Attachment>) -> Self {
        Self {
            kind: &statement.kind,
            title: &statement.title,
            text: &statement.text,
            expires_on: statement.expires_on,
            file: attachment.map(|file| SaidFile {
                name: &file.name,
                digest: &file.digest,
                bytes: file.bytes,
            }),
        }
    }

    fn digest(&self) -> Result<String, Failure> {
        Ok(Digest::of_canonical(self)?.to_string())
    }
}

pub(crate) mod sql {
    use super::EvidenceId;
    use chrono::{DateTime, Utc};
    use domain::{
        evidence::Added,
        id::VersionId,
        view::{Name, version::Evidence},
    };
    use sqlx::{PgConnection, PgPool, Result, query, query_scalar};
    use uuid::Uuid;

    pub async fn next(conn: &mut PgConnection) -> Result<EvidenceId> {
        let id = query_scalar!(r#"select nextval(pg_get_serial_sequence('evidence', 'id')) as "id!""#);
        id.fetch_one(conn).await.map(EvidenceId::from)
    }

    pub async fn insert(conn: &mut PgConnection, added: &Added, at: DateTime<Utc>) -> Result<()> {
        let submission = added.submission();
        let file = submission.attachment.as_ref();
        query!(
            r#"
            insert into evidence (id, version, kind, title, statement, file_name, file_digest, file_bytes, digest,
                                  expires_on, added_by, added_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            "#,
            i64::from(submission.id),
            i64::from(submission.version),
            submission.statement.kind,
            submission.statement.title,
            submission.statement.text,
            file.map(|file| file.name.as_str()),
            file.map(|file| file.digest.as_str()),
            file.map(|file| file.bytes),
            submission.digest,
            submission.statement.expires_on,
            Uuid::from(added.by()),
            at,
        )
        .execute(conn)
        .await
        .map(drop)
    }

    pub async fn file(pool: &PgPool, id: EvidenceId) -> Result<Option<(String, String)>> {
        let row = query!(
            r#"
            select file_name as "name!", file_digest as "digest!"
            from evidence where id = $1 and file_digest is not null
            "#,
            i64::from(id),
        );
        Ok(row.fetch_optional(pool).await?.map(|row| (row.name, row.digest)))
    }

    /// The evidence of a version, newest first.
    pub async fn rows(pool: &PgPool, version: VersionId) -> Result<Vec<Evidence>> {
        let rows = query!(
            r#"
            select e.id, e.kind, e.title, e.statement, e.file_name, e.digest, e.expires_on,
                   e.added_by, p.name as added_by_name, e.added_at
            from evidence e join people p on p.id = e.added_by
            where e.version = $1 order by e.id desc limit 200
            "#,
            i64::from(version),
        );
        let evidence = rows.fetch_all(pool).await?.into_iter().map(|row| Evidence {
            id: row.id.into(),
            kind: row.kind,
            title: row.title,
            statement: row.statement,
            file_name: row.file_name,
            digest: row.digest,
            expires_on: row.expires_on,
            added_by: Name {
                id: row.added_by.into(),
                name: row.added_by_name,
            },
            added_at: row.added_at,
        });
        Ok(evidence.collect())
    }
}

#[cfg(test)]
mod tests;
