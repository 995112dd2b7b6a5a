//! One model: what it is for, where it stands, and all its versions.
use super::{new::meaning, row::marks};
use crate::{
    evaluation::over_time,
    page::{now, page},
    problem::Problem,
    ui::{
        Badge, Breadcrumb, ButtonLink, Card, Cell, Column, Digest, EmptyState, Fact, Facts, Icon, Moment,
        PageHead, Panel, RowHead, Section, Stack, Status, Table, TierMark, Timeline, Tone, Unit, When, Who,
        WithRail, button::Kind, number,
    },
};
use domain::{
    release::State,
    view::{
        audit::Entry,
        model::{Measured, Model, Row, VersionRow},
    },
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn read_model(model: String) -> Result<Model, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let name = model.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::model::page(&portal, &actor, &name).await
    })
    .await
}

#[component]
pub fn ModelPage() -> impl IntoView {
    let name = use_params_map().get_untracked().get("model").unwrap_or_default();
    page(read_model(name), |model| model.row.name.to_string(), show)
}

fn show(model: Model) -> impl IntoView {
    let Model {
        row,
        versions,
        history,
        drift,
        can_register,
    } = model;
    let drift = over_time(&drift)
        .map(|course| view! { <Section title="Drift" id="drift"><Card>{course}</Card></Section> });
    let name = row.name.to_string();
    let register = can_register.then(|| {
        let href = format!("/models/{name}/register");
        view! {
            <ButtonLink href kind=Kind::Primary icon=Icon::Plus>
                "Register a version"
            </ButtonLink>
        }
        .into_any()
    });
    let owner = row.owner.name.clone();
    let rail = rail(&row);
    view! {
        <Stack>
            <Breadcrumb trail=vec![("Models".to_owned(), "/models".to_owned())] here=name.clone()/>
            <PageHead title=name.clone() lead=row.purpose.clone() action=register>
                <TierMark tier=row.tier.into()/>
                <Who name=owner/>
                <span class="small faint">"Created " <When at=row.created_at now=now()/></span>
            </PageHead>
            <WithRail rail rail_label="Where it stands">
                {list(&name, versions, can_register)}
                {drift}
                {changes(&name, history)}
            </WithRail>
        </Stack>
    }
}

fn rail(row: &Row) -> AnyView {
    let places = row
        .standings
        .iter()
        .map(|standing| {
            let approved = standing.approved.as_ref().map(|(_, release)| {
                let href = format!("/releases/{release}");
                let until = standing.approved_until.map(|until| {
                    view! { ", approval lapses " <When at=until now=now()/> }
                });
                view! { <small class="faint"><a href=href>{format!("Release {release}")}</a> {until}</small> }
            });
            let mark = marks(standing, None);
            view! {
                <Fact name=standing.environment.to_string()>
                    <p>{mark}</p> {approved}
                </Fact>
            }
        })
        .collect_view();
    let standing = if row.standings.is_empty() {
        view! { <p class="muted">"Nothing is approved anywhere, and nothing runs."</p> }.into_any()
    } else {
        view! { <Facts>{places}</Facts> }.into_any()
    };
    let due = row
        .due
        .as_deref()
        .map_or_else(|| "Nothing due.".to_owned(), crate::problem::sentence);
    let measured = measured(row.measured.as_ref());
    let tier = row.tier;
    view! {
        <Card title="Approved and running">{standing}</Card>
        <Card title="Last measured">{measured}</Card>
        <Card title="Next due"><p>{due}</p></Card>
        <Card title="Risk tier">
            <TierMark tier=tier.into()/>
            <p class="small muted">{meaning(tier)}</p>
            <p class="small"><a href="/policies">"The policy that its releases have to meet"</a></p>
        </Card>
    }
    .into_any()
}

fn measured(measured: Option<&Measured>) -> AnyView {
    let Some(measured) = measured else {
        return view! {
            <Status tone=Tone::Absent>"Not measured"</Status>
            <p class="small muted">"Performance and fairness are known once a version is evaluated."</p>
        }
        .into_any();
    };
    let written = |value: Option<f64>, unit: Unit| {
        value.map_or_else(|| "Not measured".to_owned(), |value| unit.write(value))
    };
    let href = format!("/evaluations/{}", measured.evaluation);
    let auc = written(measured.roc_auc, Unit::Score);
    let accuracy = written(measured.accuracy, Unit::Share);
    let ratio = written(measured.impact_ratio, Unit::Ratio);
    let people = measured
        .rows
        .map(|rows| view! { <Fact name="People measured">{number::thousands(rows)}</Fact> });
    view! {
        <Facts>
            <Fact name="ROC AUC">{auc}</Fact>
            <Fact name="Accuracy">{accuracy}</Fact>
            <Fact name="Lowest impact ratio">{ratio}</Fact>
            {people}
        </Facts>
        <p class="small muted">
            {format!("Version {}, ", measured.number)} <When at=measured.at now=now()/> ". "
            <a href=href>"Targets and intervals are in the report"</a> "."
        </p>
    }
    .into_any()
}

