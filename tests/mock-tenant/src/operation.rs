//! What can be asked of the tenant.

use std::fmt;

use export_validator::Edition;

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// `POST /oauth/token`
    Token,
    /// `GET /identity-profiles`
    List,
    /// `GET /identity-profiles/{identity-profile-id}`
    Get,
    /// `GET /identity-profiles/export`
    Export,
    /// `POST /identity-profiles/import`
    Import,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Token,
        Self::List,
        Self::Get,
        Self::Export,
        Self::Import,
    ];

    /// The id that the documents give it; `token` for the one that they do not have.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::List => "listIdentityProfiles",
            Self::Get => "getIdentityProfile",
            Self::Export => "exportIdentityProfiles",
            Self::Import => "importIdentityProfiles",
        }
    }

    /// The operation with this id.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.id() == id)
    }

    /// The scope that it needs.
    pub(crate) const fn scope(self) -> &'static str {
        match self {
            Self::Import => "idn:identity-profile:manage",
            _ => "idn:identity-profile:read",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Token,
    /// An operation of an edition; of a profile's id, percent-decoded, if it is a get.
    Api(Edition, Operation, String),
    /// A path below `/__`.
    Admin(String),
    /// A known path, and the only method that it takes.
    WrongMethod(&'static str),
    Unknown,
}

impl Target {
    /// By method and path, as they stand in the request line.
    pub(crate) fn of(method: &str, path: &str) -> Self {
        if path == "/oauth/token" {
            return only("POST", method, Self::Token);
        }
        if let Some(rest) = path.strip_prefix("/__") {
            return Self::Admin(rest.to_owned());
        }
        let edition = [Edition::V3, Edition::V2024]
            .into_iter()
            .find_map(|edition| {
                let rest = path.strip_prefix('/')?.strip_prefix(edition.name())?;
                rest.strip_prefix("/identity-profiles")
                    .map(|rest| (edition, rest))
            });
        let Some((edition, rest)) = edition else {
            return Self::Unknown;
        };
        let api = |operation| Self::Api(edition, operation, String::new());
        match rest {
            "" => only("GET", method, api(Operation::List)),
            "/export" => only("GET", method, api(Operation::Export)),
            "/import" => only("POST", method, api(Operation::Import)),
            _ => match rest.strip_prefix('/') {
                Some(id) if !id.is_empty() && !id.contains('/') => {
                    let id = crate::request::percent_decode(id);
                    only("GET", method, Self::Api(edition, Operation::Get, id))
                }
                _ => Self::Unknown,
            },
        }
    }

    pub(crate) fn operation(&self) -> Option<Operation> {
        match self {
            Self::Token => Some(Operation::Token),
            Self::Api(_, operation, _) => Some(*operation),
            _ => None,
        }
    }
}

fn only(expected: &'static str, method: &str, target: Target) -> Target {
    if method == expected {
        target
    } else {
        Target::WrongMethod(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_operations() {
        let api = |edition, operation, id: &str| Target::Api(edition, operation, id.to_owned());
        let check = |line: &str, expected: Target| {
            let (method, path) = line.split_once(' ').unwrap_or_default();
            assert_eq!(Target::of(method, path), expected, "{line}");
        };
        check("POST /oauth/token", Target::Token);
        check("GET /oauth/token", Target::WrongMethod("POST"));
        check(
            "GET /v3/identity-profiles",
            api(Edition::V3, Operation::List, ""),
        );
        check(
            "GET /v2024/identity-profiles/export",
            api(Edition::V2024, Operation::Export, ""),
        );
        check(
            "POST /v2024/identity-profiles/import",
            api(Edition::V2024, Operation::Import, ""),
        );
        check(
            "GET /v3/identity-profiles/a%20b",
            api(Edition::V3, Operation::Get, "a b"),
        );
        check("GET /v3/identity-profiles/a/b", Target::Unknown);
        check("GET /v3-legacy/identity-profiles", Target::Unknown);
        check("DELETE /v3/identity-profiles", Target::WrongMethod("GET"));
        check("POST /__faults", Target::Admin("faults".to_owned()));
        check("GET /", Target::Unknown);
    }
}
