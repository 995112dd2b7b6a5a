//! Whoever made or asked for a release takes the request back.
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    ui::{Blocked, Button, Card, Disclosure, TextArea, button},
};
use domain::{
    id::ReleaseId,
    view::release::{Act, Release},
};
use leptos::prelude::*;

#[server]
pub async fn withdraw_release(release: ReleaseId, why: String) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::release::withdraw(&portal, &actor, release, &why).await?;
        leptos_axum::redirect(&format!("/releases/{release}"));
        Ok(())
    })
    .await
}

pub fn card(release: &Release) -> AnyView {
    match &release.can.withdraw {
        Act::NotYours => ().into_any(),
        Act::Blocked(reason) => {
            let reason = crate::problem::sentence(reason);
            view! {
                <Card title="Take it back">
                    <Blocked reason id="blocked-withdraw">"Withdraw the request"</Blocked>
                </Card>
            }
            .into_any()
        }
        Act::Open => form(release),
    }
}

fn form(release: &Release) -> AnyView {
    let action = ServerAction::<WithdrawRelease>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let summary = refusal(problem.as_ref());
    let value = Kept::here().value("why");
    let open = problem.is_some() || !value.is_empty();
    let id = release.row.id.to_string();
    view! {
        <Card>
            <Disclosure summary="Take the request back" open>
                <ActionForm action attr:class="stack">
                    {summary}
                    <input type="hidden" name="release" value=id/>
                    <p class="small">"That closes the release. Reviews and signatures stay in the record, and a new release can be asked for."</p>
                    <TextArea name="why" label="Why" value rows=2/>
                    <Button kind=button::Kind::Danger>"Withdraw the request"</Button>
                </ActionForm>
            </Disclosure>
        </Card>
    }
    .into_any()
}
