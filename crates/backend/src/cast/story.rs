//! The way of a release, told by the cast: asked for, reviewed, countersigned.
use super::{Cast, PASSWORD, credit_risk};
use crate::{environment, evidence, policy, release, review, template};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    Actor,
    environment::{EnvironmentName, Place},
    evidence::Statement,
    id::ReleaseId,
    release::ManagersDecision,
    review::{Answers, Decision},
    template::{Answer, Verdict},
};
use serde_json::json;

pub fn production() -> EnvironmentName {
    "production".parse().unwrap()
}

impl Cast {
    /// The built-in policies and questions, and production, which somebody else's cluster serves.
    pub async fn govern(&self) {
        policy::install_built_in(&self.portal).await.unwrap();
        template::install_built_in(&self.portal).await.unwrap();
        let target = json!({ "kind": "webhook", "url": "https://cluster.example/deploy" });
        let place = Place {
            name: production(),
            rank: 3,
            target,
        };
        let secret = Some(format!("whsec_{}", STANDARD.encode([7; 24])));
        environment::add(&self.portal, &self.root, place, secret)
            .await
            .unwrap();
    }

    /// Tomas adds the impact assessment and asks for the version in production.
    pub async fn request(&self, number: i32) -> ReleaseId {
        let statement = Statement::new(
            "impact-assessment",
            "Impact assessment",
            "Who may be hurt.",
            "2027-06-30",
        );
        let name = credit_risk();
        evidence::add(&self.portal, &self.tomas, &name, number, statement.unwrap(), None)
            .await
            .unwrap();
        release::request(
            &self.portal,
            &self.tomas,
            &name,
            number,
            &production(),
            "It is better.",
        )
        .await
        .unwrap()
    }

    /// A reviewer answers every question with yes, and approves.
    pub async fn approve(&self, reviewer: &Actor, id: ReleaseId) {
        let page = release::page(&self.portal, reviewer, id).await.unwrap();
        let own = page
            .reviews
            .iter()
            .find(|review| reviewer.disciplines.contains(&review.discipline))
            .unwrap()
            .id;
        let page = review::page(&self.portal, reviewer, own).await.unwrap();
        let questions = page.template.questions.iter();
        let answers: Answers = questions
            .map(|question| {
                (
                    question.id.clone(),
                    Answer {
                        verdict: Verdict::Yes,
                        note: String::new(),
                    },
                )
            })
            .collect();
        let (shown, why) = (page.dossier_digest, "Read, and found in order.");
        let decided = review::decide(
            &self.portal,
            reviewer,
            own,
            Decision::Approve,
            why,
            answers.into(),
            &shown,
            PASSWORD.into(),
        );
        decided.await.unwrap();
    }

    /// Grace countersigns.
    pub async fn countersign(&self, id: ReleaseId) {
        let shown = release::page(&self.portal, &self.grace, id)
            .await
            .unwrap()
            .dossier_digest;
        let decision = ManagersDecision::Countersign;
        release::decide(
            &self.portal,
            &self.grace,
            id,
            decision,
            &shown,
            "Agreed.",
            PASSWORD.into(),
        )
        .await
        .unwrap();
    }

    /// The version asked for, approved by both disciplines and countersigned.
    pub async fn approved(&self, number: i32) -> ReleaseId {
        let id = self.request(number).await;
        self.approve(&self.ada, id).await;
        self.approve(&self.mei, id).await;
        self.countersign(id).await;
        id
    }
}
