//! One review: the questions at the left, the evidence at the right, the decision at the foot.
use super::{answer, decide, evidence, finding, known::Known};
use crate::{
    page::{now, page},
    problem::{Problem, sentence},
    release::words,
    ui::{Breadcrumb, Card, Notice, PageHead, Progress, ReviewDesk, Signatures, Stack, TierMark, Tone, When},
};
use domain::{
    review::State,
    view::{release::Act, review::Review},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn read_review(id: String) -> Result<Review, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = id.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::review::page(&portal, &actor, id).await
    })
    .await
}

#[component]
pub fn ReviewPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(read_review(id), title, |review| show(&review))
}

fn title(review: &Review) -> String {
    format!(
        "{} review, {} {}",
        review.discipline.title(),
        review.release.model,
        review.release.number
    )
}

fn show(review: &Review) -> AnyView {
    let known = Known::of(review);
    let trail = vec![("Reviews".to_owned(), "/reviews".to_owned())];
    let here = format!(
        "{} {}, {}",
        review.release.model, review.release.number, review.discipline
    );
    let head = head(review);
    let desk = if review.can == Act::Open {
        decide::form(review, &known)
    } else {
        read_only(review, &known)
    };
    view! {
        <Stack>
            <Breadcrumb trail here/>
            {head}
            {desk}
        </Stack>
    }
    .into_any()
}

fn head(review: &Review) -> AnyView {
    let now = now();
    let row = &review.release;
    let answered = answer::count(review);
    let of = u32::try_from(review.template.questions.len()).unwrap_or(u32::MAX);
    let action = view! { <Progress done=answered of words="answered"/> };
    let (tier, state) = (row.tier.into(), words::reviewed(review.state));
    let (href, release) = (
        format!("/releases/{}", row.id),
        format!("Release {} to {}", row.id, row.environment),
    );
    let (by, at) = (row.requested_by.name.clone(), row.requested_at);
    let reason = row.reason.clone();
    view! {
        <PageHead title=title(review) lead=reason action>
            <TierMark tier/>
            {state}
            <a class="small" href=href>{release}</a>
            <span class="small faint">"Asked by " {by} " " <When at now/></span>
        </PageHead>
    }
    .into_any()
}

/// The review for those who don't decide it, and after it was decided.
fn read_only(review: &Review, known: &Known<'_>) -> AnyView {
    let notice = standing(review);
    let questions = answer::shown(review, known);
    let findings = finding::closable(review);
    let evidence = evidence::pane(review, known);
    let signatures = signatures(review);
    view! {
        {notice}
        <ReviewDesk evidence>
            <Stack>{signatures} {questions} {findings}</Stack>
        </ReviewDesk>
    }
    .into_any()
}

/// Why the reader sees no form here.
fn standing(review: &Review) -> AnyView {
    let now = now();
    if let Act::Blocked(reason) = &review.can {
        let title = sentence(reason);
        return view! { <Notice tone=Tone::Info title>"You can read everything here. Someone else of the discipline decides."</Notice> }
            .into_any();
    }
    match (&review.decided_by, review.decided_at) {
        (Some(who), Some(at)) => {
            let title = format!("{} by {who}", review.state.words());
            let tone = match review.state {
                State::Approved => Tone::Ok,
                State::Rejected => Tone::Danger,
                _ => Tone::Warn,
            };
            let rationale = review.rationale.clone().unwrap_or_default();
            view! { <Notice tone title>{rationale} " " <span class="faint"><When at now/></span></Notice> }
                .into_any()
        }
        _ if review.release.state != domain::release::State::Open => {
            let title = format!("The release is {} already", review.release.state.as_str());
            view! { <Notice tone=Tone::Absent title>"This review is not needed any more."</Notice> }
                .into_any()
        }
        _ => {
            let title = format!("This waits for the {} reviewers", review.discipline);
            view! { <Notice tone=Tone::Wait title>"You can read everything here; only they answer and decide."</Notice> }.into_any()
        }
    }
}

fn signatures(review: &Review) -> AnyView {
    let chair = format!("{} reviewer", review.discipline);
    let given: Vec<_> = review
        .signatures
        .iter()
        .filter(|signature| signature.chair == chair)
        .map(crate::release::given)
        .collect();
    let any = !given.is_empty();
    any.then(|| {
        view! {
            <Card title="Signed">
                <Signatures>{given}</Signatures>
            </Card>
        }
    })
    .into_any()
}
