//! What of the log is looked for. All of it stands in the address, so that a finding can be sent to someone.
use crate::ui::{Button, ButtonLink, Card, Chip, Field, Select, button::Kind};
use domain::view::audit::Filter;
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// Kinds of entries that people look for: the start of the action, and its words.
const ACTIONS: [(&str, &str); 23] = [
    ("model", "Models"),
    ("version", "Versions and evaluations"),
    ("evidence", "Evidence"),
    ("release", "Releases"),
    ("release.requested", "Releases asked for"),
    ("release.countersigned", "Countersignatures"),
    ("release.refused", "Releases refused"),
    ("release.dossier_changed", "Changed dossiers, voided signatures"),
    ("review", "Reviews"),
    ("review.decided", "Decisions of reviewers"),
    ("review.recused", "Recusals"),
    ("finding", "Findings"),
    ("deployment", "Deployments"),
    ("deployment.failed", "Failed deployments"),
    ("deployment.rollback", "Rollbacks"),
    ("policy", "Policies"),
    ("template", "Templates"),
    ("environment", "Environments"),
    ("person", "People and their roles"),
    ("session", "Coming and going"),
    ("token", "API tokens"),
    ("attempt.refused", "Refused attempts"),
    ("portal", "The portal itself"),
];

/// Questions that are asked often, as (words, action, outcome).
const OFTEN: [(&str, &str, &str); 6] = [
    ("Signatures", "release.countersigned", ""),
    ("Voided signatures", "release.dossier_changed", ""),
    ("Rollbacks", "deployment.rollback", ""),
    ("Policy changes", "policy", ""),
    ("People and roles", "person", ""),
    ("What was refused", "", "refused"),
];

/// Reads the filter from the address. Parts that are unknown are left alone.
pub fn from_address(query: &ParamsMap) -> Filter {
    let part = |name: &str| query.get(name).unwrap_or_default();
    Filter {
        person: part("person"),
        action: part("action"),
        model: part("model"),
        release: part("release"),
        outcome: part("outcome"),
        from: part("from"),
        to: part("to"),
        before: part("before"),
    }
}

/// A path with the filter behind it.
pub fn address(path: &str, filter: &Filter) -> String {
    let parts = [
        ("person", &filter.person),
        ("action", &filter.action),
        ("model", &filter.model),
        ("release", &filter.release),
        ("outcome", &filter.outcome),
        ("from", &filter.from),
        ("to", &filter.to),
        ("before", &filter.before),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={}", escaped(value.trim())))
        .collect();
    if parts.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", parts.join("&"))
    }
}

fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let letter = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(letter).collect()
}

/// What is set, each with the address without it.
fn set(filter: &Filter) -> Vec<(String, String)> {
    let base = Filter {
        before: String::new(),
        ..filter.clone()
    };
    let without = |clear: fn(&mut Filter) -> &mut String| {
        let mut rest = base.clone();
        clear(&mut rest).clear();
        address("/audit", &rest)
    };
    let action = ACTIONS
        .iter()
        .find(|(action, _)| *action == filter.action)
        .map_or(filter.action.as_str(), |(_, words)| words);
    let outcome = match filter.outcome.as_str() {
        "refused" => "Refused",
        "done" => "Done",
        other => other,
    };
    [
        (
            &filter.person,
            format!("By {}", filter.person),
            without(|filter| &mut filter.person),
        ),
        (
            &filter.action,
            action.to_owned(),
            without(|filter| &mut filter.action),
        ),
        (
            &filter.model,
            filter.model.clone(),
            without(|filter| &mut filter.model),
        ),
        (
            &filter.release,
            format!("Release {}", filter.release),
            without(|filter| &mut filter.release),
        ),
        (
            &filter.outcome,
            outcome.to_owned(),
            without(|filter| &mut filter.outcome),
        ),
        (
            &filter.from,
            format!("Since {}", filter.from),
            without(|filter| &mut filter.from),
        ),
        (
            &filter.to,
            format!("Until {}", filter.to),
            without(|filter| &mut filter.to),
        ),
    ]
    .into_iter()
    .filter(|(value, ..)| !value.trim().is_empty())
    .map(|(_, words, address)| (words, address))
    .collect()
}

