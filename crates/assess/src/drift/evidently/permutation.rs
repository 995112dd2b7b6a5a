//! Evidently's permutation test, shuffle by shuffle: its p-value depends on the random numbers, so the generator is
//! NumPy's (`numpy.random.seed(0)`, the Mersenne twister MT19937 of M. Matsumoto and T. Nishimura 1998).

use crate::drift::categories::Categories;
use crate::drift::shares::total_variation;
use crate::stats::real;

const SHUFFLES: u32 = 1000;

/// The share of the shuffles in which the parts' total variation is at least what it is; none where a part is empty.
pub(super) fn total_variation_p<T: Ord + Clone>(
    reference: &[Option<T>],
    current: &[Option<T>],
) -> Option<f64> {
    let (reference, current): (Vec<&T>, Vec<&T>) = (
        reference.iter().flatten().collect(),
        current.iter().flatten().collect(),
    );
    let mut categories: Vec<&T> = reference.iter().chain(&current).copied().collect();
    let numbered: Vec<&T> = categories.clone();
    categories.sort_unstable();
    categories.dedup();
    let numbered: Vec<usize> = numbered
        .into_iter()
        .filter_map(|value| categories.binary_search(&value).ok())
        .collect();
    let all = counted(&numbered, categories.len());
    let observed = apart(&counted(&numbered[..reference.len()], all.len()), &all)?;
    let mut twister = Twister::seeded(0);
    let mut as_far = 0;
    for _ in 0..SHUFFLES {
        let chosen: Vec<usize> = twister
            .permutation(numbered.len())
            .into_iter()
            .take(reference.len())
            .map(|row| numbered[row])
            .collect();
        if apart(&counted(&chosen, all.len()), &all)? >= observed {
            as_far += 1;
        }
    }
    Some(real(as_far) / f64::from(SHUFFLES))
}

fn counted(rows: &[usize], categories: usize) -> Vec<u64> {
    let mut counts = vec![0; categories];
    for &category in rows {
        counts[category] += 1;
    }
    counts
}

/// The total variation between a part and the rest of all.
fn apart(part: &[u64], all: &[u64]) -> Option<f64> {
    let rest = part.iter().zip(all).map(|(part, all)| all - part).collect();
    let counts = Categories {
        reference: part.to_vec(),
        current: rest,
    };
    let (reference, current) = counts.shares()?;
    Some(total_variation(&reference, &current))
}

const WORDS: usize = 624;
const AHEAD: usize = 397;

/// The Mersenne twister.
struct Twister {
    words: [u32; WORDS],
    next: usize,
}

impl Twister {
    fn seeded(seed: u32) -> Self {
        let mut words = [seed; WORDS];
        let mut last = seed;
        for (at, word) in (1..).zip(words.iter_mut().skip(1)) {
            last = 1_812_433_253_u32
                .wrapping_mul(last ^ (last >> 30))
                .wrapping_add(at);
            *word = last;
        }
        Self { words, next: WORDS }
    }

    fn twist(&mut self) {
        for at in 0..WORDS {
            let mixed = (self.words[at] & 0x8000_0000) | (self.words[(at + 1) % WORDS] & 0x7fff_ffff);
            let turned = if mixed & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[at] = self.words[(at + AHEAD) % WORDS] ^ (mixed >> 1) ^ turned;
        }
        self.next = 0;
    }

    fn word(&mut self) -> u32 {
        if self.next == WORDS {
            self.twist();
        }
        let mut word = self.words[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }

    /// A number from 0 to `last`: words are cut to as many bits as it has until one is small enough, as NumPy draws
    /// for ranges of up to 32 bits.
    fn up_to(&mut self, last: usize) -> usize {
        let mask = u32::try_from(last).map_or(u32::MAX, |last| u32::MAX >> last.leading_zeros());
        loop {
            let drawn = (self.word() & mask) as usize;
            if drawn <= last {
                return drawn;
            }
        }
    }

    /// The numbers from 0, shuffled from the back (`numpy.random.permutation`).
    fn permutation(&mut self, count: usize) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            let with = self.up_to(at);
            numbers.swap(at, with);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::{Twister, total_variation_p};

    #[test]
    fn shuffles_are_numpys() {
        let mut twister = Twister::seeded(0);
        assert_eq!(twister.permutation(10), [2, 8, 4, 9, 1, 6, 7, 3, 0, 5]);
    }

    #[test]
    fn few_rows_have_the_librarys_p_value() {
        let cases = [("aabab", "bbbab", 0.537), ("aabcbaaac", "abbbc", 0.307)];
        for (reference, current, expected) in cases {
            let column = |text: &str| text.chars().map(Some).collect::<Vec<_>>();
            let p = total_variation_p(&column(reference), &column(current)).unwrap();
            assert!((p - expected).abs() < 1e-12, "{p} instead of {expected}");
        }
    }

    #[test]
    fn one_category_is_never_apart_and_an_empty_part_has_no_p_value() {
        assert_eq!(total_variation_p(&[Some(1)], &[Some(1), None]), Some(1.0));
        assert_eq!(total_variation_p(&[Some(1)], &[None]), None);
    }
}
