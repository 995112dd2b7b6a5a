//! What has a date within a month: approvals that lapse, evidence that expires, findings to put right.
use crate::{
    page::now,
    ui::{Due, DueList, EmptyState, Panel},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::view::inbox::Due as Dated;
use leptos::prelude::*;

/// Days from which on something is not yet pressing.
pub const SOON: i64 = 7;

/// Whole days from today.
pub fn days(on: NaiveDate, now: DateTime<Utc>) -> i64 {
    (on - now.date_naive()).num_days()
}

pub fn panel(dates: Vec<Dated>) -> AnyView {
    let now = now();
    let list = if dates.is_empty() {
        view! { <EmptyState title="Nothing due">"No approval, evidence or finding has a date within 30 days."</EmptyState> }.into_any()
    } else {
        let list = dates.into_iter().map(|due| line(due, now)).collect_view();
        view! { <DueList>{list}</DueList> }.into_any()
    };
    view! { <Panel title="Due soon" id="due">{list}</Panel> }.into_any()
}

fn line(due: Dated, now: DateTime<Utc>) -> AnyView {
    let days = days(due.on, now);
    let words = match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    };
    let on = due.on.to_string();
    let when = view! { <time datetime=on.clone() title=on.clone()>{words}</time> };
    let title = view! { <a href=due.link>{due.what}</a> };
    view! { <Due when soon={days <= SOON} title note=due.on.format("%-d %B %Y").to_string()/> }.into_any()
}
