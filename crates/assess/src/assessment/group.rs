//! A group of a binary report in the words of the other tasks, for slices.

use crate::report::{Entry, Group, Weighted};
use crate::tasks;

impl From<&Group> for tasks::Group {
    /// Its figures, but nothing that is about fairness.
    fn from(group: &Group) -> Self {
        let figures = group.rates.named().into_iter().chain(group.scores.named());
        let figures = figures.map(|(id, figure)| Entry::new(id, figure.clone()));
        let weighted = group.weighted.iter().flat_map(Weighted::performance);
        let weighted = weighted.map(|(id, figure)| Entry::new(format!("weighted.{id}"), figure.clone()));
        Self {
            key: group.key.clone(),
            standing: group.standing.clone(),
            n: group.n,
            figures: figures.chain(weighted).collect(),
            weighted: None,
        }
    }
}
