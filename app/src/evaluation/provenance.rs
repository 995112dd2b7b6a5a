//! The foot of a report: what it was computed from and how, its digests, and who signed on it.
use crate::ui::{
    ButtonLink, CodeBlock, Fact, Facts, FullDigest, Icon, Section, Signature, Signatures, Signed, Size,
    Stamp, number,
};
use assess::{Assessment, report::Task};
use domain::view::{evaluation::Evaluation, release};
use leptos::prelude::*;

/// How it was computed, and signed by whom.
pub fn view(evaluation: &Evaluation, report: &Assessment) -> AnyView {
    let how = how(evaluation, report);
    let signed = signed(&evaluation.signatures);
    view! {
        <Section title="How this was computed" id="provenance">
            {how}
        </Section>
        <Section title="Signed by" note="On releases that stand on this report." id="signed">
            {signed}
        </Section>
    }
    .into_any()
}

fn how(evaluation: &Evaluation, report: &Assessment) -> AnyView {
    let row = evaluation.row.clone();
    let (id, at) = (row.id, row.evaluated_at);
    let file = format!(
        "{}, {}, {}, {}",
        row.file_name,
        report.source().format,
        number::bytes(report.source().bytes),
        number::counted(report.rows(), "row", "rows"),
    );
    let intervals = match report.task() {
        Task::Binary => {
            "95\u{a0}%: Wilson for rates, Katz for ratios, Newcombe for differences, DeLong on the logit for ROC AUC"
        }
        _ => "95\u{a0}%, where a closed form is sound: Wilson for rates, Newcombe for differences",
    };
    let columns = columns(report);
    let missing = missing(report);
    let predictions = format!("/evaluations/{id}/predictions");
    let name = format!("{}-{}-report-{id}.json", evaluation.model, evaluation.number);
    let check = format!("echo \"{}  {name}\" | sha256sum --check", row.report_digest);
    let version = evaluation.version_digest.clone();
    let of = format!("{} {} ", evaluation.model, evaluation.number);
    let schema = format!("{}, canonical JSON ", report.schema());
    view! {
        <Facts>
            <Fact name="Predictions">{file} <FullDigest value=row.file_digest/></Fact>
            <Fact name="Columns">{columns}</Fact>
            <Fact name="Left out">{missing}</Fact>
            <Fact name="Intervals">{intervals}</Fact>
            <Fact name="Computed">{row.evaluated_by.name} ", " <Stamp at/></Fact>
            <Fact name="Version">{of} <FullDigest value=version/></Fact>
            <Fact name="Report">
                {schema} <FullDigest value=row.report_digest/>
            </Fact>
        </Facts>
        <p class="small muted">"To check it yourself, download report.json and let your own machine compute its digest:"</p>
        <CodeBlock label="Command that checks the digest" code=check/>
        <div class="row screen-only">
            <ButtonLink href=predictions size=Size::Small icon=Icon::Download>
                "The predictions file"
            </ButtonLink>
        </div>
    }
    .into_any()
}

/// What the file's columns were taken to mean.
fn columns(report: &Assessment) -> String {
    let columns = report.columns();
    let mut parts = vec![format!("answers in {}", columns.label)];
    if let Some(prediction) = &columns.prediction {
        parts.push(format!("predictions in {prediction}"));
    }
    if let Some(score) = &columns.score {
        parts.push(format!("scores in {score}"));
    }
    if columns.prediction.is_none() && report.task() == Task::Binary {
        parts.push(format!("positive from a score of {} on", columns.cut()));
    }
    if !columns.protected.is_empty() {
        parts.push(format!("protected: {}", columns.protected.join(", ")));
    }
    if let Some(weight) = &columns.weight {
        parts.push(format!("weights in {weight}"));
    }
    if !columns.favourable.is_empty() {
        parts.push(format!("favourable answer “{}”", columns.favourable));
    }
    if let Some(report) = report.as_binary() {
        parts.push(format!("positive answer “{}”", report.labels.positive));
    }
    crate::problem::sentence(&parts.join("; "))
}

fn missing(report: &Assessment) -> String {
    let parts: Vec<_> = report
        .missing()
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{} without {name}", number::counted(*count, "row", "rows")))
        .collect();
    if parts.is_empty() {
        "Nothing: every row has a value for every protected attribute.".to_owned()
    } else {
        format!("Counted overall, in no comparison: {}.", parts.join(", "))
    }
}

fn signed(signatures: &[release::Signature]) -> AnyView {
    if signatures.is_empty() {
        return view! { <p class="muted">"Nobody has signed a release that stands on this report yet."</p> }
            .into_any();
    }
    let signatures = signatures
        .iter()
        .cloned()
        .map(|signature| {
            let signed = match signature.voided {
                Some((_, reason)) => Signed::Void(signature.at, reason),
                None => Signed::At(signature.at),
            };
            view! { <Signature name=signature.name meaning=signature.meaning signed/> }
        })
        .collect_view();
    view! { <Signatures>{signatures}</Signatures> }.into_any()
}
