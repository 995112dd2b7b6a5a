//! Versions: freezing a manifest under the model's next number, and all that is known of one.
use crate::{
    Failure, Portal, assessment, audit, deployment, evaluation, evidence, failure::OnConstraint, model,
    release,
};
use domain::{
    Actor, Refusal,
    id::VersionId,
    manifest::{self, Manifest},
    model::{ModelName, Tier},
    refusal::Invalid,
    version::Draft,
    view::{Name, version::Version},
};
use ledger::{canonical, digest::Digest};

/// Freezes a manifest as the model's next version; answers with its number.
pub async fn register(
    portal: &Portal,
    actor: &Actor,
    name: &ModelName,
    manifest: Manifest,
) -> Result<i32, Failure> {
    let engineer = actor.as_engineer()?;
    let manifest = manifest.checked().map_err(Failure::Invalid)?;
    let canonical = frozen(&manifest)?;
    let digest = Digest::of(canonical.as_bytes()).to_string();
    let mut change = portal.change(actor).await?;
    let model = model::sql::lock(change.conn(), name)
        .await?
        .ok_or(Failure::NotFound)?;
    if let Some(number) = sql::registered_as(change.conn(), model, &digest).await? {
        return Err(Refusal::AlreadyRegistered(number).into());
    }
    let (id, number) = sql::next(change.conn(), model).await?;
    let registered = engineer.register(Draft {
        id,
        model,
        name: name.clone(),
        number,
        manifest,
        canonical,
        digest,
    });
    let now = change.now();
    sql::insert(change.conn(), &registered, now)
        .await
        .on_constraint("versions_number_key", || Refusal::RacedRegistration)?;
    change.commit(&registered).await?;
    Ok(number)
}

/// The canonical text, which is what is stored and digested. What has no such text is the sender's to put right.
fn frozen(manifest: &Manifest) -> Result<String, Failure> {
    let refuse = |message: String| Failure::Invalid(vec![Invalid::new("manifest", message)]);
    let text = canonical::to_vec(manifest)
        .map_err(|error| refuse(format!("The manifest can't be digested: {error}.")))?;
    if text.len() > manifest::LARGEST {
        return Err(refuse(
            "The manifest is larger than 512 KiB; keep data in files and name them by digest.".into(),
        ));
    }
    if manifest.changes.contains('\0') {
        return Err(refuse(
            "The sentence on what changed holds a zero byte; leave it out.".into(),
        ));
    }
    String::from_utf8(text).map_err(|error| Failure::Stored(error.to_string()))
}

/// The manifest as it was frozen: canonical JSON, and its SHA-256 as 64 hexadecimal digits.
pub async fn manifest(
    portal: &Portal,
    _: &Actor,
    name: &ModelName,
    number: i32,
) -> Result<(String, String), Failure> {
    let stored = sql::find(portal.pool(), name, number)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok((stored.manifest, stored.digest))
}

/// Whether this person may add something to this version: asked before a large file is taken in for nothing.
pub async fn may_add(portal: &Portal, actor: &Actor, name: &ModelName, number: i32) -> Result<(), Failure> {
    actor.as_engineer()?;
    let found = sql::find(portal.pool(), name, number).await?;
    found.map(drop).ok_or(Failure::NotFound)
}

/// One version, with all that is known of it.
pub async fn page(portal: &Portal, actor: &Actor, name: &ModelName, number: i32) -> Result<Version, Failure> {
    let pool = portal.pool();
    let stored = sql::find(pool, name, number).await?.ok_or(Failure::NotFound)?;
    let tier: Tier = stored.tier.parse()?;
    let id = stored.id;
    let evaluations = evaluation::sql::rows(pool, id).await?;
    let baseline = sql::baseline(pool, name, number).await?;
    let newest = evaluations.first().map(|evaluation| evaluation.id);
    let regressions = assessment::regressions(portal, baseline.as_ref(), newest).await?;
    let baseline = match baseline {
        Some(baseline) => Some((baseline.number, serde_json::from_str(&baseline.manifest)?)),
        None => None,
    };
    let (readiness, readiness_of) = release::readiness(portal, id, tier).await?;
    let standings = model::standings(portal, &[stored.model]).await?;
    Ok(Version {
        model: name.clone(),
        purpose: stored.purpose,
        tier,
        number,
        manifest: serde_json::from_str(&stored.manifest)?,
        digest: stored.digest,
        registered_by: Name {
            id: stored.registered_by.into(),
            name: stored.registered_by_name,
        },
        registered_at: stored.registered_at,
        evaluations,
        jobs: evaluation::sql::job::without_report(pool, id).await?,
        evidence: evidence::sql::rows(pool, id).await?,
        releases: release::rows_of_version(portal, id).await?,
        deployments: deployment::rows_of_version(portal, id).await?,
        standings: standings.into_iter().map(|placed| placed.standing).collect(),
        readiness,
        readiness_of,
        baseline,
        regressions,
        environments: model::sql::environments(pool).await?,
        history: audit::of_version(portal, name.as_str(), number, id.into()).await?,
        can_work: actor.as_engineer().is_ok(),
    })
}

