//! What there is to see and to do: a model in review, and one that is approved and ordered to run.
use super::{PASSWORD, Stage};
use assess::{Asked, Columns, report::Task};
use axum::body::Bytes;
use backend::{
    deployment, environment,
    evaluation::{self, Predictions, Sent},
    evidence, model, release, review, version,
};
use domain::{
    environment::Place,
    evidence::Statement,
    finding::Observation,
    id::{DeploymentId, EvaluationId, EvidenceId, FindingId, JobId, ReleaseId, ReviewId},
    manifest::Manifest,
    model::{Description, ModelName},
    release::ManagersDecision,
};
use serde_json::json;

/// A logistic regression's answers on the German credit data, out of fold.
pub const PREDICTIONS: &[u8] = include_bytes!("../../../demo/predictions/german_lr.csv");

pub struct Story {
    pub evaluation: EvaluationId,
    /// An evaluation from which nothing came.
    pub job: JobId,
    pub evidence: EvidenceId,
    /// Open, with its reviews.
    pub release: ReleaseId,
    pub review: ReviewId,
    /// Open, on that review.
    pub finding: FindingId,
    /// Countersigned.
    pub approved: ReleaseId,
    pub deployment: DeploymentId,
}

impl Story {
    pub async fn tell(stage: &Stage) -> Self {
        let (portal, engineer) = (&stage.portal, stage.actor("engineer"));
        let target = json!({ "kind": "local" });
        let place = Place {
            name: "staging".parse().unwrap(),
            rank: 2,
            target,
        };
        environment::add(portal, stage.actor("administrator"), place, None)
            .await
            .unwrap();

        let evaluation = evaluated(stage, "credit-risk", "high").await;
        let credit: ModelName = "credit-risk".parse().unwrap();
        let job = failed(stage, &credit).await;
        let statement = Statement::new("impact-assessment", "Assessment", "Who is affected.", "").unwrap();
        let file = Some((
            "assessment.txt".into(),
            arrived(stage, b"Who is affected, at length.").await,
        ));
        let evidence = evidence::add(portal, engineer, &credit, 1, statement, file)
            .await
            .unwrap();
        let staging = "staging".parse().unwrap();
        let release = release::request(portal, engineer, &credit, 1, &staging, "To try it.")
            .await
            .unwrap();
        let page = release::page(portal, engineer, release).await.unwrap();
        let review = page.reviews.first().expect("a high-risk release has reviews").id;
        let observation = Observation::new("minor", "The card says nothing of age.", "").unwrap();
        let finding = review::raise_finding(portal, stage.actor("reviewer"), review, observation)
            .await
            .unwrap();

        evaluated(stage, "spam-filter", "minimal").await;
        let spam: ModelName = "spam-filter".parse().unwrap();
        let approved = release::request(portal, engineer, &spam, 1, &staging, "Harmless.")
            .await
            .unwrap();
        let manager = stage.actor("manager");
        let shown = release::page(portal, manager, approved)
            .await
            .unwrap()
            .dossier_digest;
        let decision = ManagersDecision::Countersign;
        release::decide(
            portal,
            manager,
            approved,
            decision,
            &shown,
            "Fine.",
            PASSWORD.into(),
        )
        .await
        .unwrap();
        let deployment = deployment::deploy(portal, engineer, approved).await.unwrap();
        Self {
            evaluation,
            job,
            evidence,
            release,
            review,
            finding,
            approved,
            deployment,
        }
    }
}

/// A model with one version.
pub async fn registered(stage: &Stage, name: &str, tier: &str) -> ModelName {
    let (portal, engineer) = (&stage.portal, stage.actor("engineer"));
    let model = model::create(
        portal,
        engineer,
        Description::new(name, "Decides.", tier).unwrap(),
    )
    .await
    .unwrap();
    let manifest = Manifest::parse(manifest(name).as_bytes()).unwrap();
    version::register(portal, engineer, &model, manifest)
        .await
        .unwrap();
    model
}

async fn evaluated(stage: &Stage, name: &str, tier: &str) -> EvaluationId {
    let (portal, engineer) = (&stage.portal, stage.actor("engineer"));
    let model = registered(stage, name, tier).await;
    let predictions = Predictions::Arrived {
        name: "german.csv".into(),
        file: arrived(stage, PREDICTIONS).await,
    };
    let sent = Sent {
        predictions,
        asked: Asked::new(Task::Binary, columns()),
        baseline: None,
    };
    evaluation::now(portal, engineer, &model, 1, sent).await.unwrap()
}

/// A file that holds nothing of what is looked for in it.
async fn failed(stage: &Stage, model: &ModelName) -> JobId {
    let (portal, engineer) = (&stage.portal, stage.actor("engineer"));
    let predictions = Predictions::Arrived {
        name: "other.csv".into(),
        file: arrived(stage, b"a,b\n1,2\n").await,
    };
    let sent = Sent {
        predictions,
        asked: Asked::new(Task::Binary, columns()),
        baseline: None,
    };
    let job = evaluation::ask(portal, engineer, model, 1, sent).await.unwrap();
    let at_most = std::time::Duration::from_secs(20);
    let over = evaluation::wait(portal, engineer, job, at_most).await.unwrap();
    assert!(over.failure.is_some(), "{over:?}");
    job
}

async fn arrived(stage: &Stage, bytes: &'static [u8]) -> backend::files::Arrived {
    let stream = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(bytes))]);
    stage.portal.files().receive(stream, 1 << 20).await.unwrap()
}

/// A manifest as JSON; each name has its own.
pub fn manifest(name: &str) -> String {
    json!({
        "artifact": { "uri": "", "sha256": ledger::Digest::of(name.as_bytes()) },
        "framework": { "name": "scikit-learn", "version": "1.9.1" },
        "code": { "repository": "https://git.example/credit.git", "commit": "b".repeat(40) },
        "datasets": [{
            "name": "german-credit", "version": "1994", "sha256": "c".repeat(64), "source": "UCI",
            "legal_basis": "legitimate interest", "personal_data": ["age", "sex"],
        }],
        "card": "Ranks applications for credit; a person decides.",
    })
    .to_string()
}

fn columns() -> Columns {
    Columns {
        label: "y_true".into(),
        prediction: Some("y_pred".into()),
        score: Some("y_score".into()),
        protected: vec!["sex".into(), "age_band".into()],
        favourable: "1".into(),
        ..Columns::default()
    }
}
