//! The fields of the form that predictions are sent by, and what they hold.
use crate::{
    kept::Kept,
    problem::Problem,
    release::words::wrong,
    ui::{Columns, Field, Fieldset, FullWidth, Notice, Select, Tone},
};
use assess::{Asked, report::Task};
use leptos::prelude::*;

/// What the fields hold: typed before, else as in the last evaluation, else what most files say.
pub struct Values {
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
    together: String,
    slices: String,
    features: String,
    id: String,
    baseline: String,
}

/// The values to fill in.
pub fn values(kept: &Kept, asked: Option<&Asked>, baseline: String) -> Values {
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
        together: of(
            "together",
            last.together.map(|count| count.to_string()).unwrap_or_default(),
        ),
        slices: of("slices", asked.slices.join(", ")),
        features: of("features", asked.features.join(", ")),
        id: of("id", asked.id.unwrap_or_default()),
        baseline: of("baseline", baseline),
    }
}

/// What the columns of the file mean.
pub fn columns(values: &Values, problem: Option<&Problem>) -> AnyView {
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
pub fn beside(values: &Values, baselines: Vec<(String, String)>, problem: Option<&Problem>) -> AnyView {
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

/// What answers and groups mean for people.
pub fn people(values: &Values, problem: Option<&Problem>) -> AnyView {
    let (favourable, positive) = (values.favourable.clone(), values.positive.clone());
    let (protected, reference) = (values.protected.clone(), values.reference.clone());
    let (favourable_error, positive_error) = (wrong(problem, "favourable"), wrong(problem, "positive"));
    let (protected_error, reference_error) = (wrong(problem, "protected"), wrong(problem, "reference"));
    let (together, together_error) = (values.together.clone(), wrong(problem, "together"));
    let depths = [("1", "Each by itself"), ("3", "Each, each pair and each three")]
        .map(|(count, words)| (count.to_owned(), words.to_owned()))
        .to_vec();
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
                hint="Columns with commas between them."
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
            <Select
                name="together"
                label="Attributes together"
                options=depths
                value=together
                error=together_error
                blank="Each, and each pair"
                hint="Who belongs to two groups can fare worse than either. Three at once make small groups, which are told but not judged."
            />
        </Fieldset>
    }
    .into_any()
}
