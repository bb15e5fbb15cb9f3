//! The program: what it prints is enough to call it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use oas_runtime::http_client_builder;

/// Ends the program with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn what_is_printed_gets_a_token() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mock-tenant"))
        .args(["--profiles", "3"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let output = program.stdout.take().expect("its output");
    let _running = Running(program);
    let lines = BufReader::new(output).lines().map_while(Result::ok).take(3);
    let variables: HashMap<String, String> = lines
        .filter_map(|line| {
            let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        })
        .collect();
    let url = format!("{}/oauth/token", variables["SAIL_BASE_URL"]);
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        variables["SAIL_CLIENT_ID"], variables["SAIL_CLIENT_SECRET"]
    );
    let client = http_client_builder().build().expect("a client");
    let answer = client
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
}
