//! What runs where, what ran when, and the newest executions.
use super::{
    drawing::{LANES, drawing},
    ordered, status,
};
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        Button, ButtonLink, Cell, Chip, Column, Disclosure, EmptyState, Filters, Gap, Icon, Lanes, PageHead,
        Pagination, Panel, Period, RowHead, Section, Size, Slot, Stack, Table, When, Who,
        number::{counted, thousands},
        time,
    },
};
use domain::{
    deployment::State,
    model::ModelName,
    view::deployment::{Approval, Board, Row},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;

#[server]
pub async fn read_board(model: Option<ModelName>, before: Option<i64>) -> Result<Board, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::deployment::board(&portal, &actor, model.as_ref(), before).await
    })
    .await
}

/// What the address says: one model or all, how far back, and before which execution.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    model: Option<ModelName>,
    days: Option<i64>,
    before: Option<i64>,
}

/// Models to choose from by a click; of more than these, one is looked for by name.
const CHIPS: usize = 8;
const PERIODS: [(i64, &str); 3] = [(30, "30 days"), (120, "4 months"), (365, "1 year")];

impl Asked {
    fn here() -> Self {
        let query = use_query_map().get_untracked();
        let days = query.get("days").and_then(|days| days.parse().ok());
        Self {
            model: query.get("model").and_then(|model| model.trim().parse().ok()),
            days: days.filter(|days| PERIODS.iter().any(|(known, _)| known == days)),
            before: query.get("before").and_then(|before| before.parse().ok()),
        }
    }

    /// Model names need no escaping: they are lower-case letters, digits and hyphens.
    fn address(&self) -> String {
        let model = self.model.as_ref().map(|model| format!("model={model}"));
        let days = self.days.map(|days| format!("days={days}"));
        let before = self.before.map(|before| format!("before={before}"));
        let parts: Vec<_> = [model, days, before].into_iter().flatten().collect();
        if parts.is_empty() {
            "/deployments".to_owned()
        } else {
            format!("/deployments?{}", parts.join("&"))
        }
    }
}

#[component]
pub fn DeploymentsPage() -> impl IntoView {
    let asked = Asked::here();
    page(
        read_board(asked.model.clone(), asked.before),
        |_| "Deployments".to_owned(),
        move |board| show(board, asked),
    )
}

fn show(board: Board, asked: Asked) -> AnyView {
    if board.live.is_empty() && board.recent.is_empty() && asked.before.is_none() && asked.model.is_none() {
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
    let (lead, choice, lanes) = (lead(&board), choice(&board, &asked), lanes(&board, &asked));
    view! {
        <Stack gap=Gap::Wide>
            <Stack>
                <PageHead title="Deployments" lead/>
                {choice}
            </Stack>
            {lanes}
            {live(&board)}
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
            counted(board.running, "place", "places")
        ),
    };
    let at_work = board.recent.iter().filter(|row| !row.state.is_over()).count() as u64;
    match at_work {
        0 => runs,
        1 => format!("{runs} One deployment is at work."),
        count => format!("{runs} {count} deployments are at work."),
    }
}

/// Which model, and how far back.
fn choice(board: &Board, asked: &Asked) -> AnyView {
    let to = |model: Option<ModelName>, days: Option<i64>| {
        Asked {
            model,
            days,
            before: None,
        }
        .address()
    };
    let whole = view! { <Chip href=to(asked.model.clone(), None) current=asked.days.is_none()>"As far as shown"</Chip> };
    let periods = PERIODS
        .map(|(days, words)| {
            view! { <Chip href=to(asked.model.clone(), Some(days)) current=asked.days == Some(days)>{words}</Chip> }
        })
        .into_iter()
        .collect_view();
    let days = asked
        .days
        .map(|days| view! { <input type="hidden" name="days" value=days.to_string()/> });
    let all = asked
        .model
        .is_some()
        .then(|| view! { <Chip href=to(None, asked.days)>"All models"</Chip> });
    let models = some_models(board, asked);
    let is_choice = models.len() > 1 || asked.model.is_some();
    let each = models
        .into_iter()
        .filter(|_| is_choice)
        .map(|model| {
            let current = asked.model.as_ref() == Some(&model);
            let name = model.to_string();
            view! { <Chip href=to(Some(model), asked.days) current>{name}</Chip> }
        })
        .collect_view();
    let model = asked.model.as_ref().map(ToString::to_string).unwrap_or_default();
    view! {
        <Filters action="/deployments" name="model" placeholder="A model's name" query=model>
            {days}
            <Button size=Size::Small icon=Icon::Filter>"Show"</Button>
            <nav class="row" aria-label="Models">{all} {each}</nav>
            <nav class="row" aria-label="Period">{whole} {periods}</nav>
        </Filters>
    }
    .into_any()
}

