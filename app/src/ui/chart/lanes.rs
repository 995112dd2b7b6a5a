//! Environments over time: versions as bars, approvals and incidents as pins, a measure on the same axis.
mod period;

pub use period::Period;

use crate::ui::{Scale, range::percent};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use std::fmt::Write as _;

/// How a version came to run, or stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarKind {
    /// Approved and running.
    Running,
    /// Earlier, or where no approval is needed.
    Earlier,
    /// On a share of the traffic.
    Canary,
    /// Rolled back to.
    RolledBack,
}

impl BarKind {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Running, "approved and running"),
        (Self::Earlier, "earlier, or needs no approval"),
        (Self::Canary, "canary"),
        (Self::RolledBack, "rolled back to"),
    ];

    /// Marks of (earlier, canary, rolled back) as the style sheet knows them.
    fn marks(self) -> (bool, bool, bool) {
        (
            self == Self::Earlier,
            self == Self::Canary,
            self == Self::RolledBack,
        )
    }
}

/// One version in one environment for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Number of the version.
    pub version: String,
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; none while it runs.
    pub until: Option<DateTime<Utc>>,
    /// How it stands.
    pub kind: BarKind,
}

/// What a pin marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinKind {
    /// A circle.
    Approval,
    /// A triangle.
    Incident,
}

/// Something that happened at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanePin {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: PinKind,
}

/// One environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// "Production".
    pub name: String,
    /// "approved 13, running 13".
    pub note: String,
    /// Versions over time.
    pub bars: Vec<Bar>,
    /// Approvals and incidents.
    pub pins: Vec<LanePin>,
    /// Times in which nothing may be deployed.
    pub freezes: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A measure on the same axis as the lanes.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// "Defaults".
    pub name: String,
    /// "share of approved loans".
    pub note: String,
    /// Values over time, in order.
    pub points: Vec<(DateTime<Utc>, f64)>,
    /// The limit and its words: "limit 9.0 %".
    pub limit: Option<(f64, String)>,
    /// The last value in words.
    pub last: String,
}

/// Lanes of environments. Give the same as a table below: the drawing is one picture to a screen reader.
#[component]
pub fn Lanes(
    /// What the drawing shows, and that the table below says the same.
    #[prop(into)]
    label: String,
    period: Period,
    lanes: Vec<Lane>,
    #[prop(optional_no_strip, into)] trend: Option<Trend>,
) -> impl IntoView {
    let key = key(&lanes);
    let lanes = lanes
        .into_iter()
        .map(|lane| lane_view(period, lane))
        .collect_view();
    let ticks = period
        .ticks()
        .into_iter()
        // The word of a tick close to today would run into "today".
        .filter(|(at, _)| period.place(period.now) - period.place(*at) > 0.06)
        .map(|(at, words)| view! { <text class="chart-text" x=period.percent(at) dx="4" y="17">{words}</text> })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Versions over time">
            <div class="lanes" role="img" aria-label=label>
                {lanes}
                {trend.map(|trend| trend_view(period, trend))}
                <div class="lane">
                    <div></div>
                    <svg class="lane-plot lane-axis" aria-hidden="true">
                        {ticks}
                        <text class="chart-text" data-strong x=period.percent(period.now) y="17" text-anchor="middle">
                            "today"
                        </text>
                    </svg>
                </div>
            </div>
        </div>
        {key}
    }
}

fn grid(period: Period) -> impl IntoView {
    let lines = period
        .ticks()
        .into_iter()
        .map(|(at, _)| {
            let x = period.percent(at);
            view! { <line class="grid" x1=x.clone() x2=x y1="0" y2="100%"/> }
        })
        .collect_view();
    let now = period.percent(period.now);
    view! { {lines} <line class="target" x1=now.clone() x2=now y1="0" y2="100%"/> }
}

fn lane_view(period: Period, lane: Lane) -> impl IntoView {
    let freezes = lane
        .freezes
        .into_iter()
        .map(|(from, until)| {
            let width = percent(period.place(until) - period.place(from));
            view! { <rect class="freeze" x=period.percent(from) width=width y="0" height="100%"/> }
        })
        .collect_view();
    let bars = lane
        .bars
        .into_iter()
        .map(|bar| {
            let (x, length) = (
                period.percent(bar.from),
                period.place(bar.until.unwrap_or(period.now)) - period.place(bar.from),
            );
            let (old, canary, bad) = bar.kind.marks();
            // A number on a sliver would lie over its neighbour.
            let words = (length > 0.025).then_some(bar.version);
            view! {
                <rect
                    class="version-bar"
                    data-old=old
                    data-canary=canary
                    data-bad=bad
                    x=x.clone()
                    width=percent(length)
                    y="20"
                    height="28"
                    rx="4"
                />
                {words.map(|words| view! { <text class="version-text" x=x dx="8" y="38.5">{words}</text> })}
            }
        })
        .collect_view();
    let pins = lane
        .pins
        .into_iter()
        .map(|pin| pin_view(period, pin))
        .collect_view();
    view! {
        <div class="lane">
            <div>{lane.name} <small>{lane.note}</small></div>
            <svg class="lane-plot" aria-hidden="true">{freezes} {grid(period)} {bars} {pins}</svg>
        </div>
    }
}

