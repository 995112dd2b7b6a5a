//! Numbers as people read them: `18 400`, `76.4 %`, `0.80`.

/// A count in groups of three, by narrow no-break spaces.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut words = String::with_capacity(digits.len() + digits.len() / 3 * 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            words.push('\u{202f}');
        }
        words.push(digit);
    }
    words
}

/// A share with one place, e.g. `76.4 %`.
pub fn percent(share: f64) -> String {
    format!("{:.1}\u{a0}%", share * 100.0)
}

/// A ratio with two places, or as many more as it takes not to look like the mark it misses.
pub fn ratio(value: f64, mark: f64) -> String {
    (2..=6)
        .map(|places| format!("{value:.places$}"))
        .find(|text| {
            text.parse::<f64>()
                .is_ok_and(|shown| (shown < mark) == (value < mark))
        })
        .unwrap_or_else(|| value.to_string())
}

/// A number of any size with three significant digits: `0.0713`, `12.5`, `18400`.
pub fn short(value: f64) -> String {
    let digits = (0..12_u8).find(|digits| value.abs() >= 100.0 / 10_f64.powi(i32::from(*digits)));
    match digits {
        Some(digits) => format!("{value:.0$}", usize::from(digits)),
        None if value == 0.0 => "0".to_owned(),
        None => format!("{value:.2e}"),
    }
}

/// Control characters but the line break made visible: a name in a file must not command a terminal.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() && letter != '\n' {
            out.extend(letter.escape_debug());
        } else {
            out.push(letter);
        }
    }
    out
}

/// At most 40 characters of what a file holds, with control characters made visible.
pub fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(40).flat_map(char::escape_debug).collect();
    // escape_debug is made for literals; quotes need no escape in a sentence.
    short = short.replace("\\'", "'").replace("\\\"", "\"");
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_three() {
        assert_eq!(count(999), "999");
        assert_eq!(count(18_400), "18\u{202f}400");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
    }

    #[test]
    fn numbers_of_any_size_are_short() {
        assert_eq!(
            [short(0.071_34), short(-12.46), short(18_400.3)],
            ["0.0713", "-12.5", "18400"]
        );
        assert_eq!([short(0.0), short(1.5e-15)], ["0", "1.50e-15"]);
    }

    #[test]
    fn a_ratio_just_under_the_mark_does_not_read_as_the_mark() {
        assert_eq!(ratio(0.7998, 0.8), "0.7998");
        assert_eq!(ratio(0.8, 0.8), "0.80");
        assert_eq!(ratio(0.521, 0.8), "0.52");
    }

    #[test]
    fn hostile_values_are_cut_and_made_visible() {
        assert_eq!(shortened("a\u{1b}[31m"), "a\\u{1b}[31m");
        assert_eq!(visible("a\u{1b}[31m\n"), "a\\u{1b}[31m\n");
        assert_eq!(shortened(&"x".repeat(100)).chars().count(), 41);
    }
}
