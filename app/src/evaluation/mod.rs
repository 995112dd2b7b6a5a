//! Evaluations: sending predictions, and the report that comes of them.
mod changes;
mod charts;
mod errors;
mod evaluate;
mod figures;
mod gaps;
mod gates;
mod groups;
mod overall;
mod provenance;
mod show;
mod sorting;
mod upload;

pub use changes::{changes_table, worse_than};
pub(crate) use charts::impact as impact_plot;
pub use evaluate::EvaluatePage;
pub(crate) use groups::mark as impact_mark;
pub use show::ReportPage;
