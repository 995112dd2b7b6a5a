//! Two evaluations side by side: of the same cases, matched by an id, or of different people.

use super::view::{Section, Table, View, number};
use super::{Answer, Order, Output, Refused, Task, html, text};
use crate::compare::{Comparison, Method, Moved, Outcome, Pairing};
use crate::engine::{Format, Limits, Matched, Progress, Rejected, assess_with, paired};
use crate::export;
use crate::report::{Figure, Report, Settings};
use crate::words::{count, shortened};
use std::fs::File;
use std::path::Path;

impl Order {
    /// How the figures of a file moved from those of an earlier one; with an `id`, of the cases that both have.
    ///
    /// # Errors
    /// [`Refused`] says what is wrong with the order or a file.
    pub fn compare(
        &self,
        before: &Path,
        after: &Path,
        id: Option<&str>,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, Refused> {
        self.check()?;
        self.check_compared()?;
        let comparison = if let Some(id) = id {
            let matched = Matched {
                columns: &self.columns,
                id,
            };
            paired(
                before,
                after,
                matched,
                &Settings::default(),
                &Limits::held(),
                progress,
            )?
        } else {
            let earlier = self.of_rows(before, progress);
            let earlier = earlier.map_err(|rejected| Rejected::Before(Box::new(rejected)))?;
            Comparison::unpaired(&earlier, &self.of_rows(after, progress)?)
        };
        let text = match self.output {
            Output::Json => serde_json::to_string_pretty(&comparison)? + "\n",
            Output::Csv => csv(&comparison),
            Output::Table => text::written(&view(&comparison)),
            Output::Html | Output::Ll144 { .. } => html::page(&view(&comparison)),
        };
        Ok(Answer {
            text,
            gates: Vec::new(),
            passed: true,
        })
    }

    fn of_rows(&self, file: &Path, progress: &mut dyn FnMut(Progress)) -> Result<Report, Rejected> {
        let format = Format::of_file(&mut File::open(file)?)?;
        let limits = Limits::default();
        assess_with(
            file,
            format,
            &self.columns,
            &Settings::default(),
            &limits,
            progress,
        )
    }

    fn check_compared(&self) -> Result<(), Refused> {
        let wrong = |words: &str| Err(Refused::WrongUse(words.to_owned()));
        if self.task != Task::Binary {
            return wrong("Only evaluations of binary predictions are compared.");
        }
        if self.policy.is_some() || self.baseline.is_some() || !self.slices.is_empty() {
            return wrong(
                "A comparison holds its changes only: ask for gates, drift and slices in another run.",
            );
        }
        if self.weights.is_some() || self.columns.weight.is_some() {
            return wrong("A comparison counts each case once: leave the weights out.");
        }
        if let Output::Ll144 { .. } = self.output {
            return wrong("The Local Law 144 page is of one file.");
        }
        Ok(())
    }
}

fn view(comparison: &Comparison) -> View {
    let worse = comparison
        .changes
        .iter()
        .filter(|moved| moved.outcome == Outcome::Worse);
    let verdict = match worse.count() {
        0 => "No figure is clearly worse.".to_owned(),
        1 => "One figure is clearly worse.".to_owned(),
        worse => format!("{worse} figures are clearly worse."),
    };
    let files = [("before", &comparison.before), ("after", &comparison.after)];
    let files = files.map(|(side, source)| vec![side.to_owned(), source.digest.clone(), count(source.bytes)]);
    let mut read = Table::new("The files", &["file", "SHA-256", "bytes"]);
    read.rows.extend(files);
    let notes = match &comparison.paired {
        Some(pairing) => matched(pairing),
        None => vec![
            "As if the files were of different people: of the same people, name the column of their ids."
                .to_owned(),
        ],
    };
    View {
        title: "What changed".to_owned(),
        verdict: vec![verdict],
        warnings: Vec::new(),
        sections: vec![
            Section {
                heading: "Changes, worst first".to_owned(),
                notes,
                tables: vec![changes(&comparison.changes)],
            },
            Section {
                heading: "What was read".to_owned(),
                notes: Vec::new(),
                tables: vec![read],
            },
        ],
    }
}

fn matched(pairing: &Pairing) -> Vec<String> {
    let Pairing {
        id,
        cases,
        only_before,
        only_after,
        decisions,
        bootstrap,
    } = pairing;
    vec![
        format!(
            "{} cases matched by “{}”; left out as they are in one file only: {} of the earlier, {} of the later.",
            count(*cases),
            shortened(id),
            count(*only_before),
            count(*only_after)
        ),
        format!(
            "{} cases now get the favourable answer that didn't, {} no longer do (share {:.4}, then {:.4}; McNemar's p {}).",
            count(decisions.gained),
            count(decisions.lost),
            decisions.before,
            decisions.after,
            chance(Some(decisions.p))
        ),
        format!(
            "Drawn anew {} times by the seed {}, where no closed form is sound.",
            count(bootstrap.draws),
            bootstrap.seed
        ),
    ]
}

fn changes(changes: &[Moved]) -> Table {
    let head = [
        "figure",
        "outcome",
        "before",
        "after",
        "change",
        "95 % interval",
        "p",
        "p (Holm)",
        "n",
        "method",
        "note",
    ];
    let mut table = Table::new("Each figure", &head);
    for moved in changes {
        let note = [Some(&moved.about), moved.reason.as_ref()];
        let note: Vec<_> = note
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        table.rows.push(vec![
            shortened(&moved.title),
            words(moved.outcome).to_owned(),
            number(moved.before),
            number(moved.after),
            number(moved.change),
            super::view::interval(&figure(moved)),
            chance(moved.p),
            chance(moved.holm),
            count(moved.n),
            method(moved.method).to_owned(),
            shortened(
                &note
                    .iter()
                    .map(|part| part.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
            ),
        ]);
    }
    table
}

/// A p; what is too small for four places is not 0.
fn chance(p: Option<f64>) -> String {
    if p.is_some_and(|p| p < 0.0001) {
        return "< 0.0001".to_owned();
    }
    number(p)
}

fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Worse => "worse",
        Outcome::Unjudged => "worse, not judged",
        Outcome::NotComparable => "not comparable",
        Outcome::NoClearChange => "no clear change",
        Outcome::Better => "better",
    }
}

