//! The report of a ranking: a score alone, with no prediction and no threshold.

use super::{Attribute, Entry, Report, Weighted};
use crate::stats::real;
use serde::{Deserialize, Serialize};

/// The name and version of the report's shape.
pub const SCHEMA: &str = "countersign.ranking/2";

/// What the names of all versions begin with.
pub const FAMILY: &str = "countersign.ranking/";

/// The report of a ranking.
pub type Ranking = Report<Detail>;

/// What only this task has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Ranking")
)]
pub struct Detail {
    /// The answer that scores speak for.
    pub positive: String,
    /// What taking only the top of the ranking comes to, in the order asked for.
    pub cuts: Vec<Cut>,
}

/// The tops that are looked at unless others are named: 1, 5, 10 and 20 per cent.
pub const TOPS: [Top; 4] = [
    Top::Percent(1.0),
    Top::Percent(5.0),
    Top::Percent(10.0),
    Top::Percent(20.0),
];

/// How much of the ranking is taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Top {
    /// So many rows; all of them if the file has fewer.
    Rows(u64),
    /// So many per cent of the rows, rounded down to whole rows, at least one.
    Percent(f64),
}

impl Top {
    /// How many of so many rows are taken.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 1 and the number of rows"
    )]
    pub fn rows(self, all: u64) -> u64 {
        match self {
            Self::Rows(rows) => rows.min(all),
            // Percent first: 29 % of 100 is 29 and not 28.999999999999996.
            Self::Percent(percent) => {
                let rows = (percent.clamp(0.0, 100.0) * real(all) / 100.0).floor();
                (rows as u64).clamp(1, all.max(1))
            }
        }
    }

    /// Whether it takes anyone, and not more than all.
    pub fn is_sound(self) -> bool {
        match self {
            Self::Rows(rows) => rows > 0,
            Self::Percent(percent) => percent > 0.0 && percent <= 100.0,
        }
    }

    /// The stable id: `top_100`, `top_5_percent`.
    pub fn id(self) -> String {
        match self {
            Self::Rows(rows) => format!("top_{rows}"),
            Self::Percent(percent) => format!("top_{percent}_percent"),
        }
    }
}

impl std::str::FromStr for Top {
    type Err = String;

    /// `100` for so many rows, `5%` for so many per cent.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is neither a number of rows such as 100 nor a part such as 5%.");
        let top = match text.trim().strip_suffix('%') {
            Some(percent) => percent.trim().parse().ok().map(Self::Percent),
            None => text.trim().parse().ok().map(Self::Rows),
        };
        top.filter(|top| top.is_sound()).ok_or_else(wrong)
    }
}

/// The top of the ranking. Rows of equal score are taken in the order of the file, as Aequitas does; `tied` and
/// `tied_taken` say how many that decided about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cut {
    /// `top_100`, `top_5_percent`.
    pub id: String,
    /// Rows taken.
    pub taken: u64,
    /// The lowest score taken.
    pub score: Option<f64>,
    /// Rows with exactly that score.
    pub tied: u64,
    /// Those of them that are taken.
    pub tied_taken: u64,
    /// Precision and recall of the rows taken.
    pub figures: Vec<Entry>,
    /// The same by weight, where a column of weights is named. Who is taken goes by rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted: Option<Weighted>,
    /// By each protected attribute and pair: how many of each group are taken, and the gaps.
    pub attributes: Vec<Attribute>,
}

impl Cut {
    /// The name for readers: `top 100`, `top 5 percent`.
    pub fn words(&self) -> String {
        self.id.replace('_', " ")
    }
}
