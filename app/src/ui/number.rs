//! How numbers are written: thin space for thousands, places by what is measured, intervals in words.
use domain::written::{count, grouped};

/// Space that does not break, before a unit.
const FIXED: char = '\u{a0}';
/// What stands where a number could not be computed.
pub const NOT_COMPUTED: &str = "not computed";

/// What a number measures, and so how it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A ratio: two places.
    Ratio,
    /// An area under a curve, an error, a distance: three places.
    Score,
    /// A share between 0 and 1, written as "41.2 %".
    Share,
    /// A difference of two shares, written as "21.4 points".
    Points,
    /// A whole number.
    Count,
    /// Milliseconds, whole.
    Milliseconds,
    /// A bare number with this many places.
    Places(usize),
}

impl Unit {
    /// How the fact with this id is written, such as `fairness.impact_ratio.race`.
    pub fn of_fact(id: &str) -> Self {
        let (family, rest) = id.split_once('.').unwrap_or(("", id));
        match family {
            "fairness" => {
                let rest = rest.strip_prefix("intersection.").unwrap_or(rest);
                Self::of_gap(rest.split('.').next().unwrap_or(rest))
            }
            "drift" => Self::Score,
            "" if rest == "rows" => Self::Count,
            _ => Self::of_figure(rest),
        }
    }

    /// How a gap is written: errors have no per cent, and neither has their difference.
    pub fn of_gap(id: &str) -> Self {
        if id.ends_with("_ratio") {
            return Self::Ratio;
        }
        let of = id.trim_end_matches("_difference");
        match assess::tasks::named::unit(of) {
            Some(assess::Unit::Score) => Self::Score,
            _ if id.ends_with("_difference") => Self::Points,
            _ => Self::Share,
        }
    }

    /// How the figure with this id is written, such as `recall.violent`.
    pub fn of_figure(id: &str) -> Self {
        match assess::tasks::named::unit(id) {
            Some(assess::Unit::Score) => Self::Score,
            Some(assess::Unit::Ratio) => Self::Ratio,
            Some(assess::Unit::Count) => Self::Count,
            Some(assess::Unit::Share) | None => Self::Share,
        }
    }

    /// How a difference of two such numbers is written.
    #[must_use]
    pub const fn of_difference(self) -> Self {
        match self {
            Self::Share => Self::Points,
            unit => unit,
        }
    }

    /// Factor from the stored to the written number.
    const fn factor(self) -> f64 {
        match self {
            Self::Share | Self::Points => 100.0,
            _ => 1.0,
        }
    }

    const fn places(self) -> usize {
        match self {
            Self::Ratio => 2,
            Self::Score => 3,
            Self::Share | Self::Points => 1,
            Self::Count | Self::Milliseconds => 0,
            Self::Places(places) => places,
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Share => "%",
            Self::Points => "points",
            Self::Milliseconds => "ms",
            _ => "",
        }
    }

    /// The bare number: "0.82", "41.2".
    pub fn bare(self, value: f64) -> String {
        fixed(value * self.factor(), self.places())
    }

    /// The number with its unit: "0.82", "41.2 %", "58 ms".
    pub fn write(self, value: f64) -> String {
        if !value.is_finite() {
            return NOT_COMPUTED.to_owned();
        }
        with_suffix(self.bare(value), self.suffix())
    }

    /// An interval in words: "0.78 to 0.86", "11.4 to 12.4 %".
    pub fn interval(self, low: f64, high: f64) -> String {
        if !(low.is_finite() && high.is_finite()) {
            return NOT_COMPUTED.to_owned();
        }
        with_suffix(
            format!("{} to {}", self.bare(low), self.bare(high)),
            self.suffix(),
        )
    }

    /// An interval as a gate writes it: "[0.78, 0.86]".
    pub fn bracket(self, low: f64, high: f64) -> String {
        format!("[{}, {}]", self.bare(low), self.bare(high))
    }
}

