//! What runs where, after deployments, rollbacks and workers that died, on a real database. The target alone is left out:
//! what it would have said is told to the worker's last step.
use super::*;
use crate::cast::{Cast, PREDICTIONS, credit_risk, story::production};
use chrono::TimeDelta;
use sqlx::PgPool;
use targets::Running;

/// Three versions of credit-risk, each approved for production.
async fn three_approved(pool: PgPool) -> (Cast, [ReleaseId; 3]) {
    let cast = Cast::new(pool).await;
    cast.govern().await;
    cast.model().await;
    let mut releases = Vec::new();
    for number in 1..=3 {
        cast.version(number).await;
        cast.evaluate(number, PREDICTIONS).await;
        releases.push(cast.approved(number).await);
    }
    (cast, releases.try_into().unwrap())
}

fn running() -> Running {
    Running {
        endpoint: "https://cluster.example/credit-risk".into(),
        handle: serde_json::json!({}),
    }
}

/// The worker takes what was ordered, and the target does as it was told.
async fn goes_live(cast: &Cast, ordered: DeploymentId) {
    assert_eq!(work::take(&cast.portal).await.unwrap(), Some(ordered));
    work::finish(&cast.portal, ordered, Ok(running())).await.unwrap();
}

async fn deployed(cast: &Cast, release: ReleaseId) -> DeploymentId {
    let ordered = deploy(&cast.portal, &cast.tomas, release).await.unwrap();
    goes_live(cast, ordered).await;
    ordered
}

async fn back_to(cast: &Cast, number: i32) -> Result<DeploymentId, Failure> {
    let why = "Officers waited.";
    roll_back(
        &cast.portal,
        &cast.tomas,
        &credit_risk(),
        &production(),
        number,
        why,
    )
    .await
}

