//! Forms with a file: the file is streamed to where files are kept, the fields are read beside it.
use crate::{kept::Fields, problem::Problem, served::Served};
use axum::{
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, Request,
        multipart::{Field, MultipartError},
    },
    http::StatusCode,
};
use backend::files::Arrived;
use domain::refusal::Invalid;

/// The largest field that is not a file, in bytes.
const LARGEST_FIELD: usize = 128 * 1024;
/// Values of fields at most, and their bytes together.
const VALUES: usize = 64;
const LARGEST_FIELDS: usize = 1024 * 1024;

/// A form as it arrived.
#[derive(Debug, Default)]
pub struct Upload {
    pub fields: Fields,
    pub file: Option<(String, Arrived)>,
    /// Why the file could not be taken. The fields are here all the same, so that they are not lost.
    pub refused: Option<Problem>,
}

impl Upload {
    /// The first value of a field; empty where there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// The file, or why there is none.
    pub fn take_file(&mut self) -> Result<(String, Arrived), Problem> {
        if let Some(problem) = self.refused.take() {
            return Err(problem);
        }
        let missing = || {
            Problem::field(Invalid::new(
                "file",
                "Choose the file that holds the predictions.",
            ))
        };
        self.file.take().ok_or_else(missing)
    }
}

/// Reads a form with at most one file.
pub async fn receive(served: &Served, mut form: Multipart) -> Result<Upload, Problem> {
    let (mut upload, mut typed) = (Upload::default(), Typed::default());
    while let Some(field) = form.next_field().await.map_err(broken_off)? {
        match field.file_name().map(str::to_owned) {
            // Browsers send an empty nameless file where none was chosen.
            Some(file_name) if file_name.is_empty() => {}
            Some(file_name) => {
                let arrived = served
                    .portal()
                    .files()
                    .receive(field, served.upload_limit())
                    .await;
                match arrived {
                    Ok(arrived) => upload.file = Some((plain_name(&file_name), arrived)),
                    Err(failure) => upload.refused = Some(failure.into()),
                }
            }
            None => typed.take(field).await?,
        }
    }
    upload.fields = typed.fields;
    Ok(upload)
}

/// What was typed into a form, as far as it can be read. Its file is read past and not held, for browsers look at the
/// answer only once they have sent everything.
pub async fn typed(served: &Served, mut request: Request) -> Fields {
    let largest_file = usize::try_from(served.upload_limit()).unwrap_or(usize::MAX);
    DefaultBodyLimit::max(largest_file.saturating_add(LARGEST_FIELDS)).apply(&mut request);
    let mut typed = Typed::default();
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return typed.fields;
    };
    while let Ok(Some(field)) = form.next_field().await {
        if field.file_name().is_none() && typed.take(field).await.is_err() {
            break;
        }
    }
    typed.fields
}

/// The fields that are no files, and how much of a form they make up.
#[derive(Default)]
struct Typed {
    fields: Fields,
    values: usize,
    bytes: usize,
}

impl Typed {
    async fn take(&mut self, field: Field<'_>) -> Result<(), Problem> {
        if self.values == VALUES || self.bytes >= LARGEST_FIELDS {
            return Err(Problem::unreadable(
                StatusCode::BAD_REQUEST,
                "The form has too many fields, or they are too long.",
            ));
        }
        let name = field.name().unwrap_or_default().to_owned();
        let text = text(&name, field).await?;
        self.values += 1;
        self.bytes += name.len() + text.len();
        self.fields.entry(name).or_default().push(text);
        Ok(())
    }
}

async fn text(name: &str, mut field: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken_off)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LARGEST_FIELD {
            return Err(Problem::field(Invalid::new(
                name,
                "This is longer than 128 KiB; attach it as a file.",
            )));
        }
    }
    String::from_utf8(bytes).map_err(|_| Problem::field(Invalid::new(name, "This is not UTF-8 text.")))
}

fn broken_off(error: MultipartError) -> Problem {
    Problem::unreadable(
        error.status(),
        format!("The form can't be read: {}", error.body_text()),
    )
}

/// The last part of a file's name, without what could mean something else somewhere.
pub fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if plain.trim().is_empty() {
        "file".into()
    } else {
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_only_a_name() {
        assert_eq!(plain_name("../../etc/passwd"), "passwd");
        assert_eq!(plain_name("C:\\data\\scores.csv"), "scores.csv");
        assert_eq!(plain_name("a\r\nb.csv"), "ab.csv");
        assert_eq!(plain_name(".."), "..");
        assert_eq!(plain_name(""), "file");
    }
}
