//! The rules of a policy and how each is met: worst first, each with its word and its owner.
use super::{Icon, Range, RangeMark, Words};
use leptos::prelude::*;

/// How a rule is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GateState {
    /// Met.
    Pass,
    /// Met, but narrowly or not for long.
    Near,
    /// Not met.
    Fail,
    /// Someone has to act.
    Wait,
    /// Not measured, or not needed here.
    Absent,
}

impl From<domain::policy::GateState> for GateState {
    fn from(state: domain::policy::GateState) -> Self {
        match state {
            domain::policy::GateState::Pass => Self::Pass,
            domain::policy::GateState::Near => Self::Near,
            domain::policy::GateState::Fail => Self::Fail,
            domain::policy::GateState::NotMeasured => Self::Absent,
        }
    }
}

impl From<domain::release::RuleState> for GateState {
    fn from(state: domain::release::RuleState) -> Self {
        match state {
            domain::release::RuleState::Pass => Self::Pass,
            domain::release::RuleState::Near => Self::Near,
            domain::release::RuleState::Fail => Self::Fail,
            domain::release::RuleState::Wait => Self::Wait,
        }
    }
}

impl GateState {
    /// The word beside the shape.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "Met",
            Self::Near => "Met, narrowly",
            Self::Fail => "Not met",
            Self::Wait => "Waiting",
            Self::Absent => "Not measured",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Near => "near",
            Self::Fail => "fail",
            Self::Wait => "wait",
            Self::Absent => "none",
        }
    }

    const fn icon(self) -> Icon {
        match self {
            Self::Pass => Icon::Pass,
            Self::Near => Icon::Warn,
            Self::Fail => Icon::Fail,
            Self::Wait => Icon::Wait,
            Self::Absent => Icon::Absent,
        }
    }
}

/// A list of [`Gate`]s; put it in a [`super::Panel`]. `wide` for the page of a release, not for a rail.
#[component]
pub fn GateList(#[prop(optional)] wide: bool, children: Children) -> impl IntoView {
    view! { <ul class="gates" data-wide=wide>{children()}</ul> }
}

/// One rule; the children are the measured detail: value, interval, n, or who was asked when.
#[component]
pub fn Gate(
    state: GateState,
    #[prop(into)] rule: String,
    /// The word: "Met, narrowly", "Waiting 3 hours".
    #[prop(into)]
    outcome: String,
    /// Who can meet it.
    #[prop(optional, into)]
    owner: Words,
    #[prop(optional_no_strip, into)] range: Option<Range>,
    children: Children,
) -> impl IntoView {
    view! {
        <li data-state=state.name()>
            {state.icon().view()}
            <div class="rule-cell">
                <p class="rule">{rule}</p>
                <p class="detail">{children()}</p>
            </div>
            {range.map(|range| view! { <RangeMark range/> })}
            <p class="outcome">
                <span class="word">{outcome}</span>
                {owner.0.map(|owner| view! { " " <span class="owner">"· " {owner}</span> })}
            </p>
        </li>
    }
}
