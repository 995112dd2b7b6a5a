//! The way back: the previous approved version returns, without a new review, and with a reason.
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    ui::{Blocked, Button, Card, Icon, TextArea, button::Kind},
};
use domain::{environment::EnvironmentName, id::ReleaseId, model::ModelName};
use leptos::prelude::*;

#[server]
pub async fn roll_back_deployment(
    model: String,
    environment: String,
    to: i32,
    reason: String,
) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let (model, environment) = (model.parse()?, environment.parse()?);
        let deployment =
            backend::deployment::roll_back(&portal, &actor, &model, &environment, to, &reason).await?;
        leptos_axum::redirect(&format!("/deployments/{deployment}"));
        Ok(())
    })
    .await
}

/// Rolls a model back in one environment.
#[component]
pub fn RollBack(model: ModelName, environment: EnvironmentName, to: (i32, ReleaseId)) -> impl IntoView {
    let action = ServerAction::<RollBackDeployment>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let error = problem.as_ref().and_then(|problem| problem.of("reason"));
    let (number, release) = to;
    view! {
        <Card title="Something wrong?" id="roll-back">
            <p class="small muted">
                {format!("{model} {number} ran here before and is approved still, by ")}
                <a href=format!("/releases/{release}")>{format!("release {release}")}</a>
                ". It needs no new review; a manager looks at the rollback afterwards."
            </p>
            <ActionForm action attr:class="stack">
                {refusal(problem.as_ref())}
                <input type="hidden" name="model" value=model.to_string()/>
                <input type="hidden" name="environment" value=environment.to_string()/>
                <input type="hidden" name="to" value=number.to_string()/>
                <TextArea
                    name="reason"
                    label="What went wrong"
                    value=Kept::here().value("reason")
                    hint="One or two sentences for whoever looks at it later."
                    error
                    required=true
                />
                <Button kind=Kind::Danger icon=Icon::Back>
                    {format!("Roll back {environment} to {number}")}
                </Button>
            </ActionForm>
        </Card>
    }
}

/// The same button where there is nothing to go back to.
#[component]
pub fn NoWayBack(environment: EnvironmentName) -> impl IntoView {
    view! {
        <Card title="Something wrong?" id="roll-back">
            <Blocked
                kind=Kind::Danger
                icon=Icon::Back
                reason=format!("No earlier version that ran in {environment} is approved still. What a rollback left comes back by deploying its release again.")
            >
                {format!("Roll back {environment}")}
            </Blocked>
        </Card>
    }
}
