//! Reviews: the list, and the page where one is read, answered, decided and signed.
mod answer;
mod decide;
mod draft;
mod evidence;
mod finding;
mod keeper;
mod known;
mod list;
mod recuse;
mod show;

pub use list::ReviewsPage;
pub use show::ReviewPage;
