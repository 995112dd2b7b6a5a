//! The program.
use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Pages are thousands of small strings; the system's allocator takes a sixth of the time to render one.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// On the main thread, which lives as long as the process: the private Postgres is stopped when its starter ends.
#[tokio::main]
async fn main() -> ExitCode {
    server::cli::run().await
}
