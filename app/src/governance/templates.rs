//! What each discipline asks in a review: its questions, what a good answer looks at, and where they come from.
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        Cell, Column, Digest, Disclosure, EmptyState, Fact, Facts, Gap, PageHead, Panel, RowHead, Section,
        Stack, Status, Table, Tone, When, number::counted,
    },
};
use domain::{
    template::{EvidenceKind, Question},
    view::governance::TemplateRow,
};
use leptos::prelude::*;

#[server]
pub async fn read_templates() -> Result<Vec<TemplateRow>, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::template::list(&portal, &actor).await }).await
}

#[component]
pub fn TemplatesPage() -> impl IntoView {
    page(read_templates(), |_| "Templates".to_owned(), show)
}

fn show(templates: Vec<TemplateRow>) -> impl IntoView {
    let sections = templates
        .chunk_by(|one, next| one.template.discipline == next.template.discipline)
        .map(section)
        .collect_view();
    let empty = templates.is_empty().then(|| {
        view! {
            <EmptyState title="No questions yet">
                "Templates come with the portal when it is first started; without them nothing can be reviewed."
            </EmptyState>
        }
    });
    view! {
        <Stack gap=Gap::Wide>
            <PageHead
                title="Templates"
                lead="What reviewers are asked, by discipline. A review keeps the questions it began with."
            />
            {sections}
            {empty}
        </Stack>
    }
}

fn section(of_discipline: &[TemplateRow]) -> AnyView {
    let Some((newest, older)) = of_discipline.split_first() else {
        return ().into_any();
    };
    let title = newest.template.discipline.title();
    let newest = template(newest.clone());
    let older = older.to_vec();
    let older = (!older.is_empty()).then(|| {
        let summary = counted(older.len() as u64, "earlier template", "earlier templates");
        let older = older.into_iter().map(template).collect_view();
        view! { <Disclosure summary><Stack>{older}</Stack></Disclosure> }
    });
    view! { <Section title>{newest} {older}</Section> }.into_any()
}

fn template(row: TemplateRow) -> AnyView {
    let TemplateRow {
        id,
        number,
        template,
        digest,
        in_force,
        created_at: at,
    } = row;
    let (tone, words) = if in_force {
        (Tone::Ok, "In force")
    } else {
        (Tone::Absent, "Earlier")
    };
    let count = counted(template.questions.len() as u64, "question", "questions");
    let columns = ["Question", "Beside it", "Where it comes from"]
        .map(Column::new)
        .to_vec();
    let label = format!("Questions of {}", template.title);
    let questions = template.questions.into_iter().map(question).collect_view();
    view! {
        <Panel
            id=format!("template-{id}")
            title=template.title
            note=view! { {format!("Template {number}, {count}, since ")} <When at now=now()/> }
            aside=view! { <Status tone>{words}</Status> }
            footer=view! { <Facts><Fact name="Digest"><Digest value=digest/></Fact></Facts> }
        >
            <Table label columns>{questions}</Table>
        </Panel>
    }
    .into_any()
}

fn question(question: Question) -> AnyView {
    view! {
        <tr>
            <RowHead note=question.guidance>{question.text}</RowHead>
            <Cell label="Beside it"><span class="nowrap">{beside(question.evidence)}</span></Cell>
            <Cell label="From">{question.source}</Cell>
        </tr>
    }
    .into_any()
}

/// The part of the dossier that stands beside a question.
fn beside(evidence: EvidenceKind) -> &'static str {
    match evidence {
        EvidenceKind::Bias => "Bias report",
        EvidenceKind::Performance => "Performance report",
        EvidenceKind::Data => "Data sets",
        EvidenceKind::Card => "Model card",
        EvidenceKind::Evidence => "Evidence",
        EvidenceKind::Changes => "What changed",
    }
}
