//! Intervals for rates, their differences and ratios.

use super::real;
use super::special::beta_quantile;

/// Lower and upper end.
pub type Interval = (f64, f64);

/// The normal quantile of a two-sided 95 % interval.
pub const Z95: f64 = 1.959_963_984_540_054;

/// Wilson's score interval of `x` in `n`; none for `n` = 0.
pub fn wilson(x: u64, n: u64, z: f64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    wilson_share(real(x) / real(n), real(n), z)
}

/// Wilson's score interval of a share of `n` rows, a number that needn't be whole, such as Kish's effective one; none
/// without rows.
pub fn wilson_share(p: f64, n: f64, z: f64) -> Option<Interval> {
    if n <= 0.0 || !n.is_finite() {
        return None;
    }
    let (count, z2) = (n, z * z);
    let denominator = 1.0 + z2 / count;
    let centre = (p + z2 / (2.0 * count)) / denominator;
    let half = z * (p * (1.0 - p) / count + z2 / (4.0 * count * count)).sqrt() / denominator;
    let low = if p <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if p >= 1.0 { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

/// Wald's interval of `x` in `n`, cut to [0, 1]; none for `n` = 0. Too narrow for small counts, and of no width at
/// 0 and `n`: kept because others print it.
pub fn wald(x: u64, n: u64, z: f64) -> Option<Interval> {
    if n == 0 {
        return None;
    }
    let p = real(x) / real(n);
    Some(around(p, z * (p * (1.0 - p) / real(n)).sqrt()))
}

/// Agresti and Coull's interval of `x` in `n` (1998), cut to [0, 1]. It adds z² rows of its own, half of them counted:
/// without any others (`n` = 0) it is [0, 1].
pub fn agresti_coull(x: u64, n: u64, z: f64) -> Interval {
    let rows = real(n) + z * z;
    let p = (real(x) + z * z / 2.0) / rows;
    around(p, z * (p * (1.0 - p) / rows).sqrt())
}

fn around(centre: f64, half: f64) -> Interval {
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Clopper and Pearson's exact interval of `x` in `n` at a level such as 0.95, from quantiles of the beta
/// distribution; none for `n` = 0.
pub fn clopper_pearson(x: u64, n: u64, level: f64) -> Option<Interval> {
    if n == 0 || x > n {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let (hits, misses) = (real(x), real(n - x));
    let low = if x == 0 {
        0.0
    } else {
        beta_quantile(tail, hits, misses + 1.0)?
    };
    let high = if x == n {
        1.0
    } else {
        1.0 - beta_quantile(tail, misses, hits + 1.0)?
    };
    Some((low, high))
}

/// Newcombe's interval of the difference `x1/n1 − x0/n0`.
pub fn newcombe((x1, n1): (u64, u64), (x0, n0): (u64, u64), z: f64) -> Option<Interval> {
    let (one, zero) = (wilson(x1, n1, z)?, wilson(x0, n0, z)?);
    Some(difference(
        (real(x1) / real(n1), one),
        (real(x0) / real(n0), zero),
    ))
}

/// The interval of the difference of two independent estimates, from the interval of each (Newcombe's method,
/// called MOVER where the estimates aren't rates).
pub fn difference((a, (a_low, a_high)): (f64, Interval), (b, (b_low, b_high)): (f64, Interval)) -> Interval {
    let change = a - b;
    (
        change - (a - a_low).hypot(b_high - b),
        change + (a_high - a).hypot(b - b_low),
    )
}

/// The interval of how far the highest and the lowest of several independent estimates lie apart, from the interval of
/// each: none with fewer than two, of two that of their difference.
///
/// Of more, the highest and the lowest are picked by chance as well, and lie further apart than what they estimate. Upper
/// end: the highest of any pair's, which covers as often as that of the pair that truly lies furthest apart. Lower end: the
/// highest of any pair's, which covers as often as all pairs do together: take it from intervals that allow for their
/// number.
pub fn range(estimates: &[(f64, Interval)]) -> Option<Interval> {
    match estimates {
        [] | [_] => None,
        [a, b] if a.0 >= b.0 => Some(difference(*a, *b)),
        [a, b] => Some(difference(*b, *a)),
        many => {
            let half = std::f64::consts::FRAC_1_SQRT_2;
            let low = furthest(
                many,
                |pair| pair.0,
                // √(a² + b²) is at least (a + b) / √2 and at most a + b.
                |(value, (low, _))| value - half * (value - low),
                |(value, (_, high))| -value - half * (high - value),
            );
            let high = furthest(many, |pair| pair.1, |(_, (_, high))| *high, |(_, (low, _))| -low);
            Some((low, high))
        }
    }
}

/// The highest end of the difference of any two estimates. It is at most `above` of the one and `below` of the other, so
/// that most pairs needn't be tried.
fn furthest(
    estimates: &[(f64, Interval)],
    end: fn(Interval) -> f64,
    above: impl Fn(&(f64, Interval)) -> f64,
    below: impl Fn(&(f64, Interval)) -> f64,
) -> f64 {
    let sorted = |bound: &dyn Fn(&(f64, Interval)) -> f64| {
        let mut sorted: Vec<(f64, usize)> = estimates.iter().map(bound).zip(0..).collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
        sorted
    };
    let (tops, bottoms) = (sorted(&above), sorted(&below));
    let mut furthest = f64::NEG_INFINITY;
    for (above, top) in &tops {
        let worth_trying = bottoms.iter().take_while(|(below, _)| above + below > furthest);
        let ends = worth_trying
            .filter(|(_, bottom)| bottom != top)
            .map(|(_, bottom)| end(difference(estimates[*top], estimates[*bottom])));
        furthest = ends.fold(furthest, f64::max);
    }
    furthest
}

/// Wald's interval of the difference `x1/n1 − x0/n0`; none where a group is empty.
pub fn wald_difference((x1, n1): (u64, u64), (x0, n0): (u64, u64), z: f64) -> Option<Interval> {
    if n1 == 0 || n0 == 0 {
        return None;
    }
    let (p, q) = (real(x1) / real(n1), real(x0) / real(n0));
    let half = z * (p * (1.0 - p) / real(n1) + q * (1.0 - q) / real(n0)).sqrt();
    Some((p - q - half, p - q + half))
}

/// Katz' interval of the ratio `(x1/n1) / (x0/n0)`; none where a count is 0, for the logarithm has no end there.
pub fn katz((x1, n1): (u64, u64), (x0, n0): (u64, u64), z: f64) -> Option<Interval> {
    if x1 == 0 || x0 == 0 || n1 == 0 || n0 == 0 {
        return None;
    }
    let ratio = (real(x1) / real(n1)) / (real(x0) / real(n0));
    let variance = 1.0 / real(x1) - 1.0 / real(n1) + 1.0 / real(x0) - 1.0 / real(n0);
    let half = z * variance.max(0.0).sqrt();
    Some(((ratio.ln() - half).exp(), (ratio.ln() + half).exp()))
}

/// Katz' interval of the ratio of the shares `p1` of `n1` and `p0` of `n0` rows, numbers that needn't be whole; none
/// where a share or a number is 0.
pub fn katz_shares((p1, n1): (f64, f64), (p0, n0): (f64, f64), z: f64) -> Option<Interval> {
    if [p1, n1, p0, n0].iter().any(|part| *part <= 0.0) {
        return None;
    }
    let variance = (1.0 - p1) / (p1 * n1) + (1.0 - p0) / (p0 * n0);
    let (log, half) = ((p1 / p0).ln(), z * variance.max(0.0).sqrt());
    Some(((log - half).exp(), (log + half).exp()))
}

/// The score interval of the ratio `(x1/n1) / (x0/n0)` (Koopman 1984, with the correction n/(n − 1) of Miettinen
/// and Nurminen 1985): all ratios that the score test doesn't reject. Where `x1` is 0 it begins at 0, where `x0`
/// is 0 it has no upper end (infinity); none where both are 0 or a group is empty. statsmodels' closed form (Nam 1995)
/// gives the same but where a count is all of its group: there its lower end lies above the estimate.
pub fn koopman(one: (u64, u64), zero: (u64, u64), z: f64) -> Option<Interval> {
    let ((x1, n1), (x0, n0)) = (one, zero);
    if n1 == 0 || n0 == 0 || (x1 == 0 && x0 == 0) {
        return None;
    }
    let (p1, p0) = (real(x1) / real(n1), real(x0) / real(n0));
    let rejected = |log: f64| score(one, zero, log.exp()).abs() > z;
    let start = if x1 == 0 || x0 == 0 { 0.0 } else { (p1 / p0).ln() };
    let low = if x1 == 0 {
        0.0
    } else {
        // Without an estimate to begin at, the search begins where nothing below can be plausible.
        let inside = if x0 == 0 { accepted(&rejected)? } else { start };
        boundary(inside, -1.0, &rejected)?.exp()
    };
    let high = if x0 == 0 {
        f64::INFINITY
    } else {
        let inside = if x1 == 0 {
            -accepted(&|log| rejected(-log))?
        } else {
            start
        };
        boundary(inside, 1.0, &rejected)?.exp()
    };
    Some((low, high))
}

/// The first of 1, 2, 4, … (as logarithms) that isn't rejected.
fn accepted(rejected: &dyn Fn(f64) -> bool) -> Option<f64> {
    [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0]
        .into_iter()
        .find(|log| !rejected(*log))
}

/// Where acceptance ends, going from an accepted point in a direction.
fn boundary(inside: f64, direction: f64, rejected: &dyn Fn(f64) -> bool) -> Option<f64> {
    let mut step = 1.0;
    let mut outside = inside + direction;
    while !rejected(outside) {
        step *= 2.0;
        outside = inside + direction * step;
        if step > 512.0 {
            return None;
        }
    }
    let mut inside = inside;
    for _ in 0..200 {
        let middle = f64::midpoint(inside, outside);
        if rejected(middle) {
            outside = middle;
        } else {
            inside = middle;
        }
    }
    Some(f64::midpoint(inside, outside))
}

/// The score statistic of a ratio of rates, the rates taken as likely as that ratio lets them be.
fn score((x1, n1): (u64, u64), (x0, n0): (u64, u64), ratio: f64) -> f64 {
    let (x1, n1, x0, n0) = (real(x1), real(n1), real(x0), real(n0));
    let (n, x, linear) = (n1 + n0, x1 + x0, n1 * ratio + x1 + n0 + x0 * ratio);
    // The smaller root of n·ratio·q² − linear·q + x, in the form that doesn't subtract nearly equal numbers.
    let q = 2.0 * x / (linear + (linear * linear - 4.0 * n * ratio * x).max(0.0).sqrt());
    let p = q * ratio;
    let variance = (p * (1.0 - p) / n1 + ratio * ratio * q * (1.0 - q) / n0) * n / (n - 1.0);
    (x1 / n1 - ratio * x0 / n0) / variance.max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Option<Interval>, low: f64, high: f64) {
        let (a, b) = found.unwrap();
        let close = |a: f64, b: f64| (a - b).abs() <= 1e-10 * a.abs().max(b.abs()).max(1e-6);
        assert!(close(a, low) && close(b, high), "{a} {b}, not {low} {high}");
    }

    // The values are statsmodels', `proportion_confint` and `confint_proportions_2indep`.

    #[test]
    fn intervals_of_a_rate() {
        near(
            clopper_pearson(36, 37, 0.95),
            0.858_396_904_388_842,
            0.999_315_968_975_305_3,
        );
        near(clopper_pearson(33, 33, 0.95), 0.894_237_189_925_420_7, 1.0);
        near(
            clopper_pearson(2174, 3696, 0.95),
            0.572_136_847_926_308_3,
            0.604_130_434_153_602_3,
        );
        near(
            clopper_pearson(8, 32, 0.95),
            0.114_616_005_102_588_18,
            0.434_049_374_922_242_8,
        );
        near(
            Some(agresti_coull(8, 32, Z95)),
            0.130_319_300_843_368_73,
            0.423_270_298_284_166_6,
        );
        near(wald(2, 23, Z95), 0.0, 0.202_111_039_830_404_27);
        near(
            wilson(8, 32, Z95),
            0.132_524_009_185_090_4,
            0.421_065_589_942_444_9,
        );
        assert_eq!(clopper_pearson(0, 0, 0.95), None);
        assert_eq!(wald(0, 0, Z95), None);
        near(Some(agresti_coull(0, 0, Z95)), 0.0, 1.0);
    }

    #[test]
    fn intervals_of_two_rates() {
        let (one, zero) = ((731, 963), (36, 37));
        near(
            newcombe(one, zero, Z95),
            -0.249_648_117_132_831_08,
            -0.099_686_693_048_253_82,
        );
        near(
            wald_difference(one, zero, Z95),
            -0.272_705_910_348_298_1,
            -0.155_067_657_612_185_83,
        );
        near(
            katz(one, zero, Z95),
            0.731_497_515_292_654_5,
            0.832_085_149_321_073_9,
        );
        near(
            koopman(one, zero, Z95),
            0.743_673_127_783_773_8,
            0.883_033_900_463_298_2,
        );
        near(
            koopman((8, 32), (854, 2454), Z95),
            0.379_964_868_783_839_45,
            1.214_162_065_618_696_4,
        );
        assert_eq!(wald_difference((0, 0), (1, 2), Z95), None);
    }

    #[test]
    fn the_score_interval_of_a_ratio_bears_counts_of_0() {
        let (low, high) = koopman((0, 20), (5, 20), Z95).unwrap();
        assert!(low == 0.0 && high > 0.0 && high < 1.0, "{low} {high}");
        let (back, none) = koopman((5, 20), (0, 20), Z95).unwrap();
        assert!(
            (back * high - 1.0).abs() < 1e-9 && none == f64::INFINITY,
            "{back} {high}"
        );
        assert_eq!(koopman((0, 20), (0, 20), Z95), None);
        assert_eq!(koopman((0, 0), (1, 20), Z95), None);
        let (low, high) = koopman((20, 20), (30, 30), Z95).unwrap();
        assert!(low < 1.0 && high > 1.0);
    }

    #[test]
    fn the_range_of_two_is_their_difference_and_of_more_the_furthest_pair() {
        let one = |x, n| (real(x) / real(n), wilson(x, n, Z95).unwrap());
        assert_eq!(range(&[one(3, 10)]), None);
        let two = [one(30, 100), one(90, 120)];
        assert_eq!(range(&two), newcombe((90, 120), (30, 100), Z95));
        let many: Vec<_> = (1..40)
            .map(|at| one(at * at % 37, 30 + at * 7 % 60 + 7))
            .collect();
        let pairs = many.iter().enumerate().flat_map(|(at, a)| {
            let others = many.iter().enumerate().filter(move |(other, _)| *other != at);
            others.map(|(_, b)| difference(*a, *b))
        });
        let (low, high): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let most = |ends: Vec<f64>| ends.into_iter().reduce(f64::max);
        assert_eq!(range(&many), most(low).zip(most(high)));
    }

    /// Of 2000 draws from known rates, how many intervals hold the true range; and how many do that take the two extremes
    /// as if they had been named beforehand.
    #[test]
    fn the_range_of_many_holds_the_true_one_as_often_as_it_says() {
        let mut random = crate::stats::bootstrap::Random::new(11);
        let strict = crate::stats::two_sided(0.05 / 10.0).unwrap();
        // Of 200 people each: how many are counted, and how far apart the rates are.
        for (rates, truth, naive) in [
            ([60, 60, 60, 60, 60], 0.0, 1500),
            ([60, 60, 100, 100, 100], 0.2, 1860),
            ([20, 60, 60, 60, 120], 0.5, 1960),
            ([2, 4, 4, 4, 10], 0.04, 2000),
        ] {
            let (mut held, mut held_by_two) = (0, 0);
            for _ in 0..2000 {
                let drawn = rates.map(|x| random.resample(&[x, 200 - x])[0]);
                let at = |z: f64| drawn.map(|x| (real(x) / 200.0, wilson(x, 200, z).unwrap()));
                let (low, high) = (range(&at(strict)).unwrap().0, range(&at(Z95)).unwrap().1);
                held += u32::from(low <= truth && truth <= high);
                let (most, least) = (drawn.iter().max().unwrap(), drawn.iter().min().unwrap());
                let (low, high) = newcombe((*most, 200), (*least, 200), Z95).unwrap();
                held_by_two += u32::from(low <= truth && truth <= high);
            }
            assert!(held >= 1900, "{rates:?}: {held}");
            assert!(held_by_two < naive, "{rates:?}: {held_by_two} by two");
        }
    }
}
