//! How well the scores of each class fit the labels, in one more pass over the file.

use super::super::Wanted;
use crate::engine::curve::Sum;
use crate::engine::values::Values;
use crate::engine::{Limits, Rejected, Watch};
use crate::multiclass::scores::{Areas, Ranked, logarithm};
use crate::report::Columns;
use crate::stats::real;
use std::collections::HashMap;
use std::path::Path;

/// What the score columns come to.
pub(super) struct Scored {
    /// Their names.
    pub columns: Vec<String>,
    /// Rows whose scores can be brought to a sum of 1.
    pub rows: u64,
    pub areas: Areas,
    /// Mean of −ln(share of the true class), in nats.
    pub log_loss: Option<f64>,
    /// Places that scores were rounded to, and how far an area may be off; none where they are exact.
    pub rounded: Option<(u32, f64)>,
}

/// Reads the score columns of the classes that occur among the labels.
pub(super) fn read(
    file: &Path,
    columns: &Columns,
    prefix: &str,
    classes: &[String],
    limits: &Limits,
    progress: &mut Watch<'_>,
) -> Result<Scored, Rejected> {
    let names: Vec<String> = classes.iter().map(|class| format!("{prefix}_{class}")).collect();
    let scores = names.iter().map(|name| (name.as_str(), "score"));
    let own: Vec<_> = std::iter::once((columns.label.as_str(), "label"))
        .chain(scores)
        .collect();
    let unprotected = Columns {
        label: columns.label.clone(),
        ..Columns::default()
    };
    let wanted = Wanted::new(&own, &unprotected)?;
    let number: HashMap<&str, u32> = classes.iter().map(String::as_str).zip(0..).collect();
    // A value of a class is a share of that class in a row; its cell is the row's label.
    let each = limits.max_scores / classes.len().max(1);
    let mut values: Vec<Values> = classes.iter().map(|_| Values::new(each)).collect();
    let (mut support, mut loss) = (vec![0_u64; classes.len()], Sum::default());
    let mut shares = vec![0.0; classes.len()];
    wanted.read(file, limits, progress, &mut |place, row| {
        for (at, share) in shares.iter_mut().enumerate() {
            *share = wanted.column(at + 1).number(row[at + 1], place)?;
        }
        let label = wanted.column(0).text(row[0], place)?;
        let sum: f64 = shares.iter().sum();
        let Some(label) = number
            .get(label.as_ref())
            .filter(|_| sum.is_finite() && sum > 0.0)
        else {
            return Ok(());
        };
        for (values, share) in values.iter_mut().zip(&shares) {
            values.push(share / sum + 0.0, *label, 0);
        }
        let label = *label as usize;
        support[label] += 1;
        loss.add(logarithm(shares[label] / sum));
        Ok(())
    })?;
    let rows: u64 = support.iter().sum();
    let mut areas = Areas::new(support.iter().map(|rows| real(*rows)).collect());
    let (mut places, mut off) = (None, 0.0_f64);
    for (class, values) in values.into_iter().enumerate() {
        let table = values.table()?;
        let entries = table.entries.iter();
        let ranked: Vec<Ranked> = entries
            .map(|entry| (entry.score, entry.cell as usize, f64::from(entry.rows[0])))
            .collect();
        let tied = areas.add(class, &ranked);
        if let Some(kept) = table.places {
            places = Some(places.map_or(kept, |places: u32| places.min(kept)));
            off = off.max(tied);
        }
    }
    Ok(Scored {
        columns: names,
        log_loss: (rows > 0).then(|| loss.total() / real(rows)),
        rounded: places.map(|places| (places, off)),
        areas,
        rows,
    })
}
