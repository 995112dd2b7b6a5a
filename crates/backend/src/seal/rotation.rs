//! The log changes its key: said in the log itself, under both keys, while the old one still signs.
use super::{seal_now, turn::Turn};
use crate::{Failure, Portal, environment};
use domain::audit::Noted;
use ledger::{SigningKey, dsse::Envelope, rotation};
use serde_json::json;

/// The entries that hold the changes of key, in `after.rotation`.
pub(super) const ACTION: &str = "log.key_rotated";

/// Hands the log over to another key. From then on this portal signs nothing more: it has to be started anew with that
/// key, and so has every other portal on this database.
pub async fn rotate(portal: &Portal, new: &SigningKey) -> Result<(), Failure> {
    seal_now(portal).await?; // so that little is left for the turn in which it happens
    let mut turn = Turn::take(portal).await?;
    let mut entries = turn.waiting(i64::MAX).await?;
    // The entry that says so is the last that the old key signs for; the size after it is the new key's.
    let size = turn.size() + entries.len() as u64 + 2;
    let envelope = rotation::rotate(turn.keys().origin(), size, &portal.settings().key, new)?;
    turn.keys()
        .clone()
        .rotated(&envelope)
        .map_err(|reason| Failure::Stored(reason.to_string()))?;
    let secrets = environment::relock_secrets(portal, turn.change().conn(), new).await?;
    let (recorded, entry) = turn.record(&rotated(new, &envelope, secrets)).await?;
    entries.push(entry);
    turn.integrate(&entries).await?;
    turn.end_recorded(recorded).await
}

fn rotated(new: &SigningKey, envelope: &Envelope, secrets: usize) -> Noted {
    Noted {
        action: ACTION,
        sentence: format!("handed the log over to the key {}", new.verifying_key()),
        detail: json!({ "rotation": envelope, "secrets_encrypted_anew": secrets }),
    }
}
