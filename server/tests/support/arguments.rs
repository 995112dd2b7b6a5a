//! What each server function is sent when everyone tries it.
use super::{
    PASSWORD, Stage,
    story::{self, Story},
};

/// A field of the form.
type Argument = (&'static str, String);

fn text(name: &'static str, value: &str) -> Argument {
    (name, value.to_owned())
}

/// The arguments of a server function. A new one has to be given some.
pub fn of(stage: &Stage, story: &Story, function: &str) -> Vec<Argument> {
    of_reading(story, function)
        .or_else(|| of_account(function))
        .or_else(|| of_work(stage, story, function))
        .unwrap_or_else(|| {
            panic!("the server function {function} is new: what is it sent that changes nothing?")
        })
}

fn of_reading(story: &Story, function: &str) -> Option<Vec<Argument>> {
    Some(match function {
        "look_around" | "nothing_here" | "read_account" | "read_board" | "read_environments"
        | "read_inbox" | "read_log_key" | "read_new_model" | "read_people" | "read_policies"
        | "read_reviews" | "read_templates" => vec![],
        "read_audit" | "read_models" => vec![text("filter[sort]", "")],
        "read_deployment" => vec![("id", story.deployment.to_string())],
        "read_evaluation" => vec![("id", story.evaluation.to_string())],
        "read_release" => vec![("id", story.release.to_string())],
        "read_review" => vec![("id", story.review.to_string())],
        "read_releases" => vec![text("state", ""), text("before", "")],
        "read_model" | "read_registration" => vec![text("model", "credit-risk")],
        "read_job" => vec![("id", story.job.to_string())],
        "read_version" => vec![text("model", "credit-risk"), text("number", "1")],
        "read_evaluating" => vec![
            text("model", "credit-risk"),
            text("number", "1"),
            ("job", story.job.to_string()),
        ],
        _ => return None,
    })
}

fn of_account(function: &str) -> Option<Vec<Argument>> {
    Some(match function {
        "sign_out" => vec![],
        "set_theme" => vec![text("theme", "dark")],
        "sign_in" => vec![
            text("email", "nobody@portal.example"),
            text("password", "wrong"),
            text("next", ""),
        ],
        "change_password" => vec![
            text("old_password", "wrong"),
            text("password", "another horse battery"),
            text("password_again", "another horse battery"),
        ],
        "revoke_session" => vec![text("key", "00")],
        "revoke_token" => vec![text("token", "999")],
        "make_token" => vec![text("name", "nightly"), text("days", "1")],
        _ => return None,
    })
}

fn of_work(stage: &Stage, story: &Story, function: &str) -> Option<Vec<Argument>> {
    let password = || text("password", PASSWORD);
    let engineer = stage.actor("engineer").id.to_string();
    let release = story.release.to_string();
    let review = story.review.to_string();
    Some(match function {
        "create_model" => vec![
            text("name", "credit-risk"),
            text("purpose", "Decides."),
            text("tier", "high"),
        ],
        "register_manifest" => {
            vec![
                text("model", "credit-risk"),
                ("manifest", story::manifest("credit-risk")),
            ]
        }
        "register_version" => vec![
            text("model", "credit-risk"),
            ("draft[artifact_sha256]", "a".repeat(64)),
            text("draft[framework_name]", "scikit-learn"),
            text("draft[framework_version]", "1"),
            text("draft[code_repository]", "https://git.example/credit.git"),
            ("draft[code_commit]", "b".repeat(40)),
            text("draft[datasets][0][name]", "german-credit"),
            text("draft[datasets][0][version]", "1"),
            ("draft[datasets][0][sha256]", "c".repeat(64)),
            text("draft[datasets][0][source]", "UCI"),
            text("draft[datasets][0][legal_basis]", "no personal data"),
            text("draft[card]", "A card."),
        ],
        "request_release" => vec![
            text("model", "credit-risk"),
            text("number", "1"),
            text("environment", "staging"),
            text("reason", "Again."),
        ],
        "countersign_release" => vec![
            ("release", release),
            text("decision", "countersign"),
            text("shown", "an old digest"),
            text("note", ""),
            password(),
        ],
        "cancel_evaluation" => vec![("job", story.job.to_string())],
        "withdraw_release" => vec![("release", story.approved.to_string()), text("why", "")],
        "deploy_release" => vec![("release", release)],
        "roll_back_deployment" => {
            vec![
                text("model", "spam-filter"),
                text("environment", "staging"),
                text("to", "1"),
                text("reason", "To try it."),
            ]
        }
        "see_rollback" => vec![("deployment", story.deployment.to_string())],
        "draft_review" => vec![("review", review)],
        "decide_review" => vec![
            ("review", review),
            text("decision", "approve"),
            text("rationale", "Fine."),
            text("seen[dossier]", "an old digest"),
            password(),
        ],
        "raise_finding" => {
            vec![
                ("review", review),
                text("severity", "minor"),
                text("text", "Something."),
                text("due_on", ""),
            ]
        }
        "close_finding" => vec![
            ("finding", story.finding.to_string()),
            ("review", review),
            text("closing[f1]", "It does now."),
        ],
        "recuse_review" => vec![("review", review), text("reason", "")],
        "add_environment" => vec![text("name", "staging"), text("rank", "2"), text("kind", "local")],
        "add_person" => vec![
            text("email", "engineer@portal.example"),
            text("name", "Someone Else"),
            text("roles[0]", "auditor"),
            password(),
        ],
        "set_active" => vec![("person", engineer), text("active", "true")],
        "set_duties" => vec![("person", engineer), text("roles[0]", "engineer")],
        _ => return None,
    })
}
