//! What stands around every page: the document, the navigation, the bar on top, the account menu.
use crate::{
    App,
    ui::{Icon, Mark, Slot, Sprite, number::thousands, time},
};
use chrono::{DateTime, Utc};
use leptos::{hydration::HydrationScripts, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

/// How the reader wants pages to look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    const fn attribute(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The signed-in person, as the account menu shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonLine {
    /// Full name.
    pub name: String,
    /// Two letters.
    pub initials: String,
    /// Roles in words: "Manager, auditor".
    pub roles: String,
}

/// What the frame of a page needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Nobody on pages that anyone may read.
    pub person: Option<PersonLine>,
    /// Releases and reviews that wait for this person.
    pub waiting: u32,
    /// To which entry the log was verified, and when; none before the first checkpoint.
    pub verified: Option<(i64, DateTime<Utc>)>,
    /// What is wrong with the log, where something is.
    pub problem: Option<String>,
    /// The time of this request.
    pub now: DateTime<Utc>,
    /// Path of this page, for `aria-current`.
    pub path: String,
}

/// The whole document around the application, whose pages stand in [`Shell`] or [`SignedOut`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = use_context::<Theme>().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" type="image/svg+xml" href="/favicon.svg"/>
                <HashedStylesheet options=options.clone()/>
                <HydrationScripts options islands=true/>
                <MetaTags/>
            </head>
            <body>
                <Sprite/>
                <App/>
            </body>
        </html>
    }
}

/// A place of the navigation.
struct Place {
    href: &'static str,
    label: &'static str,
    icon: Icon,
    /// Whether it is in the bottom bar of narrow screens; else it is behind *More*.
    bar: bool,
}

const fn place(href: &'static str, label: &'static str, icon: Icon, bar: bool) -> Place {
    Place {
        href,
        label,
        icon,
        bar,
    }
}

const WORK: [Place; 6] = [
    place("/", "Home", Icon::Home, true),
    place("/models", "Models", Icon::Models, true),
    place("/releases", "Releases", Icon::Release, false),
    place("/reviews", "Reviews", Icon::Review, false),
    place("/deployments", "Deployments", Icon::Deploy, true),
    place("/audit", "Audit", Icon::Audit, true),
];

const GOVERN: [Place; 4] = [
    place("/policies", "Policies", Icon::Policy, false),
    place("/templates", "Templates", Icon::Review, false),
    place("/environments", "Environments", Icon::Layers, false),
    place("/people", "People", Icon::People, false),
];

impl Place {
    /// "page" on the page itself, "true" on the pages below it.
    fn current(&self, path: &str) -> Option<&'static str> {
        if path == self.href {
            return Some("page");
        }
        let below = self.href != "/"
            && path
                .strip_prefix(self.href)
                .is_some_and(|rest| rest.starts_with('/'));
        below.then_some("true")
    }

    fn link(&self, path: &str, count: Option<AnyView>) -> impl IntoView + use<> {
        view! {
            <a href=self.href aria-current=self.current(path)>
                {self.icon.view()}
                {self.label}
                {count}
            </a>
        }
    }
}

/// Everything around a signed-in page.
#[component]
pub fn Shell(
    frame: Frame,
    /// The form that signs out; its button is [`SignOutButton`].
    #[prop(optional, into)]
    sign_out: Slot,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="shell">
            {nav(&frame)}
            {topbar(&frame, sign_out)}
            <main id="main" class="page" tabindex="-1">
                {children()}
            </main>
        </div>
        {more(&frame.path)}
    }
}

fn brand(label: Option<&'static str>) -> impl IntoView {
    view! {
        <a class="brand" href="/" aria-label=label>
            <Mark/>
            <span>"Countersign"</span>
        </a>
    }
}

/// Of ten or more it is enough to know that.
fn count(waiting: u32) -> String {
    if waiting < 10 {
        waiting.to_string()
    } else {
        "9+".to_owned()
    }
}

fn nav(frame: &Frame) -> impl IntoView + use<> {
    let work = WORK
        .iter()
        .map(|place| {
            let waiting = (place.href == "/" && frame.waiting > 0).then(|| {
                view! {
                    <span class="nav-count">
                        {count(frame.waiting)}
                        <span class="hidden-visually">" waiting"</span>
                    </span>
                }
                .into_any()
            });
            let rank = (!place.bar).then_some("third");
            view! { <li data-rank=rank>{place.link(&frame.path, waiting)}</li> }
        })
        .collect_view();
    let govern = GOVERN
        .iter()
        .map(|place| view! { <li>{place.link(&frame.path, None)}</li> })
        .collect_view();
    view! {
        <nav class="nav" aria-label="Main">
            {brand(None)}
            <div>
                <ul>
                    {work}
                    <li class="nav-more">
                        <button type="button" popovertarget="more">
                            {Icon::More.view()}
                            "More"
                        </button>
                    </li>
                </ul>
            </div>
            <div data-rank="second">
                <p class="nav-label">"Govern"</p>
                <ul>{govern}</ul>
            </div>
            <a class="nav-proof" href="/audit#proof" data-sealed=frame.verified.is_some() && frame.problem.is_none() data-broken=frame.problem.is_some()>
                {match (&frame.problem, frame.verified) {
                    (Some(_), _) => Icon::Fail,
                    (None, Some(_)) => Icon::Seal,
                    (None, None) => Icon::Wait,
                }
                    .view()}
                <span>{verified(frame)}</span>
            </a>
        </nav>
    }
}

