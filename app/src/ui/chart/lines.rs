//! Lines in a square, each over a share.
use super::{
    Data,
    curve::{Curve, key_line, place, polyline, sampled, square},
    figure,
};
use crate::ui::Unit;
use leptos::prelude::*;

/// Curves from 0 to 1 both ways, such as precision over recall.
#[component]
pub fn Lines(
    #[prop(into)] title: String,
    #[prop(into)] reading: String,
    /// What lies along the axes.
    across: &'static str,
    up: &'static str,
    curves: Vec<Curve>,
    /// Where things are now, drawn upright.
    #[prop(optional_no_strip)]
    in_use: Option<f64>,
    /// The height that a line should not fall below, drawn dashed.
    #[prop(optional_no_strip)]
    target: Option<f64>,
) -> impl IntoView {
    let names: Vec<_> = curves.iter().map(Curve::words).collect();
    let label = format!("{title}: {}. The table below says the same.", names.join("; "));
    let data = Data {
        heads: ["Line", across, up].map(str::to_owned).to_vec(),
        rows: curves.iter().flat_map(|curve| sampled(curve, 11)).collect(),
    };
    let upright = in_use.map(|share| {
        let ((x, top), (_, bottom)) = (place(share, 1.0), place(share, 0.0));
        view! {
            <line class="target" x1=x x2=x y1=top y2=bottom/>
            <text class="chart-text" data-strong x=x + 5.0 y=top + 12.0>"in use"</text>
        }
    });
    let level = target.map(|height| {
        let ((left, y), (right, _)) = (place(0.0, height), place(1.0, height));
        view! { <line class="target" x1=left x2=right y1=y y2=y/> }
    });
    let key = curves
        .iter()
        .zip(names)
        .map(|(curve, words)| key_line(curve.line.class(), words))
        .chain(target.map(|target| key_line("target", format!("target {}", Unit::Ratio.write(target)))))
        .collect_view();
    let lines = curves
        .into_iter()
        .map(|curve| view! { <polyline class=curve.line.class() points=polyline(&curve.points)/> })
        .collect_view();
    let inside = view! { {level} {upright} {lines} };
    figure(
        title,
        reading,
        square(label, across, up, inside.into_any()),
        Some(key.into_any()),
        data,
    )
}
