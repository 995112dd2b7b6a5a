//! `countersign migrate`: brings the database to the current state.
use super::Verdict;
use crate::{config::Config, database::Database};
use anyhow::Result;

pub async fn run(config: &Config) -> Result<Verdict> {
    let database = Database::join(config).await?;
    let outcome = database.migrate().await;
    database.close().await?;
    outcome?;
    println!("The database is up to date.");
    Ok(Verdict::Good)
}
