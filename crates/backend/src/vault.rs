//! Secrets as they are kept: encrypted under a key that is not in the database, so that a stolen table opens nothing.
use crate::{Failure, Portal};
use base64::{Engine, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use ledger::SigningKey;

/// What the key is derived for. A new way of keeping secrets gets a new name.
const PURPOSE: &str = "countersign/secrets at rest/1";
/// A random nonce of this length never comes twice (XChaCha20, draft-irtf-cfrg-xchacha).
const NONCE: usize = 24;

/// Encrypts a secret for its one place, such as an environment: moved to another, it doesn't open.
pub fn lock(portal: &Portal, place: &str, secret: &str) -> Result<String, Failure> {
    lock_under(&portal.settings().key, place, secret)
}

/// The same secret under the key that takes the place of the portal's.
pub fn relock(portal: &Portal, new: &SigningKey, place: &str, locked: &str) -> Result<String, Failure> {
    lock_under(new, place, &open(portal, place, locked)?)
}

fn lock_under(key: &SigningKey, place: &str, secret: &str) -> Result<String, Failure> {
    let nonce: [u8; NONCE] = rand::random();
    let payload = Payload {
        msg: secret.as_bytes(),
        aad: place.as_bytes(),
    };
    let locked = cipher(key)
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Failure::Stored("a secret could not be encrypted".into()))?;
    Ok(STANDARD.encode([&nonce[..], &locked].concat()))
}

/// Reads a secret back, for the one who uses it.
pub fn open(portal: &Portal, place: &str, locked: &str) -> Result<String, Failure> {
    let unreadable = || {
        Failure::Stored(format!(
            "the secret of {place} does not open with this portal's key"
        ))
    };
    let bytes = STANDARD.decode(locked).map_err(|_| unreadable())?;
    let (nonce, locked) = bytes.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let payload = Payload {
        msg: locked,
        aad: place.as_bytes(),
    };
    let secret = cipher(&portal.settings().key)
        .decrypt(&XNonce::from(*nonce), payload)
        .map_err(|_| unreadable())?;
    String::from_utf8(secret).map_err(|_| unreadable())
}

fn cipher(key: &SigningKey) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(&key.derive(PURPOSE).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast;
    use sqlx::PgPool;

    #[sqlx::test(migrator = "crate::MIGRATOR")]
    async fn a_secret_opens_in_its_own_place_only(pool: PgPool) {
        let folder = tempfile::tempdir().unwrap();
        let portal = cast::portal(&pool, &folder).await;
        let locked = lock(&portal, "production", "whsec_abc").unwrap();
        assert!(!locked.contains("whsec"));
        assert_ne!(locked, lock(&portal, "production", "whsec_abc").unwrap());
        assert_eq!(open(&portal, "production", &locked).unwrap(), "whsec_abc");
        for (place, locked) in [
            ("staging", &*locked),
            ("production", "whsec_abc"),
            ("production", ""),
        ] {
            assert!(
                matches!(open(&portal, place, locked), Err(Failure::Stored(_))),
                "{place}"
            );
        }
    }
}
