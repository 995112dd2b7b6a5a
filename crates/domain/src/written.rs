//! How numbers and days are written in sentences.
use chrono::NaiveDate;

/// Between thousands: narrow, and no place to break a line.
const THIN: char = '\u{202f}';

/// Digits with their thousands apart: "18 400".
pub fn grouped(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(THIN);
        }
        grouped.push(digit);
    }
    grouped
}

/// A count: "18 400".
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A measured number: whole ones as counts, others with three places, never in scientific form.
pub fn number(value: f64) -> String {
    if value.abs() < 1000.0 && value.fract() != 0.0 {
        return format!("{value:.3}");
    }
    let whole = format!("{:.0}", value.abs());
    let sign = if value < 0.0 { "-" } else { "" };
    format!("{sign}{}", grouped(&whole))
}

/// A day: "9 March 2027".
pub fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(count(7), "7");
        assert_eq!(count(48_213), "48\u{202f}213");
        assert_eq!(number(1_234_567.0), "1\u{202f}234\u{202f}567");
        assert_eq!(number(-5000.0), "-5\u{202f}000");
        assert_eq!(number(0.5214), "0.521");
        assert_eq!(number(999.0), "999");
    }

    #[test]
    fn days_have_their_month_in_words() {
        assert_eq!(day(NaiveDate::from_ymd_opt(2027, 3, 9).unwrap()), "9 March 2027");
    }
}
