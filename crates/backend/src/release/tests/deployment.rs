//! What becomes of an approval when it is deployed.
use super::*;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn nothing_is_deployed_without_an_approval_and_a_failure_is_told(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    let early = crate::deployment::deploy(&cast.portal, &cast.tomas, id).await;
    assert!(matches!(early, Err(Failure::Refused(Refusal::NotApproved))));
    both_approve(&cast, id).await;
    let digest = shown(&cast, id).await.dossier_digest;
    countersign(&cast, &cast.grace, id, &digest).await.unwrap();
    assert!(matches!(
        crate::deployment::deploy(&cast.portal, &cast.grace, id).await,
        Err(Failure::Denied(_))
    ));
    let deployment = crate::deployment::deploy(&cast.portal, &cast.tomas, id)
        .await
        .unwrap();
    let twice = crate::deployment::deploy(&cast.portal, &cast.tomas, id).await;
    assert!(
        matches!(twice, Err(Failure::Refused(Refusal::DeploymentAtWork(_)))),
        "{twice:?}"
    );
    // Its artifact isn't there, so the worker says so, and nothing is live.
    assert!(crate::deployment::work_once(&cast.portal).await.unwrap());
    let page = crate::deployment::page(&cast.portal, &cast.ivo, deployment)
        .await
        .unwrap();
    assert_eq!(page.row.state, domain::deployment::State::Failed);
    assert!(page.row.outcome.unwrap().contains("no artifact"));
    assert!(!crate::deployment::work_once(&cast.portal).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_killed_portals_deployment_is_told_as_failed_by_the_next(pool: PgPool) {
    let (cast, id) = under_request(pool).await;
    both_approve(&cast, id).await;
    let digest = shown(&cast, id).await.dossier_digest;
    countersign(&cast, &cast.grace, id, &digest).await.unwrap();
    let deployment = crate::deployment::deploy(&cast.portal, &cast.tomas, id)
        .await
        .unwrap();
    sqlx::query!(
        "update deployments set state = 'running', lease_until = $1",
        cast.portal.now()
    )
    .execute(&cast.owner)
    .await
    .unwrap();
    cast.portal
        .set_clock(Some(cast.portal.now() + chrono::TimeDelta::minutes(1)));
    assert!(crate::deployment::work_once(&cast.portal).await.unwrap());
    let page = crate::deployment::page(&cast.portal, &cast.ivo, deployment)
        .await
        .unwrap();
    assert_eq!(page.row.state, domain::deployment::State::Failed);
    assert!(page.row.outcome.unwrap().contains("stopped in the middle"));
    assert_eq!(cast.actions().await.last().unwrap(), "deployment.failed");
}
