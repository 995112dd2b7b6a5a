//! What runs where: a row a model, a column an environment.
use crate::{
    page::now,
    ui::{
        ButtonLink, Cell, Column, EmptyState, Panel, RowHead, Runs, RunsMark, Section, Table, TierMark, When,
        number::thousands,
    },
};
use domain::{
    environment::EnvironmentName,
    model::{ModelName, Tier},
    view::{deployment::Row as Deployment, inbox::Inbox as Found},
};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What runs of a model in one environment, and what is asked for there.
#[derive(Default)]
struct Spot {
    running: Option<Deployment>,
    asked: Vec<(i32, String)>,
}

struct Line {
    tier: Tier,
    spots: BTreeMap<EnvironmentName, Spot>,
}

pub fn section(found: &Found) -> AnyView {
    let mut lines: BTreeMap<ModelName, Line> = BTreeMap::new();
    let mut environments = BTreeSet::new();
    for row in &found.running {
        environments.insert(row.environment.clone());
        let line = lines.entry(row.model.clone()).or_insert_with(|| Line {
            tier: row.tier,
            spots: BTreeMap::new(),
        });
        line.spots.entry(row.environment.clone()).or_default().running = Some(row.clone());
    }
    let asked = found
        .on_me
        .iter()
        .chain(&found.on_others)
        .filter(|row| !row.is_rollback());
    for row in asked {
        environments.insert(row.environment.clone());
        let line = lines.entry(row.model.clone()).or_insert_with(|| Line {
            tier: row.tier,
            spots: BTreeMap::new(),
        });
        let asked = &mut line.spots.entry(row.environment.clone()).or_default().asked;
        asked.push((row.number, format!("/releases/{}", row.release)));
    }
    let content = if lines.is_empty() {
        view! {
            <EmptyState
                title="Nothing runs yet"
                action=view! { <ButtonLink href="/models">"See the models"</ButtonLink> }
            >
                "A model appears here when someone asks for a release of it, and stays while a version of it runs."
            </EmptyState>
        }
        .into_any()
    } else {
        table(lines, &environments)
    };
    let shown = u64::try_from(found.running.len()).unwrap_or(u64::MAX);
    let rest = (shown < found.running_in_all).then(|| {
        let words = format!(
            "The newest {} of {} that run. ",
            thousands(shown),
            thousands(found.running_in_all)
        );
        view! { <p class="small muted">{words} <a href="/models">"All models"</a></p> }
    });
    view! {
        <Section title="What runs where" note="The versions that run, and those that are asked for.">
            <Panel>{content}</Panel>
            {rest}
        </Section>
    }
    .into_any()
}

fn table(lines: BTreeMap<ModelName, Line>, environments: &BTreeSet<EnvironmentName>) -> AnyView {
    let names = environments.iter().map(|name| Column::new(titled(name)));
    let columns = [Column::new("Model"), Column::new("Tier")]
        .into_iter()
        .chain(names)
        .chain([Column::new("Last deployed")])
        .collect();
    let rows = lines
        .into_iter()
        .map(|(model, line)| row(&model, line, environments))
        .collect_view();
    view! { <Table label="What runs where" columns>{rows}</Table> }.into_any()
}

fn row(model: &ModelName, mut line: Line, environments: &BTreeSet<EnvironmentName>) -> AnyView {
    let now = now();
    let last = line
        .spots
        .values()
        .filter_map(|spot| spot.running.as_ref()?.finished_at)
        .max();
    let cells = environments
        .iter()
        .map(|name| {
            let spot = line.spots.remove(name);
            view! { <Cell label=titled(name)>{spot_words(spot)}</Cell> }
        })
        .collect_view();
    let last = match last {
        Some(at) => view! { <When at now/> }.into_any(),
        None => view! { <span class="faint">"Not yet"</span> }.into_any(),
    };
    let (href, name, tier) = (format!("/models/{model}"), model.to_string(), line.tier.into());
    view! {
        <tr>
            <RowHead href>{name}</RowHead>
            <Cell label="Tier">
                <TierMark tier/>
            </Cell>
            {cells}
            <Cell label="Last deployed">{last}</Cell>
        </tr>
    }
    .into_any()
}

fn spot_words(spot: Option<Spot>) -> AnyView {
    let Some(Spot { running, asked }) = spot else {
        return view! { <span class="faint">"Not used here"</span> }.into_any();
    };
    let label = (!asked.is_empty()).then_some("running");
    let nothing = running
        .is_none()
        .then(|| view! { <span class="faint">"Nothing runs"</span> });
    let running = running.map(|row| {
        let href = format!("/deployments/{}", row.id);
        view! { <a href=href><RunsMark version=row.number.to_string() label/></a> }
    });
    let asked = asked
        .into_iter()
        .map(|(number, href)| view! { <a href=href><RunsMark version=number.to_string() state=Runs::Asked/></a> })
        .collect_view();
    view! { <span class="runs-set">{nothing} {running} {asked}</span> }.into_any()
}

/// "Production".
fn titled(name: &EnvironmentName) -> String {
    let mut letters = name.as_str().chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
