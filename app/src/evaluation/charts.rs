//! The drawings of a report, each with its reading and its table.
use super::groups::mark;
use crate::ui::{
    Axis, Bin, CalibrationCurve, Card, Curve, CurveLine, GroupPlot, Lines, Mark, MarkKind, Pair, PlotRow,
    RocCurve, Scale, Unit, number::sample,
};
use assess::{
    Figure, Report,
    report::{self, Attribute, Group, Point},
};
use domain::view::evaluation::Evaluation;
use leptos::prelude::*;

/// Two charts for each single attribute: impact ratios, and right and wrong positives.
pub fn groups(evaluation: &Evaluation, report: &Report) -> AnyView {
    let gate = evaluation
        .gates
        .iter()
        .find(|gate| gate.expression.fact == "fairness.impact_ratio");
    let target = gate.map_or_else(|| mark(report), |gate| gate.expression.threshold);
    let charts = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1)
        .map(|attribute| {
            let impact = impact(attribute, target);
            let errors = errors(attribute, &report.labels.positive);
            view! {
                <Card>{impact}</Card>
                <Card>{errors}</Card>
            }
        })
        .collect_view();
    charts.into_any()
}

/// Groups as the tables have them: judged ones by ratio, worst first, then those too small.
fn ordered(attribute: &Attribute) -> Vec<&Group> {
    super::sorting::Sort::default().sorted(&attribute.groups)
}

/// Impact ratios of one attribute, worst first.
pub fn impact(attribute: &Attribute, target: f64) -> AnyView {
    let (kinds, rows): (Vec<_>, Vec<_>) = ordered(attribute)
        .into_iter()
        .filter_map(|group| impact_row(group, target))
        .unzip();
    let count = |kind: MarkKind| kinds.iter().filter(|other| **other == kind).count();
    let (below, small) = (count(MarkKind::Bad), count(MarkKind::Unjudged));
    let values = rows
        .iter()
        .flat_map(|row: &PlotRow| &row.marks)
        .flat_map(|mark| [mark.value, mark.interval.map_or(mark.value, |(_, high)| high)]);
    let top = values
        .filter(|value| value.is_finite())
        .fold(1.2, f64::max)
        .min(2.0);
    let axis = Axis {
        scale: Scale::new(0.0, if top > 1.2 { 2.0 } else { 1.2 }),
        ticks: if top > 1.2 {
            vec![0.0, 0.5, 1.0, 1.5, 2.0]
        } else {
            vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2]
        },
        unit: Unit::Ratio,
        target: Some(target),
    };
    let reading = match (attribute.worst(), attribute.best()) {
        (Some(worst), Some(best)) if worst.key != best.key => {
            let ratio = worst.impact.ratio.value.unwrap_or(1.0);
            let tail = match (below, small) {
                (0, 0) => " No group lies below the target with its whole interval.".to_owned(),
                (0, _) => " No judged group lies below the target with its whole interval.".to_owned(),
                (1, _) => " One group lies below the target with its whole interval.".to_owned(),
                (below, _) => format!(" {below} groups lie below the target with their whole interval."),
            };
            format!(
                "The favourable answer goes to {} {} times as often as to {}.{tail}",
                worst.name(),
                assess::words::ratio(ratio, target),
                best.name()
            )
        }
        _ => "No two groups can be told apart by how often they get the favourable answer.".to_owned(),
    };
    let key = vec![
        (MarkKind::First, "at the target, or not clearly below".to_owned()),
        (MarkKind::Bad, "below, whole interval".to_owned()),
        (MarkKind::Unjudged, "too few to judge".to_owned()),
    ];
    let title = format!("Impact ratio by {}", attribute.title().replace('_', " "));
    let series = vec!["Impact ratio".to_owned()];
    view! { <GroupPlot title reading axis rows key series/> }.into_any()
}

fn impact_row(group: &Group, target: f64) -> Option<(MarkKind, PlotRow)> {
    let figure = &group.impact.ratio;
    let value = figure.value?;
    let best = group.impact.against.as_deref() == Some(group.name().as_str());
    let judged = figure.judged().is_some() && group.is_judged();
    let kind = match figure.interval() {
        _ if !judged => MarkKind::Unjudged,
        Some((_, high)) if high < target => MarkKind::Bad,
        None if value < target => MarkKind::Bad,
        _ => MarkKind::First,
    };
    let note = match (best, judged) {
        (true, _) => Some("reference".to_owned()),
        (_, false) => Some("not judged".to_owned()),
        _ => None,
    };
    let mark = Mark {
        kind,
        value,
        interval: figure.interval().filter(|_| !best),
        n: group.n,
    };
    let row = PlotRow {
        label: group.name(),
        marks: vec![mark],
        note,
    };
    Some((kind, row))
}

