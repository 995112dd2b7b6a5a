//! Documents as views: what was read, what it comes to, and the tables.

mod weighted;

use super::view::{Section, Table, View, cells, number};
use crate::assessment::Assessment;
use crate::drift::Drift;
use crate::policy::{Bound, Outcome};
use crate::report::{self, Columns, Entry, Figure, Gap, Report, Settings, Source, Standing, Warning};
use crate::tasks::{self, Attribute, Group};
use crate::words::{count, shortened};

const FIGURES: [&str; 5] = ["figure", "value", "95 % interval", "n", "note"];

pub(super) fn of(assessment: &Assessment) -> View {
    let mut view = match assessment {
        Assessment::Binary(with) => binary(&with.report),
        Assessment::Multiclass(with) => task(&with.report, "Several classes"),
        Assessment::Regression(with) => task(&with.report, "Predicted numbers"),
        Assessment::Ranking(with) => {
            let mut view = task(&with.report, "A ranking");
            let cuts = with.report.detail.cuts.iter();
            view.sections.extend(cuts.map(|cut| top(cut, with.report.rows)));
            view
        }
    };
    view.verdict.push(assessment.verdict());
    let beside = assessment.beside();
    for slice in &beside.slices {
        view.sections.push(Section {
            heading: format!("By slice: {}", shortened(&slice.column)),
            notes: vec![
                "Performance only: this column is not protected, and no fairness is judged by it.".to_owned(),
            ],
            tables: vec![by_group(
                format!("Performance by {}", shortened(&slice.column)),
                &slice.groups,
                &|_| true,
            )],
        });
    }
    view.sections.extend(beside.drift.as_ref().map(drift));
    if !beside.gates.is_empty() {
        view.sections.insert(0, gates(&beside.gates));
    }
    view
}

fn binary(report: &Report) -> View {
    let overall = report.overall.rates.named().into_iter();
    let overall = overall.chain(report.overall.scores.named());
    let mut sections = vec![
        Section {
            heading: "Overall".to_owned(),
            notes: Vec::new(),
            tables: vec![figures("All rows", overall)],
        },
        read(&report.source, report.rows, &report.columns, &report.settings),
    ];
    if let [_, read] = sections.as_mut_slice() {
        let favourable = shortened(&report.columns.favourable);
        let positive = shortened(&report.labels.positive);
        read.notes.push(format!(
            "The favourable answer is “{favourable}”; positive, in true positives, is “{positive}”."
        ));
    }
    let by_attribute = report.attributes.iter();
    let by_attribute = by_attribute.flat_map(|of| std::iter::once(attribute(of)).chain(weighted::by(of)));
    sections.splice(1..1, weighted::overall(report).into_iter().chain(by_attribute));
    View {
        title: "Performance and bias".to_owned(),
        verdict: Vec::new(),
        warnings: warnings(&report.warnings),
        sections,
    }
}

fn task<D>(report: &tasks::Report<D>, title: &str) -> View {
    let overall = report.overall.iter();
    let overall = overall.map(|Entry { id, figure }| (id.as_str(), figure));
    let mut sections = vec![Section {
        heading: "Overall".to_owned(),
        notes: Vec::new(),
        tables: vec![figures("All rows", overall)],
    }];
    let by_attribute = report.attributes.iter();
    let by_attribute =
        by_attribute.flat_map(|of| std::iter::once(of_task(of)).chain(weighted::by_of_task(of)));
    sections.extend(weighted::of_task(report).into_iter().chain(by_attribute));
    sections.push(read(
        &report.source,
        report.rows,
        &report.columns,
        &report.settings,
    ));
    View {
        title: title.to_owned(),
        verdict: Vec::new(),
        warnings: warnings(&report.warnings),
        sections,
    }
}

fn warnings(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(|warning| warning.words.clone()).collect()
}

