//! What a careful reader would ask about before trusting a report.

use serde::{Deserialize, Serialize};

/// Something about the file that may mean it isn't what it was taken for. Nothing was left out because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Warning {
    pub about: About,
    /// The column it is about; empty where it is about all of the file.
    pub column: String,
    /// A sentence for readers: what was seen, and what it may mean.
    pub words: String,
}

/// What kind of thing was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Nearly as many groups as rows.
    LooksLikeIdentifier,
    /// The model is worse than the toss of a coin: an answer or the score may be the wrong way round.
    LooksSwapped,
    /// Scores that are no probabilities.
    ScoresOutsideShares,
    /// Everybody has the same true answer.
    OneLabel,
    /// Everybody is predicted the same answer.
    OnePrediction,
    /// Many rows have no value.
    ManyMissing,
    /// Numbers that were rounded because there were too many distinct ones to hold.
    Rounded,
    /// Predictions that don't follow from the score by any cut-off, or only by one that is not the one named.
    PredictionsNotByScore,
}
