//! Sending predictions: the file, and what its columns mean.
use super::{
    fields::{beside, columns, people, values},
    upload::Upload,
};
use crate::{
    kept::Kept,
    page::{page, refusal},
    problem::Problem,
    release::words::wrong,
    ui::{
        Actions, Breadcrumb, Button, ButtonLink, Card, EmptyState, Fieldset, FileField, Icon, KeptNote,
        PageHead, Stack, button::Kind,
    },
};
use assess::Asked;
use domain::model::ModelName;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// What the form starts from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evaluating {
    pub model: ModelName,
    pub number: i32,
    /// What was asked in the model's last evaluation.
    pub last: Option<Last>,
    /// Evaluations of the model that drift can be measured from, newest first, with their words.
    pub baselines: Vec<(String, String)>,
    /// An earlier attempt whose file is to be evaluated again.
    pub again: Option<Again>,
    pub can_work: bool,
}

/// The model's last evaluation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Last {
    /// The version it was of.
    pub number: i32,
    pub asked: Asked,
    /// The evaluation that it was held against, or nothing.
    pub baseline: String,
}

/// An attempt that came to nothing: its file is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Again {
    pub job: String,
    pub file_name: String,
    pub asked: Option<Asked>,
    pub baseline: String,
}

#[server]
pub async fn read_evaluating(model: String, number: String, job: String) -> Result<Evaluating, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let name: ModelName = model.parse().map_err(|_| backend::Failure::NotFound)?;
        let number = number.parse().map_err(|_| backend::Failure::NotFound)?;
        // Answers for a version that isn't there.
        backend::version::manifest(&portal, &actor, &name, number).await?;
        let model = backend::model::page(&portal, &actor, &name).await?;
        let baselines = backend::evaluation::baselines(&portal, &actor, &name).await?;
        let last = match model.row.measured {
            Some(measured) => {
                let evaluation = backend::evaluation::page(&portal, &actor, measured.evaluation).await?;
                let assessment: assess::Assessment = serde_json::from_str(&evaluation.report)?;
                let baseline =
                    backend::evaluation::held_against(&portal, &actor, measured.evaluation).await?;
                let baseline = baseline.map(|id| id.to_string());
                let baseline = baseline.filter(|id| baselines.iter().any(|(offered, _)| offered == id));
                Some(Last {
                    number: measured.number,
                    asked: match &baseline {
                        Some(_) => assessment.asked(),
                        None => assessment.asked().alone(),
                    },
                    baseline: baseline.unwrap_or_default(),
                })
            }
            None => None,
        };
        let again = match job.parse() {
            Ok(id) => {
                let job = backend::evaluation::show(&portal, &actor, id).await?;
                let is_of_version = job.model == name && job.number == number;
                is_of_version.then(|| Again {
                    job: id.to_string(),
                    file_name: job.file_name,
                    asked: serde_json::from_value(job.asked).ok(),
                    baseline: job.baseline.map(|id| id.to_string()).unwrap_or_default(),
                })
            }
            Err(_) => None,
        };
        Ok(Evaluating {
            model: name,
            number,
            last,
            baselines,
            again,
            can_work: actor.as_engineer().is_ok(),
        })
    })
    .await
}

#[component]
pub fn EvaluatePage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let part = |name: &str| params.get(name).unwrap_or_default();
    let job = use_query_map().get_untracked().get("job").unwrap_or_default();
    page(
        read_evaluating(part("model"), part("number"), job),
        |evaluating| format!("Evaluate {} {}", evaluating.model, evaluating.number),
        show,
    )
}

