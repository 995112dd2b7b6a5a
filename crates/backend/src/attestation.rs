//! Attestations: the portal's signed word that a release was approved, with the log's proof of it, for whoever decides
//! elsewhere what may run. Nothing of them is kept: each is made from the record and the newest checkpoint when it is asked for.
use crate::{
    Failure, Portal,
    audit::written,
    blocking,
    seal::{Proofs, place},
};
use chrono::{DateTime, Utc};
use domain::{Actor, Refusal, id::ReleaseId};
use ledger::{
    Digest,
    attestation::{Release, Signer, attest},
    dsse::Envelope,
};

/// The attestation of a release that is approved.
pub async fn of_release(portal: &Portal, _: &Actor, id: ReleaseId) -> Result<Envelope, Failure> {
    let approvals = sql::of_release(portal.pool(), id).await?;
    let envelopes = attested(portal, approvals).await?;
    envelopes
        .into_iter()
        .next()
        .ok_or_else(|| Refusal::NotApproved.into())
}

/// Those of the approvals that a version has now, by the digest of its manifest; the newest first.
pub async fn of_version(portal: &Portal, _: &Actor, digest: Digest) -> Result<Vec<Envelope>, Failure> {
    let approvals = sql::of_version(portal.pool(), &digest.to_string(), portal.now()).await?;
    attested(portal, approvals).await
}

async fn attested(portal: &Portal, approvals: Vec<Approval>) -> Result<Vec<Envelope>, Failure> {
    if approvals.is_empty() {
        return Ok(Vec::new());
    }
    let proofs = Proofs::newest(portal).await?;
    blocking(move || {
        let attest = |approval| attested_one(&proofs, approval);
        approvals.into_iter().map(attest).collect()
    })
    .await
}

/// An approved release as it is attested.
pub(crate) struct Approval {
    id: i64,
    model: String,
    number: i32,
    version_digest: String,
    environment: String,
    policy_digest: String,
    dossier_digest: String,
    approved_until: DateTime<Utc>,
    /// The entry of the approval.
    seq: i64,
}

/// Attests an approval. Made on a thread that may wait.
pub(crate) fn attested_one(proofs: &Proofs, approval: Approval) -> Result<Envelope, Failure> {
    let portal = proofs.portal();
    let (index, signers) = proofs.wait(async {
        let index = place(portal.pool(), approval.seq)
            .await?
            .ok_or(Failure::NotFound)?;
        Ok((index, sql::signers(portal.pool(), approval.id).await?))
    })?;
    let settings = portal.settings();
    let release = Release {
        release: approval.id.unsigned_abs(),
        model: approval.model,
        version: approval.number.unsigned_abs(),
        environment: approval.environment,
        policy_digest: digest(&approval.policy_digest)?,
        dossier_digest: digest(&approval.dossier_digest)?,
        signers,
        approved_until: written(approval.approved_until),
        issuer: settings.origin.clone(),
        log: proofs.logged(index)?,
    };
    Ok(attest(digest(&approval.version_digest)?, release, &settings.key)?)
}

pub(crate) fn digest(hex: &str) -> Result<Digest, Failure> {
    hex.parse()
        .map_err(|_| Failure::Stored(format!("{hex} is no digest")))
}

pub(crate) mod sql {
    use super::{Approval, Signer, written};
    use chrono::{DateTime, Utc};
    use domain::{id::ReleaseId, signature::Chair};
    use sqlx::{PgPool, Result, query, query_as};

    /// Approved releases with the entry that approved them, and what is wanted of them.
    macro_rules! approvals {
        ($pool:expr, $wanted:tt $(, $argument:expr)*) => {
            query_as!(
                Approval,
                r#"
                select r.id, m.name as model, v.number, v.digest as version_digest, e.name as environment,
                       p.digest as policy_digest, r.dossier_digest, r.approved_until as "approved_until!",
                       approval.seq as "seq!"
                from releases r
                join versions v on v.id = r.version join models m on m.id = v.model
                join environments e on e.id = r.environment join policies p on p.id = r.policy
                join lateral (
                    select seq from audit_entries
                    where release = r.id and action = 'release.countersigned' and outcome = 'done'
                    order by seq desc limit 1
                ) approval on true
                where r.state = 'approved' and
                "# + $wanted
                $(, $argument)*
            )
            .fetch_all($pool)
            .await
        };
    }

    pub async fn of_release(pool: &PgPool, id: ReleaseId) -> Result<Vec<Approval>> {
        approvals!(pool, "r.id = $1", i64::from(id))
    }

    pub async fn of_version(pool: &PgPool, digest: &str, now: DateTime<Utc>) -> Result<Vec<Approval>> {
        approvals!(
            pool,
            "v.digest = $1 and r.approved_until > $2 order by r.id desc limit 100",
            digest,
            now
        )
    }

    /// Those who signed what stands now, in order of time.
    pub async fn signers(pool: &PgPool, release: i64) -> Result<Vec<Signer>> {
        let rows = query!(
            r#"
            select person_name, chair, meaning, at from signatures
            where release = $1 and voided_at is null order by id
            "#,
            release,
        );
        let signers = rows.fetch_all(pool).await?.into_iter().map(|row| Signer {
            name: row.person_name,
            chair: Chair::from(row.chair).words(),
            meaning: row.meaning,
            signed_at: written(row.at),
        });
        Ok(signers.collect())
    }
}
