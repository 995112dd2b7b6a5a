//! What a log sends to a witness: where the witness stood, the proof from there, and the new checkpoint.

use super::{Refusal, stated};
use crate::checkpoint;
use crate::digest::Digest;
use base64::{Engine, engine::general_purpose::STANDARD};
use std::fmt;
use std::str::FromStr;

/// More hashes than a proof between two 64-bit sizes can have.
const MOST_HASHES: usize = 63;

/// What a log sends: the size that it thinks the witness saw last, the proof from there, and the signed checkpoint.
/// Shown and parsed as the body of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The size of the checkpoint that the witness cosigned last, or 0.
    pub old: u64,
    /// The consistency proof from that size.
    pub proof: Vec<Digest>,
    /// The new checkpoint as a signed note.
    pub note: String,
}

/// A body that is no request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// The parts are not there.
    #[error(
        "a request is a line with the old size, at most {MOST_HASHES} lines of hashes, an empty line and a checkpoint"
    )]
    Form,
    /// The first line.
    #[error("{0:?} is not \"old\" and a decimal number without leading zeros")]
    Old(String),
    /// A line of the proof.
    #[error("{0:?} is not base64 of a hash")]
    Hash(String),
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", STANDARD.encode(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.note)
    }
}

impl FromStr for Request {
    type Err = Malformed;

    fn from_str(body: &str) -> Result<Self, Malformed> {
        let (head, note) = body.split_once("\n\n").ok_or(Malformed::Form)?;
        let mut lines = head.split('\n');
        let old = lines.next().unwrap_or_default();
        let size = old
            .strip_prefix("old ")
            .and_then(|size| checkpoint::read_size(size).ok());
        let old = size.ok_or_else(|| Malformed::Old(old.to_owned()))?;
        let hash = |line: &str| checkpoint::read_root(line).map_err(|_| Malformed::Hash(line.to_owned()));
        let proof = lines.map(hash).collect::<Result<Vec<_>, _>>()?;
        if proof.len() > MOST_HASHES {
            return Err(Malformed::Form);
        }
        let note = note.to_owned();
        Ok(Self { old, proof, note })
    }
}

impl Request {
    /// The log that the checkpoint claims to be of: what a witness of several looks its record up by.
    pub fn origin(&self) -> Result<String, Refusal> {
        Ok(stated(&self.note)?.origin().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Request};

    /// The example of the specification.
    #[test]
    fn requests_are_those_of_the_specification() -> Result<(), Box<dyn std::error::Error>> {
        let body = "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
            jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
            /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\nexample.com/behind-the-sofa\n20852163\n\
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        let request: Request = body.parse()?;
        assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
        assert_eq!(request.origin()?, "example.com/behind-the-sofa");
        assert_eq!(request.to_string(), body);
        Ok(())
    }

    #[test]
    fn what_is_no_request_is_told_what_is_wrong() {
        let read = |body: &str| body.parse::<Request>().err();
        assert_eq!(read("old 1\n"), Some(Malformed::Form));
        assert_eq!(read("old 01\n\n"), Some(Malformed::Old("old 01".to_owned())));
        assert_eq!(read("new 1\n\n"), Some(Malformed::Old("new 1".to_owned())));
        assert_eq!(read("old 1\nAAAA\n\n"), Some(Malformed::Hash("AAAA".to_owned())));
        let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
        assert_eq!(read(&format!("old 1\n{}\n", hash.repeat(63))), None);
        assert_eq!(
            read(&format!("old 1\n{}\n", hash.repeat(64))),
            Some(Malformed::Form)
        );
    }
}
