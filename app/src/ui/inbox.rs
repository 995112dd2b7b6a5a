//! What waits: a row a release, with what changed, what is worst, and who is missing.
use super::{Icon, Slot, Tier, TierMark, Tone, Words};
use leptos::prelude::*;

/// A list of [`InboxRow`]s; put it in a [`super::Panel`].
#[component]
pub fn Inbox(children: Children) -> impl IntoView {
    view! { <div class="inbox">{children()}</div> }
}

/// The worst regression of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worst {
    /// `Warn` for worse, `Danger` for a failed gate, `Absent` for no regression.
    pub tone: Tone,
    /// "Impact ratio, under 25".
    pub measure: String,
    /// "0.87 → 0.82"; nothing where no measure got worse.
    pub change: Option<String>,
    /// "target at least 0.80 · n 2 118".
    pub context: String,
}

/// One release that waits. The whole row leads to it.
#[component]
pub fn InboxRow(
    #[prop(into)] href: String,
    /// "credit-risk 14".
    #[prop(into)]
    title: String,
    /// "to production".
    #[prop(optional, into)]
    whither: Words,
    tier: Tier,
    /// What changed, in one sentence.
    #[prop(into)]
    change: Slot,
    #[prop(optional_no_strip, into)] worst: Option<Worst>,
    /// Due, missing people and age: [`DueMark`], [`Missing`], words.
    #[prop(into)]
    aside: Slot,
) -> impl IntoView {
    let worst = worst.map(|worst| {
        let icon = match worst.tone {
            Tone::Absent => Icon::Same,
            tone => tone.icon(),
        };
        let unsaid = worst.change.is_some().then_some("Worst regression: ");
        view! {
            <p class="worst" data-tone=worst.tone.name()>
                {icon.view()}
                <span>
                    <span class="hidden-visually">{unsaid}</span>
                    {worst.measure}
                    {worst.change.map(|change| view! { ": " <b class="number">{change}</b> })}
                </span>
                <span class="faint">{worst.context}</span>
            </p>
        }
    });
    view! {
        <article class="inbox-row">
            <h3>
                <a href=href>
                    {title}
                    {whither.0.map(|whither| view! { " " <span>{whither}</span> })}
                </a>
                <TierMark tier/>
            </h3>
            <p class="change">{change.0}</p>
            {worst}
            <div class="aside">{aside.0}</div>
        </article>
    }
}

/// "Due today 17:00 UTC": the children say when.
#[component]
pub fn DueMark(children: Children) -> impl IntoView {
    view! { <span class="due">"Due " {children()}</span> }
}

/// Who has not acted yet: words, then avatars.
#[component]
pub fn Missing(#[prop(into)] words: String, people: Vec<String>) -> impl IntoView {
    let people = people
        .into_iter()
        .map(|name| view! { <super::Avatar name missing=true/> })
        .collect_view();
    view! { <span class="missing">{words} " " {people}</span> }
}

/// What is due: children are [`Due`]s; put it in a [`super::Panel`].
#[component]
pub fn DueList(children: Children) -> impl IntoView {
    view! { <ul class="due-list">{children()}</ul> }
}

/// One thing that is due.
#[component]
pub fn Due(
    /// [`super::When`] or words.
    #[prop(into)]
    when: Slot,
    #[prop(optional)] soon: bool,
    #[prop(into)] title: Slot,
    #[prop(optional, into)] note: Slot,
) -> impl IntoView {
    view! {
        <li>
            <span class="when" data-soon=soon>{when.0}</span>
            <div>
                <p>{title.0}</p>
                {note.map(|note| view! { <p>{note}</p> })}
            </div>
        </li>
    }
}
