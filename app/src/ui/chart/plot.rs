//! Groups one below the other on one axis: dots or bars with their intervals, one or two series.
use super::{Data, DataRow, figure};
use crate::ui::{Scale, Unit, number::sample};
use leptos::prelude::*;

/// The axis all rows share.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// Its ends.
    pub scale: Scale,
    /// Values with a grid line and a word below.
    pub ticks: Vec<f64>,
    /// How its numbers are written.
    pub unit: Unit,
    /// The threshold, drawn dashed.
    pub target: Option<f64>,
}

impl Axis {
    /// Shares from 0 to 100 %, a tick every fifth.
    pub fn shares() -> Self {
        Self {
            scale: Scale::UNIT,
            ticks: vec![0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
            unit: Unit::Share,
            target: None,
        }
    }

    fn tick(&self, value: f64) -> String {
        match self.unit {
            Unit::Share => format!("{:.0}\u{a0}%", value * 100.0),
            Unit::Ratio => format!("{value:.1}"),
            unit => unit.bare(value),
        }
    }
}

/// What a mark says about its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MarkKind {
    /// First series, or the only one; meets the target.
    #[default]
    First,
    /// Second series.
    Second,
    /// Misses the target with its whole interval.
    Bad,
    /// Too few to judge: hollow, dashed, grey.
    Unjudged,
}

impl MarkKind {
    const fn class(self) -> &'static str {
        match self {
            Self::First => "mark-1",
            Self::Second => "mark-2",
            Self::Bad => "mark-bad",
            Self::Unjudged => "mark-none",
        }
    }
}

/// One value of a group with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// What it says.
    pub kind: MarkKind,
    /// The value; it may lie beyond the axis, and is then drawn at its end.
    pub value: f64,
    /// Lower and upper bound; none for a reference.
    pub interval: Option<(f64, f64)>,
    /// People or rows behind it.
    pub n: u64,
}

/// One group.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotRow {
    /// "Under 25".
    pub label: String,
    /// A mark a series, at most two.
    pub marks: Vec<Mark>,
    /// Instead of the numbers at the end: "reference", "too few to judge".
    pub note: Option<String>,
}

/// How marks are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// For ratios and differences: an axis need not begin at nothing.
    #[default]
    Dots,
    /// For shares and counts: bars begin at the start of the axis.
    Bars,
}

fn x(share: &str) -> String {
    share.to_owned()
}

fn drawn(axis: &Axis, shape: Shape, mark: &Mark, of: usize, at: usize) -> impl IntoView + use<> {
    let class = mark.kind.class();
    let y = match (of, at) {
        (0 | 1, _) => "50%",
        (_, 0) => "32%",
        _ => "68%",
    };
    let top = match (of, at) {
        (0 | 1, _) => "30%",
        (_, 0) => "16%",
        _ => "52%",
    };
    let place = axis.scale.percent(mark.value);
    let whisker = mark.interval.map(|(low, high)| {
        let class = format!("interval {class}");
        view! { <line class=class x1=axis.scale.percent(low) x2=axis.scale.percent(high) y1=y y2=y/> }
    });
    let shape = match shape {
        Shape::Dots => {
            let class = format!("dot {class}");
            view! { <circle class=class cx=place cy=y r="5"/> }.into_any()
        }
        Shape::Bars => {
            let class = format!("column {class}");
            let height = if of > 1 { "32%" } else { "40%" };
            view! { <rect class=class x="0" y=top width=place height=height rx="2"/> }.into_any()
        }
    };
    match mark.kind {
        _ if class == "mark-none" => view! { {whisker} {shape} }.into_any(),
        _ => view! { {shape} {whisker} }.into_any(),
    }
}

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
    let grid = |with_target: bool| {
        let lines = axis
            .ticks
            .iter()
            .map(|tick| {
                let place = axis.scale.percent(*tick);
                view! { <line class="grid" x1=x(&place) x2=place y1="0" y2="100%"/> }
            })
            .collect_view();
        let target = axis.target.filter(|_| with_target).map(|target| {
            let place = axis.scale.percent(target);
            view! { <line class="target" x1=x(&place) x2=place y1="0" y2="100%"/> }
        });
        view! { {lines} {target} }
    };
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
                    {grid(true)}
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

fn samples(row: &PlotRow) -> String {
    match row.marks.as_slice() {
        [] => String::new(),
        [one] => sample(one.n),
        [first, others @ ..] if others.iter().all(|mark| mark.n == first.n) => sample(first.n),
        marks => {
            let sizes: Vec<_> = marks
                .iter()
                .map(|mark| crate::ui::number::thousands(mark.n))
                .collect();
            format!("n\u{a0}{}", sizes.join(" and "))
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

fn description(title: &str, axis: &Axis, rows: &[PlotRow]) -> String {
    let groups: Vec<_> = rows
        .iter()
        .map(|row| {
            let values: Vec<_> = row.marks.iter().map(|mark| axis.unit.write(mark.value)).collect();
            let note = row
                .note
                .as_ref()
                .map(|note| format!(", {note}"))
                .unwrap_or_default();
            format!("{} {}{note}", row.label, values.join(" and "))
        })
        .collect();
    format!("{title}: {}. The table below says the same.", groups.join("; "))
}

fn table(axis: &Axis, rows: &[PlotRow], series: &[String]) -> Data {
    let several = series.len() > 1;
    let mut heads = vec!["Group".to_owned()];
    for name in series {
        heads.push(name.clone());
        heads.push(if several {
            format!("{name}, 95\u{a0}% interval")
        } else {
            "95\u{a0}% interval".to_owned()
        });
        heads.push(if several {
            format!("{name}, n")
        } else {
            "n".to_owned()
        });
    }
    heads.push("Remark".to_owned());
    let rows = rows
        .iter()
        .map(|row| {
            let mut cells = vec![row.label.clone()];
            for mark in &row.marks {
                cells.push(axis.unit.write(mark.value));
                cells.push(
                    mark.interval
                        .map_or_else(|| "none".to_owned(), |(low, high)| axis.unit.interval(low, high)),
                );
                cells.push(crate::ui::number::thousands(mark.n));
            }
            cells.push(row.note.clone().unwrap_or_default());
            DataRow {
                judged: row.marks.iter().all(|mark| mark.kind != MarkKind::Unjudged),
                cells,
            }
        })
        .collect();
    Data { heads, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

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
