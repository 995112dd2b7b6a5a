//! How well the model predicts for everyone together.
use super::errors::written;
use crate::ui::{Cell, Column, Panel, RowHead, Section, Table, Unit, number::thousands};
use assess::{Figure, Report};
use leptos::prelude::*;

/// The table of performance.
pub fn view(report: &Report) -> AnyView {
    let (rates, scores) = (&report.overall.rates, &report.overall.scores);
    let lines: [(&str, &str, &Figure, Unit); 15] = [
        (
            "ROC AUC",
            "Chance that a positive is scored above a negative",
            &scores.roc_auc,
            Unit::Score,
        ),
        (
            "Average precision",
            "Mean precision over all recalls",
            &scores.average_precision,
            Unit::Score,
        ),
        ("Accuracy", "Right, of all", &rates.accuracy, Unit::Share),
        (
            "Balanced accuracy",
            "Mean of true positive and true negative rate",
            &rates.balanced_accuracy,
            Unit::Share,
        ),
        (
            "F1",
            "Harmonic mean of precision and recall",
            &rates.f1,
            Unit::Score,
        ),
        (
            "Precision",
            "Really positive, of those predicted so",
            &rates.precision,
            Unit::Share,
        ),
        (
            "True positive rate",
            "Found, of the really positive",
            &rates.tpr,
            Unit::Share,
        ),
        (
            "False positive rate",
            "Wrongly positive, of the really negative",
            &rates.fpr,
            Unit::Share,
        ),
        (
            "True negative rate",
            "Rightly negative, of the really negative",
            &rates.tnr,
            Unit::Share,
        ),
        (
            "False negative rate",
            "Missed, of the really positive",
            &rates.fnr,
            Unit::Share,
        ),
        ("Predicted positive", "Of all", &rates.selection, Unit::Share),
        ("Really positive", "Of all", &rates.base, Unit::Share),
        (
            "Brier score",
            "Mean squared distance of score and answer; lower is better",
            &scores.brier,
            Unit::Score,
        ),
        ("Log loss", "Lower is better", &scores.log_loss, Unit::Score),
        (
            "Calibration error",
            "Over ten bins; lower is better",
            &scores.calibration_error,
            Unit::Score,
        ),
    ];
    let rows = lines
        .into_iter()
        .map(|(name, meaning, figure, unit)| {
            let (value, note) = written(figure, unit);
            view! {
                <tr data-judged=figure.judged().is_none().then_some("no")>
                    <RowHead note=meaning>{name}</RowHead>
                    <Cell label="Value" numeric=true note>
                        {value}
                    </Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![Column::new("Measure"), Column::new("Value").numeric()];
    let note = format!("For all {} rows together.", thousands(report.rows));
    view! {
        <Section title="How well it predicts" note id="performance">
            <Panel>
                <Table label="Performance" columns dense=true>
                    {rows}
                </Table>
            </Panel>
        </Section>
    }
    .into_any()
}
