//! Trees written as tiles, read back, and tampered with: whatever tiles say is what the whole tree says, or is refused.

mod log;
mod third_party;

use ledger::checkpoint::Checkpoint;
use ledger::merkle::{consistency_proof, inclusion_proof, leaf_hash};
use ledger::tile::{Invalid, Path, Reader, Unreadable, bundle};
use log::{Log, NoSuchTile, entry};
use proptest::prelude::*;

type Checked = Result<(), Box<dyn std::error::Error>>;

/// At every size to 600, one entry at a time: the tiles written are those that a mirror expects, and no others.
#[test]
fn a_log_that_grows_writes_the_tiles_that_a_mirror_fetches() -> Checked {
    let mut log = Log::default();
    for size in 0..600 {
        let written = log.add(1)?;
        let expected: Vec<_> = Path::added(size, size + 1)
            .filter(|path| path.level().is_some())
            .collect();
        assert_eq!(written, expected, "size {size}");
    }
    Ok(())
}

#[test]
fn growing_in_steps_writes_the_same_bytes_as_growing_at_once() -> Checked {
    let whole = Log::of(70_000)?;
    let mut stepwise = Log::default();
    for more in [1, 254, 1, 1, 255, 65_024, 4_000, 464] {
        stepwise.add(more)?;
    }
    assert_eq!(stepwise.leaves, whole.leaves);
    for (path, bytes) in &whole.tiles {
        assert_eq!(stepwise.tiles.get(path), Some(bytes), "{path}");
    }
    assert_eq!(
        whole.tiles.len(),
        273 + 1 + 1 + 1 + 1,
        "the count of the specification for 70,000 leaves"
    );
    Ok(())
}

/// In every tree to 600, which is two full tiles and a partial one: some entries and some earlier sizes, always others.
#[test]
fn proofs_from_tiles_are_those_from_the_whole_tree() -> Checked {
    let log = Log::of(600)?;
    for size in 1..=600 {
        let partial = Log::of(size)?;
        let checkpoint = log.checkpoint(size)?;
        let mut reader = Reader::new(&checkpoint, |path| partial.fetch(path));
        for index in [0, size * 7_919 % 601 % size, size - 1] {
            let (leaf, proof) = reader.inclusion(index as u64)?;
            assert_eq!(leaf, log.leaves[index]);
            assert_eq!(
                proof,
                inclusion_proof(&log.leaves[..size], index)?,
                "entry {index} of {size}"
            );

            let old = index + 1;
            let proof = reader.consistency(&log.checkpoint(old)?)?;
            assert_eq!(
                proof,
                consistency_proof(&log.leaves[..size], old)?,
                "{old} to {size}"
            );
        }
    }
    Ok(())
}

#[test]
fn proofs_from_tiles_of_three_levels_are_those_from_the_whole_tree() -> Checked {
    let log = Log::of(70_000)?;
    let checkpoint = log.checkpoint(70_000)?;
    let mut reader = Reader::new(&checkpoint, |path| log.fetch(path));
    for index in [0, 255, 256, 65_535, 65_536, 69_631, 69_632, 69_999] {
        let (_, proof) = reader.inclusion(index)?;
        assert_eq!(
            proof,
            inclusion_proof(&log.leaves, usize::try_from(index)?)?,
            "entry {index}"
        );
    }
    for old in [1, 255, 256, 257, 65_535, 65_536, 65_537, 69_888, 70_000] {
        let proof = reader.consistency(&log.checkpoint(old)?)?;
        assert_eq!(proof, consistency_proof(&log.leaves, old)?, "from {old}");
    }
    let entries = reader.entries(273)?;
    assert_eq!((entries.len(), entries.last()), (112, Some(&entry(69_999))));
    Ok(())
}

