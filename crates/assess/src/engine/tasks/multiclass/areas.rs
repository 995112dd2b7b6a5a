//! How well the scores of each class fit the labels, in one more pass over the file.

use super::super::Wanted;
use super::MAX_CLASSES;
use crate::engine::exact::Exact;
use crate::engine::values::Values;
use crate::engine::weighed::Weighed;
use crate::engine::{Limits, Rejected, Watch};
use crate::multiclass::Average;
use crate::multiclass::scores::{Areas, Ranked, logarithm};
use crate::report::{Columns, Entry, Figure};
use crate::stats::real;
use std::collections::HashMap;
use std::path::Path;

/// Why there are no figures by weight where there are some by rows.
pub(super) const TOO_MANY: &str = "too many distinct pairs of score and weight to hold: round them";

/// The scores of classes, each row's brought to a sum of 1. A value of a class is a share of that class in a row; its cell
/// is the row's label, by its place among the classes.
pub(super) struct Shares {
    /// What the names of the score columns begin with.
    prefix: String,
    /// By code point.
    pub classes: Vec<String>,
    pub values: Vec<Values>,
    /// Rows of each class among the labels.
    pub support: Vec<u64>,
    pub loss: Exact,
    /// Where rows have weights.
    pub weighted: Option<Weighty>,
}

/// The same by weight.
pub(super) struct Weighty {
    pub values: Vec<Weighed>,
    pub support: Vec<Exact>,
    pub loss: Exact,
}

/// What the score columns come to.
pub(super) struct Scored {
    /// Their names.
    pub columns: Vec<String>,
    /// Rows whose scores can be brought to a sum of 1.
    pub rows: u64,
    pub fit: Fit,
    /// Places that scores were rounded to, and how far an area may be off; none where they are exact.
    pub rounded: Option<(u32, f64)>,
    /// None without weights, and where there were too many of them.
    pub weighted: Option<Fit>,
}

/// How well scores fit.
pub(super) struct Fit {
    areas: Areas,
    /// Mean of −ln(share of the true class), in nats.
    log_loss: Option<f64>,
}

/// The classes that a header has score columns of, by the beginning of their names.
pub(super) fn classes(header: &[String], prefix: &str, others: &[String]) -> Vec<String> {
    let class = |name: &String| Some(name.strip_prefix(prefix)?.strip_prefix('_')?.to_owned());
    let scores = header.iter().filter(|name| !others.contains(name));
    scores.filter_map(class).collect()
}

impl Shares {
    pub fn new(prefix: &str, classes: Vec<String>, is_weighted: bool, limits: &Limits) -> Self {
        let each = |limit: usize| limit / classes.len().max(1);
        let weighted = is_weighted.then(|| Weighty {
            values: classes
                .iter()
                .map(|_| Weighed::new(each(limits.max_weighed())))
                .collect(),
            support: vec![Exact::default(); classes.len()],
            loss: Exact::default(),
        });
        Self {
            prefix: prefix.to_owned(),
            values: classes
                .iter()
                .map(|_| Values::new(each(limits.max_scores)))
                .collect(),
            support: vec![0; classes.len()],
            loss: Exact::default(),
            weighted,
            classes,
        }
    }

    /// Reads the score columns of these classes.
    pub fn read(
        file: &Path,
        columns: &Columns,
        prefix: &str,
        classes: Vec<String>,
        limits: &Limits,
        progress: &mut Watch<'_>,
    ) -> Result<Self, Rejected> {
        if classes.len() > MAX_CLASSES {
            return Err(Rejected::TooManyClasses {
                column: columns.label.clone(),
                limit: MAX_CLASSES,
            });
        }
        let mut kept = Self::new(prefix, classes, columns.weight.is_some(), limits);
        let names = kept.columns();
        let scores = names.iter().map(|name| (name.as_str(), "score"));
        let own: Vec<_> = std::iter::once((columns.label.as_str(), "label"))
            .chain(scores)
            .collect();
        let unprotected = Columns {
            label: columns.label.clone(),
            weight: columns.weight.clone(),
            ..Columns::default()
        };
        let wanted = Wanted::new(&own, &unprotected)?;
        let numbers: HashMap<String, u32> = kept.classes.iter().cloned().zip(0..).collect();
        let mut shares = vec![0.0; names.len()];
        wanted.read(file, limits, progress, &mut |place, row| {
            for (at, share) in shares.iter_mut().enumerate() {
                *share = wanted.column(at + 1).number(row[at + 1], place)?;
            }
            let label = wanted.column(0).text(row[0], place)?;
            let weight = wanted.weight(row, place)?;
            if let Some(label) = numbers.get(label.as_ref()) {
                kept.add(*label, &mut shares, weight);
            }
            Ok(())
        })?;
        Ok(kept)
    }

    /// The names of the score columns.
    fn columns(&self) -> Vec<String> {
        let names = self.classes.iter();
        names.map(|class| format!("{}_{class}", self.prefix)).collect()
    }

