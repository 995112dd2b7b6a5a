//! How far groups lie apart in any one figure.

pub mod fairlearn;

/// The smallest and the largest value that groups have of a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub smallest: f64,
    pub largest: f64,
    /// Groups that have the figure.
    pub groups: usize,
    /// Groups in which it is undefined, left out.
    pub skipped: usize,
}

impl Spread {
    /// The spread of one value a group; none where no group has one.
    pub fn of(values: impl IntoIterator<Item = Option<f64>>) -> Option<Self> {
        let (mut defined, mut skipped) = (Vec::new(), 0);
        for value in values {
            match value {
                Some(value) if !value.is_nan() => defined.push(value),
                _ => skipped += 1,
            }
        }
        Some(Self {
            smallest: defined.iter().copied().reduce(f64::min)?,
            largest: defined.iter().copied().reduce(f64::max)?,
            groups: defined.len(),
            skipped,
        })
    }

    /// Largest less smallest, in the figure's own unit; none for a single group, which can't differ.
    pub fn difference(&self) -> Option<f64> {
        (self.groups > 1).then_some(self.largest - self.smallest)
    }

    /// Smallest over largest; none for a single group, and where the largest is 0. It says something only of
    /// figures that can't be negative.
    pub fn ratio(&self) -> Option<f64> {
        (self.groups > 1 && self.largest != 0.0).then(|| self.smallest / self.largest)
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn groups_without_the_figure_are_skipped_and_counted() {
        let spread = Spread::of([Some(0.25), None, Some(0.5)]).unwrap();
        assert_eq!((spread.groups, spread.skipped), (2, 1));
        assert_eq!(spread.difference(), Some(0.25));
        assert_eq!(spread.ratio(), Some(0.5));
    }

    #[test]
    fn one_group_has_no_gap_and_none_has_no_spread() {
        let spread = Spread::of([Some(0.25), None]).unwrap();
        assert_eq!((spread.difference(), spread.ratio()), (None, None));
        assert_eq!(Spread::of([None, Some(f64::NAN)]), None);
    }

    #[test]
    fn nothing_over_nothing_is_no_ratio() {
        assert_eq!(Spread::of([Some(0.0), Some(0.0)]).unwrap().ratio(), None);
    }
}
