//! The figures of slices under the ids that policy gates ask for.

use super::Slice;
use crate::facts::Fact;
use crate::tasks::named::fact;
use crate::tasks::worst;

impl Slice {
    /// `slice.<figure>.<column>` for the worst of the judged groups, and `slice.<figure>.<column>=<group>` for each.
    pub fn facts(&self) -> Vec<Fact> {
        let ids = self.groups.first().map_or(&[][..], |group| &group.figures);
        (0..ids.len()).flat_map(|at| self.of_figure(at)).collect()
    }

    /// The facts of one figure, by its place: every group has the same.
    fn of_figure(&self, at: usize) -> Vec<Fact> {
        let of_group = |group: &crate::tasks::Group| {
            let plain = fact("slice", group.figures.get(at)?)?;
            let name = group.name();
            Some(Fact {
                id: format!("{}.{}={name}", plain.id, self.column),
                title: format!("{}, {}: {name}", plain.title, self.column),
                about: name,
                ..plain
            })
        };
        let each: Vec<Fact> = self.groups.iter().filter_map(of_group).collect();
        let Some(entry) = self.groups.first().and_then(|group| group.figures.get(at)) else {
            return each;
        };
        let id = format!("slice.{}.{}", entry.id, self.column);
        let title = format!(
            "{}, lowest of {}",
            crate::tasks::named::title(&entry.id),
            self.column
        );
        worst(&each, id, &title).into_iter().chain(each).collect()
    }
}
