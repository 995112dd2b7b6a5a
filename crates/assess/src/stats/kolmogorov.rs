//! Kolmogorov and Smirnov's test of whether two samples come from one distribution.

mod one_sample;

use super::{is_same, real};

/// Up to this many values a sample, scipy's `ks_2samp` computes the p-value exactly unless told otherwise.
const EXACT: u64 = 10_000;

/// The largest distance of two samples' distribution functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Distance {
    /// Values of each sample.
    sizes: [u64; 2],
    /// The distance as a whole number of the smallest possible steps.
    steps: u64,
}

impl Distance {
    /// The distance of two samples; none where one is empty. Not-a-number is no value.
    pub fn of(a: &[f64], b: &[f64]) -> Option<Self> {
        let (from_a, from_b) = (a.iter().map(|&x| (x, [1, 0])), b.iter().map(|&x| (x, [0, 1])));
        let mut values: Vec<(f64, [u64; 2])> = from_a.chain(from_b).filter(|(x, _)| !x.is_nan()).collect();
        let add = |sum: [u64; 2], (_, one): &(f64, [u64; 2])| [sum[0] + one[0], sum[1] + one[1]];
        let sizes = values.iter().fold([0, 0], add);
        values.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let equal = values.chunk_by(|one, other| is_same(one.0, other.0));
        Self::of_counts(equal.map(|equal| equal.iter().fold([0, 0], add)), sizes)
    }

    /// The distance of two samples of these sizes, given how often each distinct value occurs in both, in ascending
    /// order of the values; none where one is empty.
    pub fn of_counts(counts: impl IntoIterator<Item = [u64; 2]>, sizes: [u64; 2]) -> Option<Self> {
        if sizes.contains(&0) {
            return None;
        }
        let divisor = common_divisor(sizes[0], sizes[1]);
        let (mut below, mut steps) = ([0_u64; 2], 0);
        for [of_a, of_b] in counts {
            below = [below[0] + of_a, below[1] + of_b];
            let heights = (below[0] * (sizes[1] / divisor)).abs_diff(below[1] * (sizes[0] / divisor));
            steps = steps.max(heights);
        }
        Some(Self { sizes, steps })
    }

    /// The distance, 0 to 1.
    pub fn statistic(self) -> f64 {
        let [a, b] = self.sizes;
        real(self.steps) / (real(a / common_divisor(a, b)) * real(b))
    }

    /// The p-value by the exact distribution where both samples are small enough, else by the approximation: what
    /// `ks_2samp` does by default.
    pub fn p(self) -> f64 {
        if self.sizes.iter().all(|size| *size <= EXACT) {
            self.exact_p()
        } else {
            self.approximate_p()
        }
    }

    /// The p-value as if one sample of nm/(n+m) values, rounded to the even, were held against a known distribution:
    /// `ks_2samp(…, method="asymp")`.
    pub fn approximate_p(self) -> f64 {
        let [a, b] = self.sizes.map(u128::from);
        let (whole, rest) = (a * b / (a + b), a * b % (a + b));
        let up = 2 * rest > a + b || (2 * rest == a + b && whole % 2 == 1);
        let size = whole + u128::from(up);
        one_sample::above(u64::try_from(size).unwrap_or(u64::MAX), self.statistic())
    }

    /// The share of all orders of the values in which the distance is at least as large: a walk over the lattice of
    /// how many values of each sample have passed (J. L. Hodges 1958), right for values without ties.
    pub fn exact_p(self) -> f64 {
        let [a, b] = self.sizes;
        if self.steps == 0 {
            return 1.0;
        }
        let divisor = common_divisor(a, b);
        let (rise, fall) = (b / divisor, a / divisor);
        // For each number of values of b passed, the chance that a walk to here has gone as far apart.
        let mut far = vec![1.0; usize::try_from(b).map_or(0, |b| b + 1)];
        for i in 0..=a {
            let first = (i * rise).checked_sub(self.steps).map_or(0, |low| low / fall + 1);
            let last = ((i * rise + self.steps - 1) / fall).min(b);
            let mut below = 1.0;
            for j in first..=last {
                let Some(cell) = usize::try_from(j).ok().and_then(|j| far.get_mut(j)) else {
                    continue;
                };
                *cell = match i + j {
                    0 => 0.0,
                    all => (real(i) * *cell + real(j) * below) / real(all),
                };
                below = *cell;
            }
        }
        far.last().copied().unwrap_or(1.0)
    }
}

fn common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::Distance;

    fn near(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() <= 1e-10 * expected,
            "{found} instead of {expected}"
        );
    }

    #[test]
    fn exact_p_values_are_scipys() {
        let cases = [
            ([7, 5], 13, 0.737_373_737_373_737_5),
            ([500, 500], 48, 0.019_894_110_072_361_745),
            ([3607, 3607], 168, 0.000_798_014_518_284_433_6),
            ([40, 31], 208, 0.631_811_501_713_830_4),
            ([6, 6], 3, 0.474_025_974_025_974),
            ([1000, 1500], 134, 0.178_620_447_084_073_5),
        ];
        for (sizes, steps, expected) in cases {
            near(Distance { sizes, steps }.exact_p(), expected);
        }
    }

    #[test]
    fn approximate_p_values_are_scipys() {
        let cases = [
            ([7, 5], 13, 0.673_951_409_135_082_7),
            ([500, 500], 48, 0.018_604_051_074_563_793),
            ([3607, 3607], 168, 0.000_771_102_131_837_598_1),
            ([40, 31], 208, 0.664_818_337_166_532_8),
            ([1000, 1500], 134, 0.176_994_161_118_599_34),
        ];
        for (sizes, steps, expected) in cases {
            near(Distance { sizes, steps }.approximate_p(), expected);
        }
    }

    #[test]
    fn ties_count_once_passed() {
        let distance = Distance::of(&[1.0, 1.0, 2.0], &[1.0, 3.0]).unwrap();
        assert!((distance.statistic() - 0.5).abs() < 1e-15);
    }

    #[test]
    fn equal_samples_are_not_apart_and_disjoint_ones_wholly() {
        let same = Distance::of(&[1.0, 2.0], &[1.0, 2.0]).unwrap();
        assert_eq!(
            (same.statistic(), same.p(), same.approximate_p()),
            (0.0, 1.0, 1.0)
        );
        let apart = Distance::of(&[1.0, 2.0], &[3.0, 4.0]).unwrap();
        near(apart.statistic(), 1.0);
        near(apart.p(), 1.0 / 3.0);
    }

    #[test]
    fn an_empty_sample_has_no_distance() {
        assert!(Distance::of(&[], &[1.0]).is_none());
        assert!(Distance::of(&[f64::NAN], &[1.0]).is_none());
        assert_eq!(
            Distance::of(&[f64::NAN, 2.0], &[1.0]),
            Distance::of(&[2.0], &[1.0])
        );
    }
}
