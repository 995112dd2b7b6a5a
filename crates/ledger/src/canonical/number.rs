//! Writes numbers as ECMAScript's `Number::toString` does (RFC 8785 §3.2.2.3, ECMA-262 §6.1.6.1.20).

use super::Error;

/// Every integer up to this size is a double of its own.
const EXACT: u128 = 1 << 53;

/// The shortest digits that read back as the same double; plain from 10^-6 up to 10^21, with an exponent beyond.
pub(super) fn float(value: f64) -> Result<String, Error> {
    let size = value.abs();
    if !size.is_finite() {
        Err(Error::NotFinite)
    } else if size == 0.0 {
        Ok("0".to_owned()) // also for -0
    } else if (1e-6..1e21).contains(&size) {
        Ok(with_digits_of(&scientific(value), &value.to_string()))
    } else if size < 1.0 {
        Ok(scientific(value))
    } else {
        Ok(scientific(value).replace('e', "e+"))
    }
}

/// The shortest digits in Rust's scientific layout.
///
/// Where two equally short texts are equally near, ECMAScript takes the even one, Rust the larger: so the value is
/// rounded, half to even, to as many digits as are needed, and kept if it reads back.
fn scientific(value: f64) -> String {
    let shortest = format!("{value:e}");
    let decimals = shortest
        .chars()
        .skip_while(|c| *c != '.')
        .skip(1)
        .take_while(|c| *c != 'e')
        .count();
    let even = format!("{value:.decimals$e}");
    if even.parse() == Ok(value) { even } else { shortest }
}

/// A plain layout of a number, with the digits from its scientific layout put in their places.
fn with_digits_of(scientific: &str, plain: &str) -> String {
    let mut digits = scientific
        .chars()
        .take_while(|c| *c != 'e')
        .filter(char::is_ascii_digit);
    let mut has_begun = false;
    plain
        .chars()
        .map(|character| {
            has_begun |= ('1'..='9').contains(&character);
            // After the last digit that counts come the zeros of a large whole number.
            if has_begun && character.is_ascii_digit() {
                digits.next().unwrap_or('0')
            } else {
                character
            }
        })
        .collect()
}

/// An integer, unless reading it as a double and writing it again would change its digits.
#[expect(
    clippy::cast_precision_loss,
    reason = "whether precision is lost is the question"
)]
pub(super) fn integer(value: i128) -> Result<String, Error> {
    let digits = value.to_string();
    if value.unsigned_abs() <= EXACT || float(value as f64)? == digits {
        Ok(digits)
    } else {
        Err(Error::InexactInteger(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, float, integer};
    use proptest::prelude::*;

    /// RFC 8785, appendix B: the bits of a double and its text.
    const APPENDIX_B: [(u64, &str); 24] = [
        (0x0000_0000_0000_0000, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ];

    #[test]
    fn the_numbers_of_appendix_b_are_written_as_published() {
        for (bits, text) in APPENDIX_B {
            assert_eq!(float(f64::from_bits(bits)).as_deref(), Ok(text), "{bits:016x}");
        }
        for bits in [
            0x7fff_ffff_ffff_ffff,
            0x7ff0_0000_0000_0000,
            0xfff0_0000_0000_0000,
        ] {
            assert_eq!(float(f64::from_bits(bits)), Err(Error::NotFinite), "{bits:016x}");
        }
    }

    #[test]
    fn integers_that_a_double_would_change_are_refused() {
        assert_eq!(integer((1 << 53) - 1).as_deref(), Ok("9007199254740991"));
        assert_eq!(integer(-(1 << 53)).as_deref(), Ok("-9007199254740992"));
        assert_eq!(
            integer((1 << 53) + 1),
            Err(Error::InexactInteger("9007199254740993".into()))
        );
        assert_eq!(
            integer(1 << 60),
            Err(Error::InexactInteger("1152921504606846976".into()))
        );
        assert!(integer(i128::MAX).is_err());
    }

    #[test]
    fn a_whole_double_may_come_back_as_the_integer_that_it_was_written_as() {
        assert_eq!(float(1e18).as_deref(), Ok("1000000000000000000"));
        assert_eq!(
            integer(1_000_000_000_000_000_000).as_deref(),
            Ok("1000000000000000000")
        );
    }

    proptest! {
        #[test]
        fn every_finite_double_reads_back_as_itself(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(value.is_finite());
            let text = float(value)?;
            // Adding zero drops the sign of -0, as the text does.
            prop_assert_eq!(text.parse::<f64>()?.to_bits(), (value + 0.0).to_bits());
            prop_assert!(text.len() <= 25, "{}", text);
        }
    }
}
