//! The server: answers that are made before anybody asks.

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::Ipv4Addr;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, RawQuery};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream;
use mock_tenant::{MockTenant, Options};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Profiles in a page, as many as the API gives at most.
const PAGE: usize = 250;
const MEGABYTE: usize = 1_000_000;
/// What an import answers.
const IMPORTED: &str = r#"{"infos":[],"warnings":[],"errors":[],"importedObjects":[]}"#;

pub(crate) async fn run(megabytes: usize) -> anyhow::Result<()> {
    let profiles = MockTenant::start(Options::new().profiles(PAGE))
        .await?
        .profiles();
    let one: Bytes = profiles[0].to_string().into();
    let page: Bytes = Value::from(profiles.clone()).to_string().into();
    let objects: Vec<String> = profiles
        .iter()
        .map(|one| exported(one).to_string())
        .collect();
    let piece: Bytes = objects.join(",").into();
    let pieces = (megabytes * MEGABYTE).div_ceil(piece.len());
    let path = |rest: &str| format!("/v2024/identity-profiles{rest}");
    let app = Router::new()
        .route(&path(""), get(move || async move { body(page.into()) }))
        .route(
            &path("/export"),
            get(move |RawQuery(query): RawQuery| async move {
                // A part of the export is asked for, or all of it.
                body(export(piece, query.map_or(pieces, |_| 1)))
            }),
        )
        .route(
            &path("/import"),
            post(|_: Bytes| async { body(IMPORTED.into()) }).layer(DefaultBodyLimit::disable()),
        )
        .route(&path("/{id}"), get(move || async move { body(one.into()) }));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let mut output = std::io::stdout();
    writeln!(output, "http://{}", listener.local_addr()?)?;
    output.flush()?;
    // The one who started this process closes the input, be it by its own end.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    Ok(axum::serve(listener, app).await?)
}

fn exported(profile: &Value) -> Value {
    let about = json!({
        "type": "IDENTITY_PROFILE",
        "id": profile["id"],
        "name": profile["name"],
    });
    json!({"version": 1, "self": about, "object": profile})
}

fn body(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}

/// The same objects, so many times.
fn export(piece: Bytes, times: usize) -> Body {
    let pieces = (0..times).flat_map(move |time| {
        let separator: &'static [u8] = if time == 0 { b"[" } else { b"," };
        [Bytes::from_static(separator), piece.clone()]
    });
    let pieces = pieces.chain([Bytes::from_static(b"]")]);
    Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)))
}
