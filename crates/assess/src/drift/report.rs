//! How the columns of newer predictions have moved from those of a baseline, column by column.

use super::categories::Categories;
use super::numbers::Numbers;
use super::shares::{distance, stability_index, total_variation};
use crate::facts::{Direction, Fact, Unit};
use crate::report::{Entry, Figure, Settings, Source, find};
use crate::stats::chi_square;
use crate::stats::kolmogorov::Distance;
use crate::words;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// The name and version of the shape.
pub const SCHEMA: &str = "countersign.drift/1";

/// Values that a column of categories may have before it is taken for names or identifiers.
pub const MAX_CATEGORIES: usize = 1000;

/// How far predictions have moved from a baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drift {
    /// [`SCHEMA`].
    pub schema: String,
    pub baseline: Source,
    pub current: Source,
    /// Label, prediction, score, protected attributes and features, as far as they are named.
    pub columns: Vec<Column>,
}

/// How far one column has moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Column {
    pub name: String,
    pub kind: Kind,
    pub baseline: Part,
    pub current: Part,
    /// Listed in `docs/metrics.md`.
    pub figures: Vec<Entry>,
    /// What the stability index says; none where it has no value, or over too few rows to say anything.
    pub movement: Option<Movement>,
    /// How its numbers were rounded; none where they were held exactly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounded: Option<Rounded>,
}

/// How numbers were rounded, because there were too many distinct ones to hold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rounded {
    /// Binary places kept behind the leading one: each number is too near 0 by less than one part in 2 to this power.
    pub places: u32,
    /// The largest share of either side's rows whose numbers became one: the Kolmogorov–Smirnov distance may be
    /// larger than it says by at most this much.
    pub largest_share: f64,
}

/// How a column is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Numbers,
    Categories,
}

/// The rows of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Part {
    /// Rows with a value.
    pub n: u64,
    /// Rows without one.
    pub missing: u64,
}

/// What a population stability index says, as banks read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// Below 0.1.
    Stable,
    /// From 0.1, below 0.25.
    Shifting,
    /// From 0.25.
    Moved,
}

impl Movement {
    /// What an index says.
    pub fn of(index: f64) -> Self {
        match index {
            index if index < Self::Shifting.from() => Self::Stable,
            index if index < Self::Moved.from() => Self::Shifting,
            _ => Self::Moved,
        }
    }

    /// The index from which on it says so.
    pub fn from(self) -> f64 {
        match self {
            Self::Stable => 0.0,
            Self::Shifting => 0.1,
            Self::Moved => 0.25,
        }
    }

    /// The word for readers.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Shifting => "shifting",
            Self::Moved => "moved",
        }
    }
}

impl Column {
    /// A column of numbers, with how many rows have one on each side.
    pub fn numbers(name: &str, sides: [Part; 2], numbers: &Numbers, settings: &Settings) -> Self {
        let (shares, apart) = (numbers.shares(10), numbers.distance());
        let figures = [
            ("psi", shares.as_ref().map(|(a, b)| stability_index(a, b))),
            ("js_distance", shares.as_ref().map(|(a, b)| distance(a, b, 2.0))),
            ("ks", apart.map(Distance::statistic)),
            ("ks_p", apart.map(Distance::approximate_p)),
            ("wasserstein", numbers.wasserstein()),
        ];
        let reason = "a side has no values";
        Self::new(name, Kind::Numbers, sides, &figures, settings, reason)
    }

    /// A column of categories, counted; none where there are more than [`MAX_CATEGORIES`].
    pub fn categories(
        name: &str,
        sides: [Part; 2],
        counts: Option<&Categories>,
        settings: &Settings,
    ) -> Self {
        let reason = match counts {
            None => "more than 1 000 values: they look like identifiers",
            Some(_) => "a side has no values",
        };
        let shares = counts.and_then(Categories::shares);
        // With one side empty there is nothing to test.
        let test = counts.filter(|_| shares.is_some()).and_then(|counts| {
            let table = [counts.reference.clone(), counts.current.clone()];
            chi_square(&table)
        });
        let figures = [
            ("psi", shares.as_ref().map(|(a, b)| stability_index(a, b))),
            ("js_distance", shares.as_ref().map(|(a, b)| distance(a, b, 2.0))),
            ("chi_square", test.map(|(test, _)| test.statistic)),
            ("chi_square_p", test.map(|(test, _)| test.p)),
            (
                "total_variation",
                shares.as_ref().map(|(a, b)| total_variation(a, b)),
            ),
        ];
        Self::new(name, Kind::Categories, sides, &figures, settings, reason)
    }

