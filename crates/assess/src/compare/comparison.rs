//! A comparison as a document: two evaluations of the same cases, or of different ones.

use super::{Outcome, interval, outcome};
use crate::facts::{Fact, Unit};
use crate::report::{Columns, Figure, Report, Source};
use crate::stats::Interval;
use serde::{Deserialize, Serialize};
#[cfg(feature = "engine")]
use {
    super::worst_first,
    crate::stats::{benjamini_hochberg, holm},
};

/// The name and version of the comparison's shape.
pub const COMPARISON: &str = "countersign.comparison/1";

/// How the figures of an evaluation moved from those of an earlier one, and whether each move is more than noise.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// [`COMPARISON`].
    pub schema: String,
    pub before: Source,
    pub after: Source,
    /// What the user named, of both files.
    pub columns: Columns,
    /// Confidence of every interval, as a share; each as if it were the only one.
    pub confidence: f64,
    /// How cases were matched; none where the files are taken to be of different people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paired: Option<Pairing>,
    /// Worst first.
    pub changes: Vec<Moved>,
}

/// The cases that both files have, which all figures are of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pairing {
    /// The column that cases are known by.
    pub id: String,
    /// Cases in both files.
    pub cases: u64,
    /// Cases in the earlier file only, which are left out.
    pub only_before: u64,
    /// Cases in the later file only, which are left out.
    pub only_after: u64,
    pub decisions: Decisions,
    pub bootstrap: Bootstrap,
}

/// How many people are decided about otherwise; neither good nor bad in itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Decisions {
    /// Predicted the favourable answer now, and not before.
    pub gained: u64,
    /// Predicted the favourable answer before, and no longer.
    pub lost: u64,
    /// Share predicted the favourable answer, before and after.
    pub before: f64,
    pub after: f64,
    /// Newcombe's interval of after minus before, for paired shares.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// McNemar's mid-p.
    pub p: f64,
}

/// How counts were drawn anew where no closed form is sound. The same seed gives the same draws on every machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bootstrap {
    pub seed: u64,
    pub draws: u64,
}

/// How one figure moved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Moved {
    /// The fact's id, e.g. `performance.accuracy` or `fairness.impact_ratio.race`.
    pub id: String,
    pub title: String,
    /// Between whom, in the later file (in the earlier one, where the later has no value).
    pub about: String,
    pub before: Option<f64>,
    pub after: Option<f64>,
    /// After minus before.
    pub change: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// The smaller of both samples that the figure is of; of cases in both files, these.
    pub n: u64,
    pub method: Method,
    /// The chance of a change as large, either way, were there none; none where no test is made.
    pub p: Option<f64>,
    /// The same, had it been one of all tests of this comparison that all might err (Holm 1979).
    pub holm: Option<f64>,
    /// The same as a false discovery rate over all tests of this comparison (Benjamini and Hochberg 1995).
    pub benjamini_hochberg: Option<f64>,
    /// By the interval. Of many figures one in twenty moves that far by chance: `holm` counts them all.
    pub outcome: Outcome,
    pub unit: Unit,
    /// Why there is no value on one side.
    pub reason: Option<String>,
}

/// Where the interval and the p of a change come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Of shares of the same people: Newcombe's interval for paired shares (1998, method 10) and McNemar's mid-p.
    Mcnemar,
    /// Of areas under ROC curves of the same people: DeLong (1988).
    Delong,
    /// Of means over the same people: normal, from the differences of each.
    PairedMean,
    /// Counts of the same people drawn anew: percentile and basic interval, from the lower end to the upper end of both.
    Bootstrap,
    /// From both intervals as if they were of different people (Newcombe's method, MOVER): for the same people it is wider
    /// than it need be. No p.
    Unpaired,
}

/// What inference says of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Move {
    pub method: Method,
    pub interval: Option<Interval>,
    pub p: Option<f64>,
}

impl Move {
    /// As of different people.
    pub fn unpaired(was: Option<&Fact>, is: Option<&Fact>) -> Self {
        Self {
            method: Method::Unpaired,
            interval: was.zip(is).and_then(|(was, is)| interval(was, is)),
            p: None,
        }
    }
}

