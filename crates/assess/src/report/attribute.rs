//! How a model treats the groups of a protected attribute, or of several together.

use super::{Bin, Confusion, Dependence, Figure, Point, Rate, Rates, Scores, Test, Weighted};
use serde::{Deserialize, Serialize};

/// A protected attribute, or two or three of them taken together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Attribute {
    /// One column, two or three.
    pub columns: Vec<String>,
    /// The group that others are held against as well as against the best.
    pub reference: Option<String>,
    /// Rows in which every column has a value: the base of the 2 % rule.
    pub known: u64,
    /// Sorted by name, rows without a value last.
    pub groups: Vec<Group>,
    /// Differences and ratios between judged groups.
    pub gaps: Vec<Gap>,
    /// The same gaps between the weighted rates, with the intervals of two groups; empty where no column of weights is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weighted_gaps: Vec<Gap>,
    /// Whether the favourable answer depends on the judged groups at all; none with fewer than two.
    #[serde(default)]
    pub dependence: Option<Dependence>,
    /// The same over all groups, however small, under the names and conventions of fairlearn, AIF360, Clarify and
    /// Aequitas.
    pub library: Vec<Value>,
    /// The group that the libraries which know only two take as privileged, and Aequitas as reference: the named
    /// reference, else the judged group with the highest favourable rate.
    #[serde(default)]
    pub privileged: Option<String>,
}

impl Attribute {
    /// The stable id: `race`, or `race|sex` for a pair, `race|sex|age` for a triple.
    pub fn id(&self) -> String {
        self.columns.join("|")
    }

    /// The name for readers: `race`, or `race and sex`.
    pub fn title(&self) -> String {
        self.columns.join(" and ")
    }

    /// The judged group with the highest favourable rate, which impact ratios are taken against.
    pub fn best(&self) -> Option<&Group> {
        let name = self
            .groups
            .iter()
            .find_map(|group| group.impact.against.as_deref())?;
        self.groups.iter().find(|group| group.name() == name)
    }

    /// A gap by its id.
    pub fn gap(&self, id: &str) -> Option<&Gap> {
        self.gaps.iter().find(|gap| gap.id == id)
    }

    /// The group with the lowest judged impact ratio.
    pub fn worst(&self) -> Option<&Group> {
        self.groups
            .iter()
            .filter_map(|group| Some((group.impact.ratio.judged()?, group)))
            .min_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, group)| group)
    }
}

/// The people who share a value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group {
    /// One value a column; none where the file has no value.
    pub key: Vec<Option<String>>,
    pub standing: Standing,
    pub n: u64,
    pub counts: Confusion,
    /// People predicted the favourable answer.
    pub favourable: u64,
    pub rates: Rates,
    pub scores: Scores,
    /// Favourable rate against the best judged group's.
    pub impact: Impact,
    /// Favourable rate against the named reference's; none where no reference is named.
    pub to_reference: Option<Figure>,
    /// Favourable rate against the reference's, or else the best judged group's; none for that group itself and for
    /// groups that aren't judged.
    #[serde(default)]
    pub test: Option<Test>,
    /// The group's own ROC curve, at most 50 points; empty but for judged groups of single attributes. With the counts
    /// it gives precision against recall as well.
    #[serde(default)]
    pub roc: Vec<Point>,
    /// The group's own calibration, and by the rows of each bin how its scores are spread; empty as `roc` is.
    #[serde(default)]
    pub calibration: Vec<Bin>,
    /// The rates and the impact ratio by weight; none where no column of weights is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weighted: Option<Weighted>,
}

impl Group {
    /// The name for readers: `Female`, `Caucasian, Female`, `(missing)`.
    pub fn name(&self) -> String {
        name(&self.key)
    }

    /// Whether the group has a value in every column.
    pub fn is_known(&self) -> bool {
        self.key.iter().all(Option::is_some)
    }

    /// Whether the group is large enough to be held against others.
    pub fn is_judged(&self) -> bool {
        self.standing == Standing::Judged
    }
}

/// The name of a group for readers.
pub(crate) fn name(key: &[Option<String>]) -> String {
    let parts: Vec<_> = key
        .iter()
        .map(|part| part.as_deref().unwrap_or("(missing)"))
        .collect();
    parts.join(", ")
}

/// Whether a group is held against others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Standing {
    Judged,
    /// Shown, but never compared.
    TooFew {
        reason: String,
    },
    /// People whose group isn't known: counted overall, never compared.
    Missing {
        reason: String,
    },
}

/// A group's favourable rate over the highest of any judged group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Impact {
    /// The ratio with Katz' interval; 1 for the best group itself, which has no interval.
    pub ratio: Figure,
    /// The best group; none where no group can be judged.
    pub against: Option<String>,
    /// Where the ratio stands to the settings' mark, decided in whole numbers.
    pub mark: Option<Mark>,
}

/// Where an impact ratio stands to the mark of four fifths (or whatever the settings say).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Below,
    /// At the mark, or above.
    Reached,
}

/// The widest distance of a rate between two judged groups.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// The stable id, e.g. `equal_opportunity_difference`.
    pub id: String,
    /// The name for readers.
    pub title: String,
    /// A difference with Newcombe's interval, or a ratio with Katz'; `n` is that of both groups. Of more than two groups the
    /// interval allows for the extremes being picked from all of them; reports stored before this was so have that of two groups, which is too narrow.
    pub figure: Figure,
    /// The rate compared; for equalised odds, the worse of the two.
    pub rate: Option<Rate>,
    /// The groups with the highest and the lowest rate, in this order.
    pub between: Option<(String, String)>,
    /// Groups compared.
    pub judged: u64,
    /// Groups left out: too few, or with the rate undefined.
    pub skipped: u64,
}

/// A number as another library would give it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Value {
    /// The library's name and options, e.g. `fairlearn.equalized_odds_difference.between_groups.worst_case`.
    pub id: String,
    /// None where the library answers with not-a-number or infinity, and then `reason` says which.
    pub value: Option<f64>,
    /// Why there is no value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Value {
    /// A number of a library, which may be no finite one.
    pub(crate) fn new(id: String, value: f64) -> Self {
        let reason = if value.is_nan() {
            Some("not a number: nothing is divided by nothing")
        } else if value.is_infinite() {
            Some("infinite: something is divided by nothing")
        } else {
            None
        };
        Self {
            id,
            value: Some(value).filter(|value| value.is_finite()),
            reason: reason.map(str::to_owned),
        }
    }
}
