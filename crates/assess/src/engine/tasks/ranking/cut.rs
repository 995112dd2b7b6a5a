//! The top of a ranking: who is taken when only so many can be.

use super::super::super::table::Table;
use super::super::super::{Limits, Rejected};
use super::super::by_group::{self, Compared, Lens};
use super::super::{Attribute, Entry};
use super::Ranked;
use crate::report::{Columns, Dependence, Figure, Settings};
use crate::stats::{chi_square, real, wilson};
use serde::{Deserialize, Serialize};

/// How much of the ranking is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Top {
    /// So many rows; all of them if the file has fewer.
    Rows(u64),
    /// So many per cent of the rows, rounded down to whole rows, at least one.
    Percent(f64),
}

impl Top {
    fn rows(self, all: usize) -> usize {
        match self {
            Self::Rows(rows) => usize::try_from(rows).unwrap_or(all).min(all),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 1 and the number of rows"
            )]
            Self::Percent(percent) => {
                // Percent first: 29 % of 100 is 29 and not 28.999999999999996.
                let rows = (percent.clamp(0.0, 100.0) * real(all as u64) / 100.0).floor();
                (rows as usize).clamp(1, all.max(1))
            }
        }
    }

    /// The stable id: `top_100`, `top_5_percent`.
    fn id(self) -> String {
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
        match text.trim().strip_suffix('%') {
            Some(percent) => match percent.trim().parse::<f64>() {
                Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(Self::Percent(percent)),
                _ => Err(wrong()),
            },
            None => match text.trim().parse() {
                Ok(rows) if rows > 0 => Ok(Self::Rows(rows)),
                _ => Err(wrong()),
            },
        }
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
    /// By each protected attribute and pair: how many of each group are taken, and the gaps.
    pub attributes: Vec<Attribute>,
}

pub(super) fn cut(
    ranked: &Ranked<'_>,
    top: Top,
    table: &Table,
    columns: &Columns,
    limits: &Limits,
) -> Result<Cut, Rejected> {
    let mut order: Vec<usize> = (0..ranked.rows.len()).collect();
    let score = |row: usize| ranked.rows.get(row).map_or(f64::NEG_INFINITY, |row| row.0);
    order.sort_by(|a, b| score(*b).total_cmp(&score(*a)));
    let (taken, left) = order.split_at(top.rows(order.len()));
    let lowest = taken.last().map(|row| score(*row));
    let ties = |rows: &[usize]| {
        let tied = rows
            .iter()
            .filter(|row| lowest.is_some_and(|lowest| score(**row).total_cmp(&lowest).is_eq()));
        tied.count() as u64
    };
    let mut is_taken = vec![false; order.len()];
    for row in taken {
        if let Some(mark) = is_taken.get_mut(*row) {
            *mark = true;
        }
    }
    let lens = Taken { ranked, is_taken };
    let all: Vec<usize> = (0..order.len()).collect();
    Ok(Cut {
        id: top.id(),
        taken: taken.len() as u64,
        score: lowest,
        tied: ties(taken) + ties(left),
        tied_taken: ties(taken),
        figures: lens.figures(&all),
        attributes: by_group::attributes(table, columns, ranked.settings, limits, &lens)?,
    })
}

struct Taken<'a> {
    ranked: &'a Ranked<'a>,
    is_taken: Vec<bool>,
}

impl Taken<'_> {
    fn settings(&self) -> &Settings {
        self.ranked.settings
    }

    fn share(&self, (x, n): (u64, u64), of: &str) -> Figure {
        let min = self.settings().min_outcomes;
        if n == 0 {
            return Figure::none(0, format!("no {of}"));
        }
        let figure = Figure::new(real(x) / real(n), wilson(x, n, self.settings().z), n);
        if n < min {
            figure.unjudged(format!("fewer than {min} {of}"))
        } else {
            figure
        }
    }

    fn count(&self, rows: &[usize], is: impl Fn(bool, bool) -> bool) -> u64 {
        let rows = rows
            .iter()
            .filter_map(|row| self.is_taken.get(*row).zip(self.ranked.rows.get(*row)));
        rows.filter(|(taken, (_, positive))| is(**taken, *positive))
            .count() as u64
    }
}

impl Lens for Taken<'_> {
    fn figures(&self, rows: &[usize]) -> Vec<Entry> {
        let taken = self.count(rows, |taken, _| taken);
        let positive = self.count(rows, |_, positive| positive);
        let both = self.count(rows, |taken, positive| taken && positive);
        let all = rows.len() as u64;
        vec![
            Entry::new("selection_rate", self.share((taken, all), "rows")),
            Entry::new("precision", self.share((both, taken), "rows taken")),
            Entry::new("recall", self.share((both, positive), "positives")),
        ]
    }

    fn compared(&self) -> Vec<Compared> {
        let compared = |figure: &str, title: &str| Compared {
            figure: figure.to_owned(),
            title: title.to_owned(),
            by_ratio: true,
        };
        vec![
            compared("selection_rate", "Share taken"),
            compared("recall", "Recall"),
        ]
    }

    /// Pearson's chi-square of being taken by group.
    fn dependence(&self, groups: &[&[usize]]) -> Option<Dependence> {
        let counts = |rows: &&[usize]| {
            let taken = self.count(rows, |taken, _| taken);
            vec![taken, rows.len() as u64 - taken]
        };
        let table: Vec<Vec<u64>> = groups.iter().map(counts).collect();
        let (test, degrees) = chi_square(&table)?;
        Some(Dependence {
            chi_square: test.statistic,
            degrees,
            p: test.p,
        })
    }
}
