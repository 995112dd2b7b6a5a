//! Deployments: what runs where, and one execution with its permit, its steps and the way back.
mod board;
mod drawing;
mod follow;
mod request;
mod roll_back;
mod see;
mod show;

pub use board::DeploymentsPage;
pub use show::DeploymentPage;

use crate::ui::Tone;
use domain::deployment::{Kind, State};

/// What a state means for the reader.
fn tone(state: State) -> Tone {
    match state {
        State::Queued | State::Running => Tone::Wait,
        State::Live => Tone::Ok,
        State::Failed => Tone::Danger,
        State::Replaced => Tone::Absent,
    }
}

/// What was ordered, as the start of a sentence.
fn ordered(kind: Kind) -> &'static str {
    match kind {
        Kind::Deploy => "Deployed",
        Kind::Rollback => "Rolled back",
    }
}
