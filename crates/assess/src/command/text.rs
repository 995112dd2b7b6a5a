//! A view on a terminal.

use super::view::{Table, View};
use crate::words::visible;

pub(super) fn written(view: &View) -> String {
    let mut text = format!("{}\n", view.verdict.join(" "));
    for warning in &view.warnings {
        text = text + "Warning: " + warning + "\n";
    }
    for section in &view.sections {
        text = text + "\n" + &section.heading + "\n";
        for note in &section.notes {
            text = text + note + "\n";
        }
        for of_section in &section.tables {
            if !of_section.rows.is_empty() {
                text.push('\n');
                table(of_section, &mut text);
            }
        }
    }
    visible(&text)
}

fn table(table: &Table, text: &mut String) {
    let heads: Vec<String> = table.heads().map(str::to_owned).collect();
    let rows = || std::iter::once(&heads).chain(&table.rows);
    let width = |column: usize| {
        let cells = rows().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    for row in rows() {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let space = " ".repeat(width - cell.chars().count().min(*width));
            // Numbers stand under each other by their ends; names and sentences begin at the left.
            let is_number = table.rows.iter().filter_map(|row| row.get(column)).all(|cell| {
                let mut letters = cell.chars();
                letters
                    .next()
                    .is_none_or(|first| first.is_ascii_digit() || "-–".contains(first))
            });
            if is_number {
                line.push_str(&space);
            }
            line.push_str(cell);
            if !is_number {
                line.push_str(&space);
            }
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}
