//! Targets against real counterparts: an inference server, and a receiver that verifies signatures.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod local;
mod support;
mod webhook;
