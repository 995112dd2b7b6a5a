//! An entry of the log, checked by its proof in the reader's own browser.
use super::worker::{Check, ask, shown, start};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys,
};
use wasm_bindgen_futures::JsFuture;

/// A button, and what came of it. The portal hands over the entry and its proof; that they lead to the root which was
/// signed is computed here.
#[island]
pub fn CheckEntry(
    /// The entry's number in the portal.
    seq: i64,
    key: String,
) -> impl IntoView {
    let check = RwSignal::new(Check::Not);
    let press = move |_| {
        let key = key.clone();
        check.set(Check::Reading(0.0));
        leptos::task::spawn_local(async move {
            if asked(seq, &key, check).await.is_none() {
                check.set(Check::Unable);
            }
        });
    };
    let of = format!("entry {seq}");
    view! {
        <div class="stack needs-script" data-gap="hair">
            <div class="row">
                <button class="button" type="button" data-size="small" on:click=press>"Check in this browser"</button>
            </div>
            <div role="status">{move || shown(check.get(), &of)}</div>
        </div>
    }
}

async fn asked(seq: i64, key: &str, check: RwSignal<Check>) -> Option<()> {
    let worker = start(check)?;
    let address = format!("/audit/entries/{seq}/proof.json");
    let answer = JsFuture::from(window().fetch_with_str(&address)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    let logged = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    ask(&worker, "entry", &JsValue::from_str(&logged), key)
}
