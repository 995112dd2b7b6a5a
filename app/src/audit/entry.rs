//! One entry: its sentence, and behind it what changed, where it belongs and where it is sealed.
use crate::ui::{
    AuditEntry, Badge, BeforeAfter, ButtonLink, CodeBlock, Fact, Facts, FullDigest, Object, Stamp, Tone,
    button::Size, number::thousands, pretty, time,
};
use crate::verify::CheckEntry;
use chrono::{DateTime, Utc};
use domain::view::audit::Entry;
use leptos::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;

/// The entry as a row that opens.
pub fn row(entry: Entry, key: &str) -> AnyView {
    let sentence = sentence(&entry);
    let (at, actor, serial) = (
        entry.at,
        entry.actor_name.clone(),
        u64::try_from(entry.seq).unwrap_or_default(),
    );
    let body = body(entry, key);
    view! { <AuditEntry at actor sentence serial>{body}</AuditEntry> }.into_any()
}

fn sentence(entry: &Entry) -> AnyView {
    let name = entry.actor_name.clone();
    let refused = entry
        .refused
        .then(|| view! { " " <Badge tone=Tone::Danger>"Refused"</Badge> });
    let (before, object, after) = parted(&entry.sentence, entry.model.as_deref());
    let object = (!object.is_empty()).then(|| view! { <Object>{object}</Object> });
    view! { <b>{name}</b> " " {before} {object} {after} {refused} {unsealed(entry)} }.into_any()
}

/// The mark of an entry that no checkpoint speaks of yet: until then nothing but the database vouches for it.
pub fn unsealed(entry: &Entry) -> Option<AnyView> {
    let mark = || view! { " " <Badge tone=Tone::Wait>"Not yet sealed"</Badge> };
    entry.index.is_none().then(|| mark().into_any())
}

/// The sentence around the model that it names, with the version's number where one follows.
fn parted(sentence: &str, model: Option<&str>) -> (String, String, String) {
    let whole = || (sentence.to_owned(), String::new(), String::new());
    let Some((before, rest)) = model.and_then(|model| sentence.split_once(model)) else {
        return whole();
    };
    let name = &sentence[before.len()..sentence.len() - rest.len()];
    let number = rest
        .strip_prefix(' ')
        .map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    let number = if number > 0 { &rest[..=number] } else { "" };
    (
        before.to_owned(),
        format!("{name}{number}"),
        rest[number.len()..].to_owned(),
    )
}

fn body(entry: Entry, key: &str) -> AnyView {
    let changes = changes(&entry.before, &entry.after);
    let changes = (!changes.is_empty()).then(|| {
        let facts = changes.into_iter().map(Change::view).collect_view();
        view! { <Facts>{facts}</Facts> }
    });
    let links = links(&entry);
    let links = (!links.is_empty()).then(|| {
        let links = links
            .into_iter()
            .map(|(href, words)| view! { <ButtonLink href size=Size::Small>{words}</ButtonLink> })
            .collect_view();
        view! { <div class="row">{links}</div> }
    });
    let (seq, key) = (entry.seq, key.to_owned());
    let check = entry.index.is_some().then(|| view! { <CheckEntry seq key/> });
    let place = match entry.index {
        Some(index) => format!(
            "Leaf {} of the tree",
            thousands(u64::try_from(index).unwrap_or_default())
        ),
        None => "Not yet sealed; the next checkpoint takes it in".to_owned(),
    };
    view! {
        {changes}
        {links}
        <Facts>
            <Fact name="At"><Stamp at=entry.at/></Fact>
            <Fact name="Kind"><code>{entry.action}</code></Fact>
            <Fact name="About">{words(&entry.subject_kind)} " " <code>{entry.subject_id}</code></Fact>
            <Fact name="Sealed">{place}</Fact>
            <Fact name="Leaf hash"><FullDigest value=entry.leaf_hash/></Fact>
        </Facts>
        {check}
    }
    .into_any()
}

/// One field as it was and as it is; an entry that only tells has no before.
#[derive(Debug, PartialEq)]
struct Change {
    field: String,
    /// None where the entry tells nothing of before.
    before: Option<Value>,
    after: Value,
}

impl Change {
    fn view(self) -> AnyView {
        let Self { field, before, after } = self;
        let shown = match before {
            Some(before) => view! { <BeforeAfter before=text(&before) after=text(&after)/> }.into_any(),
            None => told(&after),
        };
        view! { <Fact name=words(&field)>{shown}</Fact> }.into_any()
    }
}

/// What differs, by field.
fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let fields = [before, after]
        .into_iter()
        .filter_map(Value::as_object)
        .flat_map(|fields| fields.keys().cloned());
    let names: BTreeSet<String> = fields.collect();
    let change = |field: String, was: &Value, is: &Value| {
        let before = (!before.is_null()).then(|| was.clone());
        let tells = if before.is_some() {
            was != is
        } else {
            !is_empty(is)
        };
        tells.then(|| Change {
            field,
            before,
            after: is.clone(),
        })
    };
    if names.is_empty() && !(before.is_object() || after.is_object()) {
        return change("value".to_owned(), before, after).into_iter().collect();
    }
    names
        .into_iter()
        .filter_map(|name| change(name.clone(), &before[&name], &after[&name]))
        .collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

