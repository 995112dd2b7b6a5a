//! Numbers as they are written in tables, read as the standard library reads them, only faster where that is easy.

/// Powers of ten that are doubles without rounding.
const TENS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// A number as `str::parse` reads it after trimming white space of ASCII; none where that fails.
pub(super) fn parse(text: &[u8]) -> Option<f64> {
    short(text).or_else(|| std::str::from_utf8(text).ok()?.trim_ascii().parse().ok())
}

/// Plain digits with at most one point, so few that both the digits and the power of ten are exact: then their
/// quotient is the nearest double (Clinger's fast path).
fn short(text: &[u8]) -> Option<f64> {
    if text.is_empty() || text.len() > 16 {
        return None;
    }
    let (mut digits, mut point) = (0_u64, None);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => digits = digits * 10 + u64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let places = point.map_or(0, |at| text.len() - at - 1);
    if digits >= 1 << 53 || text.len() == usize::from(point.is_some()) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "below 2⁵³")]
    let digits = digits as f64;
    Some(digits / TENS.get(places)?)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_what_the_standard_library_reads() {
        for text in [
            "0",
            "1",
            "0.5",
            ".5",
            "5.",
            ".",
            "",
            "-1",
            "+2",
            "1e5",
            "0.1234567890123",
            "9007199254740993",
            "0.30000000000000004",
            " 0.25 ",
            "1.2.3",
            "nan",
            "inf",
            "0x1",
            "12a",
            "999999999999999.9",
            "00.10",
        ] {
            let expected = text.trim_ascii().parse::<f64>().ok().map(f64::to_bits);
            assert_eq!(parse(text.as_bytes()).map(f64::to_bits), expected, "{text}");
        }
        let mut seed = 7_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let text = format!("{}.{:0width$}", seed >> 61, (seed >> 20) % 100_000, width = 5);
            assert_eq!(parse(text.as_bytes()), text.parse().ok(), "{text}");
        }
    }
}
