//! Adding an environment, with its target. The target's own adapter has the last word on its settings.
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    ui::{Button, Card, Choice, Field, Icon, Pick, Segment, Segments, button::Kind},
};
use leptos::prelude::*;

#[server]
pub async fn add_environment(
    name: String,
    rank: String,
    kind: String,
    #[server(default)] url: String,
    #[server(default)] allow_private: bool,
    #[server(default)] secret: String,
) -> Result<(), Problem> {
    use domain::{environment::Place, refusal::Invalid};
    use serde_json::json;
    crate::ssr::as_actor(|portal, actor| async move {
        let (url, secret) = (url.trim(), secret.trim());
        let whole = || Invalid::new("rank", "Give the rank as a whole number, such as 3.");
        let target = match kind.as_str() {
            "local" => json!({ "kind": "local" }),
            "webhook" => json!({ "kind": "webhook", "url": url, "allow_private": allow_private }),
            _ => return Err(Invalid::new("kind", "Choose what deploys there.").into()),
        };
        let place = Place {
            name: name.trim().parse()?,
            rank: rank.trim().parse().map_err(|_| whole())?,
            target,
        };
        let secret = (kind == "webhook" && !secret.is_empty()).then(|| secret.to_owned());
        backend::environment::add(&portal, &actor, place, secret).await?;
        leptos_axum::redirect("/environments");
        Ok(())
    })
    .await
}

/// The form for administrators. The secret is written and never read back.
#[component]
pub fn AddEnvironmentForm() -> impl IntoView {
    let action = ServerAction::<AddEnvironment>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let of = |field: &str| problem.as_ref().and_then(|problem| problem.of(field));
    let kept = Kept::here();
    let errors = (of("name"), of("rank"), of("kind"), of("target"), of("secret"));
    let allow_private = kept.has("allow_private", "true");
    let kinds = vec![
        Segment::new("local", "This machine").icon(Icon::Layers),
        Segment::new("webhook", "Webhook").icon(Icon::External),
    ];
    view! {
        <Card title="Add an environment" id="add">
            <ActionForm action attr:class="stack">
                {refusal(problem.as_ref())}
                <Field name="name" label="Name" value=kept.value("name") error=errors.0 required=true hint="Lower-case letters, digits and hyphens, such as production."/>
                <Field name="rank" label="Rank" value=kept.value("rank") error=errors.1 required=true inputmode="numeric" hint="The order of promotion: development 1, staging 2, production 3."/>
                <Segments name="kind" legend="What deploys there" segments=kinds value=kept.value_or("kind", "local") required=true error=errors.2/>
                <Field name="url" id="target" label="Webhook address" kind="url" value=kept.value("url") error=errors.3 hint="For a webhook: where the signed request is sent."/>
                <Choice name="allow_private" value="true" label="In our own network" pick=Pick::Any checked=allow_private note="Lets the address be private, and http."/>
                <Field name="secret" label="Webhook secret" kind="password" autocomplete="off" error=errors.4 hint="whsec_ and 24 to 64 bytes in Base64, as the receiver shows it. It is kept, and never shown again."/>
                <Button kind=Kind::Primary>"Add environment"</Button>
            </ActionForm>
        </Card>
    }
}
