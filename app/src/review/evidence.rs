//! The evidence beside the questions, one card a kind, each with its own address so that a question leads to it.
mod bias;
mod changes;
mod data;
mod performance;

use super::known::Known;
use crate::ui::{Card, Tab, Tabs};
use domain::{template::EvidenceKind, view::review::Review};
use leptos::prelude::*;

/// Where the evidence of a kind stands on the page, and what it is called.
pub fn place(kind: EvidenceKind) -> (&'static str, &'static str) {
    match kind {
        EvidenceKind::Bias => ("#evidence-bias", "groups and their treatment"),
        EvidenceKind::Performance => ("#evidence-performance", "how well it predicts"),
        EvidenceKind::Data => ("#evidence-data", "training data"),
        EvidenceKind::Card => ("#evidence-card", "model card"),
        EvidenceKind::Evidence => ("#evidence-files", "statements and files"),
        EvidenceKind::Changes => ("#evidence-changes", "what changed"),
    }
}

/// All of it, what changed first: differences from the last approved version come before what stayed.
pub fn pane(review: &Review, known: &Known<'_>) -> AnyView {
    let tabs = [
        ("Changes", "#evidence-changes"),
        ("Groups", "#evidence-bias"),
        ("Performance", "#evidence-performance"),
        ("Data", "#evidence-data"),
        ("Card", "#evidence-card"),
        ("Files", "#evidence-files"),
    ];
    let tabs = tabs
        .into_iter()
        .map(|(words, href)| Tab::new(words, href))
        .collect();
    let cards = [
        changes::card(review),
        bias::card(known),
        performance::card(known),
        data::datasets(review),
        data::model_card(review),
        data::files(review),
    ];
    view! {
        <Tabs label="Evidence" tabs/>
        {cards.collect_view()}
    }
    .into_any()
}

/// Where there is no evaluation, or one of another task than two answers, which its own page shows.
fn unmeasured(review: &Review, title: &'static str, id: &'static str) -> AnyView {
    if let Some(evaluation) = review.evaluation {
        return view! {
            <Card title id>
                <p>
                    "The figures of this task stand in "
                    <a href=format!("/evaluations/{evaluation}")>{format!("report {evaluation}")}</a> "."
                </p>
            </Card>
        }
        .into_any();
    }
    view! {
        <Card title id>
            <p class="muted">"Not measured: this version has no evaluation."</p>
        </Card>
    }
    .into_any()
}
