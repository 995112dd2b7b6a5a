//! Deployments: what runs where, and one execution with its permit, its steps and the way back.
mod board;
mod drawing;
mod follow;
mod request;
mod roll_back;
mod see;
mod show;

pub use board::DeploymentsPage;
pub(crate) use follow::{events, on};
pub use show::DeploymentPage;

use crate::ui::{Icon, Status, Tone};
use domain::{
    deployment::{Kind, State},
    view::deployment::Row,
};
use leptos::prelude::*;

/// Where an execution stands, in a word with its shape.
fn status(row: &Row) -> AnyView {
    if row.trouble.is_some() {
        return view! { <Status tone=Tone::Danger icon=Icon::Fail>"Live, but not answering"</Status> }
            .into_any();
    }
    let (tone, icon) = match row.state {
        State::Queued | State::Running => (Tone::Wait, Icon::Wait),
        State::Live => (Tone::Ok, Icon::Pass),
        State::Failed => (Tone::Danger, Icon::Fail),
        State::Replaced => (Tone::Absent, Icon::Same),
    };
    let words = row.state.words();
    view! { <Status tone icon>{words}</Status> }.into_any()
}

/// What was ordered, as the start of a sentence.
fn ordered(kind: Kind) -> &'static str {
    match kind {
        Kind::Deploy => "Deployed",
        Kind::Rollback => "Rolled back",
    }
}
