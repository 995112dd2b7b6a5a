//! The list of reviews: those that are open first, and among them those that the reader may decide.
use crate::{
    page::{now, page},
    problem::Problem,
    release::words,
    ui::{
        Badge, Cell, Column, EmptyState, Gap, PageHead, Panel, RowHead, Section, Slot, Stack, Table,
        TierMark, Tone, When,
    },
};
use domain::{release, review::State, view::review::ReviewRow};
use leptos::prelude::*;

#[server]
pub async fn read_reviews() -> Result<Vec<ReviewRow>, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::review::list(&portal, &actor).await }).await
}

#[component]
pub fn ReviewsPage() -> impl IntoView {
    page(read_reviews(), |_| "Reviews".to_owned(), show)
}

fn is_open(row: &ReviewRow) -> bool {
    row.state == State::Open && row.release.state == release::State::Open
}

fn show(reviews: Vec<ReviewRow>) -> AnyView {
    let (open, closed): (Vec<_>, Vec<_>) = reviews.into_iter().partition(is_open);
    let (mine, others): (Vec<_>, Vec<_>) = open.into_iter().partition(|row| row.mine);
    let lead = match mine.len() {
        0 => "No review waits for you.".to_owned(),
        1 => "One review waits for you.".to_owned(),
        mine => format!("{mine} reviews wait for you."),
    };
    let sections = [
        section(
            "Yours to decide",
            "mine",
            mine,
            "Nothing to decide",
            "Releases that need your discipline appear here.",
        ),
        section(
            "Open for others",
            "others",
            others,
            "No other review is open",
            "Reviews of other disciplines are listed here.",
        ),
        section(
            "Decided",
            "decided",
            closed,
            "No review was decided yet",
            "What was decided stays here to be read.",
        ),
    ];
    view! {
        <Stack>
            <PageHead title="Reviews" lead/>
            <Stack gap=Gap::Wide>{sections.collect_view()}</Stack>
        </Stack>
    }
    .into_any()
}

fn section(
    title: &'static str,
    id: &'static str,
    rows: Vec<ReviewRow>,
    nothing: &'static str,
    belongs: &'static str,
) -> AnyView {
    let content = if rows.is_empty() {
        view! { <EmptyState title=nothing>{belongs}</EmptyState> }.into_any()
    } else {
        let columns = ["Release", "Discipline", "Tier", "State", "Asked", "Decided"]
            .into_iter()
            .map(Column::new)
            .collect();
        let rows = rows.into_iter().map(line).collect_view();
        view! { <Table label=title columns>{rows}</Table> }.into_any()
    };
    view! {
        <Section title id>
            <Panel>{content}</Panel>
        </Section>
    }
    .into_any()
}

fn line(row: ReviewRow) -> AnyView {
    let now = now();
    let is_open = is_open(&row);
    let (href, tier) = (format!("/reviews/{}", row.id), row.release.tier.into());
    let title = words::what(&row.release);
    let state = if is_open || row.state != State::Open {
        words::reviewed(row.state)
    } else {
        // The release was closed before this discipline came to it.
        view! { <Badge tone=Tone::Absent>"Not needed any more"</Badge> }.into_any()
    };
    let (decided, by) = match (row.decided_by, row.decided_at) {
        (Some(who), Some(at)) => {
            let by = view! { <span class="nowrap">{who}</span> };
            (
                view! { <span class="nowrap"><When at now/></span> }.into_any(),
                Slot::from(by),
            )
        }
        _ => (
            view! { <span class="faint nowrap">"Not decided"</span> }.into_any(),
            Slot::default(),
        ),
    };
    view! {
        <tr>
            <RowHead href note=words::first_sentence(&row.release.reason)>{title}</RowHead>
            <Cell label="Discipline">{row.discipline.title()}</Cell>
            <Cell label="Tier">
                <TierMark tier/>
            </Cell>
            <Cell label="State">{state}</Cell>
            <Cell label="Asked" note=view! { <span class="nowrap">{row.release.requested_by.name}</span> }>
                <span class="nowrap"><When at=row.release.requested_at now/></span>
            </Cell>
            <Cell label="Decided" note=by>{decided}</Cell>
        </tr>
    }
    .into_any()
}
