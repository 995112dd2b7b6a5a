//! Curves in a square: ROC and calibration, each against its diagonal.
use super::{Data, DataRow, figure};
use crate::ui::{Scale, Unit, number::thousands};
use leptos::prelude::*;
use std::fmt::Write as _;

/// Length of the square's side in units of the drawing.
const SIDE: f64 = 240.0;
/// Room left of and below the square for the words of the axes.
const MARGIN: f64 = 40.0;

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What it is: "Version 14", "All people", "Under 25".
    pub label: String,
    /// Points from left to right, both coordinates 0 to 1.
    pub points: Vec<(f64, f64)>,
    /// Beside the label in key and table: "AUC 0.803 (0.796 to 0.810), n 18 400".
    pub summary: String,
    /// How it is drawn.
    pub line: CurveLine,
}

impl Curve {
    /// Its name, and what it comes to.
    pub(super) fn words(&self) -> String {
        if self.summary.is_empty() {
            self.label.clone()
        } else {
            format!("{}, {}", self.label, self.summary)
        }
    }
}

/// How a curve is drawn: by stroke, not only by hue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CurveLine {
    /// Full.
    #[default]
    First,
    /// Dashed: the version compared with, or a second group.
    Second,
    /// Grey and dotted: too few to judge.
    Unjudged,
}

impl CurveLine {
    pub(super) const fn class(self) -> &'static str {
        match self {
            Self::First => "curve mark-1",
            Self::Second => "curve mark-2",
            Self::Unjudged => "curve mark-none",
        }
    }
}

/// Across and up within the drawing, from coordinates 0 to 1.
pub(super) fn place(across: f64, up: f64) -> (f64, f64) {
    (
        MARGIN + Scale::UNIT.place(across) * SIDE,
        SIDE - Scale::UNIT.place(up) * SIDE + 8.0,
    )
}

pub(super) fn polyline(points: &[(f64, f64)]) -> String {
    points.iter().fold(String::new(), |mut line, (across, up)| {
        let (x, y) = place(*across, *up);
        // Writing to a String cannot fail.
        let _ = write!(line, "{x:.1},{y:.1} ");
        line
    })
}

/// The square with its grid and words.
pub(super) fn square(label: String, across: &'static str, up: &'static str, inside: AnyView) -> AnyView {
    let grid = [0.0, 0.25, 0.5, 0.75, 1.0]
        .map(|at| {
            let ((x, bottom), (left, y)) = (place(at, 0.0), place(0.0, at));
            let (top, right) = (place(at, 1.0).1, place(1.0, at).0);
            view! {
                <line class="grid" x1=x x2=x y1=top y2=bottom/>
                <line class="grid" x1=left x2=right y1=y y2=y/>
                <text class="chart-text" x=x y=bottom + 15.0 text-anchor="middle">{at.to_string()}</text>
                <text class="chart-text" x=left - 6.0 y=y + 3.5 text-anchor="end">{at.to_string()}</text>
            }
        })
        .into_iter()
        .collect_view();
    let ((mid_x, foot), (_, mid_y)) = (place(0.5, 0.0), place(0.0, 0.5));
    let turned = format!("rotate(-90 10 {mid_y})");
    view! {
        <svg class="square" viewBox="0 0 292 288" role="img" aria-label=label>
            {grid}
            {inside}
            <text class="chart-text" data-strong x=mid_x y=foot + 34.0 text-anchor="middle">{across}</text>
            <text class="chart-text" data-strong x="10" y=mid_y transform=turned text-anchor="middle">{up}</text>
        </svg>
    }
    .into_any()
}

/// From corner to corner: where nothing is gained, or nothing is off.
fn diagonal() -> AnyView {
    let ((x1, y1), (x2, y2)) = (place(0.0, 0.0), place(1.0, 1.0));
    view! { <line class="diagonal" x1=x1 y1=y1 x2=x2 y2=y2/> }.into_any()
}

pub(super) fn key_line(class: &'static str, words: String) -> AnyView {
    view! {
        <span>
            <svg aria-hidden="true"><line class=class x1="0" x2="20" y1="6" y2="6"/></svg>
            {words}
        </span>
    }
    .into_any()
}

/// False against true positive rate over all thresholds; above the diagonal is better than chance.
#[component]
pub fn RocCurve(
    #[prop(into)] title: String,
    #[prop(into)] reading: String,
    curves: Vec<Curve>,
    /// False and true positive rate at the threshold in use, marked on the curve.
    #[prop(optional_no_strip, into)]
    at_threshold: Option<(f64, f64)>,
) -> impl IntoView {
    let summaries: Vec<_> = curves.iter().map(Curve::words).collect();
    let label = format!(
        "{title}: {}. The table below says the same.",
        summaries.join("; ")
    );
    let key = curves
        .iter()
        .map(|curve| key_line(curve.line.class(), curve.words()))
        .chain([key_line("diagonal", "chance".to_owned())])
        .collect_view();
    let data = Data {
        heads: ["Curve", "False positive rate", "True positive rate"]
            .map(str::to_owned)
            .to_vec(),
        rows: curves.iter().flat_map(|curve| sampled(curve, 11)).collect(),
    };
    let lines = curves
        .into_iter()
        .map(|curve| view! { <polyline class=curve.line.class() points=polyline(&curve.points)/> })
        .collect_view();
    let threshold = at_threshold.map(|(across, up)| {
        let (x, y) = place(across, up);
        view! {
            <circle class="dot" cx=x cy=y r="5"/>
            <text class="chart-text" data-strong x=x + 9.0 y=y + 14.0>"threshold in use"</text>
        }
    });
    let drawing = square(
        label,
        "False positive rate",
        "True positive rate",
        view! { {diagonal()} {lines} {threshold} }.into_any(),
    );
    figure(title, reading, drawing, Some(key.into_any()), data)
}

