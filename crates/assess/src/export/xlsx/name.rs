//! Names of sheets, made of names from strangers' files.

use std::borrow::Cow;
use std::collections::BTreeSet;

/// UTF-16 units of a sheet's name.
const LONGEST: usize = 31;

/// The names given in a workbook so far, in the case in which they are compared.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The name as a spreadsheet takes it, and as none has it yet: `race`, `race (2)`.
    pub fn unique(&mut self, name: &str) -> String {
        let plain = allowed(name);
        let numbered = (2..).map(|number: u32| {
            let ending = format!(" ({number})");
            shortened(&plain, LONGEST - ending.len()).into_owned() + &ending
        });
        let first = shortened(&plain, LONGEST).into_owned();
        // `take` finds one: more names are numbered than are taken.
        std::iter::once(first.clone())
            .chain(numbered)
            .find(|name| self.take(name))
            .unwrap_or(first)
    }

    fn take(&mut self, name: &str) -> bool {
        // By way of the upper case, for letters such as the final sigma have two lower ones.
        self.taken.insert(name.to_uppercase().to_lowercase())
    }
}

/// The name without what sheets' names may not hold.
fn allowed(name: &str) -> String {
    let barred = |letter: char| letter.is_control() || "[]:*?/\\\u{fffe}\u{ffff}".contains(letter);
    let name: String = name
        .chars()
        .map(|letter| if barred(letter) { '_' } else { letter })
        .collect();
    let name = name.trim_matches(|letter: char| letter == '\'' || letter.is_whitespace());
    match name {
        "" => "Attribute".to_owned(),
        // Kept by Excel for itself.
        name if name.eq_ignore_ascii_case("history") => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// At most so many UTF-16 units of a text, with an ellipsis for what is cut off.
pub fn shortened(text: &str, units: usize) -> Cow<'_, str> {
    // No text has more UTF-16 units than bytes.
    if text.len() <= units || text.encode_utf16().count() <= units {
        return text.into();
    }
    let mut left = units.saturating_sub(1);
    let kept = text.chars().take_while(|letter| {
        let room = left.checked_sub(letter.len_utf16());
        left = room.unwrap_or_default();
        room.is_some()
    });
    (kept.collect::<String>() + "…").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_plain_and_unlike_each_other() {
        let mut names = Names::default();
        let long = "x".repeat(40);
        let wide = "𝔸".repeat(40);
        let given = [
            "Gaps",
            "gaps",
            "GAPS",
            "race/sex",
            "race:sex",
            "'quoted'",
            "'",
            "",
            "  ",
            "History",
            "\u{1b}[31m",
            "\u{ffff}",
            "ΟΔΟΣ",
            "οδος",
            &long,
            &long,
            &wide,
            &wide,
        ];
        let found: Vec<_> = given.iter().map(|name| names.unique(name)).collect();
        let shape = |length: usize, end: &str| format!("{}…{end}", "x".repeat(length));
        let expected = [
            "Gaps",
            "gaps (2)",
            "GAPS (3)",
            "race_sex",
            "race_sex (2)",
            "quoted",
            "Attribute",
            "Attribute (2)",
            "Attribute (3)",
            "History_",
            "__31m",
            "_",
            "ΟΔΟΣ",
            "οδος (2)",
            &shape(30, ""),
            &shape(26, " (2)"),
        ];
        assert_eq!(found[..16], expected);
        for name in &found {
            assert!(name.encode_utf16().count() <= LONGEST, "{name}");
        }
        let all: BTreeSet<_> = found.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(all.len(), found.len());
    }

    #[test]
    fn a_text_is_cut_between_letters() {
        assert_eq!(shortened("äöü", 3), "äöü");
        assert_eq!(shortened("äöüß", 3), "äö…");
        assert_eq!(shortened("𝔸𝔸", 3), "𝔸…");
        assert_eq!(shortened("a𝔸b", 3), "a…");
    }
}
