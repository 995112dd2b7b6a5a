//! What someone typed before their form was refused or their session ended, for filling it in again.
use crate::problem::Problem;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What is kept of a form for its page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Fields by name, as the form sent them. Never passwords.
    pub fields: HashMap<String, Vec<String>>,
    /// Why a form with a file was refused; any other form's page has that from its server function.
    pub problem: Option<Problem>,
}

impl Kept {
    /// What was kept for this page; empty on a first visit.
    pub fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// The field's value; empty where nothing was kept.
    pub fn value(&self, field: &str) -> String {
        self.fields
            .get(field)
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_default()
    }

    /// The field's value, or another one where nothing was kept.
    pub fn value_or(&self, field: &str, other: impl Into<String>) -> String {
        self.fields
            .get(field)
            .and_then(|values| values.first())
            .cloned()
            .unwrap_or_else(|| other.into())
    }

    /// Whether a box with this value was ticked.
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.fields
            .get(field)
            .is_some_and(|values| values.iter().any(|kept| kept == value))
    }

    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }
}
