//! What somebody without the portal's key may do to a bundle: whatever it is, it is seen, and named.

use super::sample::{Failed, Sample};
use super::verified;
use ledger::archive::{Limits, Reader, Writer};
use ledger::bundle::path;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::OnceLock;

type Files = BTreeMap<String, Vec<u8>>;

fn unpacked(bytes: &[u8]) -> Result<Files, Failed> {
    let mut reader = Reader::open(Cursor::new(bytes), Limits::default())?;
    let names: Vec<_> = reader.names().map(str::to_owned).collect();
    names
        .into_iter()
        .map(|name| Ok((name.clone(), reader.read(&name, u32::MAX)?)))
        .collect()
}

fn packed(files: &Files) -> std::io::Result<Vec<u8>> {
    let mut writer = Writer::new(Vec::new(), Limits::default());
    for (name, content) in files {
        writer.add(name, content)?;
    }
    writer.finish()
}

/// What somebody without the key may do to a bundle.
#[derive(Debug, Clone)]
enum Change {
    Byte(prop::sample::Index, prop::sample::Index, u8),
    Cut(prop::sample::Index, prop::sample::Index),
    Append(prop::sample::Index, Vec<u8>),
    Lines(prop::sample::Index, prop::sample::Index, prop::sample::Index),
    Swap(prop::sample::Index, prop::sample::Index),
    Remove(prop::sample::Index),
    Rename(prop::sample::Index, String),
    Add(String, Vec<u8>),
}

fn change() -> impl Strategy<Value = Change> {
    let any = any::<prop::sample::Index>;
    prop_oneof![
        8 => (any(), any(), 1..=255u8).prop_map(|(file, place, change)| Change::Byte(file, place, change)),
        2 => (any(), any()).prop_map(|(file, place)| Change::Cut(file, place)),
        2 => (any(), prop::collection::vec(prop::num::u8::ANY, 1..20)).prop_map(|(file, more)| Change::Append(file, more)),
        2 => (any(), any(), any()).prop_map(|(file, one, other)| Change::Lines(file, one, other)),
        1 => (any(), any()).prop_map(|(one, other)| Change::Swap(one, other)),
        1 => any().prop_map(Change::Remove),
        1 => (any(), "[a-z]{1,8}").prop_map(|(file, name)| Change::Rename(file, name)),
        1 => ("[a-z]{1,8}", prop::collection::vec(prop::num::u8::ANY, 0..20)).prop_map(|(name, content)| Change::Add(name, content)),
    ]
}

impl Change {
    /// Makes the change; answers with the names of the files that it touches.
    fn make(self, files: &mut Files) -> Vec<String> {
        let names: Vec<_> = files.keys().cloned().collect();
        let name = |file: prop::sample::Index| names[file.index(names.len())].clone();
        let touched = match &self {
            Self::Byte(file, ..)
            | Self::Cut(file, _)
            | Self::Append(file, _)
            | Self::Lines(file, ..)
            | Self::Remove(file) => {
                vec![name(*file)]
            }
            Self::Swap(one, other) => vec![name(*one), name(*other)],
            Self::Rename(file, to) => vec![name(*file), to.clone()],
            Self::Add(to, _) => vec![to.clone()],
        };
        let mut content = files.get(&touched[0]).cloned().unwrap_or_default();
        let length = content.len();
        match self {
            Self::Byte(_, place, change) => content[place.index(length)] ^= change,
            Self::Cut(_, place) => content.truncate(place.index(length)),
            Self::Append(_, more) => content.extend(more),
            Self::Lines(_, one, other) => {
                let mut lines: Vec<_> = content.split_inclusive(|byte| *byte == b'\n').collect();
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
                content = lines.concat();
            }
            Self::Add(_, new) => content = new,
            Self::Swap(..) => {
                content.clone_from(&files[&touched[1]]);
                files.insert(touched[1].clone(), files[&touched[0]].clone());
            }
            Self::Remove(_) => {
                files.remove(&touched[0]);
                return touched;
            }
            Self::Rename(..) => {
                files.remove(&touched[0]);
                files.insert(touched[1].clone(), content);
                return touched;
            }
        }
        files.insert(touched[0].clone(), content);
        touched
    }
}

/// The honest bundle, made once.
fn honest() -> Result<&'static [u8], TestCaseError> {
    static HONEST: OnceLock<Vec<u8>> = OnceLock::new();
    if HONEST.get().is_none() {
        let sealed = Sample::new().and_then(|sample| sample.sealed()).map_err(failed)?;
        HONEST.get_or_init(|| sealed);
    }
    HONEST
        .get()
        .map(Vec::as_slice)
        .ok_or_else(|| TestCaseError::fail("not made"))
}

fn failed(reason: Failed) -> TestCaseError {
    TestCaseError::fail(reason.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// 500 changes by somebody who has no key, each named: by the file, or by the entry in it.
    #[test]
    fn no_change_goes_unseen_and_each_is_named(change in change()) {
        let honest = unpacked(honest()?).map_err(failed)?;
        let mut files = honest.clone();
        let touched = change.make(&mut files);
        prop_assume!(files != honest);
        let Err(broken) = verified(&packed(&files)?).map_err(failed)? else {
            return Err(TestCaseError::fail("a changed bundle was verified"));
        };
        let is_of = |name: &String| {
            broken.record.starts_with(name.as_str())
                || (name == path::ENTRIES && broken.record.starts_with("log entry"))
        };
        prop_assert!(touched.iter().any(is_of), "{:?} was changed, and {} named", touched, broken);
    }

    /// Whatever single byte of the zip file changes, the bundle is refused, or not a byte of its content has changed.
    #[test]
    fn no_changed_byte_of_the_file_goes_unseen(place: prop::sample::Index, change in 1..=255u8) {
        let honest = honest()?;
        let mut changed = honest.to_vec();
        changed[place.index(honest.len())] ^= change;
        if verified(&changed).map_err(failed)?.is_ok() {
            prop_assert_eq!(unpacked(&changed).map_err(failed)?, unpacked(honest).map_err(failed)?);
        }
    }
}
