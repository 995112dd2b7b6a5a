//! Home: the inbox.
use crate::{page::page, problem::Problem};
use domain::view::inbox::Inbox;
use leptos::prelude::*;

#[server]
pub async fn read_inbox() -> Result<Inbox, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::inbox::inbox(&portal, &actor).await }).await
}

#[component]
pub fn HomePage() -> impl IntoView {
    page(read_inbox(), |_| "Home".to_owned(), |inbox| view! { <p>{inbox.on_me.len()}</p> })
}
