//! How every page is made: load what it shows, put it in its frame, and say it in words when that fails.
use crate::{
    kept::Kept,
    problem::{Problem, sentence},
    shell::{Frame, PersonLine, Shell, SignOutButton},
    sign_in::SignOut,
    ui::{ButtonLink, EmptyState, ErrorSummary, PageHead},
};
use chrono::{DateTime, Utc};
use domain::{Actor, actor::Role, view::Around};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

/// What stands around a page, and what was kept for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Surroundings {
    pub around: Around,
    pub kept: Kept,
}

#[server]
pub async fn look_around() -> Result<Surroundings, Problem> {
    use axum::http::request::Parts;
    crate::ssr::as_visitor(|portal, visitor| async move {
        let around = backend::inbox::around(&portal, visitor.actor.as_ref()).await?;
        let parts = use_context::<Parts>();
        let kept = parts
            .and_then(|parts| parts.extensions.get::<Kept>().cloned())
            .unwrap_or_default();
        Ok(Surroundings { around, kept })
    })
    .await
}

/// The time of this request, for relative times.
#[derive(Clone, Copy, Debug)]
pub struct Now(pub DateTime<Utc>);

/// The time of this request.
pub fn now() -> DateTime<Utc> {
    use_context::<Now>().map_or(DateTime::UNIX_EPOCH, |now| now.0)
}

/// The person who reads. Every page but the door has one.
pub fn reader() -> Option<Actor> {
    use_context()
}

/// A page: its title in the browser, what it loads, and how that is shown. [`now`], [`reader`] and [`Kept::here`] work
/// inside `show`.
pub fn page<T, V>(
    load: impl Future<Output = Result<T, Problem>> + Send + 'static,
    title: impl FnOnce(&T) -> String + Send + 'static,
    show: impl FnOnce(T) -> V + Send + 'static,
) -> AnyView
where
    T: Send + 'static,
    V: IntoView + 'static,
{
    let path = use_location().pathname.get_untracked();
    Suspend::new(async move {
        let surroundings = look_around().await;
        let loaded = load.await;
        let Surroundings { around, kept } = match surroundings {
            Ok(surroundings) => surroundings,
            Err(problem) => return view! { <Broken problem/> }.into_any(),
        };
        provide_context(Now(around.now));
        provide_context(kept);
        if let Some(actor) = around.actor.clone() {
            provide_context(actor);
        }
        let content = match loaded {
            Ok(loaded) => {
                let title = format!("{} · Countersign", title(&loaded));
                view! { <Title text=title/> {show(loaded)} }.into_any()
            }
            Err(problem) => view! { <Broken problem/> }.into_any(),
        };
        framed(frame(&around, path), content)
    })
    .into_any()
}

/// What is shown, with everything that stands around it.
fn framed(frame: Frame, content: AnyView) -> AnyView {
    let sign_out = ServerAction::<SignOut>::new();
    let sign_out = view! { <ActionForm action=sign_out><SignOutButton/></ActionForm> };
    view! { <Shell frame sign_out>{content}</Shell> }.into_any()
}

pub(crate) fn frame(around: &Around, path: String) -> Frame {
    Frame {
        person: around.actor.as_ref().map(|actor| PersonLine {
            name: actor.name.clone(),
            initials: actor.initials(),
            roles: roles(actor),
        }),
        waiting: around.waiting,
        verified: around
            .verified
            .as_ref()
            .filter(|verified| verified.problem.is_none())
            .map(|verified| (verified.size, verified.at)),
        problem: around
            .verified
            .as_ref()
            .and_then(|verified| verified.problem.clone()),
        now: around.now,
        path,
    }
}

/// "Engineer, ethics reviewer".
pub(crate) fn roles(actor: &Actor) -> String {
    let mut words: Vec<String> = Vec::new();
    for role in &actor.roles {
        match role {
            Role::Reviewer => words.extend(
                actor
                    .disciplines
                    .iter()
                    .map(|discipline| format!("{discipline} reviewer")),
            ),
            role => words.push(role.to_string()),
        }
    }
    let words = words.join(", ");
    sentence(if words.is_empty() { "no role yet" } else { &words })
        .trim_end_matches('.')
        .to_owned()
}

/// What a page says when it can't show what was asked for.
#[component]
pub fn Broken(problem: Problem) -> impl IntoView {
    let (title, next) = match &problem {
        Problem::SignedOut => ("Please sign in", Some(("/sign-in", "Sign in"))),
        Problem::NotFound => ("Not found", Some(("/", "Go to what waits for you"))),
        Problem::Denied(_) => ("Not yours to see", Some(("/", "Go to what waits for you"))),
        _ => ("Something broke", Some(("", "Try again"))),
    };
    let action = next.map(|(href, words)| view! { <ButtonLink href>{words}</ButtonLink> }.into_any());
    view! {
        <Title text=format!("{title} · Countersign")/>
        <div class="stack">
            <PageHead title=title/>
            <EmptyState title=problem.sentence() action>
                "If someone sent you here, ask them whether the address is right. Addresses tell capital letters from small ones."
            </EmptyState>
        </div>
    }
}

/// What stands above a form that was refused: the fields to look at again, or the reason.
pub fn refusal(problem: Option<&Problem>) -> Option<impl IntoView + use<>> {
    problem.map(|problem| {
        let errors = problem.fields();
        let general = errors.is_empty().then(|| problem.sentence());
        view! { <ErrorSummary errors general/> }
    })
}

/// Nothing is at this address.
#[server]
pub async fn nothing_here() -> Result<(), Problem> {
    crate::ssr::as_visitor(|_, _| async move { Err(backend::Failure::NotFound) }).await
}

#[component]
pub fn Missing() -> impl IntoView {
    page(nothing_here(), |()| "Not found".to_owned(), |()| ())
}
