//! A predictions file as named columns of text.

use std::collections::HashMap;
use std::path::Path;

/// Named columns; an empty cell is missing.
pub struct Table {
    pub names: Vec<String>,
    columns: HashMap<String, Vec<Option<String>>>,
}

impl Table {
    /// Reads a CSV file.
    pub fn read(path: &Path) -> std::io::Result<Self> {
        let mut records = records(&std::fs::read_to_string(path)?).into_iter();
        let names = records.next().unwrap_or_default();
        let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); names.len()];
        for record in records {
            let mut cells = record.into_iter();
            for column in &mut columns {
                column.push(cells.next().filter(|cell| !cell.is_empty()));
            }
        }
        Ok(Self {
            columns: names.iter().cloned().zip(columns).collect(),
            names,
        })
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&[Option<String>]> {
        self.columns.get(name).map(Vec::as_slice)
    }
}

fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut characters) = (false, text.chars().peekable());
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                record.push(std::mem::take(&mut cell));
                records.push(std::mem::take(&mut record));
            }
            other => cell.push(other),
        }
    }
    if !record.is_empty() || !cell.is_empty() {
        record.push(cell);
        records.push(record);
    }
    records
}