fn method(method: Method) -> &'static str {
    match method {
        Method::Mcnemar => "McNemar",
        Method::Delong => "DeLong",
        Method::PairedMean => "paired mean",
        Method::Bootstrap => "bootstrap",
        Method::Unpaired => "unpaired",
    }
}

fn figure(moved: &Moved) -> Figure {
    Figure {
        value: moved.change,
        low: moved.low,
        high: moved.high,
        n: moved.n,
        reason: moved.reason.clone(),
    }
}

/// Lines in the columns of a report's: the change with its interval and what it means, then what it was and is, and its p.
fn csv(comparison: &Comparison) -> String {
    let mut table = export::Table::new();
    if let Some(pairing) = &comparison.paired {
        let Pairing {
            decisions, bootstrap, ..
        } = pairing;
        for (name, value) in [
            ("cases", pairing.cases),
            ("only_before", pairing.only_before),
            ("only_after", pairing.only_after),
            ("gained", decisions.gained),
            ("lost", decisions.lost),
            ("seed", bootstrap.seed),
            ("draws", bootstrap.draws),
        ] {
            table.number("source", "", "", name, value);
        }
    }
    for moved in &comparison.changes {
        let id = &moved.id;
        let change = Figure {
            reason: Some(words(moved.outcome).to_owned()),
            ..figure(moved)
        };
        table.figure("change", "", &moved.about, id, &change);
        let beside = [
            ("before", moved.before),
            ("after", moved.after),
            ("p", moved.p),
            ("holm", moved.holm),
            ("benjamini_hochberg", moved.benjamini_hochberg),
        ];
        for (name, value) in beside {
            let figure = Figure {
                value,
                n: moved.n,
                ..Figure::default()
            };
            table.figure(name, "", &moved.about, id, &figure);
        }
    }
    table.text
}
