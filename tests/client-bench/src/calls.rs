//! The calls that are measured.

use std::hint::black_box;
use std::io::Write as _;

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};
use identity_profiles::rt::reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use identity_profiles::rt::{http_client_builder, reqwest};
use identity_profiles::v2024::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::peer::{Exported, Profile};
use crate::processor;

const TOKEN: &str = "a-token";
const ID: &str = "2c91808568c529c60168cca6f90c1313";
/// Calls before those that count: connections and caches are not what is measured.
const WARM_UP: usize = 5;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The server.
    #[arg(long)]
    url: String,
    #[arg(long)]
    with: With,
    #[arg(long)]
    what: What,
    /// How often.
    #[arg(long, default_value_t = 1)]
    times: usize,
}

/// What calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum With {
    /// The generated client.
    Client,
    /// `reqwest`, and `serde_json` into the structs of [`peer`](crate::peer).
    Structs,
    /// `reqwest`, and `serde_json` into its `Value`.
    Value,
    /// `reqwest`: the body is not looked at.
    Bytes,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Nothing: a client is made.
    Nothing,
    /// One profile.
    Get,
    /// A page of 250 profiles.
    List,
    /// 250 profiles, exported and imported again.
    Copy,
    /// An export, read object by object.
    Stream,
}

pub(crate) async fn run(options: &Options) -> anyhow::Result<()> {
    let calls = Calls {
        client: Client::builder()
            .base_url(format!("{}/v2024", options.url))
            .bearer_token(TOKEN)
            .no_rate_limit()
            .build()?,
        bare: http_client_builder().build()?,
        url: format!("{}/v2024/identity-profiles", options.url),
    };
    if options.what == What::Nothing {
        return Ok(());
    }
    if options.what != What::Stream {
        for _ in 0..WARM_UP {
            calls.once(options).await?;
        }
    }
    let before = processor::seconds();
    let mut items = 0;
    for _ in 0..options.times {
        items += calls.once(options).await?;
    }
    let taken = json!({"processorSeconds": processor::seconds() - before, "items": items});
    writeln!(std::io::stdout(), "{taken}").context("cannot write")
}

struct Calls {
    client: Client,
    bare: reqwest::Client,
    url: String,
}

impl Calls {
    /// How many profiles came.
    async fn once(&self, options: &Options) -> anyhow::Result<usize> {
        match (options.with, options.what) {
            (_, What::Nothing) => Ok(0),
            (With::Client, What::Get) => {
                let profile = self.client.get_identity_profile(ID).send().await?.body;
                black_box(profile);
                Ok(1)
            }
            (With::Client, What::List) => {
                let page = self.client.list_identity_profiles().limit(250);
                Ok(black_box(page.send().await?.body).len())
            }
            (With::Client, What::Copy) => {
                let export = self.client.export_identity_profiles().limit(250);
                let objects = export.send().await?.body;
                let count = objects.len();
                let import = self.client.import_identity_profiles(objects);
                black_box(import.send().await?);
                Ok(count)
            }
            (With::Client, What::Stream) => {
                let export = self.client.export_identity_profiles();
                let mut objects = export.send_items().await?.body;
                let mut count = 0;
                while let Some(object) = objects.next().await? {
                    black_box(object);
                    count += 1;
                }
                Ok(count)
            }
            (with, what) => self.bare(with, what).await,
        }
    }

    async fn bare(&self, with: With, what: What) -> anyhow::Result<usize> {
        let url = match what {
            What::Get => format!("{}/{ID}", self.url),
            What::List => format!("{}?limit=250", self.url),
            What::Copy => format!("{}/export?limit=250", self.url),
            What::Nothing | What::Stream => format!("{}/export", self.url),
        };
        let request = self
            .bare
            .get(url)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, format!("Bearer {TOKEN}"));
        let mut response = request.send().await?.error_for_status()?;
        if what == What::Stream {
            let mut length = 0;
            while let Some(piece) = response.chunk().await? {
                length += black_box(piece).len();
            }
            return Ok(length);
        }
        let body = response.bytes().await?;
        if what == What::Copy {
            let (count, body) = match with {
                With::Structs => through::<Exported>(&body)?,
                With::Value => through::<Value>(&body)?,
                With::Client | With::Bytes => (1, body.into()),
            };
            let request = self
                .bare
                .post(format!("{}/import", self.url))
                .header(CONTENT_TYPE, "application/json")
                .header(AUTHORIZATION, format!("Bearer {TOKEN}"))
                .body(body);
            black_box(request.send().await?.error_for_status()?.bytes().await?);
            return Ok(count);
        }
        let count = match (with, what) {
            (With::Structs, What::Get) => {
                black_box(serde_json::from_slice::<Profile>(&body)?);
                1
            }
            (With::Structs, _) => black_box(serde_json::from_slice::<Vec<Profile>>(&body)?).len(),
            (With::Value, What::Get) => {
                black_box(serde_json::from_slice::<Value>(&body)?);
                1
            }
            (With::Value, _) => black_box(serde_json::from_slice::<Vec<Value>>(&body)?).len(),
            (With::Client | With::Bytes, _) => usize::from(!black_box(body).is_empty()),
        };
        ensure!(count > 0, "nothing came");
        Ok(count)
    }
}

/// The items of an array, and the text that they are written as.
fn through<T: DeserializeOwned + Serialize>(text: &[u8]) -> anyhow::Result<(usize, Vec<u8>)> {
    let items: Vec<T> = serde_json::from_slice(text)?;
    Ok((items.len(), serde_json::to_vec(&items)?))
}
