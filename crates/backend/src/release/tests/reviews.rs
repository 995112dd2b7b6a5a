//! Who may draft, decide and close what, and what stops a signature.
use super::*;
use domain::review::{Draft, State};

/// The same person with every duty there is.
async fn everything(cast: &Cast, actor: &Actor) -> Actor {
    let disciplines = ["ethics", "compliance"].iter();
    let disciplines = disciplines.filter_map(|name| domain::actor::Discipline::new(name));
    let duties =
        domain::person::Duties::new(domain::actor::Role::ALL.to_vec(), disciplines.collect()).unwrap();
    crate::person::set_duties(&cast.portal, &cast.root, actor.id, duties)
        .await
        .unwrap();
    crate::person::actor(&cast.portal, actor.id)
        .await
        .unwrap()
        .unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn authors_and_people_in_another_chair_decide_nothing(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let page = shown(&cast, id).await;
    let tomas = everything(&cast, &cast.tomas).await;
    assert!(matches!(
        decide_review(&cast, &tomas, id, Decision::Approve).await,
        Err(Failure::Denied(Denied::OwnWork))
    ));
    assert!(matches!(
        countersign(&cast, &tomas, id, &page.dossier_digest).await,
        Err(Failure::Denied(Denied::OwnWork))
    ));

    decide_review(&cast, &cast.ada, id, Decision::Approve)
        .await
        .unwrap();
    let ada = everything(&cast, &cast.ada).await;
    let review = review_of(&cast, id, "compliance").await;
    let answers = all_answered(&cast, review).await;
    let second = review::decide(
        &cast.portal,
        &ada,
        review,
        Decision::Approve,
        "Me too.",
        answers.into(),
        &page.dossier_digest,
        PASSWORD.into(),
    );
    assert!(matches!(second.await, Err(Failure::Denied(Denied::SecondChair))));
    assert!(matches!(
        countersign(&cast, &ada, id, &page.dossier_digest).await,
        Err(Failure::Denied(Denied::SecondChair))
    ));
    assert!(matches!(
        countersign(&cast, &cast.ivo, id, &page.dossier_digest).await,
        Err(Failure::Denied(Denied::NotA(_)))
    ));
    assert_eq!(shown(&cast, id).await.signatures.len(), 1);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_wrong_password_signs_nothing_and_keeps_the_answers(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let review = review_of(&cast, id, "ethics").await;
    let answers = all_answered(&cast, review).await;
    let digest = shown(&cast, id).await.dossier_digest;
    let wrong = review::decide(
        &cast.portal,
        &cast.ada,
        review,
        Decision::Approve,
        "Fine.",
        answers.clone().into(),
        &digest,
        "guess".into(),
    );
    assert!(matches!(
        wrong.await,
        Err(Failure::Refused(Refusal::WrongPassword))
    ));
    let page = review::page(&cast.portal, &cast.ada, review).await.unwrap();
    assert!(page.signatures.is_empty());
    assert_eq!(page.answers, answers);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn no_reviewer_overwrites_anothers_draft_unseen(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let review = review_of(&cast, id, "ethics").await;
    let mei = everything(&cast, &cast.mei).await;
    let answers = all_answered(&cast, review).await;
    let draft = async |actor: &Actor, draft| review::draft(&cast.portal, actor, review, draft).await;
    draft(&cast.ada, answers.clone().into()).await.unwrap();
    // Ada's own form goes on saving over what it saved, whatever it was opened with.
    cast.portal
        .set_clock(Some(cast::noon() + chrono::TimeDelta::minutes(1)));
    draft(&cast.ada, answers.clone().into()).await.unwrap();
    let kept = review::page(&cast.portal, &mei, review).await.unwrap();

    let other = Draft {
        over: Some(cast::noon()),
        ..Draft::default()
    };
    let refused = draft(&mei, other).await;
    assert!(
        matches!(&refused, Err(Failure::Refused(Refusal::DraftedMeanwhile(name))) if *name == cast.ada.name),
        "{refused:?}"
    );
    let digest = shown(&cast, id).await.dossier_digest;
    let unseen = review::decide(
        &cast.portal,
        &mei,
        review,
        Decision::Approve,
        "Fine.",
        answers.clone().into(),
        &digest,
        PASSWORD.into(),
    );
    assert!(matches!(
        unseen.await,
        Err(Failure::Refused(Refusal::DraftedMeanwhile(_)))
    ));
    let page = review::page(&cast.portal, &mei, review).await.unwrap();
    assert_eq!((page.answers, page.state), (answers, State::Open));

    // Who has seen it may put theirs in its place.
    let seen = Draft {
        over: kept.drafted_at,
        ..Draft::default()
    };
    draft(&mei, seen).await.unwrap();
    let page = review::page(&cast.portal, &mei, review).await.unwrap();
    assert_eq!(page.answers.len(), 0);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_open_major_finding_stops_the_countersignature_until_its_raiser_closes_it(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let review = review_of(&cast, id, "ethics").await;
    let observation = Observation::new("major", "The card says nothing of appeals.", "").unwrap();
    let finding = review::raise_finding(&cast.portal, &cast.ada, review, observation)
        .await
        .unwrap();
    decide_review(&cast, &cast.ada, id, Decision::ApproveWithConditions)
        .await
        .unwrap();
    decide_review(&cast, &cast.mei, id, Decision::Approve)
        .await
        .unwrap();
    let digest = shown(&cast, id).await.dossier_digest;
    assert!(matches!(
        countersign(&cast, &cast.grace, id, &digest).await,
        Err(Failure::Refused(Refusal::RulesUnmet(_)))
    ));
    let others = review::close_finding(&cast.portal, &cast.mei, finding, "Looks fine.").await;
    assert!(matches!(others, Err(Failure::Denied(Denied::NotTheRaiser))));
    review::close_finding(&cast.portal, &cast.ada, finding, "It does now.")
        .await
        .unwrap();
    countersign(&cast, &cast.grace, id, &digest).await.unwrap();
}
