//! Facts: the figures of a report under stable ids, for policy gates and comparisons.

pub(crate) mod weighted;

use crate::report::{Attribute, Figure, Gap, Report};
use crate::stats::real;
use serde::{Deserialize, Serialize};

/// One figure that a policy may ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Stable, e.g. `fairness.impact_ratio.race`; pairs of attributes are joined by `|`.
    pub id: String,
    /// Plain words, e.g. `Impact ratio, race`.
    pub title: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
    /// Between whom, e.g. `African-American against Other`; empty for performance.
    pub about: String,
    /// Why there is no value.
    pub reason: Option<String>,
    pub direction: Direction,
    pub unit: Unit,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    HigherIsBetter,
    LowerIsBetter,
}

/// How a fact is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Two places: `0.80`.
    Ratio,
    /// A share or a difference of shares, in per cent with one place.
    Share,
    /// Three places: `0.702`.
    Score,
    /// Whole.
    Count,
}

use Direction::{HigherIsBetter, LowerIsBetter};

impl Fact {
    fn new(id: &str, title: &str, figure: &Figure, direction: Direction, unit: Unit) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            value: figure.value,
            low: figure.low,
            high: figure.high,
            n: figure.n,
            about: String::new(),
            reason: figure.reason.clone(),
            direction,
            unit,
        }
    }

    fn about(mut self, about: impl Into<String>) -> Self {
        self.about = about.into();
        self
    }

    fn is_better_than(&self, other: &Self) -> bool {
        match self.direction {
            HigherIsBetter => self.value > other.value,
            LowerIsBetter => self.value < other.value,
        }
    }

    /// The same fact under the id of the worst of its kind.
    fn as_worst(&self, kind: &str, title: &str, of: &str) -> Self {
        let about = match of {
            "" => self.about.clone(),
            of => format!("{} ({of})", self.about),
        };
        Self {
            id: format!("fairness.{kind}"),
            title: title.to_owned(),
            about,
            ..self.clone()
        }
    }
}

impl Report {
    /// Every figure that a gate may ask for. Without a suffix, `fairness.*` is the worst of the single attributes;
    /// `fairness.intersection.*` is the worst of the pairs, `fairness.intersection_of_three.*` of the triples.
    pub fn facts(&self) -> Vec<Fact> {
        let mut facts = self.performance();
        for kind in Kind::ALL {
            facts.extend(kind.worst_and_each(&self.attributes, |attribute| kind.fact(attribute)));
        }
        facts.extend(self.weighted_facts());
        facts
    }

    /// A fact by its id.
    pub fn fact(&self, id: &str) -> Option<Fact> {
        self.facts().into_iter().find(|fact| fact.id == id)
    }

    fn performance(&self) -> Vec<Fact> {
        let (rates, scores) = (&self.overall.rates, &self.overall.scores);
        let rows = Figure::new(real(self.rows), None, self.rows);
        let fact = |id: &str, title, figure, direction, unit| {
            let id = if id == "rows" {
                id.to_owned()
            } else {
                format!("performance.{id}")
            };
            Fact::new(&id, title, figure, direction, unit)
        };
        vec![
            fact("rows", "Rows", &rows, HigherIsBetter, Unit::Count),
            fact(
                "accuracy",
                "Accuracy",
                &rates.accuracy,
                HigherIsBetter,
                Unit::Share,
            ),
            fact(
                "balanced_accuracy",
                "Balanced accuracy",
                &rates.balanced_accuracy,
                HigherIsBetter,
                Unit::Share,
            ),
            fact(
                "precision",
                "Precision",
                &rates.precision,
                HigherIsBetter,
                Unit::Share,
            ),
            fact(
                "tpr",
                "True positive rate",
                &rates.tpr,
                HigherIsBetter,
                Unit::Share,
            ),
            fact(
                "fpr",
                "False positive rate",
                &rates.fpr,
                LowerIsBetter,
                Unit::Share,
            ),
            fact(
                "tnr",
                "True negative rate",
                &rates.tnr,
                HigherIsBetter,
                Unit::Share,
            ),
            fact(
                "fnr",
                "False negative rate",
                &rates.fnr,
                LowerIsBetter,
                Unit::Share,
            ),
            fact("f1", "F1", &rates.f1, HigherIsBetter, Unit::Score),
            fact("roc_auc", "ROC AUC", &scores.roc_auc, HigherIsBetter, Unit::Score),
            fact(
                "average_precision",
                "Average precision",
                &scores.average_precision,
                HigherIsBetter,
                Unit::Score,
            ),
            fact("brier", "Brier score", &scores.brier, LowerIsBetter, Unit::Score),
            fact(
                "log_loss",
                "Log loss",
                &scores.log_loss,
                LowerIsBetter,
                Unit::Score,
            ),
            fact(
                "calibration_error",
                "Calibration error",
                &scores.calibration_error,
                LowerIsBetter,
                Unit::Score,
            ),
            fact(
                "calibration_error_equal_mass",
                "Calibration error, bins of equal mass",
                &scores.calibration_error_equal_mass,
                LowerIsBetter,
                Unit::Score,
            ),
        ]
    }
}

