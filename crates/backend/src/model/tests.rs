use super::*;
use crate::cast::{self, Cast};
use domain::{Denied, Refusal, actor::Role};
use sqlx::PgPool;

fn names(inventory: &Inventory) -> Vec<&str> {
    inventory.rows.iter().map(|row| row.name.as_str()).collect()
}

async fn create_named(cast: &Cast, name: &str) {
    let description = Description::new(name, "Sorts letters by hand and eye.", "limited").unwrap();
    create(&cast.portal, &cast.tomas, description).await.unwrap();
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_new_model_is_one_row_and_one_entry(pool: PgPool) {
    let cast = Cast::new(pool).await;
    let before = cast.actions().await.len();
    let name = cast.model().await;
    assert_eq!(cast.actions().await[before..], ["model.created"]);

    let model = page(&cast.portal, &cast.ivo, &name).await.unwrap();
    assert_eq!(model.row.owner.name, "Tomas Rivera");
    assert_eq!(
        model.history[0].sentence,
        "created the high-risk model credit-risk"
    );
    assert!(!model.can_register, "an auditor only looks");
    assert!(model.versions.is_empty() && model.row.measured.is_none() && model.row.due.is_none());
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_taken_name_or_a_stranger_to_the_craft_leaves_nothing(pool: PgPool) {
    let cast = Cast::new(pool).await;
    cast.model().await;
    let before = cast.actions().await;
    let again = || Description::new("credit-risk", "The same once more.", "high").unwrap();

    let taken = create(&cast.portal, &cast.tomas, again()).await.unwrap_err();
    assert!(matches!(taken, Failure::Refused(Refusal::NameTaken(name)) if name == "credit-risk"));
    for other in [&cast.ada, &cast.grace, &cast.ivo, &cast.root] {
        let denied = create(&cast.portal, other, again()).await.unwrap_err();
        assert!(
            matches!(denied, Failure::Denied(Denied::NotA(Role::Engineer))),
            "{}",
            other.name
        );
    }
    assert_eq!(cast.actions().await, before);
    assert_eq!(
        inventory(&cast.portal, &cast.ivo, &Filter::default())
            .await
            .unwrap()
            .total,
        1
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn what_does_not_exist_is_not_found(pool: PgPool) {
    let cast = Cast::new(pool).await;
    let found = page(&cast.portal, &cast.tomas, &"nothing".parse().unwrap()).await;
    assert!(matches!(found, Err(Failure::NotFound)));
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn the_inventory_shows_what_was_measured_last_and_every_filter_narrows(pool: PgPool) {
    let cast = Cast::with_credit_risk(pool).await;
    create_named(&cast, "post-sorter").await;

    let all = inventory(&cast.portal, &cast.tomas, &Filter::default())
        .await
        .unwrap();
    assert_eq!(
        (names(&all), all.total, all.can_create),
        (vec!["credit-risk", "post-sorter"], 2, true)
    );
    let measured = all.rows[0].measured.as_ref().unwrap();
    assert_eq!((measured.number, measured.accuracy), (1, Some(0.755)));
    assert!(measured.roc_auc > Some(0.7) && measured.impact_ratio < Some(1.0));
    assert_eq!(all.rows[1].measured, None, "what was not measured has no number");

    let found = async |filter: Filter| {
        let found = inventory(&cast.portal, &cast.ivo, &filter).await.unwrap();
        assert_eq!(usize::try_from(found.total).unwrap(), found.rows.len());
        names(&found).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let with = Filter::default;
    assert_eq!(
        found(Filter {
            q: " CREDIT ".into(),
            ..with()
        })
        .await,
        ["credit-risk"]
    );
    assert_eq!(
        found(Filter {
            q: "hand and".into(),
            ..with()
        })
        .await,
        ["post-sorter"],
        "the purpose is searched too"
    );
    assert!(
        found(Filter {
            q: "%".into(),
            ..with()
        })
        .await
        .is_empty(),
        "nothing is a wildcard"
    );
    assert_eq!(
        found(Filter {
            tier: "limited".into(),
            ..with()
        })
        .await,
        ["post-sorter"]
    );
    assert_eq!(
        found(Filter {
            owner: "rivera".into(),
            ..with()
        })
        .await
        .len(),
        2
    );
    assert!(
        found(Filter {
            owner: "grace".into(),
            ..with()
        })
        .await
        .is_empty()
    );
    assert!(
        found(Filter {
            environment: "production".into(),
            ..with()
        })
        .await
        .is_empty()
    );
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn paging_shows_every_model_once_in_each_order(pool: PgPool) {
    let cast = Cast::new(pool).await;
    for number in 0..60 {
        // Some are made in the same breath, so that only the name tells them apart.
        cast.portal.set_clock(Some(
            cast::noon() + chrono::TimeDelta::minutes(i64::from(number % 7)),
        ));
        create_named(&cast, &format!("m-{number:02}")).await;
    }
    for sort in ["name", "-name", "created", "-created"] {
        let mut filter = Filter {
            sort: sort.into(),
            ..Filter::default()
        };
        let (mut seen, mut sizes) = (Vec::new(), Vec::new());
        loop {
            let page = inventory(&cast.portal, &cast.ivo, &filter).await.unwrap();
            assert_eq!(page.total, 60);
            sizes.push(page.rows.len());
            seen.extend(page.rows.into_iter().map(|row| (row.created_at, row.name)));
            let Some(next) = page.next else { break };
            filter.after = next;
        }
        assert_eq!(sizes, [25, 25, 10], "{sort}");
        let mut expected = seen.clone();
        match sort {
            "name" => expected.sort_by(|a, b| a.1.cmp(&b.1)),
            "-name" => expected.sort_by(|a, b| b.1.cmp(&a.1)),
            "created" => expected.sort(),
            _ => expected.sort_by(|a, b| b.cmp(a)),
        }
        expected.dedup();
        assert_eq!(seen, expected, "{sort}");
    }
}

#[sqlx::test(migrator = "crate::MIGRATOR")]
async fn a_cursor_that_makes_no_sense_begins_at_the_start(pool: PgPool) {
    let cast = Cast::new(pool).await;
    cast.model().await;
    let filter = Filter {
        sort: "created".into(),
        after: "yesterday or so".into(),
        ..Filter::default()
    };
    assert_eq!(
        names(&inventory(&cast.portal, &cast.ivo, &filter).await.unwrap()),
        ["credit-risk"]
    );
}
