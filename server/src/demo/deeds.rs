//! What people do in the story, each deed a use case or a few.
use super::{PASSWORD, Story, manifests};
use anyhow::{Context, Result};
use assess::Asked;
use backend::{
    deployment,
    evaluation::{self, Predictions, Sent},
    evidence, release, review, version,
};
use bytes::Bytes;
use chrono::TimeDelta;
use domain::{
    Actor,
    evidence::Statement,
    id::{EvaluationId, ReleaseId, ReviewId},
    model::ModelName,
    release::ManagersDecision,
    review::{Answers, Decision},
    template::{Answer, Verdict},
};

impl Story<'_> {
    pub(super) async fn register(&self, model: &ModelName, manifest: &str) -> Result<i32> {
        let manifest = manifests::read(&self.folder, manifest)?;
        Ok(version::register(self.portal, &self.cast.tomas, model, manifest).await?)
    }

    pub(super) async fn evaluate(
        &self,
        model: &ModelName,
        number: i32,
        file: &str,
        asked: Asked,
        baseline: Option<EvaluationId>,
    ) -> Result<EvaluationId> {
        let bytes = std::fs::read(self.folder.join("predictions").join(file))
            .with_context(|| format!("reading {file}"))?;
        let limit = bytes.len() as u64;
        let stream = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(bytes))]);
        let predictions = Predictions::Arrived {
            name: file.to_owned(),
            file: self.portal.files().receive(stream, limit).await?,
        };
        let sent = Sent {
            predictions,
            asked,
            baseline,
        };
        Ok(evaluation::now(self.portal, &self.cast.tomas, model, number, sent).await?)
    }

    pub(super) async fn assess_impact(
        &self,
        model: &ModelName,
        number: i32,
        title: &str,
        days: i64,
    ) -> Result<()> {
        let expires = (self.today + TimeDelta::days(days)).date_naive().to_string();
        let text = "Who is affected: everyone who applies for consumer credit. What can go wrong: people who would pay back are turned away, \
                    young people and women more often. What we do: officers decide, see the score's reasons, and may overrule it; \
                    whoever is turned away may ask for a person to look again. The data protection officer advised on 2 October.";
        let statement = Statement::new("impact-assessment", title, text, &expires)?;
        evidence::add(self.portal, &self.cast.tomas, model, number, statement, None).await?;
        Ok(())
    }

    pub(super) async fn request(
        &self,
        model: &ModelName,
        number: i32,
        environment: &str,
        reason: &str,
    ) -> Result<ReleaseId> {
        Ok(release::request(
            self.portal,
            &self.cast.tomas,
            model,
            number,
            &environment.parse()?,
            reason,
        )
        .await?)
    }

    pub(super) async fn review_of(&self, actor: &Actor, id: ReleaseId, discipline: &str) -> Result<ReviewId> {
        let page = release::page(self.portal, actor, id).await?;
        let review = page
            .reviews
            .iter()
            .find(|review| review.discipline.as_str() == discipline);
        Ok(review.context("the policy asks for this review")?.id)
    }

    /// Answers every question and decides.
    pub(super) async fn decide(
        &self,
        actor: &Actor,
        id: ReleaseId,
        decision: Decision,
        why: &str,
    ) -> Result<()> {
        let discipline = actor.disciplines.first().context("reviewers have a discipline")?;
        let review = self.review_of(actor, id, discipline.as_str()).await?;
        let page = review::page(self.portal, actor, review).await?;
        let verdict = if decision == Decision::Approve {
            Verdict::Yes
        } else {
            Verdict::Partly
        };
        let answers: Answers = page
            .template
            .questions
            .iter()
            .map(|question| {
                (
                    question.id.clone(),
                    Answer {
                        verdict,
                        note: String::new(),
                    },
                )
            })
            .collect();
        let shown = page.dossier_digest;
        review::decide(
            self.portal,
            actor,
            review,
            decision,
            why,
            answers.into(),
            &shown,
            PASSWORD.into(),
        )
        .await?;
        Ok(())
    }

    pub(super) async fn countersign(&self, actor: &Actor, id: ReleaseId, note: &str) -> Result<()> {
        let shown = release::page(self.portal, actor, id).await?.dossier_digest;
        release::decide(
            self.portal,
            actor,
            id,
            ManagersDecision::Countersign,
            &shown,
            note,
            PASSWORD.into(),
        )
        .await?;
        Ok(())
    }

    pub(super) async fn deploy(&self, actor: &Actor, id: ReleaseId) -> Result<()> {
        deployment::deploy(self.portal, actor, id).await?;
        self.work().await
    }

    pub(super) async fn work(&self) -> Result<()> {
        while deployment::work_once(self.portal).await? {}
        Ok(())
    }
}
