//! Groups one below the other on one axis: dots or bars with their intervals, one or two series.
use super::{
    figure,
    group::{Axis, Mark, MarkKind, PlotRow, Shape, description, samples, table},
};
use crate::ui::Unit;
use leptos::prelude::*;

/// Groups with one or two values each, worst first. The reading is the sentence a reader would take away.
#[component]
pub fn GroupPlot(
    #[prop(into)] title: String,
    #[prop(into)] reading: String,
    axis: Axis,
    rows: Vec<PlotRow>,
    #[prop(optional)] shape: Shape,
    /// What each mark means, in the order of the key; with two series their names.
    key: Vec<(MarkKind, String)>,
    /// Heads of the table's columns of values, one a series.
    series: Vec<String>,
) -> impl IntoView {
    let described = description(&title, &axis, &rows);
    let data = table(&axis, &rows, &series);
    let plotted = rows
        .iter()
        .map(|row| {
            let marks = row
                .marks
                .iter()
                .enumerate()
                .map(|(at, mark)| drawn(&axis, shape, mark, row.marks.len(), at))
                .collect_view();
            view! {
                <div class="label">
                    {row.label.clone()}
                    <small>{samples(row)}</small>
                </div>
                <svg class="plot-row" aria-hidden="true">
                    {grid(&axis)}
                    {marks}
                </svg>
                <div class="value">{outcome(&axis, row)}</div>
            }
        })
        .collect_view();
    let drawing = view! {
        <div class="plot" role="img" aria-label=described>
            {plotted}
            <div class="label"></div>
            {axis_words(&axis)}
            <div class="value"></div>
        </div>
    };
    let key = key
        .into_iter()
        .map(|(kind, words)| view! { <span>{key_mark(shape, kind)} {words}</span> }.into_any())
        .chain(axis.target.map(|target| {
            let words = format!("target {}", axis.unit.write(target));
            view! {
                <span>
                    <svg aria-hidden="true"><line class="target" x1="10" x2="10" y1="0" y2="12"/></svg>
                    {words}
                </span>
            }
            .into_any()
        }))
        .collect_view();
    figure(title, reading, drawing.into_any(), Some(key.into_any()), data)
}

/// Where a mark lies in its row, as (middle, top, height): alone in the middle, or one of two.
const fn band(of: usize, at: usize) -> (&'static str, &'static str, &'static str) {
    match (of, at) {
        (0 | 1, _) => ("50%", "30%", "40%"),
        (_, 0) => ("32%", "16%", "32%"),
        _ => ("68%", "52%", "32%"),
    }
}

fn drawn(axis: &Axis, shape: Shape, mark: &Mark, of: usize, at: usize) -> impl IntoView + use<> {
    let class = mark.kind.class();
    let (middle, top, height) = band(of, at);
    let place = axis.scale.percent(mark.value);
    let whisker = mark.interval.map(|(low, high)| {
        let class = format!("interval {class}");
        view! { <line class=class x1=axis.scale.percent(low) x2=axis.scale.percent(high) y1=middle y2=middle/> }
    });
    // A dot lies on its whisker, a whisker on its bar.
    match shape {
        Shape::Dots => {
            let class = format!("dot {class}");
            view! { {whisker} <circle class=class cx=place cy=middle r="5"/> }.into_any()
        }
        Shape::Bars => {
            let class = format!("column {class}");
            view! { <rect class=class x="0" y=top width=place height=height rx="2"/> {whisker} }.into_any()
        }
    }
}

fn grid(axis: &Axis) -> impl IntoView + use<> {
    let line = |class: &'static str, value: f64| {
        let x = axis.scale.percent(value);
        view! { <line class=class x1=x.clone() x2=x y1="0" y2="100%"/> }
    };
    let lines = axis.ticks.iter().map(|tick| line("grid", *tick)).collect_view();
    view! { {lines} {axis.target.map(|target| line("target", target))} }
}