fn show(evaluating: Evaluating) -> impl IntoView {
    let Evaluating {
        model,
        number,
        last,
        baselines,
        again,
        can_work,
    } = evaluating;
    let page = format!("/models/{model}/versions/{number}");
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (model.to_string(), format!("/models/{model}")),
        (format!("Version {number}"), page.clone()),
    ];
    let title = format!("Evaluate {model} {number}");
    let content = if can_work {
        form(page, last, baselines, again)
    } else {
        let action = view! { <ButtonLink href=page>"Back to the version"</ButtonLink> };
        view! {
            <EmptyState title="Engineers evaluate versions" action>
                "You don't hold that role; an administrator can give it to you."
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Stack>
            <Breadcrumb trail here="Evaluate"/>
            <PageHead
                title
                lead="From a file of predictions on people the version was not trained on, the portal computes how well it predicts and how it treats each group, and freezes the report."
            />
            {content}
        </Stack>
    }
}

/// What was sent before and is kept: of the form that was just refused, else of the attempt that is taken up again.
fn kept_file(kept: &Kept, again: Option<Again>) -> Option<Again> {
    let (job, file_name) = (kept.value("job"), kept.value("job_file"));
    if job.is_empty() || file_name.is_empty() {
        return again;
    }
    Some(Again {
        job,
        file_name,
        asked: None,
        baseline: String::new(),
    })
}

/// What to know of how the form was filled in.
fn note(kept: &Kept, last: Option<i32>, file: Option<&Again>) -> Option<String> {
    match (kept.is_empty(), file, last) {
        (false, Some(Again { file_name, .. }), _) => Some(format!(
            "What you wrote is still in the form, and {file_name} is kept: put right what is wrong and send it again."
        )),
        (false, None, _) => {
            Some("What you wrote is still in the form; the file has to be chosen again.".to_owned())
        }
        (true, Some(Again { file_name, .. }), _) => Some(format!(
            "The columns are filled in as they were sent with {file_name}."
        )),
        (true, None, Some(number)) => Some(format!(
            "The columns are filled in as in the evaluation of version {number}."
        )),
        (true, None, None) => None,
    }
}

fn form(page: String, last: Option<Last>, baselines: Vec<(String, String)>, again: Option<Again>) -> AnyView {
    let kept = Kept::here();
    let problem = kept.problem.as_ref();
    let (summary, file_error) = (refusal(problem), wrong(problem, "file"));
    let asked = again
        .as_ref()
        .and_then(|again| again.asked.as_ref())
        .or(last.as_ref().map(|last| &last.asked));
    let baseline = match (&again, &last) {
        (Some(again), _) => again.baseline.clone(),
        (None, Some(last)) => last.baseline.clone(),
        (None, None) => String::new(),
    };
    let values = values(&kept, asked, baseline);
    let file = kept_file(&kept, again);
    let note = note(&kept, last.map(|last| last.number), file.as_ref());
    let action = format!("{page}/evaluations");
    let columns = columns(&values, problem);
    let people = people(&values, problem);
    let beside = beside(&values, baselines, problem);
    let hint = match &file {
        Some(file) => format!(
            "{} is kept and is evaluated again, unless you choose another file.",
            file.file_name
        ),
        None => "CSV with a head row, or Parquet; one row a person. It is kept under its SHA-256.".to_owned(),
    };
    let required = file.is_none();
    let earlier = file.map(|file| {
        view! {
            <input type="hidden" name="job" value=file.job/>
            <input type="hidden" name="job_file" value=file.file_name/>
        }
    });
    view! {
        <Upload>
            <Card>
                <form class="stack" method="post" enctype="multipart/form-data" action=action>
                    {summary}
                    {note.map(|words| view! { <KeptNote>{words}</KeptNote> })}
                    {earlier}
                    <Fieldset legend="Predictions">
                        <FileField
                            name="file"
                            label="File"
                            accept=".csv,.parquet,text/csv"
                            required=required
                            error=file_error
                            hint=hint
                        />
                    </Fieldset>
                    {columns}
                    {people}
                    {beside}
                    <Actions>
                        <Button kind=Kind::Primary icon=Icon::Upload>
                            "Send and evaluate"
                        </Button>
                        <ButtonLink href=page kind=Kind::Quiet>
                            "Cancel"
                        </ButtonLink>
                    </Actions>
                </form>
            </Card>
        </Upload>
    }
    .into_any()
}
