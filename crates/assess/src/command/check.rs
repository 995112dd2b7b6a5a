//! What makes no sense to ask for.

use super::{Order, Output, Refused, Task};

impl Order {
    /// What can be refused without looking at the file. Nothing that was said is passed over in silence.
    pub(super) fn check(&self) -> Result<(), Refused> {
        let wrong = |words: &str| Err(Refused::WrongUse(words.to_owned()));
        let columns = &self.columns;
        let is_weighted = self.weights.is_some() || columns.weight.is_some();
        if self.task != Task::Binary && is_weighted {
            return wrong(
                "Weights are for binary predictions only: elsewhere every row stands for one person.",
            );
        }
        if matches!(self.task, Task::Multiclass | Task::Regression)
            && (!columns.favourable.is_empty() || columns.positive.is_some())
        {
            return wrong(
                "A favourable or positive answer is for two answers only: binary predictions and rankings.",
            );
        }
        if self.task != Task::Binary && !columns.references.is_empty() {
            return wrong("Reference groups are for binary predictions only.");
        }
        if self.task != Task::Binary && columns.together.is_some() {
            return wrong("How many attributes are taken together is asked of binary predictions only.");
        }
        if self.task != Task::Binary && columns.threshold.is_some() {
            return wrong("A threshold is for binary predictions only.");
        }
        if self.task == Task::Ranking && columns.prediction.is_some() {
            return wrong(
                "A ranking goes by the score alone: leave the prediction out, or assess it as binary.",
            );
        }
        if self.task == Task::Regression && columns.score.is_some() {
            return wrong("Predicted numbers have no score: name them as the prediction.");
        }
        if self.task != Task::Ranking && !self.tops.is_empty() {
            return wrong("A top is for rankings only.");
        }
        if self.baseline.is_none() && !self.features.is_empty() {
            return wrong("Features are watched for drift: name a baseline to hold them against.");
        }
        if let Output::Ll144 { .. } = self.output {
            if is_weighted {
                return wrong("Local Law 144 counts people: its page holds no weighted figures.");
            }
            if self.task == Task::Multiclass {
                return wrong("Local Law 144 knows selecting and scoring, not several classes.");
            }
            if !columns.protected.is_empty() {
                return wrong(
                    "The Local Law 144 page is by two columns: name them as sex and race, not as protected.",
                );
            }
            if self.policy.is_some() || self.baseline.is_some() || !self.slices.is_empty() {
                return wrong(
                    "The Local Law 144 page holds its tables only: ask for gates, drift and slices in another run.",
                );
            }
        }
        Ok(())
    }
}
