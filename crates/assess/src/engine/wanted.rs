//! Which columns are wanted, and where a file has them.

use super::rejected::nearest;
use super::{Limits, Rejected};
use crate::report::Columns;

/// The columns to read, in the order in which rows hand in their cells: label, prediction, score,
/// weight, protected.
pub(super) struct Wanted {
    pub columns: Columns,
    pub names: Vec<String>,
    pub prediction: Option<usize>,
    pub score: Option<usize>,
    pub weight: Option<usize>,
    pub protected: usize,
}

impl Wanted {
    /// Checks that what the user named makes sense, as far as that shows without the file.
    pub fn new(columns: &Columns, limits: &Limits) -> Result<Self, Rejected> {
        if columns.label.is_empty() {
            return Err(Rejected::Unnamed("label column"));
        }
        if columns.favourable.is_empty() {
            return Err(Rejected::Unnamed("answer that is favourable for the person"));
        }
        if columns.prediction.is_none() && columns.score.is_none() {
            return Err(Rejected::Unnamed("prediction column or the score column"));
        }
        if !columns.cut().is_finite() {
            return Err(Rejected::Threshold);
        }
        if columns.protected.len() > limits.max_protected {
            return Err(Rejected::TooManyProtected {
                limit: limits.max_protected,
            });
        }
        if !(1..=3).contains(&columns.together.unwrap_or(2)) {
            return Err(Rejected::Together);
        }
        // No more tables than the pairs of so many attributes make.
        let (tables, limit) = (
            columns.crossed().len(),
            limits.max_protected * (limits.max_protected + 1) / 2,
        );
        if tables > limit {
            return Err(Rejected::TooManyTables { tables, limit });
        }
        let strangers = columns.references.keys().chain(columns.declared.keys());
        if let Some(name) = strangers
            .into_iter()
            .find(|name| !columns.protected.contains(name))
        {
            return Err(Rejected::NotProtected(name.clone()));
        }
        let (mut names, mut roles) = (vec![columns.label.clone()], vec!["label"]);
        let mut optional = |name: &Option<String>, role| {
            let name = name.clone()?;
            names.push(name);
            roles.push(role);
            Some(roles.len() - 1)
        };
        let mut wanted = Self {
            columns: columns.clone(),
            prediction: optional(&columns.prediction, "prediction"),
            score: optional(&columns.score, "score"),
            weight: optional(&columns.weight, "weight"),
            names,
            protected: roles.len(),
        };
        wanted.names.extend(columns.protected.iter().cloned());
        roles.resize(wanted.names.len(), "protected attribute");
        for (second, name) in wanted.names.iter().enumerate() {
            if let Some(first) = wanted.names[..second].iter().position(|other| other == name) {
                return Err(Rejected::NamedTwice {
                    name: name.clone(),
                    first: roles[first],
                    second: roles[second],
                });
            }
        }
        Ok(wanted)
    }

    /// Checks that a column named besides isn't one of these.
    pub fn is_new(&self, name: &str, role: &'static str) -> Result<(), Rejected> {
        if name.is_empty() {
            return Err(Rejected::Unnamed(role));
        }
        if self.names.iter().any(|other| other == name) {
            return Err(Rejected::NamedTwice {
                name: name.to_owned(),
                first: "a column of the assessment",
                second: role,
            });
        }
        Ok(())
    }

    /// Where each wanted column stands in a header.
    pub fn positions(&self, header: &[String]) -> Result<Vec<usize>, Rejected> {
        let mut seen = std::collections::HashMap::new();
        for (place, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if let Some(first) = seen.insert(name, place) {
                return Err(Rejected::DuplicateColumn {
                    name: name.clone(),
                    first: first + 1,
                    second: place + 1,
                });
            }
        }
        let position = |name: &String| {
            seen.get(name).copied().ok_or_else(|| Rejected::MissingColumn {
                name: name.clone(),
                nearest: nearest(name, header),
                available: header.to_vec(),
            })
        };
        self.names.iter().map(position).collect()
    }

    /// Whether a wanted column is the score or the weight, which must be numbers.
    pub fn is_number(&self, index: usize) -> bool {
        [self.score, self.weight].contains(&Some(index))
    }

    /// Whether a wanted column is a protected attribute, which may be missing.
    pub fn is_protected(&self, index: usize) -> bool {
        index >= self.protected
    }
}
