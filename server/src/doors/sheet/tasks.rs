//! On paper: tasks other than two answers, and what was asked for beside a report.
use super::{end, n, shown, start};
use assess::{
    Assessment,
    drift::{Drift, Movement},
    report::{Entry, Gap, Standing, find},
    tasks::{Attribute, Group, Weighted, named},
    words,
};
use paper::{Row, Section, Table};

/// Figures that fit beside each other on a page.
const SIDE_BY_SIDE: usize = 4;

/// Performance, then each attribute's groups and gaps.
pub(super) fn sections(assessment: &Assessment) -> Vec<Section> {
    let Some((overall, weighted, attributes)) = assessment.of_other_task() else {
        return Vec::new();
    };
    let attributes = attributes.iter().flat_map(|attribute| {
        let by_rows = Section {
            facts: attribute.gaps.iter().map(gap).collect(),
            ..groups(format!("By {}", attribute.title()), &attribute.groups)
        };
        std::iter::once(by_rows).chain(by_weight(attribute))
    });
    std::iter::once(performance(overall, weighted, assessment.rows()))
        .chain(attributes)
        .collect()
}

fn performance(overall: &[Entry], weighted: Option<&Weighted>, rows: u64) -> Section {
    let lines = overall.iter().map(|entry| {
        let by_weight = weighted.map(|weighted| {
            let figure = find(&weighted.figures, &entry.id);
            figure.map_or_else(|| "–".into(), shown)
        });
        let cells = [named::title(&entry.id), shown(&entry.figure)];
        Row {
            cells: cells
                .into_iter()
                .chain(by_weight)
                .chain([n(&entry.figure)])
                .collect(),
            muted: false,
        }
    });
    let by_weight = weighted.map(|_| end("By weight"));
    let heads = [start("Figure"), end("Value")].into_iter().chain(by_weight);
    Section {
        heading: "Performance".into(),
        facts: weighted
            .iter()
            .flat_map(|weighted| weighted.named(rows).take(2))
            .map(|entry| (named::title(&entry.id), shown(&entry.figure)))
            .collect(),
        table: Some(Table {
            columns: heads.chain([end("n")]).collect(),
            rows: lines.collect(),
            caption: "Intervals at 95 % confidence, where a closed form is sound.".into(),
        }),
        ..Section::default()
    }
}

/// The groups of an attribute by weight; nothing where rows have no weights.
fn by_weight(attribute: &Attribute) -> Option<Section> {
    let weighed = |group: &Group| {
        Some(Group {
            figures: group.weighted.as_ref()?.entries().collect(),
            ..group.clone()
        })
    };
    let weighed: Vec<Group> = attribute.groups.iter().filter_map(weighed).collect();
    (!weighed.is_empty()).then(|| Section {
        facts: attribute.weighted_gaps.iter().map(gap).collect(),
        ..groups(
            format!("By {}, each row by its weight", attribute.title()),
            &weighed,
        )
    })
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
