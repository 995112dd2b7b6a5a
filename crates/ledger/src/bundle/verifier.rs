//! Checks a bundle from front to back, and names the first record that isn't what it should be.

use super::document::wanted;
use super::log::{self, Log};
use super::{Contents, Decided, LogKeys, PREDICATE_TYPE, Scope, path};
use crate::archive::{self, Limits, Reader};
use crate::cosignature::{Cosignature, Quorum, Unwitnessed};
use crate::digest::{Digest, Hasher};
use crate::dsse::Envelope;
use crate::intoto::{self, Statement};
use crate::key::VerifyingKey;
use crate::{attestation, canonical, checkpoint, merkle, rotation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Seek};

/// No JSON file of a bundle is longer, but for files that were handed in.
const LONGEST_FILE: u32 = 64 << 20;
/// No line of one is.
const LONGEST_LINE: u64 = 4 << 20;

/// What whoever checks a bundle trusts, and has from elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    /// One of the log's keys: the newest that is known, for an older one may have been stolen since.
    pub key: &'a VerifyingKey,
    /// The witnesses that have to have cosigned the newest checkpoint.
    pub quorum: &'a Quorum,
    /// Checkpoints of the log that were kept, as signed notes.
    pub kept: &'a [String],
    /// How much may be unpacked.
    pub limits: Limits,
}

/// What has been verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// What the bundle is of.
    pub contents: Contents,
    /// The log's name.
    pub origin: String,
    /// The key that signed the manifest.
    pub key: VerifyingKey,
    /// How many files there are, the manifest not counted.
    pub files: u64,
    /// How many of the log's entries.
    pub entries: u64,
    /// The size of the log at the newest checkpoint.
    pub size: u64,
    /// Its root.
    pub root: Digest,
    /// How many checkpoints there are.
    pub checkpoints: u64,
    /// The cosignatures of trusted witnesses on the newest.
    pub cosignatures: Vec<Cosignature>,
    /// The sizes of kept checkpoints that the bundle has none of: they say nothing for or against it.
    pub not_compared: Vec<u64>,
    /// The releases.
    pub releases: Vec<Decided>,
}

/// The first record that is not what it should be.
#[derive(Debug)]
pub struct Broken {
    /// The file, or the line, entry or signature in it.
    pub record: String,
    /// What is wrong with it.
    pub what: Box<What>,
}

impl std::error::Error for Broken {}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.record, self.what)
    }
}