/// The models of the newest executions, in order of their names.
fn some_models(board: &Board, asked: &Asked) -> Vec<ModelName> {
    let mut models: Vec<ModelName> = asked.model.iter().cloned().collect();
    for row in board.recent.iter().chain(&board.live) {
        if models.len() < CHIPS && !models.contains(&row.model) {
            models.push(row.model.clone());
        }
    }
    models.sort_by(|a, b| a.as_str().cmp(b.as_str()));
    models
}

fn lanes(board: &Board, asked: &Asked) -> AnyView {
    let Some((period, mut lanes)) = drawing(board, asked.days, now()) else {
        return view! {
            <Panel title="What ran when">
                <EmptyState title="Nothing ran in this period">"Choose a longer period, or another model."</EmptyState>
            </Panel>
        }
        .into_any();
    };
    let since = time::date(period.from);
    let label = format!("Versions per environment from {since} until today. The tables below say the same.");
    let approvals = approvals(board, period);
    let rest = lanes.len().checked_sub(LANES).filter(|rest| *rest > 0).map(|rest| {
        let words = counted(rest as u64, "more lane is", "more lanes are");
        view! { <p class="small muted">{format!("{words} not drawn; choose a model to see its own.")}</p> }
    });
    lanes.truncate(LANES);
    view! {
        <Panel title="What ran when" note=format!("{since} to today, UTC")>
            <Lanes label period lanes/>
            {rest}
            {approvals}
        </Panel>
    }
    .into_any()
}

/// What the pins of the lanes say.
fn approvals(board: &Board, period: Period) -> Option<AnyView> {
    let pinned: Vec<_> = board
        .approvals
        .iter()
        .filter(|one| one.at >= period.from)
        .cloned()
        .collect();
    if pinned.is_empty() {
        return None;
    }
    let summary = counted(pinned.len() as u64, "approval", "approvals") + " in this period";
    let columns = ["Version", "For", "Approved", "Release"]
        .map(Column::new)
        .to_vec();
    let rows = pinned
        .into_iter()
        .map(|Approval { release, model, number, environment, at }| {
            let version = format!("/models/{model}/versions/{number}");
            view! {
                <tr>
                    <RowHead href=version>{format!("{model} {number}")}</RowHead>
                    <Cell label="For">{environment.to_string()}</Cell>
                    <Cell label="Approved"><When at now=now()/></Cell>
                    <Cell label="Release"><a href=format!("/releases/{release}")>{release.to_string()}</a></Cell>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! { <div class="body"><Disclosure summary><Table label="Approvals" columns>{rows}</Table></Disclosure></div> }.into_any(),
    )
}

fn live(board: &Board) -> AnyView {
    if board.live.is_empty() {
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
    let rows = board.live.iter().cloned().map(live_row).collect_view();
    let shown = board.live.len() as u64;
    let note = (shown < board.running).then(|| {
        format!(
            "The newest {} of {}; choose a model to see its own.",
            thousands(shown),
            thousands(board.running)
        )
    });
    view! {
        <Section title="What runs now" note=Slot(note.map(IntoAny::into_any))>
            <Panel><Table label="What runs now" columns>{rows}</Table></Panel>
        </Section>
    }
    .into_any()
}

fn live_row(row: Row) -> AnyView {
    let version = version(&row);
    let trouble = row.trouble.is_some().then(|| status(&row));
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
            <Cell label="Endpoint">{endpoint} {trouble}</Cell>
            <Cell label="Release"><a href=format!("/releases/{}", row.release)>{row.release.to_string()}</a></Cell>
        </tr>
    }
    .into_any()
}

fn recent(board: &Board, asked: &Asked) -> AnyView {
    let columns = ["Version", "Where", "What happened", "By", "When", "Now"]
        .map(Column::new)
        .to_vec();
    let summary = counted(board.recent.len() as u64, "execution", "executions");
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
    let rows = board.recent.iter().cloned().map(recent_row).collect_view();
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
    let now_is = status(&row);
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
            <Cell label="Now">{now_is}</Cell>
        </tr>
    }
    .into_any()
}
