//! Reading a file of gates.

use super::Policy;
use thiserror::Error;

/// Why a policy can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Wrong {
    #[error("It is neither TOML nor JSON of gates: {0}")]
    Unreadable(String),
    #[error("It has no gates, so it would let everything pass.")]
    NoGates,
    #[error("The gate of {0} needs either at_least or at_most, and a finite number.")]
    Bound(String),
}

impl Policy {
    /// Reads TOML, or JSON where the text begins with a brace.
    ///
    /// # Errors
    /// [`Wrong`] says what can't be used.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.trim_start_matches('\u{feff}');
        let policy: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| Wrong::Unreadable(error.to_string()))?
        } else {
            toml::from_str(text).map_err(|error| Wrong::Unreadable(error.to_string()))?
        };
        if policy.gates.is_empty() {
            return Err(Wrong::NoGates);
        }
        match policy.gates.iter().find(|gate| !gate.target.is_finite()) {
            Some(gate) => Err(Wrong::Bound(gate.metric.clone())),
            None => Ok(policy),
        }
    }
}
