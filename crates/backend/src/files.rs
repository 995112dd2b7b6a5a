//! Files by digest: predictions and evidence, written once and never again.
use crate::Failure;
use bytes::Bytes;
use domain::{Refusal, refusal::Invalid};
use futures::{Stream, StreamExt, stream::BoxStream};
use ledger::digest::{Digest, Hasher};
use object_store::{
    ObjectStore, ObjectStoreExt, ObjectStoreScheme, RetryConfig, aws::AmazonS3Builder,
    azure::MicrosoftAzureBuilder, buffered::BufWriter, gcp::GoogleCloudStorageBuilder,
    local::LocalFileSystem, path::Path as Key, prefix::PrefixStore,
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::io::AsyncWriteExt;

/// A half-received file that has not grown for this long was left: uploads that stand still are given up long before.
const ABANDONED: Duration = Duration::from_hours(1);

/// An object storage: `s3://bucket/prefix`, `gs://bucket/prefix` or `az://container/prefix`, and how to reach it.
pub struct Bucket {
    pub url: url::Url,
    /// The cloud's own settings by their usual names, such as `aws_region`; those of other clouds are passed over.
    pub options: Vec<(String, SecretString)>,
}

/// A content-addressed store: a folder of this machine, or object storage that several portals share.
#[derive(Debug, Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// Where a kept file lies on this machine, if it does.
    folder: Option<PathBuf>,
    incoming: PathBuf,
}

/// A kept file on this machine: where it lies, or a copy that goes when this is dropped.
#[derive(Debug)]
pub enum Local {
    Kept(PathBuf),
    Copied(tempfile::NamedTempFile),
}

impl Local {
    pub fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Copied(copy) => copy.path(),
        }
    }
}

/// A file that has arrived whole but is not yet kept. Dropping it removes it.
#[derive(Debug)]
pub struct Arrived {
    file: tempfile::NamedTempFile,
    digest: Digest,
    bytes: u64,
}

impl Arrived {
    pub fn path(&self) -> &Path {
        self.file.path()
    }
    pub fn digest(&self) -> Digest {
        self.digest
    }
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Files {
    /// Opens the store in a folder; where there is a bucket, the folder only takes in what is on its way there.
    pub fn open(folder: &Path, bucket: Option<&Bucket>) -> io::Result<Self> {
        let incoming = folder.join("incoming");
        std::fs::create_dir_all(&incoming)?;
        let kept = folder.join("sha256");
        let (store, folder): (Arc<dyn ObjectStore>, _) = if let Some(bucket) = bucket {
            (bucket.open().map_err(io::Error::other)?, None)
        } else {
            std::fs::create_dir_all(&kept)?;
            // On the disk before the record says so.
            let store = LocalFileSystem::new_with_prefix(&kept)
                .map_err(io::Error::other)?
                .with_fsync(true);
            (Arc::new(store), Some(kept))
        };
        Ok(Self {
            store,
            folder,
            incoming,
        })
    }

    /// Removes what a killed process left half-received: whatever has not grown for [`ABANDONED`].
    pub fn sweep(&self) -> io::Result<()> {
        for left in std::fs::read_dir(&self.incoming)? {
            let left = left?;
            let age = left
                .metadata()
                .and_then(|data| data.modified())
                .map(|at| at.elapsed());
            if age.is_ok_and(|age| age.is_ok_and(|age| age > ABANDONED)) {
                std::fs::remove_file(left.path())?;
            }
        }
        Ok(())
    }

    /// Takes in a stream of at most `limit` bytes, digesting as it comes. What is cut off leaves nothing.
    pub async fn receive<S, E>(&self, mut stream: S, limit: u64) -> Result<Arrived, Failure>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let file = tempfile::NamedTempFile::new_in(&self.incoming)?;
        let mut writer = tokio::io::BufWriter::new(tokio::fs::File::from_std(file.reopen()?));
        let mut hasher = Hasher::default();
        let mut bytes = 0_u64;
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|error| {
                Invalid::new(
                    "file",
                    format!("The upload broke off ({error}); nothing was kept, so send it again."),
                )
            })?;
            bytes += chunk.len() as u64;
            if bytes > limit {
                let limit = limit / (1024 * 1024);
                return Err(Invalid::new(
                    "file",
                    format!("The file is larger than {limit} MiB; nothing was kept."),
                )
                .into());
            }
            hasher.update(&chunk);
            writer.write_all(&chunk).await?;
        }
        writer.flush().await?;
        if bytes == 0 {
            return Err(
                Invalid::new("file", "The file is empty; choose the file that holds the data.").into(),
            );
        }
        Ok(Arrived {
            file,
            digest: hasher.finish(),
            bytes,
        })
    }

    /// Keeps a file under its digest. The same bytes are kept once.
    pub async fn keep(&self, arrived: &Arrived) -> Result<(), Failure> {
        let key = key(&arrived.digest.to_string());
        if self
            .store
            .head(&key)
            .await
            .is_ok_and(|kept| kept.size == arrived.bytes)
        {
            return Ok(());
        }
        let mut source = tokio::fs::File::open(arrived.path()).await?;
        let mut sink = BufWriter::new(self.store.clone(), key);
        tokio::io::copy(&mut source, &mut sink).await?;
        sink.shutdown().await?;
        Ok(())
    }

    /// The kept bytes, as a stream.
    pub async fn read(
        &self,
        digest: &str,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, Failure> {
        match self.store.get(&key(digest)).await {
            Ok(found) => Ok(found.into_stream()),
            Err(object_store::Error::NotFound { .. }) => Err(Failure::NotFound),
            Err(error) => Err(io::Error::other(error).into()),
        }
    }

    /// The kept file as one that programs can open.
    pub async fn local(&self, digest: &str) -> Result<Local, Failure> {
        let key = key(digest);
        if let Some(folder) = &self.folder {
            let path = folder.join(key.as_ref());
            return if path.is_file() {
                Ok(Local::Kept(path))
            } else {
                Err(Failure::NotFound)
            };
        }
        let copy = tempfile::NamedTempFile::new_in(&self.incoming)?;
        let mut sink = tokio::fs::File::from_std(copy.reopen()?);
        let mut source = self.read(digest).await?;
        while let Some(chunk) = source.next().await {
            sink.write_all(&chunk.map_err(io::Error::other)?).await?;
        }
        sink.flush().await?;
        Ok(Local::Copied(copy))
    }

    /// Whether the store takes files at all: asked by readiness.
    pub async fn is_ready(&self) -> bool {
        self.store
            .list(None)
            .next()
            .await
            .is_none_or(|entry| entry.is_ok())
    }
}