    /// Adds a row by its label and scores, which become shares; left out where they can't.
    fn add(&mut self, label: u32, shares: &mut [f64], weight: Option<f64>) {
        let sum: f64 = shares.iter().sum();
        if !sum.is_finite() || sum <= 0.0 {
            return;
        }
        for (values, share) in self.values.iter_mut().zip(shares.iter_mut()) {
            *share = *share / sum + 0.0;
            values.push(*share, label, 0);
        }
        let place = label as usize;
        let loss = logarithm(shares[place]);
        self.support[place] += 1;
        self.loss.add(loss);
        if let Some((weighted, weight)) = self.weighted.as_mut().zip(weight) {
            for (values, share) in weighted.values.iter_mut().zip(shares) {
                values.push(*share, label, 0, weight);
            }
            weighted.support[place].add(weight);
            weighted.loss.add(weight * loss);
        }
    }

    /// Adds the rows that follow, which must have scores of the same classes.
    pub fn merge(&mut self, next: Self) -> Result<(), Rejected> {
        if self.classes != next.classes {
            return Err(Rejected::Unlike("score columns"));
        }
        let labels: Vec<u32> = (0..).take(self.classes.len()).collect();
        for (values, next) in self.values.iter_mut().zip(next.values) {
            values.absorb(next, &labels, [0, 1]);
        }
        for (rows, next) in self.support.iter_mut().zip(next.support) {
            *rows += next;
        }
        self.loss.merge(&next.loss);
        if let Some((weighted, next)) = self.weighted.as_mut().zip(next.weighted) {
            for (values, next) in weighted.values.iter_mut().zip(next.values) {
                values.absorb(next, &labels, [0, 1]);
            }
            for (weight, next) in weighted.support.iter_mut().zip(&next.support) {
                weight.merge(next);
            }
            weighted.loss.merge(&next.loss);
        }
        Ok(())
    }

    /// What they come to.
    pub fn finished(self) -> Result<Scored, Rejected> {
        let columns = self.columns();
        let support: Vec<f64> = self.support.iter().map(|rows| real(*rows)).collect();
        let mut areas = Areas::new(support);
        let (mut places, mut off) = (None, 0.0_f64);
        for (class, values) in self.values.into_iter().enumerate() {
            let table = values.table()?;
            let entries = table.entries.iter();
            let ranked: Vec<Ranked> = entries
                .map(|entry| (entry.score, entry.cell as usize, f64::from(entry.rows[0])))
                .collect();
            let tied = areas.add(class, &ranked);
            if let Some(kept) = table.places {
                places = Some(places.map_or(kept, |places: u32| places.min(kept)));
                off = off.max(tied);
            }
        }
        let rows = self.support.iter().sum();
        Ok(Scored {
            columns,
            fit: Fit {
                areas,
                log_loss: (rows > 0).then(|| self.loss.total() / real(rows)),
            },
            rounded: places.map(|places| (places, off)),
            weighted: self.weighted.and_then(Weighty::finished),
            rows,
        })
    }
}

impl Weighty {
    /// None where there were too many distinct scores and weights.
    fn finished(self) -> Option<Fit> {
        let support: Vec<f64> = self.support.iter().map(Exact::total).collect();
        let all: f64 = support.iter().sum();
        let mut areas = Areas::new(support);
        for (class, values) in self.values.into_iter().enumerate() {
            let table = values.table()?;
            let ascending = table.iter().rev();
            let ranked: Vec<Ranked> = ascending
                .map(|heavy| {
                    let weight = heavy.weight * f64::from(heavy.rows[0]);
                    (heavy.score, heavy.cell as usize, weight)
                })
                .collect();
            areas.add(class, &ranked);
        }
        Some(Fit {
            areas,
            log_loss: (all > 0.0).then(|| self.loss.total() / all),
        })
    }
}

const IDS: [&str; 5] = [
    "roc_auc_ovr_macro",
    "roc_auc_ovr_weighted",
    "roc_auc_ovo_macro",
    "roc_auc_ovo_weighted",
    "log_loss",
];

impl Fit {
    /// The figures of so many rows.
    pub fn entries(&self, rows: u64) -> Vec<Entry> {
        let values = [
            self.areas.one_versus_rest(Average::Macro),
            self.areas.one_versus_rest(Average::Weighted),
            self.areas.one_versus_one(Average::Macro),
            self.areas.one_versus_one(Average::Weighted),
            self.log_loss,
        ];
        let entry = |(id, value)| {
            let figure = super::classes::defined(value, rows, "fewer than two classes occur");
            Entry::new(id, figure)
        };
        IDS.into_iter().zip(values).map(entry).collect()
    }

    /// No figures, for one reason.
    pub fn withheld(rows: u64, reason: &str) -> Vec<Entry> {
        let none = |id| Entry::new(id, Figure::none(rows, reason));
        IDS.into_iter().map(none).collect()
    }
}
