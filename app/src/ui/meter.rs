//! Small bars: a share in a table cell, a measure against its target, progress.
use super::{Scale, Slot, Tone, Unit, number::sample, range::percent};
use leptos::prelude::*;

/// A share with its interval, as a bar and in words. `judged=false` for groups too small to judge.
#[component]
pub fn BarCell(
    /// 0 to 1.
    share: f64,
    #[prop(optional_no_strip, into)] interval: Option<(f64, f64)>,
    #[prop(default = true)] judged: bool,
) -> impl IntoView {
    let tone = if judged { Tone::Plain } else { Tone::Absent };
    let whisker = interval.map(|(low, high)| {
        let (x1, x2) = (Scale::UNIT.percent(low), Scale::UNIT.percent(high));
        view! { <line class="interval" x1=x1 x2=x2 y1="50%" y2="50%"/> }
    });
    view! {
        <span class="bar-cell">
            <svg class="bar" data-tone=tone.name() aria-hidden="true">
                <rect class="track" width="100%" height="100%" rx="2"/>
                <rect class="fill" width=Scale::UNIT.percent(share) height="100%" rx="2"/>
                {whisker}
            </svg>
            <span>{Unit::Share.write(share)}</span>
        </span>
        {interval
            .map(|(low, high)| {
                view! { <small>"95\u{a0}% interval " {Unit::Share.interval(low, high)}</small> }
            })}
    }
}

/// A measure in a list: a spark against its target, the number, and when or how it was measured.
#[component]
pub fn Measure(
    /// "AUC 0.80".
    #[prop(into)]
    label: String,
    value: f64,
    #[prop(optional_no_strip, into)] target: Option<f64>,
    #[prop(default = Scale::UNIT)] scale: Scale,
    /// People or rows behind the number.
    #[prop(optional_no_strip, into)]
    n: Option<u64>,
    /// When it was measured.
    #[prop(optional, into)]
    note: Slot,
) -> impl IntoView {
    let target = target.map(|target| {
        let x = scale.percent(target);
        view! { <line class="target" x1=x.clone() x2=x y1="-2" y2="9"/> }
    });
    view! {
        <span class="measure">
            <span>
                <svg class="spark" aria-hidden="true">
                    <rect class="track" width="100%" height="100%" rx="2"/>
                    <rect class="fill" width=scale.percent(value) height="100%" rx="2"/>
                    {target}
                </svg>
                <b>{label}</b>
            </span>
            {n.map(|n| view! { <small>{sample(n)}</small> })}
            {note.map(|note| view! { <small>{note}</small> })}
        </span>
    }
}

/// How much of something is done: "7 of 9 answered".
#[component]
pub fn Progress(done: u32, of: u32, #[prop(into)] words: String) -> impl IntoView {
    let share = if of == 0 {
        0.0
    } else {
        (f64::from(done) / f64::from(of)).min(1.0)
    };
    view! {
        <span class="row small muted">
            <ProgressBar share/>
            {format!("{done} of {of} {words}")}
        </span>
    }
}

/// A bar as long as the share that is done, 0 to 1. Silent: the words beside it say the same.
#[component]
pub fn ProgressBar(#[prop(into)] share: Signal<f64>) -> impl IntoView {
    view! {
        <svg class="progress" aria-hidden="true">
            <rect class="track" width="100%" height="100%"/>
            <rect class="fill" width=move || percent(share.get()) height="100%"/>
        </svg>
    }
}
