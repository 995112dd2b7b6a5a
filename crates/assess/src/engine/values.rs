//! Numbers by cell and label, each distinct one once: exact while they are few enough to hold, and rounded to fewer binary
//! places beyond, so that memory is bounded however many rows there are.

use super::Rejected;
use super::scores::{Entry, Scores};

/// Places kept behind the leading one of a number, each step once the one before holds too many: all, then fewer.
const PLACES: [u32; 8] = [52, 24, 20, 16, 12, 8, 4, 0];

/// Distinct values with how often each occurs.
pub(super) struct Values {
    limit: usize,
    /// Which of [`PLACES`] are kept.
    step: usize,
    pub(super) scores: Scores,
}

/// What was taken in.
pub(super) struct Table {
    /// Ascending, each value of a cell once.
    pub entries: Vec<Entry>,
    /// Places behind the leading one that values were rounded to, towards 0; none where they are exact.
    pub places: Option<u32>,
}

impl Values {
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            step: 0,
            scores: Scores::new(usize::MAX),
        }
    }

    /// Adds a value, which is finite and not minus zero.
    pub fn push(&mut self, value: f64, cell: u32, label: usize) {
        self.scores.push(self.rounded(value), cell, label);
        if self.scores.held() > self.limit + self.limit / 8 {
            self.shrink();
        }
    }

    /// Adds the values of the rows that follow, given what their cells and labels are here.
    pub fn absorb(&mut self, mut next: Self, of_cell: &[u32], of_label: [usize; 2]) {
        let step = self.step.max(next.step);
        self.round(step);
        next.round(step);
        self.scores.absorb(next.scores, of_cell, of_label);
        self.scores.settle();
        if self.scores.held() > self.limit {
            self.shrink();
        }
    }

    /// What is held, ascending and each value of a cell once; none if there are too many.
    pub fn run(&mut self) -> Option<&[Entry]> {
        self.shrink();
        self.scores.run()
    }

    /// Puts back what was held; false where so many places are never kept.
    pub fn restore(&mut self, places: u32, scores: Scores) -> bool {
        let step = PLACES.iter().position(|step| *step == places);
        self.step = step.unwrap_or_default();
        self.scores = scores;
        step.is_some()
    }

    /// A value as it is held.
    pub fn rounded(&self, value: f64) -> f64 {
        rounded(value, self.places())
    }

    /// Places behind the leading one that are kept.
    pub fn places(&self) -> u32 {
        PLACES.get(self.step).copied().unwrap_or_default()
    }

    /// Rounds until there are few enough values; where no rounding does, they are given up.
    fn shrink(&mut self) {
        while self.scores.run().is_some_and(|run| run.len() > self.limit) && self.step + 1 < PLACES.len() {
            self.round(self.step + 1);
        }
        if self.scores.run().is_some_and(|run| run.len() > self.limit) {
            self.scores.give_up();
        }
    }

    /// Keeps no more places than those of a step.
    fn round(&mut self, step: usize) {
        if step <= self.step {
            return;
        }
        self.step = step;
        let (places, are_shares) = (self.places(), self.scores.are_shares);
        let Some(run) = self.scores.run() else {
            return;
        };
        let run = run.iter().map(|entry| Entry {
            score: rounded(entry.score, places),
            ..*entry
        });
        self.scores = Scores::from_rows(usize::MAX, run.collect(), are_shares);
    }

    /// Whether every value lies between 0 and 1.
    pub fn are_shares(&self) -> bool {
        self.scores.are_shares
    }

    /// # Errors
    /// Where there are too many values even when rounded.
    pub fn table(mut self) -> Result<Table, Rejected> {
        self.shrink();
        let places = (self.step > 0).then(|| self.places());
        match self.scores.table() {
            Some(entries) => Ok(Table { entries, places }),
            None => Err(Rejected::TooManyValues { limit: self.limit }),
        }
    }
}

/// A number cut off behind so many binary places after its leading one; order is kept, but for what becomes equal.
pub(super) fn rounded(value: f64, places: u32) -> f64 {
    f64::from_bits(value.to_bits() & (u64::MAX << (52 - places))) + 0.0
}

#[cfg(test)]
mod tests {
    use super::{Values, rounded};

    #[test]
    fn too_many_values_are_rounded_and_none_is_lost() {
        let mut values = Values::new(1000);
        for row in 0..200_000_u32 {
            values.push(f64::from(row) / 200_000.0, 0, 1);
        }
        let table = values.table().unwrap();
        assert!(table.entries.len() <= 1000 && table.places.is_some());
        assert_eq!(
            table.entries.iter().map(|entry| entry.rows[1]).sum::<u32>(),
            200_000
        );
        assert!(table.entries.windows(2).all(|pair| pair[0].score < pair[1].score));
    }

    #[test]
    fn values_of_too_many_sizes_are_refused() {
        let mut values = Values::new(100);
        for power in -500..500 {
            values.push(2_f64.powi(power), 0, 0);
        }
        assert!(values.table().is_err());
    }

    #[test]
    fn few_values_are_exact() {
        let mut values = Values::new(100);
        for row in 0..1000_u32 {
            values.push(f64::from(row % 7) / 7.0, row % 2, 0);
        }
        let table = values.table().unwrap();
        assert_eq!((table.entries.len(), table.places), (14, None));
        assert!(
            table
                .entries
                .iter()
                .any(|entry| entry.score.to_bits() == (3.0_f64 / 7.0).to_bits())
        );
    }

    #[test]
    fn rounding_keeps_the_order_and_the_sign() {
        assert!(rounded(0.1, 8) <= 0.1 && rounded(0.1, 8) > 0.0996);
        assert!(rounded(-0.1, 8) >= -0.1 && rounded(-0.1, 8) < -0.0996);
        assert_eq!(rounded(-5e-324, 24).to_bits(), 0);
        assert_eq!(rounded(0.3, 52).to_bits(), 0.3_f64.to_bits());
    }
}
