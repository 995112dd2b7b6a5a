//! What a plot of groups shows, in words and as a table: the drawing is made from the same.
use super::{Data, DataRow};
use crate::ui::{
    Scale, Unit,
    number::{sample, thousands},
};

/// The axis all rows share.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Its ends.
    pub scale: Scale,
    /// Values with a grid line and a word below.
    pub ticks: Vec<f64>,
    /// How its numbers are written.
    pub unit: Unit,
    /// The threshold, drawn dashed.
    pub target: Option<f64>,
}

impl Axis {
    /// Shares from 0 to 100 %, a tick every fifth.
    pub fn shares() -> Self {
        Self {
            scale: Scale::UNIT,
            ticks: vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
            unit: Unit::Share,
            target: None,
        }
    }

    /// How a value is written below the axis: shorter than in a sentence.
    pub(super) fn tick(&self, value: f64) -> String {
        match self.unit {
            Unit::Share => format!("{:.0}\u{a0}%", value * 100.0),
            Unit::Ratio => format!("{value:.1}"),
            unit => unit.bare(value),
        }
    }
}

/// What a mark says about its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkKind {
    /// First series, or the only one; meets the target.
    #[default]
    First,
    /// Second series.
    Second,
    /// Misses the target with its whole interval.
    Bad,
    /// Too few to judge: hollow, dashed, grey.
    Unjudged,
}

impl MarkKind {
    /// As the style sheet calls it.
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::First => "mark-1",
            Self::Second => "mark-2",
            Self::Bad => "mark-bad",
            Self::Unjudged => "mark-none",
        }
    }
}

/// One value of a group with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// What it says.
    pub kind: MarkKind,
    /// The value; it may lie beyond the axis, and is then drawn at its end.
    pub value: f64,
    /// Lower and upper bound; none for a reference.
    pub interval: Option<(f64, f64)>,
    /// People or rows behind it.
    pub n: u64,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotRow {
    /// "Under 25".
    pub label: String,
    /// A mark a series, at most two.
    pub marks: Vec<Mark>,
    /// Instead of the numbers at the end: "reference", "too few to judge".
    pub note: Option<String>,
}

/// How marks are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// For ratios and differences: an axis need not begin at nothing.
    #[default]
    Dots,
    /// For shares and counts: bars begin at the start of the axis.
    Bars,
}

/// "n 3 696", or both sizes where the series differ.
pub(super) fn samples(row: &PlotRow) -> String {
    match row.marks.as_slice() {
        [] => String::new(),
        [one] => sample(one.n),
        [first, others @ ..] if others.iter().all(|mark| mark.n == first.n) => sample(first.n),
        marks => {
            let sizes: Vec<_> = marks.iter().map(|mark| thousands(mark.n)).collect();
            format!("n\u{a0}{}", sizes.join(" and "))
        }
    }
}

/// What a screen reader says instead of the drawing.
pub(super) fn description(title: &str, axis: &Axis, rows: &[PlotRow]) -> String {
    let groups: Vec<_> = rows
        .iter()
        .map(|row| {
            let values: Vec<_> = row.marks.iter().map(|mark| axis.unit.write(mark.value)).collect();
            let note = row
                .note
                .as_ref()
                .map(|note| format!(", {note}"))
                .unwrap_or_default();
            format!("{} {}{note}", row.label, values.join(" and "))
        })
        .collect();
    format!("{title}: {}. The table below says the same.", groups.join("; "))
}

/// The same as a table.
pub(super) fn table(axis: &Axis, rows: &[PlotRow], series: &[String]) -> Data {
    let several = series.len() > 1;
    let mut heads = vec!["Group".to_owned()];
    for name in series {
        heads.push(name.clone());
        heads.push(if several {
            format!("{name}, 95\u{a0}% interval")
        } else {
            "95\u{a0}% interval".to_owned()
        });
        heads.push(if several {
            format!("{name}, n")
        } else {
            "n".to_owned()
        });
    }
    heads.push("Remark".to_owned());
    let rows = rows
        .iter()
        .map(|row| {
            let mut cells = vec![row.label.clone()];
            for mark in &row.marks {
                cells.push(axis.unit.write(mark.value));
                cells.push(
                    mark.interval
                        .map_or_else(|| "none".to_owned(), |(low, high)| axis.unit.interval(low, high)),
                );
                cells.push(thousands(mark.n));
            }
            cells.push(row.note.clone().unwrap_or_default());
            DataRow {
                judged: row.marks.iter().all(|mark| mark.kind != MarkKind::Unjudged),
                cells,
            }
        })
        .collect();
    Data { heads, rows }
}
