//! The way of a release on a real database: who may decide, once, on what was shown to them.
mod deployment;
mod log;
mod reviews;

use super::*;
use crate::{
    cast::{self, Cast, OTHER_PREDICTIONS, PASSWORD, credit_risk},
    environment, evidence, policy, review, template,
};
use domain::{
    environment::Place,
    evidence::Statement,
    finding::Observation,
    id::ReviewId,
    review::{Answers, Decision},
    template::{Answer, Verdict},
};
use sqlx::PgPool;

/// Credit-risk 1, evaluated, with its impact assessment, and asked for in staging.
async fn under_request(pool: PgPool) -> (Cast, ReleaseId) {
    let cast = Cast::new(pool).await;
    policy::install_built_in(&cast.portal).await.unwrap();
    template::install_built_in(&cast.portal).await.unwrap();
    let place = Place {
        name: staging(),
        rank: 2,
        target: serde_json::json!({ "kind": "local", "start_timeout": 60 }),
    };
    environment::add(&cast.portal, &cast.root, place, None)
        .await
        .unwrap();
    cast.model().await;
    cast.version(1).await;
    cast.evaluate(1, crate::cast::PREDICTIONS).await;
    let statement = Statement::new(
        "impact-assessment",
        "Impact assessment",
        "Who, what, how.",
        "2027-06-01",
    )
    .unwrap();
    evidence::add(&cast.portal, &cast.tomas, &credit_risk(), 1, statement, None)
        .await
        .unwrap();
    let id = request(
        &cast.portal,
        &cast.tomas,
        &credit_risk(),
        1,
        &staging(),
        "First try.",
    )
    .await
    .unwrap();
    (cast, id)
}

fn staging() -> EnvironmentName {
    "staging".parse().unwrap()
}

async fn shown(cast: &Cast, id: ReleaseId) -> ReleasePage {
    page(&cast.portal, &cast.grace, id).await.unwrap()
}

async fn review_of(cast: &Cast, id: ReleaseId, discipline: &str) -> ReviewId {
    let page = shown(cast, id).await;
    page.reviews
        .iter()
        .find(|review| review.discipline.as_str() == discipline)
        .unwrap()
        .id
}

async fn all_answered(cast: &Cast, review: ReviewId) -> Answers {
    let page = review::page(&cast.portal, &cast.ivo, review).await.unwrap();
    let answer = Answer {
        verdict: Verdict::Yes,
        note: String::new(),
    };
    page.template
        .questions
        .iter()
        .map(|question| (question.id.clone(), answer.clone()))
        .collect()
}

async fn decide_review(cast: &Cast, actor: &Actor, id: ReleaseId, decision: Decision) -> Result<(), Failure> {
    let review = review_of(cast, id, actor.disciplines[0].as_str()).await;
    let answers = all_answered(cast, review).await;
    let digest = shown(cast, id).await.dossier_digest;
    review::decide(
        &cast.portal,
        actor,
        review,
        decision,
        "Looked at it.",
        answers.into(),
        &digest,
        PASSWORD.into(),
    )
    .await
}

/// Ada for ethics, Mei for compliance.
async fn both_approve(cast: &Cast, id: ReleaseId) {
    for reviewer in [&cast.ada, &cast.mei] {
        decide_review(cast, reviewer, id, Decision::Approve)
            .await
            .unwrap();
    }
}

