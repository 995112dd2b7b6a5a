//! An evaluation on its way: how far it is, why nothing came of it, and how to call it off.
use super::computing::Computing;
use crate::{
    page::{now, page, reader, refusal},
    problem::{Problem, sentence},
    ui::{
        Breadcrumb, Button, ButtonLink, Card, Digest, Disclosure, Fact, Facts, Icon, Notice, PageHead, Panel,
        Stack, Stamp, Status, Tone, When, Who, WithRail, button::Kind, number, time,
    },
};
use domain::{evaluation::job::State, id::JobId, view::evaluation::Job};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The job; one that has its report leads there.
#[server]
pub async fn read_job(id: String) -> Result<Job, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = id.parse().map_err(|_| backend::Failure::NotFound)?;
        let job = backend::evaluation::show(&portal, &actor, id).await?;
        if let Some(evaluation) = job.evaluation {
            leptos_axum::redirect(&format!("/evaluations/{evaluation}"));
        }
        Ok(job)
    })
    .await
}

#[server]
pub async fn cancel_evaluation(job: JobId) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::evaluation::cancel(&portal, &actor, job).await?;
        leptos_axum::redirect(&format!("/jobs/{job}"));
        Ok(())
    })
    .await
}

#[component]
pub fn JobPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(read_job(id), title, show)
}

fn title(job: &Job) -> String {
    format!("Evaluation of {} {}", job.model, job.number)
}

/// Where a job stands, as a mark.
pub fn status(state: State) -> AnyView {
    let (tone, words) = match state {
        State::Queued => (Tone::Wait, "Waits for its turn"),
        State::Running => (Tone::Wait, "Being computed"),
        State::Done => (Tone::Ok, "Computed"),
        State::Failed => (Tone::Danger, "Could not be evaluated"),
        State::Cancelled => (Tone::Absent, "Called off"),
    };
    view! { <Status tone>{words}</Status> }.into_any()
}

fn show(job: Job) -> impl IntoView {
    let version = format!("/models/{}/versions/{}", job.model, job.number);
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (job.model.to_string(), format!("/models/{}", job.model)),
        (format!("Version {}", job.number), version.clone()),
    ];
    let rail = view! {
        {facts(&job)}
        {calling_off(&job)}
    }
    .into_any();
    view! {
        <Stack>
            <Breadcrumb trail here="Evaluation under way"/>
            <PageHead title=title(&job) lead=lead(&job)>
                {status(job.state)}
            </PageHead>
            <WithRail rail rail_label="The file, and calling it off">
                <Stack>{body(&job, version)}</Stack>
            </WithRail>
        </Stack>
    }
}

fn lead(job: &Job) -> String {
    let name = &job.file_name;
    match job.state {
        State::Queued => {
            format!("{name} has arrived and is kept; it is computed as soon as a worker is free.")
        }
        State::Running => format!(
            "{name} has arrived and is kept; its report is being computed. You may leave this page: nothing stops when you do."
        ),
        State::Done => format!("The report of {name} is there."),
        State::Failed => format!("No report came of {name}, and nothing was added to the version."),
        State::Cancelled => format!("The evaluation of {name} was called off before there was a report."),
    }
}

fn body(job: &Job, version: String) -> AnyView {
    let again = format!("{version}/evaluate?job={}", job.id);
    let may = reader().is_some_and(|actor| actor.as_engineer().is_ok());
    let once_more = may.then(|| {
        view! {
            <p>
                <ButtonLink href=again kind=Kind::Primary icon=Icon::Upload>
                    "Put it right and evaluate again"
                </ButtonLink>
            </p>
        }
    });
    match (&job.failure, job.state) {
        (Some(why), _) => {
            let title = sentence(&why.message);
            view! {
                <Notice tone=Tone::Danger title>
                    <p>
                        "The file is kept, so it needn't be sent again where only the columns were named wrongly."
                    </p>
                    {once_more}
                </Notice>
            }
            .into_any()
        }
        (None, State::Cancelled) => view! {
            <Notice title="Called off">
                <p>"The file is kept and can be evaluated after all."</p>
                {once_more}
            </Notice>
        }
        .into_any(),
        (None, State::Done) => {
            let report = job
                .evaluation
                .map(|id| format!("/evaluations/{id}"))
                .unwrap_or(version);
            view! { <p><ButtonLink href=report kind=Kind::Primary>"Open the report"</ButtonLink></p> }
                .into_any()
        }
        _ => {
            let (id, bytes, progress): (i64, _, _) = (job.id.into(), job.file_bytes, job.progress);
            let here = format!("/jobs/{id}");
            view! {
                <Panel title="Progress" aside=view! { <a href=here>"Look again"</a> }>
                    <div class="body">
                        <Computing id bytes progress/>
                    </div>
                </Panel>
            }
            .into_any()
        }
    }
}

fn facts(job: &Job) -> AnyView {
    let job = job.clone();
    let size = number::bytes(u64::try_from(job.file_bytes).unwrap_or(0));
    let begun = job
        .started_at
        .map(|at| view! { <Fact name="Begun"><When at now=now()/></Fact> });
    let took = job
        .started_at
        .zip(job.finished_at)
        .map(|(from, to)| view! { <Fact name="Took">{time::span(to - from)}</Fact> });
    view! {
        <Card title="Facts">
            <Facts>
                <Fact name="File">{job.file_name} ", " {size}</Fact>
                <Fact name="SHA-256"><Digest value=job.file_digest/></Fact>
                <Fact name="Sent by"><Who name=job.asked_by.name/></Fact>
                <Fact name="Sent"><Stamp at=job.asked_at/></Fact>
                {begun}
                {took}
            </Facts>
        </Card>
    }
    .into_any()
}

fn calling_off(job: &Job) -> Option<AnyView> {
    let may = reader().is_some_and(|actor| actor.as_engineer().is_ok());
    if job.state.is_over() || !may {
        return None;
    }
    let action = ServerAction::<CancelEvaluation>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let summary = refusal(problem.as_ref());
    let id = job.id.to_string();
    Some(
        view! {
            <Card>
                <Disclosure summary="Call it off" open=problem.is_some()>
                    <ActionForm action attr:class="stack">
                        {summary}
                        <input type="hidden" name="job" value=id/>
                        <p class="small">
                            "Nothing is added to the version. The file stays, and the record says that it was called off."
                        </p>
                        <Button kind=Kind::Danger>"Call the evaluation off"</Button>
                    </ActionForm>
                </Disclosure>
            </Card>
        }
        .into_any(),
    )
}
