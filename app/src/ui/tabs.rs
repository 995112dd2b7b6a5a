//! Tabs that are links: each has an address, and works without a script.
use super::number;
use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tab {
    label: String,
    href: String,
    count: Option<u64>,
    current: bool,
}

impl Tab {
    /// A tab that leads to `href`.
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
            count: None,
            current: false,
        }
    }

    /// How many things are behind it.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }

    /// Whether this is where the reader is.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// A strip of tabs.
#[component]
pub fn Tabs(#[prop(into)] label: String, tabs: Vec<Tab>) -> impl IntoView {
    let tabs = tabs
        .into_iter()
        .map(|tab| {
            view! {
                <a href=tab.href aria-current=tab.current.then_some("page")>
                    {tab.label}
                    {tab.count.map(|count| view! { " " <span>{number::thousands(count)}</span> })}
                </a>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label>{tabs}</nav> }
}
