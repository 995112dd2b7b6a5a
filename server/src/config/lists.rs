//! Lists, which a variable gives as one text.
use serde::{Deserialize, Deserializer, de};
use std::path::PathBuf;
use url::Url;

/// A list of folders, or one text with colons between them, as `PATH` has.
pub fn paths<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Paths {
        Text(String),
        List(Vec<PathBuf>),
    }
    Ok(match Paths::deserialize(from)? {
        Paths::Text(text) => text
            .split(':')
            .filter(|part| !part.is_empty())
            .map(PathBuf::from)
            .collect(),
        Paths::List(list) => list,
    })
}

/// A list of addresses, or one text with spaces between them.
pub fn addresses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Url>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Addresses {
        Text(String),
        List(Vec<String>),
    }
    let texts = match Addresses::deserialize(from)? {
        Addresses::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
        Addresses::List(list) => list,
    };
    let addresses = texts.iter().map(|text| text.parse());
    addresses.collect::<Result<_, _>>().map_err(de::Error::custom)
}
