//! The signatures: those that hold, those that were voided and why, and those that are still to come.
use crate::ui::{Digest, Section, Signature, Signatures, Signed};
use domain::{
    release::State,
    review,
    view::release::{Release, Signature as Given},
};
use leptos::prelude::*;

pub fn section(release: &Release) -> AnyView {
    let given = release.signatures.iter().map(given).collect_view();
    let missing = (release.row.state == State::Open).then(|| missing(release));
    let digest = release.dossier_digest.clone();
    let note = view! { "Each covers the dossier " <Digest value=digest linked=true/> };
    let nothing = (release.signatures.is_empty() && release.row.state != State::Open)
        .then(|| view! { <p class="muted">"Nobody signed it."</p> });
    view! {
        <Section title="Signatures" note id="signatures">
            {nothing}
            <Signatures>{given} {missing}</Signatures>
        </Section>
    }
    .into_any()
}

/// A signature with the chair it was given from, what it means, and the note that was signed with it.
pub fn given(signature: &Given) -> AnyView {
    let signed = match &signature.voided {
        Some((_, reason)) => Signed::Void(signature.at, reason.clone()),
        None => Signed::At(signature.at),
    };
    let chair = crate::problem::sentence(&format!("As {}", signature.chair));
    let note = if signature.note.is_empty() || signature.chair != "manager" {
        String::new()
    } else {
        format!(" “{}”", signature.note)
    };
    let meaning = format!(
        "{} {}{note}",
        chair.trim_end_matches('.').to_owned() + ":",
        signature.meaning
    );
    view! { <Signature name=signature.name.clone() meaning signed/> }.into_any()
}

fn missing(release: &Release) -> AnyView {
    let reviews = release
        .reviews
        .iter()
        .filter(|review| review.state == review::State::Open)
        .map(|review| {
            let meaning = format!("{} review", review.discipline.title());
            let who = format!("{} reviewer", with_article(review.discipline.as_str()));
            view! { <Signature name="" meaning signed=Signed::Missing(who)/> }.into_any()
        });
    let (have, need) = release.quorum;
    let managers = (have..need).map(|_| {
        let meaning = "Manager’s countersignature";
        view! { <Signature name="" meaning signed=Signed::Missing("a manager".to_owned())/> }.into_any()
    });
    reviews.chain(managers).collect_view().into_any()
}

/// "an ethics", "a compliance".
fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}

#[cfg(test)]
mod tests {
    use super::with_article;

    #[test]
    fn disciplines_take_their_article() {
        assert_eq!(with_article("ethics"), "an ethics");
        assert_eq!(with_article("compliance"), "a compliance");
    }
}
