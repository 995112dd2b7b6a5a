//! Writes a bundle from front to back.
use super::{Cover, Gathered, Places, gather::Released, sql};
use crate::{
    Failure, attestation,
    seal::{Proofs, unproven},
};
use bytes::Bytes;
use futures::StreamExt;
use ledger::{
    Digest,
    archive::{Limits, Writer},
    bundle::{self, Earlier, Entry, LogKeys, path},
};
use std::io::{self, BufWriter, Write};
use tokio::sync::mpsc::Sender;

/// Entries that are read at a time, and bytes that are sent at a time.
const ROUND: usize = 1_000;
const PIECE: usize = 64 * 1024;

/// Where the bytes go: to whoever reads the answer.
type Out = BufWriter<Pieces>;

pub fn write(
    gathered: Gathered,
    cover: &Cover,
    sender: Sender<Result<Bytes, Failure>>,
) -> Result<(), Failure> {
    let Gathered {
        contents,
        documents,
        places,
        proofs,
        ..
    } = gathered;
    let mut archive = Writer::new(BufWriter::with_capacity(PIECE, Pieces(sender)), Limits::default());
    archive.add(path::COVER, cover.html.as_bytes())?;
    archive.add(path::COVER_PDF, &cover.pdf)?;
    for (path, document) in &documents.whole {
        archive.add(path, document)?;
    }
    let mut signed = places.ends();
    for release in documents.releases {
        signed.extend(release.signatures.iter().map(|signature| signature.entry));
        attest(&mut archive, &proofs, release)?;
    }
    for digest in documents.files.keys() {
        file(&mut archive, &proofs, *digest)?;
    }
    log(&mut archive, &proofs, &places, &signed)?;
    let key = &proofs.portal().settings().key;
    bundle::seal(archive, contents, key)?.flush()?;
    Ok(())
}

fn attest(archive: &mut Writer<Out>, proofs: &Proofs, release: Released) -> Result<(), Failure> {
    if let Some(approval) = release.approval {
        let envelope = attestation::attested_one(proofs, approval)?;
        archive.add(
            &path::attestation(release.id.unsigned_abs()),
            &serde_json::to_vec(&envelope)?,
        )?;
    }
    Ok(())
}

/// A file that was handed in, from where it is kept.
fn file(archive: &mut Writer<Out>, proofs: &Proofs, digest: Digest) -> Result<(), Failure> {
    let mut out = archive.file(&path::file(digest))?;
    let mut bytes = proofs.wait(proofs.portal().files().read(&digest.to_string()))?;
    while let Some(piece) = proofs.wait(async { Ok(bytes.next().await) })? {
        out.write_all(&piece.map_err(io::Error::other)?)?;
    }
    if out.end()? == digest {
        Ok(())
    } else {
        Err(Failure::Stored(format!(
            "the file kept as {digest} is another by now"
        )))
    }
}

fn log(archive: &mut Writer<Out>, proofs: &Proofs, places: &Places, signed: &[u64]) -> Result<(), Failure> {
    let keys = LogKeys {
        origin: proofs.keys().origin().to_owned(),
        first: proofs.keys().at(0).clone(),
        rotations: places.handovers.clone(),
    };
    archive.add(path::KEYS, &ledger::canonical::to_vec(&keys)?)?;
    archive.add(path::CHECKPOINT, proofs.note().as_bytes())?;

    let mut out = archive.file(path::CHECKPOINTS)?;
    let mut reader = proofs.reader();
    for note in proofs.wait(sql::checkpoints(proofs.portal().pool(), signed, proofs.size()))? {
        let earlier = proofs.keys().verify(&note).map_err(unproven)?;
        let proof = reader.consistency(&earlier).map_err(unproven)?;
        out.write_all(&bundle::line(&Earlier { note, proof })?)?;
    }
    out.end()?;

    let mut out = archive.file(path::ENTRIES)?;
    let mut each = places.each();
    loop {
        let some: Vec<_> = each.by_ref().take(ROUND).collect();
        if some.is_empty() {
            break;
        }
        entries(&mut out, proofs, &some)?;
    }
    out.end()?;
    Ok(())
}

/// Some of the log's entries, each with its proof.
fn entries(out: &mut impl Write, proofs: &Proofs, places: &[i64]) -> Result<(), Failure> {
    let mut reader = proofs.reader();
    for entry in proofs.entries(places)? {
        let index = entry.index.unsigned_abs();
        let (_, proof) = reader.inclusion(index).map_err(unproven)?;
        let entry = serde_json::from_str(&entry.canonical)?;
        out.write_all(&bundle::line(&Entry { entry, index, proof })?)?;
    }
    Ok(())
}

/// Hands pieces over to whoever reads them, and waits while they are slower.
struct Pieces(Sender<Result<Bytes, Failure>>);

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let piece = Bytes::copy_from_slice(bytes);
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "whoever read the bundle has left");
        self.0.blocking_send(Ok(piece)).map_err(gone)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
