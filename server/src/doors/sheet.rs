//! A report laid out for paper: the verdict and its numbers, then performance, then each attribute's groups.
mod tasks;

use assess::{
    Assessment, Columns, Figure, Report,
    report::{Attribute, Group, Mark, Standing},
    words,
};
use domain::{
    policy::{GateState, Outcome},
    view::{evaluation::Evaluation, release},
};
use paper::{Align, Column, Headline, Paper, Row, Section, Signature, Table, Tone};

/// The paper of an evaluation.
pub fn of(evaluation: &Evaluation, assessment: &Assessment) -> Paper {
    let mut sections: Vec<_> = questions(assessment).into_iter().collect();
    match assessment.as_binary() {
        Some(report) => {
            sections.push(performance(report));
            sections.extend(
                report
                    .attributes
                    .iter()
                    .map(|attribute| groups(attribute, report)),
            );
            sections.extend(chance(report));
        }
        None => sections.extend(tasks::sections(assessment)),
    }
    sections.extend(tasks::beside(assessment));
    sections.push(provenance(evaluation, assessment.columns()));
    Paper {
        title: format!("{} {}", evaluation.model, evaluation.number),
        subtitle: format!(
            "{} · {} rows",
            evaluation.row.file_name,
            words::count(assessment.rows())
        ),
        kicker: format!("Performance and bias report {}", evaluation.row.id),
        verdict: evaluation.row.verdict.clone(),
        date: evaluation.row.evaluated_at.timestamp(),
        figures: headlines(&evaluation.gates),
        sections,
        signatures: evaluation
            .signatures
            .iter()
            .filter(|signature| signature.voided.is_none())
            .map(signature)
            .collect(),
        awaited: Vec::new(),
        footer: vec![
            ("Report".into(), evaluation.row.report_digest.clone()),
            ("Predictions".into(), evaluation.row.file_digest.clone()),
            ("Version".into(), evaluation.version_digest.clone()),
        ],
    }
}

/// What carries the verdict: the gates that are not met go first.
fn headlines(gates: &[Outcome]) -> Vec<Headline> {
    let mut worst: Vec<&Outcome> = gates.iter().collect();
    worst.sort_by_key(|gate| match gate.state {
        GateState::Fail => 0,
        GateState::NotMeasured => 1,
        GateState::Near => 2,
        GateState::Pass => 3,
    });
    worst.into_iter().take(3).map(headline).collect()
}

fn headline(gate: &Outcome) -> Headline {
    let (words, tone) = match gate.state {
        GateState::Pass => ("Met", Tone::Ok),
        GateState::Near => ("Met, narrowly", Tone::Warn),
        GateState::Fail => ("Not met", Tone::Danger),
        GateState::NotMeasured => ("Not measured", Tone::Neutral),
    };
    let value = gate.fact.as_ref().and_then(|fact| fact.value);
    Headline {
        label: gate.title.clone(),
        value: value.map_or_else(|| "–".into(), domain::written::number),
        detail: format!("{words}\n{}", gate.detail),
        tone,
    }
}

fn signature(signature: &release::Signature) -> Signature {
    Signature {
        name: signature.name.clone(),
        meaning: signature.meaning.clone(),
        at: signature.at.timestamp(),
        digest: signature.dossier_digest.clone(),
    }
}

/// What looks odd, before anybody relies on the rest.
fn questions(assessment: &Assessment) -> Option<Section> {
    let lines: Vec<_> = assessment
        .warnings()
        .iter()
        .map(|warning| match warning.column.as_str() {
            "" => warning.words.clone(),
            column => format!("{column}: {}", warning.words),
        })
        .collect();
    (!lines.is_empty()).then(|| Section {
        heading: "Worth a question before you rely on this".into(),
        reading: lines.join("\n"),
        ..Section::default()
    })
}

/// How likely the groups' differences are by chance.
fn chance(report: &Report) -> Option<Section> {
    let singles = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    let tested = singles.flat_map(|attribute| attribute.groups.iter().map(move |group| (attribute, group)));
    let rows: Vec<_> = tested
        .filter_map(|(attribute, group)| {
            let test = group.test.as_ref()?;
            Some(Row {
                cells: vec![
                    format!("{}\n{}", group.name(), attribute.title()),
                    test.against.clone(),
                    test.z.map_or_else(|| "–".into(), |z| format!("{z:.1}")),
                    probability(test.p),
                    probability(test.holm),
                    probability(test.benjamini_hochberg),
                ],
                muted: false,
            })
        })
        .collect();
    (!rows.is_empty()).then(|| Section {
        heading: "How likely these differences are by chance".into(),
        table: Some(Table {
            columns: vec![
                start("Group"),
                start("Against"),
                end("Standard deviations"),
                end("By chance"),
                end("Of several (Holm)"),
                end("False discoveries (BH)"),
            ],
            rows,
            caption: "Of the favourable rate; two proportions, or Fisher's exact test (no standard deviations) where fewer than \
                      five are expected. Small is not unfair, and large is not fair."
                .into(),
        }),
        ..Section::default()
    })
}

