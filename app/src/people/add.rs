//! Bringing someone in.
use super::duties::DutiesFields;
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    ui::{Button, Card, Field, button::Kind},
};
use domain::actor::{Discipline, Role};
use leptos::prelude::*;

#[server]
pub async fn add_person(
    email: String,
    name: String,
    #[server(default)] roles: Vec<Role>,
    #[server(default)] disciplines: Vec<Discipline>,
    password: String,
) -> Result<(), Problem> {
    use domain::person::{Duties, Newcomer};
    crate::ssr::as_actor(|portal, actor| async move {
        let newcomer = Newcomer::new(&email, &name, Duties::new(roles, disciplines)?)?;
        let id = backend::person::add(&portal, &actor, newcomer, password).await?;
        leptos_axum::redirect(&format!("/people#person-{id}"));
        Ok(())
    })
    .await
}

/// The form for administrators.
#[component]
pub fn AddPersonForm(disciplines: Vec<Discipline>) -> impl IntoView {
    let action = ServerAction::<AddPerson>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let of = |field: &str| problem.as_ref().and_then(|problem| problem.of(field));
    let (name, email, password, error) = (of("name"), of("email"), of("password"), of("disciplines"));
    let kept = Kept::here();
    view! {
        <Card title="Add a person" id="add">
            <ActionForm action attr:class="stack">
                {refusal(problem.as_ref())}
                <Field name="name" label="Name" value=kept.value("name") error=name required=true autocomplete="off" max_length=120 hint="As it will stand under signatures."/>
                <Field name="email" label="E-mail" kind="email" value=kept.value("email") error=email required=true autocomplete="off"/>
                <Field name="password" label="First password" kind="password" error=password required=true autocomplete="new-password" hint="At least 12 characters. Hand it over in person; they change it on their account page."/>
                <DutiesFields duties=None kept disciplines error/>
                <Button kind=Kind::Primary>"Add person"</Button>
            </ActionForm>
        </Card>
    }
}
