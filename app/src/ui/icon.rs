//! The one sprite of icons, and how a page shows one of them.
use leptos::prelude::*;
use std::{fmt::Write as _, sync::LazyLock};

/// A drawing of the sprite. An icon never stands without a word: on the page, or by [`Icon::labelled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// From one to the other.
    Arrow,
    /// The log.
    Audit,
    /// Rolling back, sending back.
    Back,
    /// Notifications.
    Bell,
    /// An evaluation.
    Chart,
    /// Copying.
    Copy,
    /// A dataset.
    Data,
    /// Deploying.
    Deploy,
    /// Downwards, worse.
    Lower,
    /// Opens downwards.
    Down,
    /// Downloading.
    Download,
    /// Leads elsewhere.
    External,
    /// Failed: a cross in an octagon.
    Fail,
    /// A file, a report.
    File,
    /// Narrowing a list.
    Filter,
    /// With a condition.
    Flag,
    /// The inbox.
    Home,
    /// Good to know.
    Info,
    /// Tokens and passkeys.
    Key,
    /// Environments.
    Layers,
    /// Towards the newer.
    Left,
    /// A digest that others stand on.
    Link,
    /// A model, the inventory.
    Models,
    /// Appearance.
    Moon,
    /// Further places.
    More,
    /// Not measured, too few to judge: a dashed circle.
    Absent,
    /// Leaving.
    Out,
    /// Met: a tick in a circle.
    Pass,
    /// Signing, editing.
    Pen,
    /// People and roles.
    People,
    /// One person.
    Person,
    /// Starting.
    Play,
    /// Adding.
    Plus,
    /// A policy: a shield.
    Policy,
    /// A release: a stamp.
    Release,
    /// A review, a template of questions.
    Review,
    /// Opens.
    Right,
    /// No difference.
    Same,
    /// Sealed or verified.
    Seal,
    /// Searching.
    Search,
    /// Can be sorted.
    Sort,
    /// Stopping.
    Stop,
    /// Light appearance.
    Sun,
    /// Upwards, better; sorted ascending.
    Up,
    /// Uploading.
    Upload,
    /// Waiting: a clock.
    Wait,
    /// Near the limit, or a warning: a triangle.
    Warn,
    /// Removing, closing.
    Cross,
}

impl Icon {
    /// Every icon, in the order of the sprite.
    pub const ALL: [Self; 48] = [
        Self::Arrow,
        Self::Audit,
        Self::Back,
        Self::Bell,
        Self::Chart,
        Self::Copy,
        Self::Data,
        Self::Deploy,
        Self::Lower,
        Self::Down,
        Self::Download,
        Self::External,
        Self::Fail,
        Self::File,
        Self::Filter,
        Self::Flag,
        Self::Home,
        Self::Info,
        Self::Key,
        Self::Layers,
        Self::Left,
        Self::Link,
        Self::Models,
        Self::Moon,
        Self::More,
        Self::Absent,
        Self::Out,
        Self::Pass,
        Self::Pen,
        Self::People,
        Self::Person,
        Self::Play,
        Self::Plus,
        Self::Policy,
        Self::Release,
        Self::Review,
        Self::Right,
        Self::Same,
        Self::Seal,
        Self::Search,
        Self::Sort,
        Self::Stop,
        Self::Sun,
        Self::Up,
        Self::Upload,
        Self::Wait,
        Self::Warn,
        Self::Cross,
    ];