/// What is set, as chips that take it off.
pub fn chips(filter: &Filter) -> Option<AnyView> {
    let set = set(filter);
    (!set.is_empty()).then(|| {
        let chips = set
            .into_iter()
            .map(|(words, href)| view! { <Chip href removes=true>{words}</Chip> })
            .collect_view();
        view! { <nav class="row" aria-label="Filters that are set">{chips}</nav> }.into_any()
    })
}

/// The form that narrows: plain, so that everything it sets lands in the address.
pub fn form(filter: &Filter) -> AnyView {
    let mut actions: Vec<_> = ACTIONS
        .map(|(action, words)| (action.to_owned(), words.to_owned()))
        .to_vec();
    if !filter.action.is_empty() && !ACTIONS.iter().any(|(action, _)| *action == filter.action) {
        actions.push((filter.action.clone(), filter.action.clone()));
    }
    let outcomes = [("done", "Done"), ("refused", "Refused")]
        .map(|(value, words)| (value.to_owned(), words.to_owned()))
        .to_vec();
    let Filter {
        person,
        action,
        model,
        release,
        outcome,
        from,
        to,
        ..
    } = filter.clone();
    let any = !set(filter).is_empty();
    let clear = any.then(|| view! { <ButtonLink href="/audit" kind=Kind::Quiet>"Show all"</ButtonLink> });
    view! {
        <Card title="Narrow down" id="filter">
            <form class="stack" method="get" action="/audit" aria-label="Filters">
                <Field name="person" label="Person" value=person narrows=true hint="A name or a part of one."/>
                <Select name="action" label="What happened" options=actions value=action blank="Everything" narrows=true/>
                <Field name="model" label="Model" value=model narrows=true/>
                <Field name="release" label="Release" value=release narrows=true inputmode="numeric" pattern="[0-9]*"/>
                <Select name="outcome" label="Outcome" options=outcomes value=outcome blank="Done or refused" narrows=true/>
                <Field name="from" label="From" kind="date" value=from narrows=true/>
                <Field name="to" label="To" kind="date" value=to narrows=true hint="Both days are included, UTC."/>
                <div class="row">
                    <Button>"Show these"</Button>
                    {clear}
                </div>
            </form>
        </Card>
    }
    .into_any()
}

/// Questions that are asked often, as links.
pub fn often() -> AnyView {
    let links = OFTEN
        .map(|(words, action, outcome)| {
            let filter = Filter {
                action: action.into(),
                outcome: outcome.into(),
                ..Filter::default()
            };
            view! { <a href=address("/audit", &filter)>{words}</a> }
        })
        .into_iter()
        .collect_view();
    view! { <Card title="Often asked"><div class="stack small" data-gap="tight">{links}</div></Card> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_what_is_set_and_nothing_else() {
        let filter = Filter {
            person: "Ada & co".into(),
            model: " credit-risk ".into(),
            before: "9".into(),
            ..Filter::default()
        };
        assert_eq!(
            address("/audit.csv", &filter),
            "/audit.csv?person=Ada%20%26%20co&model=credit-risk&before=9"
        );
        assert_eq!(address("/audit", &Filter::default()), "/audit");
    }

    #[test]
    fn taking_one_part_off_leaves_the_others_and_goes_to_the_newest() {
        let filter = Filter {
            person: "Ada".into(),
            outcome: "refused".into(),
            before: "9".into(),
            ..Filter::default()
        };
        assert_eq!(
            set(&filter),
            [
                ("By Ada".to_owned(), "/audit?outcome=refused".to_owned()),
                ("Refused".to_owned(), "/audit?person=Ada".to_owned()),
            ]
        );
    }

    #[test]
    fn what_is_asked_often_has_words_in_the_form_too() {
        for (words, action, outcome) in OFTEN {
            let known = ACTIONS.iter().any(|(known, _)| *known == action);
            assert!(known || (action.is_empty() && !outcome.is_empty()), "{words}");
        }
    }
}
