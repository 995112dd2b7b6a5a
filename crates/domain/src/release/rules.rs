//! How each rule of the frozen policy stands, and who can meet it.
use super::Release;
use crate::{actor::Discipline, policy::Outcome, review, written::day};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One rule of the policy, and how it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub title: String,
    pub detail: String,
    pub state: RuleState,
    /// Who can meet it.
    pub owner: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleState {
    Pass,
    Near,
    Fail,
    Wait,
}

impl RuleState {
    pub fn is_met(self) -> bool {
        matches!(self, Self::Pass | Self::Near)
    }
}

impl Release {
    /// Every rule but the countersignature itself, in the order in which people meet them.
    pub fn rules_before_countersignature(&self, today: NaiveDate) -> Vec<Rule> {
        let mut rules: Vec<Rule> = self.gates.iter().map(gate_rule).collect();
        rules.extend(
            self.rules
                .evidence
                .iter()
                .map(|kind| self.evidence_rule(kind, today)),
        );
        rules.extend(
            self.rules
                .disciplines
                .iter()
                .map(|discipline| self.review_rule(discipline)),
        );
        rules.push(self.findings_rule());
        rules
    }

    fn evidence_rule(&self, kind: &str, today: NaiveDate) -> Rule {
        let title = format!("Evidence: {}", kind.replace('-', " "));
        let newest = self.dossier.evidence.iter().rev().find(|part| part.kind == kind);
        let (state, detail) = match newest {
            None => (
                RuleState::Wait,
                "Not there yet; add it on the version's page.".to_owned(),
            ),
            Some(part) => match part.expires_on {
                Some(last) if last < today => (
                    RuleState::Fail,
                    format!("“{}” expired on {}.", part.title, day(last)),
                ),
                Some(last) if last - today < chrono::TimeDelta::days(30) => (
                    RuleState::Near,
                    format!("“{}” expires soon, on {}.", part.title, day(last)),
                ),
                Some(last) => (
                    RuleState::Pass,
                    format!("“{}”, good until {}.", part.title, day(last)),
                ),
                None => (RuleState::Pass, format!("“{}”.", part.title)),
            },
        };
        Rule {
            title,
            detail,
            state,
            owner: "engineer".into(),
        }
    }

    fn review_rule(&self, discipline: &Discipline) -> Rule {
        let state = self
            .reviews
            .iter()
            .find(|(of, _)| of == discipline)
            .map_or(review::State::Open, |(_, state)| *state);
        let (rule, detail) = match state {
            review::State::Open => (RuleState::Wait, "Not decided yet."),
            review::State::Approved => (RuleState::Pass, "Approved."),
            review::State::Conditional => (RuleState::Near, "Approved with conditions."),
            review::State::Changes => (
                RuleState::Wait,
                "Changes were asked for; a new evaluation or evidence re-opens the review.",
            ),
            review::State::Rejected => (RuleState::Fail, "Rejected."),
        };
        let owner = if state == review::State::Changes {
            "engineer".into()
        } else {
            format!("{discipline} reviewer")
        };
        Rule {
            title: format!("{} review", discipline.title()),
            detail: detail.into(),
            state: rule,
            owner,
        }
    }

    fn findings_rule(&self) -> Rule {
        let open = self.findings.iter().filter(|finding| finding.blocks()).count();
        let (state, detail) = match open {
            0 => (RuleState::Pass, "None open that would stop it.".to_owned()),
            1 => (
                RuleState::Fail,
                "One major or critical finding is open.".to_owned(),
            ),
            n => (
                RuleState::Fail,
                format!("{n} major or critical findings are open."),
            ),
        };
        Rule {
            title: "Findings are closed".into(),
            detail,
            state,
            owner: "whoever raised them".into(),
        }
    }
}

fn gate_rule(gate: &Outcome) -> Rule {
    use crate::policy::GateState;
    let state = match gate.state {
        GateState::Pass => RuleState::Pass,
        GateState::Near => RuleState::Near,
        GateState::Fail => RuleState::Fail,
        GateState::NotMeasured => RuleState::Wait,
    };
    Rule {
        title: gate.title.clone(),
        detail: gate.detail.clone(),
        state,
        owner: "engineer".into(),
    }
}
