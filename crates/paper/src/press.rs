//! The press: Typst with one template, embedded typefaces, and no way to any other file.

use crate::{Error, sheet::Sheet};
use std::collections::HashSet;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::layout::Abs;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontVariations};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

const TEMPLATE: &str = include_str!("paper.typ");

/// The faces of each family, in the order the template falls back through them.
const FAMILIES: [&[&str]; 3] = [
    &[
        "LibertinusSerif-Regular",
        "LibertinusSerif-Italic",
        "LibertinusSerif-Semibold",
    ],
    &["NewCM10-Regular"],
    &["DejaVuSansMono"],
];

static TYPEFACES: LazyLock<Typefaces> = LazyLock::new(Typefaces::load);
static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The typefaces that travel with the program.
#[derive(Debug)]
pub struct Typefaces {
    fonts: Vec<Font>,
    book: LazyHash<FontBook>,
    /// Per family, the characters that all of its faces have.
    coverage: Vec<HashSet<u32>>,
}

impl Typefaces {
    /// The typefaces, read once.
    pub fn get() -> &'static Self {
        &TYPEFACES
    }

    /// Whether one family has every character of this cluster; a cluster is never set from two.
    pub fn cover(&self, cluster: &str) -> bool {
        self.coverage.iter().any(|family| {
            cluster
                .chars()
                .all(|c| family.contains(&u32::from(c)) || is_invisible(c))
        })
    }

    fn load() -> Self {
        let all: Vec<Font> = typst_assets::fonts()
            .filter_map(|face| Font::new(Bytes::new(face), 0))
            .collect();
        let mut fonts = Vec::new();
        let mut coverage = Vec::new();
        for faces in FAMILIES {
            let of_family = all.iter().filter(|font| {
                font.post_script_name()
                    .is_some_and(|name| faces.contains(&name.as_str()))
            });
            let sets = of_family.clone().map(characters);
            coverage.push(sets.reduce(|common, face| &common & &face).unwrap_or_default());
            fonts.extend(of_family.cloned());
        }
        Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            coverage,
        }
    }
}

/// The characters a face draws; some list characters for which they have no glyph.
fn characters(font: &Font) -> HashSet<u32> {
    let face = font
        .clone()
        .instantiate(font.info().variant, Abs::pt(10.0), &FontVariations::default());
    let drawn = |c: &char| face.ttf().glyph_index(*c).is_some_and(|glyph| glyph.0 != 0);
    font.info()
        .coverage
        .iter()
        .filter_map(char::from_u32)
        .filter(drawn)
        .map(u32::from)
        .collect()
}

/// Joiners, direction marks and variation selectors: shown as nothing, whatever the typeface.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}')
}

/// Everything the template can see: itself and one sheet of data.
struct Desk {
    template: Source,
    data: Bytes,
    data_id: FileId,
}

impl Desk {
    fn with(sheet: &Sheet) -> Result<Self, Error> {
        let data = serde_json::to_vec(sheet).map_err(|error| Error::Unset(error.to_string()))?;
        let template = Source::new(file("paper.typ")?, TEMPLATE.to_owned());
        Ok(Self {
            template,
            data: Bytes::new(data),
            data_id: file("paper.json")?,
        })
    }
}

fn file(name: &str) -> Result<FileId, Error> {
    let path = VirtualPath::new(name).map_err(|error| Error::Unset(error.to_string()))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &TYPEFACES.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() {
            Ok(self.template.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id {
            Ok(self.data.clone())
        } else {
            Err(FileError::AccessDenied)
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        TYPEFACES.fonts.get(index).cloned()
    }

    /// There is no today: a paper bears the date of its record.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The sheet as the bytes of a PDF.
pub fn print(sheet: &Sheet) -> Result<Vec<u8>, Error> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|error| Error::Unset(error.message().to_string()))?;
    let options = PdfOptions {
        creator: Smart::Custom(Some("Countersign".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    let bytes =
        set(sheet).and_then(|document| typst_pdf::pdf(&document, &options).map_err(|errors| unset(&errors)));
    // Typst keeps what it has laid out for the next run; ours has other data, so that would only be memory held.
    typst::comemo::evict(0);
    bytes
}

/// The sheet, laid out in pages.
pub fn set(sheet: &Sheet) -> Result<PagedDocument, Error> {
    let desk = Desk::with(sheet)?;
    typst::compile::<PagedDocument>(&desk)
        .output
        .map_err(|errors| unset(&errors))
}

fn unset(errors: &[SourceDiagnostic]) -> Error {
    let said: Vec<&str> = errors
        .iter()
        .take(3)
        .map(|error| error.message.as_str())
        .collect();
    Error::Unset(said.join("; "))
}
