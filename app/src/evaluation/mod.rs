//! Evaluations: sending predictions, and the report that comes of them.
mod beside;
mod chance;
mod changes;
mod charts;
mod computing;
mod cutoffs;
mod errors;
mod evaluate;
mod explorer;
mod figures;
mod gaps;
mod gates;
mod groups;
mod job;
mod overall;
mod provenance;
mod show;
mod sorting;
mod tasks;
mod upload;
mod warnings;

pub use changes::{changes_table, worse_than};
pub(crate) use charts::impact as impact_plot;
pub use evaluate::EvaluatePage;
pub(crate) use groups::mark as impact_mark;
pub use job::{JobPage, status as job_status};
pub use show::ReportPage;