fn errors(attribute: &Attribute, positive: &str) -> AnyView {
    let rows: Vec<_> = ordered(attribute).into_iter().filter_map(error_row).collect();
    let widest = attribute
        .gap("equalised_odds_difference")
        .filter(|gap| gap.figure.judged().is_some())
        .and_then(|gap| Some((gap.figure.value?, gap.between.clone()?, gap.rate?)));
    let reading = match widest {
        Some((value, (high, low), rate)) => format!(
            "The {} differs most: by {} between {high} and {low}.",
            rate.title().to_lowercase(),
            Unit::Points.write(value)
        ),
        None => "No two groups can be compared by their errors.".to_owned(),
    };
    let key = vec![
        (
            MarkKind::First,
            format!("wrongly predicted “{positive}” (false positive rate)"),
        ),
        (
            MarkKind::Second,
            format!("rightly predicted “{positive}” (true positive rate)"),
        ),
        (MarkKind::Unjudged, "too few to judge".to_owned()),
    ];
    let title = format!(
        "Wrong and right positives by {}",
        attribute.title().replace('_', " ")
    );
    let series = vec!["False positive rate".to_owned(), "True positive rate".to_owned()];
    let axis = Axis::shares();
    view! { <GroupPlot title reading axis rows key series/> }.into_any()
}

fn error_row(group: &Group) -> Option<PlotRow> {
    let mark = |figure: &Figure, kind: MarkKind| {
        let judged = figure.judged().is_some() && group.is_judged();
        Some(Mark {
            kind: if judged { kind } else { MarkKind::Unjudged },
            value: figure.value?,
            interval: figure.interval(),
            n: figure.n,
        })
    };
    let marks = vec![
        mark(&group.rates.fpr, MarkKind::First)?,
        mark(&group.rates.tpr, MarkKind::Second)?,
    ];
    let small = marks.iter().any(|mark| mark.kind == MarkKind::Unjudged);
    Some(PlotRow {
        label: group.name(),
        marks,
        note: small.then(|| "too few to judge".to_owned()),
    })
}

/// The curves of all rows and, where there are groups to compare, of those that fare best and worst by each.
pub fn curves(report: &Report) -> Option<AnyView> {
    let (roc, recall) = (roc(report), precision_over_recall(report));
    let overall = &report.overall;
    let all = calibration("Calibration", &overall.calibration);
    let by_group = report
        .attributes
        .iter()
        .flat_map(|attribute| [roc_by_group(attribute), calibration_by_group(attribute)]);
    let charts: Vec<_> = [roc, recall, all].into_iter().chain(by_group).flatten().collect();
    side_by_side(charts)
}

/// Charts two by two; nothing where there are none.
pub fn side_by_side(charts: Vec<AnyView>) -> Option<AnyView> {
    let any = !charts.is_empty();
    any.then(|| {
        let cards = charts
            .into_iter()
            .map(|chart| view! { <Card>{chart}</Card> })
            .collect_view();
        view! { <Pair>{cards}</Pair> }.into_any()
    })
}

/// Precision over recall, as the cut-off comes down; from the ROC curve and the number of positives and negatives.
fn precision_over_recall(report: &Report) -> Option<AnyView> {
    let overall = &report.overall;
    let figure = &overall.scores.average_precision;
    let value = figure.value.filter(|_| overall.roc.len() > 1)?;
    let (positives, negatives) = (
        assess::stats::real(overall.counts.positives()),
        assess::stats::real(overall.counts.negatives()),
    );
    let point = |point: &Point| {
        let (tp, fp) = (point.tpr * positives, point.fpr * negatives);
        (tp + fp > 0.0).then(|| (point.tpr, tp / (tp + fp)))
    };
    let curve = Curve {
        label: "All rows".to_owned(),
        points: overall.roc.iter().filter_map(point).collect(),
        summary: format!("average precision {}", Unit::Score.write(value)),
        line: CurveLine::First,
    };
    let base = overall.rates.base.value?;
    let reading = format!(
        "Of those it calls positive, {} are, averaged over all cut-offs; picked blindly it would be {}.",
        Unit::Share.write(value),
        Unit::Share.write(base)
    );
    let (title, curves) = ("Precision and recall", vec![curve]);
    Some(view! { <Lines title reading across="Recall" up="Precision" curves/> }.into_any())
}

