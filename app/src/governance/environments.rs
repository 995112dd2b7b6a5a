//! The environments: where models run, and how the portal reaches them.
use super::add_environment::AddEnvironmentForm;
use crate::{
    page::{page, reader},
    problem::Problem,
    ui::{
        Badge, Cell, Column, EmptyState, Jump, PageHead, Panel, RowHead, Stack, Table, WithRail,
        number::counted,
    },
};
use domain::{actor::Role, view::governance::Environment};
use leptos::prelude::*;

#[server]
pub async fn read_environments() -> Result<Vec<Environment>, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::environment::list(&portal, &actor).await })
        .await
}

#[component]
pub fn EnvironmentsPage() -> impl IntoView {
    page(read_environments(), |_| "Environments".to_owned(), show)
}

fn show(environments: Vec<Environment>) -> AnyView {
    let is_administrator = reader().is_some_and(|actor| actor.is(Role::Administrator));
    let head = view! { <PageHead title="Environments" lead="Where models run, in the order in which a version is promoted."/> };
    let list = list(environments, is_administrator);
    if !is_administrator {
        return view! { <Stack>{head} {list}</Stack> }.into_any();
    }
    view! {
        <Stack>
            {head}
            <WithRail rail=view! { <AddEnvironmentForm/> } rail_label="Add an environment">
                {list}
                <Jump href="#add">"Add an environment"</Jump>
            </WithRail>
        </Stack>
    }
    .into_any()
}

fn list(environments: Vec<Environment>, is_administrator: bool) -> AnyView {
    if environments.is_empty() {
        let words = if is_administrator {
            "Add the first one: nothing can be asked for before there is a place to run it."
        } else {
            "An administrator adds the first one; nothing can be asked for before."
        };
        return view! { <Panel><EmptyState title="No environment yet">{words}</EmptyState></Panel> }
            .into_any();
    }
    let columns = vec![
        Column::new("Environment"),
        Column::new("Rank").numeric(),
        Column::new("Target"),
        Column::new("Runs now"),
    ];
    let rows = environments.into_iter().map(row).collect_view();
    view! { <Panel><Table label="Environments" columns>{rows}</Table></Panel> }.into_any()
}

fn row(environment: Environment) -> AnyView {
    let live = u64::try_from(environment.models_live).unwrap_or_default();
    let live = if live == 0 {
        "Nothing".to_owned()
    } else {
        counted(live, "model", "models")
    };
    view! {
        <tr>
            <RowHead>{environment.name.to_string()}</RowHead>
            <Cell label="Rank" numeric=true>{environment.rank}</Cell>
            <Cell label="Target" note=environment.target><Badge>{environment.target_kind}</Badge></Cell>
            <Cell label="Runs now">{live}</Cell>
        </tr>
    }
    .into_any()
}