/// A value in words; none where there is nothing.
fn text(value: &Value) -> Option<String> {
    match value {
        value if is_empty(value) => None,
        Value::String(text) => Some(instant(text).map_or_else(|| text.clone(), time::stamp)),
        Value::Array(list) if list.iter().all(|item| !item.is_array() && !item.is_object()) => {
            Some(list.iter().filter_map(text).collect::<Vec<_>>().join(", "))
        }
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        Value::Array(_) | Value::Object(_) => Some(pretty(value)),
        other => Some(other.to_string()),
    }
}

/// A time to the second, as events write it.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let is_whole = text.len() >= 20 && text.as_bytes().get(10) == Some(&b'T');
    is_whole.then(|| text.parse().ok()).flatten()
}

fn told(value: &Value) -> AnyView {
    let is_digest = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text(value) {
        Some(text) if is_digest(&text) => view! { <FullDigest value=text/> }.into_any(),
        Some(text) if text.contains('\n') && !value.is_string() => {
            view! { <CodeBlock label="Value as JSON" code=text/> }.into_any()
        }
        Some(text) => view! { {text} }.into_any(),
        None => view! { "(nothing)" }.into_any(),
    }
}

/// "version_digest" as "Version digest".
fn words(name: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &letters.as_str().replace('_', " ")
}

/// The records the entry is about, as (address, words).
fn links(entry: &Entry) -> Vec<(String, String)> {
    let id = &entry.subject_id;
    let mut links = Vec::new();
    if let Some(release) = entry.release {
        links.push((format!("/releases/{release}"), format!("Release {release}")));
    }
    let subject = match entry.subject_kind.as_str() {
        "version" => id.split_once('/').map(|(model, number)| {
            (
                format!("/models/{model}/versions/{number}"),
                format!("{model} {number}"),
            )
        }),
        "evaluation" => Some((format!("/evaluations/{id}"), format!("Report {id}"))),
        "review" => Some((format!("/reviews/{id}"), format!("Review {id}"))),
        "deployment" => Some((format!("/deployments/{id}"), format!("Deployment {id}"))),
        "policy" => Some((format!("/policies#policy-{id}"), "Policy".to_owned())),
        "template" => Some((format!("/templates#template-{id}"), "Template".to_owned())),
        "environment" => Some(("/environments".to_owned(), "Environments".to_owned())),
        "person" => Some((format!("/people#person-{id}"), "Person".to_owned())),
        _ => None,
    };
    links.extend(subject);
    if let Some(model) = &entry.model {
        links.push((format!("/models/{model}"), model.clone()));
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_object_of_a_sentence_is_found() {
        let (before, object, after) = parted("deployed credit-risk 14 for production", Some("credit-risk"));
        assert_eq!(
            (before.as_str(), object.as_str(), after.as_str()),
            ("deployed ", "credit-risk 14", " for production")
        );
        let (before, object, after) = parted("registered credit-risk", Some("credit-risk"));
        assert_eq!(
            (before.as_str(), object.as_str(), after.as_str()),
            ("registered ", "credit-risk", "")
        );
        assert_eq!(parted("signed in", None).0, "signed in");
        assert_eq!(parted("signed in", Some("credit-risk")).0, "signed in");
    }

    #[test]
    fn only_what_differs_is_shown() {
        let found = changes(
            &json!({ "active": true, "name": "Ada" }),
            &json!({ "active": false, "name": "Ada" }),
        );
        assert_eq!(
            found,
            [Change {
                field: "active".into(),
                before: Some(json!(true)),
                after: json!(false)
            }]
        );
        let came = changes(&json!({}), &json!({ "tier": "high" }));
        assert_eq!(
            came,
            [Change {
                field: "tier".into(),
                before: Some(Value::Null),
                after: json!("high")
            }]
        );
    }

    #[test]
    fn what_is_only_told_leaves_out_what_is_empty() {
        let found = changes(
            &Value::Null,
            &json!({ "reason": "", "roles": ["manager", "auditor"], "note": null }),
        );
        let shown: Vec<_> = found
            .iter()
            .map(|change| (change.field.as_str(), text(&change.after)))
            .collect();
        assert_eq!(shown, [("roles", Some("manager, auditor".to_owned()))]);
        assert!(changes(&Value::Null, &Value::Null).is_empty());
        assert_eq!(
            text(&json!("2026-11-23T04:30:25.931461Z")).as_deref(),
            Some("23 November 2026, 04:30:25 UTC")
        );
        assert_eq!(text(&json!("2026-11-23")).as_deref(), Some("2026-11-23"));
        assert_eq!(words("version_digest"), "Version digest");
    }
}