/// What can be wrong with a record.
#[derive(Debug, thiserror::Error)]
pub enum What {
    /// The zip file itself.
    #[error(transparent)]
    Archive(#[from] archive::Invalid),
    /// It should be there.
    #[error("it is missing")]
    Missing,
    /// It shouldn't.
    #[error("the signed manifest doesn't name it")]
    Unexpected,
    /// It is no JSON, or not of the form that it should have.
    #[error("it can't be read: {0}")]
    Malformed(String),
    /// It contradicts itself or the log.
    #[error("{0}")]
    Contradiction(String),
    /// Its content has been changed.
    #[error("its SHA-256 is {found}, where {expected} is due")]
    Digest {
        /// As another record names it.
        expected: Digest,
        /// As it is.
        found: Digest,
    },
    /// It says something else than another record.
    #[error("its {field} is {found:?}, where {expected:?} is due")]
    Differs {
        /// What it says it of.
        field: &'static str,
        /// As the other has it.
        expected: String,
        /// As it has it.
        found: String,
    },
    /// Not signed by the log's key, or changed since.
    #[error(transparent)]
    Statement(#[from] intoto::Invalid),
    /// The key that is trusted isn't one of the log's.
    #[error("the key that you trust is not one of this log's: {0}")]
    UntrustedKey(String),
    /// A change of the log's key that doesn't hold.
    #[error(transparent)]
    Rotation(#[from] rotation::Invalid),
    /// A checkpoint that doesn't hold.
    #[error(transparent)]
    Checkpoint(#[from] checkpoint::Invalid),
    /// Too few witnesses, or a wrong cosignature.
    #[error(transparent)]
    Unwitnessed(#[from] Unwitnessed),
    /// The log was not only added to.
    #[error("the newest checkpoint doesn't continue the one of size {size}: {reason}")]
    Inconsistent {
        /// The size of the earlier checkpoint.
        size: u64,
        /// What is wrong.
        reason: merkle::Invalid,
    },
    /// An entry that was changed, or put in.
    #[error("it has the leaf hash {leaf}, and that is not in the log at this place: {reason}")]
    NotLogged {
        /// As it is.
        leaf: Digest,
        /// What is wrong.
        reason: merkle::Invalid,
    },
    /// An attestation that doesn't hold.
    #[error(transparent)]
    Attestation(#[from] attestation::Invalid),
}

impl From<canonical::Error> for What {
    fn from(reason: canonical::Error) -> Self {
        Self::Malformed(reason.to_string())
    }
}

impl From<serde_json::Error> for What {
    fn from(reason: serde_json::Error) -> Self {
        Self::Malformed(reason.to_string())
    }
}

impl What {
    pub(super) fn at(self, record: impl Into<String>) -> Broken {
        let (record, what) = (record.into(), Box::new(self));
        Broken { record, what }
    }
}

/// Whether two records say the same of something.
pub(super) fn same<T: PartialEq + ToString + ?Sized>(
    field: &'static str,
    expected: &T,
    found: &T,
) -> Result<(), What> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (expected.to_string(), found.to_string());
    Err(What::Differs {
        field,
        expected,
        found,
    })
}

/// Says of which record something is the matter.
pub(super) trait At<T> {
    fn at(self, record: &str) -> Result<T, Broken>;
}

impl<T, E: Into<What>> At<T> for Result<T, E> {
    fn at(self, record: &str) -> Result<T, Broken> {
        self.map_err(|reason| reason.into().at(record))
    }
}

/// Checks everything that a bundle says: its manifest, that no file was changed, put in or taken out, the documents by
/// the digests by which they name each other, the log with its proofs, and the signatures against the log.
pub fn verify<R: Read + Seek>(archive: R, trust: &Trust<'_>) -> Result<Verified, Broken> {
    let mut bundle = Bundle::open(archive, trust.limits)?;
    let (keys, handovers) = log::keys(&mut bundle, trust.key)?;
    let (contents, signed) = bundle.manifest(keys.current())?;
    bundle.has_exactly(&signed)?;
    // The lines of these are checked one by one, so that one that was changed can be named.
    let (in_lines, whole): (Vec<_>, Vec<_>) = signed
        .iter()
        .partition(|(name, _)| [path::ENTRIES, path::CHECKPOINTS].contains(&name.as_str()));
    for (name, digest) in whole {
        bundle.is_digest_of(name, *digest)?;
    }
    let releases = releases(&mut bundle, &contents)?;
    let log = Log::verify(
        &mut bundle,
        &keys,
        trust,
        &contents.scope,
        &wanted(&releases, &handovers),
    )?;
    for (name, digest) in in_lines {
        bundle.is_digest_of(name, *digest)?;
    }
    log.bears_out(&keys, &handovers)?;
    for release in &releases {
        release.verify(&mut bundle, &log, &keys)?;
    }
    Ok(Verified {
        contents,
        origin: keys.origin().to_owned(),
        key: keys.current().clone(),
        files: signed.len() as u64,
        entries: log.entries,
        size: log.newest.size(),
        root: log.newest.root(),
        checkpoints: log.roots.len() as u64,
        cosignatures: log.cosignatures,
        not_compared: log.not_compared,
        releases,
    })
}

/// The keys that a bundle says are its log's, for people to compare with the one they have: so far it is only a claim.
pub fn stated_keys<R: Read + Seek>(archive: R, limits: Limits) -> Result<LogKeys, Broken> {
    let mut archive = Reader::open(archive, limits).at("the file")?;
    let bytes = archive.read(path::KEYS, LONGEST_FILE).at(path::KEYS)?;
    serde_json::from_slice(&bytes).at(path::KEYS)
}

/// The releases whose dossiers are there. The one that the bundle is of has to be.
fn releases<R: Read + Seek>(bundle: &mut Bundle<R>, contents: &Contents) -> Result<Vec<Decided>, Broken> {
    let is_dossier = |name: &String| name.starts_with("releases/") && name.ends_with("/dossier.json");
    let mut dossiers: Vec<_> = bundle
        .digests
        .keys()
        .filter(|name| is_dossier(name))
        .cloned()
        .collect();
    if let Scope::Release { release } = contents.scope {
        let own = path::dossier(release);
        if !dossiers.contains(&own) {
            dossiers.push(own);
        }
    }
    let read = |record: String| Decided::read(bundle, &record, &contents.left_out);
    dossiers.into_iter().map(read).collect()
}

/// A bundle's files, each digested as it is.
pub(super) struct Bundle<R> {
    archive: Reader<R>,
    digests: BTreeMap<String, Digest>,
}

impl<R: Read + Seek> Bundle<R> {
    fn open(archive: R, limits: Limits) -> Result<Self, Broken> {
        let archive = Reader::open(archive, limits).at("the file")?;
        let names: Vec<_> = archive.names().map(str::to_owned).collect();
        let mut bundle = Self {
            archive,
            digests: BTreeMap::new(),
        };
        for name in names {
            let digest = bundle.digested(&name)?;
            bundle.digests.insert(name, digest);
        }
        Ok(bundle)
    }

    fn digested(&mut self, name: &str) -> Result<Digest, Broken> {
        let (mut content, mut hasher) = (self.archive.content(name).at(name)?, Hasher::default());
        io::copy(&mut content, &mut hasher).map_err(|reason| content_of(name, reason))?;
        Ok(hasher.finish())
    }

    /// What the bundle is of and which files it has, by the signed word of the log's key.
    fn manifest(&mut self, key: &VerifyingKey) -> Result<(Contents, BTreeMap<String, Digest>), Broken> {
        let envelope: Envelope = self.json(path::MANIFEST)?;
        let statement = Statement::<Contents>::open(&envelope, PREDICATE_TYPE, key).at(path::MANIFEST)?;
        let mut files = BTreeMap::new();
        for subject in statement.subject {
            if let Some(_earlier) = files.insert(subject.name, subject.digest.sha256) {
                return Err(What::Contradiction("it names a file twice".to_owned()).at(path::MANIFEST));
            }
        }
        Ok((statement.predicate, files))
    }

    /// That every file is there that was signed for, and no other.
    fn has_exactly(&self, signed: &BTreeMap<String, Digest>) -> Result<(), Broken> {
        let is_other = |name: &&String| *name != path::MANIFEST && !signed.contains_key(*name);
        if let Some(missing) = signed.keys().find(|name| !self.has(name)) {
            Err(What::Missing.at(missing))
        } else if let Some(unexpected) = self.digests.keys().find(is_other) {
            Err(What::Unexpected.at(unexpected))
        } else {
            Ok(())
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.digests.contains_key(name)
    }

    pub(super) fn digest(&self, name: &str) -> Result<Digest, Broken> {
        self.digests
            .get(name)
            .copied()
            .ok_or_else(|| What::Missing.at(name))
    }

    pub(super) fn is_digest_of(&self, name: &str, expected: Digest) -> Result<(), Broken> {
        let found = self.digest(name)?;
        if found == expected {
            Ok(())
        } else {
            Err(What::Digest { expected, found }.at(name))
        }
    }

    pub(super) fn json<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Broken> {
        self.digest(name)?;
        let bytes = self.archive.read(name, LONGEST_FILE).at(name)?;
        serde_json::from_slice(&bytes).at(name)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<String, Broken> {
        self.digest(name)?;
        let bytes = self.archive.read(name, LONGEST_FILE).at(name)?;
        String::from_utf8(bytes).map_err(|reason| What::Malformed(reason.to_string()).at(name))
    }

    /// Hands over each line of a file with its name, one at a time.
    pub(super) fn lines<T: DeserializeOwned>(
        &mut self,
        name: &str,
        mut each: impl FnMut(&str, T) -> Result<(), Broken>,
    ) -> Result<(), Broken> {
        self.digest(name)?;
        let mut content = BufReader::new(self.archive.content(name).at(name)?);
        let mut line = Vec::new();
        for number in 1u64.. {
            line.clear();
            let read = (&mut content).take(LONGEST_LINE).read_until(b'\n', &mut line);
            if read.map_err(|reason| content_of(name, reason))? == 0 {
                break;
            }
            let record = format!("{name}, line {number}");
            each(&record, serde_json::from_slice(&line).at(&record)?)?;
        }
        Ok(())
    }
}

fn content_of(name: &str, reason: io::Error) -> Broken {
    let invalid = match reason.kind() {
        io::ErrorKind::InvalidData => archive::Invalid::Content,
        _ => archive::Invalid::Unreadable(reason),
    };
    What::Archive(invalid).at(name)
}
