//! The whole manifest as a form: every field has its path in the manifest as its id, so that errors lead to it.
use super::{
    draft::{Draft, DraftDataset},
    register::RegisterVersion,
};
use crate::{
    kept::Kept,
    problem::Problem,
    ui::{
        Actions, Button, ButtonLink, Card, Columns, Disclosure, ErrorSummary, Field, Fieldset, FullWidth,
        Icon, KeptNote, Status, TextArea, Tone, button::Kind,
    },
};
use leptos::prelude::*;

/// How many data sets the form has room for, at least.
const DATASETS: usize = 4;

/// What a field of the form is made of: its path in the manifest is its id, so that errors lead to it.
struct Entry<'a> {
    problem: Option<&'a Problem>,
}

impl Entry<'_> {
    fn error(&self, path: &str) -> Option<String> {
        self.problem.and_then(|problem| problem.of(path))
    }

    fn field(
        &self,
        path: &str,
        name: &str,
        label: &'static str,
        value: &str,
        required: bool,
        hint: Option<&str>,
    ) -> AnyView {
        let (id, error) = (path.to_owned(), self.error(path));
        // Deeper names come as "datasets][0][source": brackets are how a form says what is in what.
        let (name, value) = (format!("draft[{name}]"), value.to_owned());
        let hint = hint.map(str::to_owned);
        view! { <Field id name label value error required hint autocomplete="off"/> }.into_any()
    }

    fn digest(&self, path: &str, name: &str, value: &str, required: bool) -> AnyView {
        let hint = "64 hexadecimal digits, as sha256sum prints them.";
        self.field(path, name, "SHA-256", value, required, Some(hint))
    }

    fn area(
        &self,
        path: &str,
        name: &str,
        label: &'static str,
        value: &str,
        hint: &'static str,
        rows: u32,
    ) -> AnyView {
        let (id, error) = (path.to_owned(), self.error(path));
        let (name, value) = (format!("draft[{name}]"), value.to_owned());
        let required = path == "card";
        let code = path != "card";
        view! { <TextArea id name label value error hint rows required code/> }.into_any()
    }
}

/// The form, filled in with what is known.
pub fn structured(
    model: &str,
    draft: &Draft,
    kept: &Kept,
    problem: Option<&Problem>,
    action: ServerAction<RegisterVersion>,
) -> AnyView {
    // Several fields are called SHA-256: the path says which is meant.
    let errors: Vec<_> = problem
        .map(Problem::fields)
        .unwrap_or_default()
        .into_iter()
        .map(|(path, words)| (path.clone(), format!("{path}: {words}")))
        .collect();
    let general = problem.filter(|_| errors.is_empty()).map(Problem::sentence);
    let resumed = !kept.is_empty() && !kept.fields.contains_key("manifest");
    let entry = Entry { problem };
    let back = format!("/models/{model}");
    let model = model.to_owned();
    let parts = [
        about(&entry, draft),
        artifact(&entry, draft),
        made(&entry, draft),
        data(&entry, draft),
        runs(&entry, draft),
    ];
    view! {
        <Card title="The manifest">
            <ActionForm action attr:class="stack">
                <ErrorSummary errors general/>
                {resumed.then(|| view! { <KeptNote>"What you wrote is still in the form."</KeptNote> })}
                <input type="hidden" name="model" value=model/>
                {parts.collect_view()}
                <Actions>
                    <Button kind=Kind::Primary icon=Icon::Plus>
                        "Register the version"
                    </Button>
                    <ButtonLink href=back kind=Kind::Quiet>
                        "Cancel"
                    </ButtonLink>
                </Actions>
            </ActionForm>
        </Card>
    }
    .into_any()
}

fn about(entry: &Entry<'_>, draft: &Draft) -> AnyView {
    let hint = "One sentence: it is the first thing reviewers read.";
    let changes = entry.field(
        "changes",
        "changes",
        "What changed since the version before",
        &draft.changes,
        false,
        Some(hint),
    );
    let hint = "What it is for, how it was made, its limits. Lines that begin with # are headings; blank lines part paragraphs.";
    let card = entry.area("card", "card", "Model card", &draft.card, hint, 10);
    view! {
        <Fieldset legend="What it is" columns=Columns::Two>
            <FullWidth>{changes} {card}</FullWidth>
        </Fieldset>
    }
    .into_any()
}

fn artifact(entry: &Entry<'_>, draft: &Draft) -> AnyView {
    let hint = "Such as artifact:german-credit-2/model.joblib, file://… or s3://…; empty where there is nothing to serve.";
    let uri = entry.field(
        "artifact.uri",
        "artifact_uri",
        "Address",
        &draft.artifact_uri,
        false,
        Some(hint),
    );
    let digest = entry.digest("artifact.sha256", "artifact_sha256", &draft.artifact_sha256, true);
    view! {
        <Fieldset
            legend="Artifact"
            note="The file that is served. Its digest is what a permit lets in, and no other."
            columns=Columns::Two
        >
            {uri}
            {digest}
        </Fieldset>
    }
    .into_any()
}

