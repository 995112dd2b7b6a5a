//! Releases: the list, asking for one, and the page that decisions are made on.
mod change;
mod countersign;
mod deploy;
mod dossier;
pub(crate) mod figure;
mod history;
mod judged;
mod list;
mod proof;
mod request;
mod rules;
mod show;
mod signed;
mod withdraw;
pub(crate) mod words;

pub(crate) use judged::finding;
pub use list::ReleasesPage;
pub use request::RequestPage;
pub use show::ReleasePage;
pub(crate) use signed::given;
