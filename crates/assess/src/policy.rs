//! Gates for pipelines: figures that a report must reach, in a file that anyone can read.
//!
//! ```toml
//! [[gate]]
//! metric = "fairness.impact_ratio"
//! at_least = 0.8
//! use = "low"        # the interval's end; "value" unless said
//! ```
//!
//! Bounds and states are called and compared as the portal's policies are.

#[cfg(feature = "engine")]
mod parse;

use crate::facts::Fact;
use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
pub use parse::Wrong;

/// What must hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    #[serde(alias = "gates", rename = "gate")]
    gates: Vec<Gate>,
}

/// One comparison of a figure with a target.
#[derive(Debug, Clone, PartialEq)]
struct Gate {
    metric: String,
    bound: Bound,
    target: f64,
    end: End,
    title: Option<String>,
    source: Option<String>,
}

/// A gate as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    metric: String,
    at_least: Option<f64>,
    at_most: Option<f64>,
    #[serde(default, rename = "use")]
    end: End,
    title: Option<String>,
    source: Option<String>,
}

/// Which side of the target is good; the target itself always is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    AtLeast,
    AtMost,
}

/// What of a figure is compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum End {
    #[default]
    Value,
    /// The lower end of its interval.
    Low,
    /// The upper end of its interval.
    High,
}

/// How a gate came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    Pass,
    /// Met by the value, but the interval reaches over the target.
    Near,
    Fail,
    /// There is no figure, so nobody can say; that is not met.
    NotMeasured,
}

impl State {
    /// Whether the gate lets pass.
    pub fn is_met(self) -> bool {
        matches!(self, Self::Pass | Self::Near)
    }

    /// The words for readers.
    pub fn words(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Near => "pass, though the interval reaches over the target",
            Self::Fail => "fail",
            Self::NotMeasured => "not measured",
        }
    }
}

/// A gate and how it came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Outcome {
    pub metric: String,
    /// The gate's own title, else the figure's.
    pub title: String,
    pub bound: Bound,
    pub target: f64,
    #[serde(rename = "use")]
    pub end: End,
    pub state: State,
    /// What was compared; none where it isn't measured.
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub n: u64,
    /// Between whom; empty for performance.
    pub about: String,
    /// Why there is no value, or why it should be read with care.
    pub reason: Option<String>,
    /// Where the target comes from, as the policy says.
    pub source: Option<String>,
}

impl<'de> Deserialize<'de> for Gate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        let (bound, target) = match (written.at_least, written.at_most) {
            (Some(target), None) => (Bound::AtLeast, target),
            (None, Some(target)) => (Bound::AtMost, target),
            // Refused by `parse`, which can say more than a deserialiser.
            _ => (Bound::AtLeast, f64::NAN),
        };
        Ok(Self {
            metric: written.metric,
            bound,
            target,
            end: written.end,
            title: written.title,
            source: written.source,
        })
    }
}

impl Policy {
    /// Judges the figures at hand, gate by gate.
    pub fn judge(&self, facts: &[Fact]) -> Vec<Outcome> {
        self.gates.iter().map(|gate| gate.judge(facts)).collect()
    }
}

impl Gate {
    fn judge(&self, facts: &[Fact]) -> Outcome {
        let fact = facts.iter().find(|fact| fact.id == self.metric);
        let value = fact.and_then(|fact| match self.end {
            End::Value => fact.value,
            End::Low => fact.value.and(fact.low),
            End::High => fact.value.and(fact.high),
        });
        let state = match fact.zip(value) {
            None => State::NotMeasured,
            Some((fact, value)) => self.state(fact, value),
        };
        let reason = match fact {
            None => Some("there is no such figure in the report".to_owned()),
            Some(fact) if fact.value.is_some() && value.is_none() => Some("it has no interval".to_owned()),
            Some(fact) => fact.reason.clone(),
        };
        let of_fact = fact.map(|fact| fact.title.clone());
        Outcome {
            metric: self.metric.clone(),
            title: self
                .title
                .clone()
                .or(of_fact)
                .unwrap_or_else(|| self.metric.clone()),
            bound: self.bound,
            target: self.target,
            end: self.end,
            state,
            value,
            low: fact.and_then(|fact| fact.low),
            high: fact.and_then(|fact| fact.high),
            n: fact.map_or(0, |fact| fact.n),
            about: fact.map(|fact| fact.about.clone()).unwrap_or_default(),
            reason,
            source: self.source.clone(),
        }
    }

