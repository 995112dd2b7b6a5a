//! What moved against the last approved version, worst first.
use crate::{
    release::figure::named,
    ui::{Card, Cell, Column, Delta, Disclosure, Notice, RowHead, Table, Tone, Unit, Went, number},
};
use domain::view::{
    evaluation::{Change, Moved},
    review::Review,
};
use leptos::prelude::*;

/// How many moves stand in sight; the rest is folded.
const SHOWN: usize = 6;

pub fn card(review: &Review) -> AnyView {
    let version = format!(
        "/models/{}/versions/{}",
        review.release.model, review.release.number
    );
    let words = Some(review.manifest.changes.clone()).filter(|words| !words.is_empty());
    let words = words.unwrap_or_else(|| "The version does not say what changed.".to_owned());
    let model = review.release.model.to_string();
    let Some(baseline) = review.baseline else {
        return view! {
            <Card title="What changed" id="evidence-changes">
                <p>{words}</p>
                <Notice tone=Tone::Absent title="No approved version to compare with">
                    "This is the first release of " {model} "."
                </Notice>
            </Card>
        }
        .into_any();
    };
    let (first, rest) = review.regressions.split_at(review.regressions.len().min(SHOWN));
    let shown = table(first, baseline);
    let more = (!rest.is_empty()).then(|| {
        let summary = format!("{} further measures", rest.len());
        let rest = table(rest, baseline);
        view! { <Disclosure summary>{rest}</Disclosure> }
    });
    let footer = view! { <a href=format!("{version}?compare=1")>"See every difference"</a> };
    view! {
        <Card title="What changed" note=format!("against {baseline}, the last approved") id="evidence-changes" footer>
            <p>{words}</p>
            {shown}
            {more}
        </Card>
    }
    .into_any()
}

fn table(changes: &[Change], baseline: i32) -> AnyView {
    if changes.is_empty() {
        return view! { <p class="muted">"No measure can be compared: one of the two was not evaluated."</p> }.into_any();
    }
    let columns = vec![
        Column::new("Measure"),
        Column::new(format!("Version {baseline}")).numeric(),
        Column::new("This").numeric(),
        Column::new("Change"),
    ];
    let rows = changes
        .iter()
        .map(move |change| line(change, baseline))
        .collect_view();
    view! { <Table label="Measures against the last approved version" columns dense=true>{rows}</Table> }
        .into_any()
}

fn line(change: &Change, baseline: i32) -> AnyView {
    let unit = Unit::of_fact(&change.now.id);
    let write =
        |value: Option<f64>| value.map_or_else(|| "not measured".to_owned(), |value| unit.write(value));
    let interval = change
        .now
        .low
        .zip(change.now.high)
        .map(|(low, high)| format!("{}, {}", unit.interval(low, high), number::sample(change.now.n)));
    let interval = interval.unwrap_or_else(|| number::sample(change.now.n));
    let by = change
        .now
        .value
        .zip(change.before)
        .map(|(now, before)| unit.of_difference().write((now - before).abs()));
    let delta = match change.verdict {
        Moved::Worse => view! { <Delta went=Went::Worse by=by.unwrap_or_default()/> }.into_any(),
        Moved::Better => view! { <Delta went=Went::Better by=by.unwrap_or_default()/> }.into_any(),
        Moved::NoClearChange => view! { <Delta went=Went::Unclear by=""/> }.into_any(),
        Moved::NotComparable => view! { <span class="faint">"not comparable"</span> }.into_any(),
    };
    let (before, now) = (write(change.before), write(change.now.value));
    let name = named(&change.now);
    view! {
        <tr>
            <RowHead>{name}</RowHead>
            <Cell label=format!("Version {baseline}") numeric=true>{before}</Cell>
            <Cell label="This" numeric=true note=interval>{now}</Cell>
            <Cell label="Change">{delta}</Cell>
        </tr>
    }
    .into_any()
}
