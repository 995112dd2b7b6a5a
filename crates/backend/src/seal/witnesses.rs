//! What witnesses are asked, and what they answered (C2SP tlog-witness): each cosigns a checkpoint that continues what it
//! saw before, so a portal that rewrites its log finds nobody to vouch for it.
use super::tile;
use crate::{Failure, Portal, change::Unrecorded};
use chrono::{DateTime, TimeDelta, Utc};
use domain::view::audit::Witness;
use ledger::{
    checkpoint::Checkpoint,
    cosignature::{Quorum, Unwitnessed, WitnessKey},
    digest::Digest,
    rotation::Keys,
    tile::{Invalid, Path, Reader, Unreadable},
    witness::Request,
};
use std::collections::BTreeMap;

/// While the log stands still, a witness is asked again after this long: its time says that this is still the newest.
const HEARTBEAT: TimeDelta = TimeDelta::minutes(10);

/// What to ask a witness now; nothing while it has cosigned the newest checkpoint lately.
pub async fn due(portal: &Portal, witness: &WitnessKey) -> Result<Option<Request>, Failure> {
    let said = sql::last(portal.pool(), &witness.to_string()).await?;
    let newest = sql::newest(portal.pool()).await?;
    let is_said = said.is_some_and(|(size, at)| Some(size) == newest && portal.now() - at < HEARTBEAT);
    if newest.is_none() || is_said {
        return Ok(None);
    }
    continuing(portal, said.map_or(0, |(size, _)| size.unsigned_abs()))
        .await
        .map(Some)
}

/// The newest checkpoint, with the proof that it continues the one of this size.
pub async fn continuing(portal: &Portal, old: u64) -> Result<Request, Failure> {
    let keys = super::keys(portal).await?;
    let read = |note: &str| read(&keys, note);
    let note = super::newest(portal).await?.ok_or(Failure::NotFound)?;
    let proof = match old {
        0 => Vec::new(),
        old => {
            let earlier = sql::note(portal.pool(), super::signed(old)).await?;
            let earlier = earlier.ok_or_else(|| {
                Failure::Stored(format!(
                    "a witness has seen a checkpoint of size {old}, and this log has none"
                ))
            })?;
            consistency(portal, &read(&earlier)?, &read(&note)?).await?
        }
    };
    Ok(Request { old, proof, note })
}

/// Keeps what a witness answered about the checkpoint that it was sent, if it is that witness's word.
pub async fn accept(
    portal: &Portal,
    witness: &WitnessKey,
    sent: &Request,
    answer: &str,
) -> Result<Result<(), Unwitnessed>, Failure> {
    let cosigned = match cosigned(witness, &sent.note, answer) {
        Ok(cosigned) => cosigned,
        Err(reason) => return Ok(Err(reason)),
    };
    let size = read(&super::keys(portal).await?, &sent.note)?.size();
    let mut change = portal.own_change().await?;
    sql::keep(change.conn(), super::signed(size), witness, &cosigned).await?;
    change.keep(Unrecorded::Log).await?;
    Ok(Ok(()))
}

/// Who is asked, and what each said last.
pub(crate) async fn standing(portal: &Portal) -> Result<Vec<Witness>, Failure> {
    let mut standing = Vec::new();
    for witness in portal.settings().quorum.witnesses() {
        let said = sql::last(portal.pool(), &witness.to_string()).await?;
        standing.push(Witness {
            name: witness.name().to_owned(),
            said,
        });
    }
    Ok(standing)
}

fn read(keys: &Keys, note: &str) -> Result<Checkpoint, Failure> {
    keys.verify(note)
        .map_err(|reason| Failure::Stored(reason.to_string()))
}

struct Cosigned {
    line: String,
    at: DateTime<Utc>,
}

fn cosigned(witness: &WitnessKey, note: &str, answer: &str) -> Result<Cosigned, Unwitnessed> {
    let alone = Quorum::new(1, vec![witness.clone()]).unwrap_or_default();
    let with = alone.accept(note, answer)?;
    let time = alone.check(&with)?.first().map(|cosignature| cosignature.time);
    let at = time.and_then(|time| DateTime::from_timestamp(i64::try_from(time).ok()?, 0));
    Ok(Cosigned {
        line: with.strip_prefix(note).unwrap_or_default().to_owned(),
        at: at.ok_or(Unwitnessed::TooFew { needed: 1, found: 0 })?,
    })
}

/// The proof from the log's own tiles, each fetched when it turns out to be needed.
async fn consistency(
    portal: &Portal,
    earlier: &Checkpoint,
    newest: &Checkpoint,
) -> Result<Vec<Digest>, Failure> {
    let mut tiles: BTreeMap<Path, Vec<u8>> = BTreeMap::new();
    loop {
        let fetch = |path| tiles.get(&path).cloned().ok_or("not fetched yet");
        let path = match Reader::new(newest, fetch).consistency(earlier) {
            Ok(proof) => return Ok(proof),
            Err(Invalid::Unreadable(Unreadable::Fetch { path, .. })) => path,
            Err(other) => return Err(Failure::Stored(other.to_string())),
        };
        let fetched = tile(portal, path).await?;
        let fetched = fetched.ok_or_else(|| Failure::Stored(format!("{path} is missing")))?;
        tiles.insert(path, fetched);
    }
}

mod sql {
    use super::{Cosigned, DateTime, Utc, WitnessKey};
    use sqlx::{PgConnection, PgPool, Result, query, query_scalar};

    /// What this witness cosigned last.
    pub async fn last(pool: &PgPool, witness: &str) -> Result<Option<(i64, DateTime<Utc>)>> {
        let last = query!(
            "select size, at from cosignatures where witness = $1 order by size desc, at desc limit 1",
            witness
        );
        Ok(last.fetch_optional(pool).await?.map(|last| (last.size, last.at)))
    }

    pub async fn newest(pool: &PgPool) -> Result<Option<i64>> {
        query_scalar!("select max(size) from checkpoints")
            .fetch_one(pool)
            .await
    }

    pub async fn note(pool: &PgPool, size: i64) -> Result<Option<String>> {
        query_scalar!("select note from checkpoints where size = $1", size)
            .fetch_optional(pool)
            .await
    }

    /// Twice the same is once: two portals may have asked at the same moment.
    pub async fn keep(
        conn: &mut PgConnection,
        size: i64,
        witness: &WitnessKey,
        cosigned: &Cosigned,
    ) -> Result<()> {
        query!(
            "insert into cosignatures (size, witness, at, line) values ($1, $2, $3, $4) on conflict do nothing",
            size,
            witness.to_string(),
            cosigned.at,
            cosigned.line,
        )
        .execute(conn)
        .await
        .map(drop)
    }
}
