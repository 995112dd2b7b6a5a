//! Adding evidence: a statement, with a file or without; frozen and digested once it is in.
use super::read_version;
use crate::{
    kept::Kept,
    page::{page, refusal},
    release::words::wrong,
    ui::{
        Actions, Breadcrumb, Button, ButtonLink, Card, Columns, EmptyState, Field, Fieldset, FileField,
        FullWidth, Icon, KeptNote, PageHead, Select, Stack, TextArea, button::Kind,
    },
};
use domain::view::version::Version;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::collections::BTreeMap;

/// Kinds that people add without being asked.
const KINDS: [&str; 6] = [
    "data-protection-assessment",
    "impact-assessment",
    "legal-opinion",
    "security-test",
    "user-study",
    "other",
];

#[component]
pub fn EvidencePage() -> impl IntoView {
    let params = use_params_map().get_untracked();
    let part = |name: &str| params.get(name).unwrap_or_default();
    page(
        read_version(part("model"), part("number")),
        |version| format!("Add evidence to {} {}", version.model, version.number),
        |version| show(&version),
    )
}

fn show(version: &Version) -> impl IntoView + use<> {
    let page = format!("/models/{}/versions/{}", version.model, version.number);
    let trail = vec![
        ("Models".to_owned(), "/models".to_owned()),
        (version.model.to_string(), format!("/models/{}", version.model)),
        (format!("Version {}", version.number), page.clone()),
    ];
    let title = format!("Add evidence to {} {}", version.model, version.number);
    let content = if version.can_work {
        form(&page, kinds(version))
    } else {
        let action = view! { <ButtonLink href=page>"Back to the version"</ButtonLink> };
        view! {
            <EmptyState title="Engineers add evidence" action>
                "You don't hold that role; an administrator can give it to you."
            </EmptyState>
        }
        .into_any()
    };
    view! {
        <Stack>
            <Breadcrumb trail here="Add evidence"/>
            <PageHead
                title
                lead="A file or statement that a decision stands on. It can't be changed later, and open releases of this version are judged anew: their signatures are voided, visibly."
            />
            {content}
        </Stack>
    }
}

/// The kinds to choose from, as (value, words): what the policy waits for, what is there, what is usual.
fn kinds(version: &Version) -> Vec<(String, String)> {
    let mut kinds: BTreeMap<String, String> = KINDS
        .into_iter()
        .map(str::to_owned)
        .chain(version.evidence.iter().map(|evidence| evidence.kind.clone()))
        .map(|kind| (kind.clone(), crate::model::capital(&kind.replace('-', " "))))
        .collect();
    for (kind, met) in required(version) {
        let words = crate::model::capital(&kind.replace('-', " "));
        let words = if met {
            words
        } else {
            format!("{words}: the policy waits for it")
        };
        kinds.insert(kind, words);
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    let missing = |kind: &str| required(version).any(|(of, met)| of == kind && !met);
    kinds.sort_by_key(|(kind, _)| (!missing(kind), kind == "other"));
    kinds
}

/// What the policy asks for, and whether it is there.
fn required(version: &Version) -> impl Iterator<Item = (String, bool)> {
    version.readiness.iter().filter_map(|rule| {
        let kind = rule.title.strip_prefix("Evidence: ")?;
        Some((kind.replace(' ', "-"), rule.state.is_met()))
    })
}

fn form(page: &str, kinds: Vec<(String, String)>) -> AnyView {
    let kept = Kept::here();
    let summary = refusal(kept.problem.as_ref());
    let error = |field: &str| wrong(kept.problem.as_ref(), field);
    let (kind_error, expires_on_error) = (error("kind"), error("expires_on"));
    let (title_error, text_error, file_error) = (error("title"), error("text"), error("file"));
    let first = kinds.first().map(|(kind, _)| kind.clone()).unwrap_or_default();
    let kind = kept.value_or("kind", first);
    let (title, text, expires_on) = (kept.value("title"), kept.value("text"), kept.value("expires_on"));
    let resumed = !kept.is_empty();
    let action = format!("{page}/evidence");
    let back = page.to_owned();
    view! {
        <Card>
            <form class="stack" method="post" enctype="multipart/form-data" action=action>
                {summary}
                {resumed
                    .then(|| {
                        view! {
                            <KeptNote>"What you wrote is still in the form; a file has to be chosen again."</KeptNote>
                        }
                    })}
                <Fieldset legend="What it is" columns=Columns::Two>
                    <Select name="kind" label="Kind" options=kinds value=kind error=kind_error required=true/>
                    <Field
                        name="expires_on"
                        label="Good until"
                        kind="date"
                        value=expires_on
                        error=expires_on_error
                        hint="The last day on which it counts; empty where it does not expire."
                    />
                    <FullWidth>
                        <Field
                            name="title"
                            label="Title"
                            value=title
                            error=title_error
                            required=true
                            max_length=200
                            hint="As reviewers will see it, such as “Impact assessment, consumer loans, autumn 2026”."
                        />
                        <TextArea
                            name="text"
                            label="Statement"
                            value=text
                            error=text_error
                            rows=5
                            max_length=20_000
                            hint="What it says, or where in the file to look."
                        />
                        <FileField name="file" label="File" error=file_error hint="Kept as it is, under its SHA-256."/>
                    </FullWidth>
                </Fieldset>
                <Actions>
                    <Button kind=Kind::Primary icon=Icon::Plus>
                        "Add the evidence"
                    </Button>
                    <ButtonLink href=back kind=Kind::Quiet>
                        "Cancel"
                    </ButtonLink>
                </Actions>
            </form>
        </Card>
    }
    .into_any()
}
