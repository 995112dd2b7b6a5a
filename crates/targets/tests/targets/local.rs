//! The local target with a real MLServer and the demonstration's models.
use crate::support::{Kept, demonstration, install_provider, order, request};
use serde_json::json;
use std::{
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use targets::{Fronts, Health, Host, Kind, LocalConfig, Running, Target, TargetConfig, TargetError, connect};
use tempfile::TempDir;
use tokio::time::sleep;

/// What version 1 and version 2 say of the demonstration's applicant.
const GOOD: i64 = 1;
const BAD: i64 = 0;

#[expect(
    clippy::disallowed_methods,
    reason = "which inference server tests use is told by the environment"
)]
fn mlserver() -> PathBuf {
    let program = std::env::var_os("COUNTERSIGN_MLSERVER").map_or_else(
        || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/countersign/mlserver/bin/mlserver"),
        PathBuf::from,
    );
    assert!(
        program.is_file(),
        "{} is missing: install MLServer or set COUNTERSIGN_MLSERVER",
        program.display()
    );
    program
}

/// Where a test's servers live. Whatever of them a failed test left running ends with it.
struct WorkDir(TempDir);

impl WorkDir {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        let marker = self.0.path().to_str().unwrap();
        for process in fs::read_dir("/proc").unwrap().flatten() {
            let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
            if String::from_utf8_lossy(&command).contains(marker) {
                _ = std::process::Command::new("kill")
                    .arg("-9")
                    .arg(process.file_name())
                    .status();
            }
        }
    }
}

/// A portal's process, as far as targets see it: dropped, its fronts are gone and its servers are not.
struct Portal {
    target: Box<dyn Target>,
}

impl Portal {
    fn start(work_dir: &WorkDir) -> Self {
        install_provider();
        let host = Host {
            mlserver: mlserver(),
            work_dir: work_dir.0.path().to_owned(),
            fronts: Fronts::default(),
        };
        let target = connect(&TargetConfig::Local(LocalConfig::default()), &[], &host).unwrap();
        Self { target }
    }
}

/// Ends the portal and waits until its front is gone.
async fn close(portal: Portal, running: &Running) {
    drop(portal);
    while reqwest::get(&running.endpoint).await.is_ok() {
        sleep(Duration::from_millis(10)).await;
    }
}

async fn decision(client: &reqwest::Client, running: &Running) -> Result<i64, reqwest::Error> {
    let answer = client
        .post(format!("{}/infer", running.endpoint))
        .json(&request())
        .send()
        .await?
        .error_for_status()?;
    let answer: serde_json::Value = answer.json().await?;
    Ok(answer["outputs"][0]["data"][0].as_i64().unwrap())
}

async fn ask(running: &Running) -> i64 {
    decision(&reqwest::Client::builder().no_proxy().build().unwrap(), running)
        .await
        .unwrap()
}

fn pid(running: &Running) -> i64 {
    running.handle["process"]["pid"].as_i64().unwrap()
}

fn is_alive(pid: i64) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Callers who hardly pause: some on connections they keep, some on a new one each time.
struct Callers {
    over: Arc<AtomicBool>,
    answered: Arc<AtomicUsize>,
    tasks: Vec<tokio::task::JoinHandle<Vec<String>>>,
}

