//! Answers as real servers, gateways and proxies give them.
//!
//! `answers/<operation>/*.http`, what each edition's client makes of it in the snapshot beside.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};

use crate::calls::{Edition, Operation, call};

async fn outcome(edition: Edition, operation: Operation, answer: Answer) -> String {
    let tenant = ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    tenant
        .route(operation.method(), &operation.path())
        .answer(answer);
    let outcome = call(edition, operation, &tenant.url("")).await;
    assert_eq!(tenant.requests().len(), 1, "nothing is sent twice");
    match outcome {
        Ok(success) => success.to_string(),
        Err(failure) => failure.to_string(),
    }
}

/// The outcomes, once for all editions that agree.
fn outcomes(operation: Operation, answer: &Answer) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap_or_else(|error| panic!("{error}"));
    let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
    for edition in Edition::ALL {
        if !operation.is_in(edition) {
            continue;
        }
        let outcome = runtime.block_on(outcome(edition, operation, answer.clone()));
        match outcomes.iter_mut().find(|(known, _)| *known == outcome) {
            Some((_, editions)) => editions.push(edition.name()),
            None => outcomes.push((outcome, vec![edition.name()])),
        }
    }
    let mut text = String::new();
    for (outcome, editions) in outcomes {
        let _ = writeln!(text, "{}:\n\n{outcome}", editions.join(", "));
    }
    text
}

#[track_caller]
fn check(operation: Operation, folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/client/answers")
        .join(folder);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path(&folder);
    settings.bind(|| {
        insta::glob!(&folder, "*.http", |file| {
            let name = file.file_stem().unwrap_or_default().to_string_lossy();
            let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{error}"));
            let answer = Answer::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            insta::with_settings!({ snapshot_suffix => "" }, {
                insta::assert_snapshot!(&*name, outcomes(operation, &answer));
            });
        });
    });
}

#[test]
fn of_list() {
    check(Operation::List, "list");
}

#[test]
fn of_get() {
    check(Operation::Get, "get");
}

#[test]
fn of_export() {
    check(Operation::Export, "export");
}

#[test]
fn of_import() {
    check(Operation::Import, "import");
}
