//! Two evaluations side by side: of the same cases, matched by an id, or of different people.

use super::view::{Section, Table, View, number};
use super::{Answer, Order, Output, Refused, html, text};
use crate::compare::{Comparison, Method, Moved, Outcome, Pairing};
use crate::engine::{Format, Limits, Matched, Rejected, Request, Watch, assess_with, paired};
use crate::export;
use crate::report::{Report, Task};
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
        progress: &mut Watch<'_>,
    ) -> Result<Answer, Refused> {
        self.check()?;
        self.check_compared()?;
        let limits = Limits::default();
        let comparison = if let Some(id) = id {
            let matched = Matched {
                columns: &self.request.columns,
                id,
            };
            paired(before, after, matched, &self.request.settings, &limits, progress)?
        } else {
            let earlier = self.of_rows(before, &limits, progress);
            let earlier = earlier.map_err(|rejected| rejected.of(Rejected::Before))?;
            Comparison::unpaired(&earlier, &self.of_rows(after, &limits, progress)?)
        };
        let text = match self.output {
            Output::Json => serde_json::to_string_pretty(&comparison)? + "\n",
            Output::Csv => export::comparison_to_csv(&comparison),
            Output::Table => text::written(&view(&comparison)),
            Output::Html | Output::Ll144 { .. } => html::page(&view(&comparison)),
        };
        Ok(Answer {
            text,
            gates: Vec::new(),
            passed: true,
        })
    }

    fn of_rows(&self, file: &Path, limits: &Limits, progress: &mut Watch<'_>) -> Result<Report, Rejected> {
        let format = Format::of_file(&mut File::open(file)?)?;
        let Request {
            columns, settings, ..
        } = &self.request;
        assess_with(file, format, columns, settings, limits, progress)
    }

    fn check_compared(&self) -> Result<(), Refused> {
        let wrong = |words: &str| Err(Refused::WrongUse(words.to_owned()));
        let request = &self.request;
        if request.task != Task::Binary {
            return wrong("Only evaluations of binary predictions are compared.");
        }
        if self.policy.is_some() || request.baseline.is_some() || !request.slices.is_empty() {
            return wrong(
                "A comparison holds its changes only: ask for gates, drift and slices in another run.",
            );
        }
        if request.columns.weight.is_some() {
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
            moved.outcome.words().to_owned(),
            number(moved.before),
            number(moved.after),
            number(moved.change),
            super::view::interval(&moved.figure()),
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

fn method(method: Method) -> &'static str {
    match method {
        Method::Mcnemar => "McNemar",
        Method::Delong => "DeLong",
        Method::PairedMean => "paired mean",
        Method::Bootstrap => "bootstrap",
        Method::Unpaired => "unpaired",
    }
}
