//! What a frozen report says: its facts for gates, its verdict, and how it moved from another report.
use crate::{Failure, Portal, evaluation, remembered::AsOf, version::sql::Baseline};
use assess::{Assessment, Outcome};
use domain::{
    evaluation::{Drift, Measured},
    fact::{Direction, Fact},
    id::EvaluationId,
    view::evaluation::{Change, Moved},
};

/// Every figure of a report that a gate may ask for.
pub fn facts(report: &str) -> Result<Vec<Fact>, Failure> {
    Ok(read(report)?.facts().into_iter().map(fact).collect())
}

/// What the report comes to, in plain words.
pub fn verdict(report: &str) -> Result<String, Failure> {
    Ok(read(report)?.verdict())
}

/// How each fact moved between two reports, worst first.
pub fn changes(before: &str, after: &str) -> Result<Vec<Change>, Failure> {
    let (was, is) = (read(before)?.facts(), read(after)?.facts());
    let find = |facts: &[assess::Fact], id: &str| facts.iter().find(|fact| fact.id == id).cloned();
    Ok(assess::compare::facts(&was, &is)
        .into_iter()
        .filter_map(|change| {
            let now = match find(&is, &change.id) {
                Some(is) => fact(is),
                None => gone(find(&was, &change.id)?),
            };
            Some(Change {
                now,
                before: change.before,
                verdict: moved(change.outcome),
            })
        })
        .collect())
}

/// What moved against the last approved version, worst first; nothing where one of the two was not evaluated. Reports
/// are frozen, so that two of them are compared once.
pub(crate) async fn regressions(
    portal: &Portal,
    baseline: Option<&Baseline>,
    newest: Option<EvaluationId>,
) -> Result<Vec<Change>, Failure> {
    let Some(pair) = baseline.and_then(|baseline| baseline.evaluation).zip(newest) else {
        return Ok(Vec::new());
    };
    let compare = async {
        let mut conn = portal.pool().acquire().await?;
        let before = evaluation::sql::report(&mut conn, pair.0).await?;
        let after = evaluation::sql::report(&mut conn, pair.1).await?;
        changes(&before, &after)
    };
    portal.memory().changes.answer(pair, AsOf::ALWAYS, compare).await
}

/// The worst of what moved between two reports, if anything moved the wrong way.
pub(crate) fn worst(before: &str, after: &str) -> Result<Option<Change>, Failure> {
    let worse = |change: &Change| matches!(change.verdict, Moved::Worse | Moved::Unjudged);
    Ok(changes(before, after)?.into_iter().find(worse))
}

/// The numbers that lists show.
pub(crate) fn measured(report: &Assessment) -> Measured {
    let value = |id: &str| report.fact(id).map(fact).and_then(|fact| fact.value);
    Measured {
        rows: report.rows(),
        roc_auc: value("performance.roc_auc"),
        accuracy: value("performance.accuracy"),
        impact_ratio: value("fairness.impact_ratio"),
    }
}

/// How far each column had moved, for charts over many reports.
pub(crate) fn drift(report: &Assessment) -> Option<Drift> {
    let drift = report.beside().drift.as_ref()?;
    let columns = drift.columns.iter();
    Some(Drift {
        from: drift.baseline.digest.clone(),
        columns: columns
            .map(|column| (column.name.clone(), column.index()))
            .collect(),
    })
}

fn read(report: &str) -> Result<Assessment, Failure> {
    Ok(Assessment::from_json(report.as_bytes())?)
}

/// A figure that isn't judged counts as not measured: it must neither open a gate nor close one.
fn fact(fact: assess::Fact) -> Fact {
    Fact {
        id: fact.id,
        title: fact.title,
        value: fact.value.filter(|_| fact.reason.is_none()),
        low: fact.low,
        high: fact.high,
        n: fact.n,
        about: fact.reason.unwrap_or(fact.about),
        direction: match fact.direction {
            assess::Direction::HigherIsBetter => Direction::HigherIsBetter,
            assess::Direction::LowerIsBetter => Direction::LowerIsBetter,
        },
    }
}

