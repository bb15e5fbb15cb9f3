//! One request, as an operation's builder fills it in.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::json::{Json, Writer};

use super::body::{self, Body, Encoding};
use super::options::CallSettings;
use super::server::query_pair;
use super::style::{Escape, escape, expand};
use super::{Client, Credentials, Multipart, Operation, RequestError, Style};

/// A request for one operation.
///
/// The setters never fail: what cannot be sent is reported when it is to be sent. Setting a
/// parameter again replaces it. `null` for a parameter leaves it out.
#[derive(Clone)]
pub struct Request {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    /// Name and escaped text.
    path: Vec<(String, String)>,
    /// Name and escaped text: none, one or several pairs, joined by `&`.
    query: Vec<(String, String)>,
    /// The user's own pairs.
    extra_query: Vec<String>,
    headers: HeaderMap,
    extra_headers: HeaderMap,
    /// Name and escaped text: none, one or several pairs, joined by `; `.
    cookies: Vec<(String, String)>,
    body: Option<Body>,
    pub(super) settings: CallSettings,
    /// The first thing that a setter could not do.
    problem: Option<String>,
}

impl Request {
    pub(super) fn new(client: Client, operation: &'static Operation) -> Self {
        Self {
            client,
            operation,
            path: Vec::new(),
            query: Vec::new(),
            extra_query: Vec::new(),
            headers: HeaderMap::new(),
            extra_headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: None,
            settings: CallSettings::default(),
            problem: None,
        }
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Sets a path parameter.
    pub fn path(&mut self, name: &str, value: &impl Json, style: Style) {
        self.set_path(name, &value.to_json(), style);
    }

    /// Sets a query parameter.
    pub fn query(&mut self, name: &str, value: &impl Json, style: Style) {
        self.set_query(name, &value.to_json(), style, Escape::Strict);
    }

    /// Sets a query parameter whose reserved characters stay as they are (`allowReserved`).
    pub fn query_reserved(&mut self, name: &str, value: &impl Json, style: Style) {
        self.set_query(name, &value.to_json(), style, Escape::AllowReserved);
    }

    /// The text of a query parameter that is one pair, still escaped.
    pub(super) fn query_text(&self, name: &str) -> Option<&str> {
        let (_, pair) = self.query.iter().find(|(known, _)| known == name)?;
        Some(pair.split_once('=')?.1)
    }

    /// Sets a header parameter.
    pub fn header(&mut self, name: &str, value: &impl Json, style: Style) {
        if let Some(text) = expand(name, &value.to_json(), style, Escape::Off, ",") {
            self.set_header(name, &text);
        } else {
            self.headers.remove(name);
        }
    }

    /// Sets a cookie parameter.
    pub fn cookie(&mut self, name: &str, value: &impl Json, style: Style) {
        let text = expand(name, &value.to_json(), style, Escape::Strict, "; ");
        replace(&mut self.cookies, name, text);
    }

    /// Sets a path parameter that is a document of a media type (`content`).
    pub fn path_content(&mut self, name: &str, media_type: &str, value: &impl Json) {
        let text = body::content_text(&value.to_json(), media_type);
        replace(&mut self.path, name, Some(escape(&text, Escape::Strict)));
    }

    /// Sets a query parameter that is a document of a media type (`content`).
    pub fn query_content(&mut self, name: &str, media_type: &str, value: &impl Json) {
        let text = body::content_text(&value.to_json(), media_type);
        replace(&mut self.query, name, Some(query_pair(name, &text)));
    }

    /// Sets a header parameter that is a document of a media type (`content`).
    ///
    /// JSON is written in ASCII, which every server reads.
    pub fn header_content(&mut self, name: &str, media_type: &str, value: &impl Json) {
        let value = value.to_json();
        let text = if body::is_json(media_type) {
            body::ascii_json_text(&value)
        } else {
            body::content_text(&value, media_type)
        };
        self.set_header(name, &text);
    }

    /// Sets a cookie parameter that is a document of a media type (`content`).
    pub fn cookie_content(&mut self, name: &str, media_type: &str, value: &impl Json) {
        let text = body::content_text(&value.to_json(), media_type);
        replace(&mut self.cookies, name, Some(query_pair(name, &text)));
    }

    /// Sets a body of JSON, or of a media type that builds on it.
    pub fn json(&mut self, value: &impl Json, media_type: &str) {
        let text = Writer::of(value).root().to_string();
        self.set_body(text.into(), media_type);
    }

    /// Sets a body of text.
    pub fn text(&mut self, text: impl Into<String>, media_type: &str) {
        self.set_body(text.into().into(), media_type);
    }

    /// Sets a body of bytes.
    pub fn bytes(&mut self, bytes: impl Into<Bytes>, media_type: &str) {
        self.set_body(bytes.into(), media_type);
    }

    /// Sets a body of `application/x-www-form-urlencoded` from an object.
    pub fn form(&mut self, value: &impl Json, encodings: &[Encoding]) {
        match body::form(&value.to_json(), encodings) {
            Ok(text) => self.set_body(text.into(), "application/x-www-form-urlencoded"),
            Err(problem) => self.report(problem),
        }
    }

    /// Sets a body of `multipart/form-data`.
    pub fn multipart(&mut self, parts: Multipart) {
        self.body = Some(parts.into_body());
    }

    /// Sets the media type of the body, which wins over the one that the body was set with.
    pub fn body_media_type(&mut self, media_type: &str) {
        self.set_header(CONTENT_TYPE.as_str(), media_type);
    }

    /// Sets the `Accept` header of this request.
    pub fn accept(&mut self, media_types: &str) {
        self.set_header(ACCEPT.as_str(), media_types);
    }

    /// Sets a header that no parameter describes; it wins over all others of its name.
    pub fn extra_header(&mut self, name: &str, value: &str) {
        if let Some((name, value)) = self.checked_header(name, value) {
            self.extra_headers.insert(name, value);
        }
    }

    /// Adds a query pair that no parameter describes.
    pub fn extra_query(&mut self, name: &str, value: &str) {
        self.extra_query.push(query_pair(name, value));
    }

    fn set_path(&mut self, name: &str, value: &Value, style: Style) {
        let text = expand(name, value, style, Escape::Strict, "&");
        replace(&mut self.path, name, Some(text.unwrap_or_default()));
    }

    fn set_query(&mut self, name: &str, value: &Value, style: Style, mode: Escape) {
        replace(&mut self.query, name, expand(name, value, style, mode, "&"));
    }

    fn set_header(&mut self, name: &str, value: &str) {
        if let Some((name, value)) = self.checked_header(name, value) {
            self.headers.insert(name, value);
        }
    }

    fn set_body(&mut self, bytes: Bytes, media_type: &str) {
        self.body = Some(Body {
            media_type: media_type.to_owned(),
            bytes,
        });
    }

    fn checked_header(&mut self, name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
        let Ok(header) = HeaderName::from_bytes(name.as_bytes()) else {
            self.report(format!("{name:?} is no header name"));
            return None;
        };
        let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) else {
            self.report(format!(
                "the value of the header `{name}` holds a character that HTTP does not allow, such \
                 as a line break"
            ));
            return None;
        };
        Some((header, value))
    }

