//! Tests of each group's favourable rate against one group's, and of all groups' together.

use crate::report::{Dependence, Group, Method, Test};
use crate::stats::{benjamini_hochberg, chi_square, fisher, holm, real, two_proportions};

/// Below so many people expected in a cell, the normal approximation isn't relied on (Cochran 1954).
const FEWEST_EXPECTED: f64 = 5.0;

/// Fills in the test of every judged group against the group named, if that one is judged.
pub(super) fn against(groups: &mut [Group], name: &str) {
    let is_it = |group: &Group| group.is_judged() && group.name() == name;
    let Some(other) = groups.iter().find(|group| is_it(group)).map(share) else {
        return;
    };
    let tested: Vec<_> = groups
        .iter()
        .enumerate()
        .filter(|(_, group)| group.is_judged() && !is_it(group))
        .filter_map(|(at, group)| Some((at, test(share(group), other)?)))
        .collect();
    let p: Vec<f64> = tested.iter().map(|(_, (.., p))| *p).collect();
    let comparisons = p.len() as u64;
    let adjusted = holm(&p).into_iter().zip(benjamini_hochberg(&p));
    for ((at, (method, z, p)), (holm, benjamini_hochberg)) in tested.into_iter().zip(adjusted) {
        groups[at].test = Some(Test {
            method,
            against: name.to_owned(),
            z,
            p,
            holm,
            benjamini_hochberg,
            comparisons,
        });
    }
}

fn share(group: &Group) -> (u64, u64) {
    (group.favourable, group.n)
}

fn test(one: (u64, u64), other: (u64, u64)) -> Option<(Method, Option<f64>, f64)> {
    let ((x1, n1), (x0, n0)) = (one, other);
    let (chosen, all) = (x1 + x0, n1 + n0);
    let expected = |margin: u64, n: u64| real(margin) * real(n) / real(all);
    let cells = [chosen, all - chosen].map(|margin| expected(margin, n1).min(expected(margin, n0)));
    if cells.into_iter().fold(f64::INFINITY, f64::min) < FEWEST_EXPECTED {
        let test = fisher([[x1, n1 - x1], [x0, n0 - x0]])?;
        return Some((Method::FisherExact, None, test.p));
    }
    let test = two_proportions(one, other)?;
    Some((Method::TwoProportionZ, Some(test.statistic), test.p))
}

/// Whether the favourable answer depends on the group.
pub(super) fn dependence(groups: &[Group]) -> Option<Dependence> {
    let judged = groups.iter().filter(|group| group.is_judged());
    let table: Vec<_> = judged
        .map(|group| vec![group.favourable, group.n - group.favourable])
        .collect();
    let (test, degrees) = chi_square(&table).filter(|(_, degrees)| *degrees > 0)?;
    Some(Dependence {
        chi_square: test.statistic,
        degrees,
        p: test.p,
    })
}
