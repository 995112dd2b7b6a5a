//! What of a text can be set: every character in a typeface, every long word somewhere to break.

use crate::press::{Typefaces, is_invisible};
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;

/// A text, line by line.
pub type Lines = Vec<Line>;

/// One line: mostly one plain piece.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// Set as it is.
    Plain(String),
    /// Set piece by piece.
    Mixed(Vec<Piece>),
}

/// A part of a line.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// Set as it is.
    Plain(String),
    /// A word too long for its place, which may break between any two of these.
    Loose(Vec<String>),
    /// A digest or another long code: the same, in a fixed width.
    Code(Vec<String>),
}

/// Makes texts settable, and remembers whether any character had to be written as its code point.
#[derive(Debug, Default)]
pub struct Words {
    /// Whether the reader must be told about code points.
    pub spelled: bool,
}

impl Words {
    /// The lines of a text for a place that fits about `fit` characters across.
    pub fn lines(&mut self, text: &str, fit: usize) -> Lines {
        text.lines().map(|line| self.line(line, fit)).collect()
    }

    /// A text in one line, its line breaks turned to spaces.
    pub fn one_line(&mut self, text: &str, fit: usize) -> Line {
        self.line(text, fit)
    }

    fn line(&mut self, text: &str, fit: usize) -> Line {
        let text = self.settable(text);
        let mut pieces = Vec::new();
        for word in text.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            if is_code(bare) {
                pieces.push(Piece::Code(clusters(bare)));
                pieces.push(Piece::Plain(word[bare.len()..].to_owned()));
            } else if span(bare) > fit {
                pieces.push(Piece::Loose(joints(bare, fit)));
                pieces.push(Piece::Plain(word[bare.len()..].to_owned()));
            } else if let Some(Piece::Plain(before)) = pieces.last_mut() {
                before.push_str(word);
            } else {
                pieces.push(Piece::Plain(word.to_owned()));
            }
        }
        pieces.retain(|piece| *piece != Piece::Plain(String::new()));
        match pieces.as_mut_slice() {
            [] => Line::Plain(String::new()),
            [Piece::Plain(only)] => Line::Plain(std::mem::take(only)),
            _ => Line::Mixed(pieces),
        }
    }

    /// The text with white space evened out and everything that no typeface has written as its code point.
    pub fn settable(&mut self, text: &str) -> String {
        if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return text.to_owned();
        }
        let typefaces = Typefaces::get();
        let mut set = String::with_capacity(text.len());
        for cluster in text.graphemes(true) {
            if cluster
                .chars()
                .all(|c| c.is_whitespace() && (c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')))
            {
                set.push(' ');
            } else if !cluster.chars().any(is_disguise) && typefaces.cover(cluster) {
                set.push_str(cluster);
            } else {
                self.spelled = true;
                set.extend(cluster.chars().map(code_point));
            }
        }
        set
    }
}

fn code_point(c: char) -> String {
    format!("[U+{:04X}]", u32::from(c))
}

/// Whether nothing of a text would be seen.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Characters that reorder what is read, or mean nothing outside one's own system.
fn is_disguise(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}')
}

/// About how wide a text is, in average characters, rather too much than too little.
pub fn span(text: &str) -> usize {
    let tenths: usize = text
        .chars()
        .map(|c| match c {
            'i' | 'j' | 'l' | 'f' | 't' | '.' | ',' | ' ' | '\'' | '|' => 8,
            'm' | 'w' | 'M' | 'W' | '@' | '%' => 20,
            'A'..='Z' | '&' | '+' | '=' | '<' | '>' => 16,
            '!'..='~' => 11,
            _ if c.is_lowercase() => 14,
            _ => 20,
        })
        .sum();
    tenths.div_ceil(10)
}

/// A digest, key or other long code: 32 or more letters and digits with no spaces, at least one a digit.
fn is_code(word: &str) -> bool {
    word.len() >= 32
        && word
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'+' | b'/' | b'=' | b'-'))
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// A long word in pieces between which it may break: after its joints, and anywhere in what is still too long.
fn joints(word: &str, fit: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    for cluster in word.graphemes(true) {
        if let Some(part) = parts.last_mut() {
            part.push_str(cluster);
        }
        if matches!(cluster, "_" | "-" | "/" | "." | ":" | ",") {
            parts.push(String::new());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
        .into_iter()
        .flat_map(|part| {
            if span(&part) > fit {
                clusters(&part)
            } else {
                vec![part]
            }
        })
        .collect()
}

fn clusters(word: &str) -> Vec<String> {
    word.graphemes(true).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_alphabets_are_set_as_they_are() {
        for name in [
            "Łukasz Żółć",
            "Ñuñez-Ångström",
            "Αλέξανδρος",
            "Ольга Ковалёва",
            "Nguyễn Thị",
            "דוד",
            "n 1\u{202f}795",
        ] {
            let mut words = Words::default();
            assert_eq!(words.settable(name), name);
            assert!(!words.spelled, "{name}");
        }
    }

    #[test]
    fn what_no_typeface_has_is_spelled_out() {
        let mut words = Words::default();
        assert_eq!(words.settable("Mei 田"), "Mei [U+7530]");
        assert_eq!(words.settable("x\u{202e}y\u{7}"), "x[U+202E]y[U+0007]");
        assert_eq!(words.settable("\u{e000}"), "[U+E000]");
        assert!(words.spelled);
    }

    #[test]
    fn digests_are_codes_and_long_words_are_loose() {
        let digest = "8d09428867797dca3d8e2035c3ba2c37a52a85e06cde18d670360d4d33d41efd";
        let mut words = Words::default();
        assert_eq!(
            words.one_line(digest, 90),
            Line::Mixed(vec![Piece::Code(clusters(digest))])
        );
        let long = "x".repeat(60);
        assert_eq!(
            words.one_line(&long, 20),
            Line::Mixed(vec![Piece::Loose(clusters(&long))])
        );
        assert_eq!(
            words.one_line("plain words", 20),
            Line::Plain("plain words".into())
        );
    }
}
