//! The manager's decision: countersign or refuse, over the dossier that was shown, with the password given again.
use super::words;
use crate::{
    kept::Kept,
    page::refusal,
    problem::Problem,
    ui::{Blocked, Button, Card, Choice, Field, FullDigest, Icon, Statement, TextArea, Tone, button},
};
use domain::{
    id::ReleaseId,
    release::countersigning_statement,
    view::release::{Act, Release},
};
use leptos::prelude::*;

#[server]
pub async fn countersign_release(
    release: ReleaseId,
    #[server(default)] decision: String,
    shown: String,
    note: String,
    password: String,
) -> Result<(), Problem> {
    use domain::{refusal::Invalid, release::ManagersDecision};
    crate::ssr::as_actor(|portal, actor| async move {
        let decision = match decision.as_str() {
            "countersign" => ManagersDecision::Countersign,
            "refuse" => ManagersDecision::Refuse,
            _ => return Err(Invalid::new("decision", "Choose whether to countersign or to refuse.").into()),
        };
        backend::release::decide(&portal, &actor, release, decision, &shown, &note, password).await?;
        leptos_axum::redirect(&format!("/releases/{release}"));
        Ok(())
    })
    .await
}

/// The decision panel; nothing for who has no decision here.
pub fn panel(release: &Release) -> AnyView {
    match (&release.can.countersign, &release.can.refuse) {
        (Act::NotYours, Act::NotYours) => ().into_any(),
        (Act::Blocked(reason), Act::Blocked(_) | Act::NotYours) => {
            let reason = crate::problem::sentence(reason);
            view! {
                <Card title="Your decision" id="decision">
                    <Blocked reason id="blocked-decision" icon=Icon::Pen>"Countersign as manager"</Blocked>
                </Card>
            }
            .into_any()
        }
        _ => form(release),
    }
}

fn form(release: &Release) -> AnyView {
    let action = ServerAction::<CountersignRelease>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let summary = refusal(problem.as_ref());
    let (choices, button) = choices(release, problem.as_ref());
    let fields = fields(release, problem.as_ref());
    let (id, shown) = (release.row.id.to_string(), release.dossier_digest.clone());
    let footer = format!(
        "What follows: an engineer can deploy it for {} days. Each deployment gets a permit for this one digest and environment.",
        release.policy.rules.validity_days
    );
    view! {
        <ActionForm action attr:class="chooses">
            <Card title="Your decision" note="as manager" tone=Tone::Info id="decision" footer>
                {summary}
                <input type="hidden" name="release" value=id/>
                <input type="hidden" name="shown" value=shown/>
                {choices}
                {fields}
                {button}
            </Card>
        </ActionForm>
    }
    .into_any()
}

/// Both choices, or refusing alone with the reason why it can't be countersigned now; and the button that goes with them.
fn choices(release: &Release, problem: Option<&Problem>) -> (AnyView, AnyView) {
    let kept = Kept::here();
    let wrong = words::wrong(problem, "decision").map(|words| view! { <p class="small">{words}</p> });
    if let Act::Blocked(reason) = &release.can.countersign {
        let reason = crate::problem::sentence(reason);
        let choices = view! {
            <Blocked reason id="blocked-countersign" icon=Icon::Pen>"Countersign as manager"</Blocked>
            <input type="hidden" name="decision" value="refuse"/>
            <p>"You can refuse it already now. That closes the release; a new one can be asked for."</p>
        };
        let button = view! { <Button kind=button::Kind::Danger size=button::Size::Wide icon=Icon::Fail>"Refuse as manager"</Button> };
        return (choices.into_any(), button.into_any());
    }
    let refuses = kept.has("decision", "refuse");
    let environment = &release.row.environment;
    let countersign = format!("Then an engineer can deploy it to {environment}.");
    let choices = view! {
        <fieldset class="stack" data-gap="hair" id="decision-choices">
            <legend class="hidden-visually">"Decision"</legend>
            <Choice name="decision" value="countersign" label="Countersign" note=countersign checked=!refuses required=true/>
            <Choice
                name="decision"
                value="refuse"
                label="Refuse"
                note="Closes the release; the note must say why."
                checked=refuses
                required=true
            />
            {wrong}
        </fieldset>
    };
    let button = view! { <Button kind=button::Kind::Primary size=button::Size::Wide icon=Icon::Pen><span data-when="countersign">"Countersign as manager"</span>
    <span data-when="refuse">"Refuse as manager"</span></Button> };
    (choices.into_any(), button.into_any())
}

fn fields(release: &Release, problem: Option<&Problem>) -> AnyView {
    let kept = Kept::here();
    let row = &release.row;
    let statement = matches!(release.can.countersign, Act::Open)
        .then(|| countersigning_statement(&row.model, row.number, &row.environment))
        .map(|statement| view! { <Statement>{statement}</Statement> });
    let digest = release.dossier_digest.clone();
    let note_error = words::wrong(problem, "note");
    let password_error = words::wrong_password(problem).or_else(|| words::wrong(problem, "password"));
    view! {
        <TextArea
            name="note"
            label="Note"
            value=kept.value("note")
            hint="Kept in the record. Needed to refuse."
            placeholder="Why, in a sentence or two"
            rows=2
            error=note_error
        />
        {statement}
        <div class="field">
            <span class="label">"You sign dossier"</span>
            <FullDigest value=digest/>
        </div>
        <Field
            name="password"
            label="Your password"
            kind="password"
            required=true
            autocomplete="current-password"
            hint="Asked again for every signature."
            error=password_error
        />
    }
    .into_any()
}