/// The number that the page of what runs offers to go back to.
async fn offered(cast: &Cast, live: DeploymentId) -> Option<i32> {
    let page = page(&cast.portal, &cast.tomas, live).await.unwrap();
    assert_eq!(page.row.state, State::Live);
    assert_eq!(page.can_roll_back, page.previous.is_some());
    page.previous.map(|(number, _)| number)
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_rollback_leads_further_back_and_never_to_what_a_rollback_left(pool: PgPool) {
    let (cast, [first, second, third]) = three_approved(pool).await;
    deployed(&cast, first).await;
    deployed(&cast, second).await;
    let live = deployed(&cast, third).await;
    assert_eq!(offered(&cast, live).await, Some(2));

    let live = back_to(&cast, 2).await.unwrap();
    goes_live(&cast, live).await;
    assert_eq!(offered(&cast, live).await, Some(1));

    let live = back_to(&cast, 1).await.unwrap();
    goes_live(&cast, live).await;
    assert_eq!(offered(&cast, live).await, None);
    assert!(matches!(
        back_to(&cast, 2).await,
        Err(Failure::Refused(Refusal::NothingToRollBackTo(_)))
    ));

    // What was left comes back by an ordinary deployment, and then the way back leads to what ran meanwhile.
    let live = deployed(&cast, third).await;
    assert_eq!(offered(&cast, live).await, Some(1));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_rollback_read_from_an_older_page_changes_nothing(pool: PgPool) {
    let (cast, [first, second, third]) = three_approved(pool).await;
    deployed(&cast, first).await;
    deployed(&cast, second).await;
    deployed(&cast, third).await;
    let before = cast.actions().await;
    assert!(matches!(
        back_to(&cast, 1).await,
        Err(Failure::Refused(Refusal::WayBackChanged(_)))
    ));
    assert_eq!(cast.actions().await, before);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_lapsed_approval_is_no_way_back(pool: PgPool) {
    let (cast, [first, second, _]) = three_approved(pool).await;
    deployed(&cast, first).await;
    let live = deployed(&cast, second).await;
    assert_eq!(offered(&cast, live).await, Some(1));
    cast.portal
        .set_clock(Some(cast.portal.now() + TimeDelta::days(5 * 365)));
    assert_eq!(offered(&cast, live).await, None);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_given_up_for_gone_tells_only_that_it_succeeded_after_all(pool: PgPool) {
    let (cast, [first, second, _]) = three_approved(pool).await;
    let given_up = "its worker was given up";
    let ordered = deploy(&cast.portal, &cast.tomas, first).await.unwrap();
    work::take(&cast.portal).await.unwrap();
    work::finish(&cast.portal, ordered, Err(given_up.into()))
        .await
        .unwrap();
    let before = cast.actions().await;
    work::finish(&cast.portal, ordered, Err("and once more".into()))
        .await
        .unwrap();
    assert_eq!(cast.actions().await, before);

    work::finish(&cast.portal, ordered, Ok(running())).await.unwrap();
    assert_eq!(cast.actions().await.last().unwrap(), "deployment.live");
    assert_eq!(offered(&cast, ordered).await, None);

    // Once something newer was ordered there, it is too late.
    let late = deploy(&cast.portal, &cast.tomas, second).await.unwrap();
    work::take(&cast.portal).await.unwrap();
    work::finish(&cast.portal, late, Err(given_up.into()))
        .await
        .unwrap();
    deploy(&cast.portal, &cast.tomas, second).await.unwrap();
    let before = cast.actions().await;
    work::finish(&cast.portal, late, Ok(running())).await.unwrap();
    assert_eq!(cast.actions().await, before);
}

async fn state(cast: &Cast, release: ReleaseId) -> domain::release::State {
    crate::release::page(&cast.portal, &cast.ivo, release)
        .await
        .unwrap()
        .row
        .state
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_being_deployed_stands_as_it_was_approved_until_that_is_over(pool: PgPool) {
    use domain::release::State::{Approved, Open};
    let (cast, [first, second, _]) = three_approved(pool).await;
    let ordered = deploy(&cast.portal, &cast.tomas, first).await.unwrap();
    cast.evaluate(1, PREDICTIONS).await;
    assert_eq!(state(&cast, first).await, Approved);
    goes_live(&cast, ordered).await;
    assert_eq!(state(&cast, first).await, Approved);

    // One that came to nothing is judged by what was added meanwhile.
    let ordered = deploy(&cast.portal, &cast.tomas, second).await.unwrap();
    cast.evaluate(2, PREDICTIONS).await;
    work::take(&cast.portal).await.unwrap();
    work::finish(&cast.portal, ordered, Err("no room".into()))
        .await
        .unwrap();
    assert_eq!(state(&cast, second).await, Open);
    let [.., failed, changed] = &cast.actions().await[..] else {
        panic!("two entries at least");
    };
    assert_eq!(
        (failed.as_str(), changed.as_str()),
        ("deployment.failed", "release.dossier_changed")
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_approval_is_used_or_lapses_before_it_is_asked_for_again(pool: PgPool) {
    let (cast, [first, ..]) = three_approved(pool).await;
    let again = async || {
        crate::release::request(
            &cast.portal,
            &cast.tomas,
            &credit_risk(),
            1,
            &production(),
            "Again.",
        )
        .await
    };
    assert!(matches!(
        again().await,
        Err(Failure::Refused(Refusal::AlreadyApproved(_, unused))) if unused == first
    ));
    cast.portal
        .set_clock(Some(cast.portal.now() + TimeDelta::days(5 * 365)));
    let second = again().await.unwrap();
    // What lapsed stays closed, so that both don't claim the one open place.
    cast.evaluate(1, PREDICTIONS).await;
    assert_eq!(state(&cast, first).await, domain::release::State::Approved);
    assert_eq!(state(&cast, second).await, domain::release::State::Open);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_deployed_on_evidence_that_has_run_out(pool: PgPool) {
    let (cast, [first, ..]) = three_approved(pool).await;
    // The impact assessment holds until 30 June 2027, the approval a little longer by now.
    sqlx::query("update releases set approved_until = '2028-01-01'")
        .execute(&cast.owner)
        .await
        .unwrap();
    cast.portal
        .set_clock(Some("2027-07-01T08:00:00Z".parse().unwrap()));
    let refused = deploy(&cast.portal, &cast.tomas, first).await;
    assert!(
        matches!(&refused, Err(Failure::Refused(Refusal::EvidenceExpired(title))) if title == "Impact assessment"),
        "{refused:?}"
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_rollback_is_looked_at_once_by_a_manager_who_did_not_order_it(pool: PgPool) {
    let (cast, [first, second, _]) = three_approved(pool).await;
    deployed(&cast, first).await;
    deployed(&cast, second).await;
    let why = "Officers waited.";
    let ordered = roll_back(&cast.portal, &cast.grace, &credit_risk(), &production(), 1, why)
        .await
        .unwrap();
    assert!(matches!(
        see_rollback(&cast.portal, &cast.grace, ordered).await,
        Err(Failure::Denied(domain::Denied::OwnRollback))
    ));
    let other = domain::Actor {
        roles: vec![domain::actor::Role::Manager],
        ..cast.ivo.clone()
    };
    crate::person::set_duties(
        &cast.portal,
        &cast.root,
        other.id,
        domain::person::Duties::new(other.roles.clone(), Vec::new()).unwrap(),
    )
    .await
    .unwrap();
    assert!(matches!(
        see_rollback(&cast.portal, &other, ordered).await,
        Err(Failure::Refused(Refusal::NothingToSee))
    ));
    goes_live(&cast, ordered).await;
    see_rollback(&cast.portal, &other, ordered).await.unwrap();
    assert!(matches!(
        see_rollback(&cast.portal, &other, ordered).await,
        Err(Failure::Refused(Refusal::SeenAlready(name))) if name == other.name
    ));
    // Whoever's duties changed while they were at it is told so.
    assert!(matches!(
        see_rollback(
            &cast.portal,
            &domain::Actor {
                roles: vec![domain::actor::Role::Manager, domain::actor::Role::Auditor],
                ..other
            },
            ordered
        )
        .await,
        Err(Failure::Refused(Refusal::SeenAlready(_)) | Failure::Denied(domain::Denied::DutiesChanged))
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_does_not_answer_may_be_put_in_place_again(pool: PgPool) {
    let (cast, [first, ..]) = three_approved(pool).await;
    let live = deployed(&cast, first).await;
    let can = async || {
        crate::release::page(&cast.portal, &cast.tomas, first)
            .await
            .unwrap()
            .can
            .deploy
    };
    assert_eq!(can().await, domain::view::release::Act::NotYours);
    assert!(matches!(
        deploy(&cast.portal, &cast.tomas, first).await,
        Err(Failure::Refused(Refusal::RunsAlready(1)))
    ));
    // The receiver at the other end is not there, and nobody can tell: nothing is said.
    look_after(&cast.portal).await.unwrap();
    assert_eq!(
        page(&cast.portal, &cast.ivo, live).await.unwrap().row.trouble,
        None
    );

    sql::set_trouble(cast.portal.pool(), live, Some("its process has ended"))
        .await
        .unwrap();
    let row = page(&cast.portal, &cast.ivo, live).await.unwrap().row;
    assert_eq!(row.trouble.as_deref(), Some("its process has ended"));
    assert_eq!(can().await, domain::view::release::Act::Open);
    let again = deployed(&cast, first).await;
    assert_eq!(
        page(&cast.portal, &cast.ivo, again).await.unwrap().row.trouble,
        None
    );
    assert_eq!(
        page(&cast.portal, &cast.ivo, live).await.unwrap().row.state,
        State::Replaced
    );
}
