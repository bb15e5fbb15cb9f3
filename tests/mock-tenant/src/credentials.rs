//! Who may ask for what: clients, tokens, scopes.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use axum::body::Bytes;
use base64::Engine as _;
use jiff::Timestamp;
use serde_json::json;
use url::form_urlencoded;

use crate::answer::{Answer, Answered};
use crate::clock::after;
use crate::random::Random;
use crate::{Operation, RecordedRequest};

/// Scopes of every kind of request.
const ALL_SCOPES: &str = "sp:scopes:all";
const KNOWN_SCOPES: [&str; 4] = [
    ALL_SCOPES,
    "sp:scopes:default",
    "idn:identity-profile:read",
    "idn:identity-profile:manage",
];

/// Whose client it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// An application, which must not import.
    Application,
    /// A user: the client is a personal access token.
    User,
}

/// What tokens are got with.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiClient {
    id: String,
    secret: String,
    holder: Holder,
    scopes: Vec<String>,
}

impl ApiClient {
    /// A client with all scopes.
    pub fn new(id: impl Into<String>, secret: impl Into<String>, holder: Holder) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            holder,
            scopes: vec![ALL_SCOPES.to_owned()],
        }
    }

    /// The same client with these scopes only.
    #[must_use]
    pub fn scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Its secret.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Whose it is.
    pub fn holder(&self) -> Holder {
        self.holder
    }
}

impl fmt::Debug for ApiClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiClient")
            .field("id", &self.id)
            .field("holder", &self.holder)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
struct Token {
    holder: Holder,
    scopes: Vec<String>,
    expires: Timestamp,
}

/// The clients that there are, and the tokens that they have got.
#[derive(Debug)]
pub(crate) struct Credentials {
    clients: Vec<ApiClient>,
    tokens: HashMap<String, Token>,
    lifetime: Duration,
    random: Random,
}

impl Credentials {
    pub(crate) fn new(clients: Vec<ApiClient>, lifetime: Duration, random: Random) -> Self {
        Self {
            clients,
            tokens: HashMap::new(),
            lifetime,
            random,
        }
    }

    /// Gives a client a token.
    pub(crate) fn issue(&mut self, holder: Holder, scopes: Vec<String>, now: Timestamp) -> String {
        let text = format!("mock-{}{}", self.random.id(), self.random.id());
        let token = Token {
            holder,
            scopes,
            expires: after(now, self.lifetime),
        };
        self.tokens.insert(text.clone(), token);
        text
    }

    /// A token of a client, as the token endpoint would give it.
    pub(crate) fn issue_to(&mut self, client: &ApiClient, now: Timestamp) -> String {
        self.issue(client.holder, client.scopes.clone(), now)
    }

    /// Lets the token of a request expire.
    pub(crate) fn expire(&mut self, request: &RecordedRequest, now: Timestamp) {
        let token = bearer(request).and_then(|token| self.tokens.get_mut(token));
        if let Some(token) = token {
            token.expires = now;
        }
    }

    /// Lets all tokens expire.
    pub(crate) fn expire_all(&mut self, now: Timestamp) {
        for token in self.tokens.values_mut() {
            token.expires = now;
        }
    }

    /// Answers a request for a token (RFC 6749, section 4.4).
    pub(crate) fn answer(&mut self, request: &RecordedRequest, now: Timestamp) -> Answered {
        let refused = |status: u16, error: &str, description: &str| {
            let body = json!({"error": error, "error_description": description});
            Answer::json(status, &body)
        };
        let is_form = request
            .header("content-type")
            .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
        if !is_form {
            let expected = "the body must be application/x-www-form-urlencoded";
            return Err(refused(400, "invalid_request", expected));
        }
        let form = form(&request.body);
        let field = |name: &str| form.get(name).map(String::as_str);
        match field("grant_type") {
            Some("client_credentials") => {}
            Some(_) => {
                let known = "this tenant knows the grant type client_credentials only";
                return Err(refused(400, "unsupported_grant_type", known));
            }
            None => return Err(refused(400, "invalid_request", "grant_type is missing")),
        }
        let basic = basic(request);
        let (id, secret) = match (&basic, field("client_id"), field("client_secret")) {
            (Some((id, secret)), _, _) => (id.as_str(), secret.as_str()),
            (None, Some(id), Some(secret)) => (id, secret),
            _ => {
                let missing = "client_id and client_secret are missing";
                return Err(refused(401, "invalid_client", missing));
            }
        };
        let client = self
            .clients
            .iter()
            .find(|client| client.id == id && client.secret == secret);
        let Some(client) = client.cloned() else {
            return Err(refused(401, "invalid_client", "Bad client credentials"));
        };
        let scopes = match field("scope") {
            None | Some("") => client.scopes.clone(),
            Some(asked) => {
                let asked: Vec<String> = asked.split(' ').map(str::to_owned).collect();
                let may = |scope: &String| {
                    KNOWN_SCOPES.contains(&scope.as_str()) && has(&client.scopes, scope)
                };
                if let Some(scope) = asked.iter().find(|scope| !may(scope)) {
                    let description = format!("the client has no scope {scope}");
                    return Err(refused(400, "invalid_scope", &description));
                }
                asked
            }
        };
        let body = json!({
            "access_token": self.issue(client.holder, scopes.clone(), now),
            "token_type": "bearer",
            "expires_in": self.lifetime.as_secs(),
            "scope": scopes.join(" "),
        });
        Ok(Answer::json(200, &body))
    }

    /// Whether a request may do what it asks for.
    pub(crate) fn check(
        &self,
        request: &RecordedRequest,
        operation: Operation,
        now: Timestamp,
        tracking_id: &str,
    ) -> Result<(), Answer> {
        let unauthorized = |error: &str| Answer::error_because(401, tracking_id, error, &[]);
        let Some(token) = bearer(request) else {
            return Err(unauthorized(
                "Full authentication is required to access this resource",
            ));
        };
        let Some(token) = self.tokens.get(token) else {
            return Err(unauthorized(
                "JWT validation failed: JWT is not of this tenant",
            ));
        };
        if token.expires <= now {
            return Err(unauthorized("JWT validation failed: JWT is expired"));
        }
        let forbidden = |why: String| {
            let text = "The server understood the request but refuses to authorize it.";
            Answer::error_because(403, tracking_id, text, &[why])
        };
        if !has(&token.scopes, operation.scope()) {
            return Err(forbidden(format!(
                "the token has no scope {}; it has: {}",
                operation.scope(),
                token.scopes.join(" ")
            )));
        }
        if operation == Operation::Import && token.holder != Holder::User {
            return Err(forbidden(
                "an import takes a user's token, such as that of a personal access token"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

fn has(scopes: &[String], scope: &str) -> bool {
    scopes.iter().any(|has| has == scope || has == ALL_SCOPES)
}

fn bearer(request: &RecordedRequest) -> Option<&str> {
    let (scheme, token) = request.header("authorization")?.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

/// User and password of the basic scheme (RFC 7617), form-encoded as RFC 6749 wants them.
fn basic(request: &RecordedRequest) -> Option<(String, String)> {
    let (scheme, encoded) = request.header("authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim());
    let decoded = String::from_utf8(decoded.ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| crate::request::percent_decode(&text.replace('+', " "));
    Some((plain(id), plain(secret)))
}

fn form(body: &Bytes) -> HashMap<String, String> {
    form_urlencoded::parse(body).into_owned().collect()
}