fn read(source: &Source, rows: u64, columns: &Columns, settings: &Settings) -> Section {
    let mut table = Table::new("The file", &["what", "value"]);
    let mut row = |what: &str, value: &str| table.rows.push(vec![what.to_owned(), shortened_long(value)]);
    row("SHA-256", &source.digest);
    row("format", &source.format);
    row("bytes", &count(source.bytes));
    row("rows", &count(rows));
    row("label", &columns.label);
    for (what, name) in [
        ("prediction", &columns.prediction),
        ("score", &columns.score),
        ("weight", &columns.weight),
    ] {
        if let Some(name) = name {
            row(what, name);
        }
    }
    row("protected", &columns.protected.join(", "));
    let (shown, judged, outcomes) = (settings.min_shown, settings.min_judged, settings.min_outcomes);
    Section {
        heading: "What was read".to_owned(),
        notes: vec![format!(
            "Of groups with fewer than {shown} people no figures are shown. With fewer than {judged} people, or fewer than \
             {outcomes} in a figure's denominator, a figure is shown and not judged."
        )],
        tables: vec![table],
    }
}

/// A digest is longer than what is shown of a file's values.
fn shortened_long(text: &str) -> String {
    if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return text.to_owned();
    }
    shortened(text)
}

fn figures<'a>(caption: &str, entries: impl Iterator<Item = (&'a str, &'a Figure)>) -> Table {
    let mut table = Table::new(caption, &FIGURES);
    for (id, figure) in entries {
        let name = std::iter::once(shortened(id));
        table.rows.push(name.chain(cells(figure)).collect());
    }
    table
}

fn note(standing: &Standing) -> String {
    match standing {
        Standing::Judged => String::new(),
        Standing::TooFew { reason } => format!("not judged: {reason}"),
        Standing::Missing { reason } => format!("not compared: {reason}"),
    }
}

fn attribute(attribute: &report::Attribute) -> Section {
    let title = shortened(&attribute.title());
    let head = [
        "group",
        "n",
        "favourable rate",
        "impact ratio",
        "95 % interval",
        "true positive rate",
        "false positive rate",
        "precision",
        "note",
    ];
    let mut table = Table::new(format!("Groups of {title}"), &head);
    for group in &attribute.groups {
        let (rates, impact) = (&group.rates, &group.impact.ratio);
        let reason = match note(&group.standing) {
            none if none.is_empty() => impact.reason.clone().unwrap_or_default(),
            note => note,
        };
        let value = |figure: &Figure| number(figure.value);
        table.rows.push(vec![
            shortened(&group.name()),
            count(group.n),
            value(&rates.favourable),
            value(impact),
            super::view::interval(impact),
            value(&rates.tpr),
            value(&rates.fpr),
            value(&rates.precision),
            reason,
        ]);
    }
    Section {
        heading: format!("By {title}"),
        notes: Vec::new(),
        tables: vec![table, gaps(&title, &attribute.gaps)],
    }
}

fn of_task(attribute: &Attribute) -> Section {
    let title = shortened(&attribute.title());
    Section {
        heading: format!("By {title}"),
        notes: Vec::new(),
        tables: vec![
            by_group(format!("Groups of {title}"), &attribute.groups, &|id| {
                is_compared(&attribute.gaps, id)
            }),
            gaps(&title, &attribute.gaps),
        ],
    }
}

/// Whether groups are compared by a figure.
fn is_compared(gaps: &[Gap], id: &str) -> bool {
    let (figure, class) = id.split_once('.').unwrap_or((id, ""));
    let gap = match class {
        "" => format!("{figure}_difference"),
        class => format!("{figure}_difference.{class}"),
    };
    gaps.iter().any(|other| other.id == gap)
}

fn by_group(caption: String, groups: &[Group], is_shown: &dyn Fn(&str) -> bool) -> Table {
    let mut table = Table::new(caption, &["group", "n", "note"]);
    let first = groups.first().map_or(&[][..], |group| &group.figures);
    let ids = first.iter().map(|entry| entry.id.as_str());
    let ids: Vec<&str> = ids.filter(|id| is_shown(id)).collect();
    table.more_head = ids.iter().map(|id| shortened(id)).collect();
    for group in groups {
        let mut row = vec![shortened(&group.name()), count(group.n), note(&group.standing)];
        row.extend(
            ids.iter()
                .map(|id| number(group.figure(id).and_then(|figure| figure.value))),
        );
        table.rows.push(row);
    }
    table
}

