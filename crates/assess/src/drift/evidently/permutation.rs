//! Evidently's permutation test, shuffle by shuffle: its p-value depends on the random numbers, so the generator is
//! NumPy's (`numpy.random.seed(0)`, the Mersenne twister MT19937 of M. Matsumoto and T. Nishimura 1998).

use crate::stats::real;

const SHUFFLES: usize = 1000;

/// How often each category was drawn into the place of the reference.
pub(super) struct Shuffles {
    /// In both parts together.
    all: Vec<u64>,
    /// In the reference as it is.
    reference: Vec<u64>,
    /// In each shuffle's.
    drawn: Vec<Vec<u64>>,
}

impl Shuffles {
    /// Shuffles the rows that have a value; none where a part has no such rows.
    pub fn of<T: Ord + Clone>(reference: &[Option<T>], current: &[Option<T>]) -> Option<Self> {
        let rows: Vec<&T> = reference.iter().chain(current).flatten().collect();
        let size = reference.iter().flatten().count();
        if size == 0 || size == rows.len() {
            return None;
        }
        let mut categories = rows.clone();
        categories.sort_unstable();
        categories.dedup();
        let numbered = rows
            .iter()
            .filter_map(|value| categories.binary_search(value).ok());
        let numbered: Vec<usize> = numbered.collect();
        let counted = |rows: &mut dyn Iterator<Item = usize>| {
            let mut counts = vec![0; categories.len()];
            rows.for_each(|row| counts[numbered[row]] += 1);
            counts
        };
        let mut twister = Twister::seeded(0);
        Some(Self {
            all: counted(&mut (0..numbered.len())),
            reference: counted(&mut (0..size)),
            drawn: (0..SHUFFLES)
                .map(|_| counted(&mut twister.permutation(numbered.len()).into_iter().take(size)))
                .collect(),
        })
    }

    /// The share of the shuffles in which the parts' total variation is at least what it is, summed in the
    /// categories' own order.
    pub fn p(&self) -> f64 {
        let observed = self.apart(&self.reference);
        self.share(|drawn| self.apart(drawn) >= observed)
    }

    /// The least and the largest share that any order of summing gives: without and with the shuffles in which the
    /// total variation is exactly what it is. Two categories have one sum, whatever their order.
    pub fn p_between(&self) -> (f64, f64) {
        if self.all.len() < 3 {
            return (self.p(), self.p());
        }
        let observed = self.exactly_apart(&self.reference);
        let (beyond, at_least) = (
            self.share(|drawn| self.exactly_apart(drawn) > observed),
            self.share(|drawn| self.exactly_apart(drawn) >= observed),
        );
        (beyond, at_least)
    }

    fn share(&self, is_far: impl Fn(&[u64]) -> bool) -> f64 {
        let far = self.drawn.iter().filter(|drawn| is_far(drawn)).count();
        real(far as u64) / real(SHUFFLES as u64)
    }

    /// Twice the total variation between a part and the rest.
    fn apart(&self, part: &[u64]) -> f64 {
        let of_part = real(part.iter().sum());
        let of_rest = real(self.all.iter().sum()) - of_part;
        let pairs = part.iter().zip(&self.all);
        pairs
            .map(|(&part, &all)| (real(part) / of_part - real(all - part) / of_rest).abs())
            .sum()
    }

    /// The same times both sizes, a whole number.
    fn exactly_apart(&self, part: &[u64]) -> u128 {
        let of_part: u64 = part.iter().sum();
        let of_rest = self.all.iter().sum::<u64>() - of_part;
        let times = |a: u64, b: u64| u128::from(a) * u128::from(b);
        let pairs = part.iter().zip(&self.all);
        pairs
            .map(|(&part, &all)| times(part, of_rest).abs_diff(times(all - part, of_part)))
            .sum()
    }
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
    use super::{Shuffles, Twister};

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
            let p = Shuffles::of(&column(reference), &column(current)).unwrap().p();
            assert!((p - expected).abs() < 1e-12, "{p} instead of {expected}");
        }
    }

    #[test]
    fn one_category_is_never_apart_and_an_empty_part_has_no_p_value() {
        let same = Shuffles::of(&[Some(1)], &[Some(1), None]).unwrap();
        assert_eq!(same.p_between(), (1.0, 1.0));
        assert!(Shuffles::of(&[Some(1)], &[None]).is_none());
    }

    #[test]
    fn shuffles_exactly_as_far_apart_are_in_doubt_from_three_categories_on() {
        let column = |text: &str| text.chars().map(Some).collect::<Vec<_>>();
        let two = Shuffles::of(&column("aabab"), &column("bbbab")).unwrap();
        assert_eq!(two.p_between(), (two.p(), two.p()));
        let three = Shuffles::of(&column("aabcbaaac"), &column("abbbc")).unwrap();
        let (low, high) = three.p_between();
        assert!(low < high && (low..=high).contains(&three.p()));
    }
}