fn made(entry: &Entry<'_>, draft: &Draft) -> AnyView {
    let fields = [
        entry.field(
            "framework.name",
            "framework_name",
            "Framework",
            &draft.framework_name,
            true,
            None,
        ),
        entry.field(
            "framework.version",
            "framework_version",
            "Framework's version",
            &draft.framework_version,
            true,
            None,
        ),
        entry.field(
            "code.repository",
            "code_repository",
            "Repository",
            &draft.code_repository,
            true,
            None,
        ),
        entry.field(
            "code.commit",
            "code_commit",
            "Commit",
            &draft.code_commit,
            true,
            Some("The full commit: 40 or 64 digits."),
        ),
        entry.field(
            "environment_lock.name",
            "lock_name",
            "Environment lock",
            &draft.lock_name,
            false,
            Some("Such as requirements.txt."),
        ),
        entry.digest(
            "environment_lock.sha256",
            "lock_sha256",
            &draft.lock_sha256,
            false,
        ),
    ];
    let hint = "One a line, as name = value. Numbers, true and false are read as such.";
    let parameters = entry.area(
        "parameters",
        "parameters",
        "Parameters",
        &draft.parameters,
        hint,
        5,
    );
    let hint = "What it takes and gives, as JSON.";
    let signature = entry.area("signature", "signature", "Signature", &draft.signature, hint, 4);
    view! {
        <Fieldset legend="How it was made" columns=Columns::Two>
            {fields.collect_view()}
            <FullWidth>{parameters} {signature}</FullWidth>
        </Fieldset>
    }
    .into_any()
}

fn data(entry: &Entry<'_>, draft: &Draft) -> AnyView {
    let missing = entry.error("datasets");
    let count = draft.datasets.len().max(DATASETS);
    let sets = (0..count)
        .map(|at| {
            let data = draft.datasets.get(at).cloned().unwrap_or_default();
            dataset(entry, at, &data)
        })
        .collect_view();
    view! {
        <div id="datasets">
            {missing.map(|words| view! { <Status tone=Tone::Danger>{words}</Status> })}
            {sets}
        </div>
    }
    .into_any()
}

fn dataset(entry: &Entry<'_>, at: usize, data: &DraftDataset) -> AnyView {
    let field = |name: &str, label: &'static str, value: &str, hint: Option<&str>| {
        let path = format!("datasets[{at}].{name}");
        entry.field(
            &path,
            &format!("datasets][{at}][{name}"),
            label,
            value,
            at == 0,
            hint,
        )
    };
    let digest = entry.digest(
        &format!("datasets[{at}].sha256"),
        &format!("datasets][{at}][sha256"),
        &data.sha256,
        at == 0,
    );
    let basis = "Such as contract, Art. 6(1)(b) GDPR; or “no personal data”.";
    let personal = "Categories with commas between them, such as age, sex.";
    let fields = [
        field("name", "Name", &data.name, None),
        field("version", "Version", &data.version, None),
        field("source", "Source", &data.source, Some("Where it comes from.")),
        digest,
        field("legal_basis", "Legal basis", &data.legal_basis, Some(basis)),
        entry.field(
            &format!("datasets[{at}].personal_data"),
            &format!("datasets][{at}][personal_data"),
            "Personal data",
            &data.personal_data,
            false,
            Some(personal),
        ),
    ];
    let fields = fields.collect_view();
    if at == 0 {
        return view! {
            <Fieldset
                legend="Training data"
                note="Every set the version was trained on, and by what right."
                columns=Columns::Two
            >
                {fields}
            </Fieldset>
        }
        .into_any();
    }
    let open = *data != DraftDataset::default();
    view! {
        <Disclosure summary=format!("Data set {}", at + 1) open>
            <Fieldset legend=format!("Training data, set {}", at + 1) columns=Columns::Two>
                {fields}
            </Fieldset>
        </Disclosure>
    }
    .into_any()
}

fn runs(entry: &Entry<'_>, draft: &Draft) -> AnyView {
    let hint = "By digest, such as registry.example/credit@sha256:…";
    let image = entry.field("image", "image", "Image", &draft.image, false, Some(hint));
    let fields = [
        entry.field("resources.cpu", "cpu", "Processor cores", &draft.cpu, false, None),
        entry.field(
            "resources.memory_mib",
            "memory_mib",
            "Memory, MiB",
            &draft.memory_mib,
            false,
            None,
        ),
        entry.field(
            "resources.gpu",
            "gpu",
            "Graphics processors",
            &draft.gpu,
            false,
            None,
        ),
    ];
    let error = entry.error("resources");
    view! {
        <Fieldset legend="What it needs to run" columns=Columns::Three>
            {fields.collect_view()}
            <FullWidth>
                <div id="resources">
                    {error
                        .map(|words| {
                            view! { <Status tone=Tone::Danger>{words}</Status> }
                        })}
                </div>
                {image}
            </FullWidth>
        </Fieldset>
    }
    .into_any()
}
