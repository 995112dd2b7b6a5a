//! Checking a sealed bundle in the reader's own browser.
mod checker;
mod entry;
mod worker;

pub(crate) use entry::CheckEntry;

use crate::{
    page::page,
    problem::Problem,
    ui::{Card, CodeBlock, Notice, PageHead, Section, Stack, Tone},
};
use checker::Checker;
use leptos::prelude::*;

/// This portal's key, for readers who have it from nowhere else yet.
#[server]
pub async fn read_log_key() -> Result<String, Problem> {
    crate::ssr::as_visitor(|portal, _| async move { Ok(portal.settings().key.verifying_key().to_string()) })
        .await
}

/// For everyone: whoever was handed a bundle needs no account to check it.
#[component]
pub fn VerifyPage() -> impl IntoView {
    page(read_log_key(), |_| "Verify a bundle".to_owned(), show)
}

fn show(key: String) -> impl IntoView {
    let command = format!("countersign verify BUNDLE.zip --key '{key}'");
    view! {
        <Stack>
            <PageHead
                title="Verify a bundle"
                lead="Every file, digest, proof and signature in it is checked here, in your browser. The file is not sent anywhere: you may take this machine off the network first."
            />
            <noscript>
                <Notice tone=Tone::Info title="This takes a script">
                    "The check runs in your browser, and scripts are switched off in it. The command below does the same without one."
                </Notice>
            </noscript>
            <Card>
                <Checker key=key/>
            </Card>
            <Section title="Without this portal" note="A portal that wanted to deceive you could send you a page that always says yes.">
                <p class="muted">
                    "The program checks the same, needs no portal and no network, and can be built from source. Compare the key with one that you were given elsewhere: on paper, from a witness, or from an earlier bundle."
                </p>
                <CodeBlock label="Command" code=command/>
            </Section>
        </Stack>
    }
}
