//! The account page: what belongs to the person who reads, and to nobody else.
use super::{
    appearance::Appearance,
    password::PasswordForm,
    sessions,
    tokens::{self, NewToken},
};
use crate::{
    page::{page, roles},
    problem::Problem,
    ui::{Gap, PageHead, Stack},
};
use domain::view::account::Account;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The account, and a token that was made a moment ago: its secret is told once.
#[server]
pub async fn read_account() -> Result<(Account, Option<NewToken>), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let visitor = expect_context::<crate::ssr::Visitor>();
        let account = backend::account::page(&portal, &actor, &visitor.session_hash).await?;
        let made = visitor.session.remove(crate::ssr::MADE).await;
        let made = made.map_err(|error| backend::Failure::Stored(error.to_string()))?;
        Ok((account, made))
    })
    .await
}

#[component]
pub fn AccountPage() -> impl IntoView {
    let changed = use_query_map().get_untracked().get("changed").is_some();
    page(
        read_account(),
        |_| "Your account".to_owned(),
        move |(account, made)| show(account, made, changed),
    )
}

fn show(account: Account, made: Option<NewToken>, changed: bool) -> impl IntoView {
    let title = account.actor.name.clone();
    let lead = format!("{}. You sign in as {}.", roles(&account.actor), account.email);
    let sessions = sessions::section(account.sessions);
    let tokens = tokens::section(account.tokens, made);
    view! {
        <Stack gap=Gap::Wide>
            <PageHead title lead/>
            {sessions}
            {tokens}
            <PasswordForm email=account.email changed/>
            <Appearance/>
        </Stack>
    }
}
