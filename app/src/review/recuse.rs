//! Stepping back from a review: someone else of the discipline has to decide.
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    release::words::wrong,
    ui::{Card, Disclosure, Icon, TextArea},
};
use domain::id::ReviewId;
use leptos::{prelude::*, server_fn::ServerFn};

#[server]
pub async fn recuse_review(review: ReviewId, reason: String) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::review::recuse(&portal, &actor, review, &reason).await?;
        leptos_axum::redirect(&format!("/reviews/{review}"));
        Ok(())
    })
    .await
}

/// A part of the review's form: its button sends the same form here.
pub fn part() -> AnyView {
    let action = ServerAction::<RecuseReview>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let summary = refusal(problem.as_ref());
    let error = wrong(problem.as_ref(), "reason");
    let value = Kept::here().value("reason");
    view! {
        <Card id="recuse">
            <Disclosure summary="Step back from this review" open=problem.is_some()>
                {summary}
                <p class="small">"If you can’t judge this freely, say why. Your draft stays for whoever takes over."</p>
                <TextArea name="reason" label="Why you step back" value rows=2 error/>
                <div>
                    <button class="button" type="submit" formaction=RecuseReview::url() formnovalidate=true>
                        {Icon::Out.view()}
                        "Step back"
                    </button>
                </div>
            </Disclosure>
        </Card>
    }
    .into_any()
}
