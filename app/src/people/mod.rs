//! People: who may come in, and what they may be.
mod active;
mod add;
mod duties;
mod list;

pub use list::PeoplePage;
