//! Deciding a review and signing the decision, with the password given again in place.
use super::{answer, draft, evidence, finding, known::Known, recuse};
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    release::words::{wrong, wrong_password},
    ui::{
        Button, DecisionBar, Field, FullDigest, Icon, Jump, ReviewDesk, Segment, Segments, Stack, TextArea,
        button,
    },
};
use chrono::{DateTime, SecondsFormat, Utc};
use domain::{id::ReviewId, review::Decision, template::Verdict, view::review::Review};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id of the one form of the page. Its buttons send it to the verb that they name, so that no act loses what was
/// typed for another.
pub const FORM: &str = "review-form";

/// What a reviewer had before them when they opened the form.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The dossier's digest.
    #[serde(default)]
    pub dossier: String,
    /// When the draft was kept that the form was filled in with.
    #[serde(default)]
    pub draft: Option<DateTime<Utc>>,
}

#[server]
pub async fn decide_review(
    review: ReviewId,
    #[server(default)] decision: String,
    rationale: String,
    seen: Seen,
    password: String,
    #[server(default)] answers: BTreeMap<String, Verdict>,
    #[server(default)] notes: BTreeMap<String, String>,
) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let decision = decision.parse::<Decision>()?;
        let (answers, wrong) = domain::template::answers(answers, notes);
        if !wrong.is_empty() {
            return Err(backend::Failure::Invalid(wrong));
        }
        let answers = domain::review::Draft {
            answers,
            over: seen.draft,
        };
        backend::review::decide(
            &portal,
            &actor,
            review,
            decision,
            &rationale,
            answers,
            &seen.dossier,
            password,
        )
        .await?;
        leptos_axum::redirect(&format!("/reviews/{review}"));
        Ok(())
    })
    .await
}

/// The whole desk of a reviewer as one form.
pub fn form(review: &Review, known: &Known<'_>) -> AnyView {
    let action = ServerAction::<DecideReview>::new();
    let decided = action.value().get_untracked().and_then(Result::err);
    let drafted = ServerAction::<draft::DraftReview>::new()
        .value()
        .get_untracked()
        .and_then(Result::err);
    let problem = decided.as_ref().or(drafted.as_ref());
    let summary = refusal(problem);
    let questions = answer::fields(review, known, problem);
    let findings = finding::part(review);
    let evidence = evidence::pane(review, known);
    let bar = bar(review, decided.as_ref());
    let (id, dossier) = (review.id.to_string(), review.dossier_digest.clone());
    let drafted = review
        .drafted_at
        .map(|at| at.to_rfc3339_opts(SecondsFormat::Micros, true));
    view! {
        <ActionForm action attr:id=FORM attr:class="stack">
            <input type="hidden" name="review" value=id/>
            <input type="hidden" name="seen[dossier]" value=dossier/>
            {drafted.map(|at| view! { <input type="hidden" name="seen[draft]" value=at/> })}
            // The first button is the one that Enter presses: it must be the one that signs.
            <button class="hidden-visually" type="submit" tabindex="-1" aria-hidden="true">"Sign"</button>
            {summary}
            <ReviewDesk evidence>
                <Stack>{questions} {findings} {recuse::part()}</Stack>
            </ReviewDesk>
            <Jump href="#decide">"Go to your decision"</Jump>
            <span id="decide"></span>
            {bar}
        </ActionForm>
    }
    .into_any()
}

fn bar(review: &Review, problem: Option<&Problem>) -> AnyView {
    let kept = Kept::here();
    let icon = |decision: Decision| match decision {
        Decision::Approve => Icon::Pass,
        Decision::ApproveWithConditions => Icon::Flag,
        Decision::RequestChanges => Icon::Back,
        Decision::Reject => Icon::Fail,
    };
    let segments = Decision::ALL
        .into_iter()
        .map(|decision| Segment::new(decision.as_str(), decision.words()).icon(icon(decision)))
        .collect();
    let legend = format!("Your decision, as {} reviewer", review.discipline);
    let value = kept.value("decision");
    let decision_error = wrong(problem, "decision");
    let draft = draft::keep(review);
    let choices = view! {
        <div class="row spread">
            <Segments name="decision" legend segments value required=true error=decision_error/>
            {draft}
        </div>
    };
    let (digest, what) = (
        review.dossier_digest.clone(),
        crate::release::words::what(&review.release),
    );
    let note = view! {
        "You sign your decision on " {what} " over dossier " <FullDigest value=digest/>
        " Asking for changes sends it back to its engineers; rejecting closes the release."
    };
    let rationale = kept.value("rationale");
    let rationale_error = wrong(problem, "rationale");
    let password_error = wrong_password(problem).or_else(|| wrong(problem, "password"));
    view! {
        <DecisionBar choices note>
            <TextArea name="rationale" label="Why" value=rationale rows=2 required=true error=rationale_error/>
            <Field
                name="password"
                label="Your password"
                kind="password"
                required=true
                autocomplete="current-password"
                error=password_error
            />
            <Button kind=button::Kind::Primary icon=Icon::Pen>"Sign the decision"</Button>
        </DecisionBar>
    }
    .into_any()
}
