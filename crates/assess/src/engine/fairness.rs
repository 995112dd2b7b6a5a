//! From cells to the report: overall, and by protected attributes, alone and together.

pub(super) mod gaps;
mod impact;
mod library;
mod tests;
mod thresholds;
pub(super) mod warnings;
mod weighted;

use super::curve::{self, Ranked, Ranking};
use super::intake::Intake;
use super::scores::Entry;
use super::tally::Counts;
use super::{ENGINE, Rejected};
use crate::fairlearn::Frame;
use crate::report::{
    Attribute, Confusion, Group, Impact, Labels, Performance, Point, Rates, Report, SCHEMA, Scores, Settings,
    Source, Standing, Task,
};
use crate::words;
use std::collections::BTreeMap;

/// What all rows taken in come to.
pub(super) fn report(intake: Intake, settings: &Settings, source: Source) -> Result<Report, Rejected> {
    let (positive, labels) = intake.answers.resolve(&intake.columns)?;
    intake.check_references()?;
    let Intake {
        columns,
        groups,
        tally,
        scores,
        weighed,
        ..
    } = intake;
    let (rows, by_threshold) = (tally.rows(), columns.prediction.is_none());
    let cells: Vec<_> = tally
        .cells
        .iter()
        .map(|(key, counts)| {
            let parts = key
                .iter()
                .zip(&groups)
                .map(|(id, groups)| groups.name(*id).map(str::to_owned));
            (parts.collect(), confusion(counts, positive, by_threshold))
        })
        .collect();
    let predicted = if by_threshold { 1 } else { positive };
    let are_shares = scores.as_ref().is_some_and(|scores| scores.are_shares);
    let weights = tally.sums.map(|cells| weighted::Weights {
        cells,
        positive: (positive, predicted),
        are_shares,
        scores: match weighed {
            None => Err("no score column was named"),
            Some(weighed) => weighed
                .table()
                .ok_or("too many distinct pairs of score and weight to hold: round them"),
        },
    });
    let table = Table {
        weights,
        cells,
        are_shares,
        scores: match scores {
            None => Err("no score column was named"),
            Some(scores) => scores
                .table()
                .ok_or("too many distinct scores to hold: round them"),
        },
        positive,
        labels,
        settings,
    };
    let overall = table.performance();
    let protected = columns.protected.len();
    let attribute = |at: Vec<usize>| {
        let names: Vec<_> = at.iter().map(|at| columns.protected[*at].clone()).collect();
        let parts: Option<Vec<_>> = names
            .iter()
            .map(|name| columns.references.get(name).cloned())
            .collect();
        let declared = match names.as_slice() {
            [only] => columns.declared.get(only).cloned().unwrap_or_default(),
            _ => Vec::new(),
        };
        table.attribute(&at, names, parts, declared, &overall.counts)
    };
    let (attributes, groupings): (Vec<_>, Vec<_>) = columns.crossed().into_iter().map(attribute).unzip();
    let sweep = table.sweep(&overall.counts, &attributes[..protected], groupings);
    let missing = attributes.iter().filter(|attribute| attribute.columns.len() == 1);
    let missing = missing
        .map(|attribute| (attribute.columns[0].clone(), rows - attribute.known))
        .collect();
    let are_shares = table.scores.is_ok().then_some(table.are_shares);
    let follows = sweep
        .as_ref()
        .filter(|_| !by_threshold)
        .map(|sweep| sweep.follows);
    Ok(Report {
        individual: library::individual(&overall.counts, &table.labels),
        warnings: warnings::of(&columns, &overall, &attributes, are_shares, follows),
        thresholds: sweep.map(|sweep| sweep.kept).unwrap_or_default(),
        schema: SCHEMA.to_owned(),
        task: Task::Binary,
        engine: ENGINE.to_owned(),
        rows,
        missing,
        source,
        columns,
        labels: table.labels,
        settings: settings.clone(),
        overall,
        attributes,
    })
}

/// Puts counts by label and prediction under their names. By threshold, a prediction of 1 is the positive answer.
fn confusion(counts: &Counts, positive: usize, by_threshold: bool) -> Confusion {
    let count = |label: usize, predicted: usize| counts.get(label).map_or(0, |row| row[predicted]);
    let predicted = if by_threshold { 1 } else { positive };
    Confusion {
        tp: count(positive, predicted),
        fn_: count(positive, 1 - predicted),
        fp: count(1 - positive, predicted),
        tn: count(1 - positive, 1 - predicted),
    }
}

