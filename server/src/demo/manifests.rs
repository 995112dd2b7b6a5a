//! The manifests of the demonstration's versions, kept as files like any engineer's.
use anyhow::{Result, bail};
use domain::manifest::Manifest;
use std::path::Path;

pub fn read(folder: &Path, name: &str) -> Result<Manifest> {
    let path = folder.join("manifests").join(name);
    match Manifest::parse(&std::fs::read(&path)?) {
        Ok(manifest) => Ok(manifest),
        Err(wrong) => bail!(
            "{}: {}",
            path.display(),
            wrong
                .iter()
                .map(|wrong| wrong.message.as_str())
                .collect::<Vec<_>>()
                .join(" ")
        ),
    }
}
