//! Code, expressions and JSON in their own box.
use leptos::prelude::*;

/// Several lines of code or JSON; scrolls in its own box and is reached by the keyboard.
#[component]
pub fn CodeBlock(
    /// What it is: "Manifest as canonical JSON".
    #[prop(into)]
    label: String,
    #[prop(into)] code: String,
) -> impl IntoView {
    view! {
        <pre class="code" tabindex="0" role="region" aria-label=label>
            <code>{code}</code>
        </pre>
    }
}

/// A value as JSON in lines, its keys sorted as in its canonical form.
pub fn pretty(value: &serde_json::Value) -> String {
    // A value that came from JSON always goes back to it; the one-line form is the same content.
    serde_json::to_string_pretty(value).unwrap_or_else(|_| value.to_string())
}
