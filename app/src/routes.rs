//! Every page and its address.
use crate::{
    account, audit, deployment, evaluation, governance, home, model, page::Missing, people, release, review,
    sign_in, verify, version,
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

/// The application: one page for each address. Pages are complete before they are sent, so that they need no script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=Missing>
                <Route path=path!("/") view=home::HomePage ssr=SsrMode::Async/>
                <Route path=path!("/sign-in") view=sign_in::SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/models") view=model::ModelsPage ssr=SsrMode::Async/>
                <Route path=path!("/models/new") view=model::NewModelPage ssr=SsrMode::Async/>
                <Route path=path!("/models/:model") view=model::ModelPage ssr=SsrMode::Async/>
                <Route path=path!("/models/:model/register") view=version::RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/models/:model/versions/:number") view=version::VersionPage ssr=SsrMode::Async/>
                <Route path=path!("/models/:model/versions/:number/evaluate") view=evaluation::EvaluatePage ssr=SsrMode::Async/>
                <Route path=path!("/models/:model/versions/:number/evidence") view=version::EvidencePage ssr=SsrMode::Async/>
                <Route path=path!("/models/:model/versions/:number/release") view=release::RequestPage ssr=SsrMode::Async/>
                <Route path=path!("/evaluations/:id") view=evaluation::ReportPage ssr=SsrMode::Async/>
                <Route path=path!("/jobs/:id") view=evaluation::JobPage ssr=SsrMode::Async/>
                <Route path=path!("/releases") view=release::ReleasesPage ssr=SsrMode::Async/>
                <Route path=path!("/releases/:id") view=release::ReleasePage ssr=SsrMode::Async/>
                <Route path=path!("/reviews") view=review::ReviewsPage ssr=SsrMode::Async/>
                <Route path=path!("/reviews/:id") view=review::ReviewPage ssr=SsrMode::Async/>
                <Route path=path!("/deployments") view=deployment::DeploymentsPage ssr=SsrMode::Async/>
                <Route path=path!("/deployments/:id") view=deployment::DeploymentPage ssr=SsrMode::Async/>
                <Route path=path!("/audit") view=audit::AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/verify") view=verify::VerifyPage ssr=SsrMode::Async/>
                <Route path=path!("/policies") view=governance::PoliciesPage ssr=SsrMode::Async/>
                <Route path=path!("/templates") view=governance::TemplatesPage ssr=SsrMode::Async/>
                <Route path=path!("/environments") view=governance::EnvironmentsPage ssr=SsrMode::Async/>
                <Route path=path!("/people") view=people::PeoplePage ssr=SsrMode::Async/>
                <Route path=path!("/account") view=account::AccountPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
