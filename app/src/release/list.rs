//! The list of releases, newest first, narrowed by state.
use super::words;
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        ButtonLink, Cell, Chip, Column, Day, EmptyState, PageHead, Pagination, Panel, RowHead, Slot, Stack,
        Status, Table, TierMark, Tone, When, number,
    },
};
use domain::{
    release::State,
    view::{Page, release::Row},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn read_releases(state: String, before: String) -> Result<Page<Row>, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::release::list(&portal, &actor, &state, before.parse().ok()).await
    })
    .await
}

#[component]
pub fn ReleasesPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let state = query
        .get("state")
        .filter(|state| STATES.iter().any(|(known, _)| known == state))
        .unwrap_or_default();
    let before = query.get("before").unwrap_or_default();
    let load = read_releases(state.clone(), before.clone());
    page(
        load,
        |_| "Releases".to_owned(),
        move |releases| show(releases, &state, &before),
    )
}

/// The states a list may be narrowed to, as in addresses and in words.
const STATES: [(&str, &str); 4] = [
    ("open", "Under review"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
];

fn address(state: &str, before: Option<&str>) -> String {
    let mut parts = Vec::new();
    if !state.is_empty() {
        parts.push(format!("state={state}"));
    }
    parts.extend(before.map(|before| format!("before={before}")));
    if parts.is_empty() {
        "/releases".to_owned()
    } else {
        format!("/releases?{}", parts.join("&"))
    }
}

fn show(releases: Page<Row>, state: &str, before: &str) -> AnyView {
    let chips = [("", "All")]
        .into_iter()
        .chain(STATES)
        .map(|(known, words)| view! { <Chip href=address(known, None) current={known == state}>{words}</Chip> })
        .collect_view();
    let newer = (!before.is_empty()).then(|| address(state, None));
    let older = releases.next.as_deref().map(|next| address(state, Some(next)));
    let summary = number::counted(
        u64::try_from(releases.rows.len()).unwrap_or(0),
        "release",
        "releases",
    );
    let pages = (newer.is_some() || older.is_some())
        .then(|| view! { <Pagination summary newer older words=("Newest", "Older")/> });
    let content = if releases.rows.is_empty() {
        empty(state)
    } else {
        table(releases.rows)
    };
    let lead = "Each is one version asked for in one environment, with all that people decided on it.";
    view! {
        <Stack>
            <PageHead title="Releases" lead/>
            <nav class="row" aria-label="State">{chips}</nav>
            <Panel>{content}</Panel>
            {pages}
        </Stack>
    }
    .into_any()
}

fn empty(state: &str) -> AnyView {
    let known = STATES.iter().find(|(known, _)| *known == state);
    let title = known.map_or_else(
        || "No release was asked for yet".to_owned(),
        |(_, words)| format!("No release is {} now", words.to_lowercase()),
    );
    view! {
        <EmptyState title action=view! { <ButtonLink href="/models">"See the models"</ButtonLink> }>
            "An engineer asks for a release on the page of a version that has been evaluated."
        </EmptyState>
    }
    .into_any()
}

fn table(rows: Vec<Row>) -> AnyView {
    let columns = ["Release", "Tier", "State", "Rules", "Asked"]
        .into_iter()
        .map(Column::new)
        .collect();
    let rows = rows.into_iter().map(line).collect_view();
    view! { <Table label="Releases" columns>{rows}</Table> }.into_any()
}

fn line(row: Row) -> AnyView {
    let now = now();
    let (href, title, tier) = (
        format!("/releases/{}", row.id),
        words::what(&row),
        row.tier.into(),
    );
    let until = row.approved_until.filter(|_| row.state == State::Approved);
    let note = until
        .map(|until| view! { "until " <Day at=until/> }.into_any())
        .map_or_else(Slot::default, Slot::from);
    let state = words::state(&row, now);
    let rules = match row.unmet {
        0 => view! { <Status tone=Tone::Ok>"All gates\u{a0}met"</Status> }.into_any(),
        1 => view! { <Status tone=Tone::Danger>"One gate not met"</Status> }.into_any(),
        unmet => view! { <Status tone=Tone::Danger>{format!("{unmet} gates not met")}</Status> }.into_any(),
    };
    view! {
        <tr>
            <RowHead href note=words::first_sentence(&row.reason)>{title}</RowHead>
            <Cell label="Tier">
                <TierMark tier/>
            </Cell>
            <Cell label="State" note>{state}</Cell>
            <Cell label="Rules">{rules}</Cell>
            <Cell label="Asked" note=view! { <span class="nowrap">{row.requested_by.name}</span> }>
                <span class="nowrap"><When at=row.requested_at now/></span>
            </Cell>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn everything_that_narrows_stands_in_the_address() {
        assert_eq!(address("", None), "/releases");
        assert_eq!(address("open", Some("12")), "/releases?state=open&before=12");
    }
}
