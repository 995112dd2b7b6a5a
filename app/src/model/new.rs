//! A new model: its name, what it is for, and how much harm it can do.
use crate::{
    kept::Kept,
    page::page,
    problem::Problem,
    ui::{
        Actions, Breadcrumb, Button, ButtonLink, Card, Choice, EmptyState, ErrorSummary, Field, Fieldset,
        Icon, KeptNote, PageHead, Stack, Status, TextArea, Tone, button::Kind,
    },
};
use domain::model::Tier;
use leptos::prelude::*;

/// Whether the reader may create models.
#[server]
pub async fn read_new_model() -> Result<bool, Problem> {
    crate::ssr::as_actor(|_, actor| async move { Ok(actor.as_engineer().is_ok()) }).await
}

#[server]
pub async fn create_model(
    name: String,
    purpose: String,
    #[server(default)] tier: String,
) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let description =
            domain::model::Description::new(&name, &purpose, &tier).map_err(domain::Refusal::from)?;
        let name = backend::model::create(&portal, &actor, description).await?;
        leptos_axum::redirect(&format!("/models/{name}"));
        Ok(())
    })
    .await
}

#[component]
pub fn NewModelPage() -> impl IntoView {
    let action = ServerAction::<CreateModel>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    page(
        read_new_model(),
        |_| "New model".to_owned(),
        move |may| {
            let content = if may { form(action, problem) } else { not_yours() };
            view! {
                <Stack>
                    <Breadcrumb trail=vec![("Models".to_owned(), "/models".to_owned())] here="New model"/>
                    <PageHead
                        title="New model"
                        lead="A named line of versions. Its tier decides which policy every release of it has to meet."
                    />
                    {content}
                </Stack>
            }
        },
    )
}

fn not_yours() -> AnyView {
    let action = view! { <ButtonLink href="/models">"Back to the models"</ButtonLink> };
    view! {
        <EmptyState title="Engineers create models" action>
            "You don't hold that role; an administrator can give it to you."
        </EmptyState>
    }
    .into_any()
}

fn form(action: ServerAction<CreateModel>, problem: Option<Problem>) -> AnyView {
    let kept = Kept::here();
    let wrong = |field: &str| problem.as_ref().and_then(|problem| problem.of(field));
    let (name_error, purpose_error, tier_error) = (wrong("name"), wrong("purpose"), wrong("tier"));
    let (name, purpose) = (kept.value("name"), kept.value("purpose"));
    let resumed = !kept.is_empty();
    let errors = problem.as_ref().map(Problem::fields).unwrap_or_default();
    let general = problem
        .as_ref()
        .filter(|_| errors.is_empty())
        .map(Problem::sentence);
    let tiers = Tier::ALL
        .map(|tier| {
            let checked = kept.has("tier", tier.as_str());
            let label = super::inventory::capital(tier.as_str());
            view! {
                <Choice name="tier" value=tier.as_str() label note=meaning(tier) checked required=true/>
            }
        })
        .collect_view();
    view! {
        <Card>
            <ActionForm action attr:class="stack">
                <ErrorSummary errors general/>
                {resumed
                    .then(|| view! { <KeptNote>"What you wrote is still in the form."</KeptNote> })}
                <Fieldset legend="What it is">
                    <Field
                        name="name"
                        label="Name"
                        value=name
                        error=name_error
                        hint="Lower-case letters, digits and hyphens, such as credit-risk. It stands in every address and is never changed."
                        required=true
                        max_length=63
                        autocomplete="off"
                    />
                    <TextArea
                        name="purpose"
                        label="Intended purpose"
                        value=purpose
                        error=purpose_error
                        hint="What it decides or advises on, for whom, and who acts on it: a sentence that a reviewer can judge."
                        required=true
                        max_length=2_000
                    />
                </Fieldset>
                <Fieldset legend="Risk tier" note="How much harm it can do to people if it is wrong or unfair.">
                    <div id="tier">
                        {tiers}
                        {tier_error.map(|words| view! { <Status tone=Tone::Danger>{words}</Status> })}
                    </div>
                </Fieldset>
                <Actions>
                    <Button kind=Kind::Primary icon=Icon::Plus>
                        "Create the model"
                    </Button>
                    <ButtonLink href="/models" kind=Kind::Quiet>
                        "Cancel"
                    </ButtonLink>
                </Actions>
            </ActionForm>
        </Card>
    }
    .into_any()
}

/// What a tier means for the person who chooses it.
pub const fn meaning(tier: Tier) -> &'static str {
    match tier {
        Tier::Minimal => "Nobody is affected if it is wrong: forecasts of stock, sorting of internal mail.",
        Tier::Limited => {
            "People deal with it or its output, without a decision on them: chat, recommendations."
        }
        Tier::High => {
            "It decides or advises on people's money, work, health, schooling or freedom (EU AI Act, Annex III)."
        }
        Tier::Prohibited => {
            "A practice that may not be used at all (EU AI Act, Article 5). It can be listed here, never released."
        }
    }
}
