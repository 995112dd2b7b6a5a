//! Registering a version: the whole manifest as a form, or as JSON; nothing typed is lost.
use super::{draft::Draft, form::structured};
use crate::{
    kept::Kept,
    page::page,
    problem::Problem,
    ui::{
        Actions, Breadcrumb, Button, ButtonLink, Card, Disclosure, EmptyState, ErrorSummary, Icon, PageHead,
        Stack, TextArea,
    },
};
use domain::manifest::Manifest;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// What the form starts from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registration {
    pub model: String,
    pub latest: Option<(i32, Manifest)>,
    pub can_register: bool,
}

#[server]
pub async fn read_registration(model: String) -> Result<Registration, Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let name = model.parse().map_err(|_| backend::Failure::NotFound)?;
        let model = backend::model::page(&portal, &actor, &name).await?;
        let latest = match model.row.latest {
            Some(number) => {
                let (json, _) = backend::version::manifest(&portal, &actor, &name, number).await?;
                Some((number, serde_json::from_str(&json)?))
            }
            None => None,
        };
        Ok(Registration {
            model: name.to_string(),
            latest,
            can_register: model.can_register,
        })
    })
    .await
}

#[server]
pub async fn register_version(model: String, draft: Draft) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let name = model.parse().map_err(|_| backend::Failure::NotFound)?;
        let manifest = draft.manifest().map_err(backend::Failure::Invalid)?;
        let number = backend::version::register(&portal, &actor, &name, manifest).await?;
        leptos_axum::redirect(&format!("/models/{name}/versions/{number}"));
        Ok(())
    })
    .await
}

#[server]
pub async fn register_manifest(model: String, manifest: String) -> Result<(), Problem> {
    crate::ssr::as_actor(|portal, actor| async move {
        let name = model.parse().map_err(|_| backend::Failure::NotFound)?;
        let manifest = Manifest::parse(manifest.as_bytes()).map_err(backend::Failure::Invalid)?;
        let number = backend::version::register(&portal, &actor, &name, manifest).await?;
        leptos_axum::redirect(&format!("/models/{name}/versions/{number}"));
        Ok(())
    })
    .await
}

#[component]
pub fn RegisterPage() -> impl IntoView {
    let model = use_params_map().get_untracked().get("model").unwrap_or_default();
    let by_form = ServerAction::<RegisterVersion>::new();
    let by_json = ServerAction::<RegisterManifest>::new();
    page(
        read_registration(model),
        |registration| format!("Register a version of {}", registration.model),
        move |registration| show(registration, by_form, by_json),
    )
}

fn show(
    registration: Registration,
    by_form: ServerAction<RegisterVersion>,
    by_json: ServerAction<RegisterManifest>,
) -> impl IntoView {
    let Registration {
        model,
        latest,
        can_register,
    } = registration;
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (model.clone(), format!("/models/{model}")),
    ];
    let lead = match &latest {
        Some((number, _)) => format!(
            "The form is filled in from version {number}; change what is new. Once registered, nothing of it can be changed."
        ),
        None => {
            "Everything that makes the version what it is. Once registered, nothing of it can be changed."
                .to_owned()
        }
    };
    let content = if can_register {
        forms(&model, latest.map(|(_, manifest)| manifest), by_form, by_json)
    } else {
        let action = view! { <ButtonLink href=format!("/models/{model}")>"Back to the model"</ButtonLink> };
        view! {
            <EmptyState title="Engineers register versions" action>
                "You don't hold that role; an administrator can give it to you."
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Stack>
            <Breadcrumb trail here="Register a version"/>
            <PageHead title=format!("Register a version of {model}") lead/>
            {content}
        </Stack>
    }
}

fn forms(
    model: &str,
    latest: Option<Manifest>,
    by_form: ServerAction<RegisterVersion>,
    by_json: ServerAction<RegisterManifest>,
) -> AnyView {
    let kept = Kept::here();
    let json = match latest.as_ref().map(serde_json::to_value) {
        Some(Ok(value)) => crate::ui::pretty(&value),
        _ => String::new(),
    };
    let json = kept.value_or("manifest", json);
    // What changed is said anew for each version.
    let start = latest
        .as_ref()
        .map(Draft::of)
        .map(|draft| Draft {
            changes: String::new(),
            ..draft
        })
        .unwrap_or_default();
    let draft = start.or_kept(&kept);
    let wrong = by_form.value().get_untracked().and_then(Result::err);
    let refused = by_json.value().get_untracked().and_then(Result::err);
    let pasted = refused.is_some() || kept.fields.contains_key("manifest");
    let structured = structured(model, &draft, &kept, wrong.as_ref(), by_form);
    let paste = paste(model, json, refused.as_ref(), by_json);
    let (first, second) = if pasted {
        (paste, structured)
    } else {
        (structured, paste)
    };
    view! { {first} {second} }.into_any()
}

fn paste(
    model: &str,
    json: String,
    problem: Option<&Problem>,
    action: ServerAction<RegisterManifest>,
) -> AnyView {
    // There is one field for all of the manifest; each message says which part of it is meant.
    let errors: Vec<_> = problem
        .map(Problem::fields)
        .unwrap_or_default()
        .into_iter()
        .map(|(field, words)| match field.as_str() {
            "manifest" => words,
            path => format!("{path}: {words}"),
        })
        .map(|words| ("manifest".to_owned(), words))
        .collect();
    let general = problem.filter(|_| errors.is_empty()).map(Problem::sentence);
    let error = errors
        .iter()
        .map(|(_, words)| words.as_str())
        .collect::<Vec<_>>()
        .join(" ");
    let error = (!error.is_empty()).then_some(error);
    let open = problem.is_some();
    let model = model.to_owned();
    view! {
        <Card title="Paste or edit manifest JSON" note="For those who have it already, such as from CI.">
            <Disclosure summary="Manifest as JSON" open>
                <ActionForm action attr:class="stack">
                    <ErrorSummary errors general/>
                    <input type="hidden" name="model" value=model/>
                    <TextArea
                        name="manifest"
                        label="Manifest"
                        value=json
                        error
                        hint="Unknown fields are refused. The order of fields and the spaces between them don't matter: the digest is taken over the canonical form."
                        required=true
                        rows=16
                        code=true
                    />
                    <Actions>
                        <Button icon=Icon::Plus>"Register this manifest"</Button>
                    </Actions>
                </ActionForm>
            </Disclosure>
        </Card>
    }
    .into_any()
}
