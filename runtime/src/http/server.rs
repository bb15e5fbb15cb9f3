//! From servers and path templates to URLs.

use std::collections::BTreeMap;
use std::fmt;

use url::Url;

use super::style::{Escape, escape};
use super::{Server, ServerVariable};

/// Where requests go: a URL to which an operation's path is appended.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Base {
    /// Without a trailing slash, query or fragment.
    root: Url,
    /// The query that every request starts with.
    query: Option<String>,
}

impl Base {
    /// Reads an absolute `http` or `https` URL. The error says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|error| {
            format!(
                "`{}` is no absolute URL ({error}); expected one like https://host/path",
                shown(text)
            )
        })?;
        Self::new(url)
    }

    fn new(mut root: Url) -> Result<Self, String> {
        if !matches!(root.scheme(), "http" | "https") {
            return Err(format!("`{}` is not http or https", shown(root.as_str())));
        }
        if has_user(&root) {
            return Err(format!("`{}` {HAS_USER}", shown(root.as_str())));
        }
        let query = root
            .query()
            .filter(|query| !query.is_empty())
            .map(str::to_owned);
        root.set_query(None);
        root.set_fragment(None);
        let path = root.path().trim_end_matches('/').to_owned();
        root.set_path(&path);
        Ok(Self { root, query })
    }

    /// The base of a server, whose URL may be relative to `parent`.
    pub(super) fn of_server(
        server: &Server,
        values: &BTreeMap<String, String>,
        parent: Option<&Self>,
    ) -> Result<Self, String> {
        let text = fill_in(server, values)?;
        match (Url::parse(&text), parent) {
            (Ok(url), _) => Self::new(url),
            (Err(_), Some(parent)) => {
                let url = parent.root.join(&text).map_err(|error| {
                    format!(
                        "the server URL `{text}` cannot be joined to `{}` ({error})",
                        parent.root
                    )
                })?;
                Self::new(url)
            }
            (Err(_), None) => Err(format!(
                "the document's server URL `{text}` is not absolute; give one with `base_url`"
            )),
        }
    }

    /// A path with a query, both perhaps empty, on the same host.
    pub(super) fn at_origin(&self, path_and_query: &str) -> Url {
        let without_fragment = path_and_query.split('#').next().unwrap_or_default();
        let (path, query) = match without_fragment.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (without_fragment, None),
        };
        let mut url = self.root.clone();
        url.set_path(path);
        url.set_query(query);
        url
    }

    /// Its path, without a slash at the end.
    pub(super) fn path(&self) -> &str {
        self.root.path().trim_end_matches('/')
    }

    /// This with the path of a server appended, unless it ends with that already.
    pub(super) fn with_path_of(
        &self,
        server: &Server,
        values: &BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let path = path_of(server, values)?;
        let mut root = self.root.clone();
        if !path.is_empty() && before_path(self.path(), &path).is_none() {
            root.set_path(&format!("{}/{path}", self.path()));
        }
        Ok(Self {
            root,
            query: self.query.clone(),
        })
    }

    /// What stands in front of the path of a server, without a slash at the end; `None` if this does
    /// not end with that path.
    pub(super) fn in_front_of(
        &self,
        server: &Server,
        values: &BTreeMap<String, String>,
    ) -> Option<&str> {
        before_path(self.path(), &path_of(server, values).ok()?)
    }

    /// Whether it takes TLS to talk to it.
    pub(super) fn is_https(&self) -> bool {
        self.root.scheme() == "https"
    }

    /// The URL of a path template with its parameters filled in.
    pub(super) fn url(
        &self,
        template: &str,
        parameters: &[(String, String)],
        query: &[&str],
    ) -> Result<Url, String> {
        // Documents tell operations on one path apart by a fragment, which is never sent.
        let template = template.split('#').next().unwrap_or_default();
        let (template, template_query) = match template.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (template, None),
        };
        let path = expand_path(template, parameters)?;
        let mut url = self.root.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        let slash = if path.starts_with('/') || path.is_empty() {
            ""
        } else {
            "/"
        };
        url.set_path(&format!("{base}{slash}{path}"));
        let pieces: Vec<&str> = self
            .query
            .as_deref()
            .into_iter()
            .chain(template_query)
            .chain(query.iter().copied())
            .filter(|piece| !piece.is_empty())
            .collect();
        if !pieces.is_empty() {
            url.set_query(Some(&pieces.join("&")));
        }
        Ok(url)
    }
}

