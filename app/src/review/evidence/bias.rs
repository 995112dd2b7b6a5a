//! How each group is treated: impact ratios as a plot, favourable answers and mistakes as a table.
use super::unmeasured;
use crate::{
    review::known::Known,
    ui::{
        Axis, Card, Cell, Column, Disclosure, Gap, GroupPlot, Mark, MarkKind, PlotRow, RowHead, Scale, Slot,
        Stack, Table, Unit, number,
    },
};
use assess::{
    Figure as Number, Report,
    report::{Attribute, Group},
};
use leptos::prelude::*;

pub fn card(known: &Known<'_>) -> AnyView {
    const TITLE: &str = "Groups and their treatment";
    let Some(report) = &known.report else {
        return unmeasured(TITLE, "evidence-bias");
    };
    if report.attributes.is_empty() {
        return view! {
            <Card title=TITLE id="evidence-bias">
                <p class="muted">"Not measured: no protected attribute was named in the evaluation."</p>
            </Card>
        }
        .into_any();
    }
    let (pairs, singles): (Vec<_>, Vec<_>) = report
        .attributes
        .iter()
        .partition(|attribute| attribute.columns.len() > 1);
    let singles = singles
        .into_iter()
        .map(|attribute| shown(attribute, report))
        .collect_view();
    let pairs = (!pairs.is_empty()).then(|| {
        let summary = number::counted(
            u64::try_from(pairs.len()).unwrap_or(0),
            "crossing of two attributes",
            "crossings of two attributes",
        );
        let pairs = pairs
            .into_iter()
            .map(|attribute| shown(attribute, report))
            .collect_view();
        view! { <Disclosure summary>{pairs}</Disclosure> }
    });
    let footer = known
        .review
        .evaluation
        .map(|id| view! { <a href=format!("/evaluations/{id}")>"Open the full report"</a> });
    let footer = footer.map_or_else(Slot::default, Slot::from);
    view! {
        <Card title=TITLE id="evidence-bias" footer>
            {singles}
            {pairs}
        </Card>
    }
    .into_any()
}

fn shown(attribute: &Attribute, report: &Report) -> AnyView {
    let plot = plot(attribute, report);
    let table = table(attribute);
    view! { <Stack gap=Gap::Tight>{plot} {table}</Stack> }.into_any()
}

/// The mark that ratios are held against, as a ratio.
#[expect(
    clippy::cast_precision_loss,
    reason = "the mark is a fraction of small whole numbers"
)]
fn mark(report: &Report) -> f64 {
    let (over, under) = report.settings.impact_mark;
    over as f64 / under as f64
}

fn plot(attribute: &Attribute, report: &Report) -> AnyView {
    let mark = mark(report);
    let axis = Axis {
        scale: Scale::new(0.0, 1.2),
        ticks: vec![0.0, 0.2, 0.4, 0.6, 1.0, 1.2],
        unit: Unit::Ratio,
        target: Some(mark),
    };
    let best = attribute.best().map(Group::name);
    let rows = sorted(attribute)
        .into_iter()
        .map(|group| row(group, best.as_deref(), mark))
        .collect();
    let key = vec![
        (
            MarkKind::First,
            "reaches the mark, or chance could explain it".to_owned(),
        ),
        (MarkKind::Bad, "below with its whole interval".to_owned()),
        (MarkKind::Unjudged, "too few to judge".to_owned()),
    ];
    let title = format!("Impact ratio by {}", attribute.title());
    view! { <GroupPlot title reading=reading(attribute) axis rows key series=vec!["Impact ratio".to_owned()]/> }.into_any()
}

/// Judged groups first, worst first; then those too small to judge.
fn sorted(attribute: &Attribute) -> Vec<&Group> {
    let mut groups: Vec<_> = attribute.groups.iter().collect();
    groups.sort_by(|a, b| {
        let place = |group: &Group| {
            (
                group.impact.ratio.judged().is_none(),
                group.impact.ratio.value.unwrap_or(f64::INFINITY),
            )
        };
        let ((a_last, a), (b_last, b)) = (place(a), place(b));
        a_last.cmp(&b_last).then(a.total_cmp(&b))
    });
    groups
}

fn reading(attribute: &Attribute) -> String {
    match (attribute.worst(), attribute.best()) {
        (Some(worst), Some(best)) if worst.key != best.key => {
            let ratio = worst
                .impact
                .ratio
                .value
                .map(|ratio| Unit::Ratio.write(ratio))
                .unwrap_or_default();
            format!(
                "{} get the favourable answer {ratio} times as often as {}, who get it most.",
                worst.name(),
                best.name()
            )
        }
        _ => "Fewer than two groups can be judged, so there is nothing to compare.".to_owned(),
    }
}

fn row(group: &Group, best: Option<&str>, mark: f64) -> PlotRow {
    let ratio = &group.impact.ratio;
    let is_best = best == Some(group.name().as_str());
    let judged = ratio.judged().is_some();
    let kind = match ratio.high {
        _ if !judged => MarkKind::Unjudged,
        Some(high) if high < mark => MarkKind::Bad,
        _ => MarkKind::First,
    };
    let drawn = ratio.value.map(|value| Mark {
        kind,
        value,
        interval: ratio.interval().filter(|_| !is_best),
        n: group.n,
    });
    let note = match (&ratio.reason, is_best) {
        (_, true) => Some("reference".to_owned()),
        (Some(_), _) if ratio.value.is_some() => Some("too few to judge".to_owned()),
        (Some(reason), _) => Some(reason.clone()),
        (None, _) => None,
    };
    PlotRow {
        label: group.name(),
        marks: drawn.into_iter().collect(),
        note,
    }
}

fn table(attribute: &Attribute) -> AnyView {
    let columns = [
        "n",
        "Favourable answers",
        "True positive rate",
        "False positive rate",
    ]
    .map(|head| Column::new(head).numeric());
    let columns = [Column::new("Group")].into_iter().chain(columns).collect();
    let rows = sorted(attribute).into_iter().map(line).collect_view();
    let label = format!("Favourable answers and mistakes by {}", attribute.title());
    view! { <Table label columns dense=true>{rows}</Table> }.into_any()
}

fn line(group: &Group) -> AnyView {
    let judged = (!group.is_judged()).then_some("no");
    let note = if group.is_judged() {
        Slot::default()
    } else {
        Slot::from("too few to judge")
    };
    let (name, n) = (group.name(), number::thousands(group.n));
    let cells = [
        cell("Favourable answers", &group.rates.favourable),
        cell("True positive rate", &group.rates.tpr),
        cell("False positive rate", &group.rates.fpr),
    ];
    view! {
        <tr data-judged=judged>
            <RowHead note>{name}</RowHead>
            <Cell label="n" numeric=true>{n}</Cell>
            {cells.collect_view()}
        </tr>
    }
    .into_any()
}

fn cell(label: &'static str, number: &Number) -> AnyView {
    let value = number
        .value
        .map_or_else(|| "not shown".to_owned(), |value| Unit::Share.write(value));
    let note = match (number.interval(), &number.reason) {
        (Some((low, high)), _) => Slot::from(Unit::Share.interval(low, high)),
        (None, Some(reason)) => Slot::from(reason.clone()),
        (None, None) => Slot::default(),
    };
    view! { <Cell label numeric=true note>{value}</Cell> }.into_any()
}
