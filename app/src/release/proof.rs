//! What can be taken along: the release as a sealed bundle, and the attestation of its approval.
use crate::ui::{ButtonLink, Card, Icon};
use domain::{release::State, view::release::Release};
use leptos::prelude::*;

pub fn card(release: &Release) -> AnyView {
    let id = release.row.id;
    let bundle = format!("/releases/{id}/bundle.zip");
    let attestation = (release.row.state == State::Approved).then(|| {
        let href = format!("/releases/{id}/attestation.json");
        view! { <ButtonLink href icon=Icon::Download download="">"Attestation"</ButtonLink> }
    });
    view! {
        <Card title="Proof to take along">
            <p class="small muted">
                "All that was decided here and on what, with the log's proofs, in one file that " <a href="/verify">"anyone can check"</a>
                " without this portal. That it was taken is written down."
            </p>
            <div class="row">
                <ButtonLink href=bundle icon=Icon::Download download="">"Sealed bundle"</ButtonLink>
                {attestation}
            </div>
        </Card>
    }
    .into_any()
}
