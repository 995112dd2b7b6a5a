//! The file, the key, and what came of the check. The check itself is a program of its own that runs in a worker.
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{DragEvent, File, HtmlInputElement, MessageEvent, Worker, WorkerOptions, WorkerType},
};
use serde::Deserialize;

/// The worker's program; it loads the verifier as soon as the page is alive, so that the network may go afterwards.
const WORKER: &str = "/verifier/worker.js";

/// Where the check stands.
#[derive(Clone, Debug, PartialEq)]
enum Check {
    Not,
    /// Bytes read so far, some of them more than once.
    Reading(f64),
    Done(Answer),
    /// The browser can't run it.
    Unable,
}

/// What came of it, as the verifier says it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case", tag = "verdict")]
enum Answer {
    Whole {
        sentence: String,
        facts: Vec<(String, String)>,
    },
    Broken {
        sentence: String,
        facts: Vec<(String, String)>,
    },
    Unkeyed {
        key: String,
    },
    WrongKey {
        sentence: String,
    },
}

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
        let sent = worker.with_value(|worker| ask(worker.as_ref()?, &file, &trusted.get_untracked()));
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

fn shown(check: Check, name: &str) -> AnyView {
    match check {
        Check::Not => ().into_any(),
        Check::Reading(bytes) => {
            let words = if bytes > 0.0 {
                format!("Checking {name}: {:.0} MB read…", bytes / 1e6)
            } else {
                format!("Checking {name}…")
            };
            view! { <p>{words}</p> }.into_any()
        }
        Check::Done(Answer::Whole { sentence, facts }) => told("ok", sentence, facts),
        Check::Done(Answer::Broken { sentence, facts }) => told("danger", sentence, facts),
        Check::Done(Answer::Unkeyed { key }) => told(
            "info",
            "Nothing is checked yet: name the key that you trust".to_owned(),
            vec![("The bundle says that its log's first key is".to_owned(), key)],
        ),
        Check::Done(Answer::WrongKey { sentence }) => told("warn", sentence, Vec::new()),
        Check::Unable => told(
            "warn",
            "Your browser did not start the check; use the command below, or load the page again".to_owned(),
            Vec::new(),
        ),
    }
}

fn told(tone: &'static str, sentence: String, facts: Vec<(String, String)>) -> AnyView {
    let facts = facts
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt> <dd>{value}</dd> })
        .collect_view();
    view! {
        <div class="notice" data-tone=tone>
            <div>
                <strong>{sentence} "."</strong>
                <dl class="facts">{facts}</dl>
            </div>
        </div>
    }
    .into_any()
}

/// Starts the worker; nothing where the browser has none.
fn start(check: RwSignal<Check>) -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(WORKER, &options).ok()?;
    let answered = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data();
        if let Some(bytes) = data.as_f64() {
            check.set(Check::Reading(bytes));
            return;
        }
        let answer = data.as_string().and_then(|text| serde_json::from_str(&text).ok());
        check.set(answer.map_or(Check::Unable, Check::Done));
    });
    let failed = Closure::<dyn FnMut()>::new(move || check.set(Check::Unable));
    worker.set_onmessage(Some(answered.as_ref().unchecked_ref()));
    worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
    // The worker calls them until the page is left.
    answered.forget();
    failed.forget();
    Some(worker)
}

/// Asks for a bundle to be checked.
fn ask(worker: &Worker, file: &File, key: &str) -> Option<()> {
    let question = js_sys::Object::new();
    let set =
        |name: &str, value: &JsValue| js_sys::Reflect::set(&question, &JsValue::from_str(name), value).ok();
    set("bundle", file)?;
    set("key", &JsValue::from_str(key))?;
    worker.post_message(&question).ok()
}
