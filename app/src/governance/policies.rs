//! The policies: what has to hold before a version of a tier may run, each rule with its source.
use crate::{
    page::{now, page},
    problem::Problem,
    ui::{
        Cell, Column, Digest, Disclosure, Fact, Facts, Gap, PageHead, Panel, RowHead, Section, Stack, Status,
        Table, TierMark, Tone, When, number::counted,
    },
};
use domain::{
    model::Tier,
    policy::{Gate, Rules},
    view::governance::PolicyRow,
};
use leptos::prelude::*;

#[server]
pub async fn read_policies() -> Result<Vec<PolicyRow>, Problem> {
    crate::ssr::as_actor(|portal, actor| async move { backend::policy::list(&portal, &actor).await }).await
}

#[component]
pub fn PoliciesPage() -> impl IntoView {
    page(read_policies(), |_| "Policies".to_owned(), show)
}

fn show(policies: Vec<PolicyRow>) -> impl IntoView {
    // The strictest first: its rules are the ones people come for.
    let tiers = [Tier::High, Tier::Limited, Tier::Minimal, Tier::Prohibited]
        .into_iter()
        .map(|tier| tier_section(tier, &policies))
        .collect_view();
    view! {
        <Stack gap=Gap::Wide>
            <PageHead
                title="Policies"
                lead="What has to hold before a version may run, by risk tier. A release keeps the policy it was asked for under; a newer one is for newer releases."
            />
            {tiers}
        </Stack>
    }
}

fn tier_section(tier: Tier, policies: &[PolicyRow]) -> AnyView {
    let mut of_tier = policies
        .iter()
        .filter(|row| row.policy.tier == tier)
        .cloned()
        .collect::<Vec<_>>();
    let title = format!(
        "{} risk",
        crate::problem::sentence(tier.as_str()).trim_end_matches('.')
    );
    if of_tier.is_empty() {
        let words = match tier {
            Tier::Prohibited => {
                "No policy lets a prohibited model through: it can't be released at all (EU AI Act, art. 5)."
            }
            _ => "No policy is in force, so no model of this tier can be released.",
        };
        return view! { <Section title><p class="muted">{words}</p></Section> }.into_any();
    }
    let newest = of_tier.remove(0);
    let older = (!of_tier.is_empty()).then(|| {
        let summary = counted(of_tier.len() as u64, "earlier policy", "earlier policies");
        let older = of_tier.into_iter().map(policy).collect_view();
        view! { <Disclosure summary><Stack>{older}</Stack></Disclosure> }
    });
    view! {
        <Section title note=view! { <TierMark tier=tier.into()/> }>
            {policy(newest)}
            {older}
        </Section>
    }
    .into_any()
}

fn policy(row: PolicyRow) -> AnyView {
    let PolicyRow {
        policy,
        in_force,
        created_at: at,
    } = row;
    let (tone, words) = if in_force {
        (Tone::Ok, "In force")
    } else {
        (Tone::Absent, "Earlier")
    };
    let columns = ["Gate", "Has to hold", "Where it comes from"]
        .map(Column::new)
        .to_vec();
    let gates = policy.rules.gates.iter().cloned().map(gate).collect_view();
    let table = if policy.rules.gates.is_empty() {
        view! { <p class="log-empty">"No gates: nothing has to be measured."</p> }.into_any()
    } else {
        view! { <Table label=format!("Gates of {}", policy.title) columns>{gates}</Table> }.into_any()
    };
    let rules = rules(&policy.rules);
    let (number, digest) = (policy.number, policy.digest);
    view! {
        <Panel
            id=format!("policy-{}", policy.id)
            title=policy.title
            note=view! { {format!("Policy {number}, since ")} <When at now=now()/> }
            aside=view! { <Status tone>{words}</Status> }
            footer=view! { <Facts>{rules} <Fact name="Digest"><Digest value=digest/></Fact></Facts> }
        >
            {table}
        </Panel>
    }
    .into_any()
}

fn gate(gate: Gate) -> AnyView {
    view! {
        <tr>
            <RowHead>{gate.title}</RowHead>
            <Cell label="Has to hold"><code>{gate.expression.to_string()}</code></Cell>
            <Cell label="From">{gate.source}</Cell>
        </tr>
    }
    .into_any()
}

fn rules(rules: &Rules) -> AnyView {
    let list = |words: Vec<String>| {
        if words.is_empty() {
            "None".to_owned()
        } else {
            words.join(", ")
        }
    };
    let reviews = list(rules.disciplines.iter().map(ToString::to_string).collect());
    let evidence = list(
        rules
            .evidence
            .iter()
            .map(|kind| kind.replace(['-', '_'], " "))
            .collect(),
    );
    let quorum = match rules.quorum {
        0 => "None is needed".to_owned(),
        1 => "By one manager".to_owned(),
        count => format!("By {}", counted(count.into(), "manager", "managers")),
    };
    let validity = format!(
        "{}, then it has to be asked for again",
        counted(rules.validity_days.into(), "day", "days")
    );
    view! {
        <Fact name="Reviews">{reviews}</Fact>
        <Fact name="Evidence">{evidence}</Fact>
        <Fact name="Countersignature">{quorum}</Fact>
        <Fact name="An approval holds">{validity}</Fact>
    }
    .into_any()
}