impl Callers {
    fn start(running: &Running) -> Self {
        let (over, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let tasks = [true, true, false]
            .map(|keeps| {
                let (over, answered, running) = (over.clone(), answered.clone(), running.clone());
                let kept = if keeps { 8 } else { 0 };
                let client = reqwest::Client::builder()
                    .no_proxy()
                    .pool_max_idle_per_host(kept)
                    .build()
                    .unwrap();
                tokio::spawn(async move {
                    let mut failures = Vec::new();
                    while !over.load(Ordering::Relaxed) {
                        match decision(&client, &running).await {
                            Ok(_) => _ = answered.fetch_add(1, Ordering::Relaxed),
                            Err(error) => failures.push(format!("{error:?}")),
                        }
                        sleep(Duration::from_millis(5)).await;
                    }
                    failures
                })
            })
            .into();
        Self {
            over,
            answered,
            tasks,
        }
    }

    async fn end(self) -> usize {
        self.over.store(true, Ordering::Relaxed);
        for task in self.tasks {
            assert_eq!(task.await.unwrap(), Vec::<String>::new());
        }
        self.answered.load(Ordering::Relaxed)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_take_each_others_place_without_a_failed_request() {
    let work_dir = WorkDir::new();
    let Portal { target, .. } = &Portal::start(&work_dir);
    let steps = Kept::default();

    let first = target.deploy(&order(1, 1, None), &steps).await.unwrap();
    assert_eq!(ask(&first).await, GOOD);
    assert_eq!(target.health(&first).await, Health::Healthy);
    assert!(steps.ended().iter().all(|(_, well)| *well), "{:?}", steps.ended());
    assert!(
        steps
            .logs()
            .iter()
            .any(|line| line.contains("Loaded model 'german-credit'")),
        "{:?}",
        steps.logs()
    );
    let environment = fs::read_to_string(format!("/proc/{}/environ", pid(&first))).unwrap();
    assert!(
        !environment.contains("CARGO"),
        "the server inherited {environment}"
    );

    let callers = Callers::start(&first);
    let second = target
        .deploy(&order(2, 2, Some(&first)), &Kept::default())
        .await
        .unwrap();
    assert_eq!(ask(&second).await, BAD);
    let rollback = targets::Order {
        kind: Kind::Rollback,
        ..order(3, 1, Some(&second))
    };
    let third = target.deploy(&rollback, &Kept::default()).await.unwrap();
    assert_eq!(ask(&third).await, GOOD);
    let answered = callers.end().await;
    assert!(answered > 100, "only {answered} requests were answered");

    assert_eq!([&first.endpoint, &second.endpoint], [&third.endpoint; 2]);
    assert!(!is_alive(pid(&first)) && !is_alive(pid(&second)) && is_alive(pid(&third)));
    target.stop(&third).await.unwrap();
    target.stop(&third).await.unwrap();
    assert!(!is_alive(pid(&third)));
    assert!(matches!(target.health(&third).await, Health::Failing(_)));
    assert!(reqwest::get(&third.endpoint).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_leaves_the_previous_version_serving() {
    let work_dir = WorkDir::new();
    let Portal { target, .. } = &Portal::start(&work_dir);
    let first = target.deploy(&order(1, 1, None), &Kept::default()).await.unwrap();

    let mut tampered = order(2, 2, Some(&first));
    tampered.artifact.sha256 = "0".repeat(64);
    let mut broken = order(3, 2, Some(&first));
    let no_model = work_dir.0.path().join("model.joblib");
    fs::write(&no_model, "this is no model").unwrap();
    broken.artifact.sha256 = targets::digest(&no_model).unwrap();
    broken.artifact.path = Some(no_model);
    let mut foreign = order(4, 2, Some(&first));
    foreign.framework = "pytorch 2.9".to_owned();
    let mut absent = order(5, 2, Some(&first));
    absent.artifact.path = None;

    for (order, said) in [
        (tampered, "isn't what was approved"),
        (broken, "ended before it was ready"),
        (foreign, "serves scikit-learn models"),
        (absent, "has no copy"),
    ] {
        let steps = Kept::default();
        let error = target.deploy(&order, &steps).await.unwrap_err();
        let sentence = error.to_string();
        assert!(matches!(error, TargetError::Kept { .. }), "{sentence}");
        assert!(
            sentence.contains(said) && sentence.contains("keeps serving at http://127.0.0.1:"),
            "{sentence}"
        );
        assert!(
            steps.ended().iter().filter(|(_, well)| !well).count() <= 1,
            "{:?}",
            steps.ended()
        );
        assert_eq!(ask(&first).await, GOOD);
    }
    let odd = targets::Order {
        model: "../../etc".to_owned(),
        ..order(6, 1, None)
    };
    assert!(matches!(
        target.deploy(&odd, &Kept::default()).await,
        Err(TargetError::Unsuitable(_))
    ));
    target.stop(&first).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_portal_takes_up_what_runs_and_restarts_what_died() {
    let work_dir = WorkDir::new();
    let portal = Portal::start(&work_dir);
    let stored = json!(
        portal
            .target
            .deploy(&order(1, 1, None), &Kept::default())
            .await
            .unwrap()
    );
    let running: Running = serde_json::from_value(stored).unwrap();

    // A deployment that is broken off leaves no server behind.
    let (next, steps) = (order(2, 2, Some(&running)), Kept::default());
    let started = async {
        while !steps.ended().iter().any(|(step, _)| step == "Start the server") {
            sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        done = portal.target.deploy(&next, &steps) => panic!("it was not broken off: {done:?}"),
        () = started => {}
    }
    assert_eq!(ask(&running).await, GOOD);

    // The portal ends: the front closes, the server serves on.
    close(portal, &running).await;
    assert!(is_alive(pid(&running)));
    let portal = Portal::start(&work_dir);
    assert_eq!(
        portal.target.resume(&running, &Kept::default()).await.unwrap(),
        running
    );
    assert_eq!(ask(&running).await, GOOD);

    // The server dies too, as when the machine restarts.
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid(&running).to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    while is_alive(pid(&running)) {
        sleep(Duration::from_millis(10)).await;
    }
    assert!(matches!(portal.target.health(&running).await, Health::Failing(_)));
    let again = portal.target.resume(&running, &Kept::default()).await.unwrap();
    assert_eq!(again.endpoint, running.endpoint);
    assert_ne!(pid(&again), pid(&running));
    assert_eq!(ask(&again).await, GOOD);

    // What was changed on the disk since isn't started again.
    portal.target.stop(&again).await.unwrap();
    let artifact = work_dir
        .0
        .path()
        .join("production/1/german-credit/artifact/model.joblib");
    fs::copy(demonstration(2).join("model.joblib"), artifact).unwrap();
    let refused = portal.target.resume(&again, &Kept::default()).await.unwrap_err();
    assert!(matches!(refused, TargetError::WrongArtifact { .. }), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_the_portal_did_not_live_to_store_is_undone() {
    let work_dir = WorkDir::new();
    let portal = Portal::start(&work_dir);
    let stored = portal
        .target
        .deploy(&order(1, 1, None), &Kept::default())
        .await
        .unwrap();
    let lost = portal
        .target
        .deploy(&order(2, 2, Some(&stored)), &Kept::default())
        .await
        .unwrap();
    assert_eq!(ask(&stored).await, BAD);
    close(portal, &stored).await;
    assert!(is_alive(pid(&lost)) && !is_alive(pid(&stored)));

    let portal = Portal::start(&work_dir);
    let resumed = portal.target.resume(&stored, &Kept::default()).await.unwrap();
    assert_eq!(resumed.endpoint, stored.endpoint);
    assert_eq!(ask(&resumed).await, GOOD);
    assert!(!is_alive(pid(&lost)));
    portal.target.stop(&resumed).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_deployment_of_a_model_to_an_environment_runs_at_a_time() {
    let work_dir = WorkDir::new();
    let Portal { target, .. } = &Portal::start(&work_dir);
    let (orders, steps) = ([order(1, 1, None), order(2, 2, None)], Kept::default());
    let (one, other) = tokio::join!(
        target.deploy(&orders[0], &steps),
        target.deploy(&orders[1], &steps)
    );
    assert!(matches!(other, Err(TargetError::Busy { .. })));
    target.stop(&one.unwrap()).await.unwrap();
}

#[test]
fn a_missing_inference_server_is_named() {
    let host = Host {
        mlserver: "/nowhere/mlserver".into(),
        work_dir: "/nowhere".into(),
        fronts: Fronts::default(),
    };
    let Err(error) = connect(&TargetConfig::Local(LocalConfig::default()), &[], &host) else {
        panic!("connected")
    };
    assert!(error.to_string().contains("/nowhere/mlserver"), "{error}");
}
