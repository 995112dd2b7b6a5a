//! One caller's connection through a front, led to a fresh connection or the new server between two of its requests.
//!
//! Bytes pass unread, with one exception: a request that begins on a connection where all was answered may go another
//! way than the one before. It does when the server has been replaced, and when the way was quiet so long that the
//! server might be closing it. So callers that keep connections open never meet a server's end. HTTP/1.1 without
//! pipelining is assumed.
use super::front::Backend;
use std::{
    io,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep_until},
};

/// How long a caller may take to its first request, and to notice that a replaced server ended in mid-answer.
const SHORT: Duration = Duration::from_secs(10);
/// How long a caller may keep a connection for its next request: longer than clients do, so that they close first.
const LONG: Duration = Duration::from_mins(2);
/// A way this long without a byte isn't used again; servers keep theirs for longer (MLServer: 5 s).
const QUIET: Duration = Duration::from_secs(1);

const UNAVAILABLE: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nretry-after: 1\r\n\
    connection: close\r\ncontent-length: 40\r\n\r\nThe model's server takes no connections.";

/// Bytes on their way in one direction.
struct Pipe {
    bytes: Box<[u8]>,
    from: usize,
    to: usize,
}

/// The way to a server.
struct Link {
    stream: TcpStream,
    backend: Arc<Backend>,
    unanswered: Option<Unanswered>,
    /// When the last byte came from the server.
    heard: Instant,
}

/// Counts a request at its server as long as no answer has begun.
struct Unanswered(Arc<Backend>);

/// Carries until either side ends.
pub(super) async fn carry(client: TcpStream, current: watch::Receiver<Arc<Backend>>) -> io::Result<()> {
    client.set_nodelay(true)?;
    let (mut asked, mut answer) = (Pipe::new(), Pipe::new());
    let mut link: Option<Link> = None;
    let mut client_ended = false;
    let mut idle_until = Instant::now() + SHORT;

    loop {
        tokio::select! {
            ready = client.readable(), if asked.is_empty() && !client_ended => {
                ready?;
                match asked.fill(&client)? {
                    Filled::NotYet => {}
                    Filled::Ended => match &mut link {
                        Some(link) => {
                            client_ended = true;
                            link.stream.shutdown().await?;
                        }
                        None => return Ok(()),
                    },
                    Filled::Some => {
                        if link.as_ref().is_none_or(|link| link.may_be_left(&current, asked.pending())) {
                            let backend = current.borrow().clone();
                            link = Link::open(backend).await;
                        }
                        match &mut link {
                            Some(link) => link.asked(),
                            None => return refuse(&client).await,
                        }
                    }
                }
            }
            ready = writable(link.as_ref()), if !asked.is_empty() => {
                ready?;
                if let Some(link) = &link {
                    asked.drain(&link.stream)?;
                }
            }
            ready = readable(link.as_ref()), if answer.is_empty() => {
                ready?;
                let Some(open) = &mut link else { continue };
                match answer.fill(&open.stream)? {
                    Filled::NotYet => {}
                    Filled::Some => open.heard(),
                    Filled::Ended => match open.outlives_it(&current) {
                        Some(patience) if asked.is_empty() && !client_ended => {
                            link = None;
                            idle_until = Instant::now() + patience;
                        }
                        _ => return Ok(()),
                    },
                }
            }
            ready = client.writable(), if !answer.is_empty() => {
                ready?;
                answer.drain(&client)?;
            }
            () = sleep_until(idle_until), if link.is_none() && answer.is_empty() => return Ok(()),
        }
    }
}

async fn readable(link: Option<&Link>) -> io::Result<()> {
    match link {
        Some(link) => link.stream.readable().await,
        None => std::future::pending().await,
    }
}

async fn writable(link: Option<&Link>) -> io::Result<()> {
    match link {
        Some(link) => link.stream.writable().await,
        None => std::future::pending().await,
    }
}

async fn refuse(client: &TcpStream) -> io::Result<()> {
    client.writable().await?;
    client.try_write(UNAVAILABLE).map(|_| ())
}

impl Link {
    async fn open(backend: Arc<Backend>) -> Option<Self> {
        // Counted before it is connected, so that a replaced server isn't ended in between.
        let unanswered = Some(Unanswered::new(&backend));
        let stream = TcpStream::connect(backend.address).await.ok()?;
        stream.set_nodelay(true).ok()?;
        Some(Self {
            stream,
            backend,
            unanswered,
            heard: Instant::now(),
        })
    }

    fn asked(&mut self) {
        if self.unanswered.is_none() {
            self.unanswered = Some(Unanswered::new(&self.backend));
        }
    }

    fn heard(&mut self) {
        self.unanswered = None;
        self.heard = Instant::now();
    }

    fn is_replaced(&self, current: &watch::Receiver<Arc<Backend>>) -> bool {
        !Arc::ptr_eq(&self.backend, &current.borrow())
    }

    fn may_be_left(&self, current: &watch::Receiver<Arc<Backend>>, next: &[u8]) -> bool {
        let should = self.is_replaced(current) || self.heard.elapsed() >= QUIET;
        should && self.unanswered.is_none() && begins_request(next)
    }

    /// How long the caller's connection outlives the server's end of it. Not at all if that may be the answer's end.
    fn outlives_it(&self, current: &watch::Receiver<Arc<Backend>>) -> Option<Duration> {
        match &self.unanswered {
            None if self.heard.elapsed() >= QUIET => Some(LONG),
            None if self.is_replaced(current) => Some(SHORT),
            Some(_) | None => None,
        }
    }
}

/// A method and a space, as no body of ours begins.
fn begins_request(bytes: &[u8]) -> bool {
    let method = bytes.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    (3..=7).contains(&method) && bytes.get(method) == Some(&b' ')
}

impl Unanswered {
    fn new(backend: &Arc<Backend>) -> Self {
        backend.unanswered.fetch_add(1, Ordering::AcqRel);
        Self(backend.clone())
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        self.0.unanswered.fetch_sub(1, Ordering::AcqRel);
    }
}

enum Filled {
    Some,
    Ended,
    NotYet,
}

impl Pipe {
    fn new() -> Self {
        Self {
            bytes: vec![0; 16 * 1024].into(),
            from: 0,
            to: 0,
        }
    }

    fn is_empty(&self) -> bool {
        self.from == self.to
    }

    fn pending(&self) -> &[u8] {
        &self.bytes[self.from..self.to]
    }

    /// Takes what has come in; only when empty.
    fn fill(&mut self, source: &TcpStream) -> io::Result<Filled> {
        match source.try_read(&mut self.bytes) {
            Ok(0) => Ok(Filled::Ended),
            Ok(read) => {
                (self.from, self.to) = (0, read);
                Ok(Filled::Some)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(Filled::NotYet),
            Err(error) => Err(error),
        }
    }

    /// Passes on what the receiver takes.
    fn drain(&mut self, sink: &TcpStream) -> io::Result<()> {
        match sink.try_write(self.pending()) {
            Ok(written) => {
                self.from += written;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error),
        }
    }
}
