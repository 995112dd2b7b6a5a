//! The questions of a review with their answers: as fields for who decides, as words for everyone else.
use super::{
    evidence,
    known::{Known, facts},
};
use crate::{
    kept::Kept,
    problem::Problem,
    release::words::wrong,
    ui::{Answered, FromSystem, Notice, Panel, Question, Segment, Segments, TextArea, Tone},
};
use domain::{
    template::{Answer, Question as Asked, Verdict},
    view::review::Review,
};
use leptos::prelude::*;

/// How many questions have an answer.
pub fn count(review: &Review) -> u32 {
    let answered = review
        .template
        .questions
        .iter()
        .filter(|question| review.answers.contains_key(&question.id))
        .count();
    u32::try_from(answered).unwrap_or(u32::MAX)
}

/// A question with its place in the template and what stands in its fields.
struct Sheet<'a> {
    number: usize,
    asked: &'a Asked,
    verdict: Option<Verdict>,
    note: String,
    /// The kept draft, where something else was typed over it.
    draft: Option<&'a Answer>,
}

impl Sheet<'_> {
    fn state(&self) -> Answered {
        match self.verdict {
            None => Answered::Open,
            Some(Verdict::Yes | Verdict::NotApplicable) => Answered::Yes,
            Some(Verdict::Partly | Verdict::No) => Answered::Problem,
        }
    }

    /// What somebody else answered otherwise comes first, then problems, then what is open, then the rest.
    fn rank(&self) -> u8 {
        match self.state() {
            _ if self.draft.is_some() => 0,
            Answered::Problem => 1,
            Answered::Open => 2,
            Answered::Yes => 3,
        }
    }

    fn title(&self) -> String {
        format!("{}. {}", self.number, self.asked.text)
    }

    fn word(&self) -> &'static str {
        self.verdict.map_or("Open", Verdict::words)
    }
}

/// The questions worst first. What was typed before a refusal stands before what was kept as a draft.
fn sheets<'a>(review: &'a Review, kept: &Kept) -> Vec<Sheet<'a>> {
    let mut sheets: Vec<_> = review
        .template
        .questions
        .iter()
        .enumerate()
        .map(|(at, asked)| {
            let answer = review.answers.get(&asked.id);
            let typed = kept.value(&verdict_field(asked));
            let typed = Verdict::ALL.into_iter().find(|verdict| verdict.as_str() == typed);
            let note = kept.value_or(
                &note_field(asked),
                answer.map(|answer| answer.note.clone()).unwrap_or_default(),
            );
            let verdict = typed.or(answer.map(|answer| answer.verdict));
            let draft = answer.filter(|kept| Some(kept.verdict) != verdict || kept.note != note.trim());
            Sheet {
                number: at + 1,
                asked,
                verdict,
                note,
                draft,
            }
        })
        .collect();
    sheets.sort_by_key(Sheet::rank);
    sheets
}

fn verdict_field(asked: &Asked) -> String {
    format!("answers[{}]", asked.id)
}

fn note_field(asked: &Asked) -> String {
    format!("notes[{}]", asked.id)
}

fn panel(sheets: &[Sheet<'_>], list: Vec<AnyView>) -> AnyView {
    let open = sheets.iter().filter(|sheet| sheet.verdict.is_none()).count();
    let note = match open {
        0 => "Worst first; all are answered".to_owned(),
        1 => "Worst first; one is open".to_owned(),
        open => format!("Worst first; {open} are open"),
    };
    view! { <Panel title="Questions" note id="questions">{list}</Panel> }.into_any()
}

/// The questions to be answered. Those without an answer, and those that something is wrong with, are unfolded.
pub fn fields(review: &Review, known: &Known<'_>, problem: Option<&Problem>) -> AnyView {
    let sheets = sheets(review, &Kept::here());
    let list = sheets
        .iter()
        .map(|sheet| {
            let error = wrong(problem, &note_field(sheet.asked));
            let open = error.is_some() || sheet.verdict.is_none() || sheet.draft.is_some();
            question(sheet, known, open, inputs(sheet, error))
        })
        .collect();
    panel(&sheets, list)
}

/// The questions as they were answered.
pub fn shown(review: &Review, known: &Known<'_>) -> AnyView {
    let sheets = sheets(review, &Kept::default());
    let list = sheets
        .iter()
        .map(|sheet| {
            let answer = review.answers.get(&sheet.asked.id).map(said);
            let words =
                answer.unwrap_or_else(|| view! { <p class="muted">"Not answered yet."</p> }.into_any());
            question(sheet, known, false, words)
        })
        .collect();
    panel(&sheets, list)
}

fn said(answer: &Answer) -> AnyView {
    let note = Some(answer.note.clone())
        .filter(|note| !note.is_empty())
        .unwrap_or_else(|| "No note.".to_owned());
    view! { <p><b>{answer.verdict.words()}</b> ". " {note}</p> }.into_any()
}

fn inputs(sheet: &Sheet<'_>, error: Option<String>) -> AnyView {
    let segments = Verdict::ALL
        .into_iter()
        .map(|verdict| Segment::new(verdict.as_str(), verdict.words()))
        .collect();
    let value = sheet.verdict.map(Verdict::as_str);
    let note = sheet.note.clone();
    let draft = sheet.draft.map(|draft| {
        let draft = said(draft);
        view! { <Notice tone=Tone::Wait title="The kept draft says otherwise">{draft}</Notice> }
    });
    view! {
        {draft}
        <Segments name=verdict_field(sheet.asked) legend="Your answer" segments value/>
        <TextArea name=note_field(sheet.asked) label="Why" value=note rows=2 error/>
        <p class="small">
            <a href="#raise">"Raise a finding"</a>
        </p>
    }
    .into_any()
}

fn question(sheet: &Sheet<'_>, known: &Known<'_>, open: bool, answer: AnyView) -> AnyView {
    let asked = sheet.asked;
    let facts = facts(asked, known);
    let facts = (!facts.is_empty()).then(|| {
        let facts = facts.into_iter().enumerate().map(|(at, fact)| {
            let turn = (at > 0).then(|| view! { <br/> });
            view! { {turn} {fact} }
        });
        let facts = facts.collect_view();
        view! { <FromSystem>{facts}</FromSystem> }
    });
    let (href, beside) = evidence::place(asked.evidence);
    let (guidance, source) = (asked.guidance.clone(), asked.source.clone());
    view! {
        <Question title=sheet.title() state=sheet.state() answer=sheet.word() open id=format!("question-{}", asked.id)>
            <p class="small muted">{guidance} " " <span class="faint">{source}</span></p>
            {facts}
            <p class="small">"Evidence: " <a href=href>{beside}</a></p>
            {answer}
        </Question>
    }
    .into_any()
}
