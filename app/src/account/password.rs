//! Changing one's password. Every other session ends with it.
use crate::{
    page::refusal,
    problem::Problem,
    ui::{Button, Card, Field, Section, Toast},
};
use domain::Refusal;
use leptos::prelude::*;

/// The fields have names that are never kept for the next look at the page.
#[server]
pub async fn change_password(
    old_password: String,
    password: String,
    password_again: String,
) -> Result<(), Problem> {
    use domain::refusal::Invalid;
    crate::ssr::as_actor(|portal, actor| async move {
        if password != password_again {
            return Err(
                Invalid::new("password_again", "The two new passwords differ; type both again.").into(),
            );
        }
        let visitor = expect_context::<crate::ssr::Visitor>();
        backend::account::change_password(&portal, &actor, old_password, password, &visitor.session_hash)
            .await?;
        leptos_axum::redirect("/account?changed=password#password-section");
        Ok(())
    })
    .await
}

/// The form; `changed` says that it was just used.
#[component]
pub fn PasswordForm(email: String, changed: bool) -> impl IntoView {
    let action = ServerAction::<ChangePassword>::new();
    let problem = action.value().get_untracked().and_then(Result::err);
    let of = |field: &str| problem.as_ref().and_then(|problem| problem.of(field));
    let (new, again) = (of("password"), of("password_again"));
    // Said in other words than where something is signed.
    let is_wrong = problem == Some(Problem::Refused(Refusal::WrongPassword));
    let old = is_wrong.then_some("This isn't your password now; nothing was changed.");
    let above = refusal(problem.as_ref().filter(|_| !is_wrong));
    let done = (changed && problem.is_none())
        .then(|| view! { <Toast>"Your password was changed, and every other session ended."</Toast> });
    view! {
        <Section title="Password" id="password-section">
            {done}
            <Card>
                <ActionForm action attr:class="stack">
                    {above}
                    // For password managers: whose password this is.
                    <input type="email" autocomplete="username" value=email readonly=true hidden=true/>
                    <div class="fields" data-columns="3">
                        <Field name="old_password" label="Password now" kind="password" error=old required=true autocomplete="current-password"/>
                        <Field name="password" label="New password" kind="password" error=new required=true autocomplete="new-password" hint="At least 12 characters; a few unrelated words are easy to keep."/>
                        <Field name="password_again" label="New password again" kind="password" error=again required=true autocomplete="new-password"/>
                    </div>
                    <div class="row"><Button>"Change password"</Button></div>
                </ActionForm>
            </Card>
        </Section>
    }
}
