//! The programs, against tenants on loopback.

use std::path::Path;
use std::process::{Command, Output};

use mock_tenant::{ApiClient, Fault, MockTenant, Operation, Options};

/// Runs tenants beside the programs, which block the test.
struct Tenants(tokio::runtime::Runtime);

impl Tenants {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build();
        Self(runtime.expect("a runtime"))
    }

    fn start(&self, profiles: usize) -> MockTenant {
        let options = Options::new().seed(5).profiles(profiles);
        self.0
            .block_on(MockTenant::start(options))
            .expect("a free port")
    }
}

/// A program in an empty folder, without any settings.
fn program(path: &str, folder: &Path) -> Command {
    let mut command = Command::new(path);
    command
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("USERPROFILE", folder);
    command
}

fn settings(command: &mut Command, prefix: &str, tenant: &MockTenant, client: &ApiClient) {
    command
        .env(format!("{prefix}SAIL_BASE_URL"), tenant.origin())
        .env(format!("{prefix}SAIL_CLIENT_ID"), client.id())
        .env(format!("{prefix}SAIL_CLIENT_SECRET"), client.secret());
}

/// The program's exit status and output; errors are shown where the test fails.
fn run(command: &mut Command) -> (i32, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let both = text(&stdout) + &text(&stderr);
    (status.code().unwrap_or(-1), both)
}

#[test]
fn list_shows_what_matches() {
    let tenants = Tenants::new();
    let tenant = tenants.start(600);
    let folder = tempfile::tempdir().expect("a folder");
    let list = |arguments: &[&str]| {
        let mut command = program(env!("CARGO_BIN_EXE_list"), folder.path());
        settings(&mut command, "", &tenant, tenant.application());
        run(command.args(arguments))
    };
    let (status, text) = list(&[]);
    assert_eq!((status, text.lines().count()), (0, 600), "{text}");
    assert_eq!(tenant.count(Operation::Token), 1);

    let (status, text) = list(&["--name", "R&D \"core\" #", "--newest", "--most", "3"]);
    assert_eq!((status, text.lines().count()), (0, 3), "{text}");
    assert!(text.contains(r#""R&D \"core\" # "#), "{text}");

    let (status, text) = list(&["--filter", "priority eq 10 or name eq \"none\""]);
    assert_eq!((status, text.lines().count()), (0, 1), "{text}");

    let (status, text) = list(&["--filter", "name startswith \"HR\""]);
    assert_eq!(status, 1);
    assert!(text.contains("column 6"), "{text}");

    let (status, text) = run(program(env!("CARGO_BIN_EXE_list"), folder.path()).arg("--name=HR"));
    assert_eq!(status, 1);
    assert!(text.contains("SAIL_BASE_URL"), "{text}");
}

#[test]
fn an_export_can_be_imported() {
    let tenants = Tenants::new();
    let (source, target) = (tenants.start(300), tenants.start(0));
    let folder = tempfile::tempdir().expect("a folder");
    let mut export = program(env!("CARGO_BIN_EXE_export"), folder.path());
    settings(&mut export, "", &source, source.application());
    source.inject(Fault::status(503).on(Operation::Export).after(1));
    let (status, text) = run(export.arg("profiles.json"));
    assert_eq!(
        (status, text.as_str()),
        (0, "300 profiles in profiles.json\n")
    );

    let import = |arguments: &[&str]| {
        let mut command = program(env!("CARGO_BIN_EXE_import"), folder.path());
        settings(&mut command, "", &target, target.user());
        run(command.arg("profiles.json").args(arguments))
    };
    let (status, text) = import(&["--dry-run"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.ends_with("300 profiles can be imported; nothing was sent\n"));
    assert_eq!(target.exchanges(), []);

    let (status, text) = import(&[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.ends_with("300 profiles imported\n"), "{text}");
    assert_eq!(target.count(Operation::Import), 6);
    assert_eq!(names(&target), names(&source));
}

#[test]
fn what_has_errors_is_not_sent_and_errors_of_the_tenant_fail() {
    let tenants = Tenants::new();
    let tenant = tenants.start(0);
    let folder = tempfile::tempdir().expect("a folder");
    let import = |file: &str, client: &ApiClient| {
        std::fs::write(folder.path().join("file.json"), file).expect("a file");
        let mut command = program(env!("CARGO_BIN_EXE_import"), folder.path());
        settings(&mut command, "", &tenant, client);
        run(command.arg("file.json"))
    };
    let (status, text) = import(
        r#"[{"version": 1, "self": {"type": "IDENTITY_PROFILE"}, "object": {"name": "HR"}}]"#,
        tenant.user(),
    );
    assert_eq!(status, 1, "{text}");
    assert!(
        text.contains("file.json:1:65: error[schema/required]"),
        "{text}"
    );
    assert!(text.ends_with("nothing was sent\n"), "{text}");
    assert_eq!(tenant.exchanges(), []);

    let unknown = r#"{"objects": [
        {"self": {"type": "TRANSFORM"}, "object": {"name": "T", "type": "upper"}},
        {"self": {"type": "IDENTITY_PROFILE"},
         "object": {"name": "HR", "authoritativeSource": {"type": "SOURCE", "id": "1", "name": "?"}}}
    ]}"#;
    let (status, text) = import(unknown, tenant.user());
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("UNKNOWN_REFERENCE_RESOLVER"), "{text}");
    assert!(text.ends_with("0 profiles imported\n"), "{text}");

    let (status, text) = import(unknown, tenant.application());
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("403"), "{text}");
}

#[test]
fn copy_takes_every_profile() {
    let tenants = Tenants::new();
    let (source, target) = (tenants.start(260), tenants.start(0));
    let folder = tempfile::tempdir().expect("a folder");
    let config = format!(
        r#"{{"BaseURL": "{}", "ClientId": "{}", "ClientSecret": "{}"}}"#,
        target.origin(),
        target.user().id(),
        target.user().secret()
    );
    std::fs::write(folder.path().join("target.json"), config).expect("a file");
    let copy = |arguments: &[&str]| {
        let mut command = program(env!("CARGO_BIN_EXE_copy"), folder.path());
        settings(&mut command, "SOURCE_", &source, source.application());
        run(command.arg("--target=target.json").args(arguments))
    };
    let (status, text) = copy(&["--dry-run"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(target.exchanges(), []);

    source.inject(Fault::CutOff { after: 5_000 }.on(Operation::Export));
    target.inject(Fault::too_many_requests(0).on(Operation::Import).times(2));
    let (status, text) = copy(&[]);
    assert_eq!(status, 0, "{text}");
    assert!(text.ends_with("260 profiles copied\n"), "{text}");
    assert_eq!(names(&target), names(&source));
}

#[test]
fn every_program_tells_how_it_is_called() {
    for path in [
        env!("CARGO_BIN_EXE_list"),
        env!("CARGO_BIN_EXE_export"),
        env!("CARGO_BIN_EXE_import"),
        env!("CARGO_BIN_EXE_copy"),
    ] {
        let (status, text) = run(Command::new(path).arg("--help"));
        assert_eq!(status, 0, "{path}");
        assert!(
            text.contains("Usage:") && text.contains("Examples:"),
            "{text}"
        );
    }
}

fn names(tenant: &MockTenant) -> Vec<String> {
    let name = |profile: serde_json::Value| profile["name"].as_str().map(str::to_owned);
    let mut names: Vec<_> = tenant.profiles().into_iter().filter_map(name).collect();
    names.sort();
    names
}
