//! Keeps answers while the reviewer is still thinking.
use super::{decide::Seen, keeper::DraftKeeper};
use crate::{
    page::now,
    problem::Problem,
    ui::{Icon, time},
};
use domain::{id::ReviewId, template::Verdict, view::review::Review};
use leptos::{prelude::*, server_fn::ServerFn};
use std::collections::BTreeMap;

#[server]
pub async fn draft_review(
    review: ReviewId,
    #[server(default)] answers: BTreeMap<String, Verdict>,
    #[server(default)] notes: BTreeMap<String, String>,
    #[server(default)] seen: Seen,
) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let (answers, wrong) = domain::template::answers(answers, notes);
        let draft = domain::review::Draft {
            answers,
            over: seen.draft,
        };
        backend::review::draft(&portal, &actor, review, draft).await?;
        // What could be kept is kept; the rest comes back to the page with the form.
        if !wrong.is_empty() {
            return Err(backend::Failure::Invalid(wrong));
        }
        leptos_axum::redirect(&format!("/reviews/{review}#questions"));
        Ok(())
    })
    .await
}

/// The button that keeps the draft, and the line that says when it was kept last.
pub fn keep(review: &Review) -> AnyView {
    let said = match review.drafted_at {
        Some(at) => format!("Draft kept {}", time::relative(at, now())),
        None => "No draft kept yet".to_owned(),
    };
    view! {
        <div class="row">
            <button class="button" data-size="small" type="submit" formaction=DraftReview::url() formnovalidate=true>
                {Icon::File.view()}
                "Keep draft"
            </button>
            <DraftKeeper url=DraftReview::url().to_owned() form=super::decide::FORM.to_owned() said/>
        </div>
    }
    .into_any()
}
