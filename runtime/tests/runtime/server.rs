//! A server on loopback that records what it is asked, byte by byte, and answers by script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use oas_runtime as rt;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The server; it stops with the test's runtime.
pub(crate) struct Server {
    pub(crate) url: String,
    shared: Arc<Mutex<Shared>>,
}

type Respond = dyn Fn(String) -> rt::BoxFuture<'static, Vec<u8>> + Send + Sync;

#[derive(Default)]
struct Shared {
    requests: Vec<String>,
}

/// An answer with a JSON body.
pub(crate) fn json(status: &str, body: &str) -> Vec<u8> {
    answer(status, "Content-Type: application/json\r\n", body)
}

/// An answer with headers, each ended by a line break, and a body.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

impl Server {
    /// A server that gives these answers in turn, and the last one from then on.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let answers: Mutex<VecDeque<Vec<u8>>> = Mutex::new(answers.into_iter().collect());
        Self::answering(move |_| {
            let mut answers = answers.lock().expect("no test thread panicked");
            let answer = match answers.len() {
                0 | 1 => answers
                    .front()
                    .cloned()
                    .unwrap_or_else(|| json("200 OK", "null")),
                _ => answers.pop_front().unwrap_or_default(),
            };
            async { answer }
        })
        .await
    }

    /// A server that makes each answer from the request; an empty one cuts the connection.
    pub(crate) async fn answering<F: Future<Output = Vec<u8>> + Send + 'static>(
        respond: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self {
        Self::answering_at("127.0.0.1:0", respond).await
    }

    /// The same at an address that is known before.
    pub(crate) async fn answering_at<F: Future<Output = Vec<u8>> + Send + 'static>(
        address: &str,
        respond: impl Fn(String) -> F + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address)
            .await
            .expect("the address is free");
        let address = listener.local_addr().expect("the listener has an address");
        let shared = Arc::new(Mutex::new(Shared::default()));
        let handle = Arc::clone(&shared);
        let respond: Arc<Respond> = Arc::new(move |request| Box::pin(respond(request)));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&handle), Arc::clone(&respond)));
            }
        });
        Self {
            url: format!("http://{address}"),
            shared,
        }
    }

    /// The requests so far, as text; the host, which differs from run to run, is made `HOST`.
    pub(crate) fn requests(&self) -> Vec<String> {
        let host = self.url.trim_start_matches("http://");
        let shared = self.shared.lock().expect("no test thread panicked");
        shared
            .requests
            .iter()
            .map(|request| request.replace(host, "HOST"))
            .collect()
    }

    /// The last request's first line and header lines and body.
    pub(crate) fn last(&self) -> String {
        self.requests().pop().expect("there was a request")
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Mutex<Shared>>, respond: Arc<Respond>) {
    let request = read(&mut stream).await;
    if request.is_empty() {
        return;
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    shared
        .lock()
        .expect("no test thread panicked")
        .requests
        .push(request.clone());
    let answer = respond(request).await;
    // The client may have given up; what it saw is what the test looks at.
    let _ = stream.write_all(&answer).await;
    let _ = stream.shutdown().await;
}

/// Head and body of a request; the body by its `Content-Length`.
async fn read(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .map_or(0, |text| {
                    text.trim().parse().expect("a content length is a number")
                });
            if bytes.len() >= end + 4 + length {
                return bytes;
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return bytes,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
}
