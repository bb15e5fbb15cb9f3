//! Filters and sorters, from the types to what the tenant makes of them.

use std::collections::BTreeSet;

use identity_profiles::rt::Filter as FilterOf;
use identity_profiles::v2024::{
    Client, ExportIdentityProfilesFilter, ListIdentityProfilesError,
    ListIdentityProfilesFilter as Filter, ListIdentityProfilesSorter as Sorter,
};
use mock_tenant::{MockTenant, Options};
use serde_json::{Value, json};

use crate::support::{client, start, text};

/// Names that break on the way if they are not escaped for the filter, for the URL, or for both.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\"",
    "\\",
    "\\\"",
    "\\\\\"\"\\",
    "\" or name sw \"",
    "a\") or (name pr",
    "100%",
    "%41",
    "%",
    "%%22",
    "a&filters=name eq \"b\"&limit=0",
    "a=b;c#d?e/f",
    "a+b c",
    "tab\tand\nline\r\nbreaks",
    "\u{0}\u{1f}\u{7f}",
    "größe ÜÑÍ ß İ",
    "e\u{301} and é",
    "日本語",
    "🧑‍🚀 and \u{10ffff}",
    "\u{202e}left",
    "'single' `back` {curly} [square] <angle>",
    "true",
    "2026-03-01T09:00:00Z",
    "10",
    "null",
    "name eq \"x\"",
];

async fn tenant() -> (MockTenant, Client) {
    let tenant = start(Options::new().profiles(60)).await;
    let client = client(&tenant);
    let object = |name: &&str| {
        json!({
            "version": 1,
            "self": {"type": "IDENTITY_PROFILE"},
            "object": {
                "name": name,
                "authoritativeSource": {"type": "SOURCE", "id": "1", "name": "Payroll EMEA"},
            },
        })
    };
    let objects: Vec<Value> = HOSTILE.iter().map(object).collect();
    let objects = serde_json::from_value(objects.into()).unwrap_or_else(|error| panic!("{error}"));
    let answer = client.import_identity_profiles(objects).send().await;
    let result = answer.unwrap_or_else(|error| panic!("{error}")).body;
    let imported = result
        .into_result()
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(imported.imported_objects.len(), HOSTILE.len());
    (tenant, client)
}

/// The names of the profiles that match, as the client gets them.
async fn names(client: &Client, filter: FilterOf<Filter>) -> Vec<String> {
    let list = client.list_identity_profiles().filters(filter.clone());
    let profiles = list.stream().collect().await;
    let profiles = profiles.unwrap_or_else(|error| panic!("{filter}: {error}"));
    let name = |profile: identity_profiles::v2024::IdentityProfile| profile.name.value().cloned();
    profiles.into_iter().filter_map(name).collect()
}

/// The names of the profiles of which something is true, as the tenant has them.
fn expected(tenant: &MockTenant, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let profiles = tenant.profiles();
    let names = profiles.iter().map(|profile| text(profile, "/name"));
    names
        .filter(|name| is_wanted(name))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn any_text_is_found_as_it_is() {
    let (tenant, client) = tenant().await;
    for hostile in HOSTILE {
        let found = names(&client, Filter::name().eq(*hostile)).await;
        assert_eq!(found, [*hostile], "{hostile:?}");

        let found = names(&client, Filter::name().starts_with(*hostile)).await;
        let wanted = expected(&tenant, |name| name.starts_with(hostile));
        assert_eq!(found, wanted, "{hostile:?}");

        let found = names(&client, !Filter::name().eq(*hostile)).await;
        let wanted = expected(&tenant, |name| name != *hostile);
        assert_eq!(found, wanted, "{hostile:?}");

        let export = client
            .export_identity_profiles()
            .filters(ExportIdentityProfilesFilter::name().eq(*hostile));
        let objects = export.send().await;
        let objects = objects.unwrap_or_else(|error| panic!("{hostile:?}: {error}"));
        assert_eq!(objects.body.len(), 1, "{hostile:?}");
    }
    let all: BTreeSet<&str> = HOSTILE.iter().copied().collect();
    let found = names(&client, Filter::name().is_in(HOSTILE.iter().copied())).await;
    assert_eq!(
        found.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        all
    );
}

#[tokio::test]
async fn operators_combine() {
    let (tenant, client) = tenant().await;
    let filter = Filter::name()
        .starts_with("E")
        .or(Filter::priority().eq(20))
        .and(!Filter::priority().eq(10))
        .and(Filter::name().ne("E"));
    let list = client.list_identity_profiles().filters(filter.clone());
    let found = list.stream().collect().await;
    let found: Vec<String> = found
        .unwrap_or_else(|error| panic!("{filter}: {error}"))
        .into_iter()
        .filter_map(|profile| profile.id)
        .collect();
    let wanted: Vec<String> = tenant
        .profiles()
        .iter()
        .filter(|profile| {
            let (name, priority) = (text(profile, "/name"), profile["priority"].as_u64());
            (name.starts_with('E') || priority == Some(20)) && priority != Some(10) && name != "E"
        })
        .map(|profile| text(profile, "/id").to_owned())
        .collect();
    assert!(!wanted.is_empty());
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn sorters_order_what_comes() {
    let (tenant, client) = tenant().await;
    let list = client
        .list_identity_profiles()
        .sorters([Sorter::owner_name().descending(), Sorter::created()]);
    let found = list.stream().collect().await;
    let found: Vec<String> = found
        .unwrap_or_else(|error| panic!("{error}"))
        .into_iter()
        .filter_map(|profile| profile.id)
        .collect();
    let mut wanted = tenant.profiles();
    wanted.sort_by(|one, other| {
        let owner = |profile: &Value| profile.pointer("/owner/name").cloned();
        let owner =
            |profile: &Value| owner(profile).and_then(|name| name.as_str().map(str::to_owned));
        // Who has none comes last, and so first in descending order.
        let order = match (owner(one), owner(other)) {
            (Some(one), Some(other)) => other.cmp(&one),
            (one, other) => one.is_some().cmp(&other.is_some()),
        };
        order.then_with(|| text(one, "/created").cmp(text(other, "/created")))
    });
    let wanted: Vec<&str> = wanted.iter().map(|profile| text(profile, "/id")).collect();
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn what_the_tenant_refuses_is_a_documented_error() {
    let (_tenant, client) = tenant().await;
    let raw = FilterOf::<Filter>::raw("priority gt 10");
    let error = client.list_identity_profiles().filters(raw).send().await;
    let Err(error) = error else {
        panic!("it was taken")
    };
    assert!(
        matches!(
            error.documented(),
            Some(ListIdentityProfilesError::BadRequest(_))
        ),
        "{error}"
    );
    assert!(
        error.to_string().contains("priority does not take gt"),
        "{error}"
    );
}
