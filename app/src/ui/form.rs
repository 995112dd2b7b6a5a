//! What holds fields together: sets of them in columns, the row of buttons, what went wrong, what is kept.
use super::{Icon, Slot, Words};
use leptos::prelude::*;

/// How many fields stand side by side where there is room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Columns {
    /// One below the other.
    #[default]
    One,
    /// Two.
    Two,
    /// Three.
    Three,
}

/// Fields that belong together, under one heading.
#[component]
pub fn Fieldset(
    #[prop(into)] legend: String,
    #[prop(optional, into)] note: Slot,
    #[prop(optional)] columns: Columns,
    children: Children,
) -> impl IntoView {
    let count = match columns {
        Columns::One => None,
        Columns::Two => Some("2"),
        Columns::Three => Some("3"),
    };
    view! {
        <fieldset class="fieldset">
            <legend>{legend}</legend>
            {note.map(|note| view! { <p class="note">{note}</p> })}
            <div class="fields" data-columns=count>
                {children()}
            </div>
        </fieldset>
    }
}

/// A field, or anything, as wide as all columns of its set.
#[component]
pub fn FullWidth(children: Children) -> impl IntoView {
    view! { <div class="full-width">{children()}</div> }
}

/// The buttons at the foot of a form, primary first.
#[component]
pub fn Actions(children: Children) -> impl IntoView {
    view! { <div class="form-actions">{children()}</div> }
}

/// What has to be put right before the form can be taken, as (id of the field, words); focus goes here first.
#[component]
pub fn ErrorSummary(
    errors: Vec<(String, String)>,
    /// Said when there is one error and no field to lead to.
    #[prop(optional, into)]
    general: Words,
) -> impl IntoView {
    let any = !errors.is_empty() || general.is_some();
    any.then(|| {
        let title = match errors.len() {
            0 => "This could not be saved".to_owned(),
            1 => "One field needs another look".to_owned(),
            count => format!("{count} fields need another look"),
        };
        let list = (!errors.is_empty()).then(|| {
            let items = errors
                .into_iter()
                .map(|(field, words)| view! { <li><a href=format!("#{field}")>{words}</a></li> })
                .collect_view();
            view! { <ul>{items}</ul> }
        });
        view! {
            <div class="notice error-summary" data-tone="danger" role="alert" tabindex="-1" id="errors">
                {Icon::Warn.view()}
                <p><strong>{title}</strong></p>
                {general.0.map(|words| view! { <p>{words}</p> })}
                {list}
            </div>
        }
    })
}

/// Says that what was written before is still in the form, and since when.
#[component]
pub fn KeptNote(children: Children) -> impl IntoView {
    view! {
        <p class="kept" role="status">
            {Icon::Pass.view()}
            <span>{children()}</span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_without_errors_has_no_summary() {
        let html = view! { <ErrorSummary errors=vec![]/> }.to_html();
        assert!(!html.contains("notice"), "{html}");
    }

    #[test]
    fn every_error_leads_to_its_field() {
        let errors = vec![
            ("name".to_owned(), "Give a name".to_owned()),
            ("purpose".to_owned(), "Say what <it> is for".to_owned()),
        ];
        let html = view! { <ErrorSummary errors/> }.to_html();
        assert!(html.contains("2 fields need another look"), "{html}");
        assert!(
            html.contains(r##"href="#purpose""##) && html.contains("&lt;it&gt;"),
            "{html}"
        );
    }
}
