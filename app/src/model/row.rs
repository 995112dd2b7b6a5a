//! One model as a row: where it stands, how it measured, what is due.
use super::inventory::{capital, differs};
use crate::{
    page::now,
    ui::{Cell, FoldCell, Measure, Rank, RowHead, Runs, RunsMark, Scale, Status, TierMark, Tone, Unit, When},
};
use assess::drift::Movement;
use domain::{
    environment::EnvironmentName,
    model::Tier,
    view::{
        evaluation::Drifted,
        model::{Measured, Row, Standing},
    },
};
use leptos::prelude::*;

/// How much of the purpose a row shows, in characters.
const PURPOSE: usize = 110;

/// The row; `main` is the environment with a column of its own.
pub fn view(row: Row, main: Option<&EnvironmentName>) -> AnyView {
    let href = format!("/models/{}", row.name);
    let of = row.name.to_string();
    let (here, elsewhere): (Vec<_>, Vec<_>) = row
        .standings
        .iter()
        .cloned()
        .partition(|standing| Some(&standing.environment) == main);
    let places = match main {
        Some(main) => {
            let label = super::inventory::capital(main.as_str());
            view! {
                <Cell label>{standing_here(row.tier, row.latest, here)}</Cell>
                <Cell label="Elsewhere">{standing_elsewhere(elsewhere)}</Cell>
            }
            .into_any()
        }
        None => view! { <Cell label="Runs">{standing_elsewhere(elsewhere)}</Cell> }.into_any(),
    };
    let name = row.name.to_string();
    let tier = row.tier.into();
    let owner = row.owner.name;
    let performance = performance(row.measured.as_ref());
    let fairness = fairness(row.measured.as_ref());
    let drift = drifted(row.drift.as_ref());
    view! {
        <tr>
            <RowHead href note=shortened(&row.purpose)>
                {name}
            </RowHead>
            <Cell label="Tier">
                <TierMark tier/>
            </Cell>
            {places}
            <Cell label="Performance">{performance}</Cell>
            <Cell label="Fairness">{fairness}</Cell>
            <Cell label="Drift">{drift}</Cell>
            <Cell label="Next due" rank=Rank::Folded>
                {due(row.due)}
            </Cell>
            <Cell
                label="Owner, since"
                rank=Rank::Folded
                note=view! { <When at=row.created_at now=now()/> }
            >
                {owner}
            </Cell>
            <FoldCell of/>
        </tr>
    }
    .into_any()
}

/// The purpose, cut between words where it is long.
fn shortened(purpose: &str) -> String {
    if purpose.chars().count() <= PURPOSE {
        return purpose.to_owned();
    }
    let head: String = purpose.chars().take(PURPOSE).collect();
    let whole = head.rsplit_once(' ').map_or(head.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', '.']))
}

fn standing_here(tier: Tier, latest: Option<i32>, here: Vec<Standing>) -> AnyView {
    match here.into_iter().next() {
        Some(standing) => marks(&standing, None),
        None if tier == Tier::Prohibited => {
            view! { <span class="faint">"May not be released"</span> }.into_any()
        }
        None if latest.is_none() => view! { <span class="faint">"No version yet"</span> }.into_any(),
        None => view! { <span class="faint">"Nothing approved"</span> }.into_any(),
    }
}

fn standing_elsewhere(standings: Vec<Standing>) -> AnyView {
    if standings.is_empty() {
        return view! { <span class="faint">"Not used"</span> }.into_any();
    }
    let marks = standings
        .iter()
        .map(|standing| marks(standing, Some(standing.environment.as_str())))
        .collect_view();
    view! { <span class="runs-set">{marks}</span> }.into_any()
}

/// Approved and running in one environment, as a mark; said in words where they differ.
pub fn marks(standing: &Standing, place: Option<&str>) -> AnyView {
    let named = |word: &str| place.map_or_else(|| word.to_owned(), |place| format!("{place}, {word}"));
    match (&standing.approved, standing.running) {
        (Some(_), Some(running)) if !differs(standing) => {
            let label = place.map(str::to_owned);
            view! { <RunsMark version=running.to_string() label/> }.into_any()
        }
        (Some((approved, _)), Some(running)) => view! {
            <RunsMark
                version=approved.to_string()
                state=Runs::Differs(running.to_string())
                label=named("approved")
            />
        }
        .into_any(),
        (Some((approved, _)), None) => view! {
            <RunsMark version=approved.to_string() state=Runs::Asked label=named("approved")/>
        }
        .into_any(),
        (None, Some(running)) => view! {
            <RunsMark
                version="none"
                state=Runs::Differs(running.to_string())
                label=named("approved")
            />
        }
        .into_any(),
        (None, None) => view! { <span class="faint">"Nothing approved"</span> }.into_any(),
    }
}

fn not_measured() -> AnyView {
    view! { <span class="nowrap"><Status tone=Tone::Absent>"Not measured"</Status></span> }.into_any()
}

fn performance(measured: Option<&Measured>) -> AnyView {
    let Some(measured) = measured else {
        return not_measured();
    };
    match (measured.roc_auc, measured.accuracy) {
        (Some(auc), _) => measure(measured, format!("AUC {}", Unit::Score.write(auc)), auc),
        (None, Some(accuracy)) => measure(
            measured,
            format!("Accuracy {}", Unit::Share.write(accuracy)),
            accuracy,
        ),
        (None, None) => not_measured(),
    }
}

fn fairness(measured: Option<&Measured>) -> AnyView {
    match measured.and_then(|measured| Some((measured, measured.impact_ratio?))) {
        Some((measured, ratio)) => measure(measured, format!("Ratio {}", Unit::Ratio.write(ratio)), ratio),
        None => not_measured(),
    }
}

/// The column that has moved the most.
fn drifted(drifted: Option<&Drifted>) -> AnyView {
    let Some((drifted, (column, psi))) = drifted.and_then(|drifted| Some((drifted, drifted.drift.most()?)))
    else {
        return not_measured();
    };
    let label = format!("{} {}", Movement::of(psi).word(), Unit::Ratio.write(psi));
    let href = format!("/evaluations/{}#drift", drifted.evaluation);
    let note = view! {
        {column.to_owned()}
        ", "
        <a href=href>{format!("version {}", drifted.number)}</a>
        ", "
        <When at=drifted.at now=now()/>
    };
    let (scale, target) = (
        Scale::new(0.0, 2.0 * Movement::Moved.from()),
        Movement::Moved.from(),
    );
    view! { <Measure label=capital(&label) value=psi scale target n=drifted.rows note/> }.into_any()
}

/// A number with n, the version it was measured on and when; its interval and target are one click away.
fn measure(measured: &Measured, label: String, value: f64) -> AnyView {
    let href = format!("/evaluations/{}", measured.evaluation);
    let note = view! {
        <a href=href>{format!("version {}", measured.number)}</a>
        ", "
        <When at=measured.at now=now()/>
    };
    view! { <Measure label value n=measured.rows note/> }.into_any()
}

fn due(due: Option<String>) -> AnyView {
    match due {
        Some(due) => crate::problem::sentence(&due)
            .trim_end_matches('.')
            .to_owned()
            .into_any(),
        None => view! { <span class="faint">"Nothing due"</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_purpose_is_cut_between_words() {
        assert_eq!(shortened("Scores loans"), "Scores loans");
        let long = "word, ".repeat(40);
        let cut = shortened(&long);
        assert!(
            cut.ends_with("word…") && cut.chars().count() <= PURPOSE + 1,
            "{cut}"
        );
    }
}
