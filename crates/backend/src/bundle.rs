//! Sealed bundles: a release, a model or a stretch of the log in one file that is checked far from here, with the
//! portal's public key and nothing else ([`ledger::bundle`] says what is in it and how it is checked).
//!
//! First everything is gathered but the files that were handed in and the log's entries: those are read while the
//! bundle is sent, so that it may be larger than memory and begins at once.
mod gather;
mod places;
mod sql;
mod write;

#[cfg(test)]
mod tests;

use crate::{
    Failure, Portal,
    seal::{Proofs, handovers},
};
use bytes::Bytes;
use domain::{Actor, export::Taken, id::ReleaseId, refusal::Invalid};
use futures::Stream;
use gather::Documents;
use ledger::bundle::{Contents, LeftOut, Scope, Signature};
use places::Places;
use tokio_stream::wrappers::ReceiverStream;

/// Pieces that are ready before the reader has taken them.
const AHEAD: usize = 8;

/// What a bundle will be of: enough to write its cover by.
pub struct Gathered {
    pub contents: Contents,
    /// The portal's name and key, to compare with those that the reader has.
    pub origin: String,
    pub key: String,
    /// How many entries the log has, and its root.
    pub size: u64,
    pub root: String,
    /// How many of the log's entries the bundle has.
    pub entries: u64,
    /// Names and digests of its documents and files.
    pub files: Vec<(String, String)>,
    documents: Documents,
    places: Places,
    proofs: Proofs,
}

/// The cover, to read and to print.
pub struct Cover {
    pub html: String,
    pub pdf: Vec<u8>,
}

/// Gathers what is wanted and writes down that it was taken along. Everyone who is signed in may: it is the record.
pub async fn gather(portal: &Portal, actor: &Actor, taken: Taken) -> Result<Gathered, Failure> {
    let (scope, title, releases) = scope(portal, &taken).await?;
    let proofs = Proofs::newest(portal).await?;
    let mut documents = Documents::default();
    for release in releases {
        documents.release(portal, release).await?;
    }
    let places = match &taken {
        Taken::Release(id, _) => {
            Places::these(sql::places_of_release(portal.pool(), *id, proofs.size()).await?)
        }
        Taken::Model(name) => {
            documents.model(portal, name).await?;
            Places::these(sql::places_of_model(portal.pool(), name, proofs.size()).await?)
        }
        Taken::Entries { to, .. } if *to > proofs.checkpoint().size() => {
            let so_far = format!("The log has {} entries so far.", proofs.checkpoint().size());
            return Err(Invalid::new("to", so_far).into());
        }
        Taken::Entries { from, to } => Places::stretch(*from..*to),
    };
    for signature in documents.signatures() {
        proofs.reaches(signature.entry)?;
    }
    let places = places.with(handovers(portal).await?);
    let settings = portal.settings();
    let left_out: Vec<LeftOut> = documents.leave_out();
    portal
        .change(actor)
        .await?
        .commit(&actor.take_bundle(taken.clone()))
        .await?;
    Ok(Gathered {
        contents: Contents {
            title,
            scope,
            made_at: crate::audit::written(portal.now()),
            made_for: actor.name.clone(),
            made_by: concat!("countersign ", env!("CARGO_PKG_VERSION")).to_owned(),
            left_out,
        },
        origin: settings.origin.clone(),
        key: settings.key.verifying_key().to_string(),
        size: proofs.checkpoint().size(),
        root: proofs.checkpoint().root().to_string(),
        entries: places.count(),
        files: documents.names(),
        documents,
        places,
        proofs,
    })
}

/// What a bundle is of, in its own words, and the releases in it.
async fn scope(portal: &Portal, taken: &Taken) -> Result<(Scope, String, Vec<i64>), Failure> {
    Ok(match taken {
        Taken::Release(id, _) => {
            let title = sql::title(portal.pool(), *id).await?.ok_or(Failure::NotFound)?;
            (
                Scope::Release {
                    release: i64::from(*id).unsigned_abs(),
                },
                title,
                vec![i64::from(*id)],
            )
        }
        Taken::Model(name) => {
            let releases = sql::releases(portal.pool(), name)
                .await?
                .ok_or(Failure::NotFound)?;
            (
                Scope::Model {
                    model: name.to_string(),
                },
                format!("Model {name}"),
                releases,
            )
        }
        Taken::Entries { from, to } => {
            let title = format!("Entries {from} to {} of the log", to.saturating_sub(1));
            (Scope::Range { from: *from, to: *to }, title, Vec::new())
        }
    })
}

/// What is taken along with a release.
pub async fn of_release(portal: &Portal, id: ReleaseId) -> Result<Taken, Failure> {
    let model = sql::model(portal.pool(), id).await?.ok_or(Failure::NotFound)?;
    Ok(Taken::Release(id, model.parse()?))
}

impl Gathered {
    /// The signatures on its releases.
    pub fn signatures(&self) -> impl Iterator<Item = &Signature> {
        self.documents.signatures()
    }

    /// The bundle, as it is written. What goes wrong on the way breaks it off: half a bundle is none.
    pub fn sealed(self, cover: Cover) -> impl Stream<Item = Result<Bytes, Failure>> + Send + use<> {
        let (sender, receiver) = tokio::sync::mpsc::channel(AHEAD);
        tokio::task::spawn_blocking(move || {
            let failed = write::write(self, &cover, sender.clone()).err();
            if let Some(failure) = failed {
                tracing::warn!(?failure, "a bundle was broken off");
                let _ = sender.blocking_send(Err(failure)); // the reader may have left
            }
        });
        ReceiverStream::new(receiver)
    }
}
