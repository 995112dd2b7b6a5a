//! A rollback needs no review, so a manager looks at it afterwards.
use crate::{
    page::refusal,
    problem::Problem,
    ui::{
        Button, Card, Tone,
        button::{Kind, Size},
    },
};
use domain::id::DeploymentId;
use leptos::prelude::*;

#[server]
pub async fn see_rollback(deployment: String) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = deployment.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::deployment::see_rollback(&portal, &actor, id).await?;
        leptos_axum::redirect(&format!("/deployments/{deployment}"));
        Ok(())
    })
    .await
}

/// Says that the manager who reads has looked at the rollback.
#[component]
pub fn See(deployment: DeploymentId) -> impl IntoView {
    let action = ServerAction::<SeeRollback>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    view! {
        <Card title="Waits for a manager" tone=Tone::Wait>
            <p class="small muted">
                "This rollback needed no review before. Read the reason and the steps, ask if something is open, then say that you have looked at it. It is written to the log under your name."
            </p>
            <ActionForm action attr:class="stack">
                {refusal(problem.as_ref())}
                <input type="hidden" name="deployment" value=deployment.to_string()/>
                <Button kind=Kind::Primary size=Size::Wide>"I have looked at this rollback"</Button>
            </ActionForm>
        </Card>
    }
}