async fn countersign(cast: &Cast, actor: &Actor, id: ReleaseId, digest: &str) -> Result<(), Failure> {
    decide(
        &cast.portal,
        actor,
        id,
        ManagersDecision::Countersign,
        digest,
        "",
        PASSWORD.into(),
    )
    .await
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn two_reviews_and_a_countersignature_make_an_approval(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let before = cast.actions().await.len();
    let page = shown(&cast, id).await;
    assert!(
        page.gates.iter().all(|gate| gate.state.is_met()),
        "{:#?}",
        page.gates
    );
    assert!(
        matches!(page.can.countersign, Act::Blocked(_)),
        "reviews are missing"
    );
    assert!(matches!(
        countersign(&cast, &cast.grace, id, &page.dossier_digest).await,
        Err(Failure::Refused(Refusal::RulesUnmet(_)))
    ));

    decide_review(&cast, &cast.ada, id, Decision::Approve)
        .await
        .unwrap();
    decide_review(&cast, &cast.mei, id, Decision::ApproveWithConditions)
        .await
        .unwrap();
    let page = shown(&cast, id).await;
    assert_eq!(page.can.countersign, Act::Open);
    countersign(&cast, &cast.grace, id, &page.dossier_digest)
        .await
        .unwrap();

    let page = shown(&cast, id).await;
    assert_eq!(page.row.state, State::Approved);
    assert_eq!(
        page.row.approved_until,
        cast.portal.now().checked_add_days(chrono::Days::new(90))
    );
    let chairs: Vec<_> = page
        .signatures
        .iter()
        .map(|signature| signature.chair.as_str())
        .collect();
    assert_eq!(chairs, ["ethics reviewer", "compliance reviewer", "manager"]);
    assert!(
        page.signatures
            .iter()
            .all(|signature| signature.dossier_digest == page.dossier_digest)
    );
    assert_eq!(
        cast.actions().await[before..],
        ["review.decided", "review.decided", "release.countersigned"]
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_evaluation_voids_the_signatures_and_reopens_the_reviews(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    decide_review(&cast, &cast.ada, id, Decision::Approve)
        .await
        .unwrap();
    let old = shown(&cast, id).await;
    cast.evaluate(1, OTHER_PREDICTIONS).await;

    let page = shown(&cast, id).await;
    assert_ne!(page.dossier_digest, old.dossier_digest);
    let (_, reason) = page.signatures[0].voided.clone().unwrap();
    assert!(reason.contains("evaluation"), "{reason}");
    assert_eq!(page.reviews[0].state, domain::review::State::Open);
    assert_eq!(
        page.reviews[0].answered, page.reviews[0].questions,
        "the answers are kept"
    );
    assert!(
        cast.actions()
            .await
            .contains(&"release.dossier_changed".to_owned())
    );
    // Boosted trees fall below four fifths for the young: the gate says so, and by how much.
    let gate = page
        .gates
        .iter()
        .find(|gate| gate.gate == "impact-ratio")
        .unwrap();
    assert_eq!(gate.state, domain::policy::GateState::Fail);
    assert!(gate.detail.contains("below the target"), "{}", gate.detail);
    // What was shown before can't be signed any more.
    let review = review_of(&cast, id, "compliance").await;
    let answers = all_answered(&cast, review).await;
    let stale = review::decide(
        &cast.portal,
        &cast.mei,
        review,
        Decision::Approve,
        "Fine.",
        answers.into(),
        &old.dossier_digest,
        PASSWORD.into(),
    );
    assert!(matches!(
        stale.await,
        Err(Failure::Refused(Refusal::DossierChanged { .. }))
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_managers_at_once_one_decides_and_the_other_is_told(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    both_approve(&cast, id).await;
    let duties = domain::person::Duties::new(vec![domain::actor::Role::Manager], vec![]).unwrap();
    let newcomer = domain::person::Newcomer::new("hugo@portal.example", "Hugo Meyer", duties).unwrap();
    let hugo = crate::person::add(&cast.portal, &cast.root, newcomer, PASSWORD.into())
        .await
        .unwrap();
    let hugo = crate::person::actor(&cast.portal, hugo).await.unwrap().unwrap();
    let digest = shown(&cast, id).await.dossier_digest;
    let refuse = decide(
        &cast.portal,
        &hugo,
        id,
        ManagersDecision::Refuse,
        &digest,
        "Not now.",
        PASSWORD.into(),
    );
    let (one, other) = tokio::join!(countersign(&cast, &cast.grace, id, &digest), refuse);
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    let told = one.err().or(other.err()).unwrap();
    assert!(matches!(told, Failure::Refused(Refusal::Closed(_))), "{told:?}");
    assert_eq!(
        shown(&cast, id)
            .await
            .signatures
            .iter()
            .filter(|signature| signature.chair == "manager")
            .count(),
        1
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_rejection_closes_the_release_and_another_may_be_asked_for(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let again = request(&cast.portal, &cast.tomas, &credit_risk(), 1, &staging(), "Again.").await;
    assert!(matches!(again, Err(Failure::Refused(Refusal::AlreadyRequested(_, open))) if open == id));
    decide_review(&cast, &cast.ada, id, Decision::Reject)
        .await
        .unwrap();
    assert_eq!(shown(&cast, id).await.row.state, State::Refused);
    assert!(matches!(
        decide_review(&cast, &cast.mei, id, Decision::Approve).await,
        Err(Failure::Refused(Refusal::Closed(_)))
    ));
    request(&cast.portal, &cast.tomas, &credit_risk(), 1, &staging(), "Again.")
        .await
        .unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn each_inbox_names_what_waits_for_its_reader(pool: PgPool) {
    use domain::view::inbox::Task;
    let (cast, id) = under_request(pool).await;
    let tasks = async |actor: &Actor| -> Vec<Option<Task>> {
        let inbox = crate::inbox::inbox(&cast.portal, actor).await.unwrap();
        let rows = inbox.on_me.into_iter().chain(inbox.on_others);
        rows.filter(|row| row.release == id).map(|row| row.task).collect()
    };
    assert!(matches!(tasks(&cast.ada).await[..], [Some(Task::Review(..))]));
    assert!(matches!(tasks(&cast.mei).await[..], [Some(Task::Review(..))]));
    assert_eq!(tasks(&cast.grace).await, [None], "the reviews come first");
    both_approve(&cast, id).await;
    assert_eq!(tasks(&cast.ada).await, [None]);
    assert_eq!(tasks(&cast.grace).await, [Some(Task::Countersign)]);
    assert_eq!(
        crate::inbox::around(&cast.portal, Some(&cast.grace))
            .await
            .unwrap()
            .waiting,
        1
    );
    let digest = shown(&cast, id).await.dossier_digest;
    countersign(&cast, &cast.grace, id, &digest).await.unwrap();
    assert_eq!(tasks(&cast.tomas).await, [Some(Task::Deploy)]);
    let listed = review::list(&cast.portal, &cast.ada).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|row| row.release.id == id && !row.mine));
}
