//! The people of the demonstration: five with a part in every release, and the administrator who let them in.
use super::PASSWORD;
use anyhow::{Context, Result};
use backend::{Portal, person};
use domain::{
    Actor,
    actor::{Discipline, Role},
    person::{Duties, Newcomer},
};

pub struct Cast {
    pub tomas: Actor,
    pub ada: Actor,
    pub mei: Actor,
    pub grace: Actor,
    pub sam: Actor,
}

impl Cast {
    /// The administrator is brought in by whoever owns the machine, everyone else by the administrator.
    pub async fn come_in(portal: &Portal) -> Result<Self> {
        let sam = newcomer("sam", "Sam Whitlock", Role::Administrator, None)?;
        let sam = person::add_by_operator(portal, sam, PASSWORD.into()).await?;
        let sam = backend::session::actor(portal, sam)
            .await?
            .context("Sam was just added")?;
        let add = async |newcomer: Newcomer| -> Result<Actor> {
            let id = person::add(portal, &sam, newcomer, PASSWORD.into()).await?;
            backend::session::actor(portal, id)
                .await?
                .context("they were just added")
        };
        let tomas = add(newcomer("tomas", "Tomas Rivera", Role::Engineer, None)?).await?;
        let ada = add(newcomer("ada", "Ada Osei", Role::Reviewer, Some("ethics"))?).await?;
        let mei = add(newcomer("mei", "Mei Tanaka", Role::Reviewer, Some("compliance"))?).await?;
        let grace = add(newcomer("grace", "Grace Lindqvist", Role::Manager, None)?).await?;
        add(newcomer("ivo", "Ivo Petrov", Role::Auditor, None)?).await?;
        Ok(Self {
            tomas,
            ada,
            mei,
            grace,
            sam,
        })
    }
}

fn newcomer(account: &str, name: &str, role: Role, discipline: Option<&str>) -> Result<Newcomer> {
    let disciplines = discipline.and_then(Discipline::new).into_iter().collect();
    let duties = Duties::new(vec![role], disciplines)?;
    Ok(Newcomer::new(
        &format!("{account}@northbank.example"),
        name,
        duties,
    )?)
}
