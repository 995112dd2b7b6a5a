//! What gates read: one measured number, with its uncertainty and what it speaks of.
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// A stable id such as `fairness.impact_ratio.race`.
    pub id: String,
    /// In plain words: "Impact ratio by race".
    pub title: String,
    /// None where the number can't be had; `about` then says why.
    pub value: Option<f64>,
    /// The ends of the 95 % interval, where one is sound.
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
    /// Whom or what the number is about: "African-American against Caucasian".
    pub about: String,
    pub direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    HigherIsBetter,
    LowerIsBetter,
}
