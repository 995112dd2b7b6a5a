//! A report's page: the sentence, three numbers, then every table and chart behind them.
use super::{
    against::Against,
    beside,
    changes::{changes_table, worse_than},
    charts, cutoffs, errors, figures, gaps, gates, groups, overall, provenance,
    sorting::Sort,
    spread, tasks, warnings,
};
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        Breadcrumb, ButtonLink, Icon, Notice, PageHead, ReportBody, Section, Stack, Status, TierMark, Tone,
        Verdict, When,
    },
};
use assess::{Assessment, Report};
use domain::{
    policy::GateState,
    view::evaluation::{Change, Evaluation},
};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// An evaluation, and how its measures moved from the last approved version's, worst first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reported {
    pub evaluation: Evaluation,
    pub changes: Vec<Change>,
}

/// How the reader wants to look at it, by the address.
struct Chosen {
    sort: Sort,
    against: Against,
    /// The place of a cut-off.
    cut: Option<usize>,
}

#[server]
pub async fn read_evaluation(id: String) -> Result<Reported, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = id.parse().map_err(|_| backend::Failure::NotFound)?;
        let evaluation = backend::evaluation::page(&portal, &actor, id).await?;
        let changes = match evaluation.baseline {
            Some((baseline, _)) => {
                let before = backend::evaluation::page(&portal, &actor, baseline).await?;
                backend::assessment::changes(&before.report, &evaluation.report)?
            }
            None => Vec::new(),
        };
        Ok(Reported { evaluation, changes })
    })
    .await
}

#[component]
pub fn ReportPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let asked = use_query_map().get_untracked();
    let asked = |name: &str| asked.get(name).unwrap_or_default();
    let chosen = Chosen {
        sort: Sort::named(&asked("sort")),
        against: Against::named(&asked("against")),
        cut: asked("cut").parse().ok(),
    };
    page(
        read_evaluation(id),
        |reported| title(&reported.evaluation),
        move |reported| show(&reported, &chosen),
    )
}

/// "Report 902, recidivism-risk 3".
fn title(evaluation: &Evaluation) -> String {
    format!(
        "Report {}, {} {}",
        evaluation.row.id, evaluation.model, evaluation.number
    )
}

fn show(reported: &Reported, chosen: &Chosen) -> impl IntoView + use<> {
    let evaluation = &reported.evaluation;
    let body = match serde_json::from_str::<Assessment>(&evaluation.report) {
        Ok(assessment) => body(reported, &assessment, chosen),
        Err(_) => view! {
            <Notice tone=Tone::Danger title="This report can't be shown">
                <p>"It was written in a form that this portal does not read. Its JSON is whole and can be downloaded."</p>
            </Notice>
        }
        .into_any(),
    };
    let head = head(evaluation);
    let verdict = evaluation.row.verdict.clone();
    view! {
        <ReportBody>
            <Stack>
                {head}
                <Verdict>{verdict}</Verdict>
            </Stack>
            {body}
        </ReportBody>
    }
}

fn head(evaluation: &Evaluation) -> AnyView {
    let version = format!("/models/{}/versions/{}", evaluation.model, evaluation.number);
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (
            evaluation.model.to_string(),
            format!("/models/{}", evaluation.model),
        ),
        (format!("Version {}", evaluation.number), version.clone()),
    ];
    let id = evaluation.row.id;
    let file = move |kind: &str| format!("/evaluations/{id}/report.{kind}");
    let compare = evaluation.baseline.map(|(_, number)| {
        let href = format!("{version}?compare=1");
        view! { <ButtonLink href icon=Icon::Same>{format!("Compare with {number}")}</ButtonLink> }
    });
    let (pdf, xlsx, csv, json) = (file("pdf"), file("xlsx"), file("csv"), file("json"));
    let action = view! {
        <div class="row screen-only">
            {compare}
            <ButtonLink href=pdf icon=Icon::Download>"PDF"</ButtonLink>
            <ButtonLink href=xlsx icon=Icon::Download>"XLSX"</ButtonLink>
            <ButtonLink href=csv icon=Icon::Download>"CSV"</ButtonLink>
            <ButtonLink href=json icon=Icon::Download>"JSON"</ButtonLink>
        </div>
    };
    let (tone, word) = overall_word(evaluation);
    let (tier, at) = (evaluation.tier.into(), evaluation.row.evaluated_at);
    let by = format!(
        "{}, from {}",
        evaluation.row.evaluated_by.name, evaluation.row.file_name
    );
    view! {
        <Breadcrumb trail here=format!("Report {id}")/>
        <PageHead title=title(evaluation) action>
            <Status tone>{word}</Status>
            <TierMark tier/>
            <span class="small faint">"Computed " <When at now=now()/> " by " {by}</span>
        </PageHead>
    }
    .into_any()
}

/// The worst of the gates in words.
fn overall_word(evaluation: &Evaluation) -> (Tone, &'static str) {
    let any = |state: GateState| evaluation.gates.iter().any(|gate| gate.state == state);
    match () {
        () if evaluation.gates.is_empty() => (Tone::Absent, "No policy judges it"),
        () if any(GateState::Fail) => (Tone::Danger, "Does not meet the policy"),
        () if any(GateState::NotMeasured) => (Tone::Absent, "Not all that the policy asks for is measured"),
        () if any(GateState::Near) => (Tone::Warn, "Meets the policy, narrowly"),
        () => (Tone::Ok, "Meets the policy"),
    }
}

fn body(reported: &Reported, assessment: &Assessment, chosen: &Chosen) -> AnyView {
    let evaluation = &reported.evaluation;
    let report = match assessment.as_binary() {
        Some(report) => binary(evaluation, report, chosen),
        None => tasks::view(assessment).into_any(),
    };
    view! {
        {warnings::view(assessment.warnings())}
        {figures::view(evaluation, assessment)}
        {gates::view(evaluation)}
        {report}
        {beside::view(assessment, &evaluation.drift)}
        {changes(reported)}
        {provenance::view(evaluation, assessment)}
    }
    .into_any()
}

/// What only a report of two answers has.
fn binary(evaluation: &Evaluation, report: &Report, chosen: &Chosen) -> AnyView {
    view! {
        {groups::view(report, chosen.sort, &chosen.against)}
        {charts::groups(evaluation, report)}
        {errors::view(report)}
        {gaps::view(report)}
        {overall::view(report)}
        {charts::curves(report)}
        {spread::view(report)}
        {cutoffs::view(report, chosen.cut)}
    }
    .into_any()
}

fn changes(reported: &Reported) -> Option<AnyView> {
    let (_, number) = reported.evaluation.baseline?;
    let note = worse_than(
        &reported.changes,
        &format!("version {number}, the last approved one before this"),
    );
    let this = format!("{}, this", reported.evaluation.number);
    let table = changes_table(&reported.changes, format!("{number}, approved"), this);
    let section = view! {
        <Section title="What changed" note id="changes">
            {table}
        </Section>
    };
    Some(section.into_any())
}
