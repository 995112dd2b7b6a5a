//! tower-sessions' store on the portal's table: the id is hashed at rest, and the table's clock decides when it ends.
use async_trait::async_trait;
use backend::{
    Failure, Portal,
    session_rows::{self, Row},
};
use domain::id::PersonId;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::{
        SameSite,
        time::{Duration, OffsetDateTime},
    },
    session::{Id, Record},
    session_store::{Error, Result},
};

/// Under this key a session holds the id of who has signed in.
pub const PERSON: &str = "person";
/// Under these it holds where it was begun.
pub const USER_AGENT: &str = "user_agent";
pub const ADDRESS: &str = "address";

/// Sessions in the portal's database.
#[derive(Clone)]
pub struct Sessions(Portal);

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

/// The stored name of a session.
pub fn hash(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

/// The name of the cookie. With `__Host-`, browsers refuse one that a neighbouring host or a plain connection set.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-countersign"
    } else {
        "countersign"
    }
}

/// Gives each request its session. The cookie has no lifetime of its own: the table knows when it ends.
pub fn layer(portal: &Portal, secure: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions(portal.clone()))
        .with_name(cookie_name(secure))
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd)
}

fn failed(failure: Failure) -> Error {
    tracing::error!(?failure, "the session store failed");
    Error::Backend(failure.to_string())
}

/// What of a record stands in columns of its own.
struct Told<'a> {
    hash: Vec<u8>,
    record: &'a Record,
    data: Value,
}

impl<'a> Told<'a> {
    fn of(record: &'a Record) -> Result<Self> {
        let data = serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        Ok(Self {
            hash: hash(&record.id),
            record,
            data,
        })
    }

    fn text(&self, key: &str) -> &str {
        self.record
            .data
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn row(&self) -> Row<'_> {
        Row {
            hash: &self.hash,
            person: self.text(PERSON).parse::<PersonId>().ok(),
            data: &self.data,
            user_agent: self.text(USER_AGENT),
            address: self.text(ADDRESS),
        }
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !session_rows::create(&self.0, &Told::of(record)?.row())
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let kept = session_rows::save(&self.0, &Told::of(record)?.row())
            .await
            .map_err(failed)?;
        if !kept {
            tracing::debug!("a session was ended while a request was using it");
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(data) = session_rows::load(&self.0, &hash(id)).await.map_err(failed)? else {
            return Ok(None);
        };
        let data = serde_json::from_value(data).map_err(|error| Error::Decode(error.to_string()))?;
        // Required by the type, and read by nobody: `load` itself refuses what has ended.
        let expiry_date = OffsetDateTime::now_utc().saturating_add(Duration::hours(1));
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        session_rows::delete(&self.0, &hash(id)).await.map_err(failed)
    }
}
