//! Every figure a report holds: its stable id, what it is, where that is laid down, and who confirms our numbers.
//!
//! `docs/metrics.md` is written from this list, and a test holds every report against it.

/// One figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metric {
    /// The stable id. `<attribute>` and `<group>` stand for names from the file.
    pub id: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// The paper, rule or library that says so.
    pub source: &'static str,
    /// The library whose values the golden files hold ours against.
    pub confirmed_by: &'static str,
}

/// Figures of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Section {
    pub title: &'static str,
    /// What holds for all of them.
    pub about: &'static str,
    pub metrics: &'static [Metric],
}

const fn metric(
    id: &'static str,
    formula: &'static str,
    source: &'static str,
    confirmed_by: &'static str,
) -> Metric {
    Metric {
        id,
        formula,
        source,
        confirmed_by,
    }
}

mod compared;
mod libraries;
mod ours;
mod tasks;
mod weighted;

/// The sections of several classes; ids are unique within a task.
pub const MULTICLASS: [Section; 3] = tasks::MULTICLASS;

/// The sections of predicted numbers.
pub const REGRESSION: [Section; 2] = tasks::REGRESSION;

/// The sections of rankings: of all rows, of a top, of gaps in a top.
pub const RANKING: [Section; 3] = tasks::RANKING;

/// The sections of these tasks by weight: several classes, numbers, a ranking, its top.
pub const WEIGHTED: [Section; 4] = weighted::WEIGHTED;

/// The section of drift.
pub const DRIFT: Section = tasks::DRIFT;

/// The section of how figures of two files are compared.
pub const COMPARED: Section = compared::COMPARED;

/// Every section of a binary report, in its order.
pub const ALL: [Section; 10] = [
    ours::RATES,
    ours::SCORES,
    ours::IMPACT,
    ours::WEIGHTED,
    ours::GAPS,
    ours::TESTS,
    libraries::FAIRLEARN,
    libraries::AIF360,
    libraries::CLARIFY,
    libraries::AEQUITAS,
];

/// The list as Markdown, for `docs/metrics.md`.
pub fn markdown() -> String {
    ALL.iter()
        .chain(&MULTICLASS)
        .chain(&REGRESSION)
        .chain(&RANKING)
        .chain(&WEIGHTED)
        .chain([&DRIFT, &COMPARED])
        .fold(HEAD.to_owned(), |text, section| text + &section.markdown())
}

impl Section {
    fn markdown(&self) -> String {
        let head = format!(
            "\n## {}\n\n{}\n\n| id | formula | source | confirmed by |\n|---|---|---|---|\n",
            self.title, self.about
        );
        let rows = self.metrics.iter().map(Metric::markdown);
        rows.fold(head, |text, row| text + &row)
    }
}

impl Metric {
    fn markdown(&self) -> String {
        let formula = self.formula.replace('|', "\\|");
        format!(
            "| `{}` | {formula} | {} | {} |\n",
            self.id, self.source, self.confirmed_by
        )
    }
}

const HEAD: &str = "# Figures

Written from `crates/assess/src/metrics`; `cargo run -p assess --example metrics > docs/metrics.md` writes it anew.

Counts of a group: TP, FP, TN, FN by label and prediction; P = TP + FN, N = FP + TN, PP = TP + FP, PN = TN + FN,
n = P + N. Positive is the answer that scores speak for; favourable is the one that is good for the person. Libraries
that know only one of the two are given the favourable answer as positive where they compare selection.

What is undefined (a share of nobody) has no value and says why; it is never 0. In fairlearn's numbers it is 0, as there.
Fewer than 10 people: no rates are shown. Fewer than 30, or fewer than 10 in a rate's denominator: shown, not judged.

A policy's gate names a fact: `performance.<id>` for a figure of all rows, `fairness.<id>.<attribute>` for a gap of one
attribute (two or three together are joined by `|`), `fairness.<id>` for the worst of all attributes,
`fairness.intersection.<id>` for the worst of all pairs and `fairness.intersection_of_three.<id>` for that of all triples; `slice.<id>.<column>` for the worst judged group of a slice and
`slice.<id>.<column>=<group>` for one of them; `drift.<id>.<column>`, and `drift.psi` for the column that moved most. A
figure of which neither more nor less is better is no fact. `performance.mean_error_size` is |mean e| of predicted
numbers: how far they lie off on average, to whichever side. `countersign assess --policy` takes the same facts:

    [[gate]]
    metric = \"fairness.impact_ratio\"
    at_least = 0.8       # or at_most
    use = \"low\"          # the end of the interval; \"value\" unless said

A figure that is not there fails its gate. The JSON of `countersign assess` keeps to [report.schema.json](report.schema.json).
";
