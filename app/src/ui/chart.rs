//! Charts drawn on the server: each says its reading in words, and carries its data as a table.
mod course;
mod curve;
mod days;
mod group;
mod lanes;
mod lines;
mod plot;

pub use course::{Course, CourseLine};
pub use curve::{Bin, CalibrationCurve, Curve, CurveLine, RocCurve};
pub use days::DayStrip;
pub use group::{Axis, Mark, MarkKind, PlotRow, Shape};
pub use lanes::{Bar, BarKind, Lane, LanePin, Lanes, Period, PinKind, Trend};
pub use lines::Lines;
pub use plot::GroupPlot;

use super::Disclosure;
use leptos::prelude::*;

/// The table behind a chart: heads, and rows whose first cell names them. Numbers are set to the right.
struct Data {
    heads: Vec<String>,
    rows: Vec<DataRow>,
}

struct DataRow {
    judged: bool,
    cells: Vec<String>,
}

impl Data {
    fn into_view(self) -> impl IntoView {
        let heads = self
            .heads
            .iter()
            .enumerate()
            .map(|(at, head)| view! { <th scope="col" class=(at > 0).then_some("num")>{head.clone()}</th> })
            .collect_view();
        let rows = self
            .rows
            .into_iter()
            .map(|row| {
                let judged = (!row.judged).then_some("no");
                let cells = row
                    .cells
                    .into_iter()
                    .zip(self.heads.iter().cloned())
                    .enumerate()
                    .map(|(at, (cell, head))| {
                        if at == 0 {
                            view! { <th scope="row">{cell}</th> }.into_any()
                        } else {
                            view! { <td class="num" data-label=head>{cell}</td> }.into_any()
                        }
                    })
                    .collect_view();
                view! { <tr data-judged=judged>{cells}</tr> }
            })
            .collect_view();
        view! {
            <Disclosure summary="Same data as a table">
                <div class="table-scroll" tabindex="0" role="region" aria-label="Data of the chart">
                    <table class="table" data-dense data-stack="narrow">
                        <thead>
                            <tr>{heads}</tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </Disclosure>
        }
    }
}

/// What all charts are in: title, reading, drawing, key, table.
fn figure(
    title: String,
    reading: String,
    drawing: AnyView,
    key: Option<AnyView>,
    data: Data,
) -> impl IntoView {
    view! {
        <figure class="chart">
            <figcaption>
                <h3>{title}</h3>
                <p>{reading}</p>
            </figcaption>
            {drawing}
            {key.map(|key| view! { <div class="key">{key}</div> })}
            {data.into_view()}
        </figure>
    }
}
