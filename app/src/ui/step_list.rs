//! A deployment as it goes: its steps, and what the target said.
use super::{Icon, Slot};
use leptos::prelude::*;

/// Where a step of a deployment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Not begun.
    Pending,
    /// Under way.
    Running,
    /// Done.
    Done,
    /// It failed.
    Failed,
    /// Left out, because an earlier one failed or it is not needed.
    Skipped,
}

/// Steps in order; children are [`Step`]s.
#[component]
pub fn StepList(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ol class="steps" aria-label=label>{children()}</ol> }
}

/// One step: its name, its state in a word, how long it took; the children are what it reported.
#[component]
pub fn Step(
    #[prop(into)] name: String,
    state: StepState,
    /// Time or duration: "4 seconds".
    #[prop(optional, into)]
    when: Slot,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (data, icon, word) = match state {
        StepState::Pending => ("pending", Icon::Absent, "not begun"),
        StepState::Running => ("running", Icon::Wait, "under way"),
        StepState::Done => ("done", Icon::Pass, "done"),
        StepState::Failed => ("failed", Icon::Fail, "failed"),
        StepState::Skipped => ("skipped", Icon::Same, "left out"),
    };
    view! {
        <li data-state=data aria-current=(state == StepState::Running).then_some("step")>
            {icon.view()}
            <p class="name">{name} " " <span class="word">{word}</span></p>
            {when.map(|when| view! { <span class="when">{when}</span> })}
            {children.map(|children| view! { <div class="detail">{children()}</div> })}
        </li>
    }
}

/// What a target said, line by line as (time, words). Scrolls in its own box.
#[component]
pub fn LogPane(#[prop(into)] label: String, lines: Vec<(String, String)>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="log-empty">"Nothing said yet."</p> }.into_any();
    }
    let lines = lines
        .into_iter()
        .map(|(at, words)| view! { <li><span class="at">{at}</span> <span>{words}</span></li> })
        .collect_view();
    view! { <div class="log" tabindex="0" role="log" aria-label=label><ol>{lines}</ol></div> }.into_any()
}
