//! What makes the inventory quick for hands on the keyboard: filtering as one types, and keys that move.
use leptos::{
    ev,
    leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys,
};
use std::time::Duration;
use wasm_bindgen_futures::JsFuture;

/// How long after the last key the list is asked for.
const PAUSE: Duration = Duration::from_millis(250);
const FORM: &str = "form.filters";
const SEARCH: &str = "form.filters input[name=q]";
const LIST: &str = "#inventory";
/// What else says how the list was narrowed: the sentence above it, and the chips with their addresses.
const AROUND: [&str; 2] = ["main .lead", "form.filters .row"];
const LINKS: &str = "#inventory tbody th a";
const FIELDS: [&str; 5] = ["q", "tier", "owner", "environment", "sort"];

/// Listens to keys and to the form of filters; shows nothing itself but what it says to screen readers.
#[island]
pub fn Live() -> impl IntoView {
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    let asked = StoredValue::new(0_u32);
    let said = RwSignal::new("");
    let ask = move || {
        let turn = asked
            .try_update_value(|turn| {
                *turn += 1;
                *turn
            })
            .unwrap_or_default();
        leptos::task::spawn_local(async move {
            let found = filtered().await;
            // An answer that a later question has overtaken is not shown.
            if asked.get_value() == turn
                && let Some((address, html)) = found
            {
                put(&address, &html);
                said.set("The list was filtered.");
            }
        });
    };
    Effect::new(move || {
        drop(window_event_listener(ev::keydown, |event| keys(&event)));
        drop(window_event_listener(ev::input, move |event| {
            let of_form = event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
                .is_some_and(|field| field.closest(FORM).is_ok_and(|form| form.is_some()));
            if !of_form {
                return;
            }
            if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
                handle.clear();
            }
            waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
        }));
        // Typed before the page came alive.
        if find::<web_sys::HtmlInputElement>(SEARCH)
            .is_some_and(|search| search.value() != search.default_value())
        {
            ask();
        }
    });
    view! { <span class="hidden-visually" role="status">{move || said.get()}</span> }
}

/// The address that the form stands for now, and the page there.
async fn filtered() -> Option<(String, String)> {
    let form: web_sys::HtmlFormElement = find(FORM)?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let parts = web_sys::UrlSearchParams::new().ok()?;
    for name in FIELDS {
        if let Some(value) = data.get(name).as_string().filter(|value| !value.is_empty()) {
            parts.append(name, &value);
        }
    }
    let address = format!("/models?{}", String::from(parts.to_string()));
    let answer = JsFuture::from(window().fetch_with_str(&address)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    let html = JsFuture::from(answer.text().ok()?).await.ok()?.as_string()?;
    Some((address, html))
}

/// Puts the list of another page in the place of this one's. A page without a list (signed out meanwhile) is gone to.
fn put(address: &str, html: &str) {
    let page = web_sys::DomParser::new()
        .and_then(|parser| parser.parse_from_string(html, web_sys::SupportedType::TextHtml));
    let page = page.ok();
    let there = |part: &str| page.as_ref()?.query_selector(part).ok().flatten();
    match (there(LIST), find::<web_sys::Element>(LIST)) {
        (Some(list), Some(here)) => {
            here.set_inner_html(&list.inner_html());
            for part in AROUND {
                if let (Some(there), Some(here)) = (there(part), find::<web_sys::Element>(part)) {
                    here.set_inner_html(&there.inner_html());
                }
            }
            if let Ok(history) = window().history() {
                let none = leptos::wasm_bindgen::JsValue::NULL;
                // The list is right also where the address could not be kept.
                let _ = history.replace_state_with_url(&none, "", Some(address));
            }
        }
        _ => {
            let _ = window().location().set_href(address);
        }
    }
}

/// `/` searches, `j` and `k` move from model to model; Enter opens, for the link has the focus.
fn keys(event: &web_sys::KeyboardEvent) {
    let typing = document()
        .active_element()
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"));
    if typing || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let done = match event.key().as_str() {
        "/" => find::<web_sys::HtmlElement>(SEARCH).map(|search| search.focus().is_ok()),
        "j" => step(true),
        "k" => step(false),
        _ => None,
    };
    if done.is_some() {
        event.prevent_default();
    }
}

/// Moves the focus to the next or the previous model.
fn step(forward: bool) -> Option<bool> {
    let links = document().query_selector_all(LINKS).ok()?;
    let count = links.length();
    let last = count.checked_sub(1)?;
    let active = document().active_element();
    let here = (0..count).find(|at| {
        let link = links
            .get(*at)
            .and_then(|link| link.dyn_into::<web_sys::Element>().ok());
        link.is_some() && link == active
    });
    let next = match (here, forward) {
        (None, true) => 0,
        (None, false) => last,
        (Some(at), true) => at.saturating_add(1).min(last),
        (Some(at), false) => at.saturating_sub(1),
    };
    let link: web_sys::HtmlElement = links.get(next)?.dyn_into().ok()?;
    Some(link.focus().is_ok())
}

fn find<T: JsCast>(selector: &str) -> Option<T> {
    document()
        .query_selector(selector)
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}
