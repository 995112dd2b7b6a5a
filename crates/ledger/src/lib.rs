//! Proofs: canonical JSON, digests, the Merkle log, checkpoints and permits.
