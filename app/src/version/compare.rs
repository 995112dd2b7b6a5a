//! A version against the last approved one: what was measured, and what it is made from.
use super::provenance::{personal, resources, written};
use crate::{
    evaluation::{changes_table, worse_than},
    ui::{Cell, Column, Digest, Panel, RowHead, Section, Table},
};
use domain::{manifest::Manifest, view::version::Version};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The summary as a table of measures, worst first.
pub fn measures(number: i32, version: &Version) -> AnyView {
    let changes = &version.regressions;
    let note = if changes.is_empty() {
        format!("Nothing to compare: this version or {number} has not been evaluated.")
    } else {
        worse_than(changes, &format!("version {number}"))
    };
    let table = (!changes.is_empty()).then(|| {
        changes_table(
            changes,
            format!("{number}, approved"),
            format!("{}, this", version.number),
        )
    });
    view! {
        <Section title="Summary" note id="summary">
            {table}
        </Section>
    }
    .into_any()
}

/// One part of a manifest on both sides, as words, and whether they are a digest.
struct Line {
    name: String,
    before: Option<String>,
    now: Option<String>,
    digest: bool,
}

impl Line {
    fn of(name: &str, before: Option<String>, now: Option<String>) -> Self {
        let digest = name.ends_with("digest");
        Self {
            name: name.to_owned(),
            before,
            now,
            digest,
        }
    }
}

/// The parts that differ, side by side.
pub fn provenance(number: i32, before: &Manifest, this: i32, now: &Manifest) -> AnyView {
    let lines = lines(before, now);
    let all = lines.len();
    let changed: Vec<_> = lines.into_iter().filter(|line| line.before != line.now).collect();
    let note = match changed.len() {
        0 => "Made from the same as before.".to_owned(),
        1 => format!("One of {all} parts changed."),
        changed => format!("{changed} of {all} parts changed."),
    };
    let labels = (format!("{number}, approved"), format!("{this}, this"));
    let table = (!changed.is_empty()).then(|| table(changed, labels));
    view! {
        <Section title="Provenance" note id="provenance">
            {table}
        </Section>
    }
    .into_any()
}

fn table(lines: Vec<Line>, (before, now): (String, String)) -> AnyView {
    let columns = vec![
        Column::new("Part"),
        Column::new(before.clone()),
        Column::new(now.clone()),
    ];
    let rows = lines
        .into_iter()
        .map(|line| {
            let (was, is) = (side(line.before, line.digest), side(line.now, line.digest));
            let (before, now) = (before.clone(), now.clone());
            view! {
                <tr>
                    <RowHead>{line.name}</RowHead>
                    <Cell label=before><span class="faint">{was}</span></Cell>
                    <Cell label=now>{is}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Panel>
            <Table label="What it is made from, before and now" columns>
                {rows}
            </Table>
        </Panel>
    }
    .into_any()
}

fn side(value: Option<String>, digest: bool) -> AnyView {
    match value {
        None => view! { <span class="faint">"Not there"</span> }.into_any(),
        Some(value) if digest => view! { <Digest value/> }.into_any(),
        Some(value) => value.into_any(),
    }
}

/// Every part of either manifest but the card, in the order of the manifest.
fn lines(before: &Manifest, now: &Manifest) -> Vec<Line> {
    let part = |name: &str, read: fn(&Manifest) -> Option<String>| Line::of(name, read(before), read(now));
    let mut lines = vec![
        part("Artifact", |m| Some(m.artifact.uri.clone())),
        part("Artifact digest", |m| Some(m.artifact.sha256.clone())),
        part("Framework", |m| {
            Some(format!("{} {}", m.framework.name, m.framework.version))
        }),
        part("Code", |m| Some(m.code.repository.clone())),
        part("Commit", |m| Some(m.code.commit.clone())),
        part("Image", |m| m.image.clone()),
        part("Environment lock", |m| {
            m.environment_lock.as_ref().map(|lock| lock.name.clone())
        }),
        part("Environment lock digest", |m| {
            m.environment_lock.as_ref().map(|lock| lock.sha256.clone())
        }),
        part("Signature", |m| m.signature.as_ref().map(ToString::to_string)),
        part("Resources", |m| Some(resources(m))),
    ];
    lines.extend(datasets(before, now));
    let names: BTreeSet<_> = before.parameters.keys().chain(now.parameters.keys()).collect();
    lines.extend(names.into_iter().map(|name| {
        let value = |manifest: &Manifest| manifest.parameters.get(name).map(written);
        Line::of(&format!("Parameter {name}"), value(before), value(now))
    }));
    lines
}

/// Data sets by name; one replaced by another of a new name stands as gone and as come.
fn datasets(before: &Manifest, now: &Manifest) -> Vec<Line> {
    let names: BTreeSet<_> = before
        .datasets
        .iter()
        .chain(&now.datasets)
        .map(|data| data.name.as_str())
        .collect();
    let lines = names.into_iter().flat_map(|name| {
        let find = |manifest: &Manifest| manifest.datasets.iter().find(|data| data.name == name).cloned();
        let (was, is) = (find(before), find(now));
        let words = |data: &domain::manifest::Dataset| {
            format!(
                "{}, from {}, {}. {}",
                data.version,
                data.source,
                data.legal_basis,
                personal(data)
            )
        };
        let digest = |data: &domain::manifest::Dataset| data.sha256.clone();
        [
            Line::of(
                &format!("Data set {name}"),
                was.as_ref().map(words),
                is.as_ref().map(words),
            ),
            Line::of(
                &format!("Data set {name}, digest"),
                was.as_ref().map(digest),
                is.as_ref().map(digest),
            ),
        ]
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(data: &str, rate: f64) -> Manifest {
        let json = serde_json::json!({
            "artifact": { "uri": "file:///m", "sha256": "a".repeat(64) },
            "framework": { "name": "scikit-learn", "version": "1.7" },
            "code": { "repository": "https://example.org/r.git", "commit": "b".repeat(40) },
            "datasets": [{ "name": data, "version": "1", "sha256": "c".repeat(64), "source": "s", "legal_basis": "contract" }],
            "parameters": { "rate": rate },
            "card": "For deciding.",
        });
        Manifest::parse(json.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn only_what_differs_differs() {
        let changed = |before: &Manifest, now: &Manifest| {
            lines(before, now)
                .into_iter()
                .filter(|line| line.before != line.now)
                .map(|line| line.name)
                .collect::<Vec<_>>()
        };
        let old = manifest("june", 0.1);
        assert_eq!(changed(&old, &old), Vec::<String>::new());
        assert_eq!(changed(&old, &manifest("june", 0.2)), ["Parameter rate"]);
        assert_eq!(changed(&old, &manifest("july", 0.1)).len(), 4);
    }
}
