//! What a reviewer found wrong: raising it, and saying that it is put right.
use super::decide::Seen;
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    release::{finding, words::wrong},
    ui::{Card, Disclosure, Field, Gap, Icon, Segment, Segments, Stack, TextArea},
};
use domain::{
    finding::Severity,
    id::{FindingId, ReviewId},
    template::Verdict,
    view::{release::Finding as Found, review::Review},
};
use leptos::{prelude::*, server_fn::ServerFn};
use std::collections::BTreeMap;

/// The answers come along and are kept as a draft, so that raising a finding loses none of them.
#[server]
pub async fn raise_finding(
    review: ReviewId,
    #[server(default)] severity: String,
    text: String,
    due_on: String,
    #[server(default)] answers: BTreeMap<String, Verdict>,
    #[server(default)] notes: BTreeMap<String, String>,
    #[server(default)] seen: Seen,
) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let observation = domain::finding::Observation::new(&severity, &text, &due_on)?;
        let (answers, wrong) = domain::template::answers(answers, notes);
        if !wrong.is_empty() {
            return Err(backend::Failure::Invalid(wrong));
        }
        let draft = domain::review::Draft {
            answers,
            over: seen.draft,
        };
        backend::review::draft(&portal, &actor, review, draft).await?;
        backend::review::raise_finding(&portal, &actor, review, observation).await?;
        leptos_axum::redirect(&format!("/reviews/{review}#findings"));
        Ok(())
    })
    .await
}

/// `closing` holds a text for each finding that could be closed, under `f` and its number; `finding` is the button that
/// was pressed.
#[server]
pub async fn close_finding(
    finding: FindingId,
    review: ReviewId,
    #[server(default)] closing: BTreeMap<String, String>,
    #[server(default)] answers: BTreeMap<String, Verdict>,
    #[server(default)] notes: BTreeMap<String, String>,
    #[server(default)] seen: Seen,
) -> Result<(), Problem> {
    use domain::refusal::Invalid;
    crate::ssr::as_actor(|portal, actor| async move {
        let (answers, wrong) = domain::template::answers(answers, notes);
        if !wrong.is_empty() {
            return Err(backend::Failure::Invalid(wrong));
        }
        let key = format!("f{finding}");
        let text = closing.get(&key).map(String::as_str).unwrap_or_default();
        if text.trim().is_empty() {
            return Err(Invalid::new(format!("closing[{key}]"), "Say why the finding can be closed.").into());
        }
        // Without answers the form was that of a review which is decided already: there is no draft to keep.
        if !answers.is_empty() {
            let draft = domain::review::Draft {
                answers,
                over: seen.draft,
            };
            backend::review::draft(&portal, &actor, review, draft).await?;
        }
        backend::review::close_finding(&portal, &actor, finding, text).await?;
        leptos_axum::redirect(&format!("/reviews/{review}#findings"));
        Ok(())
    })
    .await
}

fn refusal_of_closing() -> Option<Problem> {
    ServerAction::<CloseFinding>::new()
        .value()
        .get_untracked()
        .and_then(Result::err)
}

/// The findings within the review's form, with the fields that raise another.
pub fn part(review: &Review) -> AnyView {
    let list = list(review);
    let closing = refusal(refusal_of_closing().as_ref());
    let raise = raise();
    let note = note(review);
    view! {
        <Card title="Findings" note id="findings">
            {closing}
            {list}
            {raise}
        </Card>
    }
    .into_any()
}

/// The findings on their own; whoever raised one can still close it.
pub fn closable(review: &Review) -> AnyView {
    let can_close = review.findings.iter().any(|finding| finding.can_close);
    let list = list(review);
    let note = note(review);
    let closing = refusal(refusal_of_closing().as_ref());
    let card = view! {
        <Card title="Findings" note id="findings">
            {closing}
            {list}
        </Card>
    };
    if !can_close {
        return card.into_any();
    }
    let id = review.id.to_string();
    let action = ServerAction::<CloseFinding>::new();
    view! {
        <ActionForm action>
            <input type="hidden" name="review" value=id/>
            {card}
        </ActionForm>
    }
    .into_any()
}

fn note(review: &Review) -> String {
    let open = review
        .findings
        .iter()
        .filter(|finding| finding.closed.is_none())
        .count();
    match (review.findings.len(), open) {
        (0, _) => "None was raised".to_owned(),
        (_, 0) => "All are closed".to_owned(),
        (_, 1) => "One is open".to_owned(),
        (_, open) => format!("{open} are open"),
    }
}

fn list(review: &Review) -> AnyView {
    if review.findings.is_empty() {
        return view! { <p class="muted">"None. What is wrong and has to be put right is written down here."</p> }.into_any();
    }
    let list: Vec<_> = review
        .findings
        .iter()
        .map(|found| {
            let closing = found.can_close.then(|| close(found));
            let finding = finding(found);
            view! { <Stack gap=Gap::Tight>{finding} {closing}</Stack> }
        })
        .collect_view();
    list.into_any()
}

fn close(found: &Found) -> AnyView {
    let field = format!("closing[f{}]", found.id);
    let value = Kept::here().value(&field);
    let error = wrong(refusal_of_closing().as_ref(), &field);
    let summary = format!("Close finding {}", found.id);
    let open = error.is_some() || !value.is_empty();
    let (words, id) = (summary.clone(), found.id.to_string());
    view! {
        <Disclosure summary open>
            <TextArea name=field label="Why it is put right" value rows=2 error/>
            <div>
                <button
                    class="button"
                    data-size="small"
                    type="submit"
                    name="finding"
                    value=id
                    formaction=CloseFinding::url()
                    formnovalidate=true
                >
                    {words}
                </button>
            </div>
        </Disclosure>
    }
    .into_any()
}

fn raise() -> AnyView {
    let action = ServerAction::<RaiseFinding>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let kept = Kept::here();
    let summary = refusal(problem.as_ref());
    let wrong = |field: &str| wrong(problem.as_ref(), field);
    let (severity_error, text_error, due_error) = (wrong("severity"), wrong("text"), wrong("due_on"));
    let segments = Severity::ALL
        .into_iter()
        .map(|severity| Segment::new(severity.as_str(), label(severity)))
        .collect();
    let severity = kept.value_or("severity", Severity::Major.as_str());
    let (text, due_on) = (kept.value("text"), kept.value("due_on"));
    let open = problem.is_some() || !text.is_empty();
    view! {
        <div id="raise">
            <Disclosure summary="Raise a finding" open>
                {summary}
                <Segments name="severity" legend="How much it weighs; major and critical stop the countersignature" segments value=severity error=severity_error/>
                <TextArea name="text" label="What is wrong, and what would put it right" value=text rows=3 max_length=4000 error=text_error/>
                <Field name="due_on" label="Due" kind="date" value=due_on error=due_error/>
                <div>
                    <button class="button" type="submit" formaction=RaiseFinding::url() formnovalidate=true>
                        {Icon::Flag.view()}
                        "Raise the finding"
                    </button>
                </div>
            </Disclosure>
        </div>
    }
    .into_any()
}

fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::Minor => "Minor",
        Severity::Major => "Major",
        Severity::Critical => "Critical",
    }
}
