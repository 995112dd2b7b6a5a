//! The verifier, a program of its own in a worker, and what it says.
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType},
};
use serde::Deserialize;

/// The worker's program. It loads the verifier at once, so that the network may go afterwards.
const PROGRAM: &str = "/verifier/worker.js";

/// Where a check stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    Not,
    /// Bytes read so far, some of them more than once.
    Reading(f64),
    Done(Answer),
    /// The browser can't run it.
    Unable,
}

/// What came of a check, as the verifier says it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Answer {
    tone: String,
    sentence: String,
    facts: Vec<(String, String)>,
}

/// Starts a worker that tells how its checks stand; nothing where the browser has none.
pub fn start(check: RwSignal<Check>) -> Option<Worker> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(PROGRAM, &options).ok()?;
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

/// Asks for a check: `what` is `bundle` or `entry`.
pub fn ask(worker: &Worker, what: &str, subject: &JsValue, key: &str) -> Option<()> {
    let question = js_sys::Object::new();
    let set =
        |name: &str, value: &JsValue| js_sys::Reflect::set(&question, &JsValue::from_str(name), value).ok();
    set(what, subject)?;
    set("key", &JsValue::from_str(key))?;
    worker.post_message(&question).ok()
}

/// How a check stands, for the eye and for the ear.
pub fn shown(check: Check, of: &str) -> AnyView {
    match check {
        Check::Not => ().into_any(),
        Check::Reading(bytes) => {
            let words = if bytes > 0.0 {
                format!("Checking {of}: {:.0} MB read…", bytes / 1e6)
            } else {
                format!("Checking {of}…")
            };
            view! { <p>{words}</p> }.into_any()
        }
        Check::Done(Answer {
            tone,
            sentence,
            facts,
        }) => told(tone, sentence, facts),
        Check::Unable => told(
            "warn".to_owned(),
            "Your browser did not run the check; load the page again, or use the program".to_owned(),
            Vec::new(),
        ),
    }
}

fn told(tone: String, sentence: String, facts: Vec<(String, String)>) -> AnyView {
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
