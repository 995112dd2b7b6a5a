//! An assessment for spreadsheets: as one tidy table, or as a workbook.

mod csv;
#[cfg(feature = "engine")]
mod xlsx;

pub use csv::{comparison_to_csv, to_csv};
#[cfg(feature = "engine")]
pub use xlsx::{Unwritable, to_xlsx, to_xlsx_with};
