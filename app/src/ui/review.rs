//! Reviewing: questions left, evidence right, the decision at the foot.
use super::{Icon, Slot};
use leptos::prelude::*;

/// Questions (the children) with the evidence beside them.
#[component]
pub fn ReviewDesk(#[prop(into)] evidence: Slot, children: Children) -> impl IntoView {
    view! {
        <div class="review">
            {children()}
            <section class="evidence stack" aria-label="Evidence">
                {evidence.0}
            </section>
        </div>
    }
}

/// How a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Not yet.
    Open,
    /// In favour, or does not apply.
    Yes,
    /// Against: a problem.
    Problem,
}

/// One question; the children are what the system knows, the answer's fields and findings.
#[component]
pub fn Question(
    /// "4. Are groups treated alike?"
    #[prop(into)]
    title: String,
    state: Answered,
    /// The answer in a word or two: "No, 1 finding", "Open".
    #[prop(into)]
    answer: String,
    #[prop(optional)] open: bool,
    /// Where links to it lead.
    #[prop(into)]
    id: String,
    children: Children,
) -> impl IntoView {
    let (state, icon) = match state {
        Answered::Open => ("open", Icon::Absent),
        Answered::Yes => ("answered", Icon::Pass),
        Answered::Problem => ("problem", Icon::Fail),
    };
    view! {
        <details class="question" data-state=state open=open id=id>
            <summary>
                {icon.view()}
                <span>{title}</span>
                <span class="answer">{answer}</span>
            </summary>
            <div class="body">{children()}</div>
        </details>
    }
}

/// An answer the portal filled in from the evidence, marked as such.
#[component]
pub fn FromSystem(children: Children) -> impl IntoView {
    view! {
        <div class="from-system">
            <span class="faint small">"Filled in from the evidence"</span>
            <span>{children()}</span>
        </div>
    }
}

/// Something a reviewer found: title, what to do, and who owns it until when.
#[component]
pub fn Finding(
    #[prop(into)] title: String,
    /// "Owner Priya Nair, due 7 December".
    #[prop(optional, into)]
    note: Slot,
    /// Set where it is resolved: then it is quiet.
    #[prop(optional)]
    closed: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="finding" data-closed=closed>
            <b>{title}</b>
            <span>{children()}</span>
            {note.map(|note| view! { <span class="muted">{note}</span> })}
        </div>
    }
}

/// The decision at the foot of a form. One row of choices until one is made; then the fields (the children) open.
#[component]
pub fn DecisionBar(
    /// [`super::Segments`] of the decisions.
    #[prop(into)]
    choices: Slot,
    /// What is signed over which dossier, and what happens next.
    #[prop(optional, into)]
    note: Slot,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="decision-bar" aria-label="Decision">
            {choices.0}
            <div class="decide">{children()}</div>
            {note.map(|note| view! { <p class="note">{note}</p> })}
        </section>
    }
}
