//! What the portal means, and nothing about how it is stored, served or shown.
//!
//! Decisions are pure: they take what is known and the time, and answer with an event or a reason. The read models that
//! pages and doors show live in [`view`].
pub mod actor;
pub mod audit;
pub mod deployment;
pub mod environment;
pub mod evaluation;
pub mod evidence;
pub mod export;
pub mod fact;
pub mod finding;
pub mod id;
pub mod manifest;
pub mod model;
pub mod person;
pub mod policy;
pub mod refusal;
pub mod release;
pub mod review;
pub mod signature;
pub mod template;
pub mod token;
pub mod version;
pub mod view;
pub mod written;

pub use actor::{Actor, Denied};
pub use refusal::Refusal;
