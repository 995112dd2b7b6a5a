//! Fronts: for each model in an environment one address on this machine that stays the same from version to version.
use super::{connection, place::Place};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener as Bound},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::{OwnedMutexGuard, Semaphore, watch},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep},
};

/// Where fronts listen: below the ports that systems give to outgoing connections (32768 and up).
const PORTS: std::ops::Range<u16> = 20_000..30_000;
/// Connections that one front carries at a time; further ones wait. Bounds the portal's open files.
const CONNECTIONS: usize = 256;

/// Every front of this process. Cheap to clone; all clones are the same.
#[derive(Clone, Default)]
pub struct Fronts(Arc<Shared>);

#[derive(Default)]
struct Shared {
    open: Mutex<HashMap<Place, Front>>,
    turns: Mutex<HashMap<Place, Arc<tokio::sync::Mutex<()>>>>,
}

/// One address and the server it leads to now. Closes when dropped.
struct Front {
    address: SocketAddr,
    backend: watch::Sender<Arc<Backend>>,
    accepting: AbortHandle,
}

/// A server behind a front.
#[derive(Debug)]
pub(super) struct Backend {
    pub(super) address: SocketAddr,
    /// Requests passed on that it hasn't begun to answer.
    pub(super) unanswered: AtomicUsize,
}

impl Fronts {
    /// The right to change what runs in a place; nobody else has it meanwhile.
    pub(super) fn turn(&self, place: &Place) -> Option<OwnedMutexGuard<()>> {
        let turn = lock(&self.0.turns).entry(place.clone()).or_default().clone();
        turn.try_lock_owned().ok()
    }

    /// Leads callers of the place to a server from now on; answers with the address they use, and the server they
    /// were led to before. A port asked for is had or it's an error, for callers know it.
    pub(super) fn lead(
        &self,
        place: &Place,
        port: Option<u16>,
        server: SocketAddr,
    ) -> io::Result<(SocketAddr, Option<Arc<Backend>>)> {
        let backend = Arc::new(Backend {
            address: server,
            unanswered: AtomicUsize::new(0),
        });
        let mut open = lock(&self.0.open);
        if let Some(front) = open.get(place) {
            return Ok((front.address, Some(front.backend.send_replace(backend))));
        }
        let front = Front::open(listen(place, port)?, backend)?;
        let address = front.address;
        open.insert(place.clone(), front);
        Ok((address, None))
    }

    /// Closes the place's front if it leads to that server.
    pub(super) fn close(&self, place: &Place, server: SocketAddr) {
        let mut open = lock(&self.0.open);
        if open
            .get(place)
            .is_some_and(|front| front.backend.borrow().address == server)
        {
            open.remove(place);
        }
    }
}