fn gaps(title: &str, gaps: &[Gap]) -> Table {
    let head = [
        "gap",
        "value",
        "95 % interval",
        "n",
        "note",
        "between",
        "groups judged",
    ];
    let mut table = Table::new(format!("Gaps between judged groups of {title}"), &head);
    for gap in gaps {
        let mut row = vec![shortened(&gap.title)];
        row.extend(cells(&gap.figure));
        let between = gap.between.as_ref();
        row.push(
            between
                .map(|(high, low)| format!("{} against {}", shortened(low), shortened(high)))
                .unwrap_or_default(),
        );
        row.push(count(gap.judged));
        table.rows.push(row);
    }
    table
}

fn top(cut: &tasks::ranking::Cut, rows: u64) -> Section {
    let entries = cut.figures.iter();
    let mut tables = vec![figures(
        &cut.id,
        entries.map(|Entry { id, figure }| (id.as_str(), figure)),
    )];
    let weighted = cut.weighted.iter();
    tables
        .extend(weighted.map(|weighted| weighted::all_of(&format!("{}, weighted", cut.id), weighted, rows)));
    for attribute in &cut.attributes {
        let weighted = weighted::by_of_task(attribute);
        let sections = std::iter::once(of_task(attribute)).chain(weighted);
        tables.extend(sections.flat_map(|section| section.tables));
    }
    Section {
        heading: format!("The top: {}", cut.id),
        notes: vec![format!(
            "{} rows taken, down to a score of {}; {} rows have exactly that score, {} of them are taken, in the order of the file.",
            count(cut.taken),
            number(cut.score),
            count(cut.tied),
            count(cut.tied_taken)
        )],
        tables,
    }
}

fn drift(drift: &Drift) -> Section {
    let mut table = Table::new(
        "Each column against the baseline",
        &[
            "column",
            "verdict",
            "psi",
            "rows then",
            "missing then",
            "rows now",
            "missing now",
            "note",
        ],
    );
    let mut all = Table::new("All figures of drift", &["column and figure", "value", "note"]);
    for column in &drift.columns {
        let psi = tasks::find(&column.figures, "psi");
        table.rows.push(vec![
            shortened(&column.name),
            column
                .movement
                .map_or("not judged", crate::drift::Movement::word)
                .to_owned(),
            number(psi.and_then(|psi| psi.value)),
            count(column.baseline.n),
            count(column.baseline.missing),
            count(column.current.n),
            count(column.current.missing),
            noted(column),
        ]);
        for Entry { id, figure } in &column.figures {
            all.rows.push(vec![
                format!("{} {id}", shortened(&column.name)),
                number(figure.value),
                figure.reason.clone().unwrap_or_default(),
            ]);
        }
    }
    Section {
        heading: "Drift".to_owned(),
        notes: vec![
            format!("The baseline's SHA-256 is {}.", drift.baseline.digest),
            "By the population stability index: below 0.1 stable, below 0.25 shifting, else moved."
                .to_owned(),
        ],
        tables: vec![table, all],
    }
}

/// Why a column isn't judged, or how its numbers were rounded.
fn noted(column: &crate::drift::Column) -> String {
    if let Some(rounded) = column.rounded {
        return format!(
            "numbers rounded to 1 part in 2^{}, at most {} of a side become one",
            rounded.places,
            crate::words::percent(rounded.largest_share)
        );
    }
    let psi = tasks::find(&column.figures, "psi");
    psi.and_then(|psi| psi.reason.clone()).unwrap_or_default()
}

fn gates(gates: &[Outcome]) -> Section {
    let head = ["gate", "state", "value", "target", "n", "between", "note"];
    let mut table = Table::new("The gates of the policy", &head);
    for gate in gates {
        let bound = match gate.bound {
            Bound::AtLeast => "at least",
            Bound::AtMost => "at most",
        };
        table.rows.push(vec![
            shortened(&gate.title),
            gate.state.words().to_owned(),
            number(gate.value),
            format!("{bound} {}", gate.target),
            count(gate.n),
            shortened(&gate.about),
            gate.reason.clone().unwrap_or_default(),
        ]);
    }
    let failed = gates.iter().filter(|gate| !gate.state.is_met()).count();
    let verdict = match failed {
        0 => "Every gate is met.".to_owned(),
        1 => "One gate is not met.".to_owned(),
        failed => format!("{failed} gates are not met."),
    };
    Section {
        heading: "Gates".to_owned(),
        notes: vec![verdict],
        tables: vec![table],
    }
}