    fn has_moved(&self) -> bool {
        self.movement == Some(Movement::Moved)
    }

    /// The population stability index.
    pub fn index(&self) -> Option<f64> {
        find(&self.figures, "psi").and_then(|psi| psi.value)
    }

    fn new(
        name: &str,
        kind: Kind,
        [baseline, current]: [Part; 2],
        figures: &[(&str, Option<f64>)],
        settings: &Settings,
        reason: &str,
    ) -> Self {
        let (n, min) = (baseline.n + current.n, settings.min_judged);
        let few = (baseline.n < min || current.n < min)
            .then(|| format!("a side has fewer than {} rows", words::count(min)));
        let entry = |(id, value): &(&str, Option<f64>)| {
            let figure = match value {
                None => Figure::none(n, reason),
                Some(value) => Figure {
                    reason: few.clone(),
                    ..Figure::new(*value, None, n)
                },
            };
            Entry::new(*id, figure)
        };
        let figures: Vec<Entry> = figures.iter().map(entry).collect();
        let index = find(&figures, "psi").and_then(Figure::judged);
        Self {
            name: name.to_owned(),
            kind,
            baseline,
            current,
            movement: index.map(Movement::of),
            figures,
            rounded: None,
        }
    }
}

impl Drift {
    /// What has moved, in plain words.
    pub fn verdict(&self) -> String {
        let moved: Vec<&Column> = self.columns.iter().filter(|column| column.has_moved()).collect();
        let most = moved
            .iter()
            .max_by(|a, b| a.index().partial_cmp(&b.index()).unwrap_or(Ordering::Equal));
        match (moved.len(), most) {
            (1, Some(column)) => format!("One column has moved from the baseline: {}.", column.name),
            (many, Some(column)) => format!(
                "{many} columns have moved from the baseline, {} most.",
                column.name
            ),
            _ if self.columns.iter().any(|column| column.movement.is_none()) => {
                "No column is seen to have moved from the baseline; not all can be measured.".to_owned()
            }
            _ => "No column has moved from the baseline.".to_owned(),
        }
    }

    /// Every figure that a gate may ask for: `drift.<id>.<column>`, and `drift.psi`, that of the column that has moved
    /// the most.
    pub fn facts(&self) -> Vec<Fact> {
        let of = |column: &Column, entry: &Entry| {
            fact(&format!("drift.{}.{}", entry.id, column.name), column, entry)
        };
        let psi = |column: &Column| column.figures.iter().find(|entry| entry.id == "psi").cloned();
        let each: Vec<_> = self
            .columns
            .iter()
            .filter_map(|column| Some((column, psi(column)?)))
            .collect();
        // A column that can't be measured may have moved the most.
        let undefined = each.iter().find(|(_, entry)| entry.figure.value.is_none());
        let worst = undefined.or(each.iter().max_by(|a, b| {
            a.1.figure
                .value
                .partial_cmp(&b.1.figure.value)
                .unwrap_or(Ordering::Equal)
        }));
        let mut facts: Vec<Fact> = worst
            .map(|(column, entry)| fact("drift.psi", column, entry))
            .into_iter()
            .collect();
        for column in &self.columns {
            facts.extend(column.figures.iter().map(|entry| of(column, entry)));
        }
        facts
    }
}

fn fact(id: &str, column: &Column, entry: &Entry) -> Fact {
    let direction = if entry.id.ends_with("_p") {
        Direction::HigherIsBetter
    } else {
        Direction::LowerIsBetter
    };
    Fact {
        id: id.to_owned(),
        title: format!("{} of {}", entry.id, column.name),
        value: entry.figure.value,
        low: None,
        high: None,
        n: entry.figure.n,
        about: column.name.clone(),
        reason: entry.figure.reason.clone(),
        direction,
        unit: Unit::Score,
    }
}
