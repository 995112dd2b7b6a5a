//! Checkpoints kept elsewhere on schedule, where nobody who runs the portal takes them back: beside one of them a log that
//! was rewritten, or cut back together with its checkpoints, is found out.
use crate::{Failure, Portal, change::Unrecorded, files::Bucket};
use ledger::{checkpoint::Checkpoint, digest::Digest};
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, local::LocalFileSystem, path::Path as Key};
use std::{path::Path, sync::Arc};

/// The published checkpoint and its size, if the place at this address has not got it yet.
pub async fn due(portal: &Portal, address: &str) -> Result<Option<(u64, String)>, Failure> {
    let Some(note) = super::published(portal).await? else {
        return Ok(None);
    };
    let keys = super::keys(portal).await?;
    let size = keys
        .verify(&note)
        .map_err(|reason| Failure::Stored(reason.to_string()))?
        .size();
    let is_there = sql::is_there(portal.pool(), &place(address), super::signed(size)).await?;
    Ok((!is_there).then_some((size, note)))
}

/// Remembers that it has got it.
pub async fn taken(portal: &Portal, address: &str, size: u64) -> Result<(), Failure> {
    let mut change = portal.own_change().await?;
    let now = change.now();
    sql::taken(change.conn(), &place(address), super::signed(size), now).await?;
    change.keep(Unrecorded::Log).await
}

fn place(address: &str) -> String {
    Digest::of(address.as_bytes()).to_string()
}

/// A folder, such as a mount of write-once storage or a checkout, or object storage with a lock on its objects.
pub struct Shelf(Arc<dyn ObjectStore>);

/// Why a checkpoint could not be shelved.
#[derive(Debug, thiserror::Error)]
pub enum NotShelved {
    #[error("the place can't be reached: {0}")]
    Store(#[from] Error),
    /// The place holds the word of another history.
    #[error(
        "{0} is there already, and is another one: the log has been rewritten, or two portals share the place"
    )]
    Another(Key),
}

impl Shelf {
    pub fn folder(path: &Path) -> Result<Self, NotShelved> {
        let folder = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self(Arc::new(folder)))
    }

    pub fn bucket(bucket: &Bucket) -> Result<Self, NotShelved> {
        Ok(Self(bucket.open()?))
    }

    /// Adds the checkpoint under its size, in digits that sort. What is there is never replaced, but compared.
    pub async fn add(&self, size: u64, note: &str) -> Result<(), NotShelved> {
        let key = Key::from(format!("checkpoint-{size:020}"));
        let put = self
            .0
            .put_opts(&key, note.to_owned().into(), PutMode::Create.into())
            .await;
        match put {
            Err(Error::AlreadyExists { .. }) => {
                let there = self.0.get(&key).await?.bytes().await?;
                // Witnesses may have said more since; what they said it of is the same.
                let text = |note: &str| {
                    note.split("\n\n")
                        .next()
                        .and_then(|text| Checkpoint::parse(&format!("{text}\n")).ok())
                };
                let is_same = std::str::from_utf8(&there).is_ok_and(|there| text(there) == text(note));
                if is_same {
                    Ok(())
                } else {
                    Err(NotShelved::Another(key))
                }
            }
            put => Ok(put.map(drop)?),
        }
    }
}

mod sql {
    use chrono::{DateTime, Utc};
    use sqlx::{PgConnection, PgPool, Result, query, query_scalar};

    pub async fn is_there(pool: &PgPool, place: &str, size: i64) -> Result<bool> {
        query_scalar!(
            r#"select exists (select from anchorings where place = $1 and size = $2) as "there!""#,
            place,
            size
        )
        .fetch_one(pool)
        .await
    }

    pub async fn taken(conn: &mut PgConnection, place: &str, size: i64, at: DateTime<Utc>) -> Result<()> {
        query!(
            "insert into anchorings (place, size, at) values ($1, $2, $3) on conflict do nothing",
            place,
            size,
            at
        )
        .execute(conn)
        .await
        .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_shelved_stays_and_another_history_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::folder(folder.path()).unwrap();
        let note = |root: &[u8], by: &str| {
            let text = Checkpoint::new("portal.example/log", 7, Digest::of(root)).unwrap();
            format!("{text}\n— portal.example/log AAAA\n{by}")
        };
        shelf.add(7, &note(b"one", "")).await.unwrap();
        shelf
            .add(7, &note(b"one", "— witness.example BBBB\n"))
            .await
            .unwrap();
        let other = shelf.add(7, &note(b"another", "")).await;
        assert!(matches!(other, Err(NotShelved::Another(_))), "{other:?}");
        let file = folder.path().join("checkpoint-00000000000000000007");
        assert_eq!(std::fs::read_to_string(file).unwrap(), note(b"one", ""));
    }
}
