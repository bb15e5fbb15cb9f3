//! Parameter styles, as they arrive at a server.

use oas_runtime as rt;

use crate::sample::{Client, GET_PET, POST};
use crate::server::Server;
use crate::table;

/// `form*` is `form` with `explode: true`.
fn style(text: &str) -> rt::Style {
    let (name, explode) = match text.strip_suffix('*') {
        Some(name) => (name, true),
        None => (text, false),
    };
    match name {
        "form" => rt::Style::Form { explode },
        "spaceDelimited" => rt::Style::SpaceDelimited { explode },
        "pipeDelimited" => rt::Style::PipeDelimited { explode },
        "deepObject" => rt::Style::DeepObject,
        "simple" => rt::Style::Simple { explode },
        "label" => rt::Style::Label { explode },
        "matrix" => rt::Style::Matrix { explode },
        other => panic!("{other} is no style"),
    }
}

/// Sends one request a case; `pick` finds what arrived for the parameter in the request's text.
fn check(
    file: &str,
    operation: &'static rt::Operation,
    set: fn(&mut rt::Request, &[&str], &rt::Value),
    pick: fn(&str) -> String,
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("the machine has sockets");
    let server = runtime.block_on(Server::start([]));
    let client: Client = Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a good URL");
    table::check(file, |cells| {
        let value = serde_json::from_str(cells[1]).expect("the second cell is JSON");
        let mut request = client.inner.request(operation);
        set(&mut request, cells, &value);
        match runtime.block_on(request.send_raw()) {
            Ok(_) => pick(&server.last()),
            Err(error) => error.to_string(),
        }
    });
}

/// The query of the request line.
fn query(request: &str) -> String {
    let target = request
        .split(' ')
        .nth(1)
        .expect("a request line has a target");
    target
        .split_once('?')
        .map_or("(none)", |(_, query)| query)
        .to_owned()
}

fn header(request: &str, name: &str) -> String {
    let prefix = format!("{name}: ");
    let head = request.split("\r\n\r\n").next().unwrap_or_default();
    head.lines()
        .find_map(|line| line.strip_prefix(&prefix))
        .unwrap_or("(none)")
        .to_owned()
}

#[test]
fn query_parameters() {
    check(
        "styles/query.txt",
        &POST,
        |request, cells, value| request.query("color", value, style(cells[0])),
        query,
    );
}

#[test]
fn query_parameters_with_reserved_characters() {
    check(
        "styles/query-reserved.txt",
        &POST,
        |request, cells, value| request.query_reserved("color", value, style(cells[0])),
        query,
    );
}

#[test]
fn path_parameters() {
    check(
        "styles/path.txt",
        &GET_PET,
        |request, cells, value| request.path("id", value, style(cells[0])),
        |request| {
            let target = request
                .split(' ')
                .nth(1)
                .expect("a request line has a target");
            target.trim_start_matches("/pets/").to_owned()
        },
    );
}

#[test]
fn header_parameters() {
    check(
        "styles/header.txt",
        &POST,
        |request, cells, value| request.header("X-Color", value, style(cells[0])),
        |request| header(request, "x-color"),
    );
}

#[test]
fn cookie_parameters() {
    check(
        "styles/cookie.txt",
        &POST,
        |request, cells, value| request.cookie("color", value, style(cells[0])),
        |request| header(request, "cookie"),
    );
}

#[test]
fn content_parameters() {
    check(
        "styles/content.txt",
        &POST,
        |request, cells, value| {
            let (location, media_type) = cells[0].split_once(' ').expect("location, media type");
            match location {
                "query" => request.query_content("color", media_type, value),
                "header" => request.header_content("X-Color", media_type, value),
                "cookie" => request.cookie_content("color", media_type, value),
                other => panic!("{other} is no location"),
            }
        },
        |request| match (
            query(request),
            header(request, "x-color"),
            header(request, "cookie"),
        ) {
            (query, header, cookie) if header == "(none)" && cookie == "(none)" => query,
            (_, header, cookie) if cookie == "(none)" => header,
            (_, _, cookie) => cookie,
        },
    );
}

/// Properties `deep`, `piped`, `open` and `json` have an encoding of their own.
#[test]
fn form_bodies() {
    const ENCODINGS: &[rt::Encoding] = &[
        rt::Encoding {
            name: "deep",
            style: Some(rt::Style::DeepObject),
            media_type: "",
            allow_reserved: false,
        },
        rt::Encoding {
            name: "piped",
            style: Some(rt::Style::PipeDelimited { explode: false }),
            media_type: "",
            allow_reserved: false,
        },
        rt::Encoding {
            name: "open",
            style: None,
            media_type: "",
            allow_reserved: true,
        },
        rt::Encoding {
            name: "json",
            style: None,
            media_type: "application/json",
            allow_reserved: false,
        },
    ];
    check(
        "styles/form-body.txt",
        &POST,
        |request, _, value| request.form(value, ENCODINGS),
        |request| match request.split("\r\n\r\n").nth(1) {
            None | Some("") => "(empty)".to_owned(),
            Some(body) => body.to_owned(),
        },
    );
}
