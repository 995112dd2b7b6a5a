//! Where a value and its interval lie between two ends, and where the target is.
use leptos::prelude::*;

/// A straight scale from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    /// The scale of shares: 0 to 1.
    pub const UNIT: Self = Self { low: 0.0, high: 1.0 };

    /// A scale between two values; where they are one, everything lies in the middle.
    pub const fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// A scale that holds all `values`, with half as much room again at both ends. Values that are not finite do not count.
    pub fn holding(values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = values
            .into_iter()
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            });
        if low > high {
            return Self::UNIT;
        }
        let room = if high > low {
            (high - low) / 2.0
        } else {
            high.abs().max(1.0) / 10.0
        };
        Self {
            low: low - room,
            high: high + room,
        }
    }

    /// Place on the scale, 0 to 1, held within its ends.
    pub fn place(self, value: f64) -> f64 {
        let length = self.high - self.low;
        let place = if length == 0.0 {
            0.5
        } else {
            (value - self.low) / length
        };
        if place.is_finite() {
            place.clamp(0.0, 1.0)
        } else {
            0.0
        }
    }

    /// Place on the scale as an SVG percentage: "41.20%".
    pub fn percent(self, value: f64) -> String {
        percent(self.place(value))
    }
}

/// A share as an SVG percentage: "41.20%".
pub fn percent(share: f64) -> String {
    format!("{:.2}%", share * 100.0)
}

/// What a range shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// The scale it is drawn on.
    pub scale: Scale,
    /// The measured value.
    pub value: f64,
    /// Lower and upper bound, where known.
    pub interval: Option<(f64, f64)>,
    /// The threshold, where there is one.
    pub target: Option<f64>,
}

impl Range {
    /// A range on a scale that holds all of it.
    pub fn around(value: f64, interval: Option<(f64, f64)>, target: Option<f64>) -> Self {
        let bounds = interval.into_iter().flat_map(|(low, high)| [low, high]);
        let scale = Scale::holding(bounds.chain(target).chain([value]));
        Self {
            scale,
            value,
            interval,
            target,
        }
    }
}

/// Dot, interval and dashed target. Silent: the same numbers stand beside it in words.
#[component]
pub fn RangeMark(range: Range) -> impl IntoView {
    let Range {
        scale,
        value,
        interval,
        target,
    } = range;
    let target = target.map(|target| {
        let x = scale.percent(target);
        view! { <line class="target" x1=x.clone() x2=x y1="1" y2="19"/> }
    });
    let interval = interval.map(|(low, high)| {
        view! { <line class="interval" x1=scale.percent(low) x2=scale.percent(high) y1="10" y2="10"/> }
    });
    view! {
        <svg class="range" aria-hidden="true" width="100%" height="20">
            <line class="grid" x1="0" x2="100%" y1="10" y2="10"/>
            {target}
            {interval}
            <circle class="dot" cx=scale.percent(value) cy="10" r="4.5"/>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_within_the_ends() {
        let scale = Scale::new(0.2, 1.2);
        assert_eq!(scale.percent(0.2), "0.00%");
        assert_eq!(scale.percent(0.8), "60.00%");
        assert_eq!(scale.percent(7.0), "100.00%");
        assert_eq!(scale.percent(f64::NAN), "0.00%");
        assert_eq!(Scale::new(3.0, 3.0).percent(3.0), "50.00%");
    }

    #[test]
    fn a_scale_holds_all_it_shows() {
        let range = Range::around(0.82, Some((0.78, 0.86)), Some(0.80));
        for value in [0.78, 0.80, 0.82, 0.86] {
            let place = range.scale.place(value);
            assert!(place > 0.0 && place < 1.0, "{value} at {place}");
        }
        assert_eq!(Scale::holding([f64::NAN]), Scale::UNIT);
    }
}
