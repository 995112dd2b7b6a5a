//! A predictions file as columns of optional text, read plainly: beside the engine's reader, not in its place.

use super::Failure;
use assess::partition::{Part, parts};
use std::path::Path;

/// A table; an empty cell is none.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub header: Vec<String>,
    columns: Vec<Vec<Option<String>>>,
}

impl Table {
    /// Reads a CSV file (RFC 4180, UTF-8, with a header).
    pub fn read(path: &Path) -> Result<Self, Failure> {
        Ok(Self::parse(&std::fs::read_to_string(path)?))
    }

    /// Reads CSV from text.
    pub fn parse(text: &str) -> Self {
        let mut rows = rows(text.strip_prefix('\u{feff}').unwrap_or(text)).into_iter();
        let header = rows.next().unwrap_or_default();
        let mut columns = vec![Vec::new(); header.len()];
        for row in rows {
            let mut cells = row.into_iter();
            for column in &mut columns {
                column.push(cells.next().filter(|cell| !cell.is_empty()));
            }
        }
        Self { header, columns }
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&[Option<String>]> {
        let at = self.header.iter().position(|known| known == name)?;
        self.columns.get(at).map(Vec::as_slice)
    }

    /// A column as numbers; a cell that isn't one is none.
    pub fn numbers(&self, name: &str) -> Option<Vec<Option<f64>>> {
        let number = |cell: &Option<String>| {
            let number = cell.as_deref()?.trim().parse::<f64>().ok()?;
            (!number.is_nan()).then_some(number)
        };
        Some(self.column(name)?.iter().map(number).collect())
    }

    /// The rows by what they hold in some columns.
    pub fn parts(&self, columns: &[String]) -> Option<Vec<Part<'_>>> {
        let columns: Option<Vec<_>> = columns.iter().map(|name| self.column(name)).collect();
        Some(parts(&columns?))
    }

    /// The parts that have a value in each column, by name.
    pub fn groups(&self, columns: &[String]) -> Option<Vec<(String, Part<'_>)>> {
        let parts = self.parts(columns)?.into_iter();
        Some(
            parts
                .filter_map(|part| Some((joined(&part.key)?, part)))
                .collect(),
        )
    }

    /// The distinct values of a column, sorted.
    pub fn values(&self, name: &str) -> Vec<String> {
        let cells = self.column(name).unwrap_or_default().iter().flatten();
        let distinct: std::collections::BTreeSet<_> = cells.cloned().collect();
        distinct.into_iter().collect()
    }
}

/// A group's name in golden files, its values joined by `|`; none where it lacks one.
pub fn joined<T: AsRef<str>>(key: &[Option<T>]) -> Option<String> {
    let values: Option<Vec<&str>> = key.iter().map(|value| value.as_ref().map(T::as_ref)).collect();
    values.map(|values| values.join("|"))
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut blank) = (false, true);
    let mut marks = text.chars().peekable();
    while let Some(mark) = marks.next() {
        match mark {
            '"' if quoted && marks.peek() == Some(&'"') => {
                marks.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted && marks.peek() == Some(&'\n') => continue,
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                let row = std::mem::take(&mut row);
                if !blank {
                    rows.push(row);
                }
                blank = true;
                continue;
            }
            other => cell.push(other),
        }
        blank = false;
    }
    if !blank {
        row.push(cell);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hide_commas_and_lines_and_empty_is_none() {
        let table = Table::parse("a,b\r\n\"x, \"\"y\"\"\nz\",\r\n,2\n\n");
        assert_eq!(table.column("a").unwrap(), [Some("x, \"y\"\nz".to_owned()), None]);
        assert_eq!(table.column("b").unwrap(), [None, Some("2".to_owned())]);
        assert_eq!(table.numbers("b").unwrap(), [None, Some(2.0)]);
        assert_eq!(table.column("c"), None);
    }
}
