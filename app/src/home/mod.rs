//! Home: what waits for whom, what is due, and what runs where.
mod due;
mod row;
mod running;

use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        EmptyState, Gap, Inbox, PageHead, Panel, Section, Stack, Tab, Tabs, WithRail, number::thousands, time,
    },
};
use domain::view::inbox::{Inbox as Found, Task};
use leptos::prelude::*;

#[server]
pub async fn read_inbox() -> Result<Found, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::inbox::inbox(&portal, &actor).await }).await
}

#[component]
pub fn HomePage() -> impl IntoView {
    page(read_inbox(), |_| "Home".to_owned(), show)
}

fn show(found: Found) -> impl IntoView {
    let title = title(&found);
    let lead = lead(&found);
    let counts = [
        count(found.on_me.len()),
        found.others,
        count(found.due_soon.len()),
    ];
    let tabs = vec![
        Tab::new("Waiting on me", "#mine").count(counts[0]).current(true),
        Tab::new("Waiting on others", "#others").count(counts[1]),
        Tab::new("Due soon", "#due").count(counts[2]),
    ];
    let running = running::section(&found);
    view! {
        <Stack>
            <PageHead title lead/>
            <Tabs label="Inbox" tabs/>
            <Stack gap=Gap::Wide>
            <WithRail rail=due::panel(found.due_soon) rail_label="Dates">
                {mine(found.on_me)} {others(found.on_others, found.others)}
            </WithRail>
            {running}
            </Stack>
        </Stack>
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// What a colleague would say: "Three releases wait for you".
fn title(found: &Found) -> String {
    match found.on_me.as_slice() {
        [] => "Nothing waits for you".to_owned(),
        [row] => match &row.task {
            Some(Task::SeeRollback(_)) => format!("A rollback of {} waits for your look", row.model),
            Some(Task::Deploy) => format!("{} {} is approved and waits for you", row.model, row.number),
            _ => format!("{} {} waits for you", row.model, row.number),
        },
        rows => {
            let decisions = |task: &Option<Task>| matches!(task, Some(Task::Review(..) | Task::Countersign));
            let what = if rows.iter().all(|row| decisions(&row.task)) {
                "your decision"
            } else {
                "you"
            };
            format!("{} releases wait for {what}", in_words(rows.len()))
        }
    }
}

fn lead(found: &Found) -> String {
    let now = now();
    let oldest = found.on_me.iter().map(|row| row.since).min();
    let waited = match (oldest, found.others) {
        (Some(since), _) if found.on_me.len() > 1 => {
            format!("The oldest came {}.", time::relative(since, now))
        }
        (Some(since), _) => format!("It came {}.", time::relative(since, now)),
        (None, 0) => "Nothing waits for anyone else either.".to_owned(),
        (None, 1) => "One release waits for someone else.".to_owned(),
        (None, others) => format!(
            "{} releases wait for others.",
            in_words(usize::try_from(others).unwrap_or(usize::MAX))
        ),
    };
    let soon = found
        .due_soon
        .iter()
        .filter(|due| due::days(due.on, now) <= due::SOON)
        .count();
    match soon {
        0 => waited,
        1 => format!("{waited} One thing is due within a week."),
        soon => format!("{waited} {} things are due within a week.", in_words(soon)),
    }
}

/// A small number as it begins a sentence.
fn in_words(count: usize) -> String {
    const WORDS: [&str; 12] = [
        "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
    ];
    let word = count.checked_sub(1).and_then(|at| WORDS.get(at));
    word.map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

fn mine(rows: Vec<domain::view::inbox::Row>) -> AnyView {
    let now = now();
    let list = if rows.is_empty() {
        view! {
            <EmptyState title="You are up to date">
                "Reviews, countersignatures and changes that are yours to make appear here as soon as they are."
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = rows.into_iter().map(|row| row::mine(row, now)).collect_view();
        view! { <Inbox>{rows}</Inbox> }.into_any()
    };
    view! {
        <section id="mine" aria-label="Waiting on me">
            <Panel>{list}</Panel>
        </section>
    }
    .into_any()
}

fn others(rows: Vec<domain::view::inbox::Row>, all: u64) -> AnyView {
    let now = now();
    let shown = count(rows.len());
    let rest = (shown < all).then(|| {
        let words = format!("The newest {} of {}. ", thousands(shown), thousands(all));
        view! { <p class="small muted">{words} <a href="/releases">"All releases"</a></p> }
    });
    let list = if rows.is_empty() {
        view! {
            <EmptyState title="No release waits for anyone else">
                "Releases that others have to review, put right or deploy are listed here."
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = rows.into_iter().map(|row| row::others(row, now)).collect_view();
        view! { <Inbox>{rows}</Inbox> }.into_any()
    };
    view! {
        <Section title="Waiting on others" note="Each says whom or what it waits for." id="others">
            <Panel>{list}</Panel>
            {rest}
        </Section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn small_numbers_are_words() {
        assert_eq!(in_words(1), "One");
        assert_eq!(in_words(12), "Twelve");
        assert_eq!(in_words(13), "13");
    }
}
