//! Where a tile is found: `tile/<level>/<index>[.p/<width>]`, and `tile/entries/…` for entries.

use super::{HEIGHT, WIDTH, width};
use std::fmt;
use std::str::FromStr;

/// The name of one tile of hashes, or of one bundle of entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// `None` for entries.
    level: Option<u8>,
    index: u64,
    width: u16,
}

/// Why a text names no tile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no tile: it has the form tile/<level>/<index>, as in tile/0/x001/x234/067.p/8")]
pub struct NotAPath(String);

impl Path {
    /// The tile of hashes at this level and index. None if it holds no hash, more than 256, or if no tree of 64-bit
    /// size has it.
    pub fn hashes(level: u8, index: u64, width: u16) -> Option<Self> {
        Self::new(Some(level), index, width)
    }

    /// The bundle of the entries from `index` times 256. None if it holds no entry or more than 256.
    pub fn entries(index: u64, width: u16) -> Option<Self> {
        Self::new(None, index, width)
    }

    fn new(level: Option<u8>, index: u64, width: u16) -> Option<Self> {
        let last = last(index, width)?;
        let last_of_level = u64::MAX.checked_shr(HEIGHT * u32::from(level.unwrap_or(0)))?;
        (width <= WIDTH && last <= last_of_level).then_some(Self { level, index, width })
    }

    /// Every tile that a tree of `new` leaves has and one of `old` leaves hadn't, with the bundles of their entries:
    /// what a mirror fetches.
    pub fn added(old: u64, new: u64) -> impl Iterator<Item = Self> {
        let levels = (0..u64::BITS.div_ceil(HEIGHT)).filter_map(|level| u8::try_from(level).ok());
        let rows = std::iter::once(None).chain(levels.map(Some));
        rows.flat_map(move |level| {
            let bits = HEIGHT * u32::from(level.unwrap_or(0));
            let (before, now) = (old >> bits, new >> bits);
            let full =
                (before >> HEIGHT..now >> HEIGHT).filter_map(move |index| Self::new(level, index, WIDTH));
            let partial = (now > before)
                .then(|| Self::new(level, now >> HEIGHT, width(now)))
                .flatten();
            full.chain(partial)
        })
    }

    /// Whether a log that has signed for trees of up to this size has this tile. Partial tiles count at every width
    /// that the tree had on its way.
    pub fn is_in(&self, size: u64) -> bool {
        let count = size >> (HEIGHT * u32::from(self.level.unwrap_or(0)));
        last(self.index, self.width).is_some_and(|last| last < count)
    }

    /// The level, counted from 0 at the leaves in steps of eight; `None` for entries.
    pub fn level(&self) -> Option<u8> {
        self.level
    }

    /// Its place in the level, counted from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How many hashes or entries it holds: 256, or fewer in a partial one.
    pub fn width(&self) -> u16 {
        self.width
    }
}

/// The place in its level of the last hash or entry.
fn last(index: u64, width: u16) -> Option<u64> {
    index
        .checked_mul(u64::from(WIDTH))?
        .checked_add(u64::from(width.checked_sub(1)?))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "tile/{level}/")?,
            None => f.write_str("tile/entries/")?,
        }
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut above = self.index / 1000;
        while above > 0 {
            groups.push(format!("x{:03}", above % 1000));
            above /= 1000;
        }
        groups.reverse();
        f.write_str(&groups.join("/"))?;
        if self.width < WIDTH {
            write!(f, ".p/{}", self.width)
        } else {
            Ok(())
        }
    }
}

impl FromStr for Path {
    type Err = NotAPath;

    /// Takes the one way of writing each name, without a slash in front.
    fn from_str(text: &str) -> Result<Self, NotAPath> {
        // A tile has one name: whatever is read loosely has to be written the same again.
        loosely(text)
            .filter(|path| path.to_string() == text)
            .ok_or_else(|| NotAPath(text.chars().take(100).collect()))
    }
}

fn loosely(text: &str) -> Option<Path> {
    let (kind, rest) = text.strip_prefix("tile/")?.split_once('/')?;
    let (index, width) = match rest.split_once(".p/") {
        Some((index, width)) => (index, width.parse().ok()?),
        None => (rest, WIDTH),
    };
    let digits: String = index.chars().filter(char::is_ascii_digit).collect();
    let level = if kind == "entries" {
        None
    } else {
        Some(kind.parse().ok()?)
    };
    Path::new(level, digits.parse().ok()?, width)
}

