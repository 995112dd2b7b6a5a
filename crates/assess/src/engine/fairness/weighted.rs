//! Rates and impact ratios with every row counted by its weight.

use super::impact::excluded;
use crate::engine::exact::Exact;
use crate::engine::figures::mean_interval;
use crate::engine::tally::Sums;
use crate::report::{
    Confusion, Figure, Group, Performance, Rate, Rates, Settings, Standing, Weighted, WeightedConfusion,
};
use crate::stats::{katz_shares, real, wilson_share};

/// The sums of each cell of a file, and how to read them.
pub(super) struct Weights {
    pub cells: Vec<Sums>,
    /// The places of the positive answer, among labels and among predictions.
    pub positive: (usize, usize),
}

/// Sums of weights and of their squares over some rows.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    weight: f64,
    squares: f64,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.weight += other.weight;
        self.squares += other.squares;
    }

    /// Kish's effective number of `n` rows; none where they weigh nothing, or their squares can't be told from 0.
    fn effective(self, n: u64) -> Option<f64> {
        // In this order nothing overflows, and equal weights of 1 give the number of rows to the last digit.
        let effective = self.weight * (self.weight / self.squares);
        (self.squares >= f64::MIN_POSITIVE && effective > 0.0).then(|| effective.min(real(n)))
    }
}

/// What one row of each outcome counts: true positives, false positives, true negatives, false negatives.
const UNITS: [Confusion; 4] = {
    let none = Confusion {
        tp: 0,
        fp: 0,
        tn: 0,
        fn_: 0,
    };
    [
        Confusion { tp: 1, ..none },
        Confusion { fp: 1, ..none },
        Confusion { tn: 1, ..none },
        Confusion { fn_: 1, ..none },
    ]
};

/// Sums over the rows of each outcome, in the order of [`UNITS`], beside how many rows they are.
struct Weighed {
    sums: [Sum; 4],
    counts: Confusion,
}

impl Weights {
    /// Fills in what all rows together come to.
    pub fn overall(&self, performance: &mut Performance, favourable: Rate, settings: &Settings) {
        let weighed = self.weigh(self.cells.iter(), performance.counts);
        let rates = weighed.rates(favourable, settings);
        performance.weighted = Some(weighed.with(rates));
    }

    /// Fills in what each group of an attribute comes to; `of_cell` gives the group of each cell, `known` how many rows
    /// have one.
    pub fn groups(
        &self,
        groups: &mut [Group],
        of_cell: &[usize],
        known: u64,
        favourable: Rate,
        settings: &Settings,
    ) {
        let mut cells: Vec<Vec<&Sums>> = vec![Vec::new(); groups.len()];
        for (sums, group) in self.cells.iter().zip(of_cell) {
            cells[*group].push(sums);
        }
        let weighed: Vec<_> = groups
            .iter()
            .zip(cells)
            .map(|(group, cells)| self.weigh(cells.into_iter(), group.counts))
            .collect();
        let ratios = ratios(groups, &weighed, known, favourable, settings);
        for ((group, weighed), ratio) in groups.iter_mut().zip(weighed).zip(ratios) {
            let rates = weighed.rates_of(group, favourable, settings);
            group.weighted = Some(Weighted {
                impact_ratio: Some(ratio),
                ..weighed.with(rates)
            });
        }
    }

    /// Adds up cells exactly, so that the order of rows has no say, and rounds once.
    fn weigh<'a>(&self, cells: impl Iterator<Item = &'a Sums>, counts: Confusion) -> Weighed {
        let mut all = Sums::default();
        for cell in cells {
            let to = all.as_flattened_mut().as_flattened_mut().iter_mut();
            for (to, from) in to.zip(cell.as_flattened().as_flattened()) {
                to.merge(from);
            }
        }
        let (label, predicted) = self.positive;
        let total = |sums: &[[Exact; 2]; 2], label: usize, predicted: usize| {
            let sum = sums.get(label).and_then(|sums| sums.get(predicted));
            sum.map_or(0.0, Exact::total)
        };
        let [weights, squares] = &all;
        let outcomes = [
            (label, predicted),
            (1 - label, predicted),
            (1 - label, 1 - predicted),
            (label, 1 - predicted),
        ];
        Weighed {
            counts,
            sums: outcomes.map(|(label, predicted)| Sum {
                weight: total(weights, label, predicted),
                squares: total(squares, label, predicted),
            }),
        }
    }
}

impl Weighed {
    /// Sums over the outcomes that are counted.
    fn sum(&self, is_counted: impl Fn(&Confusion) -> bool) -> Sum {
        let mut sum = Sum::default();
        for (unit, of_outcome) in UNITS.iter().zip(self.sums) {
            if is_counted(unit) {
                sum.add(of_outcome);
            }
        }
        sum
    }

    /// Weight of the numerator, and sums of the denominator.
    fn share(&self, rate: Rate) -> (f64, Sum) {
        let numerator = self.sum(|unit| unit.share(rate).0 > 0);
        (numerator.weight, self.sum(|unit| unit.share(rate).1 > 0))
    }

    fn with(&self, rates: Rates) -> Weighted {
        let all = self.sum(|_| true);
        let [tp, fp, tn, fn_] = self.sums.map(|sum| sum.weight.min(f64::MAX));
        Weighted {
            weight: all.weight.min(f64::MAX),
            effective_n: all.effective(self.counts.n()).unwrap_or(0.0),
            counts: WeightedConfusion { tp, fp, tn, fn_ },
            rates,
            impact_ratio: None,
        }
    }

