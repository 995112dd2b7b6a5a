//! This machine as a target: a real inference server for each deployment, behind an address that never changes.
//!
//! One MLServer (Open Inference Protocol, version 2) serves one model's version. It outlives the portal; the front
//! that callers reach it through lives in the portal and is opened again on the same port.
mod connection;
mod front;
mod mlserver;
mod place;
mod process;

pub use front::Fronts;

use crate::{Health, Host, Kind, Order, Running, Steps, Target, TargetError, artifact, failure::doing};
use async_trait::async_trait;
use mlserver::{ARTIFACT, Starting};
use place::{Place, Ports};
use process::Process;
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// How long requests under way may take when their server is replaced, and a server to end when asked.
const GRACE: Duration = Duration::from_secs(10);

/// How an environment on this machine is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LocalConfig {
    /// How long a server may take until it is ready, in seconds.
    pub start_timeout: u64,
}

impl Default for LocalConfig {
    fn default() -> Self {
        Self { start_timeout: 120 }
    }
}

pub(crate) struct Local {
    host: Host,
    http: reqwest::Client,
    start_timeout: Duration,
}

/// What a server serves: enough to start it again.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Plan {
    #[serde(flatten)]
    place: Place,
    deployment: i64,
    version: i64,
    framework: String,
    /// The artifact's name inside its folder.
    artifact: String,
    sha256: String,
}

/// A plan come true: what the portal stores.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Serving {
    #[serde(flatten)]
    plan: Plan,
    process: Process,
    ports: Ports,
    /// Where callers reach it.
    front: SocketAddr,
}

impl Local {
    pub(crate) fn new(config: &LocalConfig, host: &Host) -> Result<Self, TargetError> {
        if !host.mlserver.is_file() {
            return Err(TargetError::Unsuitable(format!(
                "There is no inference server at {}: install MLServer there, or say where it is.",
                host.mlserver.display(),
            )));
        }
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(Duration::from_secs(2))
            .build();
        let http =
            http.map_err(|error| TargetError::Unsuitable(format!("No HTTP client can be made: {error}.")))?;
        // MLServer is started inside its folder and recognised by it: the path must mean the same from everywhere.
        let work_dir = doing(
            "Finding the folder of deployments",
            std::path::absolute(&host.work_dir),
        )?;
        let start_timeout = Duration::from_secs(config.start_timeout);
        Ok(Self {
            host: Host {
                work_dir,
                ..host.clone()
            },
            http,
            start_timeout,
        })
    }

    fn folder(&self, plan: &Plan) -> PathBuf {
        plan.place.folder(&self.host.work_dir, plan.deployment)
    }

    async fn replace(
        &self,
        order: &Order,
        plan: Plan,
        previous: Option<&Serving>,
        steps: &dyn Steps,
    ) -> Result<Running, TargetError> {
        mlserver::implementation(&order.framework)?;
        self.clear(&plan.place, previous.map(|previous| &previous.plan))
            .await?;
        steps
            .during("Check the artifact", self.take_artifact(order, &plan))
            .await?;

        let (starting, ports) = self.start(&plan, steps).await?;

        let port = previous.map(|previous| previous.front.port());
        let lead = async { self.lead(&plan, ports, port) };
        let (front, before) = steps.during("Lead callers to the new version", lead).await?;
        let serving = Serving {
            plan,
            process: starting.keep(),
            ports,
            front,
        };

        if let Some(previous) = previous {
            // The new version serves by now: that the old one won't end is worth a word, not a failure.
            let _ = steps
                .during("Stop the previous version", self.retire(previous, before))
                .await;
        }
        serving.running()
    }