    /// Name of its symbol, without the prefix.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrow => "arrow",
            Self::Audit => "audit",
            Self::Back => "back",
            Self::Bell => "bell",
            Self::Chart => "chart",
            Self::Copy => "copy",
            Self::Data => "data",
            Self::Deploy => "deploy",
            Self::Lower => "dn",
            Self::Down => "down",
            Self::Download => "download",
            Self::External => "external",
            Self::Fail => "fail",
            Self::File => "file",
            Self::Filter => "filter",
            Self::Flag => "flag",
            Self::Home => "home",
            Self::Info => "info",
            Self::Key => "key",
            Self::Layers => "layers",
            Self::Left => "left",
            Self::Link => "link",
            Self::Models => "models",
            Self::Moon => "moon",
            Self::More => "more",
            Self::Absent => "none",
            Self::Out => "out",
            Self::Pass => "pass",
            Self::Pen => "pen",
            Self::People => "people",
            Self::Person => "person",
            Self::Play => "play",
            Self::Plus => "plus",
            Self::Policy => "policy",
            Self::Release => "release",
            Self::Review => "review",
            Self::Right => "right",
            Self::Same => "same",
            Self::Seal => "seal",
            Self::Search => "search",
            Self::Sort => "sort",
            Self::Stop => "stop",
            Self::Sun => "sun",
            Self::Up => "up",
            Self::Upload => "upload",
            Self::Wait => "wait",
            Self::Warn => "warn",
            Self::Cross => "x",
        }
    }

    /// The icon beside words that say the same: silent for screen readers.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg class="icon" aria-hidden="true">
                <use_ href=format!("#i-{}", self.name())/>
            </svg>
        }
    }

    /// The icon where it stands in for a word.
    pub fn labelled(self, label: impl Into<String>) -> impl IntoView {
        view! {
            <svg class="icon" role="img" aria-label=label.into()>
                <use_ href=format!("#i-{}", self.name())/>
            </svg>
        }
    }

    /// Its strokes on a 16 by 16 grid.
    const fn strokes(self) -> &'static str {
        match self {
            Self::Arrow => r#"<path d="M2.5 8h11M9.5 4l4 4-4 4"/>"#,
            Self::Audit => {
                r#"<path d="M3.5 1.8h9v12.4l-1.5-1-1.5 1-1.5-1-1.5 1-1.5-1-1.5 1z"/><path d="M6 5.2h4M6 8.2h4"/>"#
            }
            Self::Back => r#"<path d="M6 3 2.5 6.5 6 10M2.5 6.5h7a4 4 0 0 1 0 7H6"/>"#,
            Self::Bell => r#"<path d="M3.5 11.5V7a4.5 4.5 0 0 1 9 0v4.5zM6.5 13.8h3"/>"#,
            Self::Chart => r#"<path d="M2.5 13.5h11M4.5 11V7.5M8 11V3.5M11.5 11V6"/>"#,
            Self::Copy => r#"<path d="M5.5 5.5h8v8h-8z"/><path d="M10.5 5.5v-3h-8v8h3"/>"#,
            Self::Data => {
                r#"<path d="M2.8 4c0-1.2 2.3-2 5.2-2s5.2.8 5.2 2-2.3 2-5.2 2-5.2-.8-5.2-2zM2.8 4v8c0 1.2 2.3 2 5.2 2s5.2-.8 5.2-2V4M2.8 8c0 1.2 2.3 2 5.2 2s5.2-.8 5.2-2"/>"#
            }
            Self::Deploy => {
                r#"<path d="M8 10.5V2.5M5 5.3 8 2.3l3 3"/><path d="M2.5 9.5v3a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-3"/>"#
            }
            Self::Lower => r#"<path d="M8 3v10M4 9l4 4 4-4"/>"#,
            Self::Down => r#"<path d="m3.5 6 4.5 4.5L12.5 6"/>"#,
            Self::Download => r#"<path d="M8 2.5v8M5 7.7l3 3 3-3M2.5 13.5h11"/>"#,
            Self::External => r#"<path d="M9.5 2.5h4v4M13.3 2.7 7.5 8.5M6.5 3.5h-4v10h10v-4"/>"#,
            Self::Fail => {
                r#"<path d="M5.6 2h4.8L14 5.6v4.8L10.4 14H5.6L2 10.4V5.6z"/><path d="m6 6 4 4M10 6l-4 4"/>"#
            }
            Self::File => r#"<path d="M3.5 1.8h5.7l3.3 3.3v9.1h-9z"/><path d="M9 2v3.5h3.5"/>"#,
            Self::Filter => r#"<path d="M2.5 3.5h11L9.3 8.5v4l-2.6 1v-5z"/>"#,
            Self::Flag => r#"<path d="M3.5 14V2.5M3.5 3h8.5l-2 3 2 3H3.5"/>"#,
            Self::Home => {
                r#"<path d="M2.5 7.2 8 2.5l5.5 4.7V13a.5.5 0 0 1-.5.5H9.8V9.8H6.2v3.7H3a.5.5 0 0 1-.5-.5z"/>"#
            }
            Self::Info => r#"<circle cx="8" cy="8" r="6"/><path d="M8 7.3v3.5M8 5.2v.1"/>"#,
            Self::Key => r#"<circle cx="5.2" cy="10.8" r="2.7"/><path d="m7.2 8.8 6-6M10.8 5.2l2 2"/>"#,
            Self::Layers => r#"<path d="m8 2 6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3"/>"#,
            Self::Left => r#"<path d="M10 3.5 5.5 8l4.5 4.5"/>"#,
            Self::Link => {
                r#"<path d="M6.5 9.5 9.5 6.5M7 4.5l1.7-1.7a3.2 3.2 0 0 1 4.5 4.5L11.5 9M9 11.5l-1.7 1.7a3.2 3.2 0 0 1-4.5-4.5L4.5 7"/>"#
            }
            Self::Models => {
                r#"<path d="m8 1.8 5.5 3v6.4l-5.5 3-5.5-3V4.8z"/><path d="M2.7 4.9 8 7.8l5.3-2.9M8 7.8v6.2"/>"#
            }
            Self::Moon => r#"<path d="M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2z"/>"#,
            Self::More => r#"<path d="M3 8h.1M8 8h.1M13 8h.1" stroke-width="2.2"/>"#,
            Self::Absent => r#"<circle cx="8" cy="8" r="6" stroke-dasharray="2.3 2.4"/>"#,
            Self::Out => r#"<path d="M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3"/>"#,
            Self::Pass => r#"<circle cx="8" cy="8" r="6"/><path d="m5.3 8.2 1.9 1.9 3.5-4"/>"#,
            Self::Pen => r#"<path d="M10.8 2.7 13.3 5.2 5.5 13H3v-2.5zM9 4.5 11.5 7"/>"#,
            Self::People => {
                r#"<circle cx="6" cy="5.3" r="2.5"/><path d="M1.8 13.5c.3-2.6 2-4 4.2-4s3.9 1.4 4.2 4M10.5 3.1a2.5 2.5 0 0 1 0 4.4M12 9.9c1.3.6 2 1.9 2.2 3.6"/>"#
            }
            Self::Person => {
                r#"<circle cx="8" cy="5.3" r="2.7"/><path d="M3 13.8c.4-2.8 2.3-4.3 5-4.3s4.6 1.5 5 4.3"/>"#
            }
            Self::Play => r#"<path d="M5 3.2 12.5 8 5 12.8z"/>"#,
            Self::Plus => r#"<path d="M8 3v10M3 8h10"/>"#,
            Self::Policy => r#"<path d="M8 1.8 13 3.6v4c0 3.3-2.2 5.5-5 6.6-2.8-1.1-5-3.3-5-6.6v-4z"/>"#,
            Self::Release => {
                r#"<path d="M5.2 9.5C6.3 8.6 5.6 7 5.4 5.8a2.6 2.6 0 1 1 5.2 0c-.2 1.2-.9 2.8.2 3.7"/><path d="M3 9.5h10v2.3H3zM3.5 14h9"/>"#
            }
            Self::Review => {
                r#"<path d="M3 2.5h10v11H3z"/><path d="m5.5 6 1 1 1.7-2M5.5 10.5l1 1 1.7-2M10 6.2h1M10 10.7h1"/>"#
            }
            Self::Right => r#"<path d="m6 3.5 4.5 4.5L6 12.5"/>"#,
            Self::Same => r#"<path d="M3 6h10M3 10h10"/>"#,
            Self::Seal => {
                r#"<path d="m8 1.5 1.7 1.4 2.2-.2.5 2.1 1.8 1.2-.8 2 .8 2-1.8 1.2-.5 2.1-2.2-.2L8 14.5l-1.7-1.4-2.2.2-.5-2.1-1.8-1.2.8-2-.8-2 1.8-1.2.5-2.1 2.2.2z"/><path d="m5.7 8.1 1.7 1.7 3-3.4"/>"#
            }
            Self::Search => r#"<circle cx="7" cy="7" r="4.3"/><path d="m10.3 10.3 3.5 3.5"/>"#,
            Self::Sort => r#"<path d="m5 6 3-3 3 3M5 10l3 3 3-3"/>"#,
            Self::Stop => r#"<path d="M4 4h8v8H4z"/>"#,
            Self::Sun => {
                r#"<circle cx="8" cy="8" r="2.8"/><path d="M8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M3.6 12.4l1-1M11.4 4.6l1-1"/>"#
            }
            Self::Up => r#"<path d="M8 13V3M4 7l4-4 4 4"/>"#,
            Self::Upload => r#"<path d="M8 10.5v-8M5 5.3l3-3 3 3M2.5 13.5h11"/>"#,
            Self::Wait => r#"<circle cx="8" cy="8" r="6"/><path d="M8 4.7V8l2.2 1.6"/>"#,
            Self::Warn => r#"<path d="M8 2.2 14.3 13.3H1.7z"/><path d="M8 6.5v3M8 11.4v.1"/>"#,
            Self::Cross => r#"<path d="m4 4 8 8M12 4l-8 8"/>"#,
        }
    }
}

