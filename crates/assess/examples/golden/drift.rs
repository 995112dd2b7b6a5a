//! Replies about how the later half of a file has moved from the earlier one.

use super::compare::{Reply, number};
use super::manifest::Dataset;
use super::table::Table;
use assess::drift::bins::Bins;
use assess::drift::categories::Categories;
use assess::drift::evidently::{self, Binned};
use assess::drift::shares::{distance, stability_index, total_variation};
use assess::drift::wasserstein::wasserstein;
use assess::stats::chi_square;
use assess::stats::kolmogorov::Distance;
use serde_json::{Value, json};
use std::f64::consts::E;
use std::rc::Rc;

/// Whether an entry is about drift.
pub fn is_drift(id: &str) -> bool {
    id.starts_with("drift.") || id.starts_with("evidently.")
}

/// A file in two halves, the first rounded down.
pub struct Drift {
    table: Rc<Table>,
    /// Rows in order.
    rows: Vec<usize>,
}

/// The reference's values and the current ones.
type Halves<T> = (Vec<T>, Vec<T>);

impl Drift {
    /// Sorts the rows as the golden file's calls say they are before they are halved.
    pub fn new(dataset: &Dataset, table: Rc<Table>) -> Self {
        let columns = table.header.iter().filter_map(|name| table.column(name));
        let length = columns.map(<[_]>::len).next().unwrap_or_default();
        let mut rows: Vec<usize> = (0..length).collect();
        for name in dataset.order.iter().rev() {
            sort_by(&mut rows, &table, name);
        }
        Self { table, rows }
    }

    pub fn reply(&self, id: &str, call: &str) -> Reply {
        let value = if let Some(of) = id.strip_prefix("evidently.TVD.") {
            return self.shuffled(of);
        } else if let Some(rest) = id.strip_prefix("drift.") {
            rest.split_once('.').and_then(|(kind, of)| self.drift(kind, of))
        } else if let Some((test, of)) = id
            .strip_prefix("evidently.")
            .and_then(|rest| rest.split_once('.'))
        {
            self.evidently(test, of, call.contains("Numerical"))
        } else {
            None
        };
        Reply::of(value, "no such figure of drift")
    }

    fn shuffled(&self, of: &str) -> Reply {
        let halves = self.table.column(of).map(|column| self.halves(column));
        match halves.and_then(|(reference, current)| evidently::tvd_between(&reference, &current)) {
            Some((low, high)) => Reply::Between(low, high),
            None => Reply::Uncovered("no rows to shuffle".to_owned()),
        }
    }

    fn halves<T: Clone>(&self, column: &[T]) -> Halves<T> {
        let mut first: Vec<T> = self
            .rows
            .iter()
            .filter_map(|&row| column.get(row).cloned())
            .collect();
        let second = first.split_off(first.len() / 2);
        (first, second)
    }

    fn number_halves(&self, of: &str) -> Option<Halves<Option<f64>>> {
        Some(self.halves(&self.table.numbers(of)?))
    }

    fn drift(&self, kind: &str, of: &str) -> Option<Value> {
        if kind == "categorical" {
            return self.categorical(of);
        }
        let (column, bins) = match kind {
            "psi" | "js" => of.rsplit_once('.')?,
            _ => (of, ""),
        };
        let (reference, current) = self.number_halves(column)?;
        let known = |values: Vec<Option<f64>>| values.into_iter().flatten().collect::<Vec<_>>();
        let (reference, current) = (known(reference), known(current));
        match kind {
            "ks" => {
                let distance = Distance::of(&reference, &current);
                Some(json!({
                    "statistic": number(distance.map(Distance::statistic)),
                    "p": number(distance.map(Distance::approximate_p)),
                }))
            }
            "wasserstein" => Some(number(wasserstein(&reference, &current))),
            "psi" | "js" => {
                let (bins, is_quantile) = bins_named(bins, &reference)?;
                let (a, b) = (bins.shares(&reference)?, bins.shares(&current)?);
                if kind == "js" {
                    return Some(json!({"base2": distance(&a, &b, 2.0), "natural": distance(&a, &b, E)}));
                }
                let mut reply = json!({"psi": stability_index(&a, &b), "ref": a, "cur": b});
                if is_quantile {
                    reply["edges"] = json!(bins.edges());
                }
                Some(reply)
            }
            _ => None,
        }
    }

    fn categorical(&self, of: &str) -> Option<Value> {
        let (reference, current) = self.halves(self.table.column(of)?);
        let counts = Categories::of(reference, current);
        let (test, dof) = chi_square(&[counts.reference.clone(), counts.current.clone()])?;
        let (a, b) = counts.shares()?;
        let mut reply = json!({"chi2": test.statistic, "p": test.p, "dof": dof});
        reply["psi"] = number(stability_index(&a, &b));
        reply["js_base2"] = number(distance(&a, &b, 2.0));
        reply["tvd"] = number(total_variation(&a, &b));
        Some(reply)
    }

    fn evidently(&self, test: &str, of: &str, is_numeric: bool) -> Option<Value> {
        let column = self.table.column(of)?;
        if !is_numeric {
            let (reference, current) = self.halves(column);
            let binned = || Binned::categories(&reference, &current);
            return match test {
                "psi" => Some(number(binned().and_then(|binned| binned.psi()))),
                "jensenshannon" => Some(number(binned().and_then(|binned| binned.jensenshannon()))),
                "kl_div" => Some(number(binned().and_then(|binned| binned.kl_div()))),
                "chisquare" => Some(number(evidently::chisquare(&reference, &current))),
                _ => None,
            };
        }
        let are_whole = column
            .iter()
            .all(|cell| cell.as_deref().is_some_and(|cell| cell.parse::<i64>().is_ok()));
        let (reference, current) = self.number_halves(of)?;
        let binned = || Binned::numbers(&reference, &current, are_whole);
        match test {
            "psi" => Some(number(binned().and_then(|binned| binned.psi()))),
            "jensenshannon" => Some(number(binned().and_then(|binned| binned.jensenshannon()))),
            "kl_div" => Some(number(binned().and_then(|binned| binned.kl_div()))),
            "hellinger" => Some(number(evidently::hellinger(&reference, &current, are_whole))),
            "ks" => Some(number(evidently::ks(&reference, &current))),
            "wasserstein_norm" => Some(number(evidently::wasserstein_norm(&reference, &current))),
            _ => None,
        }
    }
}

/// Bins by a name such as `equal_width10`, and whether they are quantiles.
fn bins_named(name: &str, reference: &[f64]) -> Option<(Bins, bool)> {
    if let Some(count) = name.strip_prefix("equal_width") {
        return Some((Bins::of_equal_width(count.parse().ok()?), false));
    }
    let count = name.strip_prefix("ref_quantile")?.parse().ok()?;
    Some((Bins::of_equal_size(reference, count)?, true))
}

/// Sorts rows stably by a column: by number where every value is one, else by text; missing values last.
fn sort_by(rows: &mut [usize], table: &Table, name: &str) {
    let (Some(column), Some(numbers)) = (table.column(name), table.numbers(name)) else {
        return;
    };
    let mut cells = numbers.iter().zip(column);
    if cells.all(|(number, cell)| number.is_some() == cell.is_some()) {
        let key = |row: usize| numbers[row].unwrap_or(f64::INFINITY);
        rows.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
    } else {
        let key = |row: usize| (column[row].is_none(), &column[row]);
        rows.sort_by(|&a, &b| key(a).cmp(&key(b)));
    }
}
