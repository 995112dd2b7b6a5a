//! Shutting someone out, and letting them in again. They stay in the record under the name they had.
use crate::{
    page::refusal,
    problem::Problem,
    ui::{Blocked, Button, button::Kind},
};
use domain::person::Person;
use leptos::prelude::*;

#[server]
pub async fn set_active(person: String, active: bool) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = person.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::person::set_active(&portal, &actor, id, active).await?;
        leptos_axum::redirect(&format!("/people?person={person}#change"));
        Ok(())
    })
    .await
}

/// The button that shuts someone out, or lets them in again.
#[component]
pub fn ActiveForm(person: Person, is_own: bool) -> impl IntoView {
    if is_own {
        return view! {
            <Blocked kind=Kind::Danger reason="Someone else has to do this, so that an administrator always remains.">
                "Shut yourself out"
            </Blocked>
        }
        .into_any();
    }
    let action = ServerAction::<SetActive>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let (kind, act, words) = if person.active {
        (
            Kind::Danger,
            "Shut out",
            "Ends every session at once and refuses every token. What they did stays in the record, under their name.",
        )
    } else {
        (
            Kind::Plain,
            "Let in again",
            "They come in with the password and the roles they had.",
        )
    };
    view! {
        <ActionForm action attr:class="stack">
            {refusal(problem.as_ref())}
            <input type="hidden" name="person" value=person.id.to_string()/>
            <input type="hidden" name="active" value=(!person.active).to_string()/>
            <p class="small muted">{words}</p>
            <div class="row"><Button kind>{format!("{act}: {}", person.name)}</Button></div>
        </ActionForm>
    }
    .into_any()
}
