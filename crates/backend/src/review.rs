//! Reviews: drafting answers, raising findings, deciding and stepping back.
use crate::{Change, Failure, Portal, change::Unrecorded, release, session};
use domain::{
    Actor, Denied,
    finding::Observation,
    id::{FindingId, ReleaseId, ReviewId},
    release::{Release, State as ReleaseState},
    review::{Decision, Draft, Review},
    view::{
        release::{Act, Finding, Review as ReviewLine},
        review::{Review as ReviewPage, ReviewRow},
    },
};

mod sql;

/// Keeps answers while the reviewer is still thinking.
pub async fn draft(portal: &Portal, actor: &Actor, id: ReviewId, draft: Draft) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let review = lock(&mut change, id).await?;
    let drafted = review.as_reviewer(actor)?.draft(draft)?;
    let now = change.now();
    sql::save_draft(change.conn(), &drafted, now).await?;
    change.keep(Unrecorded::Draft).await
}

/// Decides and signs, with the password given again.
#[expect(
    clippy::too_many_arguments,
    reason = "what is signed is said piece by piece, as the form has it"
)]
pub async fn decide(
    portal: &Portal,
    actor: &Actor,
    id: ReviewId,
    decision: Decision,
    rationale: &str,
    answers: Draft,
    shown: &str,
    password: String,
) -> Result<(), Failure> {
    // Who may not decide is told so before their password is asked for; what was answered is kept either way.
    draft(portal, actor, id, answers.clone()).await?;
    let answers = answers.answers;
    let proof = session::reauthenticate(portal, actor, password).await?;
    let mut change = portal.change(actor).await?;
    let review = lock(&mut change, id).await?;
    let decided = review
        .as_reviewer(actor)?
        .decide(decision, rationale, answers, shown, proof)?;
    sql::save_decision(change.conn(), &decided).await?;
    change.commit(&decided).await
}

pub async fn raise_finding(
    portal: &Portal,
    actor: &Actor,
    id: ReviewId,
    observation: Observation,
) -> Result<FindingId, Failure> {
    let mut change = portal.change(actor).await?;
    let review = lock(&mut change, id).await?;
    let finding = sql::next_finding(change.conn()).await?;
    let raised = review.as_reviewer(actor)?.raise(finding, observation)?;
    let now = change.now();
    sql::insert_finding(change.conn(), &raised, now).await?;
    change.commit(&raised).await?;
    Ok(finding)
}

/// Whoever raised a finding says that it is put right; nobody else can.
pub async fn close_finding(
    portal: &Portal,
    actor: &Actor,
    id: FindingId,
    closing: &str,
) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let release = sql::release_of_finding(change.conn(), id)
        .await?
        .ok_or(Failure::NotFound)?;
    let release = release::lock(change.conn(), release)
        .await?
        .ok_or(Failure::NotFound)?;
    let finding = release
        .findings
        .into_iter()
        .find(|finding| finding.id == id)
        .ok_or(Failure::NotFound)?;
    if finding.raised_by != actor.id {
        return Err(Denied::NotTheRaiser.into());
    }
    let closed = finding.close(actor.id, closing)?;
    let now = change.now();
    sql::close_finding(change.conn(), &closed, now).await?;
    change.commit(&closed).await
}

pub async fn recuse(portal: &Portal, actor: &Actor, id: ReviewId, reason: &str) -> Result<(), Failure> {
    let mut change = portal.change(actor).await?;
    let review = lock(&mut change, id).await?;
    let recused = review.as_reviewer(actor)?.recuse(reason)?;
    sql::save_recusal(change.conn(), &recused).await?;
    change.commit(&recused).await
}

/// Locks the release first, as every decision does, and then reads the review.
async fn lock(change: &mut Change<'_>, id: ReviewId) -> Result<Review, Failure> {
    let release = sql::release_of(change.conn(), id)
        .await?
        .ok_or(Failure::NotFound)?;
    let release = release::lock(change.conn(), release)
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(sql::get(change.conn(), id, release).await?.0)
}

