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

pub use changes::changes_table;
pub use evaluate::EvaluatePage;
pub use show::ReportPage;
