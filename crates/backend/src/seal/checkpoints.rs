//! Checkpoints as others get them: with what witnesses said, and under which key.
use crate::{Failure, Portal};
use ledger::rotation::Keys;

/// The log's keys.
pub(super) async fn keys(portal: &Portal) -> Result<Keys, Failure> {
    let settings = portal.settings();
    Ok(Keys::new(&settings.origin, settings.key.verifying_key().clone()))
}

/// The newest checkpoint as the log signed it; none while the log is empty.
pub async fn newest(portal: &Portal) -> Result<Option<String>, Failure> {
    Ok(sql::newest(portal.pool()).await?)
}

/// The newest checkpoint that as many witnesses have cosigned as the configuration asks for, with their newest
/// cosignatures. While too few of them answer, it stays where it was, which everybody can see.
pub async fn published(portal: &Portal) -> Result<Option<String>, Failure> {
    let quorum = &portal.settings().quorum;
    let witnesses: Vec<String> = quorum.witnesses().iter().map(ToString::to_string).collect();
    let needed = i64::try_from(quorum.needed()).unwrap_or(i64::MAX);
    Ok(sql::published(portal.pool(), &witnesses, needed).await?)
}

mod sql {
    use sqlx::{PgPool, Result, query_scalar};

    pub async fn newest(pool: &PgPool) -> Result<Option<String>> {
        query_scalar!("select note from checkpoints order by size desc limit 1")
            .fetch_optional(pool)
            .await
    }

    pub async fn published(pool: &PgPool, witnesses: &[String], needed: i64) -> Result<Option<String>> {
        query_scalar!(
            r#"
            select c.note || coalesce(string_agg(said.line, '' order by said.witness), '') as "note!"
            from (
                select case when $2 = 0 then (select max(size) from checkpoints) else (
                    select size from cosignatures where witness = any($1)
                    group by size having count(distinct witness) >= $2 order by size desc limit 1
                ) end as size
            ) newest
            join checkpoints c using (size)
            left join (
                select distinct on (size, witness) size, witness, line from cosignatures
                where witness = any($1) order by size, witness, at desc
            ) said using (size)
            group by c.note
            "#,
            witnesses,
            needed,
        )
        .fetch_optional(pool)
        .await
    }
}