fn axis_words(axis: &Axis) -> impl IntoView + use<> {
    let last = axis.ticks.len().saturating_sub(1);
    // A word of the target stands in for ticks that would touch it.
    let clear = |tick: f64| {
        axis.target
            .is_none_or(|target| (axis.scale.place(tick) - axis.scale.place(target)).abs() > 0.12)
    };
    let words = axis
        .ticks
        .iter()
        .enumerate()
        .filter(|(_, tick)| clear(**tick))
        .map(|(at, tick)| {
            let anchor = match at {
                0 => "start",
                at if at == last => "end",
                _ => "middle",
            };
            view! { <text class="chart-text" x=axis.scale.percent(*tick) y="15" text-anchor=anchor>{axis.tick(*tick)}</text> }
        })
        .collect_view();
    let target = axis.target.map(|target| {
        let place = axis.scale.place(target);
        let anchor = if place < 0.1 {
            "start"
        } else if place > 0.9 {
            "end"
        } else {
            "middle"
        };
        view! {
            <text class="chart-text" data-strong x=axis.scale.percent(target) y="15" text-anchor=anchor>
                {format!("{} target", axis.unit.write(target))}
            </text>
        }
    });
    view! { <svg class="plot-axis" aria-hidden="true">{words} {target}</svg> }
}

fn key_mark(shape: Shape, kind: MarkKind) -> impl IntoView {
    let class = kind.class();
    match shape {
        Shape::Dots => {
            let (line, dot) = (format!("interval {class}"), format!("dot {class}"));
            view! {
                <svg aria-hidden="true">
                    <line class=line x1="0" x2="20" y1="6" y2="6"/>
                    <circle class=dot cx="10" cy="6" r="4.5"/>
                </svg>
            }
            .into_any()
        }
        Shape::Bars => {
            let class = format!("column {class}");
            view! { <svg aria-hidden="true"><rect class=class x="1" y="2" width="18" height="8" rx="2"/></svg> }
                .into_any()
        }
    }
}

fn outcome(axis: &Axis, row: &PlotRow) -> impl IntoView + use<> {
    let unit = axis.unit;
    match (row.note.clone(), row.marks.as_slice()) {
        (note, [one]) => {
            let under = note.or_else(|| one.interval.map(|(low, high)| unit.interval(low, high)));
            let value = unit.write(one.value);
            let value = if one.kind == MarkKind::Unjudged {
                view! { <span class="faint">{value}</span> }.into_any()
            } else {
                view! { <b>{value}</b> }.into_any()
            };
            view! { {value} {under.map(|under| view! { <small>{under}</small> })} }.into_any()
        }
        (Some(note), _) => view! { <small>{note}</small> }.into_any(),
        (None, marks) => {
            let values: Vec<_> = marks.iter().map(|mark| unit.bare(mark.value)).collect();
            let suffix = if unit == Unit::Share { "\u{a0}%" } else { "" };
            view! { <b>{values.join(" and ")}</b> {suffix} }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Scale;

    fn row(label: &str, kind: MarkKind, value: f64) -> PlotRow {
        let mark = Mark {
            kind,
            value,
            interval: Some((value - 0.04, value + 0.04)),
            n: 2_118,
        };
        PlotRow {
            label: label.to_owned(),
            marks: vec![mark],
            note: None,
        }
    }

    fn html(target: Option<f64>) -> String {
        let axis = Axis {
            scale: Scale::new(0.2, 1.2),
            ticks: vec![0.2, 0.4, 0.6, 0.8, 1.0, 1.2],
            unit: Unit::Ratio,
            target,
        };
        let rows = vec![
            row("Under 25", MarkKind::Bad, 0.52),
            row("Others", MarkKind::First, 0.90),
        ];
        view! {
            <GroupPlot
                title="Impact ratio by age"
                reading="Under 25s are approved half as often."
                axis
                rows
                key=vec![(MarkKind::Bad, "below".to_owned())]
                series=vec!["Impact ratio".to_owned()]
            />
        }
        .to_html()
    }

    #[test]
    fn a_chart_says_in_words_what_it_draws() {
        let html = html(Some(0.8));
        assert!(
            html.contains(r#"role="img" aria-label="Impact ratio by age: Under 25 0.52; Others 0.90."#),
            "{html}"
        );
        assert!(
            html.contains(r#"cx="32.00%""#) && html.contains("0.80 target"),
            "{html}"
        );
    }

    #[test]
    fn its_table_has_interval_and_n() {
        let html = html(None);
        assert!(
            html.contains("0.48 to 0.56") && html.contains("2\u{202f}118"),
            "{html}"
        );
        assert!(!html.contains("style="), "{html}");
    }
}
