//! Versioned rules for a tier: gates, required reviews, quorum and validity.
use crate::{
    actor::Discipline,
    audit::{Entry, Subject, SubjectKind, event},
    fact::Fact,
    id::PolicyId,
    model::Tier,
    refusal::Invalid,
    written::{count, number},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::str::FromStr;

/// What has to hold before a version of this tier may run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub gates: Vec<Gate>,
    /// Each needs one approving review.
    pub disciplines: Vec<Discipline>,
    /// Kinds of evidence that must be there and not expired.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// How many managers must countersign.
    pub quorum: u8,
    /// How long an approval holds, in days.
    pub validity_days: u16,
}

/// An expression over facts, with the reason it is there. Thresholds are dated rows, never constants in code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Stable within the policy, such as `impact-ratio`.
    pub id: String,
    pub title: String,
    /// `fact >= number` or `fact <= number`, such as `fairness.impact_ratio >= 0.8`.
    pub expression: Expression,
    /// Where the threshold comes from, and as of when.
    pub source: String,
}

/// One comparison of a fact with a threshold. The text form is a subset of CEL.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expression {
    pub fact: String,
    pub bound: Bound,
    pub threshold: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtLeast,
    AtMost,
}

impl FromStr for Expression {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let wrong = || {
            Invalid::new(
                "expression",
                format!("“{text}” is not of the form: fact >= number, or fact <= number."),
            )
        };
        let mut words = text.split_whitespace();
        let (Some(fact), Some(bound), Some(threshold), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(wrong());
        };
        let known = !fact.is_empty()
            && fact
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
        let bound = match bound {
            ">=" => Bound::AtLeast,
            "<=" => Bound::AtMost,
            _ => return Err(wrong()),
        };
        let threshold: f64 = threshold.parse().map_err(|_| wrong())?;
        if known && threshold.is_finite() {
            Ok(Self {
                fact: fact.into(),
                bound,
                threshold,
            })
        } else {
            Err(wrong())
        }
    }
}

impl TryFrom<String> for Expression {
    type Error = Invalid;
    fn try_from(text: String) -> Result<Self, Invalid> {
        text.parse()
    }
}

impl std::fmt::Display for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bound = match self.bound {
            Bound::AtLeast => ">=",
            Bound::AtMost => "<=",
        };
        write!(f, "{} {bound} {}", self.fact, self.threshold)
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.to_string()
    }
}

/// How a gate came out. Whatever is not a clear pass blocks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub gate: String,
    pub title: String,
    pub expression: Expression,
    pub source: String,
    pub state: GateState,
    /// The measured fact, as it was when the gate ran.
    pub fact: Option<Fact>,
    /// By how much, with what interval: a sentence.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    Pass,
    /// Met, but the interval reaches over the threshold.
    Near,
    Fail,
    /// The fact is not there, so nobody can say.
    NotMeasured,
}

impl GateState {
    pub fn is_met(self) -> bool {
        matches!(self, Self::Pass | Self::Near)
    }
}

impl Gate {
    /// Judges the facts at hand.
    pub fn judge(&self, facts: &[Fact]) -> Outcome {
        let fact = facts.iter().find(|fact| fact.id == self.expression.fact).cloned();
        let (state, detail) = match fact.as_ref().and_then(|fact| Some((fact, fact.value?))) {
            None => (GateState::NotMeasured, self.missing(fact.as_ref())),
            Some((fact, value)) => self.weigh(fact, value),
        };
        Outcome {
            gate: self.id.clone(),
            title: self.title.clone(),
            expression: self.expression.clone(),
            source: self.source.clone(),
            state,
            fact,
            detail,
        }
    }

    fn missing(&self, fact: Option<&Fact>) -> String {
        match fact {
            Some(fact) if !fact.about.is_empty() => format!("Can't be judged: {}.", fact.about),
            _ => format!(
                "Not measured: the latest evaluation has no {}.",
                self.expression.fact
            ),
        }
    }