fn list(model: &str, versions: Vec<VersionRow>, can_register: bool) -> AnyView {
    let note = number::counted(versions.len() as u64, "version", "versions");
    if versions.is_empty() {
        let action = can_register.then(|| {
            let href = format!("/models/{model}/register");
            view! { <ButtonLink href>"Register the first version"</ButtonLink> }.into_any()
        });
        return view! {
            <Section title="Versions">
                <EmptyState title="No version yet" action>
                    "A version is a frozen manifest: artifact, code, data and model card, under one digest."
                </EmptyState>
            </Section>
        }
        .into_any();
    }
    let columns = ["Version", "Release", "Reports", "Registered", "Digest"]
        .into_iter()
        .map(Column::new)
        .collect();
    let rows = versions
        .into_iter()
        .map(|version| view! { <tr>{cells(model, version)}</tr> })
        .collect_view();
    view! {
        <Section title="Versions" note id="versions">
            <Panel>
                <Table label="Versions" columns>
                    {rows}
                </Table>
            </Panel>
        </Section>
    }
    .into_any()
}

fn cells(model: &str, version: VersionRow) -> AnyView {
    let href = format!("/models/{model}/versions/{}", version.number);
    let changes = if version.changes.is_empty() {
        "No word on what changed".to_owned()
    } else {
        version.changes
    };
    let reports = match version.evaluations {
        0 => view! { <Status tone=Tone::Absent>"Not evaluated"</Status> }.into_any(),
        count => number::thousands(u64::try_from(count).unwrap_or(0)).into_any(),
    };
    let release = match version.release {
        Some((id, state, environment)) => {
            let (tone, word) = state_mark(state);
            let href = format!("/releases/{id}");
            view! {
                <Badge tone>{word}</Badge>
                <small><a href=href>{format!("Release {id}")}</a> " for " {environment.to_string()}</small>
            }
            .into_any()
        }
        None => view! { <span class="faint">"Not asked for"</span> }.into_any(),
    };
    view! {
        <RowHead href note=changes>{format!("{model} {}", version.number)}</RowHead>
        <Cell label="Release">{release}</Cell>
        <Cell label="Reports">{reports}</Cell>
        <Cell label="Registered" note=version.registered_by.name>
            <When at=version.registered_at now=now()/>
        </Cell>
        <Cell label="Digest">
            <Digest value=version.digest/>
        </Cell>
    }
    .into_any()
}

/// The state of a release as a tone and a word.
pub const fn state_mark(state: State) -> (Tone, &'static str) {
    match state {
        State::Open => (Tone::Wait, "Open"),
        State::Approved => (Tone::Ok, "Approved"),
        State::Refused => (Tone::Danger, "Refused"),
        State::Withdrawn => (Tone::Absent, "Withdrawn"),
    }
}

/// What happened, a sentence each, newest first, with the way to the log.
fn changes(model: &str, history: Vec<Entry>) -> AnyView {
    let link = view! { <a href=format!("/audit?model={model}")>"All of it in the audit log"</a> };
    view! {
        <Section title="Changes" note=link id="changes">
            {moments(history)}
        </Section>
    }
    .into_any()
}

/// Audit entries as a line of moments.
pub fn moments(history: Vec<Entry>) -> AnyView {
    if history.is_empty() {
        return view! { <p class="muted">"Nothing has happened yet."</p> }.into_any();
    }
    let moments = history
        .into_iter()
        .map(|entry| {
            let tone = if entry.refused { Tone::Danger } else { Tone::Plain };
            let icon = if entry.refused { Icon::Fail } else { Icon::Audit };
            let unsealed = crate::audit::unsealed(&entry);
            view! {
                <Moment tone icon when=view! { <When at=entry.at now=now()/> }>
                    {format!("{} {}", entry.actor_name, entry.sentence)}
                    {unsealed}
                </Moment>
            }
        })
        .collect_view();
    view! { <Card><Timeline>{moments}</Timeline></Card> }.into_any()
}
