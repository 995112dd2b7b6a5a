//! What a reader sees of a report, before it is known whether on a terminal or on a page.

use crate::report::Figure;
use crate::words;

/// A report as titles, sentences and tables.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct View {
    pub title: String,
    /// What it comes to, in sentences.
    pub verdict: Vec<String>,
    pub warnings: Vec<String>,
    pub sections: Vec<Section>,
}

/// A part under a heading.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Section {
    pub heading: String,
    /// What to know before reading the tables.
    pub notes: Vec<String>,
    pub tables: Vec<Table>,
}

/// A table; the first cell of a row is its name.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Table {
    pub caption: String,
    pub head: Vec<&'static str>,
    /// Heads beyond `head`, named by the file.
    pub more_head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(caption: impl Into<String>, head: &[&'static str]) -> Self {
        Self {
            caption: caption.into(),
            head: head.to_vec(),
            ..Self::default()
        }
    }

    /// Heads in order.
    pub fn heads(&self) -> impl Iterator<Item = &str> {
        self.head
            .iter()
            .copied()
            .chain(self.more_head.iter().map(String::as_str))
    }
}

/// A number with four places; a dash for none.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.4}"))
}

/// An interval, as `0.7012 to 0.7221`.
pub(super) fn interval(figure: &Figure) -> String {
    let interval = figure.interval();
    interval
        .map(|(low, high)| format!("{low:.4} to {high:.4}"))
        .unwrap_or_default()
}

/// A figure's cells: value, interval, n and reason.
pub(super) fn cells(figure: &Figure) -> [String; 4] {
    [
        number(figure.value),
        interval(figure),
        words::count(figure.n),
        figure.reason.clone().unwrap_or_default(),
    ]
}
