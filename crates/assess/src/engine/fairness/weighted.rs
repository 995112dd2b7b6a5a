//! Rates, scores, impact ratios and gaps with every row counted by its weight.

mod gaps;

use super::impact::excluded;
use crate::engine::exact::Exact;
use crate::engine::figures::mean_interval;
use crate::engine::tally::Sums;
use crate::engine::weighed::Heavy;
use crate::engine::weighed::ranking::{self, Side};
use crate::engine::weighed::sum::Sum;
use crate::report::{
    Attribute, Bin, Confusion, Figure, Group, Performance, Rate, Rates, Scores, Settings, Standing, Weighted,
    WeightedConfusion,
};
use crate::stats::{katz_shares, wilson_share};

/// The sums of each cell of a file, and how to read them.
pub(super) struct Weights {
    pub cells: Vec<Sums>,
    /// The places of the positive answer, among labels and among predictions.
    pub positive: (usize, usize),
    /// Every score in descending order, or why there are none.
    pub scores: Result<Vec<Heavy>, &'static str>,
    /// Whether every score lies between 0 and 1.
    pub are_shares: bool,
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
        let ranked = self.rank(std::slice::from_ref(&weighed), &|_| 0, settings);
        performance.weighted = ranked
            .into_iter()
            .next()
            .map(|ranked| weighed.with(rates, ranked));
    }

    /// Fills in what each group of an attribute comes to, and how far they lie apart; `of_cell` gives the group of each
    /// cell.
    pub fn attribute(
        &self,
        attribute: &mut Attribute,
        of_cell: &[usize],
        favourable: Rate,
        settings: &Settings,
    ) {
        let groups = &mut attribute.groups;
        let mut cells: Vec<Vec<&Sums>> = vec![Vec::new(); groups.len()];
        for (sums, group) in self.cells.iter().zip(of_cell) {
            cells[*group].push(sums);
        }
        let weighed: Vec<_> = groups
            .iter()
            .zip(cells)
            .map(|(group, cells)| self.weigh(cells.into_iter(), group.counts))
            .collect();
        let ratios = ratios(groups, &weighed, attribute.known, favourable, settings);
        let ranked = self.rank(&weighed, &|cell| of_cell[cell], settings);
        attribute.weighted_gaps = gaps::of(groups, &weighed, favourable, settings);
        for (((group, weighed), ratio), ranked) in groups.iter_mut().zip(weighed).zip(ratios).zip(ranked) {
            let rates = weighed.rates_of(group, favourable, settings);
            let ranked = shown(group, ranked, attribute.columns.len() == 1, settings);
            group.weighted = Some(Weighted {
                impact_ratio: Some(ratio),
                ..weighed.with(rates, ranked)
            });
        }
    }

    /// The score figures of several groups at once; `group_of` gives the group of a cell.
    fn rank(
        &self,
        groups: &[Weighed],
        group_of: &dyn Fn(usize) -> usize,
        settings: &Settings,
    ) -> Vec<(Scores, Vec<Bin>)> {
        let table = match &self.scores {
            Ok(table) => table,
            Err(reason) => {
                let withheld = |weighed: &Weighed| (Scores::withheld(weighed.counts.n(), reason), Vec::new());
                return groups.iter().map(withheld).collect();
            }
        };
        let sides = groups.iter().map(Weighed::sides);
        let group_of = |cell: u32| Some(group_of(cell as usize));
        let of = (self.are_shares, settings);
        ranking::ranked(table, sides, self.positive.0, &group_of, of)
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

/// The score figures of a group, as far as it is shown and judged by its rows; its calibration only where it is of one
/// attribute.
fn shown(
    group: &Group,
    (mut scores, mut bins): (Scores, Vec<Bin>),
    is_single: bool,
    settings: &Settings,
) -> (Scores, Vec<Bin>) {
    if group.n < settings.min_shown {
        let reason = group.rates.accuracy.reason.as_deref().unwrap_or_default();
        scores = Scores::withheld(group.n, reason);
    } else if let Standing::TooFew { reason } | Standing::Missing { reason } = &group.standing {
        scores.unjudge(reason);
    }
    if !(is_single && group.is_judged()) {
        bins.clear();
    }
    (scores, bins)
}

impl Weighed {
    /// Positives and negatives.
    fn sides(&self) -> [Side; 2] {
        let counts = &self.counts;
        [
            Side {
                sum: self.sum(|unit| unit.positives() > 0),
                rows: counts.positives(),
            },
            Side {
                sum: self.sum(|unit| unit.negatives() > 0),
                rows: counts.negatives(),
            },
        ]
    }

    /// Kish's effective number of rows in the denominator of a rate.
    fn effective(&self, rate: Rate) -> Option<f64> {
        self.share(rate).1.effective(self.counts.share(rate).1)
    }

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

    fn with(&self, rates: Rates, (scores, calibration): (Scores, Vec<Bin>)) -> Weighted {
        let all = self.sum(|_| true);
        let [tp, fp, tn, fn_] = self.sums.map(|sum| sum.weight.min(f64::MAX));
        Weighted {
            weight: all.weight.min(f64::MAX),
            effective_n: all.effective(self.counts.n()).unwrap_or(0.0),
            counts: WeightedConfusion { tp, fp, tn, fn_ },
            rates,
            scores: Some(scores),
            calibration,
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
        of.share(weight, n, rate.of(), settings)
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
