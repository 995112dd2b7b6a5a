//! Lines over the share of people that a cut-off lets through.
use super::{
    Data,
    curve::{Curve, key_line, place, polyline, sampled, square},
    figure,
};
use crate::ui::Unit;
use leptos::prelude::*;

/// What comes of moving a cut-off: from nobody predicted positive at the left to everybody at the right.
#[component]
pub fn CutOffs(
    #[prop(into)] title: String,
    #[prop(into)] reading: String,
    curves: Vec<Curve>,
    /// The share predicted positive as things are.
    #[prop(optional_no_strip)]
    in_use: Option<f64>,
    /// The height that a line should not fall below, drawn dashed.
    target: f64,
) -> impl IntoView {
    let names: Vec<_> = curves.iter().map(|curve| curve.label.as_str()).collect();
    let label = format!("{title}: {}. The table below says the same.", names.join("; "));
    let data = Data {
        heads: ["Line", "Predicted positive", "Value"]
            .map(str::to_owned)
            .to_vec(),
        rows: curves.iter().flat_map(|curve| sampled(curve, 11)).collect(),
    };
    let in_use_line = in_use.map(|share| {
        let ((x, top), (_, bottom)) = (place(share, 1.0), place(share, 0.0));
        view! {
            <line class="target" x1=x x2=x y1=top y2=bottom/>
            <text class="chart-text" data-strong x=x + 5.0 y=top + 12.0>"in use"</text>
        }
    });
    let ((left, height), (right, _)) = (place(0.0, target), place(1.0, target));
    let key = curves
        .iter()
        .map(|curve| key_line(curve.line.class(), curve.label.clone()))
        .chain([key_line(
            "target",
            format!("target {}", Unit::Ratio.write(target)),
        )])
        .collect_view();
    let lines = curves
        .into_iter()
        .map(|curve| view! { <polyline class=curve.line.class() points=polyline(&curve.points)/> })
        .collect_view();
    let inside = view! {
        <line class="target" x1=left x2=right y1=height y2=height/>
        {in_use_line}
        {lines}
    };
    let drawing = square(label, "Share predicted positive", "Value", inside.into_any());
    figure(title, reading, drawing, Some(key.into_any()), data)
}