#[test]
fn what_is_not_in_the_log_is_not_proven() -> Checked {
    let log = Log::of(300)?;
    let checkpoint = log.checkpoint(300)?;
    let mut reader = Reader::new(&checkpoint, |path| log.fetch(path));
    assert!(matches!(reader.inclusion(300), Err(Invalid::Proof { .. })));
    assert!(matches!(reader.inclusion(u64::MAX), Err(Invalid::Proof { .. })));
    assert!(matches!(reader.entries(2), Err(Invalid::Proof { .. })));
    assert!(matches!(reader.entries(u64::MAX), Err(Invalid::Proof { .. })));
    let longer = Checkpoint::new("example.com/log", 301, checkpoint.root())?;
    assert!(matches!(reader.consistency(&longer), Err(Invalid::Proof { .. })));
    let other = Checkpoint::new("example.com/log", 299, checkpoint.root())?;
    assert!(matches!(reader.consistency(&other), Err(Invalid::Proof { .. })));
    Ok(())
}

#[test]
fn missing_short_and_long_tiles_are_named() -> Checked {
    let log = Log::of(300)?;
    let checkpoint = log.checkpoint(300)?;
    let path: Path = "tile/0/000".parse()?;
    for bytes in [None, Some(8_191), Some(8_193), Some(8_160), Some(0)] {
        let mut reader = Reader::new(&checkpoint, |asked| match bytes {
            Some(length) if asked == path => Ok(vec![0; length]),
            None if asked == path => Err(NoSuchTile),
            _ => log.fetch(asked),
        });
        let expected = match bytes {
            Some(found) => Unreadable::Length { path, found },
            None => Unreadable::Fetch {
                path,
                reason: NoSuchTile,
            },
        };
        assert_eq!(reader.inclusion(7), Err(Invalid::Unreadable(expected)));
    }
    Ok(())
}

#[test]
fn changed_entries_are_named() -> Checked {
    let log = Log::of(300)?;
    let checkpoint = log.checkpoint(300)?;
    let mut entries: Vec<_> = (256..300).map(entry).collect();
    let honest = bundle(entries.iter().map(Vec::as_slice))?;
    entries[9] = b"forged".to_vec();
    let forged = bundle(entries.iter().map(Vec::as_slice))?;
    let fewer = bundle(entries[1..].iter().map(Vec::as_slice))?;
    let read = |bundle: &[u8]| {
        let fetch = |path: Path| {
            if path.level().is_none() {
                Ok(bundle.to_vec())
            } else {
                log.fetch(path)
            }
        };
        Reader::new(&checkpoint, fetch).entries(1)
    };
    assert!(read(&honest).is_ok());
    let changed = Invalid::Changed {
        index: 265,
        expected: log.leaves[265],
        found: leaf_hash(b"forged"),
    };
    assert_eq!(read(&forged), Err(changed));
    assert!(matches!(read(&fewer), Err(Invalid::Entries { found: 43, .. })));
    assert!(matches!(
        read(&honest[..honest.len() - 1]),
        Err(Invalid::Bundle { .. })
    ));
    Ok(())
}

proptest! {
    #[test]
    fn no_changed_tile_gives_a_wrong_answer(
        size in 1..2_000usize, index: prop::sample::Index, old: prop::sample::Index,
        tile: prop::sample::Index, place: prop::sample::Index, change in 1..=255u8,
    ) {
        let log = Log::of(size)?;
        let checkpoint = log.checkpoint(size)?;
        let changed = *tile.get(&log.tiles.keys().copied().collect::<Vec<_>>());
        let mut reader = Reader::new(&checkpoint, |path| {
            let mut bytes = log.fetch(path)?;
            if path == changed {
                let place = place.index(bytes.len());
                bytes[place] ^= change;
            }
            Ok::<_, NoSuchTile>(bytes)
        });
        let (index, old) = (index.index(size), old.index(size + 1));
        if let Ok((leaf, proof)) = reader.inclusion(index as u64) {
            prop_assert_eq!((leaf, proof), (log.leaves[index], inclusion_proof(&log.leaves, index)?));
        }
        if let Ok(proof) = reader.consistency(&log.checkpoint(old)?) {
            prop_assert_eq!(proof, consistency_proof(&log.leaves, old)?);
        }
    }
}
