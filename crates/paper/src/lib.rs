//! Paper: a report as a PDF/A, set with Typst.
