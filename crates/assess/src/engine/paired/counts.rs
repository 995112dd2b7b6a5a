//! Figures that follow from counts, computed again from counts drawn anew.

use super::cases::{Cases, Outcome};
use crate::compare::{Bootstrap, Method, Move};
use crate::engine::fairness::gaps::{By, Kind, judged, kinds};
use crate::report::{Attribute, Confusion, Group, Rate, Report, Settings};
use crate::stats::bootstrap::{Random, drawn};
use std::collections::{BTreeMap, HashMap};

/// Cases by cell, and within it by whether they were positive, were predicted so before, and are now.
pub(super) struct Counted {
    /// The groups of each cell, a value for each protected attribute.
    cells: Vec<Vec<Option<String>>>,
    joint: Vec<u64>,
}

/// Ways a case of a cell can come out.
const WAYS: usize = 8;

/// A figure of an attribute's groups.
struct Watched {
    attribute: usize,
    kind: Kind,
    /// The groups compared in each rate, before and after.
    judged: [Vec<Vec<usize>>; 2],
}

/// The changes of one figure, a draw each; not a number where it was undefined.
pub(super) struct Redrawn(pub Vec<f64>);

impl Redrawn {
    pub fn judge(&self, change: Option<f64>, bootstrap: &Bootstrap, settings: &Settings) -> Move {
        let drawn =
            change.and_then(|change| drawn(change, self.0.clone(), bootstrap.draws, settings.confidence));
        Move {
            method: Method::Bootstrap,
            interval: drawn.map(|drawn| drawn.interval),
            p: drawn.map(|drawn| drawn.p),
        }
    }
}

impl Counted {
    pub fn of(cases: &Cases, outcomes: &[Outcome]) -> Self {
        let cells = cases.cells();
        let mut joint = vec![0; cells.len() * WAYS];
        for (case, outcome) in cases.rows.iter().zip(outcomes) {
            joint[case.cell as usize * WAYS + way(*outcome)] += 1;
        }
        Self { cells, joint }
    }

    /// Each figure's changes under its fact's id, for two reports on these cases.
    pub fn redraw(&self, reports: &[Report; 2], bootstrap: &Bootstrap) -> BTreeMap<String, Redrawn> {
        let figures = self.figures(reports);
        let mut redrawn: Vec<Vec<f64>> = vec![Vec::new(); figures.ids.len()];
        let mut random = Random::new(bootstrap.seed);
        for _ in 0..bootstrap.draws {
            let joint = random.resample(&self.joint);
            let [before, after] = [0, 1].map(|side| figures.values(&joint, side));
            for (changes, (before, after)) in redrawn.iter_mut().zip(before.into_iter().zip(after)) {
                let change = after.zip(before).map(|(after, before)| after - before);
                changes.push(change.unwrap_or(f64::NAN));
            }
        }
        figures
            .ids
            .into_iter()
            .zip(redrawn.into_iter().map(Redrawn))
            .collect()
    }

    fn figures(&self, reports: &[Report; 2]) -> Figures {
        let [
            _,
            Report {
                attributes, columns, ..
            },
        ] = reports;
        let watched: Vec<Watched> = (0..attributes.len())
            .flat_map(|at| watched(reports, at))
            .collect();
        let ids = OVERALL.iter().map(|(id, _)| format!("performance.{id}"));
        let gaps = watched.iter().map(|watched| {
            let attribute = attributes[watched.attribute].id();
            format!("fairness.{}.{attribute}", watched.kind.id)
        });
        let grouping = |attribute: &Attribute| Grouping {
            groups: attribute.groups.len(),
            of_cell: self.groups_of_cells(attribute, &columns.protected),
        };
        Figures {
            ids: ids.chain(gaps).collect(),
            everybody: Grouping {
                groups: 1,
                of_cell: vec![0; self.cells.len()],
            },
            attributes: attributes.iter().map(grouping).collect(),
            watched,
        }
    }

