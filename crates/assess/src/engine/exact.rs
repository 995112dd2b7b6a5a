//! Sums of floating-point numbers that no order of adding can change.
//!
//! Kept as whole numbers, one for every 32 binary places, as in Kulisch's long accumulator; rounded once, when asked.

use serde::{Deserialize, Serialize};

/// Binary places that share a whole number.
const PLACES: u32 = 32;
/// The place value of the lowest bit of the smallest double: 2⁻¹⁰⁷⁴.
const LOWEST: i32 = -1074;

/// A sum of finite numbers that aren't negative.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Exact {
    /// Of each span of places in use: its number, and the sum in units of its lowest place. At most 67 of them.
    spans: Vec<(u32, u128)>,
}

impl Exact {
    /// Adds a finite number that isn't negative.
    pub fn add(&mut self, x: f64) {
        let (span, units) = units(x);
        if units != 0 {
            self.put(span, units);
        }
    }

    /// Adds such a number so many times, as if it were done one by one.
    pub fn add_times(&mut self, x: f64, times: u64) {
        let (span, mut units) = units(x);
        // Digit by digit: each product is below 2⁹⁶.
        for at in span.. {
            if units == 0 || times == 0 {
                break;
            }
            self.put(at, (units & u128::from(u32::MAX)) * u128::from(times));
            units >>= PLACES;
        }
    }

    fn put(&mut self, span: u32, units: u128) {
        match self.spans.iter_mut().find(|(at, _)| *at == span) {
            // Each addend is below 2⁹⁶, so this takes more of them than are ever added.
            Some((_, sum)) => *sum = sum.saturating_add(units),
            None => self.spans.push((span, units)),
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        for (span, units) in &other.spans {
            self.put(*span, *units);
        }
    }

    /// Whether the sum could have come about by adding: what is read from outside is asked.
    pub fn is_sound(&self) -> bool {
        self.spans.len() <= 67 && self.spans.iter().all(|(span, sum)| *span < 67 && *sum < 1 << 120)
    }

    /// The sum in its one form, however it came about: spans in order, none above 2³².
    pub fn settled(&self) -> Self {
        let digits = self.digits();
        let spans = (0..).zip(digits).filter(|(_, digit)| *digit > 0);
        Self {
            spans: spans.map(|(span, digit)| (span, u128::from(digit))).collect(),
        }
    }

    /// Digits to the base 2³², the lowest first.
    fn digits(&self) -> Vec<u32> {
        let last = self
            .spans
            .iter()
            .map(|(span, _)| span + 5)
            .max()
            .unwrap_or_default();
        let (mut carry, mut digits) = (0_u128, Vec::new());
        for at in 0..last {
            let here = self
                .spans
                .iter()
                .filter(|(span, _)| *span == at)
                .map(|(_, sum)| sum);
            let sum = here.fold(carry, |carry, sum| carry.saturating_add(*sum));
            digits.push(u32::try_from(sum & u128::from(u32::MAX)).unwrap_or_default());
            carry = sum >> PLACES;
        }
        digits
    }

    /// The sum, rounded once to the nearest double, ties to even.
    pub fn total(&self) -> f64 {
        let digits = self.digits();
        let Some(top) = digits.iter().rposition(|digit| *digit > 0) else {
            return 0.0;
        };
        let low = top.saturating_sub(3);
        let head = digits[low..=top]
            .iter()
            .rev()
            .fold(0_u128, |head, digit| head << PLACES | u128::from(*digit));
        // Whatever lies below decides only whether a tie is one.
        let rest = u128::from(digits[..low].iter().any(|digit| *digit > 0));
        #[expect(clippy::cast_precision_loss, reason = "this is where the sum is rounded")]
        let head = (head | rest) as f64;
        let power = i32::try_from(low).unwrap_or_default() * 32 + LOWEST;
        // In two steps, for the power alone may be too small for a double.
        head * 2_f64.powi(power / 2) * 2_f64.powi(power - power / 2)
    }
}

/// A number as whole units of the lowest place of a span, and that span.
fn units(x: f64) -> (u32, u128) {
    let bits = x.to_bits();
    let (exponent, fraction) = ((bits >> 52) & 0x7ff, bits & ((1 << 52) - 1));
    let (place, mantissa) = match u32::try_from(exponent).unwrap_or_default() {
        0 => (0, fraction),
        normal => (normal - 1, fraction | 1 << 52),
    };
    (place / PLACES, u128::from(mantissa) << (place % PLACES))
}

#[cfg(test)]
mod tests {
    use super::Exact;

    fn sum(numbers: &[f64]) -> Exact {
        let mut sum = Exact::default();
        for x in numbers {
            sum.add(*x);
        }
        sum
    }

    #[test]
    fn one_number_comes_back() {
        for x in [
            0.0,
            1.0,
            0.1,
            1e150,
            5e-324,
            f64::MIN_POSITIVE,
            123_456.789,
            1e-300,
        ] {
            assert_eq!(sum(&[x]).total().to_bits(), x.to_bits(), "{x}");
        }
    }

    #[test]
    fn no_order_changes_the_sum_and_nothing_is_lost() {
        let numbers = [1e16, 1.0, 1.0, 0.1, 1e-30, 3.5e10, 0.7];
        let (ahead, mut back) = (sum(&numbers), numbers);
        back.reverse();
        assert_eq!(ahead.total().to_bits(), sum(&back).total().to_bits());
        let mut parts = sum(&numbers[..3]);
        parts.merge(&sum(&numbers[3..]));
        assert_eq!(parts.settled(), ahead.settled());
        assert_eq!(parts.settled().total().to_bits(), ahead.total().to_bits());
        assert!((sum(&[0.1; 10]).total() - 1.0).abs() < f64::EPSILON);
        assert_eq!(
            sum(&[1e16, 1.0, 1.0]).total().to_bits(),
            (1e16_f64 + 2.0).to_bits()
        );
    }

    #[test]
    fn many_at_once_are_many_one_by_one() {
        for x in [0.1, 1e150, 5e-324, 3.0, 0.7] {
            let mut at_once = sum(&[0.25]);
            at_once.add_times(x, 1000);
            let mut one_by_one = sum(&[0.25]);
            (0..1000).for_each(|_| one_by_one.add(x));
            assert_eq!(at_once.settled(), one_by_one.settled(), "{x}");
        }
        let mut nothing = Exact::default();
        nothing.add_times(0.1, 0);
        assert_eq!(nothing, Exact::default());
    }
}