#[cfg(test)]
mod tests {
    use super::Path;
    use proptest::prelude::*;

    #[test]
    fn paths_are_those_of_the_specification() {
        let cases = [
            (Path::hashes(0, 1_234_067, 256), "tile/0/x001/x234/067"),
            (Path::hashes(0, 1_234_067, 8), "tile/0/x001/x234/067.p/8"),
            (Path::hashes(1, 0, 17), "tile/1/000.p/17"),
            (Path::entries(273, 112), "tile/entries/273.p/112"),
            (Path::entries(1_000, 256), "tile/entries/x001/000"),
            (Path::hashes(7, 0, 255), "tile/7/000.p/255"),
            (
                Path::hashes(0, (1 << 56) - 1, 256),
                "tile/0/x072/x057/x594/x037/x927/935",
            ),
        ];
        for (path, text) in cases {
            assert_eq!(path.map(|path| path.to_string()).as_deref(), Some(text));
            assert_eq!(text.parse().ok(), path);
        }
    }

    #[test]
    fn what_no_tree_has_names_no_tile() {
        for (level, index, width) in [
            (0, 0, 0),
            (0, 0, 257),
            (0, 1 << 56, 1),
            (7, 1, 1),
            (8, 0, 1),
            (255, 0, 1),
        ] {
            assert_eq!(Path::hashes(level, index, width), None, "{level} {index} {width}");
        }
        assert_eq!(Path::entries(1 << 56, 1), None);
    }

    #[test]
    fn other_ways_of_writing_a_name_are_refused() {
        let wrong = [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/00",
            "tile/0/1000",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/0/x1/001",
            "tile/0/X001/001",
            "tile/00/001",
            "tile/+1/001",
            "tile/-1/001",
            "tile/256/001",
            "tile/0/001.p",
            "tile/0/001.p/",
            "tile/0/001.p/0",
            "tile/0/001.p/08",
            "tile/0/001.p/256",
            "tile/0/001.p/+8",
            "tile/0/001.p/8/",
            "/tile/0/001",
            "tile/0/001/",
            "tile//001",
            "tile/data/001",
            "tile/0/../001",
            "tile/0/٠٠١",
            "tile/8/0/001",
            "tile/0/x999/x999/x999/x999/x999/x999/x999/x999/999",
            "tile/0/001\n",
            " tile/0/001",
        ];
        for text in wrong {
            assert!(text.parse::<Path>().is_err(), "{text:?}");
        }
    }

    /// The example of the specification: 70,000 leaves.
    #[test]
    fn a_tree_has_the_tiles_that_the_specification_counts() {
        let tiles: Vec<Path> = Path::added(0, 70_000)
            .filter(|path| path.level().is_some())
            .collect();
        let of = |level, is_full| {
            let wanted = |path: &&Path| path.level() == Some(level) && (path.width() == 256) == is_full;
            tiles.iter().filter(wanted).map(Path::width).collect::<Vec<_>>()
        };
        assert_eq!((of(0, true).len(), of(0, false)), (273, vec![112]));
        assert_eq!((of(1, true).len(), of(1, false)), (1, vec![17]));
        assert_eq!((of(2, true).len(), of(2, false)), (0, vec![1]));
        assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
        let of_256: Vec<_> = Path::added(0, 256).map(|path| path.to_string()).collect();
        assert_eq!(of_256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
    }

    proptest! {
        #[test]
        fn every_name_reads_back(level in 0..8u8, index: u64, width in 1..=256u16, is_entries: bool) {
            let index = index >> 8 >> (8 * level);
            let path = if is_entries { Path::entries(index, width) } else { Path::hashes(level, index, width) };
            let path = path.ok_or(TestCaseError::fail("no such tile"))?;
            prop_assert_eq!(path.to_string().parse::<Path>()?, path);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(tile/)?[0-9x/.p]{0,40}") {
            if let Ok(path) = text.parse::<Path>() {
                prop_assert_eq!(path.to_string(), text);
            }
        }

        #[test]
        fn a_tree_has_the_tiles_it_grew_by_and_not_the_next(old in 0..200_000u64, more in 1..70_000u64) {
            for path in Path::added(old, old + more) {
                prop_assert!(path.is_in(old + more));
                prop_assert!(!path.is_in(old), "{} was there at {}", path, old);
            }
        }
    }
}
