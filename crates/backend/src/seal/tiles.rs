//! The log as anyone may copy it: tiles of hashes and bundles of entries (C2SP tlog-tiles).
use super::{signed, stored_digest};
use crate::{Failure, Portal};
use domain::Actor;
use ledger::tile::{self, Path};

/// The hashes of a tile, where the log has got that far. They tell nothing of the entries, so they are for everyone.
pub async fn tile(portal: &Portal, path: Path) -> Result<Option<Vec<u8>>, Failure> {
    let Some(level) = path.level() else {
        return Ok(None); // a bundle of entries
    };
    let place = Place::of(path);
    let hashes = match level {
        0 => sql::leaves(portal.pool(), &place).await?,
        level => sql::nodes(portal.pool(), i16::from(level), &place).await?,
    };
    if hashes.len() < usize::from(path.width()) {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(hashes.len() * 32);
    for hash in hashes {
        bytes.extend(stored_digest(&hash)?.as_bytes());
    }
    Ok(Some(bytes))
}

/// The entries of a bundle, for those who may read the record.
pub async fn entries(portal: &Portal, _: &Actor, path: Path) -> Result<Option<Vec<u8>>, Failure> {
    if path.level().is_some() {
        return Ok(None); // a tile of hashes
    }
    let entries = sql::entries(portal.pool(), &Place::of(path)).await?;
    if entries.len() < usize::from(path.width()) {
        return Ok(None);
    }
    let bundle = tile::bundle(entries.iter().map(String::as_bytes));
    bundle
        .map(Some)
        .map_err(|error| Failure::Stored(error.to_string()))
}

/// The rows of a level that a tile consists of.
struct Place {
    from: i64,
    to: i64,
}

impl Place {
    fn of(path: Path) -> Self {
        let from = path.index().saturating_mul(u64::from(tile::WIDTH));
        Self {
            from: signed(from),
            to: signed(from.saturating_add(u64::from(path.width()))),
        }
    }
}

mod sql {
    use super::Place;
    use sqlx::{PgPool, Result, query_scalar};

    pub async fn leaves(pool: &PgPool, place: &Place) -> Result<Vec<Vec<u8>>> {
        query_scalar!(
            "select leaf_hash from log_leaves where index >= $1 and index < $2 order by index",
            place.from,
            place.to
        )
        .fetch_all(pool)
        .await
    }

    pub async fn nodes(pool: &PgPool, level: i16, place: &Place) -> Result<Vec<Vec<u8>>> {
        query_scalar!(
            "select hash from log_nodes where level = $1 and index >= $2 and index < $3 order by index",
            level,
            place.from,
            place.to
        )
        .fetch_all(pool)
        .await
    }

    pub async fn entries(pool: &PgPool, place: &Place) -> Result<Vec<String>> {
        query_scalar!(
            r#"
            select e.canonical from log_leaves l join audit_entries e using (seq)
            where l.index >= $1 and l.index < $2 order by l.index
            "#,
            place.from,
            place.to
        )
        .fetch_all(pool)
        .await
    }
}
