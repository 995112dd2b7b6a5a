//! A deployment's steps: drawn on the server, and while it is at work continued by an island as they happen.
use crate::ui::{LogPane, Step as StepLine, StepList, StepState, time};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{deployment::State, view::deployment::Step};
use leptos::{
    prelude::*,
    wasm_bindgen::{JsCast, closure::Closure},
};
use web_sys::{EventSource, MessageEvent};

/// Steps in the order in which they began, and below them what the target said.
#[component]
pub fn Steps(
    steps: Vec<Step>,
    /// Whether the deployment is over: then what has no end was broken off.
    #[prop(optional)]
    over: bool,
) -> impl IntoView {
    let lines = steps
        .iter()
        .filter(|step| step.state == "log")
        .map(|step| (step.at.format("%H:%M:%S").to_string(), step.line.clone()))
        .collect::<Vec<_>>();
    let stages = stages(&steps)
        .into_iter()
        .map(|stage| match stage.state {
            StepState::Running if over => Stage {
                state: StepState::Failed,
                why: "Broken off.".to_owned(),
                ..stage
            },
            _ => stage,
        })
        .map(|stage| {
            let took = stage.until.map(|until| took(until - stage.from));
            view! {
                <StepLine name=stage.name state=stage.state when=took.unwrap_or_default()>
                    {stage.why}
                </StepLine>
            }
        })
        .collect_view();
    view! {
        <StepList label="Steps">{stages}</StepList>
        <LogPane label="What the target said" lines/>
    }
}

/// How long something took, as short as it was.
pub fn took(length: TimeDelta) -> String {
    if length < TimeDelta::seconds(1) {
        "under a second".to_owned()
    } else {
        time::span(length)
    }
}

/// One step from its begin to its end.
#[derive(Debug, PartialEq)]
struct Stage {
    name: String,
    state: StepState,
    from: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    /// Why it failed.
    why: String,
}

/// Begins and ends brought together. What begins twice (a server that was started again) stands twice.
fn stages(steps: &[Step]) -> Vec<Stage> {
    let mut stages: Vec<Stage> = Vec::new();
    for step in steps {
        let state = match step.state.as_str() {
            "started" => StepState::Running,
            "done" => StepState::Done,
            "failed" => StepState::Failed,
            _ => continue,
        };
        let begun = stages
            .iter_mut()
            .rev()
            .find(|stage| stage.name == step.name && stage.until.is_none());
        match begun {
            Some(stage) if state != StepState::Running => {
                stage.state = state;
                stage.until = Some(step.at);
                stage.why.clone_from(&step.line);
            }
            _ => stages.push(Stage {
                name: step.name.clone(),
                state,
                from: step.at,
                until: (state != StepState::Running).then_some(step.at),
                why: step.line.clone(),
            }),
        }
    }
    stages
}

/// What the island knows, and keeps up to date.
#[derive(Clone, Copy)]
struct Live {
    steps: RwSignal<Vec<Step>>,
    state: RwSignal<State>,
    lost: RwSignal<bool>,
}

impl Live {
    fn words(self) -> &'static str {
        match (self.lost.get(), self.state.get()) {
            (true, _) => "The live view was lost; look again for what happened since.",
            (false, State::Queued) => "Waits for a worker; this page shows its steps as they happen.",
            (false, State::Running) => "At work; this page shows its steps as they happen.",
            (false, _) => "Over; this page is loaded once more.",
        }
    }
}

/// The steps of a deployment that is not over yet. Without a script it is what it was when the page was loaded.
#[island]
pub fn Follow(id: i64, state: State, steps: Vec<Step>) -> impl IntoView {
    let live = Live {
        steps: RwSignal::new(steps),
        state: RwSignal::new(state),
        lost: RwSignal::new(false),
    };
    Effect::new(move || listen(id, live));
    view! {
        <p class="log-empty" role="status">{move || live.words()}</p>
        {move || view! { <Steps steps=live.steps.get()/> }}
    }
}

/// Listens to the deployment's events until it is over. The browser connects again by itself where a connection breaks,
/// and says which step it saw last.
fn listen(id: i64, live: Live) {
    let after = live
        .steps
        .with_untracked(|steps| steps.last().map_or(0, |step| step.id));
    let Some(source) = events(&format!("/deployments/{id}/events?after={after}"), live.lost) else {
        return;
    };
    on(&source, "step", move |event| {
        let step = event
            .data()
            .as_string()
            .and_then(|data| serde_json::from_str::<Step>(&data).ok());
        let Some(step) = step else { return };
        let is_new = live
            .steps
            .with_untracked(|steps| steps.last().is_none_or(|last| last.id < step.id));
        if is_new {
            live.steps.update(|steps| steps.push(step));
        }
    });
    on(&source, "state", move |event| {
        if let Some(state) = event.data().as_string() {
            live.state.set(State::from_stored(&state));
        }
    });
}

/// The events of something under way. When it is over the page is loaded once more; `lost` says when the browser has
/// given up listening.
pub fn events(address: &str, lost: RwSignal<bool>) -> Option<EventSource> {
    let Ok(source) = EventSource::new(address) else {
        lost.set(true);
        return None;
    };
    let ending = source.clone();
    on(&source, "end", move |_| {
        ending.close();
        // A browser that refuses to load leaves the page as it is, with a link that does the same.
        let _ = location().reload();
    });
    let failing = source.clone();
    on(&source, "error", move |_| {
        lost.set(failing.ready_state() == EventSource::CLOSED);
    });
    Some(source)
}

/// Listens for as long as the page is open.
pub fn on(source: &EventSource, name: &str, act: impl FnMut(MessageEvent) + 'static) {
    let act = Closure::<dyn FnMut(MessageEvent)>::new(act).into_js_value();
    // Only a listener that is no function is refused.
    let _ = source.add_event_listener_with_callback(name, act.unchecked_ref());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(id: i64, name: &str, state: &str, line: &str) -> Step {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(id);
        Step {
            id,
            at,
            name: name.into(),
            state: state.into(),
            line: line.into(),
        }
    }

    #[test]
    fn begins_and_ends_are_brought_together() {
        let steps = [
            step(1, "Check", "started", ""),
            step(2, "Check", "done", ""),
            step(3, "Start", "started", ""),
            step(4, "Start", "log", "hello"),
            step(7, "Start", "failed", "no port"),
            step(9, "Start", "started", ""),
        ];
        let stages = stages(&steps);
        let states: Vec<_> = stages
            .iter()
            .map(|stage| (stage.name.as_str(), stage.state))
            .collect();
        assert_eq!(
            states,
            [
                ("Check", StepState::Done),
                ("Start", StepState::Failed),
                ("Start", StepState::Running)
            ]
        );
        assert_eq!(stages[1].until, Some(steps[4].at));
        assert_eq!(stages[1].why, "no port");
    }

    #[test]
    fn an_end_without_a_begin_is_shown_too() {
        assert_eq!(stages(&[step(1, "Check", "done", "")])[0].state, StepState::Done);
        assert_eq!(took(TimeDelta::milliseconds(20)), "under a second");
    }
}
