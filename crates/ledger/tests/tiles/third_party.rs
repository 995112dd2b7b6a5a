//! Our logs in the eyes of code that others wrote: Cloudflare's `tlog_tiles` and `signed_note`, ports of Go's
//! `sumdb/tlog` and `sumdb/note`.

use super::log::{Log, entry};
use ledger::SigningKey;
use ledger::merkle::{consistency_proof, inclusion_proof, leaf_hash, root};
use ledger::note;
use ledger::tile::Path;
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{
    Checkpoint, Error, Hash, Tile, TileHashReader, TileReader, check_record, check_tree, prove_record,
    prove_tree, record_hash, tree_hash,
};

type Checked = Result<(), Box<dyn std::error::Error>>;

/// Their names have the height in them, which C2SP leaves out because it is always 8.
fn ours(tile: &Tile) -> Result<Path, Error> {
    let name = tile
        .path()
        .replacen("tile/8/", "tile/", 1)
        .replace("tile/data/", "tile/entries/");
    name.parse().map_err(|_| Error::InvalidTile)
}

impl TileReader for Log {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile| self.fetch(ours(tile)?).map_err(|_| Error::InvalidTile);
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, _: &[Tile], _: &[Vec<u8>]) {}
}

fn hash(digest: ledger::Digest) -> Hash {
    Hash(*digest.as_bytes())
}

fn same(theirs: &[Hash], ours: &[ledger::Digest]) -> bool {
    theirs
        .iter()
        .map(|hash| hash.0)
        .eq(ours.iter().map(|digest| *digest.as_bytes()))
}

#[test]
fn others_prove_from_our_tiles_what_we_prove_from_the_whole_tree() -> Checked {
    for size in [1, 2, 3, 255, 256, 257, 511, 512, 513, 700, 70_000] {
        let log = Log::of(size)?;
        let tree = hash(root(&log.leaves));
        let reader = TileHashReader::new(size as u64, tree, &log);
        assert_eq!(tree_hash(size as u64, &reader)?, tree, "size {size}");
        for index in [0, size / 3, size / 2, size - 1] {
            let proof = prove_record(size as u64, index as u64, &reader)?;
            assert!(
                same(&proof, &inclusion_proof(&log.leaves, index)?),
                "entry {index} of {size}"
            );
            let leaf = record_hash(&entry(index));
            assert_eq!(leaf, hash(leaf_hash(&entry(index))));
            check_record(&proof, size as u64, tree, index as u64, leaf)?;

            let old = index + 1;
            let proof = prove_tree(size as u64, old as u64, &reader)?;
            assert!(
                same(&proof, &consistency_proof(&log.leaves, old)?),
                "{old} to {size}"
            );
            check_tree(
                &proof,
                size as u64,
                tree,
                old as u64,
                hash(root(&log.leaves[..old])),
            )?;
        }
    }
    Ok(())
}

fn check(log: &Log, tree: Hash, index: usize) -> Result<(), Error> {
    let (size, place) = (log.leaves.len() as u64, index as u64);
    let proof = prove_record(size, place, &TileHashReader::new(size, tree, log))?;
    check_record(&proof, size, tree, place, record_hash(&entry(index)))
}

/// Their reader alone passes over a changed tile now and then (0.2.0 skips as many tiles as the tree has full subtrees,
/// even where those share a tile), so it is asked what ours asks itself: whether the proof leads to the root.
#[test]
fn others_find_our_tiles_tampered_with() -> Checked {
    let mut log = Log::of(700)?;
    let tree = hash(root(&log.leaves));
    for path in log.tiles.keys().copied().collect::<Vec<_>>() {
        let honest = log.fetch(path)?;
        let mut changed = honest.clone();
        changed[5] ^= 1;
        log.tiles.insert(path, changed);
        assert!(
            check(&log, tree, 1).and(check(&log, tree, 257)).is_err(),
            "{path}"
        );
        log.tiles.insert(path, honest);
        check(&log, tree, 1).and(check(&log, tree, 257))?;
    }
    Ok(())
}

#[test]
fn others_name_and_count_tiles_as_we_do() -> Checked {
    for (old, new) in [
        (0, 1),
        (0, 70_000),
        (255, 256),
        (256, 257),
        (1, 65_536),
        (65_535, 65_537),
        (69_999, 200_000),
    ] {
        let mut theirs = Tile::new_tiles(8, old, new)
            .iter()
            .map(ours)
            .collect::<Result<Vec<_>, _>>()?;
        let mut own: Vec<_> = Path::added(old, new)
            .filter(|path| path.level().is_some())
            .collect();
        theirs.sort();
        own.sort();
        assert_eq!(own, theirs, "{old} to {new}");
    }
    Ok(())
}

#[test]
fn others_read_and_verify_our_checkpoints() -> Checked {
    let key = SigningKey::from_seed("example.com/log", &[7; 32])?;
    let stranger = SigningKey::from_seed("example.com/log", &[8; 32])?;
    let ours = Log::of(300)?.checkpoint(300)?;
    let signed = ours.sign(&key);
    let verifiers = |key: &SigningKey| {
        let verifier = StandardVerifier::new(&key.verifying_key().to_string())
            .map_err(|reason| format!("{reason:?}"))?;
        Ok::<_, String>(VerifierList::new(vec![Box::new(verifier)]))
    };
    let note = Note::from_bytes(signed.as_bytes())?;
    let (verified, unknown) = note.verify(&verifiers(&key)?)?;
    assert_eq!((verified.len(), unknown.len()), (1, 0));
    assert!(note.verify(&verifiers(&stranger)?).is_err());
    let grown = signed.replacen("\n300\n", "\n301\n", 1);
    assert!(
        Note::from_bytes(grown.as_bytes())?
            .verify(&verifiers(&key)?)
            .is_err()
    );

    let read = Checkpoint::from_bytes(note.text()).map_err(|reason| format!("{reason:?}"))?;
    assert_eq!(
        (read.origin(), read.size(), read.hash()),
        ("example.com/log", 300, &hash(ours.root()))
    );
    assert_eq!(note::open(&signed, key.verifying_key())?.as_bytes(), note.text());
    Ok(())
}
