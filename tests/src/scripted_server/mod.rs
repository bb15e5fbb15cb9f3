//! A server on loopback that answers as scripted and records what it is asked.
//!
//! It has no idea of any API. A tenant that behaves like a real one is the crate `mock-tenant`.
//!
//! ```
//! # use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # runtime.block_on(async {
//! let server = ScriptedServer::start().await?;
//! server
//!     .route("GET", "/v3/identity-profiles")
//!     .answer(Answer::status(429).header("Retry-After", "0"))
//!     .answer(Answer::json(200, &serde_json::json!([])));
//! // … let a client call `server.url("/v3")` …
//! assert_eq!(server.requests().len(), 0);
//! # Ok::<(), std::io::Error>(())
//! # })?;
//! # Ok::<(), std::io::Error>(())
//! ```

mod answer;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use answer::Answer;
pub use mock_tenant::RecordedRequest;

/// The status for a request that no script has an answer to; no API documents it.
pub const NOT_SCRIPTED: u16 = 597;

/// A server on a free port of loopback; it stops when dropped.
#[derive(Debug)]
pub struct ScriptedServer {
    address: SocketAddr,
    state: Arc<Mutex<Recorder>>,
    server: JoinHandle<io::Result<()>>,
}

impl ScriptedServer {
    /// Starts to listen. Without a script, every request is answered with [`NOT_SCRIPTED`].
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Mutex::new(Recorder::default()));
        let app = Router::new()
            .fallback(handle)
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self {
            address,
            state,
            server,
        })
    }

    /// The URL of a path on this server: `http://127.0.0.1:4711/v3`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The script for a method and a path, as they stand in the request line, without a query.
    pub fn route(&self, method: &str, path: &str) -> Route<'_> {
        Route {
            server: self,
            key: (method.to_owned(), path.to_owned()),
        }
    }

    /// Sets the answer to all requests that no script has an answer to.
    pub fn otherwise(&self, answer: Answer) {
        lock(&self.state).otherwise = Some(answer);
    }

    /// The requests so far, in order of arrival.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.state).requests.clone()
    }

    /// The requests since the last call, in order of arrival.
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        std::mem::take(&mut lock(&self.state).requests)
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// The script for one method and path.
///
/// Queued answers are used once each, in order; then comes what [`always`](Self::always) or
/// [`respond`](Self::respond) set.
#[derive(Debug)]
pub struct Route<'a> {
    server: &'a ScriptedServer,
    key: (String, String),
}

impl Route<'_> {
    /// Queues an answer, to be used once.
    #[expect(
        clippy::return_self_not_must_use,
        reason = "adding to the script is the effect"
    )]
    pub fn answer(self, answer: Answer) -> Self {
        self.script(|script| script.queued.push_back(answer));
        self
    }

    /// Sets the answer to all requests that the queue has none for.
    pub fn always(self, answer: Answer) {
        self.respond(move |_| answer.clone());
    }

    /// Computes the answer to all requests that the queue has none for.
    pub fn respond(self, respond: impl FnMut(&RecordedRequest) -> Answer + Send + 'static) {
        self.script(|script| script.then = Some(Box::new(respond)));
    }

    fn script(&self, change: impl FnOnce(&mut Script)) {
        change(
            lock(&self.server.state)
                .scripts
                .entry(self.key.clone())
                .or_default(),
        );
    }
}

type Respond = Box<dyn FnMut(&RecordedRequest) -> Answer + Send>;

#[derive(Default)]
struct Script {
    queued: VecDeque<Answer>,
    then: Option<Respond>,
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("queued", &self.queued)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
struct Recorder {
    scripts: BTreeMap<(String, String), Script>,
    otherwise: Option<Answer>,
    requests: Vec<RecordedRequest>,
}

impl Recorder {
    fn answer_to(&mut self, request: &RecordedRequest) -> Answer {
        let key = (request.method.clone(), request.path().to_owned());
        let answer = self.scripts.get_mut(&key).and_then(|script| {
            let queued = script.queued.pop_front();
            queued.or_else(|| script.then.as_mut().map(|respond| respond(request)))
        });
        answer
            .or_else(|| self.otherwise.clone())
            .unwrap_or_else(|| {
                let scripted: Vec<String> = self
                    .scripts
                    .keys()
                    .map(|(method, path)| format!("{method} {path}"))
                    .collect();
                Answer::text(
                    NOT_SCRIPTED,
                    "text/plain",
                    format!(
                        "the server has no answer left for {} {}; it has scripts for: {}",
                        key.0,
                        key.1,
                        scripted.join(", ")
                    ),
                )
            })
    }
}

/// A panic of a test that holds the lock must not hide behind another one here.
fn lock(state: &Mutex<Recorder>) -> MutexGuard<'_, Recorder> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn handle(
    State(state): State<Arc<Mutex<Recorder>>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = RecordedRequest::new(&method, &uri, &headers, body);
    let mut recorder = lock(&state);
    let answer = recorder.answer_to(&request);
    recorder.requests.push(request);
    answer.into_response()
}
