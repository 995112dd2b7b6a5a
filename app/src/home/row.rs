//! One release that waits, as a row of the inbox.
use crate::{
    release::{figure::named, words::owners},
    ui::{InboxRow, Missing, Tone, Unit, When, Worst, number},
};
use chrono::{DateTime, Utc};
use domain::view::{
    evaluation::Change,
    inbox::{Row, Task},
};
use leptos::prelude::*;

/// A row that waits for the reader: what they are to do with it, and the page where they do it.
pub fn mine(row: Row, now: DateTime<Utc>) -> AnyView {
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
    let others: Vec<_> = row
        .missing
        .iter()
        .map(String::as_str)
        .filter(|owner| !is_readers(owner, row.task.as_ref()))
        .collect();
    let also = (!others.is_empty()).then(|| format!("Also waits for {}", owners(others)));
    shown(row, href, words, also, now)
}

/// A row that waits for others.
pub fn others(row: Row, now: DateTime<Utc>) -> AnyView {
    let words = format!("Waits for {}", owners(row.missing.iter().map(String::as_str)));
    let href = format!("/releases/{}", row.release);
    shown(row, href, words, None, now)
}

fn shown(row: Row, href: String, words: String, also: Option<String>, now: DateTime<Utc>) -> AnyView {
    let asked = match row.task {
        Some(Task::Deploy) => "Approved ",
        Some(Task::SeeRollback(_)) => "Rolled back ",
        _ => "Asked ",
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
        None if is_rollback => None,
        None => Some(row.regression.map_or_else(none_worse, regression)),
    };
    let aside = view! {
        <span>{asked} <When at=row.since now/></span>
        <Missing words people=Vec::new()/>
        {also.map(|also| view! { <span>{also}</span> })}
    };
    let whither = format!("{} {}", if is_rollback { "in" } else { "to" }, row.environment);
    view! {
        <InboxRow href title=format!("{} {}", row.model, row.number) whither tier=row.tier.into() change=row.change worst aside/>
    }
    .into_any()
}

fn regression(change: Change) -> Worst {
    let unit = Unit::of_fact(&change.now.id);
    let written =
        |value: Option<f64>| value.map_or_else(|| "not measured".to_owned(), |value| unit.write(value));
    Worst {
        tone: Tone::Warn,
        measure: named(&change.now),
        change: Some(format!(
            "{} → {}",
            written(change.before),
            written(change.now.value)
        )),
        context: number::sample(change.now.n),
    }
}

fn none_worse() -> Worst {
    Worst {
        tone: Tone::Absent,
        measure: "No rule of its policy fails, and no measure got clearly worse".to_owned(),
        change: None,
        context: String::new(),
    }
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
