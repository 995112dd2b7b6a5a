//! One deployment: where it stands, its steps, its permit, how to reach what runs, and the way back.
use super::{
    follow::{Follow, Steps, took},
    ordered, request,
    roll_back::{NoWayBack, RollBack},
    see::See,
    status,
};
use crate::{
    page::{now, page, reader},
    problem::Problem,
    ui::{
        Breadcrumb, ButtonLink, Card, CodeBlock, CopyButton, Digest, Disclosure, Fact, Facts, FullDigest,
        Icon, Notice, PageHead, Panel, Stack, Stamp, Status, TierMark, Tone, When, Who, WithRail,
        button::Size, pretty, time,
    },
};
use chrono::{DateTime, Utc};
use domain::{
    actor::Role,
    deployment::{Kind, State},
    view::deployment::{Deployment, Row},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde_json::Value;

/// The deployment, and what its version's manifest says of inputs and outputs.
#[server]
pub async fn read_deployment(id: String) -> Result<(Deployment, Option<Value>), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = id.parse().map_err(|_| backend::Failure::NotFound)?;
        let deployment = backend::deployment::page(&portal, &actor, id).await?;
        let Row { model, number, .. } = &deployment.row;
        let (manifest, _) = backend::version::manifest(&portal, &actor, model, *number).await?;
        let mut manifest: Value = serde_json::from_str(&manifest)?;
        let signature = manifest.get_mut("signature").map(Value::take);
        Ok((deployment, signature))
    })
    .await
}

#[component]
pub fn DeploymentPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    page(
        read_deployment(id),
        |(deployment, _)| what(&deployment.row),
        |(deployment, signature)| show(deployment, signature),
    )
}

/// "german-credit 1 in production".
fn what(row: &Row) -> String {
    format!("{} {} in {}", row.model, row.number, row.environment)
}

fn show(deployment: Deployment, signature: Option<Value>) -> impl IntoView {
    let rail = rail(&deployment);
    view! {
        <Stack>
            {head(deployment.row.clone())}
            <WithRail rail rail_label="Permit, facts and the way back">
                <Stack>
                    {failed(deployment.row.clone())}
                    {trouble(deployment.row.clone())}
                    {steps(&deployment)}
                    {endpoint(&deployment.row, signature.as_ref())}
                </Stack>
            </WithRail>
        </Stack>
    }
}

fn head(row: Row) -> AnyView {
    let trail = vec![("Deployments".to_owned(), "/deployments".to_owned())];
    view! {
        <Breadcrumb trail here=format!("Deployment {}", row.id)/>
        <PageHead title=what(&row) lead=lead(&row, now())>
            {status(&row)}
            <TierMark tier=row.tier.into()/>
            <a href=format!("/releases/{}", row.release)>{format!("Release {}", row.release)}</a>
        </PageHead>
    }
    .into_any()
}

/// What a manager would say.
fn lead(row: &Row, now: DateTime<Utc>) -> String {
    let since = |at: Option<DateTime<Utc>>| time::relative(at.unwrap_or(row.requested_at), now);
    match row.state {
        State::Queued => format!("Ordered {}; a worker takes it within seconds.", since(None)),
        State::Running => format!("Ordered {}; the target is at work.", since(None)),
        State::Live if row.trouble.is_some() => {
            format!(
                "Went live {} and should be what runs there.",
                since(row.finished_at)
            )
        }
        State::Live => format!("Went live {} and is what runs there.", since(row.finished_at)),
        State::Failed => format!("Failed {}.", since(row.finished_at)),
        State::Replaced => format!(
            "Went live {} and was replaced {}.",
            since(row.finished_at),
            since(row.ended_at)
        ),
    }
}

fn failed(row: Row) -> Option<AnyView> {
    let why = row.outcome.filter(|_| row.state == State::Failed)?;
    Some(
        view! {
            <Notice tone=Tone::Danger title=crate::problem::sentence(&why)>
                "The steps below say how far it came. When the cause is gone, deploy again from "
                <a href=format!("/releases/{}", row.release)>{format!("release {}", row.release)}</a> "."
            </Notice>
        }
        .into_any(),
    )
}

fn trouble(row: Row) -> Option<AnyView> {
    let why = row.trouble?;
    Some(
        view! {
            <Notice tone=Tone::Danger title="It does not answer">
                {crate::problem::sentence(&why)}
                " The portal asks every half minute. Roll back, or put the same version in place again from "
                <a href=format!("/releases/{}", row.release)>{format!("release {}", row.release)}</a> "."
            </Notice>
        }
        .into_any(),
    )
}

fn steps(deployment: &Deployment) -> AnyView {
    let (id, state, steps) = (deployment.row.id, deployment.row.state, deployment.steps.clone());
    if state.is_over() {
        return view! { <Panel title="Steps" note="UTC"><Steps steps over=true/></Panel> }.into_any();
    }
    let here = format!("/deployments/{id}");
    view! {
        <Panel title="Steps" note="UTC" aside=view! { <a href=here>"Look again"</a> }>
            <Follow id=id.into() state steps/>
        </Panel>
    }
    .into_any()
}