    fn weigh(&self, fact: &Fact, value: f64) -> (GateState, String) {
        let Expression { bound, threshold, .. } = self.expression;
        let holds = |x: f64| match bound {
            Bound::AtLeast => x >= threshold,
            Bound::AtMost => x <= threshold,
        };
        let worst_end = match bound {
            Bound::AtLeast => fact.low,
            Bound::AtMost => fact.high,
        };
        let reaches_over = worst_end.is_some_and(|end| !holds(end));
        let state = match (holds(value), reaches_over) {
            (false, _) => GateState::Fail,
            (true, true) => GateState::Near,
            (true, false) => GateState::Pass,
        };
        let about = if fact.about.is_empty() {
            String::new()
        } else {
            format!("{}: ", fact.about)
        };
        let interval = match (fact.low, fact.high) {
            (Some(low), Some(high)) => format!(" [{}, {}]", number(low), number(high)),
            _ => String::new(),
        };
        let verdict = match (state, bound) {
            (GateState::Fail, Bound::AtLeast) => format!(
                " That is {} below the target of {}.",
                number(threshold - value),
                number(threshold)
            ),
            (GateState::Fail, Bound::AtMost) => format!(
                " That is {} above the target of {}.",
                number(value - threshold),
                number(threshold)
            ),
            (GateState::Near, _) => " The interval reaches over the target.".to_owned(),
            _ => String::new(),
        };
        (
            state,
            format!(
                "{about}{}{interval}, n {}.{verdict}",
                number(value),
                count(fact.n)
            ),
        )
    }
}

/// A policy as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    pub id: PolicyId,
    pub tier: Tier,
    pub number: i32,
    pub title: String,
    pub rules: Rules,
    /// SHA-256 of the rules' canonical JSON, as 64 hexadecimal digits.
    pub digest: String,
}

/// A policy that comes with the portal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub tier: Tier,
    pub title: String,
    pub rules: Rules,
}

/// The three policies that come with the portal.
pub fn built_in() -> Vec<Draft> {
    [
        include_str!("../policies/minimal.json"),
        include_str!("../policies/limited.json"),
        include_str!("../policies/high.json"),
    ]
    .into_iter()
    .filter_map(|text| serde_json::from_str(text).ok())
    .collect()
}

/// A policy was put in force, as its tier's next number.
#[derive(Debug)]
pub struct Published {
    pub id: PolicyId,
    pub number: i32,
    pub draft: Draft,
    pub digest: String,
}

event!(Published, |e| Entry::new(
    "policy.published",
    Subject::new(SubjectKind::Policy, e.id),
    format!("put policy {}-risk {} in force", e.draft.tier, e.number),
)
.after(
    json!({ "title": e.draft.title, "rules": e.draft.rules, "digest": e.digest })
));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Direction;

    fn fact(value: Option<f64>, low: f64, high: f64) -> Fact {
        Fact {
            id: "fairness.impact_ratio".into(),
            title: "Impact ratio".into(),
            value,
            low: Some(low),
            high: Some(high),
            n: 900,
            about: "women against men".into(),
            direction: Direction::HigherIsBetter,
        }
    }

    fn gate() -> Gate {
        Gate {
            id: "ir".into(),
            title: "t".into(),
            expression: "fairness.impact_ratio >= 0.8".parse().unwrap(),
            source: "29 CFR 1607.4(D)".into(),
        }
    }

    #[test]
    fn a_gate_has_four_outcomes_and_only_two_of_them_are_met() {
        let state = |fact: Fact| gate().judge(&[fact]).state;
        assert_eq!(state(fact(Some(0.9), 0.85, 0.95)), GateState::Pass);
        assert_eq!(state(fact(Some(0.8), 0.75, 0.85)), GateState::Near);
        assert_eq!(state(fact(Some(0.79), 0.7, 0.9)), GateState::Fail);
        assert_eq!(state(fact(None, 0.7, 0.9)), GateState::NotMeasured);
        assert_eq!(gate().judge(&[]).state, GateState::NotMeasured);
        assert!(!GateState::NotMeasured.is_met());
    }

    #[test]
    fn a_failing_gate_says_by_how_much_and_with_what_interval() {
        let outcome = gate().judge(&[fact(Some(0.521), 0.5, 0.55)]);
        assert_eq!(
            outcome.detail,
            "women against men: 0.521 [0.500, 0.550], n 900. That is 0.279 below the target of 0.800."
        );
    }

    #[test]
    fn expressions_are_read_and_written_the_same() {
        for text in ["fairness.impact_ratio >= 0.8", "performance.brier <= 0.25"] {
            assert_eq!(text.parse::<Expression>().unwrap().to_string(), text);
        }
        for bad in ["", "x", "x > 1", "x >= y", "x >= 1 && y", "X >= 1", "x >= inf"] {
            assert!(bad.parse::<Expression>().is_err(), "{bad}");
        }
    }

    #[test]
    fn the_three_built_in_policies_are_whole() {
        let tiers: Vec<_> = built_in().into_iter().map(|draft| draft.tier).collect();
        assert_eq!(tiers, [Tier::Minimal, Tier::Limited, Tier::High]);
    }
}