    async fn take_artifact(&self, order: &Order, plan: &Plan) -> Result<(), TargetError> {
        let Some(source) = order.artifact.path.clone() else {
            return Err(TargetError::Unsuitable(format!(
                "The portal has no copy of {}. Put it into one of the folders that COUNTERSIGN_ARTIFACTS names, and let the manifest say file:// or artifact:.",
                order.artifact.uri,
            )));
        };
        let (folder, permit) = (self.folder(plan), order.permit.clone());
        let (sha256, destination) = (plan.sha256.clone(), folder.join(ARTIFACT).join(&plan.artifact));
        blocking("Copying the artifact", move || {
            doing("Making the deployment's folder", fresh(&folder))?;
            artifact::copy(&source, &sha256, &destination)?;
            // By what right this is served, for whoever looks at the machine.
            doing(
                "Writing the permit",
                fs::write(folder.join("permit.json"), permit),
            )
        })
        .await
    }

    /// Starts a server on its folder and waits until it is healthy. Dropped before it is kept, it is ended.
    async fn start(&self, plan: &Plan, steps: &dyn Steps) -> Result<(Starting, Ports), TargetError> {
        let folder = self.folder(plan);
        let spawn = async {
            let implementation = mlserver::implementation(&plan.framework)?;
            let ports = doing("Finding free ports", Ports::free())?;
            let laid_out = mlserver::lay_out(
                &folder,
                &plan.place,
                plan.version,
                implementation,
                &plan.artifact,
                ports,
            );
            doing("Writing the server's settings", laid_out)?;
            Ok((Starting::spawn(&self.host.mlserver, &folder)?, ports))
        };
        let (mut starting, ports) = steps.during("Start the server", spawn).await?;

        let step = "Wait until it is ready";
        let urls = plan.ready_urls(ports.address());
        steps
            .during(
                step,
                starting.ready(&self.http, &urls, self.start_timeout, steps, step),
            )
            .await?;
        Ok((starting, ports))
    }

    fn lead(
        &self,
        plan: &Plan,
        ports: Ports,
        port: Option<u16>,
    ) -> Result<(SocketAddr, Option<Arc<front::Backend>>), TargetError> {
        let what = port.map_or_else(
            || "Finding an address for callers".to_owned(),
            |port| format!("Opening 127.0.0.1:{port}, the address that callers know,"),
        );
        doing(&what, self.host.fronts.lead(&plan.place, port, ports.address()))
    }

    async fn retire(
        &self,
        previous: &Serving,
        before: Option<Arc<front::Backend>>,
    ) -> Result<(), TargetError> {
        if let Some(before) = before {
            before.drain(GRACE).await;
        }
        self.end(previous).await
    }

    async fn end(&self, serving: &Serving) -> Result<(), TargetError> {
        doing(
            "Stopping the server",
            serving.process.stop(&self.folder(&serving.plan), GRACE).await,
        )
    }

    /// Ends what an interrupted deployment left behind in this place, and drops artifacts nobody will start again.
    async fn clear(&self, place: &Place, keep: Option<&Plan>) -> Result<(), TargetError> {
        let kept = keep.map(|plan| self.folder(plan));
        for folder in place.folders(&self.host.work_dir).unwrap_or_default() {
            if kept.as_ref() == Some(&folder) {
                continue;
            }
            for left in Process::serving(&folder) {
                doing("Stopping a server left behind", left.stop(&folder, GRACE).await)?;
            }
            if let Err(error) = remove(&folder.join(ARTIFACT)) {
                tracing::warn!(%error, folder = %folder.display(), "an old artifact can't be removed");
            }
        }
        Ok(())
    }

    fn turn(&self, place: &Place) -> Result<tokio::sync::OwnedMutexGuard<()>, TargetError> {
        self.host.fronts.turn(place).ok_or_else(|| TargetError::Busy {
            model: place.model.clone(),
            environment: place.environment.clone(),
        })
    }
}

