//! Buttons, links that look like buttons, and the reason beside a button that may not be pressed.
use super::{Icon, Slot, Words};
use leptos::prelude::*;

/// How much a button asks to be pressed. One primary a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// One of several.
    #[default]
    Plain,
    /// The act this page is for.
    Primary,
    /// Stops, revokes or rolls back.
    Danger,
    /// Hardly there.
    Quiet,
}

impl Kind {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Primary => Some("primary"),
            Self::Danger => Some("danger"),
            Self::Quiet => Some("quiet"),
        }
    }
}

/// How large a button is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Size {
    /// As a field is high.
    #[default]
    Normal,
    /// For rows and lists.
    Small,
    /// As wide as its panel.
    Wide,
}

impl Size {
    const fn name(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::Small => Some("small"),
            Self::Wide => Some("wide"),
        }
    }
}

/// A button that submits its form; the words say the act and the chair.
#[component]
pub fn Button(
    #[prop(optional)] kind: Kind,
    #[prop(optional)] size: Size,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    /// Name sent with the form, together with `value`.
    #[prop(optional, into)]
    name: Words,
    #[prop(optional, into)] value: Words,
    /// Id of the sentence that explains it.
    #[prop(optional, into)]
    described_by: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <button
            class="button"
            type="submit"
            name=name.0
            value=value.0
            data-kind=kind.name()
            data-size=size.name()
            aria-describedby=described_by.0
        >
            {icon.map(Icon::view)}
            {children()}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn ButtonLink(
    #[prop(into)] href: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional)] size: Size,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    /// Set for a file: the name it is saved under.
    #[prop(optional, into)]
    download: Words,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class="button"
            href=href
            download=download.0
            data-kind=kind.name()
            data-size=size.name()
        >
            {icon.map(Icon::view)}
            {children()}
        </a>
    }
}

/// A button that may not be pressed now, and beside it why, by whom, and the next click.
#[component]
pub fn Blocked(
    /// The reason; may hold links.
    #[prop(into)]
    reason: Slot,
    #[prop(optional)] kind: Kind,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    /// Id of the reason; needed where a page has two.
    #[prop(into, default = "blocked-reason".to_owned())]
    id: String,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="action">
            <button
                class="button"
                type="button"
                data-kind=kind.name()
                aria-disabled="true"
                aria-describedby=id.clone()
            >
                {icon.map(Icon::view)}
                {children()}
            </button>
            <p class="reason" id=id>
                {Icon::Wait.view()}
                <span>{reason.0}</span>
            </p>
        </div>
    }
}

/// A button or link (the children) with the sentence that explains what it does.
#[component]
pub fn Explained(
    #[prop(into)] reason: Slot,
    #[prop(default = Icon::Info)] icon: Icon,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="action">
            {children()}
            <p class="reason">
                {icon.view()}
                <span>{reason.0}</span>
            </p>
        </div>
    }
}

/// A switch that is a link: it turns something on or off in the URL.
#[component]
pub fn Switch(#[prop(into)] href: String, on: bool, children: Children) -> impl IntoView {
    view! {
        <a class="switch" role="switch" aria-checked=on.to_string() href=href>
            {children()}
        </a>
    }
}