/// At most `count` points of a curve, evenly apart: a table of every threshold helps nobody.
pub(super) fn sampled(curve: &Curve, count: usize) -> Vec<DataRow> {
    let last = curve.points.len().saturating_sub(1);
    let steps = count.saturating_sub(1).max(1);
    let mut chosen: Vec<usize> = (0..=steps).map(|step| step * last / steps).collect();
    chosen.dedup();
    chosen
        .into_iter()
        .filter_map(|at| curve.points.get(at))
        .map(|(across, up)| DataRow {
            judged: curve.line != CurveLine::Unjudged,
            cells: vec![
                curve.label.clone(),
                Unit::Score.write(*across),
                Unit::Score.write(*up),
            ],
        })
        .collect()
}

/// One bin of a calibration curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Mean score in the bin, 0 to 1.
    pub predicted: f64,
    /// Share of positives in the bin, 0 to 1.
    pub observed: f64,
    /// Lower and upper bound of the observed share.
    pub interval: Option<(f64, f64)>,
    /// Rows in the bin.
    pub n: u64,
    /// Unset for a bin too small to judge.
    pub judged: bool,
}

/// What was predicted against what happened, by bins of the score; on the diagonal both agree.
#[component]
pub fn CalibrationCurve(
    #[prop(into)] title: String,
    #[prop(into)] reading: String,
    bins: Vec<Bin>,
) -> impl IntoView {
    let words: Vec<_> = bins
        .iter()
        .map(|bin| {
            format!(
                "predicted {}, observed {}",
                Unit::Share.write(bin.predicted),
                Unit::Share.write(bin.observed)
            )
        })
        .collect();
    let label = format!("{title}: {}. The table below says the same.", words.join("; "));
    let data = Data {
        heads: ["Bin", "Predicted", "Observed", "95\u{a0}% interval", "n"]
            .map(str::to_owned)
            .to_vec(),
        rows: bins
            .iter()
            .enumerate()
            .map(|(at, bin)| DataRow {
                judged: bin.judged,
                cells: vec![
                    (at + 1).to_string(),
                    Unit::Share.write(bin.predicted),
                    Unit::Share.write(bin.observed),
                    bin.interval.map_or_else(
                        || "none".to_owned(),
                        |(low, high)| Unit::Share.interval(low, high),
                    ),
                    thousands(bin.n),
                ],
            })
            .collect(),
    };
    let line: Vec<_> = bins
        .iter()
        .filter(|bin| bin.judged)
        .map(|bin| (bin.predicted, bin.observed))
        .collect();
    let marks = bins
        .into_iter()
        .map(|bin| {
            let class = if bin.judged { "mark-1" } else { "mark-none" };
            let whisker = bin.interval.map(|(low, high)| {
                let ((x, y1), (_, y2)) = (place(bin.predicted, low), place(bin.predicted, high));
                view! { <line class=format!("interval {class}") x1=x x2=x y1=y1 y2=y2/> }
            });
            let (cx, cy) = place(bin.predicted, bin.observed);
            view! { {whisker} <circle class=format!("dot {class}") cx=cx cy=cy r="4"/> }
        })
        .collect_view();
    let inside = view! { {diagonal()} <polyline class="curve mark-1" points=polyline(&line)/> {marks} };
    let drawing = square(label, "Predicted", "Observed", inside.into_any());
    let key = view! {
        {key_line("curve mark-1", "observed share, with 95\u{a0}% interval".to_owned())}
        {key_line("interval mark-none", "too few to judge".to_owned())}
        {key_line("diagonal", "perfectly calibrated".to_owned())}
    };
    figure(title, reading, drawing, Some(key.into_any()), data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_goes_from_lower_left_to_upper_right() {
        assert_eq!(polyline(&[(0.0, 0.0), (1.0, 1.0)]), "40.0,248.0 280.0,8.0 ");
    }

    #[test]
    fn a_table_of_a_long_curve_is_short() {
        let points = (0..1_000u32).map(|at| (f64::from(at) / 999.0, 1.0)).collect();
        let curve = Curve {
            label: "all".to_owned(),
            points,
            summary: String::new(),
            line: CurveLine::First,
        };
        assert_eq!(sampled(&curve, 11).len(), 11);
        let empty = Curve {
            points: Vec::new(),
            ..curve
        };
        assert_eq!(sampled(&empty, 11).len(), 0);
    }

    #[test]
    fn small_bins_are_drawn_apart() {
        let bins = vec![
            Bin {
                predicted: 0.1,
                observed: 0.12,
                interval: Some((0.1, 0.14)),
                n: 900,
                judged: true,
            },
            Bin {
                predicted: 0.9,
                observed: 0.5,
                interval: None,
                n: 4,
                judged: false,
            },
        ];
        let html = view! { <CalibrationCurve title="Calibration" reading="Close." bins/> }.to_html();
        assert!(
            html.contains("dot mark-none") && html.contains(r#"data-judged="no""#),
            "{html}"
        );
    }
}
