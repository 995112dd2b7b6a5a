//! What someone typed before their form was refused or their session ended, for filling it in again.
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Fields by name, as the form sent them. Never passwords.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept(pub HashMap<String, Vec<String>>);

impl Kept {
    /// What was kept for this page; empty on a first visit.
    pub fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// The field's value; empty where nothing was kept.
    pub fn value(&self, field: &str) -> String {
        self.0
            .get(field)
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_default()
    }

    /// The field's value, or another one where nothing was kept.
    pub fn value_or(&self, field: &str, other: impl Into<String>) -> String {
        self.0
            .get(field)
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_else(|| other.into())
    }

    /// Whether a box with this value was ticked.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.0
            .get(field)
            .is_some_and(|values| values.iter().any(|kept| kept == value))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
