//! Intervals, and tests of whether two groups differ.

use super::super::compare::number;
use super::source::{Grouping, Source};
use assess::report::{Group, Rate};
use assess::stats::{
    Interval, Test, Z95, agresti_coull, chi_square, clopper_pearson, fisher, katz, koopman, newcombe,
    two_proportions, two_proportions_unpooled, wald, wald_difference, wilson, yates,
};
use serde_json::{Value, json};

type Share = (u64, u64);

pub fn reply(source: &Source, id: &str) -> Option<Value> {
    if let Some(rest) = id.strip_prefix("ci95.") {
        return match rest.split('.').next()? {
            "diff" | "ratio" => of_two(source, rest),
            _ => of_one(source, rest),
        };
    }
    let (test, rest) = id.split_once('.')?;
    let (rate, rest) = rest.split_once('.')?;
    let rate = named(rate)?;
    if test == "chi2_all_groups" {
        let table: Vec<_> = source
            .grouping(rest)?
            .groups()
            .values()
            .map(|group| outcomes(group.counts.share(rate)).to_vec())
            .collect();
        return chi_square(&table).map(chi_row);
    }
    let (one, other) = pair(source, rest, rate)?;
    let table = [outcomes(one), outcomes(other)];
    match test {
        "ztest" => Some(row("z", two_proportions(one, other))),
        "ztest_unpooled" => Some(row("z", two_proportions_unpooled(one, other))),
        // Where only one table is possible, it is certain, and has no odds ratio.
        "fisher" => Some(fisher(table).map_or_else(
            || json!({"odds_ratio": number(f64::NAN), "p": 1.0}),
            |test| row("odds_ratio", Some(test)),
        )),
        "chi2_yates" => yates(table).map(chi_row),
        "chi2_plain" => chi_square(&table.map(|row| row.to_vec())).map(chi_row),
        _ => None,
    }
}

/// Why an entry isn't held against anything, if it isn't.
pub fn unreliable(source: &Source, id: &str) -> Option<&'static str> {
    let (one, other) = pair(
        source,
        id.strip_prefix("ci95.ratio.score.selection.")?,
        Rate::Selection,
    )?;
    let everybody = |(x, n): Share| x == n;
    (everybody(one) || everybody(other)).then_some(
        "statsmodels' closed form of the score interval breaks down where everybody in a group is selected",
    )
}

/// `wilson.tpr.attribute.group`.
fn of_one(source: &Source, rest: &str) -> Option<Value> {
    let (method, rest) = rest.split_once('.')?;
    let (rate, rest) = rest.split_once('.')?;
    let rate_of = named(rate)?;
    source.attribute_first(rest, |grouping, name| {
        let group = *grouping.groups().get(name)?;
        let (x, n) = group.counts.share(rate_of);
        let interval = match method {
            "wilson" => reported(group, rate_of),
            "beta" => clopper_pearson(x, n, 0.95),
            "agresti_coull" => Some(agresti_coull(x, n, Z95)),
            "normal" => wald(x, n, Z95),
            _ => return None,
        };
        Some(ends(interval))
    })
}

/// The engine's own interval of a rate.
fn reported(group: &Group, rate: Rate) -> Option<Interval> {
    let figures = group.rates.named();
    let (_, figure) = figures.into_iter().find(|(id, _)| *id == rate.id())?;
    let (x, n) = group.counts.share(rate);
    figure.interval().or_else(|| wilson(x, n, Z95))
}

/// `diff.newcomb.selection.attribute.one_vs_other`.
fn of_two(source: &Source, rest: &str) -> Option<Value> {
    let parts: Vec<_> = rest.splitn(4, '.').collect();
    let [kind, method, rate, rest] = parts.as_slice() else {
        return None;
    };
    let (one, other) = pair(source, rest, named(rate)?)?;
    let interval = match (*kind, *method) {
        ("diff", "newcomb") => newcombe(one, other, Z95),
        ("diff", "wald") => wald_difference(one, other, Z95),
        ("ratio", "log") => katz(one, other, Z95),
        ("ratio", "score") => koopman(one, other, Z95),
        _ => return None,
    };
    Some(ends(interval))
}

fn named(rate: &str) -> Option<Rate> {
    let id = if rate == "selection" {
        "selection_rate"
    } else {
        rate
    };
    Rate::ALL.into_iter().find(|known| known.id() == id)
}

/// The shares of `attribute.one_vs_other`.
fn pair(source: &Source, rest: &str, rate: Rate) -> Option<(Share, Share)> {
    source.attribute_first(rest, |grouping, names| both(&grouping, names, rate))
}

fn both(grouping: &Grouping, names: &str, rate: Rate) -> Option<(Share, Share)> {
    let groups = grouping.groups();
    let share = |name: &str| Some(groups.get(name)?.counts.share(rate));
    // A group's name may itself hold what parts the two.
    names.match_indices("_vs_").find_map(|(at, parting)| {
        let (one, other) = (names.get(..at)?, names.get(at + parting.len()..)?);
        Some((share(one)?, share(other)?))
    })
}

/// Those counted and those not.
fn outcomes((x, n): Share) -> [u64; 2] {
    [x, n - x]
}

fn ends(interval: Option<Interval>) -> Value {
    let ends = interval.map_or([f64::NAN; 2], |(low, high)| [low, high]);
    json!(ends.map(number))
}

fn row(name: &str, test: Option<Test>) -> Value {
    let (statistic, p) = test.map_or((f64::NAN, f64::NAN), |test| (test.statistic, test.p));
    json!({name: number(statistic), "p": number(p)})
}

fn chi_row((test, dof): (Test, u64)) -> Value {
    json!({"chi2": test.statistic, "p": test.p, "dof": dof})
}
