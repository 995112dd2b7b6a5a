//! What someone may be: roles, and for reviewers their disciplines.
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    ui::{Button, Choice, Icon, Pick, button::Kind},
};
use domain::{
    actor::{Discipline, Role},
    person::{Duties, Person},
};
use leptos::prelude::*;

#[server]
pub async fn set_duties(
    person: String,
    #[server(default)] roles: Vec<Role>,
    #[server(default)] disciplines: Vec<Discipline>,
) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = person.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::person::set_duties(&portal, &actor, id, Duties::new(roles, disciplines)?).await?;
        leptos_axum::redirect(&format!("/people?person={person}#change"));
        Ok(())
    })
    .await
}

/// Sets someone's roles, from a form filled in with those they have.
#[component]
pub fn DutiesForm(person: Person, disciplines: Vec<Discipline>) -> impl IntoView {
    let action = ServerAction::<SetDuties>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let error = problem.as_ref().and_then(|problem| problem.of("disciplines"));
    let kept = Kept::here();
    // Nothing ticked leaves no trace in what is kept but the person it was for.
    let duties = if kept.value("person") == person.id.to_string() {
        None
    } else {
        Some(person.duties)
    };
    view! {
        <ActionForm action attr:class="stack">
            {refusal(problem.as_ref())}
            <input type="hidden" name="person" value=person.id.to_string()/>
            <DutiesFields duties kept disciplines error/>
            <Button kind=Kind::Primary>"Set these roles"</Button>
        </ActionForm>
    }
}

/// Boxes for roles and disciplines: ticked as `duties` say, or as they were kept.
#[component]
pub fn DutiesFields(
    duties: Option<Duties>,
    kept: Kept,
    disciplines: Vec<Discipline>,
    error: Option<String>,
) -> impl IntoView {
    let roles = Role::ALL
        .map(|role| {
            let checked = match &duties {
                Some(duties) => duties.roles.contains(&role),
                None => kept.has("roles[]", role.as_str()),
            };
            let label = crate::problem::sentence(role.as_str());
            view! {
                <Choice name="roles[]" value=role.as_str() label=label.trim_end_matches('.') note=comes_to(role) pick=Pick::Any checked/>
            }
        })
        .into_iter()
        .collect_view();
    let disciplines = disciplines
        .into_iter()
        .map(|discipline| {
            let checked = match &duties {
                Some(duties) => duties.disciplines.contains(&discipline),
                None => kept.has("disciplines[]", discipline.as_str()),
            };
            view! { <Choice name="disciplines[]" value=discipline.as_str() label=discipline.title() pick=Pick::Any checked/> }
        })
        .collect_view();
    let error = error.map(|error| {
        view! {
            <span class="error">
                {Icon::Warn.view()}
                <span>{error}</span>
            </span>
        }
    });
    view! {
        <fieldset class="field" id="roles">
            <legend class="small muted">"Roles"</legend>
            <div>{roles}</div>
        </fieldset>
        <fieldset class="field" id="disciplines">
            <legend class="small muted">"Reviews for (reviewers only)"</legend>
            <div>{disciplines}</div>
            {error}
        </fieldset>
    }
}

/// What a role comes to the portal for.
fn comes_to(role: Role) -> &'static str {
    match role {
        Role::Engineer => "Registers, evaluates, asks for releases, deploys, rolls back.",
        Role::Reviewer => "Answers reviews, raises findings, decides.",
        Role::Manager => "Countersigns or refuses, and looks at rollbacks.",
        Role::Auditor => "Reads, exports and verifies; changes nothing.",
        Role::Administrator => "Looks after people and environments.",
    }
}
