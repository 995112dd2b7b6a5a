//! The lanes of the board: a lane an environment and model, a bar a version while it ran.
use crate::ui::{Bar, BarKind, Lane, LanePin, Period, PinKind};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    deployment::{Kind, State},
    environment::EnvironmentName,
    model::ModelName,
    view::deployment::{Board, Row},
};
use std::collections::BTreeMap;

/// More lanes than these are no picture any more.
pub const LANES: usize = 16;

/// What ran when, and since when it is drawn. None where nothing ran.
pub fn drawing(board: &Board, days: Option<i64>, now: DateTime<Utc>) -> Option<(Period, Vec<Lane>)> {
    let ran = ran(board);
    let first = ran.values().filter_map(|row| row.finished_at).min()?;
    let from = match days {
        Some(days) => now - TimeDelta::days(days),
        // A little room before the first bar; a day at least, so that an hour doesn't look like an age.
        None => (first - (now - first) / 20).min(now - TimeDelta::days(1)),
    };
    let models: Vec<&ModelName> = {
        let mut models: Vec<_> = ran.values().map(|row| &row.model).collect();
        models.sort_by_key(|model| model.as_str());
        models.dedup();
        models
    };
    // The environment nearest to people stands at the top.
    let lanes = board.environments.iter().rev().flat_map(|environment| {
        let ran = &ran;
        let alone = models.len() == 1;
        models.iter().filter_map(move |model| {
            let mut lane = lane(ran, environment, model, alone, from)?;
            lane.pins = pins(board, environment, model, from);
            Some(lane)
        })
    });
    let lanes: Vec<_> = lanes.collect();
    (!lanes.is_empty()).then_some((Period { from, now }, lanes))
}

/// Everything that ran at some time, once each, oldest first.
fn ran(board: &Board) -> BTreeMap<i64, &Row> {
    let all = board.live.iter().chain(&board.recent);
    all.filter(|row| matches!(row.state, State::Live | State::Replaced) && row.finished_at.is_some())
        .map(|row| (row.id.into(), row))
        .collect()
}

fn lane(
    ran: &BTreeMap<i64, &Row>,
    environment: &EnvironmentName,
    model: &ModelName,
    alone: bool,
    from: DateTime<Utc>,
) -> Option<Lane> {
    let here = ran
        .values()
        .filter(|row| row.environment == *environment && row.model == *model);
    let (mut bars, mut running) = (Vec::new(), None);
    for row in here {
        if row.state == State::Live {
            running = Some(row.number);
        }
        if row.ended_at.is_none_or(|ended| ended > from) {
            bars.extend(bar(row));
        }
    }
    let state = running.map_or_else(|| "nothing runs".to_owned(), |number| format!("running {number}"));
    let note = if alone { state } else { format!("{model}, {state}") };
    (!bars.is_empty()).then(|| Lane {
        name: environment.to_string(),
        note,
        bars,
        pins: Vec::new(),
        freezes: Vec::new(),
    })
}

/// When versions were let in.
fn pins(
    board: &Board,
    environment: &EnvironmentName,
    model: &ModelName,
    from: DateTime<Utc>,
) -> Vec<LanePin> {
    let here = board
        .approvals
        .iter()
        .filter(|one| one.environment == *environment && one.model == *model && one.at >= from);
    here.map(|one| LanePin {
        at: one.at,
        kind: PinKind::Approval,
    })
    .collect()
}

fn bar(row: &Row) -> Option<Bar> {
    let kind = match (row.kind, row.state) {
        (Kind::Rollback, _) => BarKind::RolledBack,
        (Kind::Deploy, State::Live) => BarKind::Running,
        (Kind::Deploy, _) => BarKind::Earlier,
    };
    Some(Bar {
        version: row.number.to_string(),
        from: row.finished_at?,
        until: row.ended_at,
        kind,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::view::{Name, deployment::Approval};

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn row(id: i64, number: i32, environment: &str, state: State, from: i64, until: Option<i64>) -> Row {
        Row {
            id: id.into(),
            release: 1.into(),
            model: "credit".parse().unwrap(),
            tier: domain::model::Tier::High,
            number,
            environment: environment.parse().unwrap(),
            kind: Kind::Deploy,
            state,
            reason: String::new(),
            requested_by: Name {
                id: serde_json::from_str("\"00000000-0000-0000-0000-000000000001\"").unwrap(),
                name: "Tomas".into(),
            },
            requested_at: at(from),
            finished_at: Some(at(from)),
            ended_at: until.map(at),
            outcome: None,
            trouble: None,
            endpoint: None,
        }
    }

    fn board(rows: Vec<Row>) -> Board {
        let environments = ["staging", "production"]
            .map(|name| name.parse().unwrap())
            .to_vec();
        let live = rows
            .iter()
            .filter(|row| row.state == State::Live)
            .cloned()
            .collect();
        Board {
            environments,
            running: rows.len() as u64,
            live,
            approvals: vec![Approval {
                release: 1.into(),
                model: "credit".parse().unwrap(),
                number: 1,
                environment: "production".parse().unwrap(),
                at: at(5),
            }],
            recent: rows,
            next: None,
        }
    }

    #[test]
    fn a_version_that_runs_is_drawn_once_and_production_stands_on_top() {
        let board = board(vec![
            row(1, 1, "staging", State::Replaced, 1, Some(5)),
            row(2, 2, "staging", State::Live, 5, None),
            row(3, 1, "production", State::Live, 6, None),
            row(4, 3, "production", State::Failed, 7, None),
        ]);
        let (period, lanes) = drawing(&board, None, at(10)).unwrap();
        let names: Vec<_> = lanes
            .iter()
            .map(|lane| (lane.name.as_str(), lane.note.as_str(), lane.bars.len()))
            .collect();
        assert_eq!(
            names,
            [("production", "running 1", 1), ("staging", "running 2", 2)]
        );
        assert!(period.from < at(1));
        let pins: Vec<_> = lanes.iter().map(|lane| lane.pins.len()).collect();
        assert_eq!(pins, [1, 0]);
    }

    #[test]
    fn what_ended_before_the_period_is_left_out() {
        let board = board(vec![
            row(1, 1, "staging", State::Replaced, 1, Some(5)),
            row(2, 2, "staging", State::Live, 5, None),
        ]);
        let (period, lanes) = drawing(&board, Some(30), at(100)).unwrap();
        assert_eq!((period.from, lanes[0].bars.len()), (at(70), 1));
    }
}
