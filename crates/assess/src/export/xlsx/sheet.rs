//! One sheet: a bold head that stays in sight, and rows of text and numbers under it.

use super::name::shortened;
use crate::stats::real;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// Characters of the narrowest and of the widest column; what is longer runs on under its neighbour.
const WIDTHS: (u16, u16) = (8, 60);
/// UTF-16 units that a cell holds.
const CELL: usize = 32_767;
/// Beyond it not every whole number is a spreadsheet's number.
const EXACT: u64 = 1 << 53;

/// What stands in a cell.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    Blank,
    Text(&'a str),
    Count(u64),
    /// Shown with four places; the cell holds them all.
    Share(f64),
    /// Shown with as many places as fit: p-values may be very small, cut-offs very large.
    Number(f64),
}

/// How cells look.
pub struct Looks {
    head: Format,
    text: Format,
    count: Format,
    share: Format,
    number: Format,
}

impl Default for Looks {
    fn default() -> Self {
        // What is text stays text, even when someone edits the cell.
        let text = Format::new().set_num_format("@");
        Self {
            head: text.clone().set_bold(),
            text,
            count: Format::new().set_num_format("#,##0"),
            share: Format::new().set_num_format("0.0000"),
            number: Format::new(),
        }
    }
}

/// A sheet that is being filled from the top.
pub struct Sheet<'a> {
    looks: &'a Looks,
    page: Worksheet,
    next: u32,
    widths: Vec<u16>,
}

impl<'a> Sheet<'a> {
    pub fn new(looks: &'a Looks, name: &str) -> Result<Self, XlsxError> {
        let mut page = Worksheet::new();
        page.set_name(name)?;
        Ok(Self {
            looks,
            page,
            next: 0,
            widths: Vec::new(),
        })
    }

    /// The first row, and how many columns at the left stay in sight with it.
    pub fn head<'h>(
        &mut self,
        names: impl IntoIterator<Item = &'h str>,
        fixed: usize,
    ) -> Result<(), XlsxError> {
        for (column, name) in (0..).zip(names) {
            self.text(column, name, true)?;
        }
        self.next = 1;
        self.page
            .set_freeze_panes(1, u16::try_from(fixed).unwrap_or_default())?;
        Ok(())
    }

    pub fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            match *cell {
                Cell::Blank | Cell::Text("") => {}
                Cell::Text(text) => self.text(column, text, false)?,
                Cell::Count(count) if count > EXACT => self.text(column, &count.to_string(), false)?,
                Cell::Count(count) => self.number(column, real(count), &self.looks.count)?,
                Cell::Share(value) => self.number(column, value, &self.looks.share)?,
                Cell::Number(value) => self.number(column, value, &self.looks.number)?,
            }
        }
        self.next += 1;
        Ok(())
    }

    pub fn finished(mut self) -> Result<Worksheet, XlsxError> {
        let (narrowest, widest) = WIDTHS;
        for (column, width) in (0..).zip(&self.widths) {
            let width = width.saturating_add(2).clamp(narrowest, widest);
            self.page.set_column_width(column, width)?;
        }
        Ok(self.page)
    }

    fn number(&mut self, column: u16, value: f64, look: &Format) -> Result<(), XlsxError> {
        self.widen(column, 8);
        self.page
            .write_number_with_format(self.next, column, value, look)?;
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str, head: bool) -> Result<(), XlsxError> {
        let look = if head { &self.looks.head } else { &self.looks.text };
        let text = shortened(text, CELL);
        self.widen(column, text.chars().take(usize::from(WIDTHS.1)).count());
        // The writer takes text of this shape for markup of its own. In two parts it escapes it like any other.
        if text.starts_with("<r>") && text.ends_with("</r>") {
            let (first, rest) = text.split_at("<r>".len());
            let plain = Format::new();
            let parts = [(&plain, first), (&plain, rest)];
            self.page
                .write_rich_string_with_format(self.next, column, &parts, look)?;
            return Ok(());
        }
        self.page
            .write_string_with_format(self.next, column, text, look)?;
        Ok(())
    }

    fn widen(&mut self, column: u16, width: usize) {
        let column = usize::from(column);
        if self.widths.len() <= column {
            self.widths.resize(column + 1, 0);
        }
        let width = u16::try_from(width).unwrap_or(u16::MAX);
        self.widths[column] = self.widths[column].max(width);
    }
}
