//! What makes no sense to ask for.

use super::{Order, Output, Refused};
use crate::report::Task;

impl Order {
    /// What can be refused without looking at the file.
    pub(super) fn check(&self) -> Result<(), Refused> {
        self.request.check()?;
        if let Output::Ll144 { .. } = self.output {
            return self.check_ll144();
        }
        Ok(())
    }

    fn check_ll144(&self) -> Result<(), Refused> {
        let wrong = |words: &str| Err(Refused::WrongUse(words.to_owned()));
        let request = &self.request;
        if request.columns.weight.is_some() {
            return wrong("Local Law 144 counts people: its page holds no weighted figures.");
        }
        if request.task == Task::Multiclass {
            return wrong("Local Law 144 knows selecting and scoring, not several classes.");
        }
        if !request.columns.protected.is_empty() {
            return wrong(
                "The Local Law 144 page is by two columns: name them as sex and race, not as protected.",
            );
        }
        if self.policy.is_some() || request.baseline.is_some() || !request.slices.is_empty() {
            return wrong(
                "The Local Law 144 page holds its tables only: ask for gates, drift and slices in another run.",
            );
        }
        Ok(())
    }
}
