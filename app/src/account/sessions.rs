//! Where one is signed in, and ending that.
use super::browser::browser;
use crate::{
    page::{now, refusal},
    problem::Problem,
    ui::{Badge, Button, Cell, Column, Panel, RowHead, Section, Table, Tone, When, button::Size},
};
use domain::view::account::Session;
use leptos::prelude::*;

#[server]
pub async fn revoke_session(key: String) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        backend::account::revoke_session(&portal, &actor, &key).await?;
        leptos_axum::redirect("/account#sessions");
        Ok(())
    })
    .await
}

/// One's sessions, the one that reads first.
pub fn section(mut sessions: Vec<Session>) -> AnyView {
    sessions.sort_by_key(|session| !session.current);
    let action = ServerAction::<RevokeSession>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let columns = ["Where", "Address", "Last seen", "Ends", "End it"]
        .map(Column::new)
        .to_vec();
    let rows = sessions
        .into_iter()
        .map(|session| row(session, action))
        .collect_view();
    view! {
        <Section title="Sessions" id="sessions" note="Where you are signed in. End what you don't know, then change your password.">
            {refusal(problem.as_ref())}
            <Panel><Table label="Sessions" columns>{rows}</Table></Panel>
        </Section>
    }
    .into_any()
}

fn row(session: Session, action: ServerAction<RevokeSession>) -> AnyView {
    let address = if session.address.is_empty() {
        "Not known".to_owned()
    } else {
        session.address
    };
    let name = browser(&session.user_agent);
    let end = if session.current {
        view! { <Badge tone=Tone::Info>"This session"</Badge> }.into_any()
    } else {
        let name = name.clone();
        view! {
            <ActionForm action>
                <input type="hidden" name="key" value=session.key/>
                <Button size=Size::Small>"End"<span class="hidden-visually">" the session of " {name}</span></Button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <tr>
            <RowHead note=view! { "since " <When at=session.created_at now=now()/> }>{name}</RowHead>
            <Cell label="Address">{address}</Cell>
            <Cell label="Last seen"><When at=session.seen_at now=now()/></Cell>
            <Cell label="Ends"><When at=session.ends_at now=now()/></Cell>
            <Cell label="End it">{end}</Cell>
        </tr>
    }
    .into_any()
}
