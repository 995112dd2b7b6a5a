//! Where a version comes from: artifact, code, data, environment; and how to check its digest by hand.
use crate::ui::{
    ButtonLink, CodeBlock, Digest, Disclosure, FullDigest, Icon, Manifest as Lines, Panel, Part, Section,
    Size, pretty,
};
use domain::{
    manifest::{Dataset, Manifest},
    view::version::Version,
};
use leptos::prelude::*;
use serde_json::Value;

/// Everything that the digest covers, but the card.
pub fn section(version: &Version) -> AnyView {
    let manifest = &version.manifest;
    let lines = lines(manifest);
    let data = manifest.datasets.iter().map(dataset).collect_view();
    view! {
        <Section title="Provenance" note="What the digest covers. None of it can change." id="provenance">
            <Panel title="Made from" heading=crate::ui::Heading::Three>
                <Lines>{lines}</Lines>
            </Panel>
            <Panel title="Trained on" heading=crate::ui::Heading::Three>
                <Lines>{data}</Lines>
            </Panel>
        </Section>
    }
    .into_any()
}

fn lines(manifest: &Manifest) -> Vec<AnyView> {
    let artifact = manifest.artifact.clone();
    let uri = if artifact.uri.is_empty() {
        "Nothing to serve".to_owned()
    } else {
        artifact.uri
    };
    let framework = format!("{} {}", manifest.framework.name, manifest.framework.version);
    let code = manifest.code.clone();
    let mut lines = vec![
        view! { <Part name="Artifact">{uri} " " <Digest value=artifact.sha256 linked=true/></Part> }
            .into_any(),
        view! { <Part name="Framework">{framework}</Part> }.into_any(),
        view! { <Part name="Code">{code.repository} " at " <code>{code.commit}</code></Part> }.into_any(),
    ];
    if let Some(image) = manifest.image.clone() {
        lines.push(view! { <Part name="Image"><code>{image}</code></Part> }.into_any());
    }
    if let Some(lock) = manifest.environment_lock.clone() {
        lines.push(
            view! { <Part name="Environment lock">{lock.name} " " <Digest value=lock.sha256 linked=true/></Part> }
                .into_any(),
        );
    }
    if !manifest.parameters.is_empty() {
        let parameters = manifest
            .parameters
            .iter()
            .map(|(name, value)| format!("{name} = {}", written(value)))
            .collect::<Vec<_>>()
            .join("\n");
        lines.push(
            view! { <Part name="Parameters"><CodeBlock label="Parameters" code=parameters/></Part> }
                .into_any(),
        );
    }
    if let Some(signature) = &manifest.signature {
        let code = pretty(signature);
        lines.push(
            view! {
                <Part name="Signature" note="What it takes and gives">
                    <Disclosure summary="Inputs and outputs as JSON">
                        <CodeBlock label="Signature" code/>
                    </Disclosure>
                </Part>
            }
            .into_any(),
        );
    }
    let needs = resources(manifest);
    lines.push(view! { <Part name="Resources">{needs}</Part> }.into_any());
    lines
}

/// "2 cores, 1 024 MiB, no graphics processor".
pub fn resources(manifest: &Manifest) -> String {
    match &manifest.resources {
        None => "Not said".to_owned(),
        Some(needs) => {
            let gpu = match needs.gpu {
                0 => "no graphics processor".to_owned(),
                1 => "one graphics processor".to_owned(),
                many => format!("{many} graphics processors"),
            };
            let memory = crate::ui::number::thousands(u64::from(needs.memory_mib));
            let cores = if (needs.cpu - 1.0).abs() < f64::EPSILON {
                "core"
            } else {
                "cores"
            };
            format!("{} {cores}, {memory} MiB, {gpu}", needs.cpu)
        }
    }
}

/// A parameter's value as its author would write it.
pub fn written(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn dataset(data: &Dataset) -> AnyView {
    let name = format!("{} {}", data.name, data.version);
    let (source, basis, digest) = (data.source.clone(), data.legal_basis.clone(), data.sha256.clone());
    let personal = personal(data);
    view! {
        <Part name note=basis>
            <p>{source}</p>
            <p class="small muted">{personal}</p>
            <Digest value=digest linked=true/>
        </Part>
    }
    .into_any()
}

/// Which personal data it holds, in words.
pub fn personal(data: &Dataset) -> String {
    if data.personal_data.is_empty() {
        "No personal data named".to_owned()
    } else {
        format!("Personal data: {}", data.personal_data.join(", "))
    }
}

/// The download and the two lines with which anyone can recompute the digest.
pub fn check(version: &Version) -> AnyView {
    let file = format!("{}-{}-manifest.json", version.model, version.number);
    let href = format!(
        "/models/{}/versions/{}/manifest.json",
        version.model, version.number
    );
    let digest = version.digest.clone();
    let command = format!("echo \"{digest}  {file}\" | sha256sum --check");
    view! {
        <Panel title="Check it yourself" heading=crate::ui::Heading::Three>
            <div class="body">
                <p class="small muted">
                    "The digest is the SHA-256 of the manifest as canonical JSON (RFC 8785). Download the file, and let your
                    own machine say whether it is this one; it answers OK."
                </p>
                <FullDigest value=digest/>
                <CodeBlock label="Command that checks the digest" code=command/>
                <div class="row">
                    <ButtonLink href icon=Icon::Download size=Size::Small download=file>
                        "manifest.json"
                    </ButtonLink>
                </div>
            </div>
        </Panel>
    }
    .into_any()
}
