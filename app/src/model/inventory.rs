//! The inventory: every model, what is approved, what runs, how it measured. All that is chosen stands in the address.
use super::{live::Live, row};
use crate::{
    page::page,
    problem::Problem,
    ui::{
        Button, ButtonLink, Chip, Column, EmptyState, Filters, Icon, PageHead, Pagination, Panel, Size,
        Sorted, Stack, Stacks, Table, button::Kind, number,
    },
};
use domain::{
    model::Tier,
    view::model::{Filter, Inventory, Standing},
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, location::Url};

#[server]
pub async fn read_models(filter: Filter) -> Result<Inventory, Problem> {
    crate::ssr::as_actor(
        |portal, actor| async move { backend::model::inventory(&portal, &actor, &filter).await },
    )
    .await
}

#[component]
pub fn ModelsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let asked = |name: &str| query.get(name).unwrap_or_default();
    let filter = Filter {
        q: asked("q"),
        tier: asked("tier"),
        owner: asked("owner"),
        environment: asked("environment"),
        sort: asked("sort"),
        after: asked("after"),
    };
    page(
        read_models(filter.clone()),
        |_| "Models".to_owned(),
        move |inventory| show(&filter, inventory),
    )
}

fn show(filter: &Filter, inventory: Inventory) -> impl IntoView + use<> {
    let action = inventory.can_create.then(|| {
        view! {
            <ButtonLink href="/models/new" kind=Kind::Primary icon=Icon::Plus>
                "Create a model"
            </ButtonLink>
        }
        .into_any()
    });
    let lead = lead(filter, &inventory);
    let filters = filters(filter, &inventory);
    let list = list(filter, inventory);
    view! {
        <Stack>
            <PageHead title="Models" lead action/>
            {filters}
            <div id="inventory">{list}</div>
            <p class="small faint needs-script needs-keyboard">
                "A plain number is approved and running. " <kbd>"/"</kbd> " search " <kbd>"j"</kbd> " " <kbd>"k"</kbd>
                " move " <kbd>"Enter"</kbd> " open"
            </p>
            <Live/>
        </Stack>
    }
}

/// What a manager would say of the list.
fn lead(filter: &Filter, inventory: &Inventory) -> String {
    let total = u64::try_from(inventory.total).unwrap_or(0);
    let what = number::counted(total, "model", "models");
    let matching = match (filter.is_narrowed(), total) {
        (false, _) => "",
        (true, 1) => " that matches",
        (true, _) => " that match",
    };
    let differing = inventory
        .rows
        .iter()
        .filter(|row| row.standings.iter().any(differs))
        .count();
    let unmeasured = inventory.rows.iter().filter(|row| row.measured.is_none()).count();
    let mut parts = Vec::new();
    match differing {
        0 => {}
        1 => parts.push("one runs a version that is not the approved one".to_owned()),
        n => parts.push(format!("{n} run a version that is not the approved one")),
    }
    match unmeasured {
        0 => {}
        1 => parts.push("one has never been measured".to_owned()),
        n => parts.push(format!("{n} have never been measured")),
    }
    if total == 0 || parts.is_empty() {
        format!("{what}{matching}.")
    } else {
        format!("{what}{matching}. On this page, {}.", parts.join(", and "))
    }
}

/// Whether something runs that is not what is approved there.
pub fn differs(standing: &Standing) -> bool {
    match (&standing.approved, standing.running) {
        (Some((approved, _)), Some(running)) => *approved != running,
        (None, Some(_)) => true,
        _ => false,
    }
}

/// The address of this list with some part changed; from the first page on, unless that part is the cursor.
fn address(filter: &Filter, change: impl FnOnce(&mut Filter)) -> String {
    let mut filter = Filter {
        after: String::new(),
        ..filter.clone()
    };
    change(&mut filter);
    let Filter {
        q,
        tier,
        owner,
        environment,
        sort,
        after,
    } = filter;
    let parts: Vec<_> = [
        ("q", q),
        ("tier", tier),
        ("owner", owner),
        ("environment", environment),
        ("sort", sort),
        ("after", after),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}={}", Url::escape(&value)))
    .collect();
    if parts.is_empty() {
        "/models".to_owned()
    } else {
        format!("/models?{}", parts.join("&"))
    }
}