/// The hatchings of charts; here because a pattern must be in the page once.
const PATTERNS: &str = r#"<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch-line" d="M0 0v7"/></pattern><pattern id="freeze" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path class="freeze-line" d="M0 0v6"/></pattern></defs>"#;

static SPRITE: LazyLock<String> = LazyLock::new(|| {
    let mut sprite = String::new();
    for icon in Icon::ALL {
        let (name, strokes) = (icon.name(), icon.strokes());
        // Writing to a String cannot fail.
        let _ = write!(
            sprite,
            r#"<symbol id="i-{name}" viewBox="0 0 16 16">{strokes}</symbol>"#
        );
    }
    sprite.push_str(PATTERNS);
    sprite
});

/// All symbols, once a page, before anything that shows one.
#[component]
pub fn Sprite() -> impl IntoView {
    view! { <svg class="sprite" aria-hidden="true" focusable="false" inner_html=SPRITE.as_str()></svg> }
}

/// The mark of the product.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true">
            <path
                d="M12 2.2 20.5 6v6.2c0 5-3.6 8.2-8.5 9.7-4.9-1.5-8.5-4.7-8.5-9.7V6z"
                fill="currentColor"
            />
            <path class="mark-tick" d="m7.6 12.2 2.7 2.7 2.2-2.5M11.2 14.9 16.6 8.8"/>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_icon_has_its_own_symbol() {
        let names: HashSet<_> = Icon::ALL.map(Icon::name).into_iter().collect();
        assert_eq!(names.len(), Icon::ALL.len());
        for name in names {
            assert!(SPRITE.contains(&format!(r#"<symbol id="i-{name}""#)));
        }
    }
}