/// No zeros that aren't.
fn probability(p: f64) -> String {
    if p < 0.001 {
        "below 0.001".into()
    } else {
        format!("{p:.3}")
    }
}

fn performance(report: &Report) -> Section {
    let overall = &report.overall;
    let scores = overall.scores.named();
    let named = overall.rates.named().into_iter().chain(scores);
    let rows = named.map(|(id, figure)| Row {
        cells: vec![title(id), shown(figure), n(figure)],
        muted: false,
    });
    Section {
        heading: "Performance".into(),
        table: Some(Table {
            columns: vec![start("Figure"), end("Value"), end("n")],
            rows: rows.collect(),
            caption: format!(
                "Intervals at {} confidence.",
                words::percent(report.settings.confidence)
            ),
        }),
        ..Section::default()
    }
}

fn groups(attribute: &Attribute, report: &Report) -> Section {
    let rows = attribute.groups.iter().map(row).collect();
    let (over, under) = report.settings.impact_mark;
    let gaps = attribute.gaps.iter().map(|gap| {
        let between = gap
            .between
            .as_ref()
            .map(|(high, low)| format!("\n{high} against {low}"));
        (
            gap.title.clone(),
            shown(&gap.figure) + &between.unwrap_or_default(),
        )
    });
    Section {
        heading: format!("By {}", attribute.title()),
        table: Some(Table {
            columns: vec![
                start("Group"),
                end("n"),
                end("Favourable rate"),
                end("TPR"),
                end("FPR"),
                end("Impact ratio"),
            ],
            rows,
            caption: format!(
                "Impact ratio: favourable rate over that of the best judged group, held against {over}/{under}. Groups below \
                 {} people are too few to judge.",
                report.settings.min_judged
            ),
        }),
        facts: gaps.collect(),
        ..Section::default()
    }
}

fn row(group: &Group) -> Row {
    let standing = match &group.standing {
        Standing::Judged => String::new(),
        Standing::TooFew { .. } => "\ntoo few to judge".into(),
        Standing::Missing { .. } => "\nnot known".into(),
    };
    let impact = match group.impact.mark {
        Some(Mark::Below) => "\nbelow the mark",
        Some(Mark::Reached) => "\nat or above the mark",
        None => "",
    };
    let rates: std::collections::BTreeMap<_, _> = group.rates.named().into_iter().collect();
    let rate = |id: &str| rates.get(id).map_or_else(|| "–".into(), |figure| shown(figure));
    Row {
        muted: !group.is_judged(),
        cells: vec![
            group.name() + &standing,
            words::count(group.n),
            rate("favourable_rate"),
            rate("tpr"),
            rate("fpr"),
            shown(&group.impact.ratio) + impact,
        ],
    }
}

fn provenance(evaluation: &Evaluation, columns: &Columns) -> Section {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".into());
    Section {
        heading: "What this stands on".into(),
        facts: vec![
            (
                "Model and version".into(),
                format!(
                    "{} {} ({} risk)",
                    evaluation.model, evaluation.number, evaluation.tier
                ),
            ),
            (
                "Predictions".into(),
                format!("{}\n{}", evaluation.row.file_name, evaluation.row.file_digest),
            ),
            ("Label".into(), columns.label.clone()),
            ("Prediction".into(), or_none(&columns.prediction)),
            ("Score".into(), or_none(&columns.score)),
            (
                "Favourable answer".into(),
                if columns.favourable.is_empty() {
                    "none".into()
                } else {
                    columns.favourable.clone()
                },
            ),
            ("Evaluated by".into(), evaluation.row.evaluated_by.name.clone()),
        ],
        ..Section::default()
    }
}

/// The number, and its interval below it; where there is none, why.
fn shown(figure: &Figure) -> String {
    match (figure.value, figure.interval()) {
        (Some(value), Some((low, high))) => format!("{value:.3}\n{low:.3} to {high:.3}"),
        (Some(value), None) => format!("{value:.3}"),
        (None, _) => format!("–\n{}", figure.reason.as_deref().unwrap_or("not measured")),
    }
}

fn n(figure: &Figure) -> String {
    words::count(figure.n)
}

/// `false_positive` reads "False positive"; what is all capitals by custom stays so.
fn title(id: &str) -> String {
    if matches!(id, "tpr" | "fpr" | "tnr" | "fnr") {
        return id.to_uppercase();
    }
    let words = id.replace('_', " ").replace("auc", "AUC").replace("roc", "ROC");
    let mut letters = words.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}

fn start(label: &str) -> Column {
    Column {
        label: label.into(),
        align: Align::Start,
    }
}

fn end(label: &str) -> Column {
    Column {
        label: label.into(),
        align: Align::End,
    }
}
