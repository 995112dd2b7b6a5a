//! The exact set of digests that a release stands on, and what was done under it.
use crate::{
    page::now,
    ui::{Cell, Column, FullDigest, Panel, RowHead, Section, Slot, Status, Table, Tone, When},
};
use domain::{
    deployment::{Kind, State},
    view::{deployment::Row as Deployment, release::Release},
};
use leptos::prelude::*;

pub fn section(release: &Release) -> AnyView {
    let dossier = &release.dossier;
    let version = format!("/models/{}/versions/{}", dossier.model, dossier.version);
    let mut parts = vec![part(
        format!("Version manifest, {} {}", dossier.model, dossier.version),
        Some(version.clone()),
        None,
        &dossier.version_digest,
    )];
    for evaluation in &dossier.evaluations {
        let href = Some(format!("/evaluations/{}", evaluation.id));
        parts.push(part(
            format!("Report of evaluation {}", evaluation.id),
            href,
            None,
            &evaluation.report_digest,
        ));
        parts.push(part(
            format!("Predictions of evaluation {}", evaluation.id),
            None,
            None,
            &evaluation.file_digest,
        ));
    }
    for evidence in &dossier.evidence {
        let expires = evidence
            .expires_on
            .map(|day| format!(", good until {}", day.format("%-d %B %Y")));
        let note = format!(
            "{}{}",
            evidence.kind.replace('-', " "),
            expires.unwrap_or_default()
        );
        parts.push(part(
            evidence.title.clone(),
            Some(format!("{version}#evidence")),
            Some(note),
            &evidence.digest,
        ));
    }
    let policy = &dossier.policy;
    let href = Some("/policies".to_owned());
    parts.push(part(
        format!("Policy, {}-risk {}", policy.tier, policy.number),
        href,
        None,
        &policy.digest,
    ));
    let columns = ["Part", "SHA-256"].into_iter().map(Column::new).collect();
    let rows = parts.collect_view();
    let whole = release.dossier_digest.clone();
    let footer = view! { "The dossier’s own digest, which people sign: " <FullDigest value=whole/> };
    view! {
        <Section title="Dossier" note="The exact files this stands on. Change one byte and the signatures no longer hold." id="dossier">
            <Panel footer>
                <Table label="Parts of the dossier" columns dense=true>{rows}</Table>
            </Panel>
        </Section>
    }
    .into_any()
}

fn part(name: String, href: Option<String>, note: Option<String>, digest: &str) -> AnyView {
    let note = note.map_or_else(Slot::default, Slot::from);
    let digest = digest.to_owned();
    view! {
        <tr>
            <RowHead href note>{name}</RowHead>
            <Cell label="SHA-256">
                <FullDigest value=digest/>
            </Cell>
        </tr>
    }
    .into_any()
}

pub fn deployments(release: &Release) -> AnyView {
    let content = if release.deployments.is_empty() {
        view! { <p class="muted">"Not deployed yet."</p> }.into_any()
    } else {
        let columns = ["Deployment", "State", "Asked", "Outcome"]
            .into_iter()
            .map(Column::new)
            .collect();
        let rows = release.deployments.iter().cloned().map(row).collect_view();
        view! {
            <Panel>
                <Table label="Deployments of this release" columns>{rows}</Table>
            </Panel>
        }
        .into_any()
    };
    view! { <Section title="Deployments" id="deployments">{content}</Section> }.into_any()
}

fn row(row: Deployment) -> AnyView {
    let now = now();
    let kind = match row.kind {
        Kind::Deploy => "Deployment",
        Kind::Rollback => "Rollback",
    };
    let tone = match row.state {
        State::Queued | State::Running => Tone::Wait,
        State::Live => Tone::Ok,
        State::Failed => Tone::Danger,
        State::Replaced => Tone::Absent,
    };
    let outcome = row
        .outcome
        .clone()
        .or(row.endpoint.clone())
        .unwrap_or_else(|| "None yet".to_owned());
    view! {
        <tr>
            <RowHead href=format!("/deployments/{}", row.id)>{format!("{kind} {}", row.id)}</RowHead>
            <Cell label="State">
                <Status tone>{row.state.words()}</Status>
            </Cell>
            <Cell label="Asked" note=row.requested_by.name.clone()>
                <When at=row.requested_at now/>
            </Cell>
            <Cell label="Outcome">{outcome}</Cell>
        </tr>
    }
    .into_any()
}
