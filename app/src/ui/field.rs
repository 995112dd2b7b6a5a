//! Fields of forms: label above, hint and error below, tied together by id.
use super::{Icon, Slot, Words};
use leptos::prelude::*;

/// The ids of hint and error that exist, for `aria-describedby`.
fn described_by(id: &str, hint: &Words, error: &Words) -> Option<String> {
    let ids: Vec<_> = [(hint.is_some(), "hint"), (error.is_some(), "error")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// What stands around every kind of field.
#[component]
fn Frame(
    id: String,
    label: String,
    optional: bool,
    hint: Words,
    error: Words,
    children: Children,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class="field">
            <label for=id>
                {label}
                {optional.then(|| view! { " " <span class="faint">"(optional)"</span> })}
            </label>
            {children()}
            {hint.0.map(|hint| view! { <span class="hint" id=hint_id>{hint}</span> })}
            {error
                .0
                .map(|error| {
                    view! {
                        <span class="error" id=error_id>
                            {Icon::Warn.view()}
                            <span>{error}</span>
                        </span>
                    }
                })}
        </div>
    }
}

/// A field of one line. Its id is its name, unless `id` says otherwise.
#[component]
pub fn Field(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Type of the input: "text", "email", "password", "url", "number", "date", "search".
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    /// What to do about it, and what happens next.
    #[prop(optional, into)]
    error: Words,
    #[prop(optional, into)] placeholder: Words,
    #[prop(optional)] required: bool,
    /// Set in filters, where nothing is asked for: then it doesn't say that it is optional.
    #[prop(optional)]
    narrows: bool,
    #[prop(optional, into)] autocomplete: Words,
    /// Keyboard on phones: "numeric", "decimal", "email", "url".
    #[prop(optional, into)]
    inputmode: Words,
    #[prop(optional, into)] pattern: Words,
    #[prop(optional, into)] min: Words,
    #[prop(optional, into)] max: Words,
    #[prop(optional, into)] step: Words,
    #[prop(optional_no_strip, into)] max_length: Option<u32>,
    #[prop(optional, into)] id: Words,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described_by(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    // A password is never sent back to the page.
    let value = value.0.filter(|_| kind != "password");
    view! {
        <Frame id=id.clone() label optional={!required && !narrows} hint error>
            <input
                class="input"
                id=id
                name=name
                type=kind
                value=value
                placeholder=placeholder.0
                required=required
                autocomplete=autocomplete.0
                inputmode=inputmode.0
                pattern=pattern.0
                min=min.0
                max=max.0
                step=step.0
                maxlength=max_length.map(|length| length.to_string())
                aria-invalid=invalid
                aria-describedby=described
            />
        </Frame>
    }
}

/// A field of several lines; it grows with what is written.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional, into)] value: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional, into)] placeholder: Words,
    #[prop(optional)] required: bool,
    #[prop(default = 3)] rows: u32,
    #[prop(optional_no_strip, into)] max_length: Option<u32>,
    /// Set for code and JSON: digits and brackets of one width, no spelling marks.
    #[prop(optional)]
    code: bool,
    #[prop(optional, into)] id: Words,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described_by(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    view! {
        <Frame id=id.clone() label optional=!required hint error>
            <textarea
                class="input"
                id=id
                name=name
                rows=rows.to_string()
                placeholder=placeholder.0
                required=required
                maxlength=max_length.map(|length| length.to_string())
                spellcheck=code.then_some("false")
                data-code=code
                aria-invalid=invalid
                aria-describedby=described
            >
                {value.0}
            </textarea>
        </Frame>
    }
}

/// A choice from a list that opens. Options are (value, words).
#[component]
pub fn Select(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    /// The value chosen so far.
    #[prop(optional, into)]
    value: Words,
    /// Words of a first choice that chooses nothing.
    #[prop(optional, into)]
    blank: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional)] required: bool,
    /// Set in filters, where nothing is asked for: then it doesn't say that it is optional.
    #[prop(optional)]
    narrows: bool,
    #[prop(optional, into)] id: Words,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described_by(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    let options = blank
        .0
        .map(|words| (String::new(), words))
        .into_iter()
        .chain(options)
        .map(|(key, words)| {
            let chosen = value.0.as_ref() == Some(&key);
            view! { <option value=key selected=chosen>{words}</option> }
        })
        .collect_view();
    view! {
        <Frame id=id.clone() label optional={!required && !narrows} hint error>
            <select
                class="input"
                id=id
                name=name
                required=required
                aria-invalid=invalid
                aria-describedby=described
            >
                {options}
            </select>
        </Frame>
    }
}

/// A file from the reader's machine. The form needs `enctype="multipart/form-data"`.
#[component]
pub fn FileField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    /// Endings or media types: ".csv,.parquet".
    #[prop(optional, into)]
    accept: Words,
    #[prop(optional, into)] hint: Words,
    #[prop(optional, into)] error: Words,
    #[prop(optional)] required: bool,
    #[prop(optional)] multiple: bool,
    #[prop(optional, into)] id: Words,
) -> impl IntoView {
    let id = id.0.unwrap_or_else(|| name.clone());
    let described = described_by(&id, &hint, &error);
    let invalid = error.is_some().then_some("true");
    view! {
        <Frame id=id.clone() label optional=!required hint error>
            <input
                class="input file"
                id=id
                name=name
                type="file"
                accept=accept.0
                required=required
                multiple=multiple
                aria-invalid=invalid
                aria-describedby=described
            />
        </Frame>
    }
}

/// Whether one or several of a list may be chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pick {
    /// Radio buttons.
    #[default]
    One,
    /// Check boxes.
    Any,
}

/// One thing to choose, with a line that explains it.
#[component]
pub fn Choice(
    #[prop(into)] name: String,
    #[prop(into)] value: String,
    #[prop(into)] label: String,
    #[prop(optional)] pick: Pick,
    /// What choosing it means.
    #[prop(optional, into)]
    note: Slot,
    #[prop(optional)] checked: bool,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let kind = match pick {
        Pick::One => "radio",
        Pick::Any => "checkbox",
    };
    view! {
        <label class="choice">
            <input type=kind name=name value=value checked=checked required=required/>
            <span>
                <b>{label}</b>
                {note.map(|note| view! { <small>{note}</small> })}
            </span>
        </label>
    }
}

/// One segment of [`Segments`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    value: String,
    label: String,
    icon: Option<Icon>,
}

impl Segment {
    /// A segment that sends `value` and shows `label`.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            icon: None,
        }
    }

    /// The same with an icon before the words.
    #[must_use]
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }
}

/// Radios drawn as one strip; still radios to the keyboard and to screen readers.
#[component]
pub fn Segments(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    segments: Vec<Segment>,
    #[prop(optional, into)] value: Words,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] error: Words,
) -> impl IntoView {
    let error_id = format!("{name}-error");
    let described = error.is_some().then(|| error_id.clone());
    let segments = segments
        .into_iter()
        .map(|segment| {
            let chosen = value.0.as_ref() == Some(&segment.value);
            view! {
                <label>
                    <input type="radio" name=name.clone() value=segment.value checked=chosen required=required/>
                    {segment.icon.map(Icon::view)}
                    {segment.label}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend class="small muted">{legend}</legend>
            <div class="segments">{segments}</div>
            {error
                .0
                .map(|error| {
                    view! {
                        <span class="error" id=error_id>
                            {Icon::Warn.view()}
                            <span>{error}</span>
                        </span>
                    }
                })}
        </fieldset>
    }
}
