//! Who is asked to cosign the log's checkpoints, and how many of them have to.
use super::Wrong;
use ledger::cosignature::{Quorum, WitnessKey};
use serde::{Deserialize, Deserializer, de};
use url::Url;

/// A witness, and where it takes requests (C2SP tlog-witness: below the address lies `add-checkpoint`).
#[derive(Clone, Debug)]
pub struct WitnessAt {
    pub key: WitnessKey,
    pub url: Url,
}

impl WitnessAt {
    fn read(key: &str, url: &str) -> Result<Self, String> {
        let key = key.trim().parse().map_err(|reason| format!("{key}: {reason}"))?;
        let url: Url = url.trim().parse().map_err(|reason| format!("{url}: {reason}"))?;
        if matches!(url.scheme(), "http" | "https") {
            Ok(Self { key, url })
        } else {
            Err(format!("{url} is not a web address"))
        }
    }
}

/// All of them have to have cosigned, unless fewer are asked for.
pub fn quorum(witnesses: &[WitnessAt], needed: Option<usize>) -> Result<Quorum, Wrong> {
    let keys: Vec<WitnessKey> = witnesses.iter().map(|witness| witness.key.clone()).collect();
    Quorum::new(needed.unwrap_or(keys.len()), keys)
        .map_err(|reason| Wrong::Value("witness_quorum", reason.to_string()))
}

/// A list of tables with `key` and `url`, or one text of both with commas between the witnesses.
pub fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<WitnessAt>, D::Error> {
    #[derive(Deserialize)]
    struct Named {
        key: String,
        url: String,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Witnesses {
        Text(String),
        List(Vec<Named>),
    }
    let witnesses: Result<_, String> = match Witnesses::deserialize(from)? {
        Witnesses::Text(text) => text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| match part.split_once(' ') {
                Some((key, url)) => WitnessAt::read(key, url),
                None => Err(format!("{part} is not a key and an address")),
            })
            .collect(),
        Witnesses::List(list) => list
            .iter()
            .map(|named| WitnessAt::read(&named.key, &named.url))
            .collect(),
    };
    witnesses.map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const REMORA: &str = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2";
    const STAGEMOLE: &str = "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv";

    fn read(from: Value) -> Result<Vec<(String, String)>, String> {
        let read = list(from).map_err(|reason| reason.to_string())?;
        let parts = |witness: WitnessAt| (witness.key.to_string(), witness.url.to_string());
        Ok(read.into_iter().map(parts).collect())
    }

    #[test]
    fn witnesses_are_a_text_or_a_list() {
        let both = [
            (REMORA.to_owned(), "https://remora.n621.de/".to_owned()),
            (STAGEMOLE.to_owned(), "http://localhost:8081/w".to_owned()),
        ];
        let text = json!(format!(
            "{REMORA} https://remora.n621.de/, {STAGEMOLE} http://localhost:8081/w,"
        ));
        assert_eq!(read(text).unwrap(), both);
        let listed = json!([
            { "key": REMORA, "url": "https://remora.n621.de" },
            { "key": STAGEMOLE, "url": "http://localhost:8081/w" },
        ]);
        assert_eq!(read(listed).unwrap(), both);
        assert_eq!(read(json!("")).unwrap(), []);
        for (wrong, why) in [
            (REMORA.to_owned(), "is not a key and an address"),
            (format!("{REMORA} file:///etc"), "is not a web address"),
            (format!("{REMORA}x https://a.example"), "base64"),
        ] {
            let reason = read(json!(wrong)).unwrap_err();
            assert!(reason.contains(why), "{reason}");
        }
    }

    #[test]
    fn a_quorum_of_more_than_there_are_is_refused() {
        let one = [WitnessAt::read(REMORA, "https://a.example").unwrap()];
        assert_eq!(quorum(&one, None).unwrap().needed(), 1);
        assert_eq!(quorum(&one, Some(0)).unwrap().needed(), 0);
        assert!(quorum(&one, Some(2)).is_err());
        assert_eq!(quorum(&[], None).unwrap().needed(), 0);
    }
}
