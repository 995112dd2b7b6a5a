//! The file, the key, and what came of the check. The check itself is a program of its own that runs in a worker.
use super::worker::{Check, ask, shown, start};
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{DragEvent, File, HtmlInputElement, Worker},
};

/// A place to drop a bundle on, or to choose one, and the key that the reader trusts.
#[island]
pub fn Checker(key: String) -> impl IntoView {
    let check = RwSignal::new(Check::Not);
    let trusted = RwSignal::new(key);
    let name = RwSignal::new(String::new());
    let chosen = StoredValue::new_local(None::<File>);
    let worker = StoredValue::new_local(None::<Worker>);
    Effect::new(move || worker.set_value(start(check)));
    let begin = move || {
        let Some(file) = chosen.get_value() else { return };
        name.set(file.name());
        let sent =
            worker.with_value(|worker| ask(worker.as_ref()?, "bundle", &file, &trusted.get_untracked()));
        check.set(if sent.is_some() {
            Check::Reading(0.0)
        } else {
            Check::Unable
        });
    };
    let choose = move |event: ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        chosen.set_value(input.and_then(|input| input.files()?.get(0)));
        begin();
    };
    let drop = move |event: DragEvent| {
        event.prevent_default();
        let file = event.data_transfer().and_then(|data| data.files()?.get(0));
        if file.is_some() {
            chosen.set_value(file);
            begin();
        }
    };
    view! {
        <div class="stack needs-script" on:dragover=|event| event.prevent_default() on:drop=drop>
            <div class="field">
                <label for="bundle">"The bundle"</label>
                <input class="input" id="bundle" type="file" accept=".zip,application/zip" on:change=choose/>
                <p class="hint">"Choose the file, or drop it here."</p>
            </div>
            <div class="field">
                <label for="key">"The key that you trust"</label>
                <input
                    class="input mono"
                    id="key"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || trusted.get()
                    on:input=move |event| trusted.set(event_target_value(&event))
                    on:change=move |_| begin()
                />
                <p class="hint">
                    "Filled in with this portal's. It is worth something only if you were given the same elsewhere. Empty: the bundle's own word for its key is shown."
                </p>
            </div>
            <div role="status" aria-live="polite">{move || shown(check.get(), &name.get())}</div>
        </div>
    }
}