    /// The body and the media type that it goes out with.
    pub(super) fn body(&self) -> Option<(&str, &[u8])> {
        let body = self.body.as_ref()?;
        let stated = self.headers.get(CONTENT_TYPE);
        let stated = stated.and_then(|value| value.to_str().ok());
        Some((stated.unwrap_or(&body.media_type), &body.bytes))
    }

    fn report(&mut self, problem: String) {
        self.problem.get_or_insert(problem);
    }

    /// The request as it goes out.
    pub(super) fn assemble(
        &self,
        credentials: &Credentials,
    ) -> Result<reqwest::Request, RequestError> {
        let error = |message: String| RequestError::new(self.operation, message);
        if let Some(problem) = &self.problem {
            return Err(error(problem.clone()));
        }
        let method = reqwest::Method::from_bytes(self.operation.method.as_str().as_bytes())
            .map_err(|_| error("the method is no HTTP method".to_owned()))?;
        let secret_query: Vec<String> = credentials
            .query_parameters()
            .map(|(name, value)| query_pair(name, value.expose_secret()))
            .collect();
        let query: Vec<&str> = self
            .query
            .iter()
            .map(|(_, text)| text)
            .chain(&self.extra_query)
            .chain(&secret_query)
            .map(String::as_str)
            .collect();
        let base = self.client.base_of(self.operation).map_err(error)?;
        let url = base
            .url(self.operation.path, &self.path, &query)
            .map_err(error)?;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = self.assemble_headers(credentials).map_err(error)?;
        if let Some(body) = &self.body {
            *request.body_mut() = Some(body.bytes.clone().into());
        }
        Ok(request)
    }

    /// From the most general to the most particular: each replaces what is there by its name.
    fn assemble_headers(&self, credentials: &Credentials) -> Result<HeaderMap, String> {
        let mut headers = self.client.inner().headers.clone();
        let constant = |text: &str| {
            HeaderValue::from_str(text).map_err(|_| format!("{text:?} is no media type"))
        };
        if !self.operation.accept.is_empty() {
            headers.insert(ACCEPT, constant(self.operation.accept)?);
        }
        if let Some(body) = &self.body
            && !body.media_type.is_empty()
        {
            headers.insert(CONTENT_TYPE, constant(&body.media_type)?);
        }
        for (name, value) in &self.headers {
            headers.insert(name, value.clone());
        }
        for (name, value) in credentials.headers() {
            headers.insert(name, value.clone());
        }
        self.add_cookies(credentials, &mut headers)?;
        for (name, value) in &self.extra_headers {
            headers.insert(name, value.clone());
        }
        Ok(headers)
    }

    fn add_cookies(
        &self,
        credentials: &Credentials,
        headers: &mut HeaderMap,
    ) -> Result<(), String> {
        let mut cookies: Vec<String> = headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok().map(str::to_owned))
            .collect();
        cookies.extend(self.cookies.iter().map(|(_, text)| text.clone()));
        for (name, value) in credentials.cookies() {
            cookies.push(format!("{name}={}", value.expose_secret()));
        }
        if !cookies.is_empty() {
            let mut value = HeaderValue::from_str(&cookies.join("; ")).map_err(|_| {
                "a cookie holds a character that HTTP does not allow in a header".to_owned()
            })?;
            value.set_sensitive(true);
            headers.insert(COOKIE, value);
        }
        Ok(())
    }
}

/// Sets or removes the text of a parameter.
fn replace(parameters: &mut Vec<(String, String)>, name: &str, text: Option<String>) {
    parameters.retain(|(existing, _)| existing != name);
    parameters.extend(text.map(|text| (name.to_owned(), text)));
}

impl fmt::Debug for Request {
    /// Names only: values may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |list: &[(String, String)]| -> Vec<String> {
            list.iter().map(|(name, _)| name.clone()).collect()
        };
        f.debug_struct("Request")
            .field("operation", &format_args!("{}", self.operation))
            .field("path", &names(&self.path))
            .field("query", &names(&self.query))
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("cookies", &names(&self.cookies))
            .field("body", &self.body.as_ref().map(|body| body.bytes.len()))
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
