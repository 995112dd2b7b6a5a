//! What other cut-offs of the score would have come to.
use super::{explorer::Explorer, gaps::capital, groups::mark};
use crate::ui::{Card, Curve, CurveLine, Lines, Pair, Section, Unit};
use assess::{
    Report,
    report::{Rate, Threshold},
};
use leptos::prelude::*;

/// Names of what the explorer says of a cut-off.
const HEADS: [&str; 5] = [
    "Cut-off",
    "Predicted positive",
    "Accuracy",
    "True positive rate",
    "False positive rate",
];

/// The section; none without scores. `chosen` is the place of the cut-off that the address asks for.
pub fn view(report: &Report, chosen: Option<usize>) -> Option<AnyView> {
    let points = &report.thresholds;
    if points.len() < 2 {
        return None;
    }
    let at = chosen.map_or_else(|| in_use(report), |at| at.min(points.len() - 1));
    let (drawing, links) = (drawing(report), links(at, points.len() - 1));
    let attributes = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    let ratios = attributes.map(|attribute| format!("Lowest impact ratio, {}", attribute.title()));
    let heads = HEADS.map(str::to_owned).into_iter().chain(ratios).collect();
    let points = points.iter().map(|point| said(point, report)).collect();
    let section = view! {
        <Section
            title="Other cut-offs"
            note="What the same scores would have decided of the same people, had the line been drawn elsewhere."
            id="cut-offs"
        >
            <Pair>
                <Card>{drawing}</Card>
                <Card title="Try a cut-off">
                    <Explorer heads points start=at/>
                    {links}
                </Card>
            </Pair>
        </Section>
    };
    Some(section.into_any())
}

/// The neighbours of a cut-off, for readers without a script.
fn links(at: usize, last: usize) -> AnyView {
    let link = |to: usize, words: &'static str| {
        (to != at).then(|| view! { <a href=format!("?cut={to}#cut-offs")>{words}</a> })
    };
    view! {
        <noscript>
            <p class="row small">
                {link(at.saturating_sub(5), "Let more people through")}
                {link((at + 5).min(last), "Let fewer through")}
            </p>
        </noscript>
    }
    .into_any()
}

/// The cut-off nearest to what was decided.
fn in_use(report: &Report) -> usize {
    let selected = |counts: &assess::report::Confusion| counts.tp + counts.fp;
    let decided = selected(&report.overall.counts);
    let nearest = report
        .thresholds
        .iter()
        .enumerate()
        .min_by_key(|(_, point)| selected(&point.counts).abs_diff(decided));
    nearest.map_or(0, |(at, _)| at)
}

fn share(point: &Threshold, rate: Rate) -> f64 {
    point.counts.rate(rate).unwrap_or_default()
}

/// One cut-off in words, in the order of the heads.
fn said(point: &Threshold, report: &Report) -> Vec<String> {
    let rates = [Rate::Selection, Rate::Accuracy, Rate::Tpr, Rate::Fpr].map(|rate| {
        let share = point.counts.rate(rate);
        share.map_or_else(
            || "nobody to measure it by".to_owned(),
            |share| Unit::Share.write(share),
        )
    });
    let ratios = point.worst.iter().map(|worst| match worst {
        Some(worst) => {
            let ratio = assess::words::ratio(worst.ratio, mark(report));
            format!("{ratio}, {}", worst.group)
        }
        None => "no two groups can be compared".to_owned(),
    });
    std::iter::once(Unit::Score.write(point.cut))
        .chain(rates)
        .chain(ratios)
        .collect()
}

fn drawing(report: &Report) -> AnyView {
    let points = &report.thresholds;
    let line = |label: &str, line, height: &dyn Fn(&Threshold) -> Option<f64>| {
        // From left to right: fewer predicted positive at the left.
        let placed = points
            .iter()
            .rev()
            .filter_map(|point| Some((share(point, Rate::Selection), height(point)?)));
        Curve {
            label: label.to_owned(),
            points: placed.collect(),
            summary: String::new(),
            line,
        }
    };
    let accuracy = line("Accuracy", CurveLine::First, &|point| {
        point.counts.rate(Rate::Accuracy)
    });
    let lowest = |point: &Threshold| {
        let ratios = point.worst.iter().flatten().map(|worst| worst.ratio);
        ratios.reduce(f64::min)
    };
    let ratio = line("Lowest impact ratio of any attribute", CurveLine::Second, &lowest);
    let best = points
        .iter()
        .max_by(|a, b| share(a, Rate::Accuracy).total_cmp(&share(b, Rate::Accuracy)));
    let reading = best.map_or_else(String::new, |best| {
        let at = format!(
            "Accuracy is highest, {}, with the cut-off at {}",
            Unit::Share.write(share(best, Rate::Accuracy)),
            Unit::Score.write(best.cut)
        );
        match lowest(best) {
            Some(ratio) => format!(
                "{at}; the lowest impact ratio is {} there.",
                assess::words::ratio(ratio, mark(report))
            ),
            None => format!("{at}."),
        }
    });
    let curves = vec![accuracy, ratio];
    let in_use = points
        .get(in_use(report))
        .map(|point| share(point, Rate::Selection));
    let title = capital("accuracy and impact by cut-off");
    view! { <Lines title reading across="Share predicted positive" up="Value" curves in_use target=Some(mark(report))/> }.into_any()
}
