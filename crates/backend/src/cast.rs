//! A small cast with a story, made through the use cases: Tomas builds credit-risk, Ada and Mei judge it, Grace
//! countersigns, Ivo looks on, and Root let them all in.
pub mod story;

use crate::{
    Failure, Portal, Settings,
    evaluation::{self, Predictions, Sent},
    files::Arrived,
    model, person, version,
};
use assess::{Asked, Columns, report::Task};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use domain::{
    Actor,
    actor::{Discipline, Role},
    id::EvaluationId,
    manifest::Manifest,
    model::{Description, ModelName},
    person::{Duties, Newcomer},
};
use ledger::{cosignature::Quorum, key::SigningKey};
use serde_json::json;
use sqlx::PgPool;
use tempfile::TempDir;

/// What everyone signs with.
pub const PASSWORD: &str = "correct horse battery";

/// A logistic regression's answers on the German credit data, out of fold.
pub const PREDICTIONS: &[u8] = include_bytes!("../../../demo/predictions/german_lr.csv");

/// Boosted trees' answers on the same people.
pub const OTHER_PREDICTIONS: &[u8] = include_bytes!("../../../demo/predictions/german_gb.csv");

pub struct Cast {
    pub portal: Portal,
    /// Ethics reviewer.
    pub ada: Actor,
    /// Compliance reviewer.
    pub mei: Actor,
    /// Engineer.
    pub tomas: Actor,
    /// Manager.
    pub grace: Actor,
    /// Auditor.
    pub ivo: Actor,
    /// Administrator.
    pub root: Actor,
    /// The database as its owner sees it, to look behind the use cases.
    pub owner: PgPool,
    folder: TempDir,
}

impl Cast {
    /// Everyone, signed in, in front of an empty portal.
    pub async fn new(owner: PgPool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let portal = portal(&owner, &folder).await;
        portal.set_clock(Some(noon()));
        let root = newcomer("Root Adeyemi", &[Role::Administrator], &[]);
        let root = person::add_by_operator(&portal, root, PASSWORD.into())
            .await
            .unwrap();
        let root = person::actor(&portal, root).await.unwrap().unwrap();
        let add = async |name, role, disciplines: &[&str]| {
            let newcomer = newcomer(name, &[role], disciplines);
            let id = person::add(&portal, &root, newcomer, PASSWORD.into())
                .await
                .unwrap();
            person::actor(&portal, id).await.unwrap().unwrap()
        };
        Self {
            ada: add("Ada Osei", Role::Reviewer, &["ethics"]).await,
            mei: add("Mei Tanaka", Role::Reviewer, &["compliance"]).await,
            tomas: add("Tomas Rivera", Role::Engineer, &[]).await,
            grace: add("Grace Lindqvist", Role::Manager, &[]).await,
            ivo: add("Ivo Petrov", Role::Auditor, &[]).await,
            root: root.clone(),
            portal,
            owner,
            folder,
        }
    }

    /// Everyone, and Tomas's model credit-risk with its first version, evaluated.
    pub async fn with_credit_risk(owner: PgPool) -> Self {
        let cast = Self::new(owner).await;
        cast.model().await;
        cast.version(1).await;
        cast.evaluate(1, PREDICTIONS).await;
        cast
    }

    pub async fn model(&self) -> ModelName {
        let description =
            Description::new(credit_risk().as_str(), "Decides who is offered credit.", "high").unwrap();
        model::create(&self.portal, &self.tomas, description)
            .await
            .unwrap()
    }

    /// Registers the version that is to have this number.
    pub async fn version(&self, number: i32) {
        let registered = version::register(&self.portal, &self.tomas, &credit_risk(), manifest(number)).await;
        assert_eq!(registered.unwrap(), number);
    }

    pub async fn evaluate(&self, number: i32, predictions: &'static [u8]) -> EvaluationId {
        self.try_evaluate(&self.tomas, number, predictions).await.unwrap()
    }

    /// Asks for an evaluation, and sees to it that it is computed.
    pub async fn try_evaluate(
        &self,
        actor: &Actor,
        number: i32,
        predictions: &'static [u8],
    ) -> Result<EvaluationId, Failure> {
        let sent = self.sent(predictions).await;
        evaluation::now(&self.portal, actor, &credit_risk(), number, sent).await
    }

