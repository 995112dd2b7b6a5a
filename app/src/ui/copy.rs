//! The one thing here that needs a script: a button that copies a digest.
use super::Icon;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Where the copying stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ready,
    Copied,
    Refused,
}

impl State {
    const fn words(self) -> &'static str {
        match self {
            Self::Ready => "",
            Self::Copied => "Copied",
            Self::Refused => "The browser refused to copy",
        }
    }
}

/// Copies `text`. Hidden where there is no script, and where the page was not loaded safely: browsers then refuse.
#[island]
pub fn CopyButton(text: String, label: String) -> impl IntoView {
    let state = RwSignal::new(State::Ready);
    let hidden = RwSignal::new(false);
    Effect::new(move || hidden.set(!window().is_secure_context()));

    let copy = move |_| {
        let written = window().navigator().clipboard().write_text(&text);
        leptos::task::spawn_local(async move {
            let outcome = JsFuture::from(written).await;
            state.set(if outcome.is_ok() {
                State::Copied
            } else {
                State::Refused
            });
        });
    };
    view! {
        <button
            type="button"
            class="needs-script"
            aria-label=label
            hidden=move || hidden.get()
            data-done=move || (state.get() == State::Copied).then_some("true")
            on:click=copy
        >
            {Icon::Copy.view()}
            {Icon::Pass.view()}
        </button>
        <span class="hidden-visually" role="status">
            {move || state.get().words()}
        </span>
    }
}
