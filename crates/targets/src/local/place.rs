//! Where a deployment lives on this machine: its names, its folder, its ports.
use crate::{Order, TargetError};
use std::{
    fmt, fs,
    hash::{BuildHasher, Hasher, RandomState},
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

/// Where servers listen: below the ports of outgoing connections (32768 and up), which a busy front would take away.
const PORTS: std::ops::Range<u16> = 30_000..32_768;

/// A model in an environment: one version serves in it at a time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Place {
    pub(super) environment: String,
    pub(super) model: String,
}

impl Place {
    pub(super) fn of(order: &Order) -> Result<Self, TargetError> {
        for name in [&order.environment, &order.model] {
            if !is_plain(name) {
                return Err(TargetError::Unsuitable(format!(
                    "{name:?} can't name a folder and an address: use letters, digits, dots, hyphens and underscores, 1 to 100 of them, a letter or digit first.",
                )));
            }
        }
        Ok(Self {
            environment: order.environment.clone(),
            model: order.model.clone(),
        })
    }

    /// The folder that one deployment's server is started on. It ends with the model's name, as MLServer likes it.
    pub(super) fn folder(&self, work_dir: &Path, deployment: i64) -> PathBuf {
        work_dir
            .join(&self.environment)
            .join(deployment.to_string())
            .join(&self.model)
    }

    /// The folders of all deployments that there were in this place.
    pub(super) fn folders(&self, work_dir: &Path) -> io::Result<Vec<PathBuf>> {
        let mut folders = Vec::new();
        for deployment in fs::read_dir(work_dir.join(&self.environment))? {
            let folder = deployment?.path().join(&self.model);
            if folder.is_dir() {
                folders.push(folder);
            }
        }
        Ok(folders)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.environment, self.model)
    }
}

fn is_plain(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// The ports of one server, all on loopback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ports {
    pub(super) http: u16,
    pub(super) grpc: u16,
    pub(super) metrics: u16,
}

impl Ports {
    /// Three that nobody listens on. Tried in random order: whoever looks at the same time looks elsewhere.
    pub(super) fn free() -> io::Result<Self> {
        let (random, span) = (
            RandomState::new().build_hasher().finish(),
            PORTS.end - PORTS.start,
        );
        let first = u16::try_from(random % u64::from(span)).unwrap_or_default();
        let mut held = Vec::new();
        for step in 0..span {
            let port = PORTS.start + (first + step) % span;
            if let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
                held.push((port, listener));
            }
            if let [(http, _), (grpc, _), (metrics, _)] = held[..] {
                return Ok(Self { http, grpc, metrics });
            }
        }
        Err(io::Error::from(io::ErrorKind::AddrInUse))
    }

    pub(super) fn address(self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.http))
    }
}
