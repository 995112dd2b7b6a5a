//! Policies, templates, environments and people, as their pages list them.
use crate::{
    environment::EnvironmentName,
    id::{EnvironmentId, TemplateId},
    person::Person,
    policy::Policy,
    template,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PolicyRow {
    pub policy: Policy,
    pub in_force: bool,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TemplateRow {
    pub id: TemplateId,
    pub number: i32,
    pub template: template::Template,
    pub digest: String,
    pub in_force: bool,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    pub id: EnvironmentId,
    pub name: EnvironmentName,
    pub rank: i32,
    /// `local` or `webhook`.
    pub target_kind: String,
    /// The target's configuration in words, without any secret.
    pub target: String,
    pub models_live: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct People {
    pub people: Vec<Person>,
    pub disciplines: Vec<crate::actor::Discipline>,
    /// Whether the reader may change anything here.
    pub can_change: bool,
}