#[async_trait]
impl Target for Local {
    fn kind(&self) -> &'static str {
        "local"
    }

    async fn deploy(&self, order: &Order, steps: &dyn Steps) -> Result<Running, TargetError> {
        let previous: Option<Serving> = order.previous.as_ref().map(Running::read).transpose()?;
        let plan = Plan::of(order, previous.as_ref())?;
        let _turn = self.turn(&plan.place)?;
        tracing::info!(deployment = order.deployment, place = %plan.place, version = order.version, rollback = order.kind == Kind::Rollback, "deploying");

        let result = self.replace(order, plan, previous.as_ref(), steps).await;
        match (&order.previous, previous) {
            (Some(running), Some(previous)) if previous.process.is_serving(&self.folder(&previous.plan)) => {
                result.map_err(|error| error.keeping(running))
            }
            _ => result,
        }
    }

    async fn resume(&self, running: &Running, steps: &dyn Steps) -> Result<Running, TargetError> {
        let stored: Serving = running.read()?;
        let _turn = self.turn(&stored.plan.place)?;
        self.clear(&stored.plan.place, Some(&stored.plan)).await?;

        let folder = self.folder(&stored.plan);
        let urls = stored.plan.ready_urls(stored.ports.address());
        if stored.process.is_serving(&folder) && mlserver::are_ready(&self.http, &urls).await {
            self.lead(&stored.plan, stored.ports, Some(stored.front.port()))?;
            return Ok(running.clone());
        }

        self.end(&stored).await?;
        let (path, sha256) = (
            folder.join(ARTIFACT).join(&stored.plan.artifact),
            stored.plan.sha256.clone(),
        );
        let check = blocking("Reading the artifact", move || artifact::check(&path, &sha256));
        steps.during("Check the artifact", check).await?;
        let (starting, ports) = self.start(&stored.plan, steps).await?;
        let (front, _) = self.lead(&stored.plan, ports, Some(stored.front.port()))?;
        Serving {
            plan: stored.plan,
            process: starting.keep(),
            ports,
            front,
        }
        .running()
    }

    async fn stop(&self, running: &Running) -> Result<(), TargetError> {
        let serving: Serving = running.read()?;
        let _turn = self.turn(&serving.plan.place)?;
        self.host
            .fronts
            .close(&serving.plan.place, serving.ports.address());
        self.end(&serving).await
    }

    async fn health(&self, running: &Running) -> Health {
        let serving: Serving = match running.read() {
            Ok(serving) => serving,
            Err(error) => return Health::Unknown(error.to_string()),
        };
        if !serving.process.is_serving(&self.folder(&serving.plan)) {
            return Health::Failing("The server's process has ended.".to_owned());
        }
        // Asked through the front: as callers see it.
        if mlserver::are_ready(&self.http, &serving.plan.ready_urls(serving.front)).await {
            return Health::Healthy;
        }
        Health::Failing(format!(
            "{} doesn't answer that version {} is ready.",
            serving.front, serving.plan.version
        ))
    }
}

impl Plan {
    fn of(order: &Order, previous: Option<&Serving>) -> Result<Self, TargetError> {
        if previous.is_some_and(|previous| previous.plan.deployment == order.deployment) {
            return Err(TargetError::Unsuitable(format!(
                "Deployment {} already runs.",
                order.deployment
            )));
        }
        let artifact = order
            .artifact
            .path
            .as_deref()
            .and_then(Path::file_name)
            .and_then(|name| name.to_str());
        Ok(Self {
            place: Place::of(order)?,
            deployment: order.deployment,
            version: order.version,
            framework: order.framework.clone(),
            artifact: artifact.unwrap_or("model").to_owned(),
            sha256: order.artifact.sha256.clone(),
        })
    }

    fn ready_urls(&self, address: SocketAddr) -> [String; 2] {
        let (model, version) = (&self.place.model, self.version);
        [
            format!("http://{address}/v2/health/ready"),
            format!("http://{address}/v2/models/{model}/versions/{version}/ready"),
        ]
    }
}

impl Serving {
    fn running(&self) -> Result<Running, TargetError> {
        Running::new(
            format!("http://{}/v2/models/{}", self.front, self.plan.place.model),
            self,
        )
    }
}

async fn blocking<T: Send + 'static>(
    what: &str,
    work: impl FnOnce() -> Result<T, TargetError> + Send + 'static,
) -> Result<T, TargetError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => doing(what, Err(io::Error::other(error))),
    }
}

/// An empty folder, whatever a first try of the same deployment left in it.
fn fresh(folder: &Path) -> io::Result<()> {
    remove(folder)?;
    fs::create_dir_all(folder)
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
