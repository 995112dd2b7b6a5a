//! Shows how far a large file has come. Without a script the form inside is sent as any form is.
use crate::ui::ProgressBar;
use leptos::{
    ev,
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{self, FormData, HtmlFormElement, ProgressEvent, XmlHttpRequest},
};

/// Where the sending stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sending {
    Not,
    /// A share of the bytes, 0 to 1.
    Sent(f64),
    /// All there; the portal computes.
    Computing,
    BrokenOff,
}

/// Takes over the sending of the form among its children, which lead to the same place either way.
#[island]
pub fn Upload(children: Children) -> impl IntoView {
    let sending = RwSignal::new(Sending::Not);
    let submit = move |event: ev::SubmitEvent| {
        let form = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlFormElement>().ok());
        // Whatever a browser can't do is left to the form itself.
        if let Some(form) = form
            && send(&form, sending).is_some()
        {
            event.prevent_default();
        }
    };
    let words = move || match sending.get() {
        Sending::Not => String::new(),
        Sending::Sent(share) => format!("Sending the file: {:.0} %", share * 100.0),
        Sending::Computing => "The file is there. Computing the report…".to_owned(),
        Sending::BrokenOff => "The sending broke off, and nothing was kept. Please send it again.".to_owned(),
    };
    let share = Signal::derive(move || match sending.get() {
        Sending::Sent(share) => share,
        Sending::Computing => 1.0,
        Sending::Not | Sending::BrokenOff => 0.0,
    });
    view! {
        <div class="stack" on:submit=submit>
            {children()}
            <p class="row" role="status" hidden=move || sending.get() == Sending::Not>
                <ProgressBar share/>
                <span>{words}</span>
            </p>
        </div>
    }
}

/// Starts to send the form; nothing where it can't be started.
fn send(form: &HtmlFormElement, sending: RwSignal<Sending>) -> Option<()> {
    if matches!(sending.get_untracked(), Sending::Sent(_) | Sending::Computing) {
        return Some(());
    }
    let data = FormData::new_with_form(form).ok()?;
    let request = XmlHttpRequest::new().ok()?;
    let address = form.action();
    request.open("POST", &address).ok()?;
    request.set_request_header("Accept", "text/html").ok()?;

    let progress = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
        if event.length_computable() && event.total() > 0.0 {
            sending.set(Sending::Sent(event.loaded() / event.total()));
        }
    });
    let arrived = Closure::<dyn FnMut()>::new(move || sending.set(Sending::Computing));
    let broken = Closure::<dyn FnMut()>::new(move || sending.set(Sending::BrokenOff));
    let answered = {
        let request = request.clone();
        Closure::<dyn FnMut()>::new(move || answer(&request, &address, sending))
    };
    let upload = request.upload().ok()?;
    upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    upload.set_onload(Some(arrived.as_ref().unchecked_ref()));
    request.set_onload(Some(answered.as_ref().unchecked_ref()));
    request.set_onerror(Some(broken.as_ref().unchecked_ref()));
    request.set_onabort(Some(broken.as_ref().unchecked_ref()));
    request.send_with_opt_form_data(Some(&data)).ok()?;
    sending.set(Sending::Sent(0.0));
    // The request calls them until the page is left.
    progress.forget();
    arrived.forget();
    broken.forget();
    answered.forget();
    Some(())
}

/// Goes where the answer leads: to the report, or back to the form with the reason.
fn answer(request: &XmlHttpRequest, sent_to: &str, sending: RwSignal<Sending>) {
    let place = request.response_url();
    let led_on = !place.is_empty() && place != sent_to;
    if !led_on || web_sys::window().is_none_or(|window| window.location().set_href(&place).is_err()) {
        sending.set(Sending::BrokenOff);
    }
}
