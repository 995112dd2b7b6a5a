//! The sentence a manager reads first.

use crate::report::{Group, Report};
use crate::stats::real;
use crate::words;

impl Report {
    /// What the report comes to, in plain words: how often the model is right, and where it treats people least
    /// alike. It says where a number stands to a mark; it never says that a law is met.
    pub fn verdict(&self) -> String {
        [self.right(), self.weakest(), self.too_few()].concat()
    }

    fn right(&self) -> String {
        let rows = words::count(self.rows);
        let Some(accuracy) = self.overall.rates.accuracy.value else {
            return format!("Nothing can be said of {rows} rows.");
        };
        let auc = match self.overall.scores.roc_auc.value {
            Some(auc) => format!(" (ROC AUC {auc:.3})"),
            None => String::new(),
        };
        format!("Right for {} of {rows} people{auc}.", words::percent(accuracy))
    }

    fn weakest(&self) -> String {
        if self.attributes.is_empty() {
            return " No protected attribute was named, so fairness is not measured.".to_owned();
        }
        let singles = self
            .attributes
            .iter()
            .filter(|attribute| attribute.columns.len() == 1);
        let worst = singles
            .filter_map(|attribute| {
                let (worst, best) = (attribute.worst()?, attribute.best()?);
                (worst.key != best.key).then_some((worst, best, attribute))
            })
            .min_by(|(a, ..), (b, ..)| ratio(a).total_cmp(&ratio(b)));
        match worst {
            None => {
                " No two groups can be told apart by how often they get the favourable answer.".to_owned()
            }
            Some((worst, best, attribute)) => format!(
                " Weakest: impact ratio {} for {} against {} ({}){}.",
                words::ratio(ratio(worst), self.mark()),
                worst.name(),
                best.name(),
                attribute.title(),
                self.standing(worst),
            ),
        }
    }

    fn too_few(&self) -> String {
        let few = self
            .attributes
            .iter()
            .filter(|attribute| attribute.columns.len() == 1)
            .flat_map(|attribute| &attribute.groups)
            .filter(|group| group.is_known() && (!group.is_judged() || group.impact.ratio.value.is_none()))
            .count();
        match few {
            0 => String::new(),
            1 => " One group is too small to judge.".to_owned(),
            few => format!(" {few} groups are too small to judge."),
        }
    }

    fn mark(&self) -> f64 {
        let (over, under) = self.settings.impact_mark;
        real(over) / real(under)
    }

    /// Where the lowest ratio stands to the mark, and whether chance could have put it there.
    fn standing(&self, worst: &Group) -> String {
        let figure = &worst.impact.ratio;
        let mark = match self.settings.impact_mark {
            (4, 5) => "four fifths".to_owned(),
            (over, under) => format!("{over}/{under}"),
        };
        let below = ratio(worst) < self.mark();
        match figure.interval() {
            Some((low, high)) if low < self.mark() && high >= self.mark() && below => {
                format!(", below {mark}, though chance alone could explain it")
            }
            Some((low, _)) if low < self.mark() && !below => {
                format!(", above {mark}, though chance alone could explain it")
            }
            _ if below => format!(", below {mark}"),
            _ => format!(", not below {mark}"),
        }
    }
}

fn ratio(group: &Group) -> f64 {
    group.impact.ratio.value.unwrap_or(1.0)
}
