//! What a discipline asks: versioned questions, as data.
use crate::{
    actor::Discipline,
    audit::{Entry, Subject, SubjectKind, event},
    id::TemplateId,
    refusal::{Invalid, remark},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;

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

/// Reads answers as a form sends them: verdicts and notes, each by question. A note without a verdict, or one that is too
/// long, is no answer yet; its field comes back, so that nobody takes it for kept.
pub fn answers(
    verdicts: BTreeMap<String, Verdict>,
    mut notes: BTreeMap<String, String>,
) -> (BTreeMap<String, Answer>, Vec<Invalid>) {
    let field = |question: &str| format!("notes[{question}]");
    let (mut answers, mut wrong) = (BTreeMap::new(), Vec::new());
    for (question, verdict) in verdicts {
        let note = notes.remove(&question).unwrap_or_default();
        match remark(field(&question), &note) {
            Ok(note) => drop(answers.insert(question, Answer { verdict, note })),
            Err(invalid) => wrong.push(invalid),
        }
    }
    let alone = notes.into_iter().filter(|(_, note)| !note.trim().is_empty());
    wrong.extend(alone.map(|(question, _)| {
        Invalid::new(
            field(&question),
            "Choose an answer to this question as well: a note alone can't be kept.",
        )
    }));
    (answers, wrong)
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
    fn a_note_without_a_verdict_is_named_and_not_silently_dropped() {
        let verdicts = BTreeMap::from([("purpose".to_owned(), Verdict::Partly)]);
        let note = |id: &str, text: &str| (id.to_owned(), text.to_owned());
        let notes = BTreeMap::from([
            note("purpose", " Vague. "),
            note("groups", "By age only"),
            note("errors", " "),
        ]);
        let (answers, wrong) = super::answers(verdicts, notes);
        assert_eq!(answers["purpose"].note, "Vague.");
        assert_eq!(answers.len(), 1);
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["notes[groups]"]);
    }

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
