//! Versions: one with all that is known of it, registering the next, and adding evidence.
mod card;
mod compare;
pub mod draft;
mod evidence;
mod form;
mod lifecycle;
mod next_step;
mod provenance;
mod readiness;
mod records;
mod register;
mod show;

pub(crate) use card::text as card_text;
pub use evidence::EvidencePage;
pub use register::RegisterPage;
pub use show::{VersionPage, read_version};
