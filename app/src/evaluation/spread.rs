//! How scores are spread: of everyone, and of the groups that score highest and lowest by each attribute.
use super::charts;
use crate::ui::{Curve, CurveLine, Lines, Unit, number::sample};
use assess::{
    Report,
    report::{Attribute, Bin, Group},
    stats::real,
};
use leptos::prelude::*;

/// The charts; none without scores between 0 and 1.
pub fn view(report: &Report) -> Option<AnyView> {
    let overall = &report.overall;
    let all = (!overall.calibration.is_empty()).then(|| {
        let (mean, n) = mean(&overall.calibration);
        let reading = format!(
            "The mean score is {}, over {}.",
            Unit::Score.write(mean),
            sample(n)
        );
        let curves = vec![curve(
            "All rows".to_owned(),
            &overall.calibration,
            CurveLine::First,
        )];
        drawn("Spread of scores".to_owned(), reading, curves)
    });
    let singles = report
        .attributes
        .iter()
        .filter(|attribute| attribute.columns.len() == 1);
    let charts: Vec<_> = std::iter::once(all)
        .chain(singles.map(by_group))
        .flatten()
        .collect();
    charts::side_by_side(charts)
}

/// The judged groups whose scores are highest and lowest on average.
fn by_group(attribute: &Attribute) -> Option<AnyView> {
    let scored = || {
        let groups = attribute
            .groups
            .iter()
            .filter(|group| !group.calibration.is_empty());
        groups.map(|group| (mean(&group.calibration).0, group))
    };
    let (high, upper) = scored().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let (low, lower) = scored().min_by(|a, b| a.0.total_cmp(&b.0))?;
    if upper.key == lower.key {
        return None;
    }
    let reading = format!(
        "{} score {} on average, {} {}: the widest apart of the groups that can be judged.",
        upper.name(),
        Unit::Score.write(high),
        lower.name(),
        Unit::Score.write(low)
    );
    let line = |group: &Group, line| curve(group.name(), &group.calibration, line);
    let curves = vec![line(upper, CurveLine::First), line(lower, CurveLine::Second)];
    let title = format!("Spread of scores by {}", attribute.title().replace('_', " "));
    Some(drawn(title, reading, curves))
}

/// The mean score, and how many it is over.
fn mean(bins: &[Bin]) -> (f64, u64) {
    let n: u64 = bins.iter().map(|bin| bin.observed.n).sum();
    let sum: f64 = bins
        .iter()
        .filter_map(|bin| Some(bin.score? * real(bin.observed.n)))
        .sum();
    (if n == 0 { 0.0 } else { sum / real(n) }, n)
}

/// The share of people in each bin, at the middle of the bin.
fn curve(label: String, bins: &[Bin], line: CurveLine) -> Curve {
    let (mean, n) = mean(bins);
    let share = |bin: &Bin| {
        (
            f64::midpoint(bin.low, bin.high),
            real(bin.observed.n) / real(n.max(1)),
        )
    };
    Curve {
        label,
        points: bins.iter().map(share).collect(),
        summary: format!("mean {}, {}", Unit::Score.write(mean), sample(n)),
        line,
    }
}

fn drawn(title: String, reading: String, curves: Vec<Curve>) -> AnyView {
    view! { <Lines title reading across="Score" up="Share of people, by tenths of the score" curves/> }
        .into_any()
}
