//! What each setting does to a request, and which places are complete without it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use oas_runtime as rt;
use rt::{ConfigurationSource, ConfiguredValue, Setting};

const fn scheme(name: &'static str, kind: rt::SecuritySchemeKind) -> rt::SecurityScheme {
    rt::SecurityScheme { name, kind }
}

static DOCUMENT: rt::Document = rt::Document {
    servers: &[rt::Server {
        url: "https://example.com/v1",
        description: "",
        variables: &[],
    }],
    operation_variables: &[],
    security_schemes: &[
        scheme("token", rt::SecuritySchemeKind::HttpBearer),
        scheme("login", rt::SecuritySchemeKind::HttpBasic),
        scheme(
            "key",
            rt::SecuritySchemeKind::ApiKey {
                location: rt::ApiKeyLocation::Header,
                name: "X-Key",
            },
        ),
    ],
    user_agent: "",
    rate_limit: None,
};

const fn with(scheme: &'static str) -> rt::SecurityUse {
    rt::SecurityUse {
        scheme,
        scopes: &[],
    }
}

static OPERATION: rt::Operation = rt::Operation {
    id: "ask",
    method: rt::Method::Get,
    path: "/ask",
    security: &[&[with("token")], &[with("login"), with("key")]],
    accept: "",
    servers: &[],
    paging: None,
};

/// A token, or a login with a key.
static CONFIGURATION: rt::Configuration = rt::Configuration {
    sources: &[
        ConfigurationSource::Environment {
            values: &[
                ConfiguredValue::new(Setting::BaseUrl, "URL").optional(),
                ConfiguredValue::new(Setting::BearerToken, "TOKEN"),
            ],
        },
        ConfigurationSource::Environment {
            values: &[
                ConfiguredValue::new(Setting::BaseUrl, "LOGIN_URL"),
                ConfiguredValue::new(Setting::Username, "USER"),
                ConfiguredValue::new(Setting::Password, "PASSWORD").help("Ask the owner."),
                ConfiguredValue::new(Setting::ApiKey("key"), "KEY").help("Ask the owner."),
            ],
        },
    ],
};

struct Variables(Vec<(&'static str, OsString)>);

impl rt::Environment for Variables {
    fn variable(&self, name: &str) -> Option<OsString> {
        let mut variables = self.0.iter();
        variables.find_map(|(have, value)| (*have == name).then(|| value.clone()))
    }

    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }
}

fn builder(variables: Vec<(&'static str, OsString)>) -> Result<rt::ClientBuilder, rt::BuildError> {
    CONFIGURATION.builder(&DOCUMENT, &Variables(variables))
}

/// The headers of a request that prove who asks.
async fn sent(builder: rt::ClientBuilder, server: &ScriptedServer) -> String {
    let client = builder.build().unwrap_or_else(|error| panic!("{error}"));
    let answer = client.request(&OPERATION).send_raw().await;
    answer.unwrap_or_else(|error| panic!("{error}"));
    let request = server.take_requests().remove(0);
    let headers = ["authorization", "x-key"].map(|name| request.header(name).unwrap_or("-"));
    format!("{} {}", request.target, headers.join(" "))
}

#[tokio::test]
async fn each_setting_is_used() {
    let server = ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    server.otherwise(Answer::status(204));
    let url = || OsString::from(server.url(""));
    let token = builder(vec![("URL", url()), ("TOKEN", "t".into())]);
    let token = token.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(sent(token, &server).await, "/v1/ask Bearer t -");
    let login = builder(vec![
        ("LOGIN_URL", url()),
        ("USER", "jo".into()),
        ("PASSWORD", "p".into()),
        ("KEY", "k".into()),
    ]);
    let login = login.unwrap_or_else(|error| panic!("{error}"));
    // `jo:p`
    assert_eq!(sent(login, &server).await, "/v1/ask Basic am86cA== k");
    let without_url = builder(vec![("TOKEN", "t".into())]);
    let without_url = without_url.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        sent(without_url.origin(server.url("")), &server).await,
        "/v1/ask Bearer t -"
    );
}

#[test]
fn what_is_missing_is_told() {
    let lacks = |variables, expected: &str| match builder(variables) {
        Err(error) => assert_eq!(
            error.to_string(),
            format!("cannot build the client: {expected}")
        ),
        Ok(builder) => panic!("{builder:?}: {expected}"),
    };
    lacks(
        vec![("LOGIN_URL", "http://host".into()), ("USER", "jo".into())],
        "the environment variables `PASSWORD` and `KEY` are not set, but `LOGIN_URL` and `USER` are; \
         settings are taken from one place together, so set them too. Ask the owner",
    );
    lacks(
        vec![("URL", "http://host".into())],
        "the environment variable `TOKEN` is not set, but `URL` is; settings are taken from one \
         place together, so set it too",
    );
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt as _;
        lacks(
            vec![("TOKEN", OsString::from_vec(vec![b's', 0xFF]))],
            "the environment variable `TOKEN` is no Unicode text",
        );
    }
}
