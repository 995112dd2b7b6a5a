//! The door: coming in and going out.
use crate::{
    kept::Kept,
    page::{frame, look_around},
    problem::Problem,
    shell::SignedOut,
    ui::{
        Button, ErrorSummary, Field,
        button::{Kind, Size},
    },
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

#[server]
pub async fn sign_in(email: String, password: String, next: String) -> Result<(), Problem> {
    crate::ssr::as_visitor(|portal, visitor| async move {
        let actor = backend::session::sign_in(&portal, &email, password, &visitor.address).await?;
        let broken = |error: tower_sessions::session::Error| backend::Failure::Stored(error.to_string());
        // A new id for a new person: an id planted before is worth nothing (ASVS 7.2.4).
        visitor.session.cycle_id().await.map_err(broken)?;
        visitor
            .session
            .insert(crate::ssr::PERSON, actor.id)
            .await
            .map_err(broken)?;
        leptos_axum::redirect(if crate::ssr::is_own(&next) { &next } else { "/" });
        Ok(())
    })
    .await
}

#[server]
pub async fn sign_out() -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::session::sign_out(&portal, &actor).await?;
        let visitor = expect_context::<crate::ssr::Visitor>();
        visitor
            .session
            .flush()
            .await
            .map_err(|error| backend::Failure::Stored(error.to_string()))?;
        leptos_axum::redirect("/sign-in");
        Ok(())
    })
    .await
}

#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().get_untracked().get("next").unwrap_or_default();
    let action = ServerAction::<SignIn>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    Suspend::new(async move {
        let surroundings = look_around().await.ok();
        let kept = surroundings
            .as_ref()
            .map_or_else(Kept::default, |found| found.kept.clone());
        let frame = surroundings.map(|found| frame(&found.around, "/sign-in".to_owned()));
        let general = problem.map(|problem| problem.sentence());
        view! {
            <Title text="Sign in · Countersign"/>
            <SignedOut title="Sign in" frame>
                <ActionForm action attr:class="stack">
                    {general.map(|general| view! { <ErrorSummary errors=Vec::new() general/> })}
                    <input type="hidden" name="next" value=next/>
                    <Field name="email" label="E-mail" kind="email" value=kept.value("email") required=true autocomplete="username"/>
                    <Field name="password" label="Password" kind="password" required=true autocomplete="current-password"/>
                    <Button kind=Kind::Primary size=Size::Wide>"Sign in"</Button>
                </ActionForm>
            </SignedOut>
        }
    })
}
