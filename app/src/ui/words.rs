//! What a component may be given or may do without: plain words, and pieces of a page.
use leptos::prelude::*;

/// Words that may be left out. Takes `&str`, `String` or an `Option` of either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Option<String>);

impl Words {
    /// Whether there are any.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }
}

impl From<&str> for Words {
    fn from(words: &str) -> Self {
        Self(Some(words.to_owned()))
    }
}

impl From<String> for Words {
    fn from(words: String) -> Self {
        Self(Some(words))
    }
}

impl From<Option<String>> for Words {
    fn from(words: Option<String>) -> Self {
        Self(words)
    }
}

impl From<Option<&str>> for Words {
    fn from(words: Option<&str>) -> Self {
        Self(words.map(str::to_owned))
    }
}

/// A piece of a page that may be left out. Takes any view: `footer=view! { … }` or `footer="Words."`.
#[derive(Default)]
pub struct Slot(pub Option<AnyView>);

impl Slot {
    /// Whether there is one.
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    /// The piece inside what `wrap` puts around it; nothing where there is none.
    pub fn map<V>(self, wrap: impl FnOnce(AnyView) -> V) -> Option<V> {
        self.0.map(wrap)
    }
}

impl<V: IntoAny> From<V> for Slot {
    fn from(view: V) -> Self {
        Self(Some(view.into_any()))
    }
}
