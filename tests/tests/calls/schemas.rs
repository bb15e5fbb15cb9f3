//! Values over the wire and back: sent as they were read, read as they were sent.

use std::fmt::Debug;
use std::path::Path;

use cross_crate_tests::json_difference;
use cross_crate_tests::scripted_server::Answer;
use serde_json::Value;
use test_clients::rt::{self, Json};
use test_clients::schemas::Client;

use crate::support::{client, server};

/// Sends a payload as its type, has it echoed, and gives what came back as text.
async fn echoed<T: Json + Debug + PartialEq, E: Debug>(
    text: &str,
    path: &str,
    call: impl Fn(&Client, T) -> rt::Sending<T, E>,
) -> String {
    let payload: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    let value = T::from_json(payload.clone()).unwrap_or_else(|error| panic!("{error}"));
    let again = T::from_json(payload.clone()).unwrap_or_else(|error| panic!("{error}"));
    let server = server().await;
    server
        .route("POST", path)
        .respond(|request| Answer::bytes(200, "application/json", request.body.to_vec()));
    let client = client(Client::builder(), &server);
    let response = call(&client, value).await;
    let response = response.unwrap_or_else(|error| panic!("{error}"));
    let sent = server.requests().remove(0);
    let sent: Value = serde_json::from_slice(&sent.body).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(json_difference::differences(&payload, &sent), []);
    assert_eq!(response.body, again);
    format!("{:#?}", response.body)
}

/// Sends each payload of a folder through an operation; beside it stands what it is read as.
macro_rules! check {
    ($name:ident, $path:literal, $method:ident) => {
        #[tokio::test]
        async fn $name() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("tests/calls/payloads")
                .join($path.trim_start_matches('/'));
            for (name, text) in payloads(&folder) {
                let call = |client: &Client, value| client.$method(value).send();
                let read = echoed(&text, $path, call).await;
                insta::with_settings!({
                    snapshot_path => &folder,
                    prepend_module_to_snapshot => false,
                    omit_expression => true,
                }, {
                    insta::assert_snapshot!(name, read);
                });
            }
        }
    };
}

/// Stems and texts of the JSON files of a folder, sorted.
fn payloads(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{error}"));
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap_or_else(|error| panic!("{error}")).path();
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{error}"));
            found.push((stem.into_owned(), text));
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{} is empty", folder.display());
    found
}

check!(discriminator_with_mapping, "/shapes", echo_shape);
check!(discriminator_without_mapping, "/pets", echo_pet);
check!(union_by_json_type, "/values", echo_value);
check!(union_by_required, "/contacts", echo_contact);
check!(union_by_constant, "/events", echo_event);
check!(union_that_holds_itself, "/expressions", echo_expression);
check!(all_of, "/employees", echo_employee);
check!(tuples, "/routes", echo_route);
check!(keywords, "/keywords", echo_keywords);
check!(enums, "/enums", echo_enums);
check!(presence, "/presence", echo_presence);
check!(recursive, "/trees", echo_tree);
check!(maps, "/maps", echo_maps);
check!(formats, "/formats", echo_formats);
check!(defaults, "/defaults", echo_defaults);
