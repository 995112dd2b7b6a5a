//! Who gets the favourable answer: every group with its rate as a bar, and how it stands to the best one.
use super::{
    against::{self, Against},
    sorting::{By, Sort},
};
use crate::ui::{
    BarCell, Cell, Column, Disclosure, Panel, RowGroup, RowHead, Section, Slot, Status, Table, Tone, Unit,
    number::thousands,
};
use assess::{
    Figure, Report,
    report::{Attribute, Group, Mark, Standing},
};
use leptos::prelude::*;

/// Tables of single attributes, and of pairs of them.
pub fn view(report: &Report, sort: Sort, against: &Against) -> AnyView {
    if report.attributes.is_empty() {
        return view! {
            <Section title="Who gets the favourable answer" id="groups">
                <p class="muted">
                    "Not measured: no protected attribute was named, so nothing can be said of how groups are treated."
                </p>
            </Section>
        }
        .into_any();
    }
    let favourable = report.columns.favourable.clone();
    let note = format!(
        "“{favourable}” is the favourable answer. The impact ratio compares each group with the one that gets it most often."
    );
    let (singles, pairs): (Vec<_>, Vec<_>) = report
        .attributes
        .iter()
        .partition(|attribute| attribute.columns.len() == 1);
    let singles = table(report, &singles, sort, against, "Rates by group");
    let choice = against::choice(report, against);
    let pairs = pairs
        .into_iter()
        .map(|pair| {
            let label = format!("Rates by {}", pair.title());
            let table = table(report, &[pair], sort, against, &label);
            view! { <Disclosure summary=weakest(report, pair)>{table}</Disclosure> }
        })
        .collect_view();
    let pairs = (report.attributes.iter().any(|attribute| attribute.columns.len() > 1)).then(|| {
        view! {
            <Section title="Two attributes together" note="A group may be fine by each attribute and not by both." id="pairs">
                <div class="stack" data-gap="hair">{pairs}</div>
            </Section>
        }
    });
    view! {
        <Section title="Who gets the favourable answer" note id="groups">
            {choice}
            {singles}
        </Section>
        {pairs}
    }
    .into_any()
}

/// "Race and sex: lowest impact ratio 0.51, African-American, Male".
fn weakest(report: &Report, pair: &Attribute) -> String {
    let title = super::gaps::capital(&pair.title());
    let worst = pair
        .worst()
        .and_then(|group| Some((group.impact.ratio.judged()?, group.name())));
    match worst {
        Some((ratio, name)) => {
            let ratio = assess::words::ratio(ratio, mark(report));
            format!("{title}: lowest impact ratio {ratio}, {name}")
        }
        None => format!("{title}: no two groups can be compared"),
    }
}

fn table(report: &Report, attributes: &[&Attribute], sort: Sort, against: &Against, label: &str) -> AnyView {
    let columns = vec![
        sort.column(By::Name, "Group"),
        sort.column(By::People, "People").numeric(),
        sort.column(By::Rate, "Get the favourable answer"),
        sort.column(By::Ratio, "Impact ratio").numeric(),
        Column::new("Verdict"),
    ];
    let width = columns.len();
    let mark = mark(report);
    let bodies = attributes
        .iter()
        .map(|attribute| {
            let rows = sort
                .sorted(&attribute.groups)
                .into_iter()
                .map(|group| row(group, mark, against.of(attribute), report.settings.z))
                .collect_view();
            let title = super::gaps::capital(&attribute.title());
            let title = match against.of(attribute) {
                Some(chosen) => format!("{title}, held against {}", chosen.name()),
                None => title,
            };
            view! { <RowGroup title columns=width>{rows}</RowGroup> }
        })
        .collect_view();
    let footer = rule(report);
    let label = label.to_owned();
    view! {
        <Panel footer>
            <Table label columns grouped=true>
                {bodies}
            </Table>
        </Panel>
    }
    .into_any()
}

/// The mark that impact ratios are held against.
#[expect(
    clippy::cast_precision_loss,
    reason = "the mark is a ratio of small whole numbers"
)]
pub fn mark(report: &Report) -> f64 {
    let (over, under) = report.settings.impact_mark;
    over as f64 / under as f64
}