/// "Log verified to entry 48 213, 2 minutes ago", or that there is nothing to verify yet.
fn verified(frame: &Frame) -> impl IntoView + use<> {
    if frame.problem.is_some() {
        return view! { <b>"The log does not verify"</b> ", see what is wrong" }.into_any();
    }
    match frame.verified {
        Some((entries, at)) => {
            let entries = thousands(u64::try_from(entries).unwrap_or(0));
            let now = frame.now;
            view! { <b>"Log verified"</b> " to entry " {entries} ", " <time::When at now/> }.into_any()
        }
        None => view! { <b>"Not yet sealed"</b> ", the first checkpoint is to come" }.into_any(),
    }
}

fn topbar(frame: &Frame, sign_out: Slot) -> impl IntoView + use<> {
    const SEARCH: &str = "Search models by name, purpose, owner or digest";
    view! {
        <header class="topbar">
            {brand(Some("Countersign, home"))}
            <form class="search" role="search" method="get" action="/models">
                {Icon::Search.view()}
                <input type="search" name="q" aria-label=SEARCH placeholder="Search models, owners, digests"/>
            </form>
            {match frame.person.clone() {
                Some(person) => account(person, sign_out).into_any(),
                None => view! { <a class="button push" href="/sign-in">"Sign in"</a> }.into_any(),
            }}
        </header>
    }
}

fn account(person: PersonLine, sign_out: Slot) -> impl IntoView {
    let theme = use_context::<Theme>().unwrap_or_default();
    view! {
        <details class="person">
            <summary>
                <span class="avatar" aria-hidden="true">{person.initials}</span>
                <span>
                    {person.name.clone()}
                    <span class="hidden-visually">", account menu"</span>
                </span>
                {Icon::Down.view()}
            </summary>
            <div class="menu">
                <p>
                    <strong>{person.name}</strong>
                    <br/>
                    {person.roles}
                </p>
                <a href="/account#appearance">
                    {Icon::Moon.view()}
                    {format!("Appearance: {}", theme.word())}
                </a>
                <a href="/account">
                    {Icon::Key.view()}
                    "Sessions and tokens"
                </a>
                {sign_out.map(|form| view! { <hr/> {form} })}
            </div>
        </details>
    }
}

/// The button of the form that signs out, as the account menu wants it.
#[component]
pub fn SignOutButton() -> impl IntoView {
    view! {
        <button type="submit">
            {Icon::Out.view()}
            "Sign out"
        </button>
    }
}

/// The places that are not in the bottom bar; opens without a script.
fn more(path: &str) -> impl IntoView + use<> {
    let links = WORK
        .iter()
        .chain(&GOVERN)
        .filter(|place| !place.bar)
        .map(|place| place.link(path, None))
        .collect_view();
    view! {
        <div class="popover sheet" id="more" popover="auto" role="group" aria-label="More places">
            {links}
        </div>
    }
}

/// Pages before signing in: the mark, the form, and what is written to the log.
#[component]
pub fn SignedOut(
    #[prop(into)] title: String,
    /// State of the log, if it is known.
    #[prop(optional_no_strip, into)]
    frame: Option<Frame>,
    children: Children,
) -> impl IntoView {
    let log = frame.as_ref().map(|frame| view! { <br/> {verified(frame)} "." });
    view! {
        <div class="gate-keeper">
            <main id="main">
                <div class="stack" data-gap="tight">
                    {brand(None)}
                    <h1>{title}</h1>
                </div>
                {children()}
            </main>
            <footer>"Every sign-in, good or bad, is written to the log." {log}</footer>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(path: &str) -> Frame {
        Frame {
            person: Some(PersonLine {
                name: "Grace Lindqvist".to_owned(),
                initials: "GL".to_owned(),
                roles: "Manager".to_owned(),
            }),
            waiting: 3,
            verified: None,
            problem: None,
            now: DateTime::UNIX_EPOCH,
            path: path.to_owned(),
        }
    }

    #[test]
    fn the_place_above_a_page_is_marked() {
        let models = &WORK[1];
        assert_eq!(models.current("/models"), Some("page"));
        assert_eq!(models.current("/models/credit-risk/versions/14"), Some("true"));
        assert_eq!(models.current("/models-of-others"), None);
        assert_eq!(WORK[0].current("/models"), None);
    }

    #[test]
    fn a_page_has_one_main_and_says_what_waits() {
        let html = view! { <Shell frame=frame("/")>"Hello"</Shell> }.to_html();
        assert_eq!(html.matches("<main").count(), 1);
        assert!(
            html.contains("Not yet sealed") && html.contains(" waiting"),
            "{html}"
        );
        assert!(!html.contains("style="), "{html}");
    }
}
