//! The log of all this: sealed whole, and every forgery named.
use super::*;
use crate::seal;

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_log_is_sealed_whole_and_a_changed_entry_is_named(pool: PgPool) {
    let (cast, _) = under_request(pool).await;
    let size = seal::seal_now(&cast.portal).await.unwrap();
    assert_eq!(size, i64::try_from(cast.actions().await.len()).unwrap());
    let verified = seal::verify(&cast.portal).await.unwrap();
    assert_eq!((verified.size, verified.problem), (size, None));

    let denied = sqlx::query("update audit_entries set sentence = 'x'")
        .execute(&cast.owner)
        .await;
    assert!(denied.is_err(), "even the owner slips on the trigger");
    let columns = ["sentence", "actor_name", "action", "subject_id", "canonical"];
    for (seq, column) in (3_i64..).zip(columns) {
        // What a superuser can do: switch the triggers off for the session.
        let mut superuser = cast.owner.acquire().await.unwrap();
        sqlx::query("set session_replication_role = replica")
            .execute(&mut *superuser)
            .await
            .unwrap();
        let forge = match column {
            "sentence" => "update audit_entries set sentence = sentence || '!' where seq = $1",
            "actor_name" => "update audit_entries set actor_name = 'Somebody' where seq = $1",
            "action" => "update audit_entries set action = 'model.deleted' where seq = $1",
            "subject_id" => "update audit_entries set subject_id = subject_id || '0' where seq = $1",
            _ => {
                "update audit_entries set canonical = replace(canonical, '\"done\"', '\"refused\"') where seq = $1"
            }
        };
        let before: (String, String, String, String, String) = sqlx::query_as(
            "select sentence, actor_name, action, subject_id, canonical from audit_entries where seq = $1",
        )
        .bind(seq)
        .fetch_one(&mut *superuser)
        .await
        .unwrap();
        sqlx::query(forge)
            .bind(seq)
            .execute(&mut *superuser)
            .await
            .unwrap();
        let problem = seal::check(&cast.portal).await.unwrap().unwrap_err();
        assert_eq!(problem.seq, Some(seq), "{column}: {problem}");
        let (sentence, actor, action, subject, canonical) = before;
        sqlx::query(
            "update audit_entries set sentence = $2, actor_name = $3, action = $4, subject_id = $5, canonical = $6 where seq = $1",
        )
        .bind(seq)
        .bind(sentence)
        .bind(actor)
        .bind(action)
        .bind(subject)
        .bind(canonical)
        .execute(&mut *superuser)
        .await
        .unwrap();
        sqlx::query("set session_replication_role = default")
            .execute(&mut *superuser)
            .await
            .unwrap();
    }
    assert!(seal::check(&cast.portal).await.unwrap().is_ok());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn an_entry_written_past_the_log_is_named(pool: PgPool) {
    let (cast, _) = under_request(pool).await;
    seal::seal_now(&cast.portal).await.unwrap();
    assert!(seal::check(&cast.portal).await.unwrap().is_ok());
    let stray: i64 = sqlx::query_scalar(
        "
        insert into audit_entries (at, actor_name, action, outcome, subject_kind, subject_id, sentence, canonical, leaf_hash)
        select at, actor_name, action, outcome, subject_kind, subject_id, 'did nothing wrong', canonical, leaf_hash
        from audit_entries order by seq limit 1 returning seq
        ",
    )
    .fetch_one(&cast.owner)
    .await
    .unwrap();
    let broken = seal::check(&cast.portal).await.unwrap().unwrap_err();
    assert_eq!(broken.seq, Some(stray), "{broken}");
    assert!(broken.to_string().contains("neither in the log"), "{broken}");
}