/// Why some groups are shown and not judged.
fn rule(report: &Report) -> AnyView {
    let settings = &report.settings;
    let words = format!(
        "groups of fewer than {} people are shown but never compared, those under {} % of the file stay out of impact ratios, \
         and of groups under {} people only the number is shown. Intervals are 95 %.",
        settings.min_judged, settings.min_percent, settings.min_shown,
    );
    view! { <b>"Too few to judge: "</b> {words} }.into_any()
}

/// A group; where another one was chosen to hold it against, its ratio to that one.
fn row(group: &Group, mark: f64, chosen: Option<&Group>, z: f64) -> AnyView {
    let judged = group.is_judged();
    let name = group.name();
    let people = thousands(group.n);
    let rate = &group.rates.favourable;
    let bar = if let Some(share) = rate.value {
        view! { <BarCell share interval=rate.interval() judged/> }.into_any()
    } else {
        let reason = rate.reason.clone().unwrap_or_else(|| "not computed".to_owned());
        view! { <span class="faint">{format!("Not shown: {reason}")}</span> }.into_any()
    };
    let (figure, verdict) = match chosen {
        Some(chosen) if group.is_judged() => held_against(group, chosen, z),
        _ => (group.impact.ratio.clone(), verdict(group, mark)),
    };
    let (ratio, under) = ratio(&figure, mark);
    view! {
        <tr data-judged=(!judged).then_some("no")>
            <RowHead>{name}</RowHead>
            <Cell label="People" numeric=true>{people}</Cell>
            <Cell label="Favourable">{bar}</Cell>
            <Cell label="Impact ratio" numeric=true note=under>
                <b>{ratio}</b>
            </Cell>
            <Cell label="Verdict">{verdict}</Cell>
        </tr>
    }
    .into_any()
}

/// A group's ratio to another one, and that no policy judges by it.
fn held_against(group: &Group, chosen: &Group, z: f64) -> (Figure, AnyView) {
    if group.key == chosen.key {
        let words = view! { <span class="muted small">"Reference: chosen"</span> };
        return (Figure::new(1.0, None, group.n), words.into_any());
    }
    let words = view! { <span class="muted small">"Policies judge by the best group"</span> };
    (against::ratio(group, chosen, z), words.into_any())
}

/// The ratio in words, and its interval or why it has none. Never rounded to a mark that it misses.
fn ratio(figure: &Figure, mark: f64) -> (String, Slot) {
    match figure.judged() {
        Some(value) => {
            let interval = figure
                .interval()
                .map(|(low, high)| Unit::Ratio.interval(low, high).into_any());
            (assess::words::ratio(value, mark), Slot(interval))
        }
        None => ("–".to_owned(), Slot::from("not computed")),
    }
}

fn verdict(group: &Group, mark: f64) -> AnyView {
    if let Standing::TooFew { reason } | Standing::Missing { reason } = &group.standing {
        let word = if group.is_known() {
            "Too few to judge"
        } else {
            "Group not known"
        };
        let reason = reason.clone();
        return view! { <Status tone=Tone::Absent>{word}</Status> <small>{reason}</small> }.into_any();
    }
    let figure = &group.impact.ratio;
    let best = group.impact.against.as_deref() == Some(group.name().as_str());
    match (group.impact.mark, figure.interval()) {
        _ if best => view! { <span class="muted small">"Reference: highest rate"</span> }.into_any(),
        (Some(Mark::Below), Some((_, high))) if high >= mark => {
            view! { <Status tone=Tone::Danger>"Below, not beyond chance"</Status> }.into_any()
        }
        (Some(Mark::Below), _) => {
            view! { <Status tone=Tone::Danger>{format!("Below {}", Unit::Ratio.write(mark))}</Status> }
                .into_any()
        }
        (Some(Mark::Reached), Some((low, _))) if low < mark => {
            view! { <Status tone=Tone::Warn>"Reached, narrowly"</Status> }.into_any()
        }
        (Some(Mark::Reached), _) => view! { <Status tone=Tone::Ok>"Reached"</Status> }.into_any(),
        (None, _) => {
            let reason = figure.reason.clone().unwrap_or_default();
            view! { <Status tone=Tone::Absent>"Not compared"</Status> <small>{reason}</small> }.into_any()
        }
    }
}
