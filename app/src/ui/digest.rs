//! Digests: short with a copy button on screen, whole in what one signs and on paper.
use super::{CopyButton, Icon};
use leptos::prelude::*;

/// First and last eight: "2e39a62f…b7a74bb3". What is short already stays as it is.
pub fn short(digest: &str) -> String {
    let digits: Vec<char> = digest.strip_prefix("sha256:").unwrap_or(digest).chars().collect();
    match digits.as_slice() {
        [head @ .., _, _, _, _, _, _, _, _] if digits.len() > 20 => {
            let head: String = head.iter().take(8).collect();
            let tail: String = digits.iter().skip(digits.len() - 8).collect();
            format!("{head}…{tail}")
        }
        all => all.iter().collect(),
    }
}

/// A digest in short; the whole of it is copied, shown on hover, and printed.
#[component]
pub fn Digest(
    #[prop(into)] value: String,
    /// Set where others stand on it: a link before it.
    #[prop(optional)]
    linked: bool,
) -> impl IntoView {
    let short = short(&value);
    let label = format!("Copy digest {short}");
    let title = format!("SHA-256 {value}");
    view! {
        <span class="digest" title=title>
            {linked.then(|| Icon::Link.view())}
            <span class="digest-short">{short}</span>
            <span class="digest-print">{value.clone()}</span>
            <CopyButton text=value label/>
        </span>
    }
}

/// A digest in full, broken over lines where it must be.
#[component]
pub fn FullDigest(#[prop(into)] value: String) -> impl IntoView {
    view! { <code class="digest-full">{value}</code> }
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn digests_are_eight_and_eight() {
        let digest = "2e39a62f5e763281a4475a8a551589730c018eb5ac91fd292dbc9d23b7a74bb3";
        assert_eq!(short(digest), "2e39a62f…b7a74bb3");
        assert_eq!(short(&format!("sha256:{digest}")), "2e39a62f…b7a74bb3");
        assert_eq!(short("9c41e07"), "9c41e07");
        assert_eq!(short(""), "");
    }
}
