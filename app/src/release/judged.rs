//! What reviewers said: their decisions side by side, and what they found wrong.
use super::words;
use crate::{
    page::now,
    ui::{
        Blocked, ButtonLink, Card, Finding, Gap, Heading, Icon, Notice, Pair, Section, Stack, Tone, When,
        Who, button,
    },
};
use domain::{
    finding::Severity,
    review,
    view::release::{Act, Finding as Found, Release, Review},
};
use leptos::prelude::*;

pub fn reviews(release: &Release) -> AnyView {
    let content = if release.reviews.is_empty() {
        view! {
            <Notice tone=Tone::Absent title="Its policy asks for no review">
                "The rules above and the countersignature are all that it needs."
            </Notice>
        }
        .into_any()
    } else {
        let cards = release
            .reviews
            .iter()
            .map(|review| card(review, release))
            .collect_view();
        view! { <Pair>{cards}</Pair> }.into_any()
    };
    view! { <Section title="Reviews" id="reviews">{content}</Section> }.into_any()
}

fn card(review: &Review, release: &Release) -> AnyView {
    let now = now();
    let open = release
        .findings
        .iter()
        .filter(|finding| finding.review == review.id && finding.closed.is_none())
        .count();
    let findings = match open {
        0 => "no open finding".to_owned(),
        1 => "one open finding".to_owned(),
        open => format!("{open} open findings"),
    };
    let answered = format!(
        "{} of {} questions answered, {findings}",
        review.answered, review.questions
    );
    let who = review
        .decided_by
        .as_ref()
        .map(|who| view! { <Who name=who.name.clone()/> });
    let rationale = review.rationale.clone().filter(|rationale| !rationale.is_empty());
    let rationale = rationale.map(|rationale| view! { <p class="small">"“" {rationale} "”"</p> });
    let href = format!("/reviews/{}", review.id);
    let signed = match review.decided_at {
        Some(at) => view! { "Signed " <When at now/> }.into_any(),
        None => view! { "Not decided yet" }.into_any(),
    };
    let footer = view! { {signed} " · " <a href=href.clone()>"Read the review"</a> };
    let discipline = review.discipline.clone();
    let act = match &review.can {
        Act::Open => view! { <ButtonLink href kind=button::Kind::Primary icon=Icon::Review>{format!("Review for {discipline}")}</ButtonLink> }.into_any(),
        Act::Blocked(reason) => {
            let reason = crate::problem::sentence(reason);
            let id = format!("blocked-review-{}", review.id);
            view! { <Blocked reason id>{format!("Review for {discipline}")}</Blocked> }.into_any()
        }
        Act::NotYours => ().into_any(),
    };
    let badge = words::reviewed(review.state);
    view! {
        <Card title=review.discipline.title() heading=Heading::Three aside=badge footer>
            {who}
            {rationale}
            {act}
            <p class="small faint">{answered}</p>
        </Card>
    }
    .into_any()
}

pub fn findings(release: &Release) -> AnyView {
    if release.findings.is_empty() {
        let words = if release
            .reviews
            .iter()
            .any(|review| review.state == review::State::Open)
        {
            "No reviewer has raised one so far."
        } else {
            "No reviewer raised one."
        };
        return view! {
            <Section title="Findings" id="findings">
                <p class="muted">{words}</p>
            </Section>
        }
        .into_any();
    }
    let mut findings: Vec<&Found> = release.findings.iter().collect();
    findings.sort_by_key(|finding| (finding.closed.is_some(), std::cmp::Reverse(finding.severity)));
    let list = findings.into_iter().map(finding).collect_view();
    let note = "An open major or critical finding stops the countersignature; whoever raised it closes it.";
    view! {
        <Section title="Findings" note id="findings">
            <Stack gap=Gap::Tight>{list}</Stack>
        </Section>
    }
    .into_any()
}

/// One finding, as release and review pages show it.
pub fn finding(finding: &Found) -> AnyView {
    let now = now();
    let stops = finding.closed.is_none() && finding.severity > Severity::Minor;
    let severity = crate::problem::sentence(finding.severity.as_str())
        .trim_end_matches('.')
        .to_owned();
    let title = format!(
        "{severity} finding {}, {}{}",
        finding.id,
        finding.discipline,
        match (&finding.closed, stops) {
            (Some(_), _) => ": closed",
            (None, true) => ": stops the countersignature",
            (None, false) => ": open",
        }
    );
    let raised = view! { "Raised by " {finding.raised_by.name.clone()} " " <When at=finding.raised_at now/> };
    let due = finding
        .due_on
        .map(|due| format!(", due {}", due.format("%-d %B %Y")));
    let closed = finding.closed.clone().map(|(who, at, why)| {
        view! { <br/> "Closed by " {who.name} " " <When at now/> ": " {why} }
    });
    let note = view! { {raised} {due} {closed} };
    let text = finding.text.clone();
    view! { <Finding title note closed=finding.closed.is_some()>{text}</Finding> }.into_any()
}
