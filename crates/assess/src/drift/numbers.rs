//! The distinct numbers of two parts and how often each occurs, from which every distance of the parts follows.

use super::bins::Bins;
use crate::stats::kolmogorov::Distance;
use crate::stats::real;

/// Distinct numbers, ascending, with how often each occurs in the reference and in the current part.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers(Vec<(f64, [u64; 2])>);

impl Numbers {
    /// Of numbers in ascending order; those that are equal may stand several times.
    pub fn ascending(numbers: impl IntoIterator<Item = (f64, [u64; 2])>) -> Self {
        let mut distinct: Vec<(f64, [u64; 2])> = Vec::new();
        for (value, [reference, current]) in numbers {
            match distinct.last_mut() {
                Some((last, counts)) if *last >= value => {
                    counts[0] += reference;
                    counts[1] += current;
                }
                _ => distinct.push((value, [reference, current])),
            }
        }
        Self(distinct)
    }

    /// Of two samples; not-a-number is no value.
    pub fn of(reference: &[f64], current: &[f64]) -> Self {
        let reference = reference.iter().map(|value| (*value, [1, 0]));
        let both = reference.chain(current.iter().map(|value| (*value, [0, 1])));
        let mut all: Vec<_> = both.filter(|(value, _)| !value.is_nan()).collect();
        all.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        Self::ascending(all)
    }

    /// How many numbers each part has.
    pub fn sizes(&self) -> [u64; 2] {
        let add = |sum: [u64; 2], (_, counts): &(f64, [u64; 2])| [sum[0] + counts[0], sum[1] + counts[1]];
        self.0.iter().fold([0, 0], add)
    }

    /// The shares of both parts in so many bins of equally many reference values; none where a part is empty.
    pub fn shares(&self, bins: u32) -> Option<(Vec<f64>, Vec<f64>)> {
        let reference = self.0.iter().map(|(value, counts)| (*value, counts[0]));
        let bins = Bins::of_equal_counts(
            &reference.filter(|(_, count)| *count > 0).collect::<Vec<_>>(),
            bins,
        )?;
        let mut counts = vec![[0_u64; 2]; bins.edges().len() + 1];
        for (value, [reference, current]) in &self.0 {
            if let Some(bin) = counts.get_mut(bins.bin(*value)) {
                bin[0] += reference;
                bin[1] += current;
            }
        }
        let [reference, current] = self.sizes();
        let of = |part: usize, size: u64| {
            let share = |bin: &[u64; 2]| bin.get(part).map_or(0.0, |count| real(*count) / real(size));
            counts.iter().map(share).collect()
        };
        (reference > 0 && current > 0).then(|| (of(0, reference), of(1, current)))
    }

    /// The largest distance of the distribution functions; none where a part is empty.
    pub fn distance(&self) -> Option<Distance> {
        Distance::of_counts(self.0.iter().map(|(_, counts)| *counts), self.sizes())
    }

    /// The first Wasserstein distance, the area between the distribution functions, in the values' unit (scipy's
    /// `wasserstein_distance`). None where a part is empty.
    pub fn wasserstein(&self) -> Option<f64> {
        let sizes = self.sizes();
        if sizes.contains(&0) {
            return None;
        }
        let (mut area, mut below) = (0.0, [0, 0]);
        for pair in self.0.windows(2) {
            if let [(from, counts), (to, _)] = pair {
                below = [below[0] + counts[0], below[1] + counts[1]];
                area +=
                    (to - from) * (real(below[0]) / real(sizes[0]) - real(below[1]) / real(sizes[1])).abs();
            }
        }
        Some(area)
    }

    /// The largest share of either part that one number has.
    pub fn largest_share(&self) -> f64 {
        let sizes = self.sizes();
        let share = |counts: &[u64; 2]| {
            let shares = counts.iter().zip(sizes).filter(|(_, size)| *size > 0);
            shares
                .map(|(count, size)| real(*count) / real(size))
                .fold(0.0, f64::max)
        };
        self.0.iter().map(|(_, counts)| share(counts)).fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use crate::drift::bins::Bins;
    use crate::stats::kolmogorov::Distance;

    #[test]
    fn counts_say_what_the_samples_say() {
        let reference: Vec<f64> = (0..97).map(|at| f64::from(at * at % 31) / 7.0).collect();
        let current: Vec<f64> = (0..61).map(|at| f64::from(at * 5 % 23) / 5.0).collect();
        let numbers = Numbers::of(&reference, &current);
        assert_eq!(numbers.sizes(), [97, 61]);
        assert_eq!(numbers.distance(), Distance::of(&reference, &current));
        let bins = Bins::of_equal_size(&reference, 10).unwrap();
        let expected = (bins.shares(&reference).unwrap(), bins.shares(&current).unwrap());
        assert_eq!(numbers.shares(10), Some(expected));
    }

    #[test]
    fn an_empty_part_has_no_distance() {
        let numbers = Numbers::of(&[1.0, f64::NAN], &[]);
        assert_eq!(
            (numbers.distance(), numbers.wasserstein(), numbers.shares(10)),
            (None, None, None)
        );
        assert!((Numbers::of(&[1.0, 1.0, 2.0], &[2.0]).largest_share() - 1.0).abs() < 1e-15);
    }
}
