//! Files in a folder, and in object storage: held against a server that speaks as S3 does.
//!
//! `OBJECT_STORES` names a Python environment with `moto`; `./dev test` makes one. The other clouds differ in the client's
//! builder only, and no emulator of Google's XML interface is in the package registries.
#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]
use backend::{
    Failure,
    files::{Arrived, Bucket, Files, Local},
};
use bytes::Bytes;
use futures::{TryStreamExt, stream};
use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// More than one part of a multipart upload.
const LARGE: usize = 12 * 1024 * 1024 + 7;

/// A server of one bucket, gone when this is dropped.
struct Server {
    process: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill(); // it may have ended by itself
        let _ = self.process.wait();
    }
}

impl Server {
    async fn start(command: impl FnOnce(u16) -> Command) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let process = command(port)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { process, port };
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            assert!(
                begun.elapsed() < Duration::from_mins(1),
                "the object store did not start"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server
    }

    async fn s3() -> Self {
        let server = Self::start(|port| {
            let mut command = Command::new(program("OBJECT_STORES").join("bin/moto_server"));
            command.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
            command
        })
        .await;
        server.ask("PUT /models HTTP/1.1", "").await;
        server
    }

    /// Makes the bucket, without a client of that cloud.
    async fn ask(&self, line: &str, body: &str) {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))
            .await
            .unwrap();
        let request = format!(
            "{line}\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.port,
            body.len(),
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    fn as_s3(&self) -> Bucket {
        bucket(
            "s3://models/countersign",
            &[
                ("aws_endpoint", &format!("http://127.0.0.1:{}", self.port)),
                ("aws_allow_http", "true"),
                ("aws_region", "eu-central-1"),
                ("aws_access_key_id", "test"),
                ("aws_secret_access_key", "test"),
                ("google_base_url", "of another cloud, so passed over"),
            ],
        )
    }
}

fn program(variable: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "where the test driver put it")]
    let Some(program) = std::env::var_os(variable) else {
        panic!("{variable} names where an object store is");
    };
    program.into()
}

fn bucket(url: &str, options: &[(&str, &str)]) -> Bucket {
    Bucket {
        url: url.parse().unwrap(),
        options: options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).into()))
            .collect(),
    }
}

async fn receive(files: &Files, bytes: Vec<u8>) -> Arrived {
    let chunks: Vec<_> = bytes
        .chunks(1 << 20)
        .map(|chunk| Ok::<_, Failure>(Bytes::copy_from_slice(chunk)))
        .collect();
    files.receive(stream::iter(chunks), 1 << 30).await.unwrap()
}

/// What holds of every store: what was kept comes back under its digest, and nothing is left on the way.
async fn keeps_files(files: &Files, folder: &TempDir) {
    assert!(files.is_ready().await);
    for bytes in [b"y_true,y_pred\n1,1\n".to_vec(), vec![42; LARGE]] {
        let arrived = receive(files, bytes.clone()).await;
        let digest = arrived.digest().to_string();
        files.keep(&arrived).await.unwrap();
        files.keep(&arrived).await.unwrap();
        drop(arrived);
        let read: Vec<Bytes> = files.read(&digest).await.unwrap().try_collect().await.unwrap();
        assert!(read.concat() == bytes, "{} bytes", bytes.len());

        let local = files.local(&digest).await.unwrap();
        let path = local.path().to_owned();
        assert!(std::fs::read(&path).unwrap() == bytes);
        let is_copy = matches!(local, Local::Copied(_));
        drop(local);
        assert_eq!(path.exists(), !is_copy, "a copy goes, what is kept stays");
    }
    let missing = "0".repeat(64);
    assert!(matches!(files.read(&missing).await, Err(Failure::NotFound)));
    assert!(matches!(files.local(&missing).await, Err(Failure::NotFound)));
    let left = std::fs::read_dir(folder.path().join("incoming")).unwrap().count();
    assert_eq!(left, 0, "nothing is left where files come in");
}

#[tokio::test]
async fn a_folder_keeps_files() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path(), None).unwrap();
    keeps_files(&files, &folder).await;
}

#[tokio::test]
async fn s3_keeps_files_and_its_loss_is_told_within_seconds() {
    let _ = rustls::crypto::ring::default_provider().install_default(); // an earlier test may have
    let server = Server::s3().await;
    let folder = tempfile::tempdir().unwrap();
    let files = Files::open(folder.path(), Some(&server.as_s3())).unwrap();
    keeps_files(&files, &folder).await;

    drop(server);
    let begun = Instant::now();
    let arrived = receive(&files, b"too late".to_vec()).await;
    assert!(matches!(files.keep(&arrived).await, Err(Failure::Files(_))));
    assert!(!files.is_ready().await);
    assert!(begun.elapsed() < Duration::from_mins(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn secrets_of_a_store_are_not_shown() {
    let _ = rustls::crypto::ring::default_provider().install_default(); // an earlier test may have
    let folder = tempfile::tempdir().unwrap();
    let options = [
        ("aws_access_key_id", "AKIAPLAIN"),
        ("aws_secret_access_key", "hush-hush"),
        ("aws_region", "x"),
    ];
    let files = Files::open(folder.path(), Some(&bucket("s3://models", &options))).unwrap();
    let shown = format!("{files:?}");
    assert!(!shown.contains("hush-hush"), "{shown}");
    let broken = Files::open(folder.path(), Some(&bucket("ftp://models", &options)));
    assert!(!format!("{broken:?}").contains("hush-hush"));
}
