//! Sends the draft of a review while it is being written, so that a closed tab loses nothing.
use leptos::{prelude::*, wasm_bindgen::JsCast};
use std::{cell::RefCell, time::Duration};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FormData, HtmlFormElement, RequestInit, Response, UrlSearchParams, js_sys, wasm_bindgen::JsValue,
};

/// How long nobody must have typed before the draft is sent.
const PAUSE: Duration = Duration::from_millis(1_200);

/// Says when the draft was kept last; `said` until it is kept anew.
#[island]
pub fn DraftKeeper(url: String, form: String, said: String) -> impl IntoView {
    let words = RwSignal::new(said);
    Effect::new(move || {
        let (url, form) = (url.clone(), form.clone());
        let send = RefCell::new(debounce(PAUSE, move |()| {
            let (url, form) = (url.clone(), form.clone());
            leptos::task::spawn_local(async move {
                let answer = post(&url, &form).await;
                words.set(outcome(answer));
            });
        }));
        let listening = window_event_listener_untyped("input", move |_| send.borrow_mut()(()));
        on_cleanup(move || listening.remove());
    });
    view! {
        <span class="small muted" role="status">
            {move || words.get()}
        </span>
    }
}

/// Sends what the form holds, without what is secret; answers with the status.
async fn post(url: &str, form: &str) -> Result<u16, JsValue> {
    let form = document()
        .get_element_by_id(form)
        .and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let fields = FormData::new_with_form(&form.ok_or(JsValue::NULL)?)?;
    fields.delete("password");
    let body = UrlSearchParams::new_with_str_sequence_sequence(&fields)?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&body);
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(url, &request))
        .await?
        .dyn_into()?;
    Ok(response.status())
}

fn outcome(answer: Result<u16, JsValue>) -> String {
    match answer {
        Ok(200..300) => {
            let now = String::from(js_sys::Date::new_0().to_iso_string());
            format!("Draft kept at {} UTC", now.get(11..16).unwrap_or_default())
        }
        Ok(422) => {
            "Draft kept, except notes to questions without an answer: choose one, so that they are kept too"
                .to_owned()
        }
        Ok(401) => "You were signed out: sign in in another window, then go on here".to_owned(),
        Ok(403 | 409) => {
            "Not kept: someone else was here. Press “Keep draft” to see what became of it; yours stays in the form"
                .to_owned()
        }
        _ => "The draft could not be kept. What you wrote is still here; go on, and it will be tried again"
            .to_owned(),
    }
}
