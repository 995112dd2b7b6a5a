//! What a discipline asks: versioned questions, as data.
use crate::{
    actor::Discipline,
    audit::{Entry, Subject, SubjectKind, event},
    id::TemplateId,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub discipline: Discipline,
    pub title: String,
    pub questions: Vec<Question>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable within the template; answers are kept under it.
    pub id: String,
    pub text: String,
    /// What a good answer looks at.
    pub guidance: String,
    /// Where the question comes from, such as "EU AI Act, art. 10(2)(f)".
    pub source: String,
    /// Which evidence stands beside it.
    pub evidence: EvidenceKind,
}

/// The part of the dossier that a question is answered from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    Bias,
    Performance,
    Data,
    Card,
    Evidence,
    Changes,
}

/// An answer: how it stands, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub verdict: Verdict,
    #[serde(default)]
    pub note: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Yes,
    Partly,
    No,
    NotApplicable,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Yes, Self::Partly, Self::No, Self::NotApplicable];

    pub fn words(self) -> &'static str {
        match self {
            Self::Yes => "Yes",
            Self::Partly => "Partly",
            Self::No => "No",
            Self::NotApplicable => "Does not apply",
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
            Self::NotApplicable => "not_applicable",
        }
    }
}

/// The questions that come with the portal.
pub fn built_in() -> Vec<Template> {
    [
        include_str!("../templates/ethics.json"),
        include_str!("../templates/compliance.json"),
    ]
    .into_iter()
    .filter_map(|text| serde_json::from_str(text).ok())
    .collect()
}

/// A template was put in force, as its discipline's next number.
#[derive(Debug)]
pub struct Published {
    pub id: TemplateId,
    pub number: i32,
    pub template: Template,
    pub digest: String,
}

event!(Published, |e| Entry::new(
    "template.published",
    Subject::new(SubjectKind::Template, e.id),
    format!(
        "put the {} questions {} in force",
        e.template.discipline, e.number
    ),
)
.after(
    json!({ "questions": e.template.questions.len(), "digest": e.digest })
));

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn both_built_in_templates_ask_ten_or_more_questions_with_a_source() {
        let templates = built_in();
        assert_eq!(templates.len(), 2);
        for template in templates {
            assert!(template.questions.len() >= 10, "{}", template.title);
            let ids: BTreeSet<_> = template.questions.iter().map(|q| &q.id).collect();
            assert_eq!(ids.len(), template.questions.len());
            assert!(
                template
                    .questions
                    .iter()
                    .all(|q| !q.source.is_empty() && !q.guidance.is_empty())
            );
        }
    }
}
