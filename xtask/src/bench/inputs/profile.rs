//! Identity profiles as tenants export them, made up.

use serde_json::{Value, json};

use super::random::{Random, Stream, id};
use super::transforms::{self, Source};

/// The fewest and the most mappings of a profile.
const MAPPINGS: (u64, u64) = (15, 40);

/// How many sources the profiles of a tenant share, apart from the one that each has for itself.
const SHARED_SOURCES: u64 = 24;

const CITIES: &[&str] = &[
    "Austin",
    "Bengaluru",
    "Chicago",
    "Dublin",
    "Genève",
    "Göteborg",
    "Kraków",
    "London",
    "México",
    "München",
    "Osaka 大阪",
    "Paris",
    "São Paulo",
    "Singapore",
    "Sydney",
    "Zürich",
];

const WORKFORCES: &[&str] = &[
    "Apprentices",
    "Consultants",
    "Contractors",
    "Employees",
    "External Partners",
    "Faculty",
    "Interns",
    "Non-Employees",
    "Retirees",
    "Service Accounts",
];

const SYSTEMS: &[&str] = &[
    "Active Directory",
    "Entra ID",
    "HR Feed",
    "LDAP",
    "Non-Employee Repository",
    "Oracle HCM",
    "SAP HR",
    "SuccessFactors",
    "UKG",
    "Workday",
];

const OWNERS: &[&str] = &[
    "Aisha Rahman",
    "Björn Åkesson",
    "Carla Núñez",
    "Dana Whitfield",
    "identity.admin",
    "Jürgen Weiß",
    "Priya Natarajan",
    "Tomáš Dvořák",
];

/// The exported object with this index: no two have the same id, name, priority or source.
pub(super) fn exported(index: u64) -> Value {
    let mut random = Random::new(Stream::MappingCount, index);
    let (fewest, most) = MAPPINGS;
    let range = most - fewest + 1;
    let mut more = || random.below(range);
    // The smallest of three, since small profiles are more frequent.
    let mappings = fewest + more().min(more()).min(more());
    exported_with(index, usize::try_from(mappings).unwrap_or(usize::MAX))
}

/// The same with so many mappings, or as many as there are identity attributes.
pub(super) fn exported_with(index: u64, mappings: usize) -> Value {
    let mut random = Random::new(Stream::Profile, index);
    let city = random.pick(CITIES);
    let profile_id = id(Stream::ProfileId, index);
    let profile_name = format!("{} {city} {index}", random.pick(WORKFORCES));
    let authority = Source {
        id: id(Stream::OwnSourceId, index),
        name: format!("{} {city} {index}", random.pick(SYSTEMS)),
    };
    let others: Vec<Source> = (0..random.below(4))
        .map(|_| shared_source(random.below(SHARED_SOURCES)))
        .collect();
    let description = match random.below(5) {
        0 => json!(format!(
            "Profile of the {city} site\nowned by \"Identity & Access\""
        )),
        _ => Value::Null,
    };
    let mappings = transforms::mappings(&mut random, mappings, &authority, &others);
    json!({
        "jwsHeader": null,
        "jwsSignature": null,
        "object": {
            "authoritativeSource": {
                "id": authority.id,
                "name": authority.name,
                "type": "SOURCE",
            },
            "created": time(&mut random, 2019, 6),
            "description": description,
            "hasTimeBasedAttr": random.percent(40),
            "id": profile_id,
            "identityAttributeConfig": {
                "attributeTransforms": mappings,
                "enabled": random.percent(90),
            },
            "identityCount": random.below(20_000),
            "identityExceptionReportReference": null,
            "identityRefreshRequired": random.percent(10),
            "modified": time(&mut random, 2025, 2),
            "name": profile_name,
            "owner": owner(&mut random),
            "priority": (index + 1) * 10,
        },
        "self": {
            "id": profile_id,
            "name": profile_name,
            "type": "IDENTITY_PROFILE",
        },
        "version": 1,
    })
}

fn shared_source(index: u64) -> Source {
    // A pair of a system and a city for each, and no number at its end as the profiles' own have.
    let of = |all: &[&'static str], index: u64| {
        let index = usize::try_from(index).unwrap_or_default();
        all[index % all.len()]
    };
    let system = of(SYSTEMS, index);
    let city = of(CITIES, index / 10);
    Source {
        id: id(Stream::SharedSourceId, index),
        name: format!("{system} ({city})"),
    }
}

fn owner(random: &mut Random) -> Value {
    let index = random.below(200);
    if index == 0 {
        return Value::Null;
    }
    let name = Random::new(Stream::OwnerId, index).pick(OWNERS).to_owned();
    json!({"id": id(Stream::OwnerId, index), "name": name, "type": "IDENTITY"})
}

/// A time in one of so many years.
fn time(random: &mut Random, first_year: u64, years: u64) -> String {
    format!(
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        first_year + random.below(years),
        1 + random.below(12),
        1 + random.below(28),
        random.below(24),
        random.below(60),
        random.below(60),
        random.below(1000),
    )
}
