use super::*;
use crate::cast::{self, Cast, credit_risk};
use domain::{Denied, actor::Role};
use sqlx::PgPool;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_manifest_is_frozen_byte_for_byte_as_the_next_number(pool: PgPool) {
    let cast = Cast::new(pool).await;
    cast.model().await;
    let before = cast.actions().await.len();
    cast.version(1).await;
    cast.version(2).await;
    assert_eq!(
        cast.actions().await[before..],
        ["version.registered", "version.registered"]
    );

    let (text, digest) = manifest(&cast.portal, &cast.ivo, &credit_risk(), 2)
        .await
        .unwrap();
    assert_eq!(Digest::of(text.as_bytes()).to_string(), digest);
    assert_eq!(Manifest::parse(text.as_bytes()).unwrap(), cast::manifest(2));

    let page = page(&cast.portal, &cast.tomas, &credit_risk(), 2).await.unwrap();
    assert_eq!((page.digest, page.manifest), (digest, cast::manifest(2)));
    assert_eq!(
        (page.registered_by.name.as_str(), page.can_work),
        ("Tomas Rivera", true)
    );
    assert!(
        page.baseline.is_none() && page.evaluations.is_empty(),
        "nothing was approved or measured yet"
    );
    assert_eq!(page.history.len(), 1);

    let model = model::page(&cast.portal, &cast.tomas, &credit_risk())
        .await
        .unwrap();
    let rows: Vec<_> = model
        .versions
        .iter()
        .map(|row| (row.number, row.changes.as_str()))
        .collect();
    assert_eq!(
        rows,
        [(2, "Trained again, round 2."), (1, "Trained again, round 1.")]
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_same_manifest_twice_is_told_its_number_and_adds_nothing(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let before = cast.actions().await;
    let again = register(&cast.portal, &cast.tomas, &credit_risk(), cast::manifest(1))
        .await
        .unwrap_err();
    assert!(
        matches!(again, Failure::Refused(Refusal::AlreadyRegistered(1))),
        "{again:?}"
    );
    assert_eq!(cast.actions().await, before);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_an_engineer_registers_and_only_what_is_whole(pool: PgPool) {
    let cast = Cast::new(pool).await;
    cast.model().await;
    let before = cast.actions().await;
    for other in [&cast.ada, &cast.grace, &cast.ivo, &cast.root] {
        let denied = register(&cast.portal, other, &credit_risk(), cast::manifest(1))
            .await
            .unwrap_err();
        assert!(
            matches!(denied, Failure::Denied(Denied::NotA(Role::Engineer))),
            "{}",
            other.name
        );
    }
    let mut broken = cast::manifest(1);
    broken.artifact.sha256 = "none".into();
    broken.card.clear();
    let invalid = register(&cast.portal, &cast.tomas, &credit_risk(), broken)
        .await
        .unwrap_err();
    assert!(
        matches!(&invalid, Failure::Invalid(wrong) if wrong.len() == 2),
        "{invalid:?}"
    );

    let mut vast = cast::manifest(1);
    vast.parameters.insert("seed".into(), serde_json::json!(u64::MAX));
    let invalid = register(&cast.portal, &cast.tomas, &credit_risk(), vast)
        .await
        .unwrap_err();
    assert!(
        matches!(&invalid, Failure::Invalid(_)),
        "a number that would change is refused: {invalid:?}"
    );

    let missing = register(
        &cast.portal,
        &cast.tomas,
        &"nothing".parse().unwrap(),
        cast::manifest(1),
    )
    .await;
    assert!(matches!(missing, Err(Failure::NotFound)));
    assert_eq!(cast.actions().await, before);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn racing_registrations_get_numbers_of_their_own(pool: PgPool) {
    let cast = Cast::new(pool).await;
    cast.model().await;
    let race = (1..=4).map(|number| {
        let (portal, tomas) = (cast.portal.clone(), cast.tomas.clone());
        tokio::spawn(async move {
            register(&portal, &tomas, &credit_risk(), cast::manifest(number))
                .await
                .unwrap()
        })
    });
    let mut numbers = Vec::new();
    for racer in race.collect::<Vec<_>>() {
        numbers.push(racer.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_two_who_race_with_one_manifest_one_is_told_of_the_other(pool: PgPool) {
    let cast = Cast::new(pool).await;
    cast.model().await;
    let name = credit_risk();
    let send = || register(&cast.portal, &cast.tomas, &name, cast::manifest(1));
    let (one, other) = tokio::join!(send(), send());
    let refused = one.and(other).unwrap_err();
    assert!(
        matches!(refused, Failure::Refused(Refusal::AlreadyRegistered(1))),
        "{refused:?}"
    );
    assert_eq!(
        model::page(&cast.portal, &cast.ivo, &credit_risk())
            .await
            .unwrap()
            .versions
            .len(),
        1
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_is_frozen_refuses_its_owner_too(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let attempts = [
        sqlx::query!("update versions set manifest = '{}'")
            .execute(&cast.owner)
            .await,
        sqlx::query!("delete from versions").execute(&cast.owner).await,
        sqlx::query!("update evaluations set report = '{}'")
            .execute(&cast.owner)
            .await,
        sqlx::query!("truncate evaluations cascade")
            .execute(&cast.owner)
            .await,
        sqlx::query!("update evidence set title = ''")
            .execute(&cast.owner)
            .await,
    ];
    for attempt in attempts {
        assert!(attempt.unwrap_err().to_string().contains("append-only"));
    }
    // The portal's own role isn't even granted it.
    let denied = sqlx::query!("update versions set changes = ''")
        .execute(cast.portal.pool())
        .await
        .unwrap_err();
    assert!(denied.to_string().contains("permission denied"), "{denied}");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_version_that_is_not_there_is_not_found(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    assert!(matches!(
        page(&cast.portal, &cast.tomas, &credit_risk(), 2).await,
        Err(Failure::NotFound)
    ));
    assert!(matches!(
        manifest(&cast.portal, &cast.tomas, &credit_risk(), 0).await,
        Err(Failure::NotFound)
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_version_is_held_against_the_last_approved_one_before_it(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let release = cast.approved(1).await;
    cast.version(2).await;
    let second = cast.evaluate(2, cast::OTHER_PREDICTIONS).await;

    let first = page(&cast.portal, &cast.tomas, &credit_risk(), 1).await.unwrap();
    assert!(
        first.baseline.is_none() && first.regressions.is_empty(),
        "nothing was before it"
    );
    assert_eq!(
        first.readiness_of,
        Some((release, domain::release::State::Approved))
    );
    assert!(
        first.readiness.iter().all(|rule| rule.state.is_met()),
        "{:?}",
        first.readiness
    );
    assert_eq!(first.releases.len(), 1);
    let actions: Vec<_> = first
        .history
        .iter()
        .rev()
        .map(|entry| entry.action.as_str())
        .collect();
    assert_eq!(
        actions[..4],
        [
            "version.registered",
            "version.evaluated",
            "evidence.added",
            "release.requested"
        ]
    );

    let page = page(&cast.portal, &cast.tomas, &credit_risk(), 2).await.unwrap();
    assert_eq!(page.baseline, Some((1, cast::manifest(1))));
    assert!(page.regressions.iter().any(|change| change.before.is_some()));
    assert_eq!(page.readiness_of, None);
    assert!(
        page.readiness.iter().any(|rule| !rule.state.is_met()),
        "nobody has reviewed it yet"
    );
    assert_eq!(page.environments, [cast::story::production()]);
    let [standing] = page.standings.as_slice() else {
        panic!("{:?}", page.standings)
    };
    assert_eq!((standing.approved, standing.running), (Some((1, release)), None));

    let report = evaluation::page(&cast.portal, &cast.ivo, second).await.unwrap();
    assert_eq!(report.baseline, Some((first.evaluations[0].id, 1)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_inventory_tells_approved_from_running_and_when_the_approval_lapses(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let release = cast.approved(1).await;
    let filter = domain::view::model::Filter {
        environment: "production".into(),
        ..Default::default()
    };
    let found = model::inventory(&cast.portal, &cast.ivo, &filter).await.unwrap();
    let standing = &found.rows[0].standings[0];
    assert_eq!(
        (found.total, standing.approved, standing.running),
        (1, Some((1, release)), None)
    );
    assert_eq!(
        found.rows[0].due.as_deref(),
        Some("approval for production lapses on 21 February 2027")
    );

    cast.portal
        .set_clock(Some(cast::noon() + chrono::TimeDelta::days(91)));
    let found = model::inventory(&cast.portal, &cast.ivo, &filter).await.unwrap();
    assert_eq!(
        found.rows[0].due.as_deref(),
        Some("approval for production lapsed on 21 February 2027")
    );
    let rows = model::page(&cast.portal, &cast.ivo, &credit_risk())
        .await
        .unwrap()
        .versions;
    assert_eq!(
        rows[0].release,
        Some((
            release,
            domain::release::State::Approved,
            cast::story::production()
        ))
    );
}