/// The cells of a file, with what it takes to read them.
struct Table<'a> {
    /// Where rows have weights, in the order of the cells.
    weights: Option<weighted::Weights>,
    cells: Vec<(Vec<Option<String>>, Confusion)>,
    scores: Result<Vec<Entry>, &'static str>,
    are_shares: bool,
    positive: usize,
    labels: Labels,
    settings: &'a Settings,
}

impl Table<'_> {
    fn performance(&self) -> Performance {
        let mut counts = Confusion::default();
        self.cells.iter().for_each(|(_, cell)| counts.add(cell));
        let ranked = self.rank(&[counts], |_| 0).swap_remove(0);
        let roc = self.rocs(&[counts], curve::POINTS, |_| 0).swap_remove(0);
        let settings = self.settings;
        let favourable = self.labels.favourable_rate();
        let mut performance = Performance {
            counts,
            rates: Rates::of(&counts, favourable, settings.z, settings.min_outcomes),
            scores: ranked.scores,
            roc,
            calibration: ranked.by_width,
            calibration_equal_mass: ranked.by_mass,
            weighted: None,
        };
        if let Some(weights) = &self.weights {
            weights.overall(&mut performance, favourable, settings);
        }
        performance
    }

    /// The score figures of several groups at once; `group_of` gives the group of a cell.
    fn rank(&self, groups: &[Confusion], group_of: impl Fn(usize) -> usize) -> Vec<Ranked> {
        match &self.scores {
            Err(reason) => groups
                .iter()
                .map(|counts| Ranked::none(reason, counts.n()))
                .collect(),
            Ok(table) => {
                let start = |counts: &Confusion| Ranking::new(counts.positives(), counts.negatives());
                let mut rankings: Vec<_> = groups.iter().map(start).collect();
                for entry in table {
                    let rows = entry.rows.map(u64::from);
                    let ranking = &mut rankings[group_of(entry.cell as usize)];
                    ranking.push(entry.score, rows[self.positive], rows[1 - self.positive]);
                }
                rankings
                    .into_iter()
                    .map(|ranking| ranking.finish(self.are_shares, self.settings))
                    .collect()
            }
        }
    }

    /// The ROC curves of several groups at once, of at most as many points each; empty without scores.
    fn rocs(&self, groups: &[Confusion], most: u64, group_of: impl Fn(usize) -> usize) -> Vec<Vec<Point>> {
        let Ok(table) = &self.scores else {
            return groups.iter().map(|_| Vec::new()).collect();
        };
        let curves = groups
            .iter()
            .map(|counts| curve::Roc::new(counts.positives(), counts.negatives(), most));
        curve::rocs(table, self.positive, curves.collect(), group_of)
    }

    /// What other cut-offs would have come to; none without scores.
    fn sweep(
        &self,
        decided: &Confusion,
        singles: &[Attribute],
        groupings: Vec<Vec<usize>>,
    ) -> Option<thresholds::Sweep> {
        let table = self.scores.as_ref().ok()?;
        let moving = singles.iter().zip(groupings);
        let moving = moving.map(|(attribute, of_cell)| thresholds::Moving::new(attribute, of_cell));
        let favourable = self.labels.positive_is_favourable;
        Some(thresholds::sweep(
            table,
            self.positive,
            decided,
            favourable,
            moving.collect(),
        ))
    }

    /// An attribute, and which of its groups each cell belongs to.
    fn attribute(
        &self,
        at: &[usize],
        columns: Vec<String>,
        reference: Option<Vec<String>>,
        declared: Vec<String>,
        overall: &Confusion,
    ) -> (Attribute, Vec<usize>) {
        let keys: Vec<Vec<_>> = self
            .cells
            .iter()
            .map(|(key, _)| at.iter().map(|at| Part::from(key[*at].clone())).collect())
            .collect();
        let mut sums: BTreeMap<&[Part], Confusion> = BTreeMap::new();
        let declared: Vec<_> = declared.into_iter().map(|name| vec![Part::Known(name)]).collect();
        for key in &declared {
            sums.entry(key.as_slice()).or_default();
        }
        for (key, (_, counts)) in keys.iter().zip(&self.cells) {
            sums.entry(key.as_slice()).or_default().add(counts);
        }
        let place: BTreeMap<&[Part], usize> = sums.keys().copied().zip(0..).collect();
        let of_cell: Vec<usize> = keys.iter().map(|key| place[key.as_slice()]).collect();
        let counts: Vec<_> = sums.values().copied().collect();
        let scores = self.rank(&counts, |cell| of_cell[cell]);

        let rocs = self.rocs(&counts, curve::POINTS_OF_GROUP, |cell| of_cell[cell]);
        let mut groups: Vec<Group> = sums
            .into_iter()
            .zip(scores)
            .zip(rocs)
            .map(|(((key, counts), ranked), roc)| {
                let group = self.group(key, counts, ranked.scores);
                if columns.len() == 1 && group.is_judged() {
                    Group {
                        roc,
                        calibration: ranked.by_width,
                        ..group
                    }
                } else {
                    group
                }
            })
            .collect();
        let known = groups
            .iter()
            .filter(|group| group.is_known())
            .map(|group| group.n)
            .sum();
        impact::against_best(&mut groups, known, self.settings);
        if let Some(parts) = &reference {
            impact::against_reference(&mut groups, parts, self.settings);
        }
        let known_groups = groups
            .iter()
            .filter(|group| group.is_known())
            .map(|group| group.counts);
        let library = Frame::new(known_groups, *overall).named();
        let reference = reference.map(|parts| parts.join(", "));
        let best = groups.iter().find_map(|group| group.impact.against.clone());
        let privileged = reference.clone().or(best);
        if let Some(name) = &privileged {
            tests::against(&mut groups, name);
        }
        let mut attribute = Attribute {
            gaps: gaps::of(&groups, self.labels.favourable_rate(), self.settings),
            weighted_gaps: Vec::new(),
            dependence: tests::dependence(&groups),
            reference,
            known,
            columns,
            groups,
            library,
            privileged,
        };
        if let Some(weights) = &self.weights {
            let favourable = self.labels.favourable_rate();
            weights.attribute(&mut attribute, &of_cell, favourable, self.settings);
        }
        // The libraries have no pairs of attributes but by one column for both, and a table of each pair is long.
        if attribute.columns.len() == 1 {
            let values = library::values(&attribute, overall, &self.labels);
            attribute.library.extend(values);
        }
        (attribute, of_cell)
    }

    fn group(&self, key: &[Part], counts: Confusion, scores: Scores) -> Group {
        let (settings, n) = (self.settings, counts.n());
        let key: Vec<Option<String>> = key.iter().cloned().map(Into::into).collect();
        let few = |min: u64| format!("fewer than {} people", words::count(min));
        let standing = if key.iter().any(Option::is_none) {
            Standing::Missing {
                reason: "the group isn't known".to_owned(),
            }
        } else if n == 0 {
            Standing::TooFew {
                reason: "nobody in the file".to_owned(),
            }
        } else if n < settings.min_judged {
            Standing::TooFew {
                reason: few(settings.min_judged),
            }
        } else {
            Standing::Judged
        };
        let favourable = self.labels.favourable_rate();
        let (mut rates, mut scores) = if n < settings.min_shown {
            let reason = format!("{}: rates are not shown", few(settings.min_shown));
            (Rates::withheld(n, &reason), Scores::withheld(n, &reason))
        } else {
            (
                Rates::of(&counts, favourable, settings.z, settings.min_outcomes),
                scores,
            )
        };
        if let Standing::TooFew { reason } | Standing::Missing { reason } = &standing {
            rates.unjudge(reason);
            scores.unjudge(reason);
        }
        Group {
            key,
            n,
            counts,
            favourable: counts.share(favourable).0,
            rates,
            scores,
            impact: Impact::default(),
            to_reference: None,
            test: None,
            roc: Vec::new(),
            calibration: Vec::new(),
            weighted: None,
            standing,
        }
    }
}

/// A value of one attribute; those without a value sort last.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Known(String),
    Missing,
}

impl From<Option<String>> for Part {
    fn from(value: Option<String>) -> Self {
        value.map_or(Self::Missing, Self::Known)
    }
}

impl From<Part> for Option<String> {
    fn from(part: Part) -> Self {
        match part {
            Part::Known(name) => Some(name),
            Part::Missing => None,
        }
    }
}