    fn state(&self, fact: &Fact, value: f64) -> State {
        let holds = |x: f64| match self.bound {
            Bound::AtLeast => x >= self.target,
            Bound::AtMost => x <= self.target,
        };
        let worst_end = match self.bound {
            Bound::AtLeast => fact.low,
            Bound::AtMost => fact.high,
        };
        match holds(value) {
            false => State::Fail,
            true if self.end == End::Value && worst_end.is_some_and(|end| !holds(end)) => State::Near,
            true => State::Pass,
        }
    }
}

impl Outcome {
    /// The outcome in a line: `pass: Accuracy 0.71 (at least 0.7), n 7 214`.
    pub fn line(&self) -> String {
        let bound = match self.bound {
            Bound::AtLeast => "at least",
            Bound::AtMost => "at most",
        };
        let end = match self.end {
            End::Value => "",
            End::Low => ", lower end of the interval",
            End::High => ", upper end of the interval",
        };
        let value = self
            .value
            .map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"));
        let about = if self.about.is_empty() {
            String::new()
        } else {
            format!(", {}", self.about)
        };
        let reason = self
            .reason
            .as_ref()
            .map(|reason| format!("; {reason}"))
            .unwrap_or_default();
        let n = crate::words::count(self.n);
        let line = format!(
            "{}: {} {value} ({bound} {}{end}), n {n}{about}{reason}",
            self.state.words(),
            self.title,
            self.target
        );
        crate::words::visible(&line)
    }
}

#[cfg(test)]
#[cfg(feature = "engine")]
mod tests {
    use super::*;
    use crate::report::{Columns, Settings};

    fn facts() -> Vec<Fact> {
        let rows = "1,1\n".repeat(80) + &"0,1\n".repeat(20);
        let columns = Columns {
            label: "y".into(),
            prediction: Some("p".into()),
            favourable: "1".into(),
            positive: Some("1".into()),
            ..Columns::default()
        };
        let text = format!("y,p\n{rows}");
        let limits = crate::Limits::default();
        let report = crate::assess_read(
            text.as_bytes(),
            &columns,
            &Settings::default(),
            &limits,
            &mut crate::unwatched,
        );
        report.unwrap().facts()
    }

    fn states(policy: &str) -> Vec<State> {
        let outcomes = Policy::parse(policy).unwrap().judge(&facts());
        outcomes.iter().map(|outcome| outcome.state).collect()
    }

    fn gate(metric: &str, rest: &str) -> String {
        format!("[[gate]]\nmetric = \"{metric}\"\n{rest}\n")
    }

    #[test]
    fn the_target_itself_is_good_and_the_interval_can_be_asked_for() {
        let policy = [
            gate("performance.accuracy", "at_least = 0.8"),
            gate("performance.accuracy", "at_least = 0.81"),
            gate("performance.accuracy", "at_least = 0.8\nuse = \"low\""),
            gate("performance.accuracy", "at_least = 0.7\nuse = \"low\""),
            gate("performance.accuracy", "at_most = 0.9\nuse = \"high\""),
            gate("performance.accuracy", "at_least = 0.5"),
        ];
        assert_eq!(
            states(&policy.concat()),
            [
                State::Near,
                State::Fail,
                State::Fail,
                State::Pass,
                State::Pass,
                State::Pass
            ]
        );
    }

    #[test]
    fn what_is_not_measured_is_not_met() {
        let policy =
            gate("performance.roc_auc", "at_least = 0") + &gate("fairness.impact_ratio", "at_least = 0");
        assert_eq!(states(&policy), [State::NotMeasured, State::NotMeasured]);
        assert!(!State::NotMeasured.is_met());
        let rows = gate("rows", "at_least = 1\nuse = \"low\"");
        assert_eq!(states(&rows), [State::NotMeasured]);
    }

    #[test]
    fn json_is_read_as_toml_is() {
        let json = r#"{"gates": [{"metric": "rows", "at_least": 100, "title": "Enough people"}]}"#;
        let outcomes = Policy::parse(json).unwrap().judge(&facts());
        assert_eq!(outcomes[0].state, State::Pass);
        assert_eq!(
            outcomes[0].line(),
            "pass: Enough people 100.0000 (at least 100), n 100"
        );
    }

    #[test]
    fn a_policy_that_would_let_everything_pass_is_refused() {
        for policy in ["", "gate = []", "[[gate]]\nmetric = \"rows\"\natleast = 1", "{}"] {
            assert!(Policy::parse(policy).is_err(), "{policy}");
        }
        assert_eq!(Policy::parse("gate = []"), Err(Wrong::NoGates));
        for bound in ["", "at_least = nan", "at_least = 1\nat_most = 2"] {
            let wrong = Policy::parse(&gate("rows", bound));
            assert_eq!(wrong, Err(Wrong::Bound("rows".into())), "{bound}");
        }
    }
}
