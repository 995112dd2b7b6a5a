//! Evidence: a statement as JSON, or a form with a file.
use super::{
    caller::Caller,
    created,
    evaluations::{is_multipart, multipart},
    extract::{Json, Path},
};
use crate::{
    doors,
    problem::Problem,
    served::Served,
    upload::{self, Upload},
};
use axum::{
    extract::{FromRequest, Request, State},
    response::Response,
};
use domain::model::ModelName;
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    kind: String,
    title: String,
    #[serde(default)]
    text: String,
    /// A date such as 2027-03-31.
    #[serde(default)]
    expires_on: String,
}

pub async fn add(
    State(served): State<Served>,
    Caller(asker): Caller,
    Path((model, number)): Path<(ModelName, i32)>,
    request: Request,
) -> Result<Response, Problem> {
    asker.may_add(&served, "add_evidence", &model, number).await?;
    let mut upload = if is_multipart(&request) {
        upload::receive(&served, multipart(request).await?).await?
    } else {
        Json::<NewEvidence>::from_request(request, &()).await?.0.into()
    };
    let id = doors::evidence::keep(&served, &asker, &model, number, &mut upload).await?;
    Ok(created(
        &format!("/api/v1/models/{model}/versions/{number}"),
        json!({ "id": id }),
    ))
}

impl From<NewEvidence> for Upload {
    fn from(new: NewEvidence) -> Self {
        let fields = [
            ("kind", new.kind),
            ("title", new.title),
            ("text", new.text),
            ("expires_on", new.expires_on),
        ];
        let fields = fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), vec![value]))
            .collect();
        Self {
            fields,
            ..Self::default()
        }
    }
}
