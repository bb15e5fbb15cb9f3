//! `list`: the identity profiles of a tenant that match a filter.

use std::io::Write;

use anyhow::Context;
use clap::Parser;
use identity_profiles::v2024::{
    IdentityProfile, ListIdentityProfilesFilter as Filter, ListIdentityProfilesSorter as Sorter,
};
use identity_profiles_examples::client;

/// Lists identity profiles: one a line, with priority, id, name and owner.
#[derive(Debug, Parser)]
#[command(name = "list", after_help = AFTER_HELP)]
struct Arguments {
    /// A filter, as the API takes it.
    #[arg(long)]
    filter: Option<String>,
    /// Only profiles whose name begins so.
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// The newest first; otherwise by priority.
    #[arg(long)]
    newest: bool,
    /// At most so many.
    #[arg(long, value_name = "NUMBER")]
    most: Option<usize>,
}

const AFTER_HELP: &str = "\
The tenant is the one of SAIL_BASE_URL, SAIL_CLIENT_ID and SAIL_CLIENT_SECRET, of ./config.json, or
of the active environment in ~/.sailpoint/config.yaml.

Examples:
  list --name \"HR\" --newest --most 10
  list --filter 'priority eq 10 or name in (\"Employees\", \"Contractors\")'";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let typed = arguments.filter.as_deref().map(|text| {
        // A mistake is shown with its column, before anything is sent.
        Filter::parse(text).with_context(|| format!("--filter {text}"))
    });
    let by_name = arguments.name.map(|name| Filter::name().starts_with(name));
    let filter = match (typed.transpose()?, by_name) {
        (Some(typed), Some(by_name)) => Some(typed.and(by_name)),
        (typed, by_name) => typed.or(by_name),
    };
    let sorter = if arguments.newest {
        Sorter::created().descending()
    } else {
        Sorter::priority()
    };
    let mut list = client("", None)?.list_identity_profiles().sorters([sorter]);
    if let Some(filter) = filter {
        list = list.filters(filter);
    }
    let mut output = std::io::stdout().lock();
    let mut left = arguments.most.unwrap_or(usize::MAX);
    // Pages are asked for as they are needed, the next one while one is written.
    let mut profiles = list.stream().prefetch();
    while left > 0
        && let Some(profile) = profiles.next().await?
    {
        show(&profile, &mut output)?;
        left -= 1;
    }
    Ok(())
}

fn show(profile: &IdentityProfile, output: &mut impl Write) -> std::io::Result<()> {
    let owner = profile.owner.value();
    writeln!(
        output,
        "{:>6} {} {:?} {}",
        profile.priority.unwrap_or_default(),
        profile.id.as_deref().unwrap_or("-"),
        profile.name.value().map_or("", String::as_str),
        owner
            .and_then(|owner| owner.name.as_deref())
            .unwrap_or("(nobody)"),
    )
}
