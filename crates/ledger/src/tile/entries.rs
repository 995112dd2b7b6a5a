//! Bundles of entries: each entry behind its length, two bytes with the higher first.

/// The longest entry that a bundle can hold, in bytes. A log that serves tiles has to refuse longer ones when they are
/// added, or keep the bulk elsewhere and log its digest: once sealed they can't be served.
pub const LONGEST_ENTRY: usize = 65_535;

/// An entry that no bundle can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {place} of the bundle has {bytes} bytes, and a bundle's entries have at most {LONGEST_ENTRY}")]
pub struct TooLong {
    /// Which one, counted from 0 at the beginning of the bundle.
    pub place: usize,
    /// Its length.
    pub bytes: usize,
}

/// A bundle whose lengths lead beyond its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the bundle is cut off in entry {place}")]
pub struct Malformed {
    /// The entry that is not whole, counted from 0.
    pub place: usize,
}

/// The bundle of these entries.
pub fn bundle<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Result<Vec<u8>, TooLong> {
    let mut bundle = Vec::new();
    for (place, entry) in entries.into_iter().enumerate() {
        let bytes = entry.len();
        let length = u16::try_from(bytes).map_err(|_| TooLong { place, bytes })?;
        bundle.extend(length.to_be_bytes());
        bundle.extend(entry);
    }
    Ok(bundle)
}

/// The entries of a bundle.
pub fn unbundle(bundle: &[u8]) -> Result<Vec<&[u8]>, Malformed> {
    let (mut entries, mut rest) = (Vec::new(), bundle);
    while !rest.is_empty() {
        let place = entries.len();
        let entry;
        (entry, rest) = next(rest).ok_or(Malformed { place })?;
        entries.push(entry);
    }
    Ok(entries)
}

fn next(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST_ENTRY, Malformed, TooLong, bundle, unbundle};
    use proptest::prelude::*;

    #[test]
    fn an_entry_stands_behind_its_length() {
        assert_eq!(
            bundle([b"".as_slice(), b"ab"]).as_deref(),
            Ok(b"\x00\x00\x00\x02ab".as_slice())
        );
    }

    #[test]
    fn the_longest_entry_fits_and_a_longer_one_is_named() {
        let longest = vec![7; LONGEST_ENTRY];
        let whole = bundle([longest.as_slice()]).unwrap_or_default();
        assert_eq!(unbundle(&whole), Ok(vec![longest.as_slice()]));
        let longer = vec![7; LONGEST_ENTRY + 1];
        let refused = bundle([b"short".as_slice(), longer.as_slice()]);
        assert_eq!(
            refused,
            Err(TooLong {
                place: 1,
                bytes: 65_536
            })
        );
    }

    proptest! {
        #[test]
        fn a_bundle_reads_back_and_a_cut_one_is_refused(
            entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..20), cut: prop::sample::Index,
        ) {
            let whole = bundle(entries.iter().map(Vec::as_slice))?;
            prop_assert_eq!(unbundle(&whole)?, entries.clone());
            let cut = cut.index(whole.len());
            match unbundle(&whole[..cut]) {
                Ok(fewer) => prop_assert!(fewer.len() < entries.len()),
                Err(Malformed { place }) => prop_assert!(place < entries.len()),
            }
        }
    }
}
