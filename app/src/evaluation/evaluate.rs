//! Sending predictions: the file, and what its columns mean.
use super::upload::Upload;
use crate::{
    kept::Kept,
    page::{page, refusal},
    problem::Problem,
    release::words::wrong,
    ui::{
        Actions, Breadcrumb, Button, ButtonLink, Card, Columns, EmptyState, Field, Fieldset, FileField,
        FullWidth, Icon, KeptNote, Notice, PageHead, Select, Stack, Tone, button::Kind,
    },
};
use assess::{Asked, report::Task};
use domain::model::ModelName;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// What the form starts from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evaluating {
    pub model: ModelName,
    pub number: i32,
    /// What was asked in the model's last evaluation, and the version it was of.
    pub last: Option<(i32, Asked)>,
    /// Evaluations of the model that drift can be measured from, newest first, with their words.
    pub baselines: Vec<(String, String)>,
    /// An earlier attempt whose file is to be evaluated again.
    pub again: Option<Again>,
    pub can_work: bool,
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
        let last = match model.row.measured {
            Some(measured) => {
                let evaluation = backend::evaluation::page(&portal, &actor, measured.evaluation).await?;
                let assessment: assess::Assessment = serde_json::from_str(&evaluation.report)?;
                Some((measured.number, assessment.asked()))
            }
            None => None,
        };
        let baselines = backend::evaluation::baselines(&portal, &actor, &name).await?;
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

/// What the fields hold: typed before, else as in the last evaluation, else what most files say.
struct Values {
    task: String,
    label: String,
    prediction: String,
    score: String,
    threshold: String,
    weight: String,
    protected: String,
    favourable: String,
    positive: String,
    reference: String,
    slices: String,
    features: String,
    id: String,
    baseline: String,
}