    /// Predictions as a door hands them over.
    pub async fn sent(&self, predictions: &'static [u8]) -> Sent {
        Sent {
            predictions: Predictions::Arrived {
                name: "german.csv".into(),
                file: self.arrived(predictions).await,
            },
            asked: Asked::new(Task::Binary, columns()),
            baseline: None,
        }
    }

    /// A file as a door hands it over.
    pub async fn arrived(&self, bytes: &'static [u8]) -> Arrived {
        let stream = futures::stream::iter([Ok::<_, Failure>(Bytes::from_static(bytes))]);
        self.portal.files().receive(stream, 1 << 20).await.unwrap()
    }

    /// How many files lie half-received, and how many are kept.
    pub fn files(&self) -> (usize, usize) {
        let count = |folder: &std::path::Path| std::fs::read_dir(folder).unwrap().count();
        (
            count(&self.folder.path().join("files/incoming")),
            count(&self.folder.path().join("files/sha256")),
        )
    }

    /// The audit log's actions, oldest first.
    pub async fn actions(&self) -> Vec<String> {
        let actions = sqlx::query_scalar!("select action from audit_entries order by seq");
        actions.fetch_all(&self.owner).await.unwrap()
    }
}

/// A portal as `serve` would make it, connected as the role that can't rewrite the record.
pub async fn portal(owner: &PgPool, folder: &TempDir) -> Portal {
    let _ = rustls::crypto::ring::default_provider().install_default(); // an earlier test may have
    let pool = Portal::connect((*owner.connect_options()).clone(), 5)
        .await
        .unwrap();
    Portal::new(pool, settings(folder, 7)).unwrap()
}

/// What a portal is started with, under the key of this seed.
pub fn settings(folder: &TempDir, seed: u8) -> Settings {
    Settings {
        origin: "portal.example/audit".into(),
        key: SigningKey::from_seed("portal.example/audit", &[seed; 32]).unwrap(),
        quorum: Quorum::default(),
        files: folder.path().join("files"),
        bucket: None,
        artifacts: vec![folder.path().join("artifacts")],
        host: targets::Host {
            mlserver: "mlserver".into(),
            work_dir: folder.path().join("work"),
            fronts: targets::Fronts::default(),
        },
    }
}

fn newcomer(name: &str, roles: &[Role], disciplines: &[&str]) -> Newcomer {
    let disciplines = disciplines
        .iter()
        .filter_map(|name| Discipline::new(name))
        .collect();
    let duties = Duties::new(roles.to_vec(), disciplines).unwrap();
    let first = name.split(' ').next().unwrap().to_lowercase();
    Newcomer::new(&format!("{first}@portal.example"), name, duties).unwrap()
}

/// The time at which every story begins.
pub fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

pub fn credit_risk() -> ModelName {
    "credit-risk".parse().unwrap()
}

/// The manifest of a version; each number has its own.
pub fn manifest(number: i32) -> Manifest {
    let json = json!({
        "artifact": { "uri": "file:///models/credit", "sha256": format!("{number:064x}") },
        "framework": { "name": "scikit-learn", "version": "1.9.1" },
        "parameters": { "C": 0.5 },
        "code": { "repository": "https://git.example/credit.git", "commit": "b".repeat(40) },
        "datasets": [{
            "name": "german-credit", "version": "1994", "sha256": "c".repeat(64), "source": "UCI",
            "legal_basis": "legitimate interest", "personal_data": ["age", "sex"],
        }],
        "card": "Ranks applications for credit; a person decides.",
        "changes": format!("Trained again, round {number}."),
    });
    Manifest::parse(json.to_string().as_bytes()).unwrap()
}

/// What the columns of the predictions mean.
pub fn columns() -> Columns {
    Columns {
        label: "y_true".into(),
        prediction: Some("y_pred".into()),
        score: Some("y_score".into()),
        protected: vec!["sex".into(), "age_band".into()],
        favourable: "1".into(),
        ..Columns::default()
    }
}
