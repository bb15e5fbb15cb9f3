//! `mock-tenant`: a tenant on loopback to develop against.

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use mock_tenant::{MockTenant, Options};

/// A tenant on loopback to develop against: list, get, export and import of identity profiles in
/// v3 and v2024, and /oauth/token, with a state that ends with the program.
///
/// It prints the variables that point a client at it, and runs until it is interrupted.
#[derive(Debug, Parser)]
#[command(name = "mock-tenant", after_help = AFTER_HELP)]
struct Arguments {
    /// The port to listen on; 0: a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How many profiles to make up.
    #[arg(long, default_value_t = 100)]
    profiles: usize,
    /// What they are made up from: the same number gives the same profiles.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Seconds that a token is valid.
    #[arg(long, value_name = "SECONDS", default_value_t = 749)]
    token_lifetime: u64,
    /// Requests allowed in 10 seconds; without it, any number.
    #[arg(long, value_name = "REQUESTS")]
    rate_limit: Option<usize>,
    /// Answer 400 to the page after a result that ended exactly with its page.
    #[arg(long)]
    strict_offset: bool,
}

const AFTER_HELP: &str = "\
Examples:
  mock-tenant --port 8080 --profiles 5000
  curl -X POST $SAIL_BASE_URL/__faults -d '{\"fault\": \"429 retry-after=2\", \"times\": 3}'
  curl -X POST $SAIL_BASE_URL/__clock -d '{\"advance\": 800}'

GET /__help on it tells what else it can be asked for.";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let options = Options::new()
            .port(arguments.port)
            .profiles(arguments.profiles)
            .seed(arguments.seed)
            .token_lifetime(Duration::from_secs(arguments.token_lifetime));
        let options = match arguments.rate_limit {
            Some(requests) => options.rate_limit(requests, Duration::from_secs(10)),
            None => options,
        };
        let options = if arguments.strict_offset {
            options.strict_offset()
        } else {
            options
        };
        let tenant = MockTenant::start(options)
            .await
            .with_context(|| format!("cannot listen on port {}", arguments.port))?;
        let (user, application) = (tenant.user(), tenant.application());
        let variables = format!(
            "export SAIL_BASE_URL={}\nexport SAIL_CLIENT_ID={}\nexport SAIL_CLIENT_SECRET={}\n\
             # A user's token. An application's, which must not import: {} {}\n",
            tenant.origin(),
            user.id(),
            user.secret(),
            application.id(),
            application.secret()
        );
        let mut output = std::io::stdout();
        output.write_all(variables.as_bytes())?;
        output.flush()?;
        tokio::select! {
            ended = tenant.serve() => ended.context("the server ended"),
            interrupted = tokio::signal::ctrl_c() => interrupted.context("cannot wait for an interrupt"),
        }
    })
}
