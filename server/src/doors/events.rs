//! What is under way, as it happens, as server-sent events: a deployment's steps, an evaluation's progress.
//!
//! Of a deployment, `step` events carry a step as JSON under its id, so that a reader who lost the connection goes on
//! where it was, and `state` events carry its state. Of an evaluation on its way, `progress` events carry how far it is
//! as JSON. After `end` there is nothing more, and the stream closes.
use crate::{
    asked::{Asker, SignedIn},
    problem::Problem,
    rest::extract::{Path, Query},
    served::Served,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use backend::{Failure, Portal, portal::News};
use domain::{
    Actor,
    deployment::State as Deployed,
    id::{DeploymentId, JobId},
    view::evaluation::Progress,
};
use futures::{Stream, stream};
use serde::Deserialize;
use std::{collections::VecDeque, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, broadcast, watch};

/// News can come from another portal on the same database, which this one doesn't hear: it looks by itself too.
const LOOK: Duration = Duration::from_secs(3);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct From {
    /// Steps after this one; what `Last-Event-ID` says goes first.
    after: i64,
}

pub async fn deployment(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<DeploymentId>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
    let steps = Steps {
        id,
        after: last.unwrap_or(from.after),
        said: None,
    };
    follow(served, asker, steps).await
}

pub async fn job(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<JobId>,
) -> Result<Response, Problem> {
    follow(served, asker, Computing { id, said: None }).await
}

/// Something that is watched until it is over.
trait UnderWay: Send + 'static {
    fn is_meant(&self, news: News) -> bool;

    /// What is new, and whether that was all. Who may see it is asked each time.
    fn look(
        &mut self,
        portal: &Portal,
        actor: &Actor,
    ) -> impl Future<Output = Result<(Vec<Event>, bool), Failure>> + Send;
}

/// The steps of a deployment.
struct Steps {
    id: DeploymentId,
    after: i64,
    said: Option<Deployed>,
}

impl UnderWay for Steps {
    fn is_meant(&self, news: News) -> bool {
        matches!(news, News::Deployment(id) if id == self.id)
    }

    async fn look(&mut self, portal: &Portal, actor: &Actor) -> Result<(Vec<Event>, bool), Failure> {
        let (state, steps) = backend::deployment::steps_after(portal, actor, self.id, self.after).await?;
        let mut events = Vec::new();
        for step in steps {
            self.after = self.after.max(step.id);
            let event = Event::default().event("step").id(step.id.to_string());
            events.push(event.data(serde_json::to_string(&step)?));
        }
        if self.said != Some(state) {
            self.said = Some(state);
            events.push(Event::default().event("state").data(state.as_str()));
        }
        if state.is_over() {
            events.push(Event::default().event("end").data(state.as_str()));
        }
        Ok((events, state.is_over()))
    }
}

/// How far an evaluation is.
struct Computing {
    id: JobId,
    said: Option<Progress>,
}

impl UnderWay for Computing {
    fn is_meant(&self, news: News) -> bool {
        matches!(news, News::Job(id) if id == self.id)
    }

    async fn look(&mut self, portal: &Portal, actor: &Actor) -> Result<(Vec<Event>, bool), Failure> {
        let job = backend::evaluation::show(portal, actor, self.id).await?;
        let mut events = Vec::new();
        if self.said != Some(job.progress) {
            self.said = Some(job.progress);
            let event = Event::default().event("progress");
            events.push(event.data(serde_json::to_string(&job.progress)?));
        }
        if job.state.is_over() {
            events.push(Event::default().event("end").data(job.state.as_str()));
        }
        Ok((events, job.state.is_over()))
    }
}

async fn follow(served: Served, asker: Asker, what: impl UnderWay) -> Result<Response, Problem> {
    let turn = served.streams().try_acquire_owned().map_err(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Busy",
            "Too many pages are open live; load this one again.",
        )
    })?;
    let mut follower = Follower {
        news: served.portal().news(),
        stopping: served.stopping(),
        actor: asker.actor,
        over: false,
        waiting: VecDeque::new(),
        served,
        what,
        _turn: turn,
    };
    // The first look is part of the request: who may not see it is told so by its status.
    follower.look().await?;
    let events = Sse::new(events(follower)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Follower<W> {
    served: Served,
    actor: Actor,
    what: W,
    news: broadcast::Receiver<News>,
    stopping: watch::Receiver<bool>,
    over: bool,
    waiting: VecDeque<Event>,
    _turn: OwnedSemaphorePermit,
}

fn events(follower: Follower<impl UnderWay>) -> impl Stream<Item = Result<Event, axum::Error>> {
    stream::unfold(follower, |mut follower| async move {
        loop {
            if let Some(event) = follower.waiting.pop_front() {
                return Some((Ok(event), follower));
            }
            if follower.over || !follower.wait().await {
                return None;
            }
            if let Err(failure) = follower.look().await {
                tracing::warn!(?failure, "a live stream ended early");
                return None;
            }
        }
    })
}

impl<W: UnderWay> Follower<W> {
    async fn look(&mut self) -> Result<(), Failure> {
        let (events, over) = self.what.look(self.served.portal(), &self.actor).await?;
        self.waiting.extend(events);
        self.over = over;
        Ok(())
    }

    /// Until something may be new; false when the portal stops.
    async fn wait(&mut self) -> bool {
        let late = tokio::time::sleep(LOOK);
        tokio::pin!(late);
        loop {
            tokio::select! {
                () = &mut late => return true,
                _ = self.stopping.wait_for(|stopping| *stopping) => return false,
                news = self.news.recv() => match news {
                    Ok(news) if !self.what.is_meant(news) => {}
                    // It is meant, or so much was told that some was lost.
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Err(broadcast::error::RecvError::Closed) => return false,
                },
            }
        }
    }
}