/// What is wrong with a URL that has user information.
pub(crate) const HAS_USER: &str = "has a user or password before the host, which is never sent; take \
                                   them out and give them as credentials, with `basic` for instance";

/// Whether a URL has user information, which HTTP libraries write to their logs.
pub(crate) fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// What an error or `Debug` shows of what is to be a URL: all but user information, which may hold a
/// password, and the query, which may hold a key.
pub(super) fn shown(text: &str) -> String {
    let text = text.trim();
    let (scheme, rest) = match text.find("://") {
        Some(end) => text.split_at(end + "://".len()),
        None => ("", text),
    };
    let (before, query) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let rest = match before.rsplit_once('@') {
        Some((_, rest)) => rest,
        // A password that is not escaped may hold what begins a query.
        None if query.contains('@') => "…",
        None => before,
    };
    format!("{scheme}{rest}")
}

impl fmt::Debug for Base {
    /// Without the user information, which may hold a password, and the query, which may hold a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.root.host_str().unwrap_or_default();
        let port = self
            .root
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        write!(
            f,
            "{}://{host}{port}{}",
            self.root.scheme(),
            self.root.path()
        )
    }
}

/// The path of a server with its variables filled in, without slashes around it.
fn path_of(server: &Server, values: &BTreeMap<String, String>) -> Result<String, String> {
    let text = fill_in(server, values)?;
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => text.as_str(),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default();
    Ok(path.trim_matches('/').to_owned())
}

/// What stands in front of a path that is the end of another one, as whole segments.
fn before_path<'p>(whole: &'p str, end: &str) -> Option<&'p str> {
    if end.is_empty() {
        return Some(whole);
    }
    whole.strip_suffix(end)?.strip_suffix('/')
}

/// The URL of a server with its variables filled in.
fn fill_in(server: &Server, values: &BTreeMap<String, String>) -> Result<String, String> {
    let mut text = String::with_capacity(server.url.len());
    let mut rest = server.url;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let Some(variable) = server
            .variables
            .iter()
            .find(|variable| variable.name == name)
        else {
            text.push_str(&rest[..=literal.len()]);
            rest = &rest[literal.len() + 1..];
            continue;
        };
        text.push_str(literal);
        match values.get(name) {
            Some(given) => {
                check_value(variable, given, &text)?;
                text.push_str(given);
            }
            None => text.push_str(variable.default),
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(text)
}

/// Whether a value can stand where its variable does. One that ends the host or adds a user would
/// send credentials to another host.
fn check_value(variable: &ServerVariable, given: &str, before: &str) -> Result<(), String> {
    let name = variable.name;
    if !variable.values.is_empty() && !variable.values.contains(&given) {
        let expected = variable.values.join(", ");
        return Err(format!(
            "`{given}` is no value of the server variable `{name}`; expected one of {expected}"
        ));
    }
    let is_host = before
        .split_once("://")
        .is_some_and(|(_, host)| !host.contains('/'));
    let is_harmful = |character: char| match character {
        '?' | '#' | '{' | '}' | '\\' => true,
        '/' | '@' => is_host,
        other => other.is_whitespace() || other.is_control(),
    };
    // At the very start a value may be a whole URL.
    let is_start = before.is_empty();
    if (is_host && given.is_empty())
        || given
            .chars()
            .any(|c| is_harmful(c) && !(is_start && c == '@'))
    {
        return Err(format!(
            "`{given}` cannot stand in the server URL as `{name}`: it would change what the URL means"
        ));
    }
    Ok(())
}

/// A path template with its parameters filled in; what stands outside braces is escaped only where
/// a path cannot hold it.
fn expand_path(template: &str, parameters: &[(String, String)]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        path.push_str(literal);
        let value = parameters.iter().find(|(given, _)| given == name);
        match value {
            Some((_, value)) if value.is_empty() => {
                return Err(format!(
                    "the path parameter `{name}` is empty, which would call another path"
                ));
            }
            Some((_, value)) => path.push_str(value),
            None => return Err(format!("the path parameter `{name}` is not set")),
        }
        rest = after;
    }
    path.push_str(rest);
    if let Some(segment) = path
        .split('/')
        .find(|segment| matches!(*segment, "." | ".."))
    {
        return Err(format!(
            "a path parameter makes the path segment `{segment}`, which would call another path"
        ));
    }
    Ok(path)
}

/// A query pair with both sides escaped.
pub(super) fn query_pair(name: &str, value: &str) -> String {
    format!(
        "{}={}",
        escape(name, Escape::Strict),
        escape(value, Escape::Strict)
    )
}
