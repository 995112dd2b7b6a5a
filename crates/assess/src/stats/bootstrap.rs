//! Drawing counts anew, to see how far a figure moves by chance alone.
//!
//! Counts are drawn in whole numbers only: a seed gives the same draws on every machine.

use super::{Interval, real, size};

/// Random bits (SplitMix64: G. L. Steele, D. Lea and C. H. Flood, Fast splittable pseudorandom number generators, 2014).
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// How many of `n` fair coins show heads.
    fn heads(&mut self, n: u64) -> u64 {
        let words = (0..n / 64).map(|_| u64::from(self.bits().count_ones()));
        let whole: u64 = words.sum();
        let rest = n % 64;
        if rest == 0 {
            return whole;
        }
        whole + u64::from((self.bits() >> (64 - rest)).count_ones())
    }

    /// How many of `n` random numbers below 1 lie below `part / (part + other)`. Of all of them the first binary place is
    /// drawn, then the next of those that it leaves undecided.
    fn below(&mut self, n: u64, part: u64, other: u64) -> u64 {
        if other == 0 {
            return n;
        }
        let whole = u128::from(part) + u128::from(other);
        let mut share = u64::try_from((u128::from(part) << 64) / whole).unwrap_or(u64::MAX);
        let (mut below, mut undecided) = (0, n);
        while share > 0 && undecided > 0 {
            let ones = self.heads(undecided);
            if share >> 63 == 1 {
                below += undecided - ones;
                undecided = ones;
            } else {
                undecided -= ones;
            }
            share <<= 1;
        }
        below
    }

    /// As many people as were counted, each drawn anew from all of them.
    pub fn resample(&mut self, counts: &[u64]) -> Vec<u64> {
        let mut drawn = vec![0; counts.len()];
        let ends = counts.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        });
        let ends: Vec<u64> = std::iter::once(0).chain(ends).collect();
        self.split(&ends, ends.last().copied().unwrap_or_default(), &mut drawn);
        drawn
    }

    /// Deals `n` people out to places by how many were counted there, half of the places at a time.
    fn split(&mut self, ends: &[u64], n: u64, drawn: &mut [u64]) {
        if n == 0 {
            return;
        }
        if let [only] = drawn {
            *only = n;
            return;
        }
        let half = drawn.len() / 2;
        let counted = |from: usize, to: usize| ends[to] - ends[from];
        let first = self.below(n, counted(0, half), counted(half, drawn.len()));
        let (left, right) = drawn.split_at_mut(half);
        self.split(&ends[..=half], first, left);
        self.split(&ends[half..], n - first, right);
    }
}

/// What draws say of a change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// From the lower end of the percentile and the basic interval to the upper end of both. Where highest and lowest
    /// groups are hardly apart each alone misses on one side, for what is picked as an extreme looks larger than it is.
    pub interval: Interval,
    /// Twice the share of the draws on the other side of 0, never less than 2 / (draws + 1); two-sided.
    pub p: f64,
}

/// Holds a change against what it came to in each draw; none where it was undefined in more than a tenth of `of` draws.
pub fn drawn(change: f64, mut draws: Vec<f64>, of: u64, confidence: f64) -> Option<Drawn> {
    draws.retain(|draw| draw.is_finite());
    draws.sort_by(f64::total_cmp);
    if draws.is_empty() || size(&draws) < 0.9 * real(of) {
        return None;
    }
    let all = size(&draws) + 1.0;
    let beyond = rank((all * (1.0 - confidence) / 2.0).floor());
    let low = *draws.get(beyond.saturating_sub(1))?;
    let high = *draws.get(draws.len().checked_sub(beyond.max(1))?)?;
    let down = draws.partition_point(|draw| *draw <= 0.0);
    let up = draws.len() - draws.partition_point(|draw| *draw < 0.0);
    let rarer = real(down.min(up) as u64);
    Some(Drawn {
        interval: (
            low.min(2.0 * change - high).min(change),
            high.max(2.0 * change - low).max(change),
        ),
        p: (2.0 * (rarer + 1.0) / all).min(1.0),
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number between 0 and the number of draws"
)]
fn rank(rank: f64) -> usize {
    rank as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference implementation's numbers for the seed 1234567.
    #[test]
    fn bits_are_those_of_the_reference() {
        let mut random = Random::new(1_234_567);
        let bits: Vec<u64> = (0..3).map(|_| random.bits()).collect();
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(bits, expected);
    }

    #[test]
    fn draws_have_the_mean_and_the_spread_of_their_distribution() {
        let mut random = Random::new(7);
        let counts = [5, 0, 30, 65, 900];
        let draws: Vec<Vec<u64>> = (0..4000).map(|_| random.resample(&counts)).collect();
        let n: u64 = counts.iter().sum();
        for (at, count) in counts.iter().enumerate() {
            let values: Vec<f64> = draws.iter().map(|draw| real(draw[at])).collect();
            let mean = crate::stats::mean(&values).unwrap();
            let squares: Vec<f64> = values.iter().map(|value| (value - mean).powi(2)).collect();
            let variance = crate::stats::mean(&squares).unwrap();
            let expected = real(*count) * (1.0 - real(*count) / real(n));
            assert!(
                (mean - real(*count)).abs() <= 4.0 * (expected / 4000.0).sqrt(),
                "{mean}, not {count}"
            );
            assert!(
                (variance - expected).abs() <= 0.1 * expected,
                "{variance}, not {expected}"
            );
        }
        assert!(draws.iter().all(|draw| draw.iter().sum::<u64>() == n));
        assert_ne!(draws[0], draws[1]);
    }

    #[test]
    fn what_is_certain_is_drawn_as_it_is() {
        let mut random = Random::new(1);
        assert_eq!(random.resample(&[0, 12, 0]), [0, 12, 0]);
        assert!(random.resample(&[]).is_empty());
        assert_eq!(random.resample(&[0, 0]), [0, 0]);
    }

    #[test]
    fn an_interval_holds_its_change_and_p_follows_the_sign() {
        let draws: Vec<f64> = (0..1999).map(|at| f64::from(at) / 1000.0 - 0.5).collect();
        let all = drawn(0.6, draws.clone(), 1999, 0.95).unwrap();
        // The 50th from either end; 501 of the draws are at most 0.
        assert!(
            (all.interval.0 - -0.451).abs() < 1e-12 && (all.interval.1 - 1.651).abs() < 1e-12,
            "{all:?}"
        );
        assert!((all.p - 2.0 * 502.0 / 2000.0).abs() < 1e-12);
        let few = drawn(9.0, draws.iter().map(|draw| draw + 1.0).collect(), 1999, 0.95).unwrap();
        assert!(
            few.interval.0 <= 9.0 && few.interval.1 >= 9.0 && (few.p - 0.001).abs() < 1e-12,
            "{few:?}"
        );
        assert_eq!(drawn(0.0, draws, 3000, 0.95), None);
        assert_eq!(drawn(0.0, Vec::new(), 0, 0.95), None);
    }
}