fn pin_view(period: Period, pin: LanePin) -> impl IntoView {
    let x = period.percent(pin.at);
    let head = match pin.kind {
        PinKind::Approval => view! { <circle class="pin" cx=x.clone() cy="10" r="5"/> }.into_any(),
        PinKind::Incident => view! {
            <svg x=x.clone() y="3" width="14" height="13" overflow="visible">
                <path class="pin-bad" d="M0 -1 7 12H-7z"/>
            </svg>
        }
        .into_any(),
    };
    view! { <line class="pin-line" x1=x.clone() x2=x y1="0" y2="100%"/> {head} }
}

fn trend_view(period: Period, trend: Trend) -> impl IntoView {
    let limit = trend.limit.as_ref().map(|(limit, _)| *limit);
    let scale = Scale::holding(trend.points.iter().map(|(_, value)| *value).chain(limit));
    let high = |value: f64| 10.0 + (1.0 - scale.place(value)) * 68.0;
    let line = trend.points.iter().fold(String::new(), |mut line, (at, value)| {
        // Writing to a String cannot fail.
        let _ = write!(line, "{:.1},{:.1} ", period.place(*at) * 1000.0, high(*value));
        line
    });
    let limit = trend.limit.map(|(limit, words)| {
        let y = high(limit);
        view! {
            <line class="target" x1="0" x2="100%" y1=y y2=y/>
            <text class="chart-text" x="4" y=y - 5.0>{words}</text>
        }
    });
    let last = trend.points.last().map(|(at, value)| {
        view! {
            <text class="chart-text" data-strong x=period.percent(*at) dx="6" y=high(*value) - 4.0>
                {trend.last}
            </text>
        }
    });
    view! {
        <div class="lane">
            <div>{trend.name} <small>{trend.note}</small></div>
            <svg class="lane-plot lane-kpi" aria-hidden="true">
                {grid(period)}
                {limit}
                <svg width="100%" height="88" viewBox="0 0 1000 88" preserveAspectRatio="none">
                    <polyline class="kpi" points=line/>
                </svg>
                {last}
            </svg>
        </div>
    }
}

/// What the marks mean, of those that are there.
fn key(lanes: &[Lane]) -> impl IntoView + use<> {
    let drawn = |kind| {
        lanes
            .iter()
            .any(|lane| lane.bars.iter().any(|bar| bar.kind == kind))
    };
    let pinned = |kind| {
        lanes
            .iter()
            .any(|lane| lane.pins.iter().any(|pin| pin.kind == kind))
    };
    let bars = BarKind::ALL
        .into_iter()
        .filter(|(kind, _)| drawn(*kind))
        .map(|(kind, words)| {
            let (old, canary, bad) = kind.marks();
            view! {
                <span>
                    <svg aria-hidden="true">
                        <rect class="version-bar" data-old=old data-canary=canary data-bad=bad x="1" y="1" width="18" height="10" rx="2"/>
                    </svg>
                    {words}
                </span>
            }
        })
        .collect_view();
    let approval = pinned(PinKind::Approval).then(|| {
        view! { <span><svg aria-hidden="true"><circle class="pin" cx="10" cy="6" r="4.5"/></svg> "approval"</span> }
    });
    let incident = pinned(PinKind::Incident).then(|| {
        view! { <span><svg aria-hidden="true"><path class="pin-bad" d="M10 0 16 12H4z"/></svg> "incident"</span> }
    });
    let freeze = lanes.iter().any(|lane| !lane.freezes.is_empty()).then(|| {
        view! {
            <span><svg aria-hidden="true"><rect class="freeze" x="1" y="0" width="18" height="12"/></svg> "freeze window"</span>
        }
    });
    view! {
        <div class="chart lanes-key">
            <div class="key">{bars} {approval} {incident} {freeze}</div>
        </div>
    }
}
