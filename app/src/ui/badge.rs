//! Small marks that carry a state: tone, status word, risk tier, filter chip, what runs.
use super::{Icon, Words, number};
use leptos::prelude::*;

/// What a state means for the reader. Colour repeats what shape and word already say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Says nothing about good or bad.
    #[default]
    Plain,
    /// Met, healthy, verified.
    Ok,
    /// Near the limit, with a condition, soon due.
    Warn,
    /// Failed, refused, broken.
    Danger,
    /// Waits for someone.
    Wait,
    /// Good to know.
    Info,
    /// Not measured, too few to judge, not used here.
    Absent,
}

impl Tone {
    /// As the style sheet calls it.
    pub const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Ok => Some("ok"),
            Self::Warn => Some("warn"),
            Self::Danger => Some("danger"),
            Self::Wait => Some("wait"),
            Self::Info => Some("info"),
            Self::Absent => Some("none"),
        }
    }

    /// The shape that says the same without colour.
    pub const fn icon(self) -> Icon {
        match self {
            Self::Plain => Icon::Same,
            Self::Ok => Icon::Pass,
            Self::Warn => Icon::Warn,
            Self::Danger => Icon::Fail,
            Self::Wait => Icon::Wait,
            Self::Info => Icon::Info,
            Self::Absent => Icon::Absent,
        }
    }
}

/// A word in a frame. Without `icon` it takes the shape of its tone; a plain one has none.
#[component]
pub fn Badge(
    #[prop(optional)] tone: Tone,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    let icon = icon.or((tone != Tone::Plain).then(|| tone.icon()));
    view! {
        <span class="badge" data-tone=tone.name()>
            {icon.map(Icon::view)}
            {children()}
        </span>
    }
}

/// A verdict in words with its shape: "Met, narrowly", "Not measured".
#[component]
pub fn Status(
    tone: Tone,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <span class="status" data-tone=tone.name()>
            {icon.unwrap_or(tone.icon()).view()}
            <span>{children()}</span>
        </span>
    }
}

/// Risk tier, as many pips as it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// One pip.
    Minimal,
    /// Two pips.
    Limited,
    /// Three pips.
    High,
    /// Four pips: may not be released.
    Prohibited,
}

impl Tier {
    const fn pips(self) -> usize {
        match self {
            Self::Minimal => 1,
            Self::Limited => 2,
            Self::High => 3,
            Self::Prohibited => 4,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Limited => "limited",
            Self::High => "high",
            Self::Prohibited => "prohibited",
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Minimal => "Minimal",
            Self::Limited => "Limited",
            Self::High => "High",
            Self::Prohibited => "Prohibited",
        }
    }
}

impl From<domain::model::Tier> for Tier {
    fn from(tier: domain::model::Tier) -> Self {
        match tier {
            domain::model::Tier::Minimal => Self::Minimal,
            domain::model::Tier::Limited => Self::Limited,
            domain::model::Tier::High => Self::High,
            domain::model::Tier::Prohibited => Self::Prohibited,
        }
    }
}

/// The tier as pips and a word.
#[component]
pub fn TierMark(tier: Tier) -> impl IntoView {
    let pips = ["0", "5", "10", "15"]
        .into_iter()
        .enumerate()
        .map(|(at, x)| {
            let on = (at < tier.pips()).then_some("on");
            view! { <rect x=x width="3.5" height="10" rx="1" class=on/> }
        })
        .collect_view();
    view! {
        <span class="tier" data-tier=tier.name()>
            <svg viewBox="0 0 18.5 10" aria-hidden="true">{pips}</svg>
            {tier.word()}
            <span class="hidden-visually">" risk tier"</span>
        </span>
    }
}

/// A filter that is a link. `removes` for one that is set and is taken off by the click.
#[component]
pub fn Chip(
    #[prop(into)] href: String,
    #[prop(optional)] current: bool,
    #[prop(optional)] removes: bool,
    #[prop(optional_no_strip, into)] count: Option<u64>,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="chip" href=href aria-current=(current || removes).then_some("true")>
            {icon.map(Icon::view)}
            {children()}
            {count.map(|count| view! { <span class="faint">{number::thousands(count)}</span> })}
            {removes.then(|| Icon::Cross.labelled("remove filter"))}
        </a>
    }
}

/// How what runs stands to what is approved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Runs {
    /// The approved version runs.
    #[default]
    AsApproved,
    /// Asked for, not approved yet.
    Asked,
    /// Another version than the approved one runs: this one.
    Differs(String),
}

/// One version in one environment: "13", "running 13", "asked 14", "approved 4 → 3".
#[component]
pub fn RunsMark(
    /// Number of the version; of the approved one where they differ.
    #[prop(into)]
    version: String,
    #[prop(optional)] state: Runs,
    /// A word before the number; "approved" and "asked" are known.
    #[prop(optional, into)]
    label: Words,
) -> impl IntoView {
    let word = label.0.or_else(|| match state {
        Runs::AsApproved => None,
        Runs::Asked => Some("asked".to_owned()),
        Runs::Differs(_) => Some("approved".to_owned()),
    });
    let waits = state == Runs::Asked;
    let unsaid =
        (word.is_none()).then(|| view! { <span class="hidden-visually">"approved and running "</span> });
    let running = match state {
        Runs::Differs(running) => Some(running),
        Runs::AsApproved | Runs::Asked => None,
    };
    let differs = running.is_some();
    view! {
        <span class="runs" data-differs=differs data-waits=waits>
            {unsaid}
            {word.map(|word| view! { <small>{word}</small> " " })}
            {version}
            {running.map(|running| view! { " " {Icon::Arrow.labelled("but running")} " " {running} })}
        </span>
    }
}