fn values(kept: &Kept, asked: Option<&Asked>, baseline: String) -> Values {
    let of = |field: &str, other: String| kept.value_or(field, other);
    let usual = assess::Columns {
        label: "y_true".to_owned(),
        prediction: Some("y_pred".to_owned()),
        score: Some("y_score".to_owned()),
        favourable: "1".to_owned(),
        ..assess::Columns::default()
    };
    let asked = asked.cloned().unwrap_or_else(|| Asked::new(Task::Binary, usual));
    let last = asked.columns;
    let references: Vec<_> = last
        .references
        .iter()
        .map(|(attribute, group)| format!("{attribute}={group}"))
        .collect();
    Values {
        task: of("task", asked.task.word().to_owned()),
        label: of("label", last.label),
        prediction: of("prediction", last.prediction.unwrap_or_default()),
        score: of("score", last.score.unwrap_or_default()),
        threshold: of(
            "threshold",
            last.threshold.map(|cut| cut.to_string()).unwrap_or_default(),
        ),
        weight: of("weight", last.weight.unwrap_or_default()),
        protected: of("protected", last.protected.join(", ")),
        favourable: of("favourable", last.favourable),
        positive: of("positive", last.positive.unwrap_or_default()),
        reference: of("reference", references.join(", ")),
        slices: of("slices", asked.slices.join(", ")),
        features: of("features", asked.features.join(", ")),
        id: of("id", asked.id.unwrap_or_default()),
        baseline: of("baseline", baseline),
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

fn form(
    page: String,
    last: Option<(i32, Asked)>,
    baselines: Vec<(String, String)>,
    again: Option<Again>,
) -> AnyView {
    let kept = Kept::here();
    let problem = kept.problem.as_ref();
    let (summary, file_error) = (refusal(problem), wrong(problem, "file"));
    let asked = again
        .as_ref()
        .and_then(|again| again.asked.as_ref())
        .or(last.as_ref().map(|(_, asked)| asked));
    let baseline = again
        .as_ref()
        .map(|again| again.baseline.clone())
        .unwrap_or_default();
    let values = values(&kept, asked, baseline);
    let file = kept_file(&kept, again);
    let note = note(&kept, last.map(|(number, _)| number), file.as_ref());
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

fn columns(values: &Values, problem: Option<&Problem>) -> AnyView {
    let (label, prediction) = (values.label.clone(), values.prediction.clone());
    let (score, threshold) = (values.score.clone(), values.threshold.clone());
    let (task, weight) = (values.task.clone(), values.weight.clone());
    let (label_error, prediction_error) = (wrong(problem, "label"), wrong(problem, "prediction"));
    let (score_error, threshold_error) = (wrong(problem, "score"), wrong(problem, "threshold"));
    let (task_error, weight_error) = (wrong(problem, "task"), wrong(problem, "weight"));
    let tasks = [
        (Task::Binary, "One of two answers"),
        (Task::Multiclass, "One of several classes"),
        (Task::Regression, "A number"),
        (Task::Ranking, "A score, to rank by"),
    ];
    let tasks = tasks
        .map(|(task, words)| (task.word().to_owned(), words.to_owned()))
        .to_vec();
    view! {
        <Fieldset
            legend="What the columns mean"
            note="Name the columns as they stand in the file. A prediction, a score, or both."
            columns=Columns::Two
        >
            <Select
                name="task"
                label="What the model predicts"
                options=tasks
                value=task
                error=task_error
                required=true
                hint="Impact ratios, error rates and cut-offs are of two answers; the other tasks have figures of their own."
            />
            <Field
                name="label"
                label="What really happened"
                value=label
                error=label_error
                required=true
                autocomplete="off"
                hint="The column of the true answers, such as 0 and 1, or of the true classes or numbers."
            />
            <Field
                name="prediction"
                label="What the model decided"
                value=prediction
                error=prediction_error
                autocomplete="off"
                hint="In the same values. Empty: the score is held against the threshold, or ranked by."
            />
            <Field
                name="score"
                label="How sure it was"
                value=score
                error=score_error
                autocomplete="off"
                hint="A number that grows with the positive answer; of several classes, what the columns' names begin with. Without it there is no ROC AUC and no calibration."
            />
            <Field
                name="threshold"
                label="Threshold"
                value=threshold
                error=threshold_error
                inputmode="decimal"
                placeholder="0.5"
                hint="Only of two answers where no prediction is named: scores at or above it count as positive."
            />
            <Field
                name="weight"
                label="Weight"
                value=weight
                error=weight_error
                autocomplete="off"
                hint="The column of how many people a row stands for, in a weighted sample."
            />
        </Fieldset>
    }
    .into_any()
}

/// What is asked for beside the report.
fn beside(values: &Values, baselines: Vec<(String, String)>, problem: Option<&Problem>) -> AnyView {
    let (slices, features) = (values.slices.clone(), values.features.clone());
    let (baseline, id) = (values.baseline.clone(), values.id.clone());
    let (slices_error, features_error) = (wrong(problem, "slices"), wrong(problem, "features"));
    let (baseline_error, id_error) = (wrong(problem, "baseline"), wrong(problem, "id"));
    view! {
        <Fieldset legend="Slices and drift" note="What a report holds only where it is asked for." columns=Columns::Two>
            <Field
                name="slices"
                label="Slices"
                value=slices
                error=slices_error
                autocomplete="off"
                placeholder="region, product"
                hint="Columns to tell performance apart by, with commas between them. Nobody's fairness is judged by them."
            />
            <Select
                name="baseline"
                label="Hold against"
                options=baselines
                value=baseline
                error=baseline_error
                blank="No earlier file"
                hint="The file of an earlier evaluation of this model: drift is measured from it."
            />
            <Field
                name="features"
                label="Features to watch"
                value=features
                error=features_error
                autocomplete="off"
                hint="Columns whose drift is measured besides answers, scores and protected attributes; only with an earlier file."
            />
            <Field
                name="id"
                label="Case id"
                value=id
                error=id_error
                autocomplete="off"
                hint="A column that names each case in both files: every figure is then compared case by case, and it is said which changes are more than noise. Of two answers only, up to two million rows."
            />
        </Fieldset>
    }
    .into_any()
}

fn people(values: &Values, problem: Option<&Problem>) -> AnyView {
    let (favourable, positive) = (values.favourable.clone(), values.positive.clone());
    let (protected, reference) = (values.protected.clone(), values.reference.clone());
    let (favourable_error, positive_error) = (wrong(problem, "favourable"), wrong(problem, "positive"));
    let (protected_error, reference_error) = (wrong(problem, "protected"), wrong(problem, "reference"));
    view! {
        <Fieldset legend="What it means for people" columns=Columns::Two>
            <FullWidth>
                <Notice tone=Tone::Info title="Which answer is good for the person?">
                    <p>
                        "The impact ratio compares how often groups get the favourable answer, so it matters which one that is.
                        A loan given: if 1 means “paid back” or “approved”, 1 is favourable. A risk: if 1 means
                        “will reoffend” or “will default”, then 0 is favourable, and the positive answer, for which scores
                        speak, stays 1."
                    </p>
                </Notice>
            </FullWidth>
            <Field
                name="favourable"
                label="The answer that is good for the person"
                value=favourable
                error=favourable_error
                autocomplete="off"
                hint="As it stands in the file: 1 for a loan given, 0 for not reoffending. Empty: 1. Classes and numbers have none."
            />
            <Field
                name="positive"
                label="The answer that scores speak for"
                value=positive
                error=positive_error
                autocomplete="off"
                placeholder="1"
                hint="Empty: 1 or true, else the favourable one."
            />
            <Field
                name="protected"
                label="Protected attributes"
                value=protected
                error=protected_error
                autocomplete="off"
                placeholder="sex, age_band"
                hint="Columns with commas between them. Each is reported on, and each pair of them."
            />
            <Field
                name="reference"
                label="Reference groups"
                value=reference
                error=reference_error
                autocomplete="off"
                placeholder="sex=male"
                hint="Groups to compare with besides the best one, as attribute=group with commas between them."
            />
        </Fieldset>
    }
    .into_any()
}
