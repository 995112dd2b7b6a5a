//! What runs where, what ran when, and the newest executions.
use super::{drawing::drawing, ordered, status};
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        ButtonLink, Cell, Chip, Column, EmptyState, Gap, Lanes, PageHead, Pagination, Panel, RowHead,
        Section, Stack, Table, When, Who, number::counted, time,
    },
};
use domain::{
    deployment::State,
    view::deployment::{Board, Row},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;

#[server]
pub async fn read_board(before: Option<i64>) -> Result<Board, Problem> {
    crate::ssr::as_actor(
        |portal, actor| async move { backend::deployment::board(&portal, &actor, before).await },
    )
    .await
}

/// What the address says: one model or all, how far back, and before which execution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    model: Option<String>,
    days: Option<i64>,
    before: Option<i64>,
}

const PERIODS: [(i64, &str); 3] = [(30, "30 days"), (120, "4 months"), (365, "1 year")];

impl Asked {
    fn here() -> Self {
        let query = use_query_map().get_untracked();
        let days = query.get("days").and_then(|days| days.parse().ok());
        Self {
            model: query.get("model").filter(|model| !model.is_empty()),
            days: days.filter(|days| PERIODS.iter().any(|(known, _)| known == days)),
            before: query.get("before").and_then(|before| before.parse().ok()),
        }
    }

