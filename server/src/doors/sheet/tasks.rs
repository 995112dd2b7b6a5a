//! On paper: tasks other than two answers, and what was asked for beside a report.
use super::{end, n, shown, start};
use assess::{
    Assessment,
    drift::{Drift, Movement},
    report::{Gap, Standing, find},
    tasks::{Group, named},
    words,
};
use paper::{Row, Section, Table};

/// Figures that fit beside each other on a page.
const SIDE_BY_SIDE: usize = 4;

/// Performance, then each attribute's groups and gaps.
pub(super) fn sections(assessment: &Assessment) -> Vec<Section> {
    let Some((overall, attributes)) = assessment.of_other_task() else {
        return Vec::new();
    };
    let rows = overall.iter().map(|entry| Row {
        cells: vec![named::title(&entry.id), shown(&entry.figure), n(&entry.figure)],
        muted: false,
    });
    let performance = Section {
        heading: "Performance".into(),
        table: Some(Table {
            columns: vec![start("Figure"), end("Value"), end("n")],
            rows: rows.collect(),
            caption: "Intervals at 95 % confidence, where a closed form is sound.".into(),
        }),
        ..Section::default()
    };
    let attributes = attributes.iter().map(|attribute| Section {
        facts: attribute.gaps.iter().map(gap).collect(),
        ..groups(format!("By {}", attribute.title()), &attribute.groups)
    });
    std::iter::once(performance).chain(attributes).collect()
}

/// Slices and drift, as far as they were asked for.
pub(super) fn beside(assessment: &Assessment) -> Vec<Section> {
    let beside = assessment.beside();
    let slices = beside
        .slices
        .iter()
        .map(|slice| groups(format!("By {}, a slice", slice.column), &slice.groups));
    slices.chain(beside.drift.as_ref().map(drift)).collect()
}

fn gap(gap: &Gap) -> (String, String) {
    let between = gap
        .between
        .as_ref()
        .map(|(high, low)| format!("\n{high} against {low}"));
    (
        gap.title.clone(),
        shown(&gap.figure) + &between.unwrap_or_default(),
    )
}

/// Groups with the first of their figures.
fn groups(heading: String, groups: &[Group]) -> Section {
    let figures = groups.first().map_or(&[][..], |group| &group.figures);
    let ids: Vec<&str> = figures
        .iter()
        .map(|entry| entry.id.as_str())
        .take(SIDE_BY_SIDE)
        .collect();
    let row = |group: &Group| {
        let figure = |id: &&str| group.figure(id).map_or_else(|| "–".into(), shown);
        let few = match group.standing {
            Standing::Judged => "",
            Standing::TooFew { .. } => "\ntoo few to judge",
            Standing::Missing { .. } => "\nnot known",
        };
        let first = [group.name() + few, words::count(group.n)];
        Row {
            cells: first.into_iter().chain(ids.iter().map(figure)).collect(),
            muted: group.standing != Standing::Judged,
        }
    };
    let heads = ids.iter().map(|id| end(&named::title(id)));
    Section {
        heading,
        table: Some(Table {
            columns: [start("Group"), end("n")].into_iter().chain(heads).collect(),
            rows: groups.iter().map(row).collect(),
            caption: "All other figures of each group are in the CSV and the workbook.".into(),
        }),
        ..Section::default()
    }
}

fn drift(drift: &Drift) -> Section {
    let rows = drift.columns.iter().map(|column| {
        let value = |id: &str| find(&column.figures, id).map_or_else(|| "–".into(), shown);
        let movement = column.movement.map_or("not measured", Movement::word);
        Row {
            cells: vec![
                column.name.clone(),
                movement.into(),
                value("psi"),
                value("js_distance"),
            ],
            muted: column.movement.is_none(),
        }
    });
    Section {
        heading: "Drift".into(),
        reading: drift.verdict(),
        table: Some(Table {
            columns: vec![
                start("Column"),
                start("Says"),
                end("Stability index"),
                end("Jensen–Shannon"),
            ],
            rows: rows.collect(),
            caption: format!(
                "From the file {}. Below 0.1 is stable, from 0.25 moved.",
                drift.baseline.digest
            ),
        }),
        ..Section::default()
    }
}
