//! The strip that shows how far a version or a release has come.
use super::{Icon, Slot};
use leptos::prelude::*;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// Behind us.
    Done,
    /// Here.
    Now,
    /// Ahead.
    Next,
    /// It ended here: refused, rejected, withdrawn.
    Ended,
}

/// The strip; children are [`LifecycleStep`]s.
#[component]
pub fn Lifecycle(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ol class="lifecycle" aria-label=label>{children()}</ol> }
}

/// One step: its name, and when it was or what it waits for.
#[component]
pub fn LifecycleStep(
    #[prop(into)] name: String,
    reached: Reached,
    #[prop(into)] when: Slot,
) -> impl IntoView {
    let (state, icon) = match reached {
        Reached::Done => ("done", Some(Icon::Pass)),
        Reached::Now => ("now", Some(Icon::Wait)),
        Reached::Next => ("next", None),
        Reached::Ended => ("ended", Some(Icon::Fail)),
    };
    view! {
        <li data-state=state aria-current=(reached == Reached::Now).then_some("step")>
            <b>{icon.map(Icon::view)} {name}</b>
            <span>{when.0}</span>
        </li>
    }
}
