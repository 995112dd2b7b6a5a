//! Two answers to the same question, of the same people: did more change for the one than for the other?

use super::special::binomial_beside;
use super::{Interval, real, wilson};

/// How many people have both, the first only, the second only, and neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pairs {
    pub both: u64,
    pub first: u64,
    pub second: u64,
    pub neither: u64,
}

impl Pairs {
    /// Counts one person.
    pub fn count(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.first += 1,
            (false, true) => self.second += 1,
            (false, false) => self.neither += 1,
        }
    }

    pub fn n(&self) -> u64 {
        self.both + self.first + self.second + self.neither
    }

    /// The share that has the second, less the share that has the first; none of nobody.
    pub fn change(&self) -> Option<f64> {
        let n = self.n();
        (n > 0).then(|| (real(self.second) - real(self.first)) / real(n))
    }

    /// Newcombe's interval of that change (R. G. Newcombe, Improved confidence intervals for the difference between
    /// binomial proportions based on paired data, 1998, method 10); none of nobody.
    pub fn interval(&self, z: f64) -> Option<Interval> {
        let n = self.n();
        let [with_first, with_second] = [self.both + self.first, self.both + self.second];
        let arms = |x: u64| {
            let (low, high) = wilson(x, n, z)?;
            let share = real(x) / real(n);
            Some((share - low, high - share))
        };
        let ((first_down, first_up), (second_down, second_up)) = (arms(with_first)?, arms(with_second)?);
        let (change, phi) = (self.change()?, self.correlation());
        let half = |a: f64, b: f64| (a * a - 2.0 * phi * a * b + b * b).max(0.0).sqrt();
        Some((
            change - half(second_down, first_up),
            change + half(second_up, first_down),
        ))
    }

    /// The correlation of both answers, with Newcombe's correction for continuity; 0 where all give one answer.
    fn correlation(&self) -> f64 {
        let [both, first, second, neither] = [self.both, self.first, self.second, self.neither].map(real);
        let margins = [both + first, second + neither, both + second, first + neither];
        let scale: f64 = margins.map(f64::sqrt).iter().product();
        if scale <= 0.0 {
            return 0.0;
        }
        let excess = both * neither - first * second;
        let corrected = if excess > 0.0 {
            (excess - real(self.n()) / 2.0).max(0.0)
        } else {
            excess
        };
        corrected / scale
    }

    /// McNemar's exact test that as many changed one way as the other, two-sided; 1 where nobody changed.
    pub fn exact(&self) -> f64 {
        (2.0 * self.tail().0).min(1.0)
    }

    /// McNemar's mid-p test: the exact one less half of what it allows too much, the chance of just what was seen
    /// (M. W. Fagerland, S. Lydersen and P. Laake, The McNemar test for binary matched-pairs data, 2013).
    pub fn mid_p(&self) -> f64 {
        let (tail, here) = self.tail();
        (2.0 * tail - here).clamp(0.0, 1.0)
    }

    /// The chance that of those who changed so few or fewer went the rarer way, and that it was just so few.
    fn tail(&self) -> (f64, f64) {
        let (few, n) = (self.first.min(self.second), self.first + self.second);
        if n == 0 {
            return (1.0, 1.0);
        }
        let here = match few {
            0 => (-real(n) * std::f64::consts::LN_2).exp(),
            few => binomial_beside(few, n, 0.5 - real(few) / real(n)),
        };
        // Each number fewer is k / (n − k + 1) times as likely.
        let (mut sum, mut term) = (0.0, 1.0);
        for k in (0..=few).rev() {
            sum += term;
            term *= real(k) / real(n - k + 1);
            if term < sum * f64::EPSILON / 4.0 {
                break;
            }
        }
        (here * sum, here)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Z95;

    fn pairs([both, first, second, neither]: [u64; 4]) -> Pairs {
        Pairs {
            both,
            first,
            second,
            neither,
        }
    }

    fn near(found: f64, expected: f64) {
        let allowed = 1e-10 * expected.abs().max(1e-6);
        assert!((found - expected).abs() <= allowed, "{found}, not {expected}");
    }

    /// Statsmodels' `mcnemar` (exact), less scipy's `binom.pmf` of half of it; the first two also as Newcombe (1998) and
    /// Fagerland, Lydersen and Laake (2013) print them: 0.0569 to 0.3404, p 0.070 and 0.039, 0.026 to 0.507.
    #[test]
    fn those_who_change_are_tested_as_the_libraries_do() {
        let cases: [([u64; 4], f64, f64); 6] = [
            ([36, 12, 2, 0], 0.012_939_453_125, 0.007_385_253_906_25),
            ([1, 1, 7, 12], 0.070_312_5, 0.039_062_5),
            (
                [900, 41, 30, 29],
                0.235_097_562_408_341_87,
                0.194_505_165_867_399_02,
            ),
            (
                [0, 0, 50, 0],
                1.776_356_839_400_250_5e-15,
                8.881_784_197_001_25e-16,
            ),
            (
                [800_000, 1200, 1001, 90_000],
                2.409_547_976_653_129e-5,
                2.200_594_816_556_666_7e-5,
            ),
            ([5, 5, 5, 5], 1.0, 1.0),
        ];
        for (table, exact, mid) in cases {
            near(pairs(table).exact(), exact);
            near(pairs(table).mid_p(), mid);
        }
        assert!((pairs([3, 0, 0, 4]).exact() - 1.0).abs() < 1e-15);
        assert!((pairs([3, 0, 0, 4]).mid_p() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn intervals_of_paired_shares_are_newcombes() {
        let cases = [
            (
                [36, 12, 2, 0],
                -0.340_427_602_974_940_8,
                -0.056_929_584_003_238_75,
            ),
            ([1, 1, 7, 12], 0.025_559_124_164_859_837, 0.506_920_226_686_141),
            (
                [900, 41, 30, 29],
                -0.028_058_715_765_810_077,
                0.005_772_764_392_147_179,
            ),
            ([20, 0, 5, 30], 0.007_510_675_165_012_526, 0.171_546_451_652_283_6),
            ([0, 0, 50, 0], 0.899_099_257_662_845_2, 1.0),
        ];
        for (table, low, high) in cases {
            let found = pairs(table).interval(Z95).unwrap();
            near(found.0, low);
            near(found.1, high);
        }
        assert_eq!(
            (pairs([0; 4]).interval(Z95), pairs([0; 4]).change()),
            (None, None)
        );
    }

    #[test]
    fn people_are_counted_by_both_answers() {
        let mut found = Pairs::default();
        for (first, second) in [
            (true, true),
            (true, false),
            (false, true),
            (false, true),
            (false, false),
        ] {
            found.count(first, second);
        }
        assert_eq!(found, pairs([1, 1, 2, 1]));
        near(found.change().unwrap(), 0.2);
    }
}