    /// The place of each cell's group among those of an attribute.
    fn groups_of_cells(&self, attribute: &Attribute, protected: &[String]) -> Vec<usize> {
        let column = |name: &String| {
            protected
                .iter()
                .position(|other| other == name)
                .unwrap_or_default()
        };
        let columns: Vec<usize> = attribute.columns.iter().map(column).collect();
        let groups = attribute.groups.iter().map(|group| group.key.as_slice());
        let place: HashMap<&[Option<String>], usize> = groups.zip(0..).collect();
        let key = |cell: &Vec<Option<String>>| columns.iter().map(|at| cell[*at].clone()).collect::<Vec<_>>();
        let places = self.cells.iter().map(|cell| place.get(key(cell).as_slice()));
        places.map(|place| place.copied().unwrap_or_default()).collect()
    }
}

/// Which of so many groups each cell belongs to.
struct Grouping {
    groups: usize,
    of_cell: Vec<usize>,
}

/// What is computed again of each draw.
struct Figures {
    /// Those of all cases, then those watched.
    ids: Vec<String>,
    everybody: Grouping,
    attributes: Vec<Grouping>,
    watched: Vec<Watched>,
}

impl Figures {
    /// Each figure on one side, in the order of their ids.
    fn values(&self, joint: &[u64], side: usize) -> Vec<Option<f64>> {
        let all = self.everybody.sums(joint, side);
        let by_attribute: Vec<_> = self.attributes.iter().map(|of| of.sums(joint, side)).collect();
        let overall = OVERALL.iter().map(|(_, figure)| figure(&all[0]));
        let gaps = self.watched.iter().map(|watched| {
            let counts = &by_attribute[watched.attribute];
            watched.kind.value(counts, &watched.judged[side])
        });
        overall.chain(gaps).collect()
    }
}

type Of = fn(&Confusion) -> Option<f64>;

/// Figures of all cases whose denominators differ before and after.
const OVERALL: [(&str, Of); 3] = [
    ("balanced_accuracy", Confusion::balanced_accuracy),
    ("precision", |counts| counts.rate(Rate::Precision)),
    ("f1", Confusion::f1),
];

fn way(outcome: Outcome) -> usize {
    let [before, after] = outcome.predicted.map(usize::from);
    usize::from(outcome.positive) << 2 | before << 1 | after
}

impl Grouping {
    /// What the cases of each group come to on one side.
    fn sums(&self, joint: &[u64], side: usize) -> Vec<Confusion> {
        let mut sums = vec![Confusion::default(); self.groups];
        for (cell, group) in joint.chunks_exact(WAYS).zip(&self.of_cell) {
            let counts = &mut sums[*group];
            for (way, count) in cell.iter().enumerate() {
                let predicted = way >> (1 - side) & 1 == 1;
                match (way >> 2 == 1, predicted) {
                    (true, true) => counts.tp += count,
                    (true, false) => counts.fn_ += count,
                    (false, true) => counts.fp += count,
                    (false, false) => counts.tn += count,
                }
            }
        }
        sums
    }
}

/// The gaps of an attribute, and its lowest impact ratio.
fn watched(reports: &[Report; 2], attribute: usize) -> Vec<Watched> {
    let favourable = reports[1].labels.favourable_rate();
    let groups = [0, 1].map(|side: usize| reports[side].attributes[attribute].groups.as_slice());
    let settings = &reports[1].settings;
    let gaps = kinds(favourable).map(|kind| {
        let of = |groups: &[Group]| {
            let rates = kind.rates.iter();
            rates.map(|rate| judged(groups, *rate, settings)).collect()
        };
        Watched {
            attribute,
            judged: groups.map(of),
            kind,
        }
    });
    let has_ratio = |groups: &[Group]| {
        let places = (0..groups.len()).filter(|at| groups[*at].impact.mark.is_some());
        vec![places.collect()]
    };
    let impact = Watched {
        attribute,
        kind: Kind {
            id: "impact_ratio",
            title: "Impact ratio",
            rates: vec![favourable],
            by: By::Ratio,
        },
        judged: groups.map(has_ratio),
    };
    gaps.into_iter().chain([impact]).collect()
}
