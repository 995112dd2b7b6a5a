//! What the version was made from and what is said of it: data sets, model card, statements and files.
use crate::{
    page::now,
    ui::{Card, Cell, Column, Digest, Fact, Facts, Gap, Panel, RowHead, Stack, Status, Table, Tone, number},
};
use domain::{manifest::Dataset, view::review::Review};
use leptos::prelude::*;

pub fn datasets(review: &Review) -> AnyView {
    let sets = review.manifest.datasets.iter().map(dataset).collect_view();
    let note = number::counted(
        u64::try_from(review.manifest.datasets.len()).unwrap_or(0),
        "data set",
        "data sets",
    );
    view! { <Card title="Training data" note id="evidence-data">{sets}</Card> }.into_any()
}

fn dataset(data: &Dataset) -> AnyView {
    let personal = if data.personal_data.is_empty() {
        "None named".to_owned()
    } else {
        data.personal_data.join(", ")
    };
    let name = format!("{} {}", data.name, data.version);
    let (source, basis, digest) = (data.source.clone(), data.legal_basis.clone(), data.sha256.clone());
    view! {
        <Stack gap=Gap::Tight>
            <h3>{name}</h3>
            <Facts>
                <Fact name="Source">{source}</Fact>
                <Fact name="Legal basis">{basis}</Fact>
                <Fact name="Personal data">{personal}</Fact>
                <Fact name="SHA-256">
                    <Digest value=digest/>
                </Fact>
            </Facts>
        </Stack>
    }
    .into_any()
}

pub fn model_card(review: &Review) -> AnyView {
    let text = crate::version::card_text(&review.manifest.card);
    let href = format!("/models/{}", review.release.model);
    let footer = view! { <a href=href>"The model’s purpose and history"</a> };
    view! { <Card title="Model card" note="as its author wrote it" id="evidence-card" footer>{text}</Card> }
        .into_any()
}

pub fn files(review: &Review) -> AnyView {
    let now = now();
    let parts = &review.dossier.evidence;
    if parts.is_empty() {
        return view! {
            <Card title="Statements and files" id="evidence-files">
                <p class="muted">"None: the dossier holds the version and its evaluation, and no other evidence."</p>
            </Card>
        }
        .into_any();
    }
    let rows = parts
        .iter()
        .cloned()
        .map(|part| {
            let until = match part.expires_on {
                None => view! { <span class="faint">"No date"</span> }.into_any(),
                Some(day) if day < now.date_naive() => {
                    view! { <Status tone=Tone::Danger>{format!("Expired on {}", day.format("%-d %B %Y"))}</Status> }.into_any()
                }
                Some(day) => day.format("%-d %B %Y").to_string().into_any(),
            };
            view! {
                <tr>
                    <RowHead note=part.kind.replace('-', " ")>{part.title}</RowHead>
                    <Cell label="Good until">{until}</Cell>
                    <Cell label="SHA-256">
                        <Digest value=part.digest/>
                    </Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = ["What", "Good until", "SHA-256"]
        .into_iter()
        .map(Column::new)
        .collect();
    let href = format!(
        "/models/{}/versions/{}#evidence",
        review.release.model, review.release.number
    );
    let footer = view! { <a href=href>"Read them on the version’s page"</a> };
    view! {
        <Panel title="Statements and files" id="evidence-files" footer>
            <Table label="Statements and files" columns dense=true>{rows}</Table>
        </Panel>
    }
    .into_any()
}
