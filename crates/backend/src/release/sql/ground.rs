//! What a release is of and stands on: the version, its evaluations and evidence, and the frozen policy.
use crate::{Failure, assessment};
use domain::{
    environment::EnvironmentName,
    fact::Fact,
    id::{EnvironmentId, ModelId, ReleaseId, VersionId},
    model::{ModelName, Tier},
    policy::Policy,
    release::{Dossier, EvaluationPart, EvidencePart, PolicyPart},
};
use sqlx::{PgConnection, query, query_as, query_scalar};

/// What a release is of.
pub struct Subject {
    pub model_id: ModelId,
    pub model: ModelName,
    pub tier: Tier,
    pub version: VersionId,
    pub number: i32,
    pub version_digest: String,
    pub environment_id: EnvironmentId,
    pub environment: EnvironmentName,
}

/// Locks the model: whatever is added to one of its versions, or asked for it, takes its turn.
pub async fn lock_subject(
    conn: &mut PgConnection,
    model: &ModelName,
    number: i32,
    environment: &EnvironmentName,
) -> Result<Option<Subject>, Failure> {
    let row = query!(
        r#"
        select m.id as model_id, m.tier, v.id as version, v.digest, e.id as environment_id
        from models m join versions v on v.model = m.id and v.number = $2 join environments e on e.name = $3
        where m.name = $1
        for no key update of m
        "#,
        model.as_str(),
        number,
        environment.as_str(),
    );
    let Some(row) = row.fetch_optional(conn).await? else {
        return Ok(None);
    };
    Ok(Some(Subject {
        model_id: row.model_id.into(),
        model: model.clone(),
        tier: row.tier.parse()?,
        version: row.version.into(),
        number,
        version_digest: row.digest,
        environment_id: row.environment_id.into(),
        environment: environment.clone(),
    }))
}

/// A version as if it were under request in its first environment; for a look ahead, so nothing is locked.
pub async fn subject_of(
    conn: &mut PgConnection,
    version: VersionId,
) -> Result<(Subject, EnvironmentName), Failure> {
    let row = query!(
        r#"
        select m.id as model_id, m.name as model, m.tier, v.number, v.digest
        from versions v join models m on m.id = v.model where v.id = $1
        "#,
        i64::from(version),
    )
    .fetch_one(conn)
    .await?;
    let environment: EnvironmentName = "production".parse()?;
    let subject = Subject {
        model_id: row.model_id.into(),
        model: row.model.parse()?,
        tier: row.tier.parse()?,
        version,
        number: row.number,
        version_digest: row.digest,
        environment_id: 0.into(),
        environment: environment.clone(),
    };
    Ok((subject, environment))
}

/// What a release stands on: its subject, and the policy that was frozen into it.
pub async fn ground(conn: &mut PgConnection, id: ReleaseId) -> Result<(Subject, Policy), Failure> {
    let row = query!(
        r#"
        select r.policy, m.id as model_id, m.name as model, m.tier, v.id as version, v.number, v.digest,
               e.id as environment_id, e.name as environment
        from releases r
        join versions v on v.id = r.version join models m on m.id = v.model join environments e on e.id = r.environment
        where r.id = $1
        "#,
        i64::from(id),
    )
    .fetch_one(&mut *conn)
    .await?;
    let subject = Subject {
        model_id: row.model_id.into(),
        model: row.model.parse()?,
        tier: row.tier.parse()?,
        version: row.version.into(),
        number: row.number,
        version_digest: row.digest,
        environment_id: row.environment_id.into(),
        environment: row.environment.parse()?,
    };
    let policy = crate::policy::sql::get(conn, row.policy.into()).await?;
    Ok((subject, policy))
}

pub async fn dossier(
    conn: &mut PgConnection,
    release: ReleaseId,
    subject: &Subject,
    policy: &Policy,
) -> Result<Dossier, Failure> {
    let version = i64::from(subject.version);
    let evaluations = query_as!(
        EvaluationPart,
        "select id, file_digest, report_digest from evaluations where version = $1 order by id",
        version
    )
    .fetch_all(&mut *conn)
    .await?;
    let evidence = query_as!(
        EvidencePart,
        "select id, kind, title, digest, expires_on from evidence where version = $1 order by id",
        version
    )
    .fetch_all(conn)
    .await?;
    Ok(Dossier {
        release,
        model: subject.model.clone(),
        version: subject.number,
        version_digest: subject.version_digest.clone(),
        environment: subject.environment.clone(),
        policy: PolicyPart {
            id: policy.id,
            tier: policy.tier,
            number: policy.number,
            digest: policy.digest.clone(),
        },
        evaluations,
        evidence,
    })
}

pub async fn newest_report(conn: &mut PgConnection, version: VersionId) -> sqlx::Result<Option<String>> {
    let newest = query_scalar!(
        "select report from evaluations where version = $1 order by id desc limit 1",
        i64::from(version)
    );
    newest.fetch_optional(conn).await
}

/// The facts of the newest evaluation; none where there is no evaluation yet.
pub async fn facts(conn: &mut PgConnection, version: VersionId) -> Result<Vec<Fact>, Failure> {
    match newest_report(conn, version).await? {
        Some(report) => assessment::facts(&report),
        None => Ok(Vec::new()),
    }
}
