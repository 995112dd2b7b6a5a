//! Archives written, read, cut and changed; and those that are out to do harm.

use ledger::Digest;
use ledger::archive::{Content, Invalid, Limits, Reader, TooLarge, Writer};
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};

type Checked = Result<(), Box<dyn std::error::Error>>;
type Files<'a> = &'a [(&'a str, &'a [u8])];

fn archive(files: Files) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new(), Limits::default());
    for (name, content) in files {
        writer.add(name, content)?;
    }
    writer.finish()
}

fn open(bytes: &[u8]) -> Result<Reader<Cursor<&[u8]>>, Invalid> {
    Reader::open(Cursor::new(bytes), Limits::default())
}

/// Everything in it, by name.
fn unpacked(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Invalid> {
    let mut reader = open(bytes)?;
    let names: Vec<_> = reader.names().map(str::to_owned).collect();
    names
        .into_iter()
        .map(|name| Ok((name.clone(), reader.read(&name, u32::MAX)?)))
        .collect()
}

const THREE: Files = &[
    ("cover.html", b"<p>Hello</p>"),
    ("log/entries.jsonl", &[b'x'; 5_000]),
    ("nothing", b""),
];

#[test]
fn what_was_written_is_read_and_written_again_the_same() -> Checked {
    let bytes = archive(THREE)?;
    let read = unpacked(&bytes)?;
    let expected: Vec<_> = THREE
        .iter()
        .map(|(name, content)| ((*name).to_owned(), content.to_vec()))
        .collect();
    assert_eq!(read, expected);
    assert_eq!(archive(THREE)?, bytes, "every byte is determined by the content");
    assert!(unpacked(&archive(&[])?)?.is_empty());
    Ok(())
}

#[test]
fn a_file_can_be_written_and_read_in_pieces() -> Checked {
    let mut writer = Writer::new(Vec::new(), Limits::default());
    let mut file = writer.file("pieces")?;
    for piece in 0..10_000u32 {
        file.write_all(&piece.to_be_bytes())?;
    }
    let digest = file.end()?;
    let bytes = writer.finish()?;
    let mut reader = open(&bytes)?;
    let (mut content, mut read, mut piece) = (reader.content("pieces")?, Vec::new(), [0; 7]);
    loop {
        match content.read(&mut piece)? {
            0 => break,
            length => read.extend(&piece[..length]),
        }
    }
    assert_eq!((read.len(), Digest::of(&read)), (40_000, digest));
    assert!(matches!(
        reader.read("pieces", 39_999),
        Err(Invalid::TooLarge(TooLarge::Bytes(39_999)))
    ));
    assert!(matches!(
        reader.content("other").map(drop::<Content<_>>),
        Err(Invalid::Missing(_))
    ));
    Ok(())
}

#[test]
fn names_that_lead_elsewhere_are_not_written() -> Checked {
    let long = "a".repeat(256);
    let names = [
        "",
        "/",
        "/etc/passwd",
        "../up",
        "a/../../up",
        "a/./b",
        ".",
        "..",
        "a//b",
        "a/",
        "a\\b",
        "c:",
        "Upper",
        "é",
        "a\0",
        "a b",
        &long,
    ];
    for name in names {
        assert!(archive(&[(name, b"")]).is_err(), "{name:?}");
    }
    assert!(archive(&[("twice", b""), ("twice", b"")]).is_err());
    let mut writer = Writer::new(Vec::new(), Limits::default());
    drop(writer.file("begun")?);
    assert!(writer.finish().is_err(), "a file that was not ended");
    Ok(())
}

/// The same changes to names, made in the finished archive: in the header, in the directory, or in both.
#[test]
fn names_that_lead_elsewhere_are_not_read() -> Checked {
    let bytes = archive(&[("a-long-name", b"content"), ("another-one", b"content")])?;
    for (from, to) in [
        ("a-long-name", "../../../up"),
        ("a-long-name", "another-one"),
        ("a-long-name", "A-LONG-NAME"),
    ] {
        let places: Vec<_> = (0..bytes.len())
            .filter(|place| bytes[*place..].starts_with(from.as_bytes()))
            .collect();
        assert_eq!(places.len(), 2);
        for changed_places in [&places[..], &places[..1], &places[1..]] {
            let mut changed = bytes.clone();
            for place in changed_places {
                changed[*place..place + to.len()].copy_from_slice(to.as_bytes());
            }
            assert!(unpacked(&changed).is_err(), "{to} at {changed_places:?}");
        }
    }
    Ok(())
}

#[test]
fn what_is_around_and_between_files_is_refused() -> Checked {
    let bytes = archive(THREE)?;
    for place in 0..=bytes.len() {
        let mut longer = bytes.clone();
        longer.insert(place, 0);
        assert!(unpacked(&longer).is_err(), "a byte put in at {place}");
        assert!(
            unpacked(&bytes[..place]).is_err() || place == bytes.len(),
            "cut at {place}"
        );
        assert!(
            unpacked(&bytes[place..]).is_err() || place == 0,
            "begun at {place}"
        );
    }
    assert!(matches!(
        unpacked(&[bytes.clone(), bytes].concat()),
        Err(Invalid::Form(_))
    ));
    Ok(())
}

#[test]
fn too_many_files_and_too_much_to_unpack_are_refused_before_unpacking() -> Checked {
    let bytes = archive(THREE)?;
    let few = Limits {
        files: 2,
        ..Limits::default()
    };
    let small = Limits {
        bytes: 5_000,
        ..Limits::default()
    };
    assert!(matches!(
        Reader::open(Cursor::new(&bytes), few),
        Err(Invalid::TooLarge(TooLarge::Files(2)))
    ));
    assert!(matches!(
        Reader::open(Cursor::new(&bytes), small),
        Err(Invalid::TooLarge(TooLarge::Bytes(5_000)))
    ));

    let mut writer = Writer::new(Vec::new(), few);
    writer.add("one", b"")?;
    writer.add("two", b"")?;
    assert!(writer.add("three", b"").is_err());
    let mut writer = Writer::new(Vec::new(), small);
    assert!(writer.add("one", &[0; 5_001]).is_err());
    Ok(())
}

/// 32 MiB of zeros pack into 32 KiB: neither written nor, made by patching up the sizes of a good archive, read.
#[test]
fn a_bomb_is_refused() -> Checked {
    let zeros = vec![0; 32 << 20];
    let refused = archive(&[("zeros", &zeros)]).err().ok_or("written")?;
    assert_eq!(refused.kind(), std::io::ErrorKind::FileTooLarge);

    let harmless = vec![0; 1 << 20];
    let mut bomb = archive(&[("zeros", &harmless)])?;
    for place in 0..bomb.len() - 4 {
        if bomb[place..].starts_with(&(1u32 << 20).to_le_bytes()) {
            bomb[place..place + 4].copy_from_slice(&(1u32 << 30).to_le_bytes());
        }
    }
    assert!(matches!(
        unpacked(&bomb),
        Err(Invalid::TooLarge(TooLarge::Expansion))
    ));

    // Less promised than there is: nothing beyond the promise is unpacked.
    let mut short = archive(&[("zeros", &harmless)])?;
    for place in 0..short.len() - 4 {
        if short[place..].starts_with(&(1u32 << 20).to_le_bytes()) {
            short[place..place + 4].copy_from_slice(&1_000u32.to_le_bytes());
        }
    }
    assert!(matches!(unpacked(&short), Err(Invalid::Content)));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// A changed byte is refused, or it is one of the few bits that deflate leaves unused.
    #[test]
    fn no_changed_byte_changes_what_is_read(place: prop::sample::Index, change in 1..=255u8) {
        let bytes = archive(THREE)?;
        let mut changed = bytes.clone();
        changed[place.index(bytes.len())] ^= change;
        if let Ok(read) = unpacked(&changed) {
            prop_assert_eq!(read, unpacked(&bytes).map_err(|reason| TestCaseError::fail(reason.to_string()))?);
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes: Vec<u8>, is_tail: bool, cut: prop::sample::Index) {
        let good = archive(THREE)?;
        let cut = cut.index(good.len());
        let mixed = if is_tail { [&bytes, &good[cut..]].concat() } else { [&good[..cut], &bytes].concat() };
        if let Ok(read) = unpacked(&mixed) {
            prop_assert_eq!(read.len(), 3);
        }
    }
}