impl Comparison {
    /// Compares two reports as if they were of different people: each fact of [`super::compare`].
    pub fn unpaired(before: &Report, after: &Report) -> Self {
        let (was, is) = (before.facts(), after.facts());
        let changes = super::compare(before, after);
        let changes = changes.iter().filter_map(|change| {
            let (was, is) = (find(&was, &change.id), find(&is, &change.id));
            Moved::of(was, is, Move::unpaired(was, is))
        });
        Self::of(before, after, None, changes.collect())
    }

    /// Puts together what was found of two reports on the same cases: those facts that `judge` knows a test of.
    #[cfg(feature = "engine")]
    pub(crate) fn paired(
        [before, after]: &[Report; 2],
        pairing: Pairing,
        judge: impl Fn(&Fact, &Fact) -> Option<Move>,
    ) -> Self {
        let (was, is) = (before.facts(), after.facts());
        let changes = is.iter().filter_map(|is| {
            let was = find(&was, &is.id)?;
            Moved::of(Some(was), Some(is), judge(was, is)?)
        });
        let mut changes: Vec<Moved> = changes.collect();
        adjust(&mut changes);
        worst_first(&mut changes, |moved| (moved.outcome, moved.before, moved.change));
        Self::of(before, after, Some(pairing), changes)
    }

    fn of(before: &Report, after: &Report, paired: Option<Pairing>, changes: Vec<Moved>) -> Self {
        Self {
            schema: COMPARISON.to_owned(),
            before: before.source.clone(),
            after: after.source.clone(),
            columns: after.columns.clone(),
            confidence: after.settings.confidence,
            paired,
            changes,
        }
    }
}

fn find<'a>(facts: &'a [Fact], id: &str) -> Option<&'a Fact> {
    facts.iter().find(|fact| fact.id == id)
}

/// Corrects for how many tests were made.
#[cfg(feature = "engine")]
fn adjust(changes: &mut [Moved]) {
    let p: Vec<f64> = changes.iter().filter_map(|moved| moved.p).collect();
    let adjusted = holm(&p).into_iter().zip(benjamini_hochberg(&p));
    let tested = changes.iter_mut().filter(|moved| moved.p.is_some());
    for (moved, (holm, benjamini_hochberg)) in tested.zip(adjusted) {
        moved.holm = Some(holm);
        moved.benjamini_hochberg = Some(benjamini_hochberg);
    }
}

impl Moved {
    /// The change as a figure.
    pub(crate) fn figure(&self) -> Figure {
        Figure {
            value: self.change,
            low: self.low,
            high: self.high,
            n: self.n,
            reason: self.reason.clone(),
        }
    }

    /// How a fact moved; none where neither side has a value.
    fn of(was: Option<&Fact>, is: Option<&Fact>, shift: Move) -> Option<Self> {
        let fact = is.filter(|is| is.value.is_some()).or(was)?;
        let sides = [was, is];
        let [before, after] = sides.map(|side| side.and_then(|fact| fact.value));
        before.or(after)?;
        let change = before.zip(after).map(|(before, after)| after - before);
        let (interval, p) = match change {
            Some(_) => (shift.interval, shift.p),
            None => (None, None),
        };
        let missing = sides.into_iter().flatten().find(|fact| fact.value.is_none());
        Some(Self {
            id: fact.id.clone(),
            title: fact.title.clone(),
            about: fact.about.clone(),
            before,
            after,
            change,
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            n: sides
                .into_iter()
                .flatten()
                .map(|fact| fact.n)
                .min()
                .unwrap_or_default(),
            method: shift.method,
            p,
            holm: None,
            benjamini_hochberg: None,
            outcome: change.map_or(Outcome::NotComparable, |change| {
                outcome(change, interval, fact.direction)
            }),
            unit: fact.unit,
            reason: missing.and_then(|fact| fact.reason.clone()),
        })
    }
}