fn filters(filter: &Filter, inventory: &Inventory) -> AnyView {
    let tier = |tier: Option<Tier>| {
        let value = tier.map(|tier| tier.as_str().to_owned()).unwrap_or_default();
        let current = filter.tier == value;
        let words = tier.map_or_else(|| "All tiers".to_owned(), |tier| capital(tier.as_str()));
        let href = address(filter, |filter| filter.tier = value);
        view! { <Chip href current>{words}</Chip> }
    };
    let tiers = std::iter::once(None)
        .chain(Tier::ALL.map(Some))
        .map(tier)
        .collect_view();
    let environments = inventory
        .environments
        .iter()
        .map(|environment| {
            let chosen = filter.environment == environment.as_str();
            view! { <option value=environment.to_string() selected=chosen>{format!("In {environment}")}</option> }
        })
        .collect_view();
    let hidden = |name: &'static str, value: &str| {
        (!value.is_empty()).then(|| view! { <input type="hidden" name=name value=value.to_owned()/> })
    };
    let (tier, sort) = (hidden("tier", &filter.tier), hidden("sort", &filter.sort));
    let owner = filter.owner.clone();
    view! {
        <Filters action="/models" placeholder="Name, purpose or digest" query=filter.q.clone()>
            {tier}
            {sort}
            <label class="search">
                {Icon::Person.view()}
                <input
                    name="owner"
                    type="search"
                    aria-label="Owner"
                    placeholder="Owner"
                    value=owner
                />
            </label>
            <select class="input" name="environment" aria-label="Environment">
                <option value="">"Anywhere"</option>
                {environments}
            </select>
            <Button size=Size::Small icon=Icon::Filter>"Filter"</Button>
            <span class="row">{tiers}</span>
        </Filters>
    }
    .into_any()
}

/// "High" for "high".
pub fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn list(filter: &Filter, inventory: Inventory) -> AnyView {
    if inventory.rows.is_empty() {
        return nothing(filter, inventory.can_create);
    }
    let shown = inventory.rows.len() as u64;
    let total = u64::try_from(inventory.total).unwrap_or(0);
    let summary = format!(
        "{} of {}",
        number::thousands(shown),
        number::counted(total, "model", "models")
    );
    let newer = (!filter.after.is_empty()).then(|| address(filter, |_| ()));
    let older = inventory
        .next
        .map(|next| address(filter, |filter| filter.after = next));
    // The last place of promotion has a column of its own; the others share one.
    let main = inventory.environments.last().cloned();
    let columns = columns(filter, main.as_ref().map(|name| capital(name.as_str())));
    let rows = inventory
        .rows
        .into_iter()
        .map(|model| row::view(model, main.as_ref()))
        .collect_view();
    view! {
        <Panel>
            <Table label="Models" columns stacks=Stacks::Early>
                {rows}
            </Table>
            <Pagination summary newer older words=("First page", "Next page")/>
        </Panel>
    }
    .into_any()
}

fn nothing(filter: &Filter, can_create: bool) -> AnyView {
    if filter.is_narrowed() || !filter.after.is_empty() {
        let action = view! { <ButtonLink href="/models">"Show all models"</ButtonLink> };
        return view! {
            <EmptyState title="No model matches" action>
                "Nothing has all of this at once. Take a filter off, or look for part of a name."
            </EmptyState>
        }
        .into_any();
    }
    let action = can_create.then(|| {
        view! {
            <ButtonLink href="/models/new" kind=Kind::Primary icon=Icon::Plus>
                "Create the first model"
            </ButtonLink>
        }
        .into_any()
    });
    view! {
        <EmptyState title="No models yet" action>
            "A model is a named line of versions with an owner, a purpose and a risk tier. Engineers create them."
        </EmptyState>
    }
    .into_any()
}

fn columns(filter: &Filter, main: Option<String>) -> Vec<Column> {
    let sorted = |up: &'static str, down: &'static str, first: bool| {
        let now = match filter.sort.as_str() {
            sort if sort == up || (first && sort != down && !sort.ends_with("created")) => Sorted::Ascending,
            sort if sort == down => Sorted::Descending,
            _ => Sorted::No,
        };
        let next = if now == Sorted::Ascending { down } else { up };
        (address(filter, |filter| next.clone_into(&mut filter.sort)), now)
    };
    let (by_name, name) = sorted("name", "-name", true);
    let (by_age, age) = sorted("created", "-created", false);
    let place = match main {
        Some(main) => vec![Column::new(main), Column::new("Elsewhere")],
        None => vec![Column::new("Runs")],
    };
    [Column::new("Model").sorts(by_name, name), Column::new("Tier")]
        .into_iter()
        .chain(place)
        .chain([
            Column::new("Performance"),
            Column::new("Fairness"),
            Column::new("Drift"),
            Column::new("Next due"),
            Column::new("Owner, since").sorts(by_age, age),
        ])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_all_that_is_chosen_and_begin_at_the_first_page() {
        let filter = Filter {
            q: "a&b".to_owned(),
            after: "credit".to_owned(),
            ..Filter::default()
        };
        assert_eq!(
            address(&filter, |filter| filter.tier = "high".to_owned()),
            "/models?q=a%26b&tier=high"
        );
        assert_eq!(
            address(&Filter::default(), |filter| filter.after = "x y".to_owned()),
            "/models?after=x%20y"
        );
        assert_eq!(address(&Filter::default(), |_| ()), "/models");
    }
}
