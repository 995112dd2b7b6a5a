//! The demonstration: a bank's models, told through the use cases, over four weeks up to today.
//!
//! Nothing is inserted behind the portal's back: every line of the story is a use case, done by the person who would do
//! it, with the clock set to when they did. The data is real (`demo/`); the people, dates and digests of code are made up.
mod cast;
mod deeds;
mod manifests;

use anyhow::Result;
use assess::{Asked, Columns, report::Task};
use backend::{Portal, deployment, environment, model, review, seal};
use cast::Cast;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use domain::{
    environment::{EnvironmentName, Place},
    finding::Observation,
    id::EvaluationId,
    model::{Description, ModelName},
    review::Decision,
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What everyone in the demonstration signs in with.
pub const PASSWORD: &str = "countersigned-it";

/// Who signs in, and what they are there for.
pub const PEOPLE: [(&str, &str); 6] = [
    (
        "tomas@northbank.example",
        "engineer: registers, evaluates, asks, deploys",
    ),
    ("ada@northbank.example", "ethics reviewer: a review waits for her"),
    (
        "mei@northbank.example",
        "compliance reviewer: a review waits for her",
    ),
    (
        "grace@northbank.example",
        "manager: countersigns; a rollback waits to be looked at",
    ),
    (
        "ivo@northbank.example",
        "auditor: reads everything, verifies, exports",
    ),
    ("sam@northbank.example", "administrator: people and environments"),
];

/// Tells the whole story into an empty portal, and gives the clock back.
pub async fn load(portal: &Portal, folder: &Path) -> Result<()> {
    let told = async {
        let story = Story::begin(portal, folder).await?;
        let first = story.first_version_goes_live().await?;
        story.published_scores_are_rejected().await?;
        story.second_version_is_rolled_back(first).await?;
        story.what_waits_today().await
    };
    let told = told.await;
    portal.set_clock(None);
    told?;
    seal::seal_now(portal).await?;
    seal::verify(portal).await?;
    Ok(())
}

struct Story<'a> {
    portal: &'a Portal,
    folder: PathBuf,
    cast: Cast,
    today: DateTime<Utc>,
    german: ModelName,
    compas: ModelName,
}

impl<'a> Story<'a> {
    /// Everyone comes in, and the places are set up.
    async fn begin(portal: &'a Portal, folder: &Path) -> Result<Self> {
        let today = portal.now();
        let clock = |days: i64| today - TimeDelta::days(days);
        portal.set_clock(Some(clock(29)));
        println!("  the people of Northbank come in");
        let cast = Cast::come_in(portal).await?;
        for (name, rank) in [("staging", 2), ("production", 3)] {
            let target = json!({ "kind": "local", "start_timeout": 180 });
            environment::add(
                portal,
                &cast.sam,
                Place {
                    name: name.parse()?,
                    rank,
                    target,
                },
                None,
            )
            .await?;
        }
        let german = "german-credit";
        let description = Description::new(
            german,
            "Says whether an applicant for consumer credit is likely to pay it back; officers see the score and decide.",
            "high",
        )?;
        let german = model::create(portal, &cast.tomas, description).await?;
        let description = Description::new(
            "recidivism-risk",
            "A vendor's published scores for the risk of being charged again within two years, under study for bail advice.",
            "high",
        )?;
        let compas = model::create(portal, &cast.tomas, description).await?;
        Ok(Self {
            portal,
            folder: folder.to_owned(),
            cast,
            today,
            german,
            compas,
        })
    }

    /// Sets the clock to a time of day so many days ago; never later than now.
    fn on(&self, days_ago: i64, time: &str) {
        let time: NaiveTime = time.parse().unwrap_or(NaiveTime::MIN);
        let at = (self.today - TimeDelta::days(days_ago))
            .date_naive()
            .and_time(time)
            .and_utc();
        self.portal.set_clock(Some(at.min(self.today)));
    }

    /// Answers with the evaluation that later ones are held against.
    async fn first_version_goes_live(&self) -> Result<EvaluationId> {
        println!("  german-credit 1 is judged and goes live");
        let Cast {
            tomas,
            ada,
            mei,
            grace,
            ..
        } = &self.cast;
        self.on(28, "09:12:00");
        self.register(&self.german, "german-credit-1.json").await?;
        self.on(28, "09:40:00");
        let first = self
            .evaluate(&self.german, 1, "german_lr.csv", german(None), None)
            .await?;
        self.on(28, "11:05:00");
        self.assess_impact(&self.german, 1, "Impact assessment, October", 75)
            .await?;

        for (days, environment) in [(27, "staging"), (25, "production")] {
            self.on(days, "10:15:00");
            let reason = match environment {
                "staging" => {
                    "First version: logistic regression on the twenty attributes of the application. Staging first, to try it with officers."
                }
                _ => {
                    "Two days in staging without complaint. Officers found the scores plausible; the same version goes to production."
                }
            };
            let id = self.request(&self.german, 1, environment, reason).await?;
            self.on(days, "14:31:00");
            let why = "Women and people of 25 or younger are approved less often, but by less than four fifths allows, and with the interval in view. Officers must see the score as advice only.";
            self.decide(ada, id, Decision::Approve, why).await?;
            self.on(days, "16:02:00");
            self.decide(mei, id, Decision::Approve, "Documentation and data sheets are complete for this version; the impact assessment covers it.").await?;
            self.on(days - 1, "08:50:00");
            self.countersign(
                grace,
                id,
                "Agreed with both reviews. Watch approvals of young applicants.",
            )
            .await?;
            self.on(days - 1, "09:20:00");
            self.deploy(tomas, id).await?;
        }
        Ok(first)
    }

