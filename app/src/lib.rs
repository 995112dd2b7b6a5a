//! Pages, components and server functions.
//!
//! One folder a noun, one file a page or verb: a server function, and the form or page that calls it. Pages are rendered
//! on the server; what must be live is an island. Everything that only the server has is behind [`ssr`].
#![recursion_limit = "512"]

mod account;
mod audit;
mod deployment;
mod evaluation;
mod governance;
mod home;
mod kept;
mod model;
mod page;
mod people;
mod problem;
mod release;
mod review;
mod routes;
mod shell;
mod sign_in;
pub mod ui;
mod verify;
pub mod version;

#[cfg(feature = "ssr")]
pub mod ssr;

pub use problem::Problem;
pub use routes::App;
pub use shell::{Theme, shell};
