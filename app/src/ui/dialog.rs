//! A dialog that opens and closes without a script, by the popover attribute. Never for signing.
use super::{Icon, Slot, button::Kind};
use leptos::prelude::*;

/// A dialog, opened by a [`DialogButton`] with the same `id`. Closes by Escape, by a click beside it, or by its button.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    /// Buttons; the one that closes it is added before them.
    #[prop(optional, into)]
    footer: Slot,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let (closes, labels) = (id.clone(), title_id.clone());
    view! {
        <div class="dialog" id=id popover="auto" role="dialog" aria-labelledby=labels>
            <header id=title_id>{title}</header>
            <div class="body">{children()}</div>
            <footer>
                <button
                    class="button"
                    type="button"
                    data-kind="quiet"
                    popovertarget=closes
                    popovertargetaction="hide"
                >
                    "Close"
                </button>
                {footer.0}
            </footer>
        </div>
    }
}

/// The button that opens a [`Dialog`].
#[component]
pub fn DialogButton(
    #[prop(into)] opens: String,
    #[prop(optional)] kind: Kind,
    #[prop(optional_no_strip, into)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    let kind = match kind {
        Kind::Plain => None,
        Kind::Primary => Some("primary"),
        Kind::Danger => Some("danger"),
        Kind::Quiet => Some("quiet"),
    };
    view! {
        <button class="button" type="button" data-kind=kind popovertarget=opens>
            {icon.map(Icon::view)}
            {children()}
        </button>
    }
}