    /// Model names need no escaping: they are lower-case letters, digits and hyphens.
    fn address(&self) -> String {
        let plain = |name: &&String| {
            name.bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let model = self
            .model
            .as_ref()
            .filter(plain)
            .map(|model| format!("model={model}"));
        let days = self.days.map(|days| format!("days={days}"));
        let before = self.before.map(|before| format!("before={before}"));
        let parts: Vec<_> = [model, days, before].into_iter().flatten().collect();
        if parts.is_empty() {
            "/deployments".to_owned()
        } else {
            format!("/deployments?{}", parts.join("&"))
        }
    }

    fn shows(&self, row: &Row) -> bool {
        self.model
            .as_ref()
            .is_none_or(|model| row.model.as_str() == model)
    }
}

#[component]
pub fn DeploymentsPage() -> impl IntoView {
    let asked = Asked::here();
    page(
        read_board(asked.before),
        |_| "Deployments".to_owned(),
        move |board| show(board, asked),
    )
}

fn show(board: Board, asked: Asked) -> AnyView {
    if board.live.is_empty() && board.recent.is_empty() && asked.before.is_none() {
        let action = view! { <ButtonLink href="/releases">"See the releases"</ButtonLink> };
        return view! {
            <Stack>
                <PageHead title="Deployments"/>
                <EmptyState title="Nothing has been deployed yet" action>
                    "When a release is approved, its engineer deploys it from its page: the portal issues a permit, the target acts, and each step is shown here."
                </EmptyState>
            </Stack>
        }
        .into_any();
    }
    let (lead, chips, lanes) = (lead(&board), chips(&board, &asked), lanes(&board, &asked));
    view! {
        <Stack gap=Gap::Wide>
            <Stack>
                <PageHead title="Deployments" lead/>
                {chips}
            </Stack>
            {lanes}
            {live(&board, &asked)}
            {recent(&board, &asked)}
        </Stack>
    }
    .into_any()
}

/// "german-credit 14", on one line.
fn version(row: &Row) -> AnyView {
    view! { <span class="nowrap">{format!("{} {}", row.model, row.number)}</span> }.into_any()
}

/// What runs, in one sentence, and what needs a look.
fn lead(board: &Board) -> String {
    let mut places: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for row in &board.live {
        places
            .entry(format!("{} {}", row.model, row.number))
            .or_default()
            .push(row.environment.as_str());
    }
    let runs = match places.len() {
        0 => "Nothing runs at the moment.".to_owned(),
        1..=3 => {
            let versions = places
                .iter()
                .map(|(version, places)| format!("{version} runs in {}", places.join(" and ")));
            versions.collect::<Vec<_>>().join(", ") + "."
        }
        count => format!(
            "{count} versions run in {}.",
            counted(board.live.len() as u64, "place", "places")
        ),
    };
    let at_work = board.recent.iter().filter(|row| !row.state.is_over()).count() as u64;
    match at_work {
        0 => runs,
        1 => format!("{runs} One deployment is at work."),
        count => format!("{runs} {count} deployments are at work."),
    }
}

fn chips(board: &Board, asked: &Asked) -> AnyView {
    let mut models: Vec<_> = board
        .live
        .iter()
        .chain(&board.recent)
        .map(|row| row.model.to_string())
        .collect();
    models.sort();
    models.dedup();
    let to = |model: Option<String>, days: Option<i64>| {
        Asked {
            model,
            days,
            before: asked.before,
        }
        .address()
    };
    let one = (models.len() > 1 || asked.model.is_some()).then(|| {
        let all = view! { <Chip href=to(None, asked.days) current=asked.model.is_none()>"All models"</Chip> };
        let each = models
            .into_iter()
            .map(|model| {
                let current = asked.model.as_ref() == Some(&model);
                view! { <Chip href=to(Some(model.clone()), asked.days) current>{model}</Chip> }
            })
            .collect_view();
        view! { <nav class="row" aria-label="Models">{all} {each}</nav> }
    });
    let whole = view! { <Chip href=to(asked.model.clone(), None) current=asked.days.is_none()>"As far as shown"</Chip> };
    let periods = PERIODS
        .map(|(days, words)| {
            view! { <Chip href=to(asked.model.clone(), Some(days)) current=asked.days == Some(days)>{words}</Chip> }
        })
        .into_iter()
        .collect_view();
    view! { <div class="row" data-gap="wide">{one} <nav class="row" aria-label="Period">{whole} {periods}</nav></div> }.into_any()
}

fn lanes(board: &Board, asked: &Asked) -> AnyView {
    let Some((period, lanes)) = drawing(board, asked.model.as_deref(), asked.days, now()) else {
        return view! {
            <Panel title="What ran when">
                <EmptyState title="Nothing ran in this period">"Choose a longer period, or another model."</EmptyState>
            </Panel>
        }
        .into_any();
    };
    let since = time::date(period.from);
    let label = format!("Versions per environment from {since} until today. The tables below say the same.");
    view! {
        <Panel title="What ran when" note=format!("{since} to today, UTC")>
            <Lanes label period lanes/>
        </Panel>
    }
    .into_any()
}

fn live(board: &Board, asked: &Asked) -> AnyView {
    let rows: Vec<_> = board
        .live
        .iter()
        .filter(|row| asked.shows(row))
        .cloned()
        .collect();
    if rows.is_empty() {
        return view! {
            <Section title="What runs now">
                <p class="muted">"Nothing runs at the moment."</p>
            </Section>
        }
        .into_any();
    }
    let columns = ["Version", "Where", "Since", "Endpoint", "Release"]
        .map(Column::new)
        .to_vec();
    let rows = rows.into_iter().map(live_row).collect_view();
    view! {
        <Section title="What runs now">
            <Panel><Table label="What runs now" columns>{rows}</Table></Panel>
        </Section>
    }
    .into_any()
}

fn live_row(row: Row) -> AnyView {
    let version = version(&row);
    let since = row.finished_at.unwrap_or(row.requested_at);
    let endpoint = match row.endpoint {
        Some(endpoint) => view! { <code>{endpoint}</code> }.into_any(),
        None => view! { <span class="faint">"Not named by the target"</span> }.into_any(),
    };
    view! {
        <tr>
            <RowHead href=format!("/deployments/{}", row.id)>{version}</RowHead>
            <Cell label="Where">{row.environment.to_string()}</Cell>
            <Cell label="Since"><When at=since now=now()/></Cell>
            <Cell label="Endpoint">{endpoint}</Cell>
            <Cell label="Release"><a href=format!("/releases/{}", row.release)>{row.release.to_string()}</a></Cell>
        </tr>
    }
    .into_any()
}

fn recent(board: &Board, asked: &Asked) -> AnyView {
    let columns = ["Version", "Where", "What happened", "By", "When", "Now"]
        .map(Column::new)
        .to_vec();
    let shown: Vec<_> = board
        .recent
        .iter()
        .filter(|row| asked.shows(row))
        .cloned()
        .collect();
    let summary = match (shown.len(), board.recent.len()) {
        (shown, all) if shown == all => counted(all as u64, "execution", "executions"),
        (shown, all) => format!(
            "{shown} of {all} executions are of {}",
            asked.model.as_deref().unwrap_or_default()
        ),
    };
    let newer = asked.before.map(|_| {
        Asked {
            before: None,
            ..asked.clone()
        }
        .address()
    });
    let older = board.next.map(|before| {
        Asked {
            before: Some(before),
            ..asked.clone()
        }
        .address()
    });
    let rows = shown.into_iter().map(recent_row).collect_view();
    view! {
        <Section title="Executions" note="Newest first">
            <Panel>
                <Table label="Executions" columns>{rows}</Table>
                <Pagination summary newer older words=("Newest", "Older")/>
            </Panel>
        </Section>
    }
    .into_any()
}

fn recent_row(row: Row) -> AnyView {
    let version = version(&row);
    let what = match (row.state, row.outcome) {
        (State::Failed, Some(why)) => format!("{}, but: {why}", ordered(row.kind)),
        _ if row.reason.is_empty() => ordered(row.kind).to_owned(),
        _ => format!("{}: {}", ordered(row.kind), row.reason),
    };
    view! {
        <tr>
            <RowHead href=format!("/deployments/{}", row.id)>{version}</RowHead>
            <Cell label="Where">{row.environment.to_string()}</Cell>
            <Cell label="What happened">{what}</Cell>
            <Cell label="By"><Who name=row.requested_by.name/></Cell>
            <Cell label="When"><span class="nowrap"><When at=row.requested_at now=now()/></span></Cell>
            <Cell label="Now">{status(row.state)}</Cell>
        </tr>
    }
    .into_any()
}
