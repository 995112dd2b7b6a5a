//! API tokens: made here, shown once, revoked here.
use crate::{
    kept::Kept,
    page::{now, refusal},
    problem::Problem,
    ui::{
        Button, Card, Cell, Column, CopyButton, Field, FullDigest, Notice, Panel, RowHead, Section, Select,
        Stack, Status, Table, Tone, When,
        button::{Kind, Size},
    },
};
use chrono::{DateTime, Utc};
use domain::view::account::Token;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A token with its secret, as it is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewToken {
    name: String,
    secret: String,
}

#[server]
pub async fn make_token(name: String, days: String) -> Result<(), Problem> {
    use domain::refusal::Invalid;
    crate::ssr::as_actor(|portal, actor| async move {
        let days = days
            .parse()
            .map_err(|_| Invalid::new("days", "Choose how long the token lives."))?;
        let (_, secret) = backend::token::make(&portal, &actor, &name, days).await?;
        let visitor = expect_context::<crate::ssr::Visitor>();
        let made = NewToken {
            name: name.trim().to_owned(),
            secret,
        };
        let kept = visitor.session.insert(crate::ssr::MADE, made).await;
        kept.map_err(|error| backend::Failure::Stored(error.to_string()))?;
        leptos_axum::redirect("/account#tokens");
        Ok(())
    })
    .await
}

#[server]
pub async fn revoke_token(token: String) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let id = token.parse().map_err(|_| backend::Failure::NotFound)?;
        backend::token::revoke(&portal, &actor, id).await?;
        leptos_axum::redirect("/account#tokens");
        Ok(())
    })
    .await
}

/// One's tokens, the form that makes one, and the secret of the one just made.
pub fn section(tokens: Vec<Token>, made: Option<NewToken>) -> AnyView {
    let (made, table) = (made.map(secret), table(tokens));
    view! {
        <Section title="API tokens" id="tokens" note="Programs act as you with a token: pipelines, MLflow clients, scripts.">
            <Stack>
                {made}
                {table}
                <MakeTokenForm/>
            </Stack>
        </Section>
    }
    .into_any()
}

fn secret(made: NewToken) -> AnyView {
    let NewToken { name, secret } = made;
    view! {
        <Notice tone=Tone::Ok title=format!("“{name}” was made. Copy it now: it is not shown again.") role="status">
            <div class="row">
                <FullDigest value=secret.clone()/>
                <span class="digest"><CopyButton text=secret label="Copy the token".to_owned()/></span>
            </div>
            <p>"Send it in the header " <code>"Authorization: Bearer …"</code> " to addresses below " <code>"/api/v1"</code> "."</p>
        </Notice>
    }
    .into_any()
}

fn table(tokens: Vec<Token>) -> AnyView {
    if tokens.is_empty() {
        return view! { <p class="muted">"No token yet. Make one for each program, so that you can revoke one alone."</p> }.into_any();
    }
    let action = ServerAction::<RevokeToken>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let columns = ["For", "Begins with", "Made", "Last used", "State", "Revoke"]
        .map(Column::new)
        .to_vec();
    let rows = tokens.into_iter().map(|token| row(token, action)).collect_view();
    view! {
        {refusal(problem.as_ref())}
        <Panel><Table label="API tokens" columns>{rows}</Table></Panel>
    }
    .into_any()
}

/// Whether a token still opens anything, and until when.
fn state(token: &Token, now: DateTime<Utc>) -> (Tone, AnyView) {
    let (expires_at, revoked_at) = (token.expires_at, token.revoked_at);
    match revoked_at {
        Some(at) => (Tone::Absent, view! { "Revoked " <When at now/> }.into_any()),
        None if expires_at <= now => (
            Tone::Absent,
            view! { "Ended " <When at=expires_at now/> }.into_any(),
        ),
        None => (
            Tone::Ok,
            view! { "Good, ends " <When at=expires_at now/> }.into_any(),
        ),
    }
}

fn row(token: Token, action: ServerAction<RevokeToken>) -> AnyView {
    let now = now();
    let (tone, state) = state(&token, now);
    let used = match token.last_used_at {
        Some(at) => view! { <When at now/> }.into_any(),
        None => view! { <span class="faint">"Never"</span> }.into_any(),
    };
    let name = token.name.clone();
    let revoke = (tone == Tone::Ok).then(|| {
        view! {
            <ActionForm action>
                <input type="hidden" name="token" value=token.id.to_string()/>
                <Button size=Size::Small kind=Kind::Danger>"Revoke"<span class="hidden-visually">" " {name}</span></Button>
            </ActionForm>
        }
    });
    view! {
        <tr>
            <RowHead>{token.name}</RowHead>
            <Cell label="Begins with"><code>{token.hint} "…"</code></Cell>
            <Cell label="Made"><When at=token.created_at now/></Cell>
            <Cell label="Last used">{used}</Cell>
            <Cell label="State"><Status tone>{state}</Status></Cell>
            <Cell label="Revoke">{revoke}</Cell>
        </tr>
    }
    .into_any()
}

#[component]
fn MakeTokenForm() -> impl IntoView {
    let action = ServerAction::<MakeToken>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let of = |field: &str| problem.as_ref().and_then(|problem| problem.of(field));
    let (name, days) = (of("name"), of("days"));
    let kept = Kept::here();
    let lives = [
        ("7", "7 days"),
        ("30", "30 days"),
        ("90", "90 days"),
        ("365", "One year"),
    ];
    let lives = lives
        .map(|(days, words)| (days.to_owned(), words.to_owned()))
        .to_vec();
    view! {
        <Card title="Make a token">
            <ActionForm action attr:class="stack">
                {refusal(problem.as_ref())}
                <div class="fields" data-columns="2">
                    <Field name="name" label="What it is for" value=kept.value("name") error=name required=true max_length=80 autocomplete="off" placeholder="Nightly evaluation"/>
                    <Select name="days" label="How long it lives" options=lives value=kept.value_or("days", "90") error=days required=true/>
                </div>
                <div class="row"><Button>"Make token"</Button></div>
            </ActionForm>
        </Card>
    }
}
