//! Proofs: canonical JSON, digests, the Merkle log and its tiles, checkpoints, witnesses, permits, sealed bundles.
//!
//! Nothing here reads a clock, a file or a source of randomness: times, seeds and bytes are handed in, so that
//! the same code runs on the server, on an auditor's machine and in the browser.

pub mod archive;
pub mod attestation;
pub mod audit;
pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod cosignature;
pub mod digest;
pub mod dsse;
pub mod intoto;
pub mod key;
pub mod merkle;
pub mod note;
pub mod permit;
pub mod rotation;
pub mod tile;
pub mod witness;

pub use digest::Digest;
pub use key::{SigningKey, VerifyingKey};
