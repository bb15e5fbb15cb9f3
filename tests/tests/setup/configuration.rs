//! Settings from variables and files: `configuration/*.txt` and, beside each, what the client of
//! an edition then sends, or why there is none.
//!
//! A case is lines `NAME=value`, then files, each after a line `--- path`. `SERVER` stands for the
//! server that is called. A line `--- path: reason` is a file that cannot be read, and `no home` says
//! that there is no home folder.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use identity_profiles::v2024::Client;
use oas_runtime::{ClientBuilder, Environment};
use serde_json::json;

/// What no error may show.
const SECRET: &str = "s3cret";

#[derive(Default)]
struct Case {
    variables: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, Result<String, String>>,
    has_home: bool,
}

const HOME: &str = "/home/jo";

impl Case {
    fn parse(text: &str, server: &str) -> Self {
        let mut case = Self {
            has_home: true,
            ..Self::default()
        };
        let text = text.replace("SERVER", server);
        let mut sections = text.split("--- ");
        for line in sections.next().unwrap_or_default().lines() {
            match line.split_once('=') {
                Some((name, value)) => {
                    case.variables.insert(name.to_owned(), value.to_owned());
                }
                None if line == "no home" => case.has_home = false,
                None => assert!(line.is_empty(), "{line}"),
            }
        }
        for section in sections {
            let (head, contents) = section.split_once('\n').unwrap_or((section, ""));
            let (path, file) = match head.split_once(": ") {
                Some((path, reason)) => (path, Err(reason.to_owned())),
                None => (head, Ok(contents.to_owned())),
            };
            let path = path.replace('~', HOME);
            case.files.insert(path.into(), file);
        }
        case
    }
}

impl Environment for Case {
    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).map(Into::into)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(path) {
            Some(Ok(text)) => Ok(text.clone().into_bytes()),
            Some(Err(reason)) => Err(io::Error::other(reason.clone())),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn home(&self) -> Option<PathBuf> {
        self.has_home.then(|| HOME.into())
    }
}

async fn outcome(text: &str) -> String {
    let server = ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let token = json!({"access_token": "t0ken", "token_type": "bearer", "expires_in": 749});
    for path in ["/oauth/token", "/gateway/oauth/token"] {
        let route = server.route("POST", path);
        route.always(Answer::json(200, &token));
    }
    server.otherwise(Answer::json(200, &json!([])));
    let base = server.url("");
    let case = Case::parse(text, &base);
    let client = match Client::builder_from(&case).and_then(ClientBuilder::build) {
        Ok(client) => client,
        Err(error) => {
            let error = format!("{error}\n");
            assert!(!format!("{error:?}").contains(SECRET), "{error}");
            return error.replace(&base, "SERVER");
        }
    };
    assert!(!format!("{client:?}").contains(SECRET));
    let answer = client.list_identity_profiles().send().await;
    answer.unwrap_or_else(|error| panic!("{error}"));
    let mut sent = String::new();
    for request in server.requests() {
        let _ = writeln!(sent, "{} {}", request.method, request.target);
        if let Some(credentials) = request.header("authorization") {
            let _ = writeln!(sent, "{credentials}");
        }
        let _ = writeln!(sent, "{}", request.text());
    }
    sent
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/setup/configuration");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(&folder);
    settings.bind(|| {
        insta::glob!(&folder, "*.txt", |file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{error}"));
            insta::with_settings!({ snapshot_suffix => "" }, {
                insta::assert_snapshot!(&*name, runtime.block_on(outcome(&text)));
            });
        });
    });
}