impl Front {
    fn open(listener: Bound, backend: Arc<Backend>) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let (backend, current) = watch::channel(backend);
        let accepting = tokio::spawn(accept(listener, current)).abort_handle();
        Ok(Self {
            address,
            backend,
            accepting,
        })
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, current: watch::Receiver<Arc<Backend>>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    while let Ok(taken) = places.clone().acquire_owned().await {
        while connections.try_join_next().is_some() {}
        match listener.accept().await {
            Ok((client, _)) => {
                let current = current.clone();
                connections.spawn(async move {
                    let _taken = taken;
                    if let Err(error) = connection::carry(client, current).await {
                        tracing::debug!(%error, "a caller's connection broke");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a front can't take a caller");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl Backend {
    /// Waits until it has begun to answer all it was asked, or the time is over.
    pub(super) async fn drain(&self, patience: Duration) {
        let until = Instant::now() + patience;
        while self.unanswered.load(Ordering::Acquire) > 0 && Instant::now() < until {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A place's port follows from its name, so that it's the same on a machine set up afresh; taken ones are skipped.
fn listen(place: &Place, port: Option<u16>) -> io::Result<Bound> {
    let bind = |port| Bound::bind((Ipv4Addr::LOCALHOST, port));
    if let Some(port) = port {
        return bind(port);
    }
    let digest = Sha256::digest(place.to_string());
    let first = u16::from_be_bytes([digest[0], digest[1]]) % (PORTS.end - PORTS.start);
    let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
    for step in 0..100 {
        match bind(PORTS.start + (first + step) % (PORTS.end - PORTS.start)) {
            Ok(bound) => return Ok(bound),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Nothing here panics while it holds the lock, so what a poisoned one guards is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Router,
        body::Bytes,
        routing::{get, post},
    };
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpStream,
    };

    /// A server that says its name, slowly if asked to, and sends back what it's sent.
    async fn server(name: &'static str) -> (SocketAddr, AbortHandle) {
        let slowly = move || async move {
            sleep(Duration::from_millis(300)).await;
            name
        };
        let echo = |body: Bytes| async { body };
        let router = Router::new()
            .route("/", get(move || async move { name }))
            .route("/slowly", get(slowly));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router.route(
            "/echo",
            post(echo).layer(axum::extract::DefaultBodyLimit::disable()),
        );
        (
            address,
            tokio::spawn(async move { axum::serve(listener, router).await }).abort_handle(),
        )
    }

    fn place(model: &str) -> Place {
        Place {
            environment: "test".to_owned(),
            model: model.to_owned(),
        }
    }

    /// Sends a request and reads until the answer ends with the word.
    async fn ask(caller: &mut TcpStream, path: &str, ends_with: &str) -> String {
        caller
            .write_all(format!("GET {path} HTTP/1.1\r\nhost: model\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(ends_with.as_bytes()) {
            assert_ne!(
                caller.read_buf(&mut answer).await.unwrap(),
                0,
                "{}",
                String::from_utf8_lossy(&answer)
            );
        }
        String::from_utf8(answer).unwrap()
    }

    #[tokio::test]
    async fn a_kept_connection_goes_to_the_new_server_with_its_next_request() {
        let (fronts, place) = (Fronts::default(), place("kept"));
        let ((one, first), (two, _)) = (server("one").await, server("two").await);
        let (address, before) = fronts.lead(&place, None, one).unwrap();
        assert!(before.is_none());

        let (mut kept, mut busy) = (
            TcpStream::connect(address).await.unwrap(),
            TcpStream::connect(address).await.unwrap(),
        );
        ask(&mut kept, "/", "one").await;
        let answered = tokio::spawn(async move { ask(&mut busy, "/slowly", "one").await });
        sleep(Duration::from_millis(100)).await;

        let (same, before) = fronts.lead(&place, None, two).unwrap();
        assert_eq!(same, address);
        let before = before.unwrap();
        assert_eq!(before.unanswered.load(Ordering::Relaxed), 1);
        before.drain(Duration::from_secs(5)).await;
        answered.await.unwrap();
        first.abort();
        ask(&mut kept, "/", "two").await;
    }

    #[tokio::test]
    async fn a_connection_outlives_the_servers_patience() {
        let (fronts, place) = (Fronts::default(), place("patience"));
        let impatient = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, _) = fronts
            .lead(&place, None, impatient.local_addr().unwrap())
            .unwrap();
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none";
        let serving = tokio::spawn(async move {
            for _ in 0..2 {
                let (mut connection, _) = impatient.accept().await.unwrap();
                connection.read_buf(&mut Vec::new()).await.unwrap();
                connection.write_all(answer).await.unwrap();
                sleep(Duration::from_millis(1_100)).await;
            }
        });

        let mut kept = TcpStream::connect(address).await.unwrap();
        ask(&mut kept, "/", "one").await;
        sleep(Duration::from_millis(1_300)).await;
        ask(&mut kept, "/", "one").await;
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn large_bodies_pass_whole_in_both_directions() {
        let (fronts, place) = (Fronts::default(), place("large"));
        let (address, _) = fronts.lead(&place, None, server("one").await.0).unwrap();
        let body: Vec<u8> = (0..5_000_000_u32).map(|n| (n % 251) as u8).collect();

        let mut caller = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /echo HTTP/1.1\r\nhost: m\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        caller.write_all(head.as_bytes()).await.unwrap();
        caller.write_all(&body).await.unwrap();
        let mut answer = Vec::new();
        caller.read_to_end(&mut answer).await.unwrap();
        assert!(answer.ends_with(&body));
    }

    #[tokio::test]
    async fn callers_of_a_dead_server_get_an_answer() {
        let (fronts, place) = (Fronts::default(), place("dead"));
        let dead = Bound::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (address, _) = fronts.lead(&place, None, dead).unwrap();
        let answer = ask(
            &mut TcpStream::connect(address).await.unwrap(),
            "/",
            "no connections.",
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    }

    #[tokio::test]
    async fn an_address_is_kept_or_it_is_an_error() {
        let (place, server) = (place("address"), server("one").await.0);
        let fronts = Fronts::default();
        let (address, _) = fronts.lead(&place, None, server).unwrap();
        assert!(PORTS.contains(&address.port()));
        assert!(
            Fronts::default()
                .lead(&place, Some(address.port()), server)
                .is_err()
        );

        fronts.close(&place, dead_end());
        assert!(TcpStream::connect(address).await.is_ok());
        fronts.close(&place, server);
        while TcpStream::connect(address).await.is_ok() {
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(
            Fronts::default()
                .lead(&place, Some(address.port()), server)
                .unwrap()
                .0,
            address
        );
    }

    fn dead_end() -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, 1))
    }
}
