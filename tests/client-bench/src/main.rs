//! `client-bench`: a server that only hands out bytes, and calls of it whose processor time counts.
//!
//! `cargo xtask bench client` runs each in a process of its own.

mod calls;
mod peer;
mod processor;
mod serve;

use anyhow::Context;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Prints the server's URL, and serves until the standard input ends.
    Serve {
        /// The size of the export.
        #[arg(long, default_value_t = 200)]
        megabytes: usize,
    },
    /// Calls, and prints as JSON what that took.
    Call(calls::Options),
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("there is no runtime")?;
    match arguments.task {
        Task::Serve { megabytes } => runtime.block_on(serve::run(megabytes)),
        Task::Call(options) => runtime.block_on(calls::run(&options)),
    }
}
