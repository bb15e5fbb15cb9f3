//! The server that the client is measured against, in a process of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// It ends when dropped, or with this process.
pub(super) struct Server {
    pub(super) url: String,
    process: Child,
}

impl Server {
    pub(super) fn start(program: &Path, megabytes: usize) -> anyhow::Result<Self> {
        let mut process = Command::new(program)
            .args(["serve", "--megabytes", &megabytes.to_string()])
            // It serves until this pipe is closed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = process.stdout.take().context("the server has no output")?;
        let mut url = String::new();
        BufReader::new(output)
            .read_line(&mut url)
            .context("the server does not say where it is")?;
        Ok(Self {
            url: url.trim().to_owned(),
            process,
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
