//! What has been added to a version and done with it: reports, evidence, releases, deployments, each as a table.
use crate::{
    evaluation::job_status,
    model::{marks, state_mark},
    page::now,
    ui::{
        Badge, ButtonLink, Cell, Column, Day, Digest, Disclosure, Icon, Panel, RowHead, Section, Size, Slot,
        Status, Table, Tone, When, number,
    },
};
use domain::{
    deployment,
    view::{evaluation, model::Standing, version::Version},
};
use leptos::prelude::*;

/// A section with its table, or in words that there is nothing.
fn section(
    title: &str,
    id: &str,
    add: Option<(String, &'static str)>,
    heads: &[&'static str],
    rows: Vec<AnyView>,
    nothing: &'static str,
) -> AnyView {
    let add = add.map(|(href, words)| {
        view! {
            <span class="push">
                <ButtonLink href size=Size::Small icon=Icon::Plus>{words}</ButtonLink>
            </span>
        }
        .into_any()
    });
    let label = title.to_owned();
    let body = if rows.is_empty() {
        view! { <p class="body muted">{nothing}</p> }.into_any()
    } else {
        let columns = heads.iter().copied().map(Column::new).collect();
        view! { <Table label columns>{rows}</Table> }.into_any()
    };
    view! {
        <Section title id=id.to_owned() note=Slot(add)>
            <Panel>{body}</Panel>
        </Section>
    }
    .into_any()
}

/// Where an act of an engineer leads; none for others.
fn add(version: &Version, verb: &str, words: &'static str) -> Option<(String, &'static str)> {
    let href = format!("/models/{}/versions/{}/{verb}", version.model, version.number);
    version.can_work.then_some((href, words))
}

pub fn evaluations(version: &Version) -> AnyView {
    let reports = version
        .evaluations
        .iter()
        .cloned()
        .map(|row| (row.evaluated_at, report(row)));
    let jobs = version
        .jobs
        .iter()
        .cloned()
        .map(|job| (job.asked_at, under_way(job)));
    let mut rows: Vec<_> = jobs.chain(reports).collect();
    rows.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    section(
        "Evaluations",
        "evaluations",
        add(version, "evaluate", "Evaluate"),
        &["Report", "Says", "Predictions", "Computed"],
        rows,
        "Not measured. An evaluation is computed from a file of predictions, and frozen.",
    )
}

fn report(row: evaluation::Row) -> AnyView {
    let href = format!("/evaluations/{}", row.id);
    let size = number::bytes(u64::try_from(row.file_bytes).unwrap_or(0));
    view! {
        <tr>
            <RowHead href>{format!("Report {}", row.id)}</RowHead>
            <Cell label="Says">{row.verdict}</Cell>
            <Cell label="Predictions" note=size>{row.file_name}</Cell>
            <Cell label="Computed" note=row.evaluated_by.name>
                <When at=row.evaluated_at now=now()/>
            </Cell>
        </tr>
    }
    .into_any()
}

/// An evaluation that has no report, or none yet.
fn under_way(job: evaluation::Job) -> AnyView {
    let href = format!("/jobs/{}", job.id);
    let size = number::bytes(u64::try_from(job.file_bytes).unwrap_or(0));
    let why = job.failure.map(|why| why.message).unwrap_or_default();
    view! {
        <tr>
            <RowHead href>"No report"</RowHead>
            <Cell label="Says" note=why>{job_status(job.state)}</Cell>
            <Cell label="Predictions" note=size>{job.file_name}</Cell>
            <Cell label="Sent" note=job.asked_by.name>
                <When at=job.asked_at now=now()/>
            </Cell>
        </tr>
    }
    .into_any()
}

pub fn evidence(version: &Version) -> AnyView {
    let today = now().date_naive();
    let rows = version
        .evidence
        .iter()
        .cloned()
        .map(|part| {
            let file = part.file_name.map_or_else(
                || view! { <span class="faint">"No file"</span> }.into_any(),
                |name| view! { <a href=format!("/evidence/{}/file", part.id)>{name}</a> }.into_any(),
            );
            let good = match part.expires_on {
                None => view! { "Does not expire" }.into_any(),
                Some(day) => {
                    let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
                    let date = view! { <Day at/> };
                    if day < today {
                        view! { <Status tone=Tone::Danger>"Expired on " {date}</Status> }.into_any()
                    } else {
                        view! { "Until " {date} }.into_any()
                    }
                }
            };
            let kind = part.kind.replace('-', " ");
            let statement = statement(part.statement);
            view! {
                <tr>
                    <RowHead note=kind>{part.title}</RowHead>
                    <Cell label="Statement">{statement}</Cell>
                    <Cell label="File" note=view! { <Digest value=part.digest linked=true/> }>{file}</Cell>
                    <Cell label="Good">{good}</Cell>
                    <Cell label="Added" note=part.added_by.name>
                        <When at=part.added_at now=now()/>
                    </Cell>
                </tr>
            }
            .into_any()
        })
        .collect();
    section(
        "Evidence",
        "evidence",
        add(version, "evidence", "Add evidence"),
        &["Evidence", "Statement", "File", "Good", "Added"],
        rows,
        "None yet. Evidence is any other file or statement that a decision stands on, such as an impact assessment.",
    )
}

/// How much of a statement stands in the table, in characters; the rest opens.
const STATEMENT: usize = 240;

fn statement(text: String) -> AnyView {
    if text.is_empty() {
        return view! { <span class="faint">"In the file"</span> }.into_any();
    }
    if text.chars().count() <= STATEMENT {
        return text.into_any();
    }
    view! { <Disclosure summary="Read the statement"><p>{text}</p></Disclosure> }.into_any()
}

pub fn releases(version: &Version) -> AnyView {
    let rows = version
        .releases
        .iter()
        .cloned()
        .map(|row| {
            let href = format!("/releases/{}", row.id);
            let (tone, word) = state_mark(row.state);
            let unmet = match row.unmet {
                0 => "All gates met".to_owned(),
                1 => "One gate not met".to_owned(),
                unmet => format!("{unmet} gates not met"),
            };
            view! {
                <tr>
                    <RowHead href note=row.environment.to_string()>{format!("Release {}", row.id)}</RowHead>
                    <Cell label="State" note=unmet><Badge tone>{word}</Badge></Cell>
                    <Cell label="Why">{row.reason}</Cell>
                    <Cell label="Asked" note=row.requested_by.name>
                        <When at=row.requested_at now=now()/>
                    </Cell>
                </tr>
            }
            .into_any()
        })
        .collect();
    let ask = (!version.evaluations.is_empty() && version.tier != domain::model::Tier::Prohibited)
        .then(|| add(version, "release", "Ask for a release"))
        .flatten();
    section(
        "Releases and reviews",
        "releases",
        ask,
        &["Release", "State", "Why", "Asked"],
        rows,
        "Nobody has asked for it to run anywhere.",
    )
}

pub fn deployments(version: &Version) -> AnyView {
    let rows = version
        .deployments
        .iter()
        .cloned()
        .map(|row| {
            let href = format!("/deployments/{}", row.id);
            let tone = match row.state {
                deployment::State::Queued | deployment::State::Running => Tone::Wait,
                deployment::State::Live => Tone::Ok,
                deployment::State::Failed => Tone::Danger,
                deployment::State::Replaced => Tone::Plain,
            };
            let kind = match row.kind {
                deployment::Kind::Deploy => "Deployed",
                deployment::Kind::Rollback => "Rolled back to",
            };
            let outcome = row.outcome.unwrap_or_default();
            view! {
                <tr>
                    <RowHead href note=row.environment.to_string()>{format!("Deployment {}", row.id)}</RowHead>
                    <Cell label="State" note=outcome><Badge tone>{row.state.words()}</Badge></Cell>
                    <Cell label="How">{kind}</Cell>
                    <Cell label="Ordered" note=row.requested_by.name>
                        <When at=row.requested_at now=now()/>
                    </Cell>
                </tr>
            }
            .into_any()
        })
        .collect();
    section(
        "Deployments",
        "deployments",
        None,
        &["Deployment", "State", "How", "Ordered"],
        rows,
        "It has never run anywhere.",
    )
}

/// Where this version stands among what is approved and what runs.
pub fn standings(standings: &[Standing], number: i32) -> AnyView {
    let own = |standing: &&Standing| {
        standing.running == Some(number)
            || standing
                .approved
                .as_ref()
                .is_some_and(|(approved, _)| *approved == number)
    };
    let own: Vec<_> = standings.iter().filter(own).collect();
    if own.is_empty() {
        return view! { "Not approved anywhere, and not running." }.into_any();
    }
    let marks = own
        .into_iter()
        .map(|standing| marks(standing, Some(standing.environment.as_str())))
        .collect_view();
    view! { <span class="runs-set">{marks}</span> }.into_any()
}
