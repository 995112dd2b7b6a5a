//! How releases, and forms that were refused, are put in words; for the pages of reviews as well.
use crate::{
    problem::Problem,
    ui::{Badge, Icon, Tone},
};
use chrono::{DateTime, Utc};
use domain::{
    release::State,
    review,
    view::release::{Release, Row},
};
use leptos::prelude::*;

/// "credit-risk 14 to production".
pub fn what(row: &Row) -> String {
    format!("{} {} to {}", row.model, row.number, row.environment)
}

/// The state of a release in a list, as a badge.
pub fn state(row: &Row, now: DateTime<Utc>) -> AnyView {
    let (tone, words) = match row.state {
        State::Open => (Tone::Wait, "Under review"),
        State::Approved if row.approved_until.is_some_and(|until| until <= now) => {
            (Tone::Warn, "Approval lapsed")
        }
        State::Approved => (Tone::Ok, "Approved"),
        State::Refused => (Tone::Danger, "Refused"),
        State::Withdrawn => (Tone::Absent, "Withdrawn"),
    };
    view! { <Badge tone>{words}</Badge> }.into_any()
}

/// The same on its own page, where it is known what an open one waits for.
pub fn state_of(release: &Release, now: DateTime<Utc>) -> AnyView {
    let is_open = release.row.state == State::Open;
    if is_open && release.rules.iter().all(|rule| rule.state.is_met()) {
        return view! { <Badge tone=Tone::Wait>"Waits for countersignature"</Badge> }.into_any();
    }
    state(&release.row, now)
}

/// How a review stands, as a badge.
pub fn reviewed(state: review::State) -> AnyView {
    let (tone, icon) = match state {
        review::State::Open => (Tone::Wait, Icon::Wait),
        review::State::Approved => (Tone::Ok, Icon::Pass),
        review::State::Conditional => (Tone::Warn, Icon::Flag),
        review::State::Changes => (Tone::Warn, Icon::Back),
        review::State::Rejected => (Tone::Danger, Icon::Fail),
    };
    view! { <Badge tone icon>{state.words()}</Badge> }.into_any()
}

/// What is wrong with a field of a form.
pub fn wrong(problem: Option<&Problem>, field: &str) -> Option<String> {
    problem.and_then(|problem| problem.of(field))
}

/// A password that was not the right one is said beside its field as well.
pub fn wrong_password(problem: Option<&Problem>) -> Option<String> {
    matches!(
        problem,
        Some(Problem::Refused(
            domain::Refusal::WrongPassword | domain::Refusal::WrongCredentials
        ))
    )
    .then(|| "This is not your password. Type it again.".to_owned())
}

/// "ethics reviewer, engineer and manager", each once.
pub fn owners<'a>(owners: impl IntoIterator<Item = &'a str>) -> String {
    let mut once: Vec<&str> = Vec::new();
    for owner in owners {
        if !once.contains(&owner) {
            once.push(owner);
        }
    }
    match once.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_named_once_and_as_one_would_say_it() {
        assert_eq!(owners(["engineer", "engineer"]), "engineer");
        assert_eq!(
            owners(["ethics reviewer", "engineer", "ethics reviewer", "manager"]),
            "ethics reviewer, engineer and manager"
        );
        assert_eq!(owners([]), "nobody");
    }
}
