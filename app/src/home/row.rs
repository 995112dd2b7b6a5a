//! One release that waits, as a row of the inbox.
use crate::ui::*;
use chrono::{DateTime, Utc};
use domain::view::inbox::{Row, Task};
use leptos::prelude::*;

/// A row that waits for the reader: what they are to do with it, and the page where they do it.
pub fn mine(row: Row, reader: &str, now: DateTime<Utc>) -> AnyView {
    let (words, href) = match &row.task {
        Some(Task::Review(review, discipline)) => (
            format!("Yours to review for {discipline}"),
            format!("/reviews/{review}"),
        ),
        Some(Task::Countersign) => (
            "Yours to countersign".to_owned(),
            format!("/releases/{}#decision", row.release),
        ),
        Some(Task::Deploy) => (
            "Yours to deploy".to_owned(),
            format!("/releases/{}#deploy", row.release),
        ),
        Some(Task::SeeRollback(deployment)) => (
            "Yours to look at".to_owned(),
            format!("/deployments/{deployment}"),
        ),
        Some(Task::PutRight) | None => (
            "Yours to put right".to_owned(),
            format!("/releases/{}#rules", row.release),
        ),
    };
    let also = missing(&row)
        .into_iter()
        .filter(|owner| !is_readers(owner, row.task.as_ref()))
        .collect::<Vec<_>>();
    let also = (!also.is_empty()).then(|| format!("Also waits for {}", list(&also)));
    shown(row, href, words, vec![reader.to_owned()], also, now)
}

/// A row that waits for others.
pub fn others(row: Row, now: DateTime<Utc>) -> AnyView {
    let words = format!("Waits for {}", list(&missing(&row)));
    let href = format!("/releases/{}", row.release);
    shown(row, href, words, Vec::new(), None, now)
}

fn shown(
    row: Row,
    href: String,
    words: String,
    people: Vec<String>,
    also: Option<String>,
    now: DateTime<Utc>,
) -> AnyView {
    let asked = match row.task {
        Some(Task::Deploy) => "Approved ",
        Some(Task::SeeRollback(_)) => "Rolled back ",
        _ => "Waiting since ",
    };
    let is_rollback = matches!(row.task, Some(Task::SeeRollback(_)));
    let worst = match row.worst {
        Some(worst) => {
            let (measure, context) = worst.split_once(": ").unwrap_or((&worst, ""));
            Some(Worst {
                tone: Tone::Danger,
                measure: measure.to_owned(),
                change: None,
                context: context.to_owned(),
            })
        }
        None => (!is_rollback).then(|| Worst {
            tone: Tone::Absent,
            measure: "No rule of its policy fails".to_owned(),
            change: None,
            context: String::new(),
        }),
    };
    let aside = view! {
        <span>{asked} <When at=row.since now/></span>
        <Missing words people/>
        {also.map(|also| view! { <span>{also}</span> })}
    };
    let whither = format!("{} {}", if is_rollback { "in" } else { "to" }, row.environment);
    view! {
        <InboxRow href title=format!("{} {}", row.model, row.number) whither tier=row.tier.into() change=row.change worst aside/>
    }
    .into_any()
}

/// Who or what it waits for, each once.
fn missing(row: &Row) -> Vec<String> {
    let mut once: Vec<String> = Vec::new();
    for owner in &row.missing {
        if !once.contains(owner) {
            once.push(owner.clone());
        }
    }
    once
}

/// Whether the owner of an open rule is the chair that the reader fills here.
fn is_readers(owner: &str, task: Option<&Task>) -> bool {
    match task {
        Some(Task::Review(_, discipline)) => owner == format!("{discipline} reviewer"),
        Some(Task::Countersign | Task::SeeRollback(_)) => owner.starts_with("manager"),
        Some(Task::Deploy | Task::PutRight) => owner.starts_with("engineer"),
        None => false,
    }
}

/// "ethics reviewer, engineer and manager".
fn list(words: &[String]) -> String {
    match words {
        [] => "nobody".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn owners_are_listed_as_one_would_say_it() {
        let words = |words: &[&str]| list(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(words(&["manager"]), "manager");
        assert_eq!(
            words(&["ethics reviewer", "engineer", "manager"]),
            "ethics reviewer, engineer and manager"
        );
    }
}
