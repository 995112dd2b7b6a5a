//! Asking for a release of a version: what it would have to meet first, then where and why.
use super::words;
use crate::{
    kept::Kept,
    page::{page, refusal},
    problem::Problem,
    ui::{
        Actions, Blocked, Breadcrumb, Button, Card, Gate, GateList, GateState, Icon, PageHead, Pair, Panel,
        Select, Stack, TextArea, TierMark, button,
    },
    version::read_version,
};
use domain::{release::Rule, view::version::Version};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[server]
pub async fn request_release(
    model: String,
    number: i32,
    #[server(default)] environment: String,
    reason: String,
) -> Result<(), Problem> {
    use domain::refusal::Invalid;
    crate::ssr::as_actor(|portal, actor| async move {
        let model = model.parse().map_err(|_| backend::Failure::NotFound)?;
        let environment = environment
            .parse()
            .map_err(|_| Invalid::new("environment", "Choose where it is to run."))?;
        let release =
            backend::release::request(&portal, &actor, &model, number, &environment, &reason).await?;
        leptos_axum::redirect(&format!("/releases/{release}"));
        Ok(())
    })
    .await
}

#[component]
pub fn RequestPage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let (model, number) = (
        params.get("model").unwrap_or_default(),
        params.get("number").unwrap_or_default(),
    );
    page(
        read_version(model, number),
        |version| format!("Ask for a release of {} {}", version.model, version.number),
        |version| show(&version),
    )
}

fn show(version: &Version) -> AnyView {
    let name = format!("{} {}", version.model, version.number);
    let href = format!("/models/{}/versions/{}", version.model, version.number);
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (version.model.to_string(), format!("/models/{}", version.model)),
        (format!("Version {}", version.number), href.clone()),
    ];
    let (lead, tier) = (lead(version), version.tier.into());
    let form = form(version, &href);
    let readiness = readiness(&version.readiness);
    view! {
        <Stack>
            <Breadcrumb trail here="Ask for a release"/>
            <PageHead title=format!("Ask for a release of {name}") lead>
                <TierMark tier/>
            </PageHead>
            <Pair>{readiness} {form}</Pair>
        </Stack>
    }
    .into_any()
}

fn lead(version: &Version) -> String {
    let unmet = version
        .readiness
        .iter()
        .filter(|rule| !rule.state.is_met())
        .count();
    match unmet {
        0 if version.readiness.is_empty() => {
            "No policy is in force for its tier, so it can’t be released.".to_owned()
        }
        0 => "Every rule before the countersignature is met already.".to_owned(),
        1 => "One rule is not met yet. You can ask now; it has to be met before a manager countersigns."
            .to_owned(),
        unmet => format!(
            "{unmet} rules are not met yet. You can ask now; they have to be met before a manager countersigns."
        ),
    }
}

fn readiness(rules: &[Rule]) -> AnyView {
    let list = rules
        .iter()
        .map(|rule| {
            let state = GateState::from(rule.state);
            let owner = (!rule.state.is_met()).then(|| rule.owner.clone());
            let (title, detail) = (rule.title.clone(), rule.detail.clone());
            view! { <Gate state rule=title outcome=state.word() owner>{detail}</Gate> }
        })
        .collect_view();
    view! {
        <Panel title="Readiness" footer="The policy in force is frozen into the release when you ask.">
            <GateList>{list}</GateList>
        </Panel>
    }
    .into_any()
}

fn form(version: &Version, href: &str) -> AnyView {
    let blocked = |reason: &str, next: Option<(String, &'static str)>| {
        let next = next.map(|(href, words)| view! { " " <a href=href>{words}</a> });
        let reason = view! { {reason.to_owned()} {next} };
        view! {
            <Card title="Your request">
                <Blocked reason icon=Icon::Release>"Ask for a release"</Blocked>
            </Card>
        }
        .into_any()
    };
    if !version.can_work {
        return blocked(
            "This takes the role engineer; an administrator can give it to you.",
            None,
        );
    }
    if version.evaluations.is_empty() {
        return blocked(
            "This version has no evaluation yet, so there is nothing to judge.",
            Some((format!("{href}/evaluate"), "Evaluate it first")),
        );
    }
    if version.environments.is_empty() {
        return blocked(
            "No environment is set up.",
            Some(("/environments".to_owned(), "See the environments")),
        );
    }
    open_form(version)
}

fn open_form(version: &Version) -> AnyView {
    let action = ServerAction::<RequestRelease>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let kept = Kept::here();
    let summary = refusal(problem.as_ref());
    let options = version
        .environments
        .iter()
        .map(|name| (name.to_string(), name.to_string()))
        .collect();
    let environment_error = words::wrong(problem.as_ref(), "environment");
    let reason_error = words::wrong(problem.as_ref(), "reason");
    let reason = kept.value_or("reason", version.manifest.changes.clone());
    let (model, number) = (version.model.to_string(), version.number.to_string());
    view! {
        <ActionForm action>
            <Card title="Your request" footer="Gates run at once. Reviewers and managers then see it in their inbox.">
                {summary}
                <input type="hidden" name="model" value=model/>
                <input type="hidden" name="number" value=number/>
                <Select
                    name="environment"
                    label="Environment"
                    options
                    value=kept.value("environment")
                    blank="Choose where it is to run"
                    required=true
                    error=environment_error
                />
                <TextArea
                    name="reason"
                    label="What changed, and why it should run there"
                    value=reason
                    hint="The first thing that reviewers and managers read. One or two sentences."
                    required=true
                    rows=4
                    max_length=4000
                    error=reason_error
                />
                <Actions>
                    <Button kind=button::Kind::Primary icon=Icon::Release>"Ask for the release"</Button>
                </Actions>
            </Card>
        </ActionForm>
    }
    .into_any()
}
