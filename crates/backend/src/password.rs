//! Passwords: hashed with Argon2id, compared in constant time, guessed only slowly.
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use std::sync::LazyLock;
use tokio::sync::Semaphore;

/// RFC 9106's second choice for machines with little memory, raised to what OWASP asks for: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Each comparison takes 19 MiB and a core for a while: a flood of sign-ins must not take them all.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

fn hasher() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes for keeping; the parameters and the salt stand in the result (PHC string).
pub async fn hash(password: String) -> Result<String, crate::Failure> {
    blocking(move || {
        hasher()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await?
    .map_err(|error| crate::Failure::Stored(error.to_string()))
}

/// How a comparison came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Right, but hashed under older parameters: hash it again.
    RightButOld,
    Wrong,
}

/// Compares. An unknown account costs the same time as a wrong password.
pub async fn verify(password: String, stored: Option<String>) -> Result<Verdict, crate::Failure> {
    static NOBODY: LazyLock<String> = LazyLock::new(|| {
        hasher()
            .hash_password(b"nobody has this")
            .map(|hash| hash.to_string())
            .unwrap_or_default()
    });
    blocking(move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let Ok(parsed) = PasswordHash::new(&stored) else {
            return Verdict::Wrong;
        };
        let right = hasher().verify_password(password.as_bytes(), &parsed).is_ok();
        match (known && right, is_current(&parsed)) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButOld,
        }
    })
    .await
}

fn is_current(hash: &PasswordHash) -> bool {
    let is = |name: &str, value: u32| hash.params.get_decimal(name) == Some(value);
    hash.algorithm.as_str() == "argon2id" && is("m", MEMORY_KIB) && is("t", PASSES) && is("p", 1)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, crate::Failure> {
    let turn = AT_ONCE.acquire().await;
    let work = move || {
        let _turn = turn; // held to the end, even if whoever asked has gone: hashing can't be called off
        work()
    };
    crate::blocking(move || Ok(work())).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_verified_and_renewed_when_its_parameters_are_old() {
        let hash = hash("correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_eq!(
            verify("correct horse".into(), Some(hash.clone())).await.unwrap(),
            Verdict::Right
        );
        assert_eq!(verify("wrong".into(), Some(hash)).await.unwrap(), Verdict::Wrong);
        assert_eq!(verify("anything".into(), None).await.unwrap(), Verdict::Wrong);
        let old = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8192, 1, 1, None).unwrap(),
        );
        let old = old.hash_password(b"correct horse").unwrap().to_string();
        assert_eq!(
            verify("correct horse".into(), Some(old)).await.unwrap(),
            Verdict::RightButOld
        );
    }
}
