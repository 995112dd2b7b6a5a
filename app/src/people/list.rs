//! Everyone who works with the portal, and the chairs they may fill.
use super::{active::ActiveForm, add::AddPersonForm, duties::DutiesForm};
use crate::{
    page::{now, page, reader},
    problem::Problem,
    ui::{
        Badge, ButtonLink, Card, Cell, Column, Jump, Kind, PageHead, Panel, RowHead, Stack, Status, Table,
        Tone, When, WithRail, button::Size, number::counted,
    },
};
use domain::{
    actor::{Discipline, Role},
    person::Person,
    view::governance::People,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn read_people() -> Result<People, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::person::list(&portal, &actor).await }).await
}

/// `?person=` names the one whose roles are to be changed.
#[component]
pub fn PeoplePage() -> impl IntoView {
    let chosen = use_query_map().get_untracked().get("person");
    page(
        read_people(),
        |_| "People".to_owned(),
        move |people| show(people, chosen),
    )
}

fn show(people: People, chosen: Option<String>) -> AnyView {
    let People {
        people,
        disciplines,
        can_change,
    } = people;
    let active = people.iter().filter(|person| person.active).count() as u64;
    let lead = format!(
        "{} may come in. Nobody decides on their own work, and nobody fills two chairs of one release.",
        counted(active, "person", "people")
    );
    let chosen = chosen.and_then(|id| people.iter().find(|person| person.id.to_string() == id).cloned());
    let table = table(people, can_change);
    let head = view! { <PageHead title="People" lead/> };
    if !can_change {
        return view! {
            <Stack>
                {head}
                {table}
                <p class="small faint">"An administrator adds people and sets their roles."</p>
            </Stack>
        }
        .into_any();
    }
    let (rail, href, jump) = match chosen {
        Some(person) => (change(person, disciplines), "#change", "Change roles"),
        None => (
            view! { <AddPersonForm disciplines/> }.into_any(),
            "#add",
            "Add a person",
        ),
    };
    view! {
        <Stack>
            {head}
            <WithRail rail rail_label="Change">
                {table}
                <Jump href>{jump}</Jump>
            </WithRail>
        </Stack>
    }
    .into_any()
}

fn table(people: Vec<Person>, can_change: bool) -> AnyView {
    let mut columns = ["Person", "Roles", "Since", "State"].map(Column::new).to_vec();
    if can_change {
        columns.push(Column::new("Change"));
    }
    let rows = people
        .into_iter()
        .map(|person| row(person, can_change))
        .collect_view();
    view! { <Panel><Table label="People" columns>{rows}</Table></Panel> }.into_any()
}

fn row(person: Person, can_change: bool) -> AnyView {
    let (tone, state) = if person.active {
        (Tone::Ok, "Active")
    } else {
        (Tone::Absent, "Shut out")
    };
    let roles = badges(&person);
    let change = can_change.then(|| {
        let href = format!("/people?person={}#change", person.id);
        let name = person.name.clone();
        view! {
            <Cell label="Change">
                <ButtonLink href size=Size::Small>
                    "Change"
                    <span class="hidden-visually">" roles of " {name}</span>
                </ButtonLink>
            </Cell>
        }
    });
    view! {
        <tr id=format!("person-{}", person.id)>
            <RowHead note=person.email.to_string()>{person.name}</RowHead>
            <Cell label="Roles">{roles}</Cell>
            <Cell label="Since"><When at=person.created_at now=now()/></Cell>
            <Cell label="State"><span class="nowrap"><Status tone>{state}</Status></span></Cell>
            {change}
        </tr>
    }
    .into_any()
}

/// Each role in a frame; a reviewer's says for what.
fn badges(person: &Person) -> AnyView {
    if person.duties.roles.is_empty() {
        return view! { <span class="faint">"None yet: may look, and nothing else"</span> }.into_any();
    }
    let words = person.duties.roles.iter().flat_map(|role| match role {
        Role::Reviewer => person
            .duties
            .disciplines
            .iter()
            .map(|discipline| format!("{discipline} reviewer"))
            .collect(),
        role => vec![role.to_string()],
    });
    let badges = words.map(|words| view! { <Badge>{words}</Badge> }).collect_view();
    view! { <span class="row">{badges}</span> }.into_any()
}

/// What an administrator may change of someone.
fn change(person: Person, disciplines: Vec<Discipline>) -> AnyView {
    let is_own = reader().is_some_and(|actor| actor.id == person.id);
    let title = person.name.clone();
    view! {
        <Card title id="change" aside=view! { <a href="/people">"Done"</a> }>
            <DutiesForm person=person.clone() disciplines/>
            <hr/>
            <ActiveForm person is_own/>
        </Card>
        <ButtonLink href="/people#add" kind=Kind::Quiet>"Add a person instead"</ButtonLink>
    }
    .into_any()
}