    async fn published_scores_are_rejected(&self) -> Result<()> {
        println!("  recidivism-risk 1 is rejected");
        let Cast { ada, .. } = &self.cast;
        self.on(20, "13:00:00");
        self.register(&self.compas, "recidivism-risk-1.json").await?;
        self.on(20, "13:25:00");
        let columns = Columns {
            label: "y_true".into(),
            prediction: Some("y_pred".into()),
            score: Some("y_score".into()),
            protected: vec!["race".into(), "sex".into(), "age_cat".into()],
            favourable: "0".into(),
            positive: Some("1".into()),
            ..Columns::default()
        };
        let asked = Asked::new(Task::Binary, columns);
        self.evaluate(&self.compas, 1, "compas.csv", asked, None).await?;
        self.on(19, "09:30:00");
        let id = self
            .request(
                &self.compas,
                1,
                "staging",
                "The vendor's scores as published, to see what our policy makes of them.",
            )
            .await?;
        self.on(18, "15:45:00");
        let review = self.review_of(ada, id, "ethics").await?;
        let text = "Black defendants who were not charged again were called medium or high risk almost twice as often as white ones. No mitigation is offered.";
        review::raise_finding(self.portal, ada, review, Observation::new("critical", text, "")?).await?;
        self.on(17, "10:10:00");
        self.decide(ada, id, Decision::Reject, "The mistakes fall on one group, and nothing in the dossier would change that. It should not advise anyone.").await
    }

    async fn second_version_is_rolled_back(&self, first: EvaluationId) -> Result<()> {
        println!("  german-credit 2 goes to staging and is rolled back");
        let Cast {
            tomas,
            ada,
            mei,
            grace,
            ..
        } = &self.cast;
        self.on(14, "09:05:00");
        self.register(&self.german, "german-credit-2.json").await?;
        self.on(14, "09:30:00");
        self.evaluate(
            &self.german,
            2,
            "german_gb.csv",
            held_against(german(None)),
            Some(first),
        )
        .await?;
        self.on(14, "09:50:00");
        self.assess_impact(&self.german, 2, "Impact assessment, November", 26)
            .await?;
        self.on(14, "10:20:00");
        let id = self.request(&self.german, 2, "staging", "Boosted trees instead of a regression: more right answers. To staging, to see how officers like it.").await?;
        self.on(13, "11:15:00");
        self.decide(ada, id, Decision::RequestChanges, "People of 25 or younger fall just below four fifths at a cut-off of 0.50. Please look at the cut-off before we talk on.").await?;
        self.on(13, "15:48:00");
        self.evaluate(
            &self.german,
            2,
            "german_gb.csv",
            held_against(german(Some(0.45))),
            Some(first),
        )
        .await?;
        self.on(12, "10:22:00");
        self.decide(ada, id, Decision::Approve, "With the cut-off at 0.45 young applicants are above four fifths, and more people get credit. Good.").await?;
        self.on(12, "11:31:00");
        let review = self.review_of(mei, id, "compliance").await?;
        let due = (self.today + TimeDelta::days(9)).date_naive().to_string();
        let text = "The impact assessment describes a cut-off of 0.50. Bring it up to date.";
        review::raise_finding(self.portal, mei, review, Observation::new("minor", text, &due)?).await?;
        self.decide(
            mei,
            id,
            Decision::ApproveWithConditions,
            "Under the condition that the impact assessment is brought up to date before it expires.",
        )
        .await?;
        self.on(11, "09:02:00");
        self.countersign(
            grace,
            id,
            "Staging only. Production needs a fresh look at answers under load.",
        )
        .await?;
        self.on(11, "09:30:00");
        self.deploy(tomas, id).await?;
        self.on(9, "17:12:00");
        let staging: EnvironmentName = "staging".parse()?;
        let why = "Answers took three times as long at the end of the month; officers waited.";
        if deployment::roll_back(self.portal, tomas, &self.german, &staging, 1, why)
            .await
            .is_ok()
        {
            self.work().await?;
        }
        Ok(())
    }

    async fn what_waits_today(&self) -> Result<()> {
        println!("  and this is what waits today");
        let Cast { mei, .. } = &self.cast;
        self.on(3, "09:15:00");
        self.request(
            &self.compas,
            1,
            "production",
            "The vendor asks for a second look: bail advice in one district, scores shown beside the file.",
        )
        .await?;
        self.on(2, "09:15:00");
        let reason = "Boosted trees with a cut-off of 0.45: right for 76.4 % of applicants (was 75.5 %), young applicants treated closer to others. Answering is quick enough since the batch size was halved.";
        let id = self.request(&self.german, 2, "production", reason).await?;
        self.on(1, "16:40:00");
        self.decide(
            mei,
            id,
            Decision::Approve,
            "Complete for production. The assessment of November covers it until it expires.",
        )
        .await
    }
}

/// What is asked of the predictions of both versions.
fn german(threshold: Option<f64>) -> Asked {
    let columns = Columns {
        label: "y_true".into(),
        prediction: threshold.is_none().then(|| "y_pred".into()),
        score: Some("y_score".into()),
        protected: vec!["sex".into(), "age_band".into()],
        favourable: "1".into(),
        threshold,
        ..Columns::default()
    };
    Asked::new(Task::Binary, columns)
}

/// The same, held against an earlier file: how far a feature has moved, and what changed for whom.
fn held_against(asked: Asked) -> Asked {
    Asked {
        features: vec!["purpose".into()],
        id: Some("id".into()),
        ..asked
    }
}