/// A version that something is added to, held with its model for the rest of the change.
pub(crate) async fn lock(
    conn: &mut sqlx::PgConnection,
    name: &ModelName,
    number: i32,
) -> Result<Option<VersionId>, Failure> {
    let Some(model) = model::sql::lock(conn, name).await? else {
        return Ok(None);
    };
    Ok(sql::id(conn, model, number).await?)
}

pub(crate) mod sql {
    use chrono::{DateTime, Utc};
    use domain::{
        id::{EvaluationId, ModelId, VersionId},
        model::ModelName,
        version::Registered,
    };
    use sqlx::{PgConnection, PgExecutor, PgPool, Result, query, query_as, query_scalar};
    use uuid::Uuid;

    /// The id and the number of the model's next version; the model is locked.
    pub async fn next(conn: &mut PgConnection, model: ModelId) -> Result<(VersionId, i32)> {
        let row = query!(
            r#"
            select nextval(pg_get_serial_sequence('versions', 'id')) as "id!",
                   (select coalesce(max(number), 0) + 1 from versions where model = $1) as "number!"
            "#,
            i64::from(model),
        );
        row.fetch_one(conn).await.map(|row| (row.id.into(), row.number))
    }

    /// The number under which this very manifest is registered already.
    pub async fn registered_as(conn: &mut PgConnection, model: ModelId, digest: &str) -> Result<Option<i32>> {
        query_scalar!(
            "select number from versions where model = $1 and digest = $2",
            i64::from(model),
            digest
        )
        .fetch_optional(conn)
        .await
    }

    pub async fn insert(conn: &mut PgConnection, registered: &Registered, at: DateTime<Utc>) -> Result<()> {
        let draft = registered.draft();
        query!(
            r#"
            insert into versions (id, model, number, manifest, changes, digest, registered_by, registered_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            "#,
            i64::from(draft.id),
            i64::from(draft.model),
            draft.number,
            draft.canonical,
            draft.manifest.changes,
            draft.digest,
            Uuid::from(registered.by()),
            at,
        )
        .execute(conn)
        .await
        .map(drop)
    }

    pub async fn id(conn: &mut PgConnection, model: ModelId, number: i32) -> Result<Option<VersionId>> {
        let id = query_scalar!(
            "select id from versions where model = $1 and number = $2",
            i64::from(model),
            number
        );
        Ok(id.fetch_optional(conn).await?.map(VersionId::from))
    }

    pub struct Stored {
        pub id: VersionId,
        pub model: i64,
        pub purpose: String,
        pub tier: String,
        pub manifest: String,
        pub digest: String,
        pub registered_by: Uuid,
        pub registered_by_name: String,
        pub registered_at: DateTime<Utc>,
    }

    pub async fn find(pool: &PgPool, name: &ModelName, number: i32) -> Result<Option<Stored>> {
        query_as!(
            Stored,
            r#"
            select v.id, v.model, m.purpose, m.tier, v.manifest, v.digest,
                   v.registered_by, p.name as registered_by_name, v.registered_at
            from versions v
            join models m on m.id = v.model
            join people p on p.id = v.registered_by
            where m.name = $1 and v.number = $2
            "#,
            name.as_str(),
            number,
        )
        .fetch_optional(pool)
        .await
    }

    /// The last approved version before another one.
    pub struct Baseline {
        pub number: i32,
        pub manifest: String,
        /// Its newest evaluation.
        pub evaluation: Option<EvaluationId>,
    }

    pub async fn baseline(
        db: impl PgExecutor<'_>,
        name: &ModelName,
        before: i32,
    ) -> Result<Option<Baseline>> {
        let row = query!(
            r#"
            select v.number, v.manifest, (select max(id) from evaluations where version = v.id) as evaluation
            from versions v join models m on m.id = v.model
            where m.name = $1 and v.number < $2
              and exists (select from releases r where r.version = v.id and r.state = 'approved')
            order by v.number desc limit 1
            "#,
            name.as_str(),
            before,
        );
        Ok(row.fetch_optional(db).await?.map(|row| Baseline {
            number: row.number,
            manifest: row.manifest,
            evaluation: row.evaluation.map(EvaluationId::from),
        }))
    }
}

#[cfg(test)]
mod tests;
