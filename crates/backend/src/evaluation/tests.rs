use super::*;
use crate::cast::{self, Cast, credit_risk};
use assess::{Asked, Report, report::Task};
use bytes::Bytes;
use domain::{
    Denied,
    actor::Role,
    evaluation::job::{MOST_WAITING, State},
    id::JobId,
    policy::GateState,
};
use futures::TryStreamExt;
use ledger::digest::Digest;
use sqlx::PgPool;
use std::{sync::Arc, time::Duration};

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_predictions_file_becomes_a_frozen_report_and_one_entry(pool: PgPool) {
    let cast = Cast::new(pool).await;
    policy::install_built_in(&cast.portal).await.unwrap();
    cast.model().await;
    cast.version(1).await;
    let before = cast.actions().await.len();
    let id = cast.evaluate(1, cast::PREDICTIONS).await;
    assert_eq!(cast.actions().await[before..], ["version.evaluated"]);
    assert_eq!(
        cast.files(),
        (0, 1),
        "kept by digest, and nothing left where files come in"
    );

    let page = page(&cast.portal, &cast.ivo, id).await.unwrap();
    assert_eq!(
        Digest::of(page.report.as_bytes()).to_string(),
        page.row.report_digest
    );
    let report: Report = serde_json::from_str(&page.report).unwrap();
    assert_eq!(
        (report.rows, &report.source.digest),
        (1000, &page.row.file_digest)
    );
    assert_eq!(page.row.verdict, assessment::verdict(&page.report).unwrap());
    assert!(page.row.verdict.contains("75.5"), "{}", page.row.verdict);
    let state = |gate: &str| {
        page.gates
            .iter()
            .find(|outcome| outcome.gate == gate)
            .unwrap()
            .state
    };
    assert!(state("rows").is_met() && state("accuracy").is_met());
    assert_ne!(state("impact-ratio"), GateState::NotMeasured);
    assert!(page.signatures.is_empty() && page.baseline.is_none());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_file_comes_back_as_it_was_sent_under_a_plain_name(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let mut sent = cast.sent(cast::PREDICTIONS).await;
    if let Predictions::Arrived { name, .. } = &mut sent.predictions {
        *name = "..\\..\\C:/temp/\u{7}german lr.csv".into();
    }
    let id = now(&cast.portal, &cast.tomas, &credit_risk(), 1, sent)
        .await
        .unwrap();
    let (name, bytes) = file(&cast.portal, &cast.ivo, id).await.unwrap();
    let bytes: Vec<Bytes> = bytes.try_collect().await.unwrap();
    assert_eq!(
        (name.as_str(), bytes.concat().as_slice()),
        ("german lr.csv", cast::PREDICTIONS)
    );
    assert_eq!(cast.files(), (0, 1), "the same bytes are kept once");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn of_a_hostile_file_its_reason_is_recorded_and_no_report(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let hostile: [&'static [u8]; 6] = [
        b"y_true,y_pred\n1,1\n",
        b"y_true,y_pred,y_score,sex,age_band\n1,1,NaN,male,>25\n",
        b"y_true,y_pred,y_score,sex,age_band\n1,1,0.5,\"male,>25\n",
        b"PAR1 and then nothing of the kind PAR1",
        b"\x00\x01\x02\x03",
        b"\xff\xfey\x00",
    ];
    for bytes in hostile {
        let before = cast.actions().await.len();
        let refused = cast.try_evaluate(&cast.tomas, 1, bytes).await.unwrap_err();
        assert!(
            matches!(refused, Failure::Refused(Refusal::Predictions(_))),
            "{refused:?}"
        );
        assert_eq!(cast.actions().await[before..], ["version.evaluation_failed"]);
    }
    let version = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap();
    assert_eq!(
        (version.evaluations.len(), version.jobs.len()),
        (1, hostile.len())
    );
    let missing = &version.jobs[5].failure.as_ref().unwrap().message;
    assert!(missing.contains("y_score"), "{missing}");
    assert_eq!(cast.files().0, 0, "nothing is left where files come in");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn only_an_engineer_evaluates_and_only_a_version_that_is_there(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let (before, files) = (cast.actions().await, cast.files());
    for other in [&cast.ada, &cast.mei, &cast.grace, &cast.ivo, &cast.root] {
        let denied = cast
            .try_evaluate(other, 1, cast::OTHER_PREDICTIONS)
            .await
            .unwrap_err();
        assert!(
            matches!(denied, Failure::Denied(Denied::NotA(Role::Engineer))),
            "{}",
            other.name
        );
    }
    let missing = cast.try_evaluate(&cast.tomas, 9, cast::OTHER_PREDICTIONS).await;
    assert!(matches!(missing, Err(Failure::NotFound)));
    assert_eq!((cast.actions().await, cast.files()), (before, files));
    assert!(matches!(
        page(&cast.portal, &cast.ivo, 9_999.into()).await,
        Err(Failure::NotFound)
    ));
    assert!(matches!(
        file(&cast.portal, &cast.ivo, 9_999.into()).await,
        Err(Failure::NotFound)
    ));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_newest_evaluation_is_what_the_version_and_the_inventory_show(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let second = cast.evaluate(1, cast::OTHER_PREDICTIONS).await;
    let version = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap();
    assert_eq!(
        (version.evaluations.len(), version.evaluations[0].id),
        (2, second)
    );
    assert_eq!(version.history[0].action, "version.evaluated");
    let model = crate::model::page(&cast.portal, &cast.ivo, &credit_risk())
        .await
        .unwrap();
    assert_eq!(model.versions[0].evaluations, 2);
    assert_eq!(model.row.measured.unwrap().evaluation, second);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_evaluation_voids_what_was_signed_before_it_and_says_so_after_itself(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.govern().await;
    let id = cast.request(1).await;
    cast.approve(&cast.ada, id).await;
    let first = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap()
        .evaluations[0]
        .id;
    let signed = page(&cast.portal, &cast.ivo, first).await.unwrap().signatures;
    assert_eq!(
        signed
            .iter()
            .map(|one| (one.name.as_str(), one.voided.is_none()))
            .collect::<Vec<_>>(),
        [("Ada Osei", true)]
    );

    let before = cast.actions().await.len();
    let second = cast.evaluate(1, cast::PREDICTIONS).await;
    assert_eq!(
        cast.actions().await[before..],
        ["version.evaluated", "release.dossier_changed"]
    );
    let signed = page(&cast.portal, &cast.ivo, second).await.unwrap().signatures;
    assert!(
        signed[0]
            .voided
            .as_ref()
            .unwrap()
            .1
            .contains(&format!("evaluation {second} was added")),
        "{signed:?}"
    );
}

async fn asked(cast: &Cast, bytes: &'static [u8]) -> JobId {
    let sent = cast.sent(bytes).await;
    ask(&cast.portal, &cast.tomas, &credit_risk(), 1, sent)
        .await
        .unwrap()
}

async fn state(cast: &Cast, id: JobId) -> State {
    show(&cast.portal, &cast.ivo, id).await.unwrap().state
}

/// A worker takes the job and is killed.
async fn begun_and_left(cast: &Cast) {
    let mut change = cast.portal.own_change().await.unwrap();
    let now = change.now();
    let lease = now + chrono::TimeDelta::seconds(30);
    sql::job::take(change.conn(), now, lease).await.unwrap().unwrap();
    change.keep(crate::change::Unrecorded::Lease).await.unwrap();
    cast.portal.set_clock(Some(now + chrono::TimeDelta::seconds(31)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_waits_is_computed_and_names_its_report(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let (first, second) = (
        asked(&cast, cast::PREDICTIONS).await,
        asked(&cast, cast::OTHER_PREDICTIONS).await,
    );
    assert_eq!(state(&cast, first).await, State::Queued);
    let soon = wait(
        &cast.portal,
        &cast.ivo,
        first,
        std::time::Duration::from_millis(10),
    );
    assert_eq!(soon.await.unwrap().state, State::Queued);
    assert!(work_once(&cast.portal).await.unwrap());
    assert_eq!(
        (state(&cast, first).await, state(&cast, second).await),
        (State::Done, State::Queued),
        "what waited longest comes first"
    );
    assert!(work_once(&cast.portal).await.unwrap());
    assert!(!work_once(&cast.portal).await.unwrap(), "nothing waits any more");
    let job = show(&cast.portal, &cast.ivo, second).await.unwrap();
    let report = page(&cast.portal, &cast.ivo, job.evaluation.unwrap())
        .await
        .unwrap();
    assert_eq!(report.row.file_digest, job.file_digest);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_whose_worker_was_killed_is_begun_anew_once_its_lease_has_run_out(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = asked(&cast, cast::OTHER_PREDICTIONS).await;
    let before = cast.actions().await.len();
    begun_and_left(&cast).await;
    assert_eq!(state(&cast, id).await, State::Running);
    assert!(work_once(&cast.portal).await.unwrap());
    assert_eq!(state(&cast, id).await, State::Done);
    assert_eq!(cast.actions().await[before..], ["version.evaluated"]);
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_that_costs_three_workers_their_life_is_given_up(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = asked(&cast, cast::OTHER_PREDICTIONS).await;
    for _ in 0..3 {
        begun_and_left(&cast).await;
    }
    assert!(work_once(&cast.portal).await.unwrap());
    let job = show(&cast.portal, &cast.ivo, id).await.unwrap();
    assert_eq!(job.state, State::Failed);
    assert!(job.failure.unwrap().message.contains("given up"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_worker_that_was_given_up_for_gone_tells_nothing_any_more(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = asked(&cast, cast::OTHER_PREDICTIONS).await;
    let mut change = cast.portal.own_change().await.unwrap();
    let now = change.now();
    let late = sql::job::take(change.conn(), now, now).await.unwrap().unwrap();
    change.keep(crate::change::Unrecorded::Lease).await.unwrap();
    cast.portal.set_clock(Some(now + chrono::TimeDelta::seconds(1)));
    assert!(work_once(&cast.portal).await.unwrap());
    assert_eq!(state(&cast, id).await, State::Done);
    let seen = domain::view::evaluation::Progress::default();
    assert!(
        !sql::job::renew(cast.portal.pool(), &late, seen, now)
            .await
            .unwrap()
    );
    let mut change = cast.portal.own_change().await.unwrap();
    let why = domain::refusal::Invalid::new("file", "no");
    assert!(!sql::job::failed(change.conn(), &late, &why, now).await.unwrap());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_engineer_calls_a_job_off_and_nothing_comes_of_it(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = asked(&cast, cast::OTHER_PREDICTIONS).await;
    let denied = cancel(&cast.portal, &cast.ivo, id).await.unwrap_err();
    assert!(matches!(denied, Failure::Denied(Denied::NotA(Role::Engineer))));
    let before = cast.actions().await.len();
    cancel(&cast.portal, &cast.tomas, id).await.unwrap();
    assert_eq!(cast.actions().await[before..], ["version.evaluation_cancelled"]);
    assert!(!work_once(&cast.portal).await.unwrap());
    let twice = cancel(&cast.portal, &cast.tomas, id).await.unwrap_err();
    assert!(matches!(twice, Failure::Refused(Refusal::JobOver(over)) if over == id));
    let version = version::page(&cast.portal, &cast.ivo, &credit_risk(), 1)
        .await
        .unwrap();
    assert_eq!(
        (version.evaluations.len(), version.jobs[0].state),
        (1, State::Cancelled)
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_that_is_called_off_while_it_is_computed_leaves_no_report(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = asked(&cast, cast::OTHER_PREDICTIONS).await;
    let mut change = cast.portal.own_change().await.unwrap();
    let now = change.now();
    let taken = sql::job::take(change.conn(), now, now + chrono::TimeDelta::seconds(30)).await;
    let taken = taken.unwrap().unwrap();
    change.keep(crate::change::Unrecorded::Lease).await.unwrap();
    cancel(&cast.portal, &cast.tomas, id).await.unwrap();
    let before = cast.actions().await;
    work::computed(&cast.portal, taken, Arc::default()).await.unwrap();
    assert_eq!(
        (state(&cast, id).await, cast.actions().await),
        (State::Cancelled, before)
    );
}

/// A million rows, read anew for each of a hundred slices.
async fn long(cast: &Cast) -> JobId {
    let head = cast::OTHER_PREDICTIONS
        .iter()
        .position(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    let (head, rows) = cast::OTHER_PREDICTIONS.split_at(head);
    let chunks = std::iter::once(head).chain(std::iter::repeat_n(rows, 1000));
    let chunks = futures::stream::iter(chunks.map(|chunk| Ok::<_, Failure>(Bytes::from_static(chunk))));
    let mut sent = cast.sent(cast::OTHER_PREDICTIONS).await;
    sent.predictions = Predictions::Arrived {
        name: "long.csv".into(),
        file: cast.portal.files().receive(chunks, 1 << 30).await.unwrap(),
    };
    sent.asked.slices = vec!["sex".into(); 100];
    ask(&cast.portal, &cast.tomas, &credit_risk(), 1, sent)
        .await
        .unwrap()
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_job_that_is_called_off_amid_the_reading_leaves_its_turn_at_once(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = long(&cast).await;
    let mut change = cast.portal.own_change().await.unwrap();
    let now = change.now();
    let taken = sql::job::take(change.conn(), now, now + chrono::TimeDelta::seconds(30)).await;
    let taken = taken.unwrap().unwrap();
    change.keep(crate::change::Unrecorded::Lease).await.unwrap();
    let seen = Arc::new(work::Watched::default());
    let called_off = async {
        while seen.progress() == domain::view::evaluation::Progress::default() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        cancel(&cast.portal, &cast.tomas, id).await.unwrap();
    };
    let (computed, ()) = tokio::join!(work::computed(&cast.portal, taken, seen.clone()), called_off);
    computed.unwrap();
    assert_eq!(state(&cast, id).await, State::Cancelled);
    let all = u32::try_from(work::AT_ONCE).unwrap();
    let turns = tokio::time::timeout(Duration::from_secs(2), work::TURNS.acquire_many(all)).await;
    assert!(turns.is_ok(), "it is still read");
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_file_with_wrongly_named_columns_is_evaluated_again_without_being_sent_again(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    cast.version(2).await;
    let mut sent = cast.sent(cast::OTHER_PREDICTIONS).await;
    sent.asked.columns.label = "truth".into();
    let id = ask(&cast.portal, &cast.tomas, &credit_risk(), 1, sent)
        .await
        .unwrap();
    assert!(work_once(&cast.portal).await.unwrap());
    let job = show(&cast.portal, &cast.ivo, id).await.unwrap();
    assert_eq!(job.failure.unwrap().field, "label");
    let again = || Sent {
        predictions: Predictions::OfJob(id),
        asked: Asked::new(Task::Binary, cast::columns()),
        baseline: None,
    };
    let elsewhere = ask(&cast.portal, &cast.tomas, &credit_risk(), 2, again()).await;
    assert!(
        matches!(elsewhere, Err(Failure::NotFound)),
        "another version's file is not its own"
    );
    let report = now(&cast.portal, &cast.tomas, &credit_risk(), 1, again())
        .await
        .unwrap();
    let report = page(&cast.portal, &cast.ivo, report).await.unwrap();
    assert_eq!(
        (report.row.file_name, report.row.file_digest),
        (job.file_name, job.file_digest)
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn whoever_is_no_engineer_any_more_adds_no_report(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    let id = asked(&cast, cast::OTHER_PREDICTIONS).await;
    crate::person::set_active(&cast.portal, &cast.root, cast.tomas.id, false)
        .await
        .unwrap();
    assert!(work_once(&cast.portal).await.unwrap());
    let job = show(&cast.portal, &cast.ivo, id).await.unwrap();
    assert_eq!(job.state, State::Failed);
    assert!(job.failure.unwrap().message.contains("no engineer any more"));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn one_person_does_not_fill_the_queue(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    for _ in 0..MOST_WAITING {
        asked(&cast, cast::OTHER_PREDICTIONS).await;
    }
    let sent = cast.sent(cast::OTHER_PREDICTIONS).await;
    let refused = ask(&cast.portal, &cast.tomas, &credit_risk(), 1, sent)
        .await
        .unwrap_err();
    assert!(
        matches!(refused, Failure::Refused(Refusal::TooManyWaiting(_))),
        "{refused:?}"
    );
}
