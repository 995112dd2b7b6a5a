//! A whole portal behind its router, with one person of every role, and the ways they come in.
#![expect(dead_code, reason = "each test uses a part of it")]

pub mod arguments;
pub mod process;
pub mod story;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use backend::{Portal, Settings, person, session, token};
use domain::{
    Actor,
    actor::{Discipline, Role},
    person::{Duties, Newcomer},
};
use http_body_util::BodyExt;
use ledger::{SigningKey, cosignature::Quorum};
use server::{
    config, router,
    served::{Limits, Served},
};
use sqlx::PgPool;
use std::collections::BTreeMap;
use tempfile::TempDir;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// What everyone signs in with.
pub const PASSWORD: &str = "correct horse battery";
/// The kind of a form with a file, and how its parts are told apart.
pub const MULTIPART: &str = "multipart/form-data; boundary=X";
pub const ORIGIN: &str = "portal.example/log";
/// The secret half of the tests' key.
pub const SEED: [u8; 32] = [7; 32];

/// A portal with its people.
pub struct Stage {
    pub router: Router,
    pub portal: Portal,
    pub people: BTreeMap<&'static str, Actor>,
    /// The database as its owner sees it.
    pub owner: PgPool,
    _folder: TempDir,
    /// Evaluates what is sent.
    pub worker: JoinSet<()>,
}

/// Where the portal of a test stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On plain HTTP, as on a laptop.
    Near,
    /// Behind TLS.
    Public,
}

impl Stage {
    pub async fn new(owner: PgPool) -> Self {
        Self::at(owner, Place::Near).await
    }

    pub async fn at(owner: PgPool, place: Place) -> Self {
        Self::witnessed(owner, place, Quorum::default()).await
    }

    /// A portal whose checkpoints these witnesses have to cosign.
    pub async fn witnessed(owner: PgPool, place: Place, quorum: Quorum) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default(); // an earlier test may have
        let folder = tempfile::tempdir().unwrap();
        let pool = Portal::connect((*owner.connect_options()).clone(), 5)
            .await
            .unwrap();
        let settings = Settings {
            origin: ORIGIN.into(),
            key: SigningKey::from_seed(ORIGIN, &SEED).unwrap(),
            quorum,
            files: folder.path().join("files"),
            bucket: None,
            artifacts: Vec::new(),
            host: targets::Host {
                mlserver: "mlserver".into(),
                work_dir: folder.path().join("deployments"),
                fronts: targets::Fronts::default(),
            },
        };
        let portal = Portal::new(pool, settings).unwrap();
        backend::policy::install_built_in(&portal).await.unwrap();
        backend::template::install_built_in(&portal).await.unwrap();
        let limits = Limits {
            upload: 8 * 1024 * 1024,
            trusted_proxy_hops: 0,
            secure_cookies: place == Place::Public,
            public_url: match place {
                Place::Near => "http://127.0.0.1:3000".into(),
                Place::Public => "https://portal.example".into(),
            },
        };
        let served = Served::new(portal.clone(), limits);
        let router = router::router(&served, &config::leptos().unwrap());
        let mut worker = JoinSet::new();
        worker.spawn(backend::evaluation::work(portal.clone()));
        Self {
            router,
            people: people(&portal).await,
            portal,
            owner,
            _folder: folder,
            worker,
        }
    }

    pub fn actor(&self, role: &str) -> &Actor {
        &self.people[role]
    }

    /// A bearer token of this person.
    pub async fn token(&self, role: &str) -> String {
        token::make(&self.portal, self.actor(role), "test", 1)
            .await
            .unwrap()
            .1
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// Asks for a page as a browser does.
    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(browser(Method::GET, path, cookie).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a form as a browser without scripts does, from `page`.
    pub async fn submit(&self, page: &str, action: &str, fields: &[(&str, &str)], cookie: &str) -> Answer {
        let request = browser(Method::POST, action, cookie)
            .header(header::REFERER, format!("http://127.0.0.1:3000{page}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form(fields))).unwrap()).await
    }

    /// Sends a form with a file as a browser without scripts does, from `page`.
    pub async fn upload(
        &self,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
        file: Option<&[u8]>,
        cookie: &str,
    ) -> Answer {
        let request = browser(Method::POST, action, cookie)
            .header(header::REFERER, format!("http://127.0.0.1:3000{page}"))
            .header(header::CONTENT_TYPE, MULTIPART);
        self.send(request.body(Body::from(multipart(fields, file))).unwrap())
            .await
    }

    /// Signs in on the page, and answers with the cookie.
    pub async fn sign_in(&self, role: &str) -> String {
        let fields = [
            ("email", &*email(role)),
            ("password", PASSWORD),
            ("next", "/models"),
        ];
        let answer = self.submit("/sign-in", &function("sign_in"), &fields, "").await;
        assert!(
            answer.status.is_redirection(),
            "{} {}",
            answer.status,
            answer.body
        );
        answer.cookie().expect("a session begins")
    }
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// The cookie that was set, as a browser sends it back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.headers.get(header::SET_COOKIE)?.to_str().unwrap();
        set.split(';').next().map(str::to_owned)
    }
}

fn browser(method: Method, path: &str, cookie: &str) -> axum::http::request::Builder {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::ACCEPT, "text/html,application/xhtml+xml")
        .header(header::USER_AGENT, "test browser")
        .header("sec-fetch-site", "same-origin");
    if cookie.is_empty() {
        request
    } else {
        request.header(header::COOKIE, cookie)
    }
}

/// The address of a server function.
pub fn function(name: &str) -> String {
    let named = |path: &&str| function_name(path) == name;
    let path = functions().find(named);
    path.unwrap_or_else(|| panic!("there is no server function {name}"))
        .to_owned()
}

/// The addresses of all server functions.
pub fn functions() -> impl Iterator<Item = &'static str> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path)
}

/// Its name: the last part of its address, without the hash behind it.
pub fn function_name(path: &str) -> &str {
    path.rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(|c: char| c.is_ascii_digit())
}

/// Fields as browsers write them.
pub fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

/// Fields and a file as browsers write them. The file comes first, as in the form for predictions.
pub fn multipart(fields: &[(&str, &str)], file: Option<&[u8]>) -> Vec<u8> {
    let mut body = Vec::new();
    if let Some(file) = file {
        body.extend(b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n");
    }
    for (name, value) in fields {
        body.extend(
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    body.extend(b"--X--\r\n");
    body
}

pub fn email(role: &str) -> String {
    format!("{role}@portal.example")
}

/// One of each; the reviewer judges for both disciplines.
async fn people(portal: &Portal) -> BTreeMap<&'static str, Actor> {
    let mut people = BTreeMap::new();
    for role in Role::ALL {
        let disciplines: &[&str] = if role == Role::Reviewer {
            &["ethics", "compliance"]
        } else {
            &[]
        };
        let disciplines = disciplines
            .iter()
            .filter_map(|name| Discipline::new(name))
            .collect();
        let duties = Duties::new(vec![role], disciplines).unwrap();
        let newcomer = Newcomer::new(&email(role.as_str()), &format!("The {role}"), duties).unwrap();
        let id = person::add_by_operator(portal, newcomer, PASSWORD.into())
            .await
            .unwrap();
        people.insert(role.as_str(), session::actor(portal, id).await.unwrap().unwrap());
    }
    people
}
