//! Policies: the rules in force for each tier.
use crate::{Failure, Portal};
use domain::{
    Actor,
    policy::{Published, built_in},
    view::governance::PolicyRow,
};
use ledger::digest::Digest;

/// Puts the policies that come with the portal in force, where a tier has none yet.
pub async fn install_built_in(portal: &Portal) -> Result<(), Failure> {
    for draft in built_in() {
        let mut change = portal.own_change().await?;
        let (id, number) = sql::next(change.conn(), draft.tier).await?;
        if number > 1 {
            continue;
        }
        let digest = Digest::of_canonical(&draft.rules)?.to_string();
        let published = Published {
            id,
            number,
            draft,
            digest,
        };
        let now = change.now();
        sql::insert(change.conn(), &published, now).await?;
        change.commit(&published).await?;
    }
    Ok(())
}

/// Every policy, newest first within its tier.
pub async fn list(portal: &Portal, _: &Actor) -> Result<Vec<PolicyRow>, Failure> {
    sql::all(portal.pool()).await
}

pub(crate) use sql::in_force;

pub(crate) mod sql {
    use super::{Failure, PolicyRow, Published};
    use chrono::{DateTime, Utc};
    use domain::{
        id::PolicyId,
        model::Tier,
        policy::{Policy, Rules},
    };
    use sqlx::{PgConnection, PgExecutor, PgPool, query, query_as};

    struct Row {
        id: PolicyId,
        tier: String,
        number: i32,
        title: String,
        rules: String,
        digest: String,
        created_at: DateTime<Utc>,
    }

    impl Row {
        fn policy(self) -> Result<Policy, Failure> {
            let rules: Rules = serde_json::from_str(&self.rules)?;
            Ok(Policy {
                id: self.id,
                tier: self.tier.parse()?,
                number: self.number,
                title: self.title,
                rules,
                digest: self.digest,
            })
        }
    }

    /// The newest policy of a tier; none for prohibited models, which no policy lets through.
    pub async fn in_force(conn: impl PgExecutor<'_>, tier: Tier) -> Result<Option<Policy>, Failure> {
        let row = query_as!(
            Row,
            "select id, tier, number, title, rules, digest, created_at from policies where tier = $1 order by number desc limit 1",
            tier.as_str()
        );
        row.fetch_optional(conn).await?.map(Row::policy).transpose()
    }

    pub async fn get(conn: impl PgExecutor<'_>, id: PolicyId) -> Result<Policy, Failure> {
        let row = query_as!(
            Row,
            "select id, tier, number, title, rules, digest, created_at from policies where id = $1",
            i64::from(id)
        );
        row.fetch_one(conn).await?.policy()
    }

    pub async fn next(conn: &mut PgConnection, tier: Tier) -> sqlx::Result<(PolicyId, i32)> {
        // The portal's role may not lock the table, because it may not change what is in it.
        query!("select pg_advisory_xact_lock(hashtext('policies'))")
            .execute(&mut *conn)
            .await?;
        let row = query!(
            r#"
            select nextval(pg_get_serial_sequence('policies', 'id')) as "id!",
                   (select coalesce(max(number), 0) + 1 from policies where tier = $1) as "number!"
            "#,
            tier.as_str()
        );
        row.fetch_one(conn).await.map(|row| (row.id.into(), row.number))
    }

    pub async fn insert(
        conn: &mut PgConnection,
        published: &Published,
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        query!(
            "insert into policies (id, tier, number, title, rules, digest, created_at) values ($1, $2, $3, $4, $5, $6, $7)",
            i64::from(published.id),
            published.draft.tier.as_str(),
            published.number,
            published.draft.title,
            String::from_utf8_lossy(&ledger::canonical::to_vec(&published.draft.rules)?).into_owned(),
            published.digest,
            at,
        )
        .execute(conn)
        .await?;
        Ok(())
    }

    pub async fn all(pool: &PgPool) -> Result<Vec<PolicyRow>, Failure> {
        let rows = query_as!(
            Row,
            "select id, tier, number, title, rules, digest, created_at from policies order by tier, number desc limit 500"
        );
        let mut last = None;
        let mut policies = Vec::new();
        for row in rows.fetch_all(pool).await? {
            let created_at = row.created_at;
            let policy = row.policy()?;
            let in_force = last.replace(policy.tier) != Some(policy.tier);
            policies.push(PolicyRow {
                policy,
                in_force,
                created_at,
            });
        }
        policies.sort_by_key(|row| (row.policy.tier, std::cmp::Reverse(row.policy.number)));
        Ok(policies)
    }
}
