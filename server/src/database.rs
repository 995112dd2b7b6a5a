//! The database that a command works on: the one that is configured, or a private one, started or joined.
use crate::{
    config::Config,
    private_postgres::{self, PrivatePostgres},
};
use anyhow::{Context, Result};
use secrecy::ExposeSecret;
use sqlx::{
    Connection, PgPool,
    postgres::{PgConnectOptions, PgConnection},
};

/// A database to work on. [`close`](Self::close) ends what was started for it.
pub struct Database {
    options: PgConnectOptions,
    private: Option<PrivatePostgres>,
}

impl Database {
    /// For a portal: the private Postgres is this process's own, and a second portal is refused.
    pub async fn own(config: &Config) -> Result<Self> {
        if let Some(options) = configured(config)? {
            return Ok(Self {
                options,
                private: None,
            });
        }
        let (server, options) = PrivatePostgres::start(&folder(config)).await?;
        Ok(Self {
            options,
            private: Some(server),
        })
    }

    /// For a command beside a portal: joins the private Postgres that runs, else starts it.
    pub async fn join(config: &Config) -> Result<Self> {
        match private_postgres::running(&folder(config)) {
            Some(options) if config.database_url.is_none() => Ok(Self {
                options,
                private: None,
            }),
            _ => Self::own(config).await,
        }
    }

    /// Brings the database to the current state, as its owner.
    pub async fn migrate(&self) -> Result<()> {
        let mut connection = PgConnection::connect_with(&self.options)
            .await
            .context("connecting to the database")?;
        backend::MIGRATOR
            .run(&mut connection)
            .await
            .context("migrating the database")?;
        Ok(connection.close().await?)
    }

    /// Connections as the role that can't rewrite the record.
    pub async fn connect(&self, connections: u32) -> Result<PgPool> {
        backend::Portal::connect(self.options.clone(), connections)
            .await
            .context("connecting to the database")
    }

    /// Stops the private Postgres, if this command started it.
    pub async fn close(self) -> Result<()> {
        match self.private {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }
}

fn configured(config: &Config) -> Result<Option<PgConnectOptions>> {
    let Some(url) = &config.database_url else {
        return Ok(None);
    };
    let options = url.expose_secret().parse::<PgConnectOptions>();
    // Not the cause: it may repeat the address, and with it the password.
    options
        .map(Some)
        .map_err(|_| anyhow::anyhow!("DATABASE_URL is not an address such as postgres://user@host/name"))
}

fn folder(config: &Config) -> std::path::PathBuf {
    config.data.join("postgres")
}