/// The groups that the score ranks best and worst, one curve each.
fn roc_by_group(attribute: &Attribute) -> Option<AnyView> {
    let ranked = || {
        let groups = attribute.groups.iter().filter(|group| group.roc.len() > 1);
        groups.filter_map(|group| Some((group.scores.roc_auc.judged()?, group)))
    };
    let (high, best) = ranked().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (low, worst) = ranked().min_by(|a, b| a.0.total_cmp(&b.0))?;
    if best.key == worst.key {
        return None;
    }
    let curve = |group: &Group, auc: f64, line| Curve {
        label: group.name(),
        points: group.roc.iter().map(|point| (point.fpr, point.tpr)).collect(),
        summary: format!("AUC {}, {}", Unit::Score.write(auc), sample(group.n)),
        line,
    };
    let curves = vec![
        curve(best, high, CurveLine::First),
        curve(worst, low, CurveLine::Second),
    ];
    let reading = format!(
        "A positive is scored above a negative {} of the time among {}, and {} among {}.",
        Unit::Share.write(high),
        best.name(),
        Unit::Share.write(low),
        worst.name()
    );
    let title = format!("ROC curve by {}", attribute.title().replace('_', " "));
    Some(view! { <RocCurve title reading curves/> }.into_any())
}

/// The calibration of the judged group that is furthest off, where any other is nearer.
fn calibration_by_group(attribute: &Attribute) -> Option<AnyView> {
    let groups = || {
        attribute
            .groups
            .iter()
            .filter(|group| !group.calibration.is_empty())
    };
    let off = |group: &Group| group.scores.calibration_error.judged();
    let worst = groups().max_by(|a, b| off(a).partial_cmp(&off(b)).unwrap_or(std::cmp::Ordering::Equal))?;
    groups().nth(1)?; // alone it would only repeat the curve of all rows
    let title = format!(
        "Calibration of {}, furthest off by {}",
        worst.name(),
        attribute.title().replace('_', " ")
    );
    calibration(&title, &worst.calibration)
}

fn roc(report: &Report) -> Option<AnyView> {
    let overall = &report.overall;
    let figure = &overall.scores.roc_auc;
    let auc = figure.value.filter(|_| overall.roc.len() > 1)?;
    let interval = figure
        .interval()
        .map(|(low, high)| format!(" ({})", Unit::Score.interval(low, high)))
        .unwrap_or_default();
    let curve = Curve {
        label: "All rows".to_owned(),
        points: overall.roc.iter().map(|point| (point.fpr, point.tpr)).collect(),
        summary: format!("AUC {}{interval}, {}", Unit::Score.write(auc), sample(figure.n)),
        line: CurveLine::First,
    };
    let reading = format!(
        "A positive is scored above a negative {} of the time; by chance it would be half.",
        Unit::Share.write(auc)
    );
    let at_threshold = overall.rates.fpr.value.zip(overall.rates.tpr.value);
    let curves = vec![curve];
    Some(view! { <RocCurve title="ROC curve" reading curves at_threshold/> }.into_any())
}

fn calibration(title: &str, calibration: &[report::Bin]) -> Option<AnyView> {
    let bins: Vec<_> = calibration
        .iter()
        .filter_map(|bin| {
            Some(Bin {
                predicted: bin.score?,
                observed: bin.observed.value?,
                interval: bin.observed.interval(),
                n: bin.observed.n,
                judged: bin.observed.reason.is_none(),
            })
        })
        .collect();
    if bins.is_empty() {
        return None;
    }
    let widest = bins.iter().filter(|bin| bin.judged).max_by(|a, b| {
        (a.predicted - a.observed)
            .abs()
            .total_cmp(&(b.predicted - b.observed).abs())
    });
    let reading = match widest {
        Some(bin) => format!(
            "Furthest off where scores are about {}: there {} really were positive.",
            Unit::Share.write(bin.predicted),
            Unit::Share.write(bin.observed)
        ),
        None => "Every bin holds too few rows to judge.".to_owned(),
    };
    let title = title.to_owned();
    Some(view! { <CalibrationCurve title reading bins/> }.into_any())
}