/// By how many attributes are taken together: what the id of the worst of them begins with, and its title ends with.
const TOGETHER: [(usize, &str, &str); 3] = [
    (1, "", ""),
    (2, "intersection.", ", two attributes together"),
    (3, "intersection_of_three.", ", three attributes together"),
];

/// A kind of fairness fact, of which every attribute has one.
struct Kind {
    id: &'static str,
    title: &'static str,
    direction: Direction,
    unit: Unit,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self {
            id: "impact_ratio",
            title: "Impact ratio",
            direction: HigherIsBetter,
            unit: Unit::Ratio,
        },
        Self::difference("demographic_parity_difference", "Demographic parity difference"),
        Self::ratio("demographic_parity_ratio", "Demographic parity ratio"),
        Self::difference("equal_opportunity_difference", "Equal opportunity difference"),
        Self::ratio("equal_opportunity_ratio", "Equal opportunity ratio"),
        Self::difference("equalised_odds_difference", "Equalised odds difference"),
        Self::ratio("equalised_odds_ratio", "Equalised odds ratio"),
        Self::difference("predictive_parity_difference", "Predictive parity difference"),
        Self::difference("accuracy_difference", "Accuracy difference"),
    ];

    const fn difference(id: &'static str, title: &'static str) -> Self {
        Self {
            id,
            title,
            direction: LowerIsBetter,
            unit: Unit::Share,
        }
    }

    const fn ratio(id: &'static str, title: &'static str) -> Self {
        Self {
            id,
            title,
            direction: HigherIsBetter,
            unit: Unit::Ratio,
        }
    }

    /// The worst of the attributes by how many are taken together, then each.
    fn worst_and_each(&self, attributes: &[Attribute], fact: impl Fn(&Attribute) -> Fact) -> Vec<Fact> {
        let each: Vec<_> = attributes
            .iter()
            .map(|attribute| (attribute, fact(attribute)))
            .collect();
        let worst = TOGETHER.iter().filter_map(|(together, prefix, words)| {
            let of = each
                .iter()
                .filter(|(attribute, _)| attribute.columns.len() == *together);
            let (id, title) = (format!("{prefix}{}", self.id), format!("{}{words}", self.title));
            worst(&of.collect::<Vec<_>>(), &id, &title)
        });
        let mut facts: Vec<Fact> = worst.collect();
        facts.extend(each.into_iter().map(|(_, fact)| fact));
        facts
    }

    fn fact(&self, attribute: &Attribute) -> Fact {
        let (figure, about) = match attribute.gap(self.id) {
            Some(Gap {
                figure,
                between: Some((high, low)),
                ..
            }) => (figure.clone(), format!("{low} against {high}")),
            Some(gap) => (gap.figure.clone(), String::new()),
            None => impact(attribute),
        };
        let id = format!("fairness.{}.{}", self.id, attribute.id());
        let title = format!("{}, {}", self.title, attribute.title());
        Fact::new(&id, &title, &figure, self.direction, self.unit).about(about)
    }
}

/// The lowest impact ratio of the judged groups, and between whom.
fn impact(attribute: &Attribute) -> (Figure, String) {
    match (attribute.worst(), attribute.best()) {
        (Some(worst), Some(best)) if worst.key != best.key => (
            worst.impact.ratio.clone(),
            format!("{} against {}", worst.name(), best.name()),
        ),
        // Every judged group has the best group's rate.
        (Some(worst), Some(best))
            if attribute
                .groups
                .iter()
                .filter(|g| g.impact.mark.is_some())
                .count()
                > 1 =>
        {
            (
                worst.impact.ratio.clone(),
                format!("no group below {}", best.name()),
            )
        }
        _ => (
            Figure::none(attribute.known, "fewer than two groups can be judged"),
            String::new(),
        ),
    }
}

/// The worst fact of several attributes; one without a value only if none has one.
fn worst(each: &[&(&Attribute, Fact)], kind: &str, title: &str) -> Option<Fact> {
    let (attribute, fact) = each
        .iter()
        .filter(|(_, fact)| fact.value.is_some())
        .reduce(|worst, next| {
            if worst.1.is_better_than(&next.1) {
                next
            } else {
                worst
            }
        })
        .or(each.first())?;
    Some(fact.as_worst(kind, title, &attribute.title()))
}
