//! Every operation of every edition, called in one way and answered in one form.

use std::fmt::{self, Debug};

use identity_profiles::{v3, v3_legacy, v2024};
use oas_runtime::{BodyError, Error, ErrorBody, HeaderMap, Json, Response};
use serde_json::Value;

/// The token that all calls carry.
pub(crate) const TOKEN: &str = "t0k3n-of-the-tests";

/// The id that `getIdentityProfile` asks for.
pub(crate) const ID: &str = "2c91808568c529c60168cca6f90c1313";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edition {
    V3,
    V2024,
    V3Legacy,
}

impl Edition {
    pub(crate) const ALL: [Self; 3] = [Self::V3, Self::V2024, Self::V3Legacy];

    /// The name of its document in `spec/`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V2024 => "v2024",
            Self::V3Legacy => "v3-legacy",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    List,
    Get,
    Export,
    Import,
}

impl Operation {
    pub(crate) const ALL: [Self; 4] = [Self::List, Self::Get, Self::Export, Self::Import];

    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::List => "listIdentityProfiles",
            Self::Get => "getIdentityProfile",
            Self::Export => "exportIdentityProfiles",
            Self::Import => "importIdentityProfiles",
        }
    }

    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Import => "POST",
            Self::List | Self::Get | Self::Export => "GET",
        }
    }

    /// The path that is called, with [`ID`] filled in.
    pub(crate) fn path(self) -> String {
        match self {
            Self::List => "/identity-profiles".to_owned(),
            Self::Get => format!("/identity-profiles/{ID}"),
            Self::Export => "/identity-profiles/export".to_owned(),
            Self::Import => "/identity-profiles/import".to_owned(),
        }
    }

    pub(crate) fn is_in(self, edition: Edition) -> bool {
        edition != Edition::V3Legacy || matches!(self, Self::Get | Self::Export)
    }
}

/// What a call came to.
pub(crate) type Outcome = Result<Success, Box<Failure>>;

#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: u16,
    /// The typed body, written back.
    pub(crate) body: Value,
    /// What the typed header says; `None` too where the operation documents none.
    pub(crate) total_count: Option<i64>,
}

#[derive(Debug)]
pub(crate) struct Failure {
    /// The variant of [`Error`].
    pub(crate) kind: &'static str,
    /// The text that a user sees.
    pub(crate) message: String,
    pub(crate) status: Option<u16>,
    /// The typed body of a documented error, as `Debug` shows it.
    pub(crate) documented: Option<String>,
    /// Why the body is not as documented.
    pub(crate) reason: Option<BodyError>,
    pub(crate) retry_after: Option<std::time::Duration>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Calls an operation without any optional parameter; `import` sends an empty list.
pub(crate) async fn call(edition: Edition, operation: Operation, base_url: &str) -> Outcome {
    macro_rules! client {
        ($module:ident) => {
            $module::Client::builder()
                .base_url(base_url)
                .bearer_token(TOKEN)
                .retry(oas_runtime::NoRetry)
                .build()
                .unwrap_or_else(|error| panic!("{error}"))
        };
    }
    macro_rules! call {
        ($client:expr, $module:ident) => {
            match operation {
                Operation::Get => outcome($client.get_identity_profile(ID).send().await, |_| None),
                Operation::Export => outcome(
                    $client.export_identity_profiles().send().await,
                    $module::ExportIdentityProfilesHeaders::x_total_count,
                ),
                other => panic!("{other:?} is not in {edition:?}"),
            }
        };
        ($client:expr, $module:ident, current) => {
            match operation {
                Operation::List => outcome(
                    $client.list_identity_profiles().send().await,
                    $module::ListIdentityProfilesHeaders::x_total_count,
                ),
                Operation::Import => outcome(
                    $client.import_identity_profiles(Vec::new()).send().await,
                    |_| None,
                ),
                _ => call!($client, $module),
            }
        };
    }
    match edition {
        Edition::V3 => call!(client!(v3), v3, current),
        Edition::V2024 => call!(client!(v2024), v2024, current),
        Edition::V3Legacy => call!(client!(v3_legacy), v3_legacy),
    }
}

fn outcome<T: Json, E: Debug, H>(
    result: Result<Response<T, H>, Error<E>>,
    total_count: fn(&H) -> Option<i64>,
) -> Outcome {
    match result {
        Ok(response) => Ok(Success {
            status: response.status,
            total_count: total_count(&response.headers),
            body: response.body.to_json(),
        }),
        Err(error) => Err(Box::new(failure(&error))),
    }
}

fn failure<E: Debug>(error: &Error<E>) -> Failure {
    let (kind, reason) = match error {
        Error::Api(error) => (
            "Api",
            match error.body() {
                ErrorBody::Decoded(_) => None,
                ErrorBody::Raw(reason) => Some(reason.clone()),
            },
        ),
        Error::Decode(error) => ("Decode", Some(error.reason().clone())),
        Error::Request(_) => ("Request", None),
        Error::Credentials(_) => ("Credentials", None),
        Error::Transport(_) => ("Transport", None),
        _ => ("another variant", None),
    };
    let response = error.response();
    Failure {
        kind,
        message: error.to_string(),
        status: error.status(),
        documented: error.documented().map(|body| format!("{body:#?}")),
        reason,
        retry_after: error.api().and_then(oas_runtime::ApiError::retry_after),
        headers: response
            .map(|response| response.headers().clone())
            .unwrap_or_default(),
        body: response
            .map(|response| String::from_utf8_lossy(response.bytes()).into_owned())
            .unwrap_or_default(),
    }
}

/// The same value with the members of objects in the order of their names.
///
/// `serde_json` keeps the order of arrival only if some crate in the build asks for it.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(key, value)| (key.clone(), sorted(value)));
            let by_name: std::collections::BTreeMap<_, _> = members.collect();
            Value::Object(by_name.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

impl fmt::Display for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "success {}", self.status)?;
        if let Some(count) = self.total_count {
            writeln!(f, "X-Total-Count: {count}")?;
        }
        writeln!(f, "{:#}", sorted(&self.body))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.message)?;
        writeln!(f)?;
        let status = self
            .status
            .map_or("none".to_owned(), |status| status.to_string());
        writeln!(f, "variant: {}, status: {status}", self.kind)?;
        if let Some(delay) = self.retry_after {
            writeln!(f, "retry after: {} s", delay.as_secs())?;
        }
        for (name, value) in &self.headers {
            // The server's own: they differ from run to run, or follow from the body.
            if name != "date" && name != "content-length" {
                writeln!(f, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
            }
        }
        if let Some(reason) = &self.reason {
            writeln!(f, "not as documented: {reason}")?;
        }
        if let Some(pointer) = self.reason.as_ref().and_then(BodyError::pointer) {
            writeln!(f, "at: {pointer:?}")?;
        }
        match &self.documented {
            Some(documented) => writeln!(f, "typed: {documented}"),
            None => writeln!(f, "raw: {:?}", self.body),
        }
    }
}
