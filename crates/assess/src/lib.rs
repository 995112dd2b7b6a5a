//! Numbers: from a predictions table to a performance and bias report.