/// A fact that only the earlier report has.
fn gone(was: assess::Fact) -> Fact {
    let reason = Some("not measured this time".to_owned());
    fact(assess::Fact {
        value: None,
        low: None,
        high: None,
        n: 0,
        reason,
        ..was
    })
}

fn moved(outcome: Outcome) -> Moved {
    match outcome {
        Outcome::Worse => Moved::Worse,
        Outcome::Unjudged => Moved::Unjudged,
        Outcome::NotComparable => Moved::NotComparable,
        Outcome::NoClearChange => Moved::NoClearChange,
        Outcome::Better => Moved::Better,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast;
    use assess::{Columns, Limits};

    fn report(csv: &[u8], columns: &Columns) -> String {
        let settings = assess::report::Settings::default();
        let report = assess::assess_read(
            csv,
            columns,
            &settings,
            &Limits::default(),
            &mut assess::unwatched,
        )
        .unwrap();
        serde_json::to_string(&report).unwrap()
    }

    #[test]
    fn facts_carry_what_a_gate_needs() {
        let facts = facts(&report(cast::PREDICTIONS, &cast::columns())).unwrap();
        let find = |id: &str| facts.iter().find(|fact| fact.id == id).unwrap();
        assert_eq!(find("performance.accuracy").value, Some(0.755));
        assert_eq!(find("rows").value, Some(1000.0));
        let impact = find("fairness.impact_ratio");
        assert!(
            impact.low < impact.value && impact.value < impact.high,
            "{impact:?}"
        );
        assert!(impact.about.contains(" against "), "{impact:?}");
    }

    #[test]
    fn a_figure_of_too_few_people_is_not_a_measured_one() {
        let few = "y_true,y_pred\n1,1\n1,0\n0,0\n";
        let columns = Columns {
            label: "y_true".into(),
            prediction: Some("y_pred".into()),
            favourable: "1".into(),
            ..Columns::default()
        };
        let facts = facts(&report(few.as_bytes(), &columns)).unwrap();
        let rate = facts.iter().find(|fact| fact.id == "performance.tpr").unwrap();
        assert_eq!(rate.value, None);
        assert!(rate.about.contains("fewer than"), "{rate:?}");
    }

    #[test]
    fn a_report_against_itself_shows_no_clear_change() {
        let report = report(cast::PREDICTIONS, &cast::columns());
        let changes = changes(&report, &report).unwrap();
        assert!(!changes.is_empty());
        assert!(
            changes
                .iter()
                .all(|change| change.verdict == Moved::NoClearChange)
        );
    }

    #[test]
    fn a_worse_model_shows_its_worst_loss_first_and_what_is_no_longer_measured_by_name() {
        let before = report(cast::PREDICTIONS, &cast::columns());
        // Says yes to everyone who is refused now, and the other way about.
        let text = std::str::from_utf8(cast::PREDICTIONS).unwrap();
        let swapped: String = text
            .lines()
            .enumerate()
            .map(|(at, line)| {
                let mut cells: Vec<&str> = line.split(',').collect();
                if at > 0 {
                    cells[2] = if cells[2] == "1" { "0" } else { "1" };
                }
                cells.join(",") + "\n"
            })
            .collect();
        let columns = Columns {
            protected: vec!["sex".into()],
            ..cast::columns()
        };
        let changes = changes(&before, &report(swapped.as_bytes(), &columns)).unwrap();
        assert_eq!(changes[0].verdict, Moved::Worse);
        assert!(
            changes
                .windows(2)
                .all(|pair| rank(pair[0].verdict) <= rank(pair[1].verdict))
        );
        let age = changes
            .iter()
            .find(|change| change.now.id == "fairness.impact_ratio.age_band")
            .unwrap();
        assert_eq!((age.now.value, age.verdict), (None, Moved::NotComparable));
        assert_eq!(age.now.about, "not measured this time");
    }

    fn rank(moved: Moved) -> u8 {
        match moved {
            Moved::Worse => 0,
            Moved::Unjudged => 1,
            Moved::NotComparable => 2,
            Moved::NoClearChange => 3,
            Moved::Better => 4,
        }
    }

    #[test]
    fn what_is_no_report_is_said_to_be_unreadable() {
        assert!(matches!(facts("{}"), Err(Failure::Stored(_))));
    }
}
