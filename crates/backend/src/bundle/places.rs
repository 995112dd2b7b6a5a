//! Which of the log's entries a bundle has.
use ledger::bundle::Handover;
use std::ops::Range;

/// Places of the log, counted from 0, in order.
pub struct Places {
    stretches: Vec<Range<u64>>,
    /// Whether all entries of a stretch were asked for.
    is_stretch: bool,
    /// The changes of key; the entries that record them are in every bundle.
    pub handovers: Vec<Handover>,
}

impl Places {
    pub fn these(places: Vec<i64>) -> Self {
        let places = places.into_iter().map(i64::unsigned_abs);
        Self {
            stretches: places.map(|place| place..place + 1).collect(),
            is_stretch: false,
            handovers: Vec::new(),
        }
    }

    pub fn stretch(range: Range<u64>) -> Self {
        Self {
            stretches: vec![range],
            is_stretch: true,
            handovers: Vec::new(),
        }
    }

    /// These, and the changes of key.
    pub fn with(mut self, handovers: Vec<Handover>) -> Self {
        for Handover { entry, .. } in &handovers {
            if !self.stretches.iter().any(|stretch| stretch.contains(entry)) {
                self.stretches.push(*entry..entry + 1);
            }
        }
        self.stretches.sort_by_key(|stretch| stretch.start);
        Self { handovers, ..self }
    }

    pub fn count(&self) -> u64 {
        self.stretches
            .iter()
            .map(|stretch| stretch.end - stretch.start)
            .sum()
    }

    /// Each place, as the database counts it.
    pub fn each(&self) -> impl Iterator<Item = i64> {
        self.stretches
            .iter()
            .flat_map(Range::clone)
            .filter_map(|place| i64::try_from(place).ok())
    }

    /// The first and the last of a stretch that was asked for.
    pub fn ends(&self) -> Vec<u64> {
        let stretches = self.stretches.iter().filter(|_| self.is_stretch);
        stretches
            .flat_map(|stretch| [stretch.start, stretch.end.saturating_sub(1)])
            .collect()
    }
}
