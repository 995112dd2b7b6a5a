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

use crate::ui::{Icon, Status, Tone};
use domain::deployment::{Kind, State};
use leptos::prelude::*;

/// Where an execution stands, in a word with its shape.
fn status(state: State) -> AnyView {
    let (tone, icon) = match state {
        State::Queued | State::Running => (Tone::Wait, Icon::Wait),
        State::Live => (Tone::Ok, Icon::Pass),
        State::Failed => (Tone::Danger, Icon::Fail),
        State::Replaced => (Tone::Absent, Icon::Same),
    };
    view! { <Status tone icon>{state.words()}</Status> }.into_any()
}

/// What was ordered, as the start of a sentence.
fn ordered(kind: Kind) -> &'static str {
    match kind {
        Kind::Deploy => "Deployed",
        Kind::Rollback => "Rolled back",
    }
}
