//! A deployment's steps as they happen, as server-sent events.
//!
//! `step` events carry a step as JSON under its id, so that a reader who lost the connection goes on where it was;
//! `state` events carry the deployment's state; after `end` there is nothing more, and the stream closes.
use crate::{
    asked::SignedIn,
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
use backend::{Failure, portal::News};
use domain::{Actor, deployment::State as Deployed, id::DeploymentId};
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

pub async fn follow(
    State(served): State<Served>,
    SignedIn(asker): SignedIn,
    Path(id): Path<DeploymentId>,
    Query(from): Query<From>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let turn = served.streams().try_acquire_owned().map_err(|_| {
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "busy",
            "Busy",
            "Too many pages are open live; load this one again.",
        )
    })?;
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(|id| id.parse().ok());
    let mut follower = Follower {
        news: served.portal().news(),
        stopping: served.stopping(),
        after: last.unwrap_or(from.after),
        actor: asker.actor,
        said: None,
        over: false,
        waiting: VecDeque::new(),
        served,
        id,
        _turn: turn,
    };
    // The first look is part of the request: who may not see it is told so by its status.
    follower.look().await?;
    let events = Sse::new(events(follower)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    response
        .headers_mut()
        .insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

struct Follower {
    served: Served,
    actor: Actor,
    id: DeploymentId,
    after: i64,
    news: broadcast::Receiver<News>,
    stopping: watch::Receiver<bool>,
    said: Option<Deployed>,
    over: bool,
    waiting: VecDeque<Event>,
    _turn: OwnedSemaphorePermit,
}

fn events(follower: Follower) -> impl Stream<Item = Result<Event, axum::Error>> {
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

impl Follower {
    /// Reads what is new. Who may see it is asked each time.
    async fn look(&mut self) -> Result<(), Failure> {
        let portal = self.served.portal();
        let (state, steps) =
            backend::deployment::steps_after(portal, &self.actor, self.id, self.after).await?;
        for step in steps {
            self.after = self.after.max(step.id);
            self.waiting.push_back(
                Event::default()
                    .event("step")
                    .id(step.id.to_string())
                    .data(serde_json::to_string(&step)?),
            );
        }
        if self.said != Some(state) {
            self.said = Some(state);
            self.waiting
                .push_back(Event::default().event("state").data(state.as_str()));
        }
        if state.is_over() {
            self.over = true;
            self.waiting
                .push_back(Event::default().event("end").data(state.as_str()));
        }
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
                    Ok(News::Deployment(id)) if id != self.id => {}
                    // Of this deployment, or so much that some was lost.
                    Ok(News::Deployment(_)) | Err(broadcast::error::RecvError::Lagged(_)) => return true,
                    Err(broadcast::error::RecvError::Closed) => return false,
                },
            }
        }
    }
}
