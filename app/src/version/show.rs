//! A version's page: what it is, how far it has come, what is next, and what it still takes.
use super::{card, compare, lifecycle, next_step, provenance, readiness, records};
use crate::{
    evaluation::worse_than,
    model::moments,
    page::{now, page},
    problem::Problem,
    ui::{
        Breadcrumb, Card, Digest, Fact, Facts, Jump, PageHead, Section, Stack, Switch, Tab, Tabs, TierMark,
        When, WithRail,
    },
};
use domain::{manifest::Manifest, view::version::Version};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[server]
pub async fn read_version(model: String, number: String) -> Result<Version, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let name = model.parse().map_err(|_| backend::Failure::NotFound)?;
        let number = number.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::version::page(&portal, &actor, &name, number).await
    })
    .await
}

/// A version and, where the reader asked for it, the approved one to compare it with.
pub struct Compared {
    pub version: Version,
    /// Number and manifest; only where there is one and the switch is on.
    pub with: Option<(i32, Manifest)>,
}

#[component]
pub fn VersionPage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let part = |name: &str| params.get(name).unwrap_or_default();
    let compares = use_query_map()
        .get_untracked()
        .get("compare")
        .is_some_and(|value| value == "1");
    page(
        read_version(part("model"), part("number")),
        title,
        move |version| {
            let with = version.baseline.clone().filter(|_| compares);
            show(Compared { version, with })
        },
    )
}

/// "credit-risk 14".
fn title(version: &Version) -> String {
    format!("{} {}", version.model, version.number)
}

fn show(compared: Compared) -> impl IntoView {
    let Compared { version, .. } = &compared;
    let title = title(version);
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (version.model.to_string(), format!("/models/{}", version.model)),
    ];
    let here = format!("Version {}", version.number);
    let action = next_step::view(version);
    let digest = version.digest.clone();
    let by = version.registered_by.name.clone();
    let at = version.registered_at;
    let tier = version.tier.into();
    let strip = lifecycle::view(version);
    let tabs = tabs(version);
    let rail = readiness::view(version);
    let sections = sections(&compared);
    view! {
        <Stack>
            <Breadcrumb trail here/>
            <PageHead title action>
                <TierMark tier/>
                <Digest value=digest/>
                <span class="small faint">"Registered by " {by} " " <When at now=now()/></span>
            </PageHead>
            {strip}
            <Tabs label="Sections" tabs/>
            <WithRail rail rail_label="Readiness">
                {sections}
                <Jump href="#readiness">"What it still takes"</Jump>
            </WithRail>
        </Stack>
    }
}

fn tabs(version: &Version) -> Vec<Tab> {
    let counted = |label: &str, href: &str, count: usize| Tab::new(label, href).count(count as u64);
    vec![
        Tab::new("Summary", "#summary"),
        Tab::new("Card", "#card"),
        Tab::new("Provenance", "#provenance"),
        counted("Evaluations", "#evaluations", version.evaluations.len()),
        counted("Evidence", "#evidence", version.evidence.len()),
        counted("Releases", "#releases", version.releases.len()),
        counted("Deployments", "#deployments", version.deployments.len()),
        Tab::new("Changes", "#changes"),
    ]
}

fn sections(compared: &Compared) -> AnyView {
    let Compared { version, with } = compared;
    let (before, now) = match with {
        Some((number, before)) => (Some((*number, before)), &version.manifest),
        None => (None, &version.manifest),
    };
    let card = match before {
        Some((_, before)) => card::difference(&before.card, &now.card),
        None => card::section(&now.card),
    };
    let provenance = match before {
        Some((number, before)) => compare::provenance(number, before, version.number, now),
        None => provenance::section(version),
    };
    view! {
        {notice(compared)}
        {summary(compared)}
        {card}
        {provenance}
        {provenance::check(version)}
        {records::evaluations(version)}
        {records::evidence(version)}
        {records::releases(version)}
        {records::deployments(version)}
        {changes(version)}
    }
    .into_any()
}

/// The switch that turns the sections into differences, where there is something to differ from.
fn notice(compared: &Compared) -> Option<AnyView> {
    let version = &compared.version;
    let (number, _) = version.baseline.as_ref()?;
    let on = compared.with.is_some();
    let page = format!("/models/{}/versions/{}", version.model, version.number);
    let href = if on { page } else { format!("{page}?compare=1") };
    let words = if on {
        view! { <strong>{format!("Compared with version {number}")}</strong> ", the last approved one before this. Only what differs is shown." }
            .into_any()
    } else {
        view! { {format!("The last approved version before this one is {number}.")} }.into_any()
    };
    let view = view! {
        <div class="notice" data-tone="info">
            {crate::ui::Icon::Same.view()}
            <div class="row spread">
                <p>{words}</p>
                <Switch href on>{format!("Compare with {number}")}</Switch>
            </div>
        </div>
    };
    Some(view.into_any())
}

fn summary(compared: &Compared) -> AnyView {
    let version = &compared.version;
    if let Some((number, _)) = &compared.with {
        return compare::measures(*number, version);
    }
    let changes = if version.manifest.changes.is_empty() {
        "No word on what changed.".to_owned()
    } else {
        version.manifest.changes.clone()
    };
    let verdict = match version.evaluations.first() {
        Some(evaluation) => {
            let href = format!("/evaluations/{}", evaluation.id);
            let words = evaluation.verdict.clone();
            let at = evaluation.evaluated_at;
            view! {
                {words} " " <a href=href>"Read the report"</a> ", " <When at now=now()/> "."
            }
            .into_any()
        }
        None => view! { "Not measured: nobody has evaluated this version yet." }.into_any(),
    };
    let purpose = version.purpose.clone();
    let against = version
        .baseline
        .as_ref()
        .filter(|_| !version.regressions.is_empty());
    let against = against.map(|(number, _)| {
        let words = worse_than(&version.regressions, &format!("version {number}"));
        view! { <Fact name="Against it">{words}</Fact> }
    });
    let stands = records::standings(&version.standings, version.number);
    view! {
        <Section title="Summary" id="summary">
            <Card>
                <Facts>
                    <Fact name="What changed">{changes}</Fact>
                    <Fact name="Measured">{verdict}</Fact>
                    {against}
                    <Fact name="Where it stands">{stands}</Fact>
                    <Fact name="Purpose">{purpose}</Fact>
                </Facts>
            </Card>
        </Section>
    }
    .into_any()
}

fn changes(version: &Version) -> AnyView {
    let href = format!("/audit?model={}", version.model);
    let link = view! { <a href=href>"All of the model's in the audit log"</a> };
    let moments = moments(version.history.clone());
    view! {
        <Section title="Changes" note=link id="changes">
            {moments}
        </Section>
    }
    .into_any()
}
