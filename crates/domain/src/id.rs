//! Identifiers: one type for each thing that has one.
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($name:ident($raw:ty)),* $(,)?) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name($raw);

        impl From<$raw> for $name {
            fn from(raw: $raw) -> Self { Self(raw) }
        }
        impl From<$name> for $raw {
            fn from(id: $name) -> Self { id.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }
        impl FromStr for $name {
            type Err = <$raw as FromStr>::Err;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )*};
}

// People are named by a random id, which says nothing of them; records by a number, which people can say aloud.
ids! {
    PersonId(Uuid),
    ModelId(i64), VersionId(i64), EvaluationId(i64), EvidenceId(i64), EnvironmentId(i64), PolicyId(i64),
    TemplateId(i64), ReleaseId(i64), ReviewId(i64), FindingId(i64), SignatureId(i64), DeploymentId(i64), TokenId(i64),
    JobId(i64),
}
