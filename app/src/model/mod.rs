//! Models: the inventory, one model with its versions, and a new one.
mod inventory;
mod live;
mod new;
mod row;
mod show;

pub use inventory::{ModelsPage, capital};
pub use new::NewModelPage;
pub use row::marks;
pub use show::{ModelPage, moments, state_mark};
