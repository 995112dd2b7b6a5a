//! The page that decisions are made on: what changed, what is worst, the rules, the people, the dossier.
use super::{change, countersign, deploy, dossier, history, judged, proof, rules, signed, withdraw, words};
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{Breadcrumb, Jump, Notice, PageHead, Stack, TierMark, Tone, When, WithRail},
};
use domain::view::release::{Act, Release};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn read_release(id: String) -> Result<Release, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = id.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::release::page(&portal, &actor, id).await
    })
    .await
}

#[component]
pub fn ReleasePage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(
        read_release(id),
        |release| format!("Release {}, {}", release.row.id, words::what(&release.row)),
        |release| show(&release),
    )
}

fn show(release: &Release) -> AnyView {
    let trail = vec![("Releases".to_owned(), "/releases".to_owned())];
    let sections = [
        change::section(release),
        change::worst(release),
        rules::section(release),
        judged::reviews(release),
        judged::findings(release),
        signed::section(release),
        dossier::section(release),
        dossier::deployments(release),
        jump(release),
    ];
    let rail = [
        countersign::panel(release),
        deploy::panel(release),
        rules::policy(release),
        history::card(release),
        proof::card(release),
        withdraw::card(release),
    ];
    let here = release.row.id.to_string();
    let head = head(release);
    view! {
        <Stack>
            <Breadcrumb trail here/>
            {head}
            <WithRail rail=rail.collect_view() rail_label="Decision and time line">
                {sections.collect_view()}
            </WithRail>
        </Stack>
    }
    .into_any()
}

fn head(release: &Release) -> AnyView {
    let now = now();
    let row = &release.row;
    let (tier, state) = (row.tier.into(), words::state_of(release, now));
    let (id, by, at) = (
        row.id.to_string(),
        row.requested_by.name.clone(),
        row.requested_at,
    );
    let policy = format!("{}-risk {}", release.policy.tier, release.policy.number);
    let closing = release.closing_note.clone().filter(|note| !note.is_empty());
    let closing = closing.map(|note| view! { <Notice tone=Tone::Info title="Closed">{note}</Notice> });
    view! {
        <PageHead title=words::what(row)>
            <TierMark tier/>
            {state}
            <span class="small faint">
                "Release " {id} ", asked by " {by} " " <When at now/> ", under policy " <a href="#policy">{policy}</a>
            </span>
        </PageHead>
        {closing}
    }
    .into_any()
}

/// On narrow screens the rail is far below; this leads there.
fn jump(release: &Release) -> AnyView {
    let can = &release.can;
    if can.countersign == Act::Open || can.refuse == Act::Open {
        view! { <Jump href="#decision">"Go to your decision"</Jump> }.into_any()
    } else if can.deploy == Act::Open {
        view! { <Jump href="#deploy">"Go to the deployment"</Jump> }.into_any()
    } else {
        ().into_any()
    }
}
