//! What releases are judged by, and where they run: policies, templates of questions, environments.
mod add_environment;
mod environments;
mod policies;
mod templates;

pub use environments::EnvironmentsPage;
pub use policies::PoliciesPage;
pub use templates::TemplatesPage;
