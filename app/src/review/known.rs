//! What the portal knows already of a question, so that nobody has to look it up or copy it by hand.
use crate::{
    evaluation::worse_than,
    release::figure::{named, written},
    ui::{Unit, number},
};
use assess::Report;
use domain::{
    fact::Fact,
    template::{EvidenceKind, Question},
    view::{evaluation::Moved, review::Review},
};

/// A review with its report, read once.
pub struct Known<'a> {
    pub review: &'a Review,
    /// None where there is no evaluation, or where its report is of a kind that this page can't show.
    pub report: Option<Report>,
}

impl<'a> Known<'a> {
    pub fn of(review: &'a Review) -> Self {
        let report = review
            .report
            .as_deref()
            .and_then(|report| serde_json::from_str(report).ok());
        Self { review, report }
    }

    /// A fact by its id.
    pub fn fact(&self, id: &str) -> Option<&'a Fact> {
        self.review.facts.iter().find(|fact| fact.id == id)
    }

    fn line(&self, id: &str) -> Option<String> {
        self.fact(id)
            .map(|fact| format!("{}: {}", named(fact), written(fact)))
    }

    fn lines<const N: usize>(&self, ids: [&str; N]) -> Vec<String> {
        ids.into_iter().filter_map(|id| self.line(id)).collect()
    }
}

/// What is known of a question, a sentence each. Templates are data: a question that this doesn't know by its id gets
/// what belongs to its kind of evidence.
pub fn facts(question: &Question, known: &Known<'_>) -> Vec<String> {
    match (question.evidence, question.id.as_str()) {
        (EvidenceKind::Bias, "groups") => groups(known),
        (EvidenceKind::Bias, "small") => small(known),
        (EvidenceKind::Bias, "crossed") => crossed(known),
        (EvidenceKind::Bias, "errors") => known.lines([
            "fairness.equal_opportunity_difference",
            "fairness.equalised_odds_difference",
        ]),
        (EvidenceKind::Bias, _) => bias(known),
        (EvidenceKind::Performance, "validation") => validation(known),
        (EvidenceKind::Performance, _) => known.lines([
            "performance.roc_auc",
            "performance.accuracy",
            "performance.calibration_error",
        ]),
        (EvidenceKind::Data, _) => data(known),
        (EvidenceKind::Card, _) => card(known),
        (EvidenceKind::Evidence, _) => evidence(known),
        (EvidenceKind::Changes, _) => changes(known),
    }
}

fn bias(known: &Known<'_>) -> Vec<String> {
    match known.lines(["fairness.impact_ratio"]) {
        lines if lines.is_empty() => vec!["No protected attribute was measured.".to_owned()],
        lines => lines,
    }
}

fn groups(known: &Known<'_>) -> Vec<String> {
    let Some(report) = &known.report else {
        return bias(known);
    };
    let singles = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    let lines: Vec<_> = singles
        .map(|attribute| {
            let named = attribute.groups.iter().filter(|group| group.is_known());
            let names: Vec<_> = named
                .map(|group| format!("{} ({})", group.name(), number::sample(group.n)))
                .collect();
            format!("{}: {}", attribute.title(), names.join(", "))
        })
        .collect();
    if lines.is_empty() { bias(known) } else { lines }
}

fn small(known: &Known<'_>) -> Vec<String> {
    let Some(report) = &known.report else {
        return bias(known);
    };
    let few: Vec<_> = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1)
        .flat_map(|attribute| &attribute.groups)
        .filter(|group| group.is_known() && !group.is_judged())
        .map(|group| format!("{} ({})", group.name(), number::sample(group.n)))
        .collect();
    let shown = format!(
        "Groups of fewer than {} people are shown but not judged",
        report.settings.min_judged
    );
    match few.as_slice() {
        [] => vec![format!("{shown}; there is none.")],
        few => vec![format!("{shown}: {}.", few.join(", "))],
    }
}

fn crossed(known: &Known<'_>) -> Vec<String> {
    let Some(report) = &known.report else {
        return bias(known);
    };
    let pairs: Vec<_> = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() > 1)
        .map(assess::report::Attribute::title)
        .collect();
    if pairs.is_empty() {
        return vec!["No two attributes were measured together.".to_owned()];
    }
    let mut lines = vec![format!("Measured together: {}.", pairs.join("; "))];
    lines.extend(known.line("fairness.intersection.impact_ratio"));
    lines
}

fn validation(known: &Known<'_>) -> Vec<String> {
    let Some(report) = &known.report else {
        return vec!["This version has not been evaluated.".to_owned()];
    };
    let trained: Vec<_> = known
        .review
        .manifest
        .datasets
        .iter()
        .map(|data| data.name.as_str())
        .collect();
    let same = known
        .review
        .manifest
        .datasets
        .iter()
        .any(|data| data.sha256 == report.source.digest);
    let apart = if same {
        "The predictions file is one of the training data sets."
    } else {
        "The predictions file is none of the training data sets, by digest."
    };
    vec![
        format!(
            "Evaluated on {} rows; trained on {}.",
            number::thousands(report.rows),
            trained.join(", ")
        ),
        apart.to_owned(),
    ]
}

fn data(known: &Known<'_>) -> Vec<String> {
    let sets = known.review.manifest.datasets.iter();
    sets.map(|data| {
        let personal = if data.personal_data.is_empty() {
            "no personal data named".to_owned()
        } else {
            format!("personal data: {}", data.personal_data.join(", "))
        };
        format!(
            "{} {}, from {}; legal basis: {}; {personal}.",
            data.name, data.version, data.source, data.legal_basis
        )
    })
    .collect()
}

fn card(known: &Known<'_>) -> Vec<String> {
    let words = known.review.manifest.card.split_whitespace().count();
    let heads: Vec<_> = known
        .review
        .manifest
        .card
        .lines()
        .filter_map(|line| line.strip_prefix('#'))
        .map(|head| head.trim_start_matches('#').trim())
        .filter(|head| !head.is_empty())
        .collect();
    let about = if heads.is_empty() {
        String::new()
    } else {
        format!(" under the headings: {}", heads.join(", "))
    };
    vec![
        format!("The model is registered as {} risk.", known.review.release.tier),
        format!("The card has {words} words{about}."),
    ]
}

fn evidence(known: &Known<'_>) -> Vec<String> {
    let parts = &known.review.dossier.evidence;
    if parts.is_empty() {
        return vec!["The dossier holds no evidence but the evaluation.".to_owned()];
    }
    parts
        .iter()
        .map(|part| {
            let until = part.expires_on.map_or_else(
                || "no date of expiry".to_owned(),
                |day| format!("good until {}", day.format("%-d %B %Y")),
            );
            format!(
                "{}: “{}”, {until}.",
                crate::problem::sentence(&part.kind.replace('-', " ")).trim_end_matches('.'),
                part.title
            )
        })
        .collect()
}

fn changes(known: &Known<'_>) -> Vec<String> {
    let review = known.review;
    let Some(baseline) = review.baseline else {
        return vec!["This is the first release; there is no approved version to compare with.".to_owned()];
    };
    let mut lines = vec![worse_than(&review.regressions, &format!("version {baseline}"))];
    if let Some(change) = review
        .regressions
        .first()
        .filter(|change| matches!(change.verdict, Moved::Worse | Moved::Unjudged))
    {
        let unit = Unit::of_fact(&change.now.id);
        let before = change
            .before
            .map(|before| format!(", was {}", unit.write(before)))
            .unwrap_or_default();
        lines.push(format!(
            "Worst: {}: {}{before}.",
            named(&change.now),
            written(&change.now)
        ));
    }
    lines
}