/// The reviews of everyone, those still open first; `mine` marks what the reader may decide.
pub async fn list(portal: &Portal, actor: &Actor) -> Result<Vec<ReviewRow>, Failure> {
    let rows = sql::rows(portal.pool()).await?;
    let ids: Vec<i64> = rows.iter().map(|(_, release)| i64::from(*release)).collect();
    let releases = release::rows(portal.pool(), &ids).await?;
    let mut reviews = Vec::with_capacity(rows.len());
    for (line, id) in rows {
        let Some(release) = releases.iter().find(|release| release.id == id).cloned() else {
            continue;
        };
        let mine = line.state == domain::review::State::Open
            && release.state == ReleaseState::Open
            && actor.disciplines.contains(&line.discipline)
            && release.requested_by.id != actor.id;
        reviews.push(ReviewRow {
            id: line.id,
            discipline: line.discipline,
            state: line.state,
            release,
            decided_by: line.decided_by,
            decided_at: line.decided_at,
            mine,
        });
    }
    Ok(reviews)
}

pub async fn page(portal: &Portal, actor: &Actor, id: ReviewId) -> Result<ReviewPage, Failure> {
    let mut conn = portal.pool().acquire().await?;
    let release_id = sql::release_of(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let release = release::load(&mut conn, &[release_id.into()])
        .await?
        .pop()
        .ok_or(Failure::NotFound)?;
    let (review, line) = sql::get(&mut conn, id, release.clone()).await?;
    let shown = sql::shown(&mut conn, release_id).await?;
    drop(conn);
    let page = release::page_of(portal, actor, &release).await?;
    let can = can(&review, actor);
    let facts = shown
        .report
        .as_deref()
        .map(crate::assessment::facts)
        .transpose()?
        .unwrap_or_default();
    Ok(ReviewPage {
        id,
        discipline: review.discipline,
        state: review.state,
        release: page.row,
        template: review.template,
        answers: review.answers,
        drafted_at: line.drafted_at,
        decided_by: review.decided_by,
        decided_at: line.decided_at,
        rationale: line.rationale,
        findings: page
            .findings
            .into_iter()
            .filter(|finding| finding.review == id)
            .collect(),
        signatures: page.signatures,
        dossier: page.dossier,
        dossier_digest: page.dossier_digest,
        manifest: shown.manifest,
        evaluation: page.evaluation,
        report: shown.report,
        facts,
        regressions: page.regressions,
        baseline: page.baseline,
        can,
    })
}

fn can(review: &Review, actor: &Actor) -> Act {
    let open = review.state == domain::review::State::Open && review.release.state == ReleaseState::Open;
    match review.clone().as_reviewer(actor) {
        _ if !open => Act::NotYours,
        Ok(_) => Act::Open,
        Err(Denied::NotA(_) | Denied::NotInDiscipline(_)) => Act::NotYours,
        Err(denied) => Act::Blocked(denied.to_string()),
    }
}

/// The reviews of a release, as its page lists them.
pub(crate) async fn of_release(
    portal: &Portal,
    actor: &Actor,
    release: &Release,
) -> Result<Vec<ReviewLine>, Failure> {
    let mut conn = portal.pool().acquire().await?;
    let mut lines = Vec::new();
    for (review, line) in sql::of_release(&mut conn, release).await? {
        lines.push(ReviewLine {
            id: review.id,
            can: can(&review, actor),
            answered: review
                .template
                .questions
                .iter()
                .filter(|question| review.answers.contains_key(&question.id))
                .count(),
            questions: review.template.questions.len(),
            discipline: review.discipline,
            state: review.state,
            decided_by: line.decider,
            decided_at: line.decided_at,
            rationale: line.rationale,
        });
    }
    Ok(lines)
}

pub(crate) async fn findings_of_release(
    portal: &Portal,
    actor: &Actor,
    release: ReleaseId,
) -> Result<Vec<Finding>, Failure> {
    sql::findings(portal.pool(), actor, release).await
}