    /// The rates of a group, as far as it is shown and judged by its rows.
    fn rates_of(&self, group: &Group, favourable: Rate, settings: &Settings) -> Rates {
        if group.n < settings.min_shown {
            let reason = group.rates.accuracy.reason.as_deref().unwrap_or_default();
            return Rates::withheld(group.n, reason);
        }
        let mut rates = self.rates(favourable, settings);
        if let Standing::TooFew { reason } | Standing::Missing { reason } = &group.standing {
            rates.unjudge(reason);
        }
        rates
    }

    fn rates(&self, favourable: Rate, settings: &Settings) -> Rates {
        let (n, all) = (self.counts.n(), self.sum(|_| true));
        if n > 0 && all.weight <= 0.0 {
            return Rates::withheld(n, "the weights sum to 0");
        }
        let rate = |rate| self.rate(rate, settings);
        let (tpr, tnr) = (rate(Rate::Tpr), rate(Rate::Tnr));
        let balanced_accuracy = match tpr.value.zip(tnr.value) {
            None => Figure::none(n, "no positives or no negatives that weigh anything"),
            Some((tpr_is, tnr_is)) => {
                Figure::new(f64::midpoint(tpr_is, tnr_is), mean_interval(&tpr, &tnr), n)
            }
        };
        Rates {
            favourable: rate(favourable),
            selection: rate(Rate::Selection),
            base: rate(Rate::Base),
            accuracy: rate(Rate::Accuracy),
            precision: rate(Rate::Precision),
            fpr: rate(Rate::Fpr),
            fnr: rate(Rate::Fnr),
            f1: self.f1(settings.z),
            tpr,
            tnr,
            balanced_accuracy,
        }
    }

    fn rate(&self, rate: Rate, settings: &Settings) -> Figure {
        let ((weight, of), n) = (self.share(rate), self.counts.share(rate).1);
        if n == 0 {
            return Figure::none(0, format!("no {}", rate.of()));
        }
        if of.weight <= 0.0 {
            return Figure::none(n, format!("the weights of the {} sum to 0", rate.of()));
        }
        let share = weight / of.weight;
        let interval = of
            .effective(n)
            .and_then(|effective| wilson_share(share, effective, settings.z));
        let (figure, min) = (Figure::new(share, interval, n), settings.min_outcomes);
        if n < min {
            figure.unjudged(format!("fewer than {min} {}", rate.of()))
        } else {
            figure
        }
    }

    /// F1 is 2J/(1+J) for the share J = TP / (TP + FP + FN), and so are the ends of its interval.
    fn f1(&self, z: f64) -> Figure {
        let (tp, union) = (self.sum(|unit| unit.tp > 0), self.sum(|unit| unit.tn == 0));
        let n = self.counts.tp + self.counts.fp + self.counts.fn_;
        if n == 0 {
            return Figure::none(0, "no positives, and none predicted");
        }
        if union.weight <= 0.0 {
            let reason = "the weights of positives and positive predictions sum to 0";
            return Figure::none(n, reason);
        }
        let interval = union
            .effective(n)
            .and_then(|effective| wilson_share(tp.weight / union.weight, effective, z));
        let interval = interval.map(|(low, high)| (2.0 * low / (1.0 + low), 2.0 * high / (1.0 + high)));
        Figure::new(2.0 * tp.weight / (union.weight + tp.weight), interval, n)
    }
}

/// A group's weighted favourable rate, and what it is taken over.
struct Selected {
    share: f64,
    of: Sum,
    n: u64,
}

impl Selected {
    fn over(&self, best: &Self, z: f64) -> Figure {
        if best.share <= 0.0 {
            return Figure::none(
                self.n,
                "nobody judged who weighs anything gets the favourable answer",
            );
        }
        if std::ptr::eq(self, best) {
            return Figure::new(1.0, None, self.n);
        }
        let effective = self.of.effective(self.n).zip(best.of.effective(best.n));
        let interval =
            effective.and_then(|(one, zero)| katz_shares((self.share, one), (best.share, zero), z));
        Figure::new(self.share / best.share, interval, self.n + best.n)
    }
}

/// Every group's ratio to the highest weighted rate of those that have a ratio by rows.
fn ratios(
    groups: &[Group],
    weighed: &[Weighed],
    known: u64,
    favourable: Rate,
    settings: &Settings,
) -> Vec<Figure> {
    let select = |(group, weighed): (&Group, &Weighed)| {
        if let Some(reason) = excluded(group, known, settings) {
            return Err(Figure::none(group.n, reason));
        }
        let (weight, of) = weighed.share(favourable);
        if of.weight <= 0.0 {
            return Err(Figure::none(group.n, "the weights sum to 0"));
        }
        Ok(Selected {
            share: weight / of.weight,
            of,
            n: group.n,
        })
    };
    let selected: Vec<Result<Selected, Figure>> = groups.iter().zip(weighed).map(select).collect();
    let included = selected.iter().filter_map(|selected| selected.as_ref().ok());
    // Of equal rates the first in order of names.
    let best = included.reduce(|best, next| if next.share > best.share { next } else { best });
    let ratio = |selected: &Result<Selected, Figure>| match (selected, best) {
        (Ok(selected), Some(best)) => selected.over(best, settings.z),
        (Ok(selected), None) => Figure::none(selected.n, "no group can be judged"),
        (Err(none), _) => none.clone(),
    };
    selected.iter().map(ratio).collect()
}
