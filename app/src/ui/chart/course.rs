//! How measures went from one time to the next.
use super::{Data, DataRow, curve::key_line, figure};
use crate::ui::{CurveLine, Scale, Unit, range::percent};
use leptos::prelude::*;

/// Top and bottom of the lines in pixels, and the line of the words below them.
const TOP: f64 = 14.0;
const BOTTOM: f64 = 140.0;
const WORDS: f64 = 162.0;
/// Room at both ends as a share of the width, for the words of the first and the last time.
const ROOM: f64 = 0.06;
/// Times with their words below the lines.
const TICKS: usize = 5;

/// One measure at each of the times.
#[derive(Clone, Debug, PartialEq)]
pub struct CourseLine {
    pub label: String,
    /// None where it was not measured: the line is broken there.
    pub values: Vec<Option<f64>>,
    pub line: CurveLine,
}

/// Measures at several times. The times lie equally apart: measuring is done twice in a minute, and then not for months.
#[component]
pub fn Course(
    #[prop(into)] title: String,
    #[prop(into)] reading: String,
    /// What one time is: "Report".
    #[prop(into)]
    each: String,
    /// The times, short for the axis and in full for the table, oldest first.
    times: Vec<(String, String)>,
    lines: Vec<CourseLine>,
    unit: Unit,
    /// Heights that mean something, with their words.
    levels: Vec<(f64, String)>,
) -> impl IntoView {
    let values = lines
        .iter()
        .flat_map(|line| line.values.iter().flatten().copied());
    let highest = values
        .chain(levels.iter().map(|(level, _)| *level))
        .fold(0.0, f64::max);
    let frame = Frame {
        count: times.len(),
        scale: Scale::new(0.0, highest * 1.1),
    };
    let label = described(&title, &lines, unit);
    let data = table(each, &times, &lines, unit);
    let key = lines
        .iter()
        .map(|line| key_line(line.line.class(), line.label.clone()))
        .collect_view();
    let levels = levels
        .into_iter()
        .map(|(level, words)| {
            let y = frame.height(level);
            view! {
                <line class="target" x1="0" x2="100%" y1=y y2=y/>
                <text class="chart-text" x="0" y=y - 4.0>{words}</text>
            }
        })
        .collect_view();
    let ticks = ticks(frame, times);
    let drawn = lines.into_iter().map(|line| drawn(frame, &line)).collect_view();
    let drawing = view! {
        <svg class="course" role="img" aria-label=label>
            <line class="grid" x1="0" x2="100%" y1=BOTTOM y2=BOTTOM/>
            {levels}
            {drawn}
            {ticks}
        </svg>
    };
    figure(title, reading, drawing.into_any(), Some(key.into_any()), data)
}

/// Where times and values lie.
#[derive(Clone, Copy)]
struct Frame {
    count: usize,
    scale: Scale,
}

impl Frame {
    fn across(self, at: usize) -> String {
        let (at, last) = (count(at), count(self.count.saturating_sub(1)));
        let share = if last > 0.0 { at / last } else { 0.5 };
        percent(ROOM + share * (1.0 - 2.0 * ROOM))
    }

    fn height(self, value: f64) -> f64 {
        BOTTOM - self.scale.place(value) * (BOTTOM - TOP)
    }
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

fn drawn(frame: Frame, line: &CourseLine) -> AnyView {
    let class = line.line.class();
    let points: Vec<_> = line
        .values
        .iter()
        .map(|value| value.map(|value| frame.height(value)))
        .collect();
    let lines = points
        .windows(2)
        .zip(0..)
        .filter_map(|(pair, at)| {
            let (y1, y2) = ((*pair.first()?)?, (*pair.last()?)?);
            Some(view! { <line class=class x1=frame.across(at) x2=frame.across(at + 1) y1=y1 y2=y2/> })
        })
        .collect_view();
    let dot = class.replace("curve", "dot");
    let dots = points
        .iter()
        .zip(0..)
        .filter_map(|(y, at)| Some(view! { <circle class=dot.clone() cx=frame.across(at) cy=(*y)? r="4"/> }))
        .collect_view();
    view! { {lines} {dots} }.into_any()
}

/// The first, the last, and some between.
fn ticks(frame: Frame, times: Vec<(String, String)>) -> AnyView {
    let last = times.len().saturating_sub(1);
    let every = times.len().div_ceil(TICKS).max(1);
    let ticks = times
        .into_iter()
        .enumerate()
        .filter(|(at, _)| (last - at).is_multiple_of(every))
        .map(|(at, (words, _))| {
            view! { <text class="chart-text" x=frame.across(at) y=WORDS text-anchor="middle">{words}</text> }
        })
        .collect_view();
    ticks.into_any()
}

fn written(value: Option<f64>, unit: Unit) -> String {
    value.map_or_else(|| "not measured".to_owned(), |value| unit.write(value))
}

fn described(title: &str, lines: &[CourseLine], unit: Unit) -> String {
    let words: Vec<_> = lines
        .iter()
        .map(|line| {
            let values: Vec<_> = line.values.iter().map(|value| written(*value, unit)).collect();
            format!("{} {}", line.label, values.join(", "))
        })
        .collect();
    format!("{title}: {}. The table below says the same.", words.join("; "))
}

fn table(each: String, times: &[(String, String)], lines: &[CourseLine], unit: Unit) -> Data {
    let heads = std::iter::once(each).chain(lines.iter().map(|line| line.label.clone()));
    let rows = times.iter().enumerate().map(|(at, (_, full))| {
        let values = lines
            .iter()
            .map(|line| written(line.values.get(at).copied().flatten(), unit));
        DataRow {
            judged: true,
            cells: std::iter::once(full.clone()).chain(values).collect(),
        }
    });
    Data {
        heads: heads.collect(),
        rows: rows.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_where_nothing_was_measured() {
        let times = ["3 Nov", "9 Nov", "2 Dec"].map(|day| (day.to_owned(), format!("{day} 2026")));
        let lines = vec![CourseLine {
            label: "score".to_owned(),
            values: vec![Some(0.1), None, Some(0.3)],
            line: CurveLine::First,
        }];
        let html = view! {
            <Course
                title="Drift"
                reading="It moved."
                each="Report"
                times=times.to_vec()
                lines
                unit=Unit::Score
                levels=vec![(0.25, "moved".to_owned())]
            />
        }
        .to_html();
        assert!(html.contains("score 0.100, not measured, 0.300."), "{html}");
        assert_eq!(html.matches("<circle").count(), 2, "{html}");
        assert_eq!(html.matches("class=\"curve").count(), 1, "only the key: {html}");
    }

    #[test]
    fn few_of_many_times_are_told_and_the_last_always() {
        let frame = Frame {
            count: 60,
            scale: Scale::UNIT,
        };
        let times = (0..60).map(|day| (format!("day {day}"), String::new())).collect();
        let html = ticks(frame, times).to_html();
        assert!(
            html.contains("day 59") && html.matches("<text").count() <= TICKS,
            "{html}"
        );
    }
}
