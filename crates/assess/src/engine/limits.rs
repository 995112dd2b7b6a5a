//! How much of a file is read before it is refused.

/// The bounds on one file; memory is bounded by them, whatever the file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file.
    pub max_bytes: u64,
    /// Data rows.
    pub max_rows: u64,
    /// Protected attributes: each pair of them is a table of its own, and triples make no more tables than these pairs.
    pub max_protected: usize,
    /// Values of one protected attribute.
    pub max_groups: usize,
    /// Combinations of the values of all protected attributes.
    pub max_cells: usize,
    /// Bytes of one value in a column that is used.
    pub max_field_bytes: usize,
    /// Bytes of one CSV row, columns that aren't used included.
    pub max_row_bytes: usize,
    /// Columns.
    pub max_columns: usize,
    /// Bytes that the columns used of a Parquet file take once decompressed.
    pub max_decompressed_bytes: u64,
    /// Distinct pairs of score and cell held for the ROC AUC (24 bytes each, twice that while merging). Beyond it
    /// figures of binary predictions that need every score are left out, and say so; so many scores, errors or numbers
    /// are held for other tasks and for drift as well, and beyond it they are rounded.
    pub max_scores: usize,
    /// Threads that read; 0 stands for one for each processor. What is reported doesn't depend on it.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 2 << 30,
            max_rows: 200_000_000,
            max_protected: 8,
            max_groups: 200,
            max_cells: 20_000,
            max_field_bytes: 1_000,
            max_row_bytes: 1 << 20,
            max_columns: 10_000,
            max_decompressed_bytes: 8 << 30,
            max_scores: 5_000_000,
            threads: 0,
        }
    }
}

impl Limits {
    /// Rows whose ranks are taken: they have to be held, 24 bytes each, and once more while ranking.
    pub(super) fn max_ranked(&self) -> usize {
        self.max_scores / 5 * 2
    }

    /// These bounds for a file whose cases are held in memory: at most 2 million rows, 512 MiB (1 GiB decompressed).
    #[must_use]
    pub fn held(&self) -> Self {
        Self {
            max_bytes: self.max_bytes.min(512 << 20),
            max_rows: self.max_rows.min(2_000_000),
            max_decompressed_bytes: self.max_decompressed_bytes.min(1 << 30),
            ..self.clone()
        }
    }

    /// Distinct triples of score, cell and weight held for the scores by weight: half as many as without, for they are
    /// held beside those and take about twice the memory.
    pub(super) fn max_weighed(&self) -> usize {
        self.max_scores / 2
    }
}