fn endpoint(row: &Row, signature: Option<&Value>) -> Option<AnyView> {
    let endpoint = row.endpoint.clone().filter(|_| row.state == State::Live)?;
    if !request::is_open_inference(&endpoint) {
        return Some(
            view! {
                <Card title="Where it answers">
                    <FullDigest value=endpoint/>
                    <p class="small muted">"The target named this address; how to ask there, its owner says."</p>
                </Card>
            }
            .into_any(),
        );
    }
    let curl = request::curl(&endpoint, signature);
    let words = if request::is_described(signature) {
        "Inputs are those of the version's signature; put values in the place of the zeros."
    } else {
        "The version's manifest doesn't say what the model takes: put its inputs in the place of the example."
    };
    let aside = view! { <span class="digest"><CopyButton text=curl.clone() label="Copy the request".to_owned()/></span> };
    Some(
        view! {
            <Panel
                title="Ask what runs"
                note="Open Inference Protocol, version 2"
                aside
                footer=view! { {words} " An address on 127.0.0.1 answers on the portal's own machine." }
            >
                <CodeBlock label="Request for the Open Inference Protocol" code=curl/>
            </Panel>
        }
        .into_any(),
    )
}

fn rail(deployment: &Deployment) -> AnyView {
    view! {
        {seeing(deployment)}
        {way_back(deployment)}
        {facts(deployment)}
        {permit(deployment)}
    }
    .into_any()
}

/// Whoever has to look at a rollback that came about.
fn seeing(deployment: &Deployment) -> Option<AnyView> {
    let row = &deployment.row;
    let came_about = matches!(row.state, State::Live | State::Replaced);
    if row.kind != Kind::Rollback || deployment.seen.is_some() || !came_about {
        return None;
    }
    Some(if deployment.can_see {
        view! { <See deployment=row.id/> }.into_any()
    } else {
        view! { <Notice tone=Tone::Wait title="Waits for a manager to look at this rollback."/> }.into_any()
    })
}

fn way_back(deployment: &Deployment) -> Option<AnyView> {
    let row = &deployment.row;
    let may = reader().is_some_and(|actor| actor.is(Role::Engineer) || actor.is(Role::Manager));
    match deployment.previous {
        Some(to) if deployment.can_roll_back => Some(
            view! { <RollBack model=row.model.clone() environment=row.environment.clone() to/> }.into_any(),
        ),
        None if may && row.state == State::Live => {
            Some(view! { <NoWayBack environment=row.environment.clone()/> }.into_any())
        }
        _ => None,
    }
}

fn facts(deployment: &Deployment) -> AnyView {
    let row = deployment.row.clone();
    let reason = (!row.reason.is_empty()).then(|| view! { <Fact name="Reason">{row.reason.clone()}</Fact> });
    let took = row
        .finished_at
        .map(|at| view! { <Fact name="Took">{took(at - row.requested_at)}</Fact> });
    let ended = row
        .ended_at
        .map(|at| view! { <Fact name="Ended"><Stamp at/></Fact> });
    let seen = deployment.seen.clone().map(|(name, at)| {
        view! { <Fact name="Looked at">{name.name} ", " <When at now=now()/></Fact> }
    });
    let version = format!("/models/{}/versions/{}", row.model, row.number);
    view! {
        <Card title="Facts">
            <Facts>
                <Fact name="What">{ordered(row.kind)}</Fact>
                {reason}
                <Fact name="By"><Who name=row.requested_by.name.clone()/></Fact>
                <Fact name="Ordered"><Stamp at=row.requested_at/></Fact>
                {took}
                {ended}
                {seen}
                <Fact name="Version"><a href=version>{format!("{} {}", row.model, row.number)}</a></Fact>
                <Fact name="Release"><a href=format!("/releases/{}", row.release)>{row.release.to_string()}</a></Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

fn permit(deployment: &Deployment) -> AnyView {
    let (id, until) = (deployment.row.id, deployment.permit_until);
    let (version, dossier) = (
        deployment.version_digest.clone(),
        deployment.dossier_digest.clone(),
    );
    let (tone, words) = if until > now() {
        (Tone::Ok, format!("Holds until {} UTC", time::clock(until)))
    } else {
        (Tone::Absent, "Lapsed, as it should".to_owned())
    };
    let envelope = serde_json::from_str(&deployment.permit)
        .map_or_else(|_| deployment.permit.clone(), |value| pretty(&value));
    let download = format!("/deployments/{id}/permit.json");
    view! {
        <Card title="Permit" aside=view! { <Status tone>{words}</Status> }>
            <p class="small muted">
                "Signed by the portal for this version and this environment only. The target acts on nothing else."
            </p>
            <Facts>
                <Fact name="Until"><Stamp at=until/></Fact>
                <Fact name="Lets in"><Digest value=version/></Fact>
                <Fact name="Stands on"><Digest value=dossier/></Fact>
            </Facts>
            <p>
                <ButtonLink href=download size=Size::Small icon=Icon::Download download=format!("permit-{id}.json")>
                    "Download the permit"
                </ButtonLink>
            </p>
            <Disclosure summary="As it was signed">
                <CodeBlock label="Permit as a DSSE envelope" code=envelope/>
            </Disclosure>
        </Card>
    }
    .into_any()
}
