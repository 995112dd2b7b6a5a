//! How releases, and forms that were refused, are put in words; for the pages of reviews as well.
use crate::{
    problem::Problem,
    ui::{Badge, Icon, Tone, time},
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

/// How a rule is met, and for how long someone has had to meet it: "Waiting, 3 hours".
pub fn waited(word: &str, since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    match since {
        Some(since) => format!("{word}, {}", time::span(now - since)),
        None => word.to_owned(),
    }
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

/// "engineer, ethics and compliance reviewers": each once, reviewers together.
pub fn owners<'a>(owners: impl IntoIterator<Item = &'a str>) -> String {
    let (mut disciplines, mut others): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
    for owner in owners {
        match owner.strip_suffix(" reviewer") {
            Some(discipline) if disciplines.contains(&discipline) => {}
            Some(discipline) => disciplines.push(discipline),
            None if others.iter().any(|other| other == owner) => {}
            None => others.push(owner.to_owned()),
        }
    }
    match disciplines.as_slice() {
        [] => listed(&others),
        [one] => {
            others.push(format!("{one} reviewer"));
            listed(&others)
        }
        several if others.is_empty() => format!("{} reviewers", listed(several)),
        several => format!("{}, {} reviewers", others.join(", "), listed(several)),
    }
}

/// "a, b and c".
fn listed<S: AsRef<str>>(words: &[S]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The first sentence, or as much of it as a row of a list holds.
pub fn first_sentence(text: &str) -> String {
    const LONGEST: usize = 110;
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    let sentence = text.get(..end).unwrap_or(text);
    if sentence.chars().count() <= LONGEST {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(LONGEST).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{words} …")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_are_named_once_and_as_one_would_say_it() {
        assert_eq!(owners(["engineer", "engineer"]), "engineer");
        let both = [
            "engineer",
            "ethics reviewer",
            "compliance reviewer",
            "ethics reviewer",
        ];
        assert_eq!(owners(both), "engineer, ethics and compliance reviewers");
        assert_eq!(
            owners(["manager", "ethics reviewer"]),
            "manager and ethics reviewer"
        );
        assert_eq!(owners([]), "nobody");
    }

    #[test]
    fn a_row_holds_the_first_sentence() {
        assert_eq!(first_sentence("Retrained. And more."), "Retrained.");
        let long = "word ".repeat(40);
        assert!(first_sentence(&long).ends_with("word …"));
        assert!(first_sentence(&long).chars().count() <= 112);
    }
}
