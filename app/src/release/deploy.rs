//! The engineer's order to deploy an approved release.
use crate::{
    page::{now, refusal},
    problem::Problem,
    ui::{Blocked, Button, Card, Day, Icon, Tone, button, time},
};
use domain::{
    id::ReleaseId,
    view::release::{Act, Release},
};
use leptos::prelude::*;

#[server]
pub async fn deploy_release(release: ReleaseId) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let deployment = backend::deployment::deploy(&portal, &actor, release).await?;
        leptos_axum::redirect(&format!("/deployments/{deployment}"));
        Ok(())
    })
    .await
}

/// The deploy panel; nothing for who does not deploy.
pub fn panel(release: &Release) -> AnyView {
    let row = &release.row;
    let words = format!("Deploy to {}", row.environment);
    match &release.can.deploy {
        Act::NotYours => ().into_any(),
        Act::Blocked(reason) => {
            let reason = crate::problem::sentence(reason);
            view! {
                <Card title="Deploy" id="deploy">
                    <Blocked reason id="blocked-deploy" icon=Icon::Deploy>{words}</Blocked>
                </Card>
            }
            .into_any()
        }
        Act::Open => form(release, words),
    }
}

fn form(release: &Release, words: String) -> AnyView {
    let now = now();
    let action = ServerAction::<DeployRelease>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let summary = refusal(problem.as_ref());
    let id = release.row.id.to_string();
    let until = release.row.approved_until.map(|until| {
        let left = time::span(until - now);
        view! { <p class="small">"Approved until " <Day at=until/> {format!(", for another {left}.")}</p> }
    });
    let footer = "A permit for this digest and environment is issued, valid for 15 minutes. The steps are shown as they happen.";
    view! {
        <ActionForm action>
            <Card title="Deploy" tone=Tone::Info id="deploy" footer>
                {summary}
                <input type="hidden" name="release" value=id/>
                {until}
                <Button kind=button::Kind::Primary size=button::Size::Wide icon=Icon::Deploy>{words}</Button>
            </Card>
        </ActionForm>
    }
    .into_any()
}
