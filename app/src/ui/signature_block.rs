//! Signatures as they stand on paper: name, meaning, time; and the words one signs.
use super::time;
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// What became of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// It holds, since then.
    At(DateTime<Utc>),
    /// It was given then, and no longer covers the dossier, for this reason.
    Void(DateTime<Utc>, String),
    /// Not given; waits for these people or this role.
    Missing(String),
}

/// Signatures side by side; children are [`Signature`]s.
#[component]
pub fn Signatures(children: Children) -> impl IntoView {
    view! { <div class="signatures">{children()}</div> }
}

/// One signature. A missing one shows the chair and who is waited for instead of a name.
#[component]
pub fn Signature(
    /// Name as signed; not used where it is missing.
    #[prop(into)]
    name: String,
    /// "Approves as ethics reviewer".
    #[prop(into)]
    meaning: String,
    signed: Signed,
) -> impl IntoView {
    let (state, name, foot) = match signed {
        Signed::At(at) => (
            None,
            name,
            view! { <time datetime=time::machine(at)>{time::stamp(at)}</time> }.into_any(),
        ),
        Signed::Void(at, reason) => (
            Some("void"),
            name,
            view! {
                <time datetime=time::machine(at)>{time::stamp(at)}</time>
                <span class="void-reason">"Void: " {reason}</span>
            }
            .into_any(),
        ),
        Signed::Missing(who) => (
            Some("missing"),
            "Not yet signed".to_owned(),
            view! { <span class="when">"Waits for " {who}</span> }.into_any(),
        ),
    };
    view! {
        <div class="signature" data-state=state>
            <span class="name">{name}</span>
            <span class="meaning">{meaning}</span>
            {foot}
        </div>
    }
}

/// The sentence one signs.
#[component]
pub fn Statement(children: Children) -> impl IntoView {
    view! { <p class="statement">{children()}</p> }
}

/// The sentence a page opens with: what a manager would say.
#[component]
pub fn Verdict(children: Children) -> impl IntoView {
    view! { <p class="verdict">{children()}</p> }
}
