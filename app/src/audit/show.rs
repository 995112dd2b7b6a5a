//! The page of the log: what it proves, what is looked for, and its entries by day.
use super::{entry, filter, proof};
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        ButtonLink, DayHead, EmptyState, Icon, Jump, PageHead, Pagination, Panel, Stack, WithRail,
        number::thousands, time,
    },
};
use chrono::{DateTime, Utc};
use domain::view::audit::{Entry, Filter, Log};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn read_audit(filter: Filter) -> Result<Log, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::audit::log(&portal, &actor, &filter).await })
        .await
}

#[component]
pub fn AuditPage() -> impl IntoView {
    let filter = filter::from_address(&use_query_map().get_untracked());
    page(
        read_audit(filter.clone()),
        |_| "Audit".to_owned(),
        move |log| show(log, filter),
    )
}

fn show(log: Log, asked: Filter) -> impl IntoView {
    let now = now();
    let (alarm, proof) = (proof::alarm(&log), proof::proof(&log, now));
    let rail = view! { {filter::form(&asked)} {filter::often()} };
    let (exports, chips) = (exports(&asked), filter::chips(&asked));
    view! {
        <Stack>
            <PageHead
                title="Audit"
                lead="Every change, one sentence each. Nothing here can be edited or removed."
                action=exports
            />
            {alarm}
            {proof}
            <WithRail rail rail_label="Filters">
                <Stack>
                    {chips}
                    {entries(log, &asked, now)}
                    <Jump href="#filter">"Narrow down"</Jump>
                </Stack>
            </WithRail>
        </Stack>
    }
}

/// The selection as files, whole: an export knows no pages.
fn exports(asked: &Filter) -> AnyView {
    let whole = Filter {
        before: String::new(),
        ..asked.clone()
    };
    let file = |name: &str| filter::address(&format!("/{name}"), &whole);
    view! {
        <div class="row">
            <ButtonLink href=file("audit.csv") icon=Icon::Download download="audit.csv">"Export as CSV"</ButtonLink>
            <ButtonLink href=file("audit.json") icon=Icon::Download download="audit.json">"Export as JSON"</ButtonLink>
        </div>
    }
    .into_any()
}

fn entries(log: Log, asked: &Filter, now: DateTime<Utc>) -> AnyView {
    if log.entries.is_empty() {
        let action = view! { <ButtonLink href="/audit">"Show all entries"</ButtonLink> };
        return view! {
            <Panel>
                <EmptyState title="No entry matches" action>
                    "Take off a filter, or look in another time. Days are YYYY-MM-DD; a release is its number."
                </EmptyState>
            </Panel>
        }
        .into_any();
    }
    let summary = summary(&log.entries);
    let newer = (!asked.before.is_empty()).then(|| {
        filter::address(
            "/audit",
            &Filter {
                before: String::new(),
                ..asked.clone()
            },
        )
    });
    let older = log.next.map(|before| {
        filter::address(
            "/audit",
            &Filter {
                before: before.to_string(),
                ..asked.clone()
            },
        )
    });
    let days = log
        .entries
        .chunk_by(|one, next| one.at.date_naive() == next.at.date_naive())
        .map(|day| day_of(day, now, &log.key))
        .collect_view();
    view! {
        <Panel>
            {days}
            <Pagination summary newer older words=("Newest", "Older")/>
        </Panel>
    }
    .into_any()
}

/// "Entries 120 to 71".
fn summary(entries: &[Entry]) -> String {
    let number = |entry: Option<&Entry>| {
        thousands(
            entry
                .and_then(|entry| u64::try_from(entry.seq).ok())
                .unwrap_or_default(),
        )
    };
    match entries {
        [one] => format!("Entry {}", number(Some(one))),
        many => format!(
            "{} shown, entries {} to {}",
            many.len(),
            number(many.first()),
            number(many.last())
        ),
    }
}

fn day_of(day: &[Entry], now: DateTime<Utc>, key: &str) -> AnyView {
    let head = day.first().map(|entry| {
        let note = format!("{} shown", day.len());
        view! { <DayHead day=time::day_of(entry.at, now) note/> }
    });
    let rows = day
        .iter()
        .cloned()
        .map(|entry| entry::row(entry, key))
        .collect_view();
    view! { {head} {rows} }.into_any()
}
