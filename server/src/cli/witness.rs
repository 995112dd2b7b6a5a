//! `countersign witness`: watches a log from another machine, and cosigns what continues all that it saw before
//! (C2SP tlog-witness).
use super::Verdict;
use crate::config::{Wrong, seed};
use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use ledger::{
    VerifyingKey,
    cosignature::CosigningKey,
    digest::Digest,
    rotation::Keys,
    witness::{Refusal, Request, Seen, answer},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{net::TcpListener, sync::Mutex};

/// More than any request has.
const LARGEST: usize = 32 * 1024;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The log's key, as `countersign verify` prints it: name+id+base64.
    #[arg(long, value_name = "KEY")]
    log: VerifyingKey,
    /// The witness's name, such as witness.example.org/audit.
    #[arg(long)]
    name: String,
    /// Where its key and what it saw last are kept: whoever takes it back to an older state takes its worth.
    #[arg(long, value_name = "DIRECTORY")]
    state: PathBuf,
    /// Where it listens.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3001")]
    at: SocketAddr,
}

pub async fn run(arguments: &Arguments) -> Result<Verdict> {
    let witness = match Witness::open(arguments) {
        Ok(witness) => witness,
        Err(wrong) => {
            eprintln!("countersign: {wrong}");
            return Ok(Verdict::WrongUse);
        }
    };
    let listener = TcpListener::bind(arguments.at).await;
    let listener = listener.with_context(|| format!("listening on {}", arguments.at))?;
    println!("{} http://{}", witness.key.witness_key(), listener.local_addr()?);
    let service = Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Arc::new(witness));
    axum::serve(listener, service)
        .with_graceful_shutdown(async {
            let _ = tokio::signal::ctrl_c().await; // nobody can stop it otherwise
        })
        .await?;
    Ok(Verdict::Good)
}

struct Witness {
    log: Keys,
    key: CosigningKey,
    /// Held from reading what was seen until the next is kept: two requests at once must not take it back.
    memory: Mutex<Memory>,
}

impl Witness {
    fn open(arguments: &Arguments) -> Result<Self, Wrong> {
        let seed = seed::kept_or_made(&arguments.state.join("witness.seed"))?;
        let key = CosigningKey::from_seed(&arguments.name, &seed)
            .map_err(|reason| Wrong::Value("name", reason.to_string()))?;
        Ok(Self {
            log: Keys::new(arguments.log.name(), arguments.log.clone()),
            key,
            memory: Mutex::new(Memory(arguments.state.join("seen.json"))),
        })
    }

    async fn cosign(&self, body: &str) -> Result<Result<String, Refusal>> {
        let request: Request = match body.parse() {
            Ok(request) => request,
            Err(malformed) => return Ok(Err(Refusal::from(malformed))),
        };
        let memory = self.memory.lock().await;
        let time = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        Ok(
            match answer(&request, memory.read()?, &self.log, &self.key, time) {
                Ok((seen, line)) => {
                    memory.keep(seen)?;
                    Ok(line)
                }
                Err(refusal) => Err(refusal),
            },
        )
    }
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: String) -> Response {
    match witness.cosign(&body).await {
        Ok(Ok(line)) => line.into_response(),
        Ok(Err(refusal)) => {
            eprintln!("countersign: not cosigned: {refusal}");
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            let (kind, body) = refusal.body();
            (status, [(header::CONTENT_TYPE, kind)], body).into_response()
        }
        Err(error) => {
            eprintln!("countersign: {error:#}");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The file with what was cosigned last.
struct Memory(PathBuf);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    size: u64,
    root: Digest,
}

impl Memory {
    fn read(&self) -> Result<Seen> {
        let text = match fs::read(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Seen::default()),
            text => text.with_context(|| format!("reading {}", self.0.display()))?,
        };
        let Kept { size, root } =
            serde_json::from_slice(&text).with_context(|| format!("reading {}", self.0.display()))?;
        Ok(Seen { size, root })
    }

    /// On the disk before the answer is sent, and the old one or the new one at any moment.
    fn keep(&self, Seen { size, root }: Seen) -> Result<()> {
        let folder = self.0.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&mut file, &Kept { size, root })?;
        file.flush()?;
        file.as_file().sync_all()?;
        file.persist(&self.0)?;
        Ok(File::open(folder)?.sync_all()?)
    }
}