fn with_suffix(number: String, suffix: &str) -> String {
    if suffix.is_empty() {
        number
    } else {
        format!("{number}{FIXED}{suffix}")
    }
}

/// "18 400", with a thin space.
pub fn thousands(value: u64) -> String {
    count(value)
}

/// The size of a sample: "n 18 400".
pub fn sample(n: u64) -> String {
    format!("n{FIXED}{}", thousands(n))
}

/// A number with a fixed count of places, thousands apart, a true minus sign.
pub fn fixed(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return NOT_COMPUTED.to_owned();
    }
    let written = format!("{:.places$}", value.abs());
    let (whole, fraction) = written
        .split_once('.')
        .map_or((written.as_str(), None), |(w, f)| (w, Some(f)));
    // A value that rounds to nothing has no sign.
    let sign = if value < 0.0 && written.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        "\u{2212}"
    } else {
        ""
    };
    match fraction {
        Some(fraction) => format!("{sign}{}.{fraction}", grouped(whole)),
        None => format!("{sign}{}", grouped(whole)),
    }
}

/// A size of a file: "512 bytes", "1.4 MB"; thousands, as storage is sold.
pub fn bytes(size: u64) -> String {
    // Precise to far beyond the one place shown.
    #[expect(clippy::cast_precision_loss, reason = "one place is shown")]
    let exact = size as f64;
    match size {
        0..1_000 => format!("{size}{FIXED}bytes"),
        1_000..1_000_000 => format!("{}{FIXED}kB", fixed(exact / 1e3, 1)),
        1_000_000..1_000_000_000 => format!("{}{FIXED}MB", fixed(exact / 1e6, 1)),
        _ => format!("{}{FIXED}GB", fixed(exact / 1e9, 1)),
    }
}

/// "1 entry", "2 entries".
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!(
        "{}{FIXED}{}",
        thousands(count),
        if count == 1 { one } else { many }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(999), "999");
        assert_eq!(thousands(48_213), "48\u{202f}213");
        assert_eq!(thousands(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn places_follow_the_measure() {
        assert_eq!(Unit::Ratio.write(0.8167), "0.82");
        assert_eq!(Unit::Score.write(0.7021), "0.702");
        assert_eq!(Unit::Share.write(0.4118), "41.2\u{a0}%");
        assert_eq!(Unit::Points.write(-0.214), "\u{2212}21.4\u{a0}points");
        assert_eq!(Unit::Milliseconds.write(58.4), "58\u{a0}ms");
        assert_eq!(Unit::Ratio.write(f64::NAN), "not computed");
    }

    #[test]
    fn intervals_are_words_but_in_gates() {
        assert_eq!(Unit::Ratio.interval(0.78, 0.86), "0.78 to 0.86");
        assert_eq!(Unit::Share.interval(0.114, 0.124), "11.4 to 12.4\u{a0}%");
        assert_eq!(Unit::Ratio.bracket(0.78, 0.86), "[0.78, 0.86]");
    }

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        assert_eq!(fixed(-0.004, 2), "0.00");
        assert_eq!(fixed(-1234.5, 1), "\u{2212}1\u{202f}234.5");
    }

    #[test]
    fn a_fact_is_written_by_its_id() {
        for (id, unit) in [
            ("rows", Unit::Count),
            ("performance.roc_auc", Unit::Score),
            ("performance.accuracy", Unit::Share),
            ("fairness.impact_ratio.race|sex", Unit::Ratio),
            ("fairness.intersection.equal_opportunity_difference", Unit::Points),
        ] {
            assert_eq!(Unit::of_fact(id), unit, "{id}");
        }
    }

    #[test]
    fn sizes_and_counts_have_their_words() {
        assert_eq!(bytes(512), "512\u{a0}bytes");
        assert_eq!(bytes(1_400_000), "1.4\u{a0}MB");
        assert_eq!(counted(1, "entry", "entries"), "1\u{a0}entry");
        assert_eq!(counted(2, "entry", "entries"), "2\u{a0}entries");
    }
}
