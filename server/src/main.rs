//! The program.
use std::process::ExitCode;

/// On the main thread, which lives as long as the process: the private Postgres is stopped when its starter ends.
#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run().await
}