impl Bucket {
    /// Object storage by its address. A store that does not answer is an error within seconds: someone waits for it.
    pub(crate) fn open(&self) -> object_store::Result<Arc<dyn ObjectStore>> {
        let (scheme, prefix) = ObjectStoreScheme::parse(&self.url)?;
        let retry = RetryConfig {
            max_retries: 3,
            retry_timeout: Duration::from_secs(20),
            ..RetryConfig::default()
        };
        macro_rules! reached {
            ($builder:ty) => {{
                let plain = <$builder>::new()
                    .with_url(self.url.as_str())
                    .with_retry(retry);
                let builder = self
                    .options
                    .iter()
                    .fold(plain, |builder, (name, value)| match name.parse() {
                        Ok(key) => builder.with_config(key, value.expose_secret()),
                        Err(_) => builder,
                    });
                Arc::new(PrefixStore::new(builder.build()?, prefix))
            }};
        }
        Ok(match scheme {
            ObjectStoreScheme::AmazonS3 => reached!(AmazonS3Builder),
            ObjectStoreScheme::GoogleCloudStorage => reached!(GoogleCloudStorageBuilder),
            ObjectStoreScheme::MicrosoftAzure => reached!(MicrosoftAzureBuilder),
            other => {
                return Err(object_store::Error::NotSupported {
                    source: format!("files can't be kept in {other:?}").into(),
                });
            }
        })
    }
}

fn key(digest: &str) -> Key {
    Key::from_iter([digest.get(..2).unwrap_or("00"), digest])
}

/// A sender's name for a file, without folders and without what can't be shown; the bytes have their digest for a name.
pub(crate) fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect();
    let plain = plain.trim();
    if plain.is_empty() {
        "unnamed".to_owned()
    } else {
        plain.to_owned()
    }
}

/// The refusal of a predictions file, as the person who sent it reads it, and which field they look at again.
pub(crate) fn unusable(field: &str, reason: impl std::fmt::Display) -> Failure {
    Refusal::Predictions(Invalid::new(field, reason.to_string())).into()
}
