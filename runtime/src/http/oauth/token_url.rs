//! Where tokens are asked for.

use std::collections::BTreeMap;

use url::Url;

use super::super::Server;
use super::super::server::{Base, HAS_USER, has_user, shown};

/// The URL of the token endpoint that a document states.
///
/// On the host of one of the document's servers, whose variables match any text, it is at the
/// client's base URL instead, since the tenant or the whole host there may be another one. A relative
/// URL is joined to the server's. What the base URL has in front of the server's path, as behind a
/// gateway, stands in front of the token URL's path too. The error says what is wrong with it.
pub(super) fn of_document(
    stated: &str,
    servers: &[Server],
    variables: &BTreeMap<String, String>,
    base: &Base,
) -> Result<Url, String> {
    let stated = stated.trim();
    let mount = Mount::of(servers, variables, base);
    let Some((authority, rest)) = split(stated) else {
        return mount.join(stated).map_err(|error| {
            format!("the document's token URL `{stated}` is not usable: {error}")
        });
    };
    let is_served = servers
        .iter()
        .filter_map(|server| split(server.url))
        .any(|(server, _)| matches(server, authority) || server == authority);
    if is_served {
        return Ok(mount.at(rest));
    }
    absolute(stated).map_err(|why| format!("the document's token URL {why}"))
}

/// Where the document's servers are, as the base URL tells.
struct Mount<'a> {
    base: &'a Base,
    /// What the base's path has in front of the server's; empty where that is not told apart.
    prefix: &'a str,
}

impl<'a> Mount<'a> {
    /// Of several servers whose path the base's ends with, the one with the longest path counts.
    fn of(servers: &[Server], variables: &BTreeMap<String, String>, base: &'a Base) -> Self {
        let prefixes = servers
            .iter()
            .filter_map(|server| base.in_front_of(server, variables));
        Self {
            base,
            prefix: prefixes.min_by_key(|prefix| prefix.len()).unwrap_or(""),
        }
    }

    /// A path with a query, both perhaps empty, on the server.
    fn at(&self, path_and_query: &str) -> Url {
        let slash = if path_and_query.starts_with('/') || self.prefix.is_empty() {
            ""
        } else {
            "/"
        };
        self.base
            .at_origin(&format!("{}{slash}{path_and_query}", self.prefix))
    }

    /// What a reference leads to from the server's URL, which knows nothing of the prefix.
    fn join(&self, reference: &str) -> Result<Url, url::ParseError> {
        let path = self.base.path();
        let server = self
            .base
            .at_origin(path.strip_prefix(self.prefix).unwrap_or(path));
        let url = server.join(reference)?;
        if url.origin() != server.origin() {
            return Ok(url);
        }
        let query = url.query().map(|query| format!("?{query}"));
        Ok(self.at(&format!("{}{}", url.path(), query.unwrap_or_default())))
    }
}

/// A URL of the token endpoint that the user gives.
pub(super) fn absolute(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|error| {
        format!(
            "`{}` is no absolute URL ({error}); expected one like https://host/oauth/token",
            shown(text)
        )
    })?;
    if has_user(&url) {
        Err(format!("`{}` {HAS_USER}", shown(text)))
    } else if matches!(url.scheme(), "http" | "https") {
        Ok(url)
    } else {
        Err(format!("`{}` is not http or https", shown(text)))
    }
}

/// What stands between `://` and the path, and all from there on; none without a scheme.
fn split(url: &str) -> Option<(&str, &str)> {
    let (_, rest) = url.split_once("://")?;
    Some(match rest.find(['/', '?', '#']) {
        Some(end) => rest.split_at(end),
        None => (rest, ""),
    })
}

/// Whether a host is one of those that a pattern with variables in braces stands for; a variable is
/// any text but none.
fn matches(pattern: &str, host: &str) -> bool {
    let mut literals = Vec::new();
    let mut rest = pattern;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        literals.push(literal);
        rest = after;
    }
    let host = host.to_ascii_lowercase();
    let Some((first, inner)) = literals.split_first() else {
        return rest.eq_ignore_ascii_case(&host);
    };
    let Some(mut left) = host.strip_prefix(&first.to_ascii_lowercase()) else {
        return false;
    };
    for literal in inner {
        let literal = literal.to_ascii_lowercase();
        let least = left.chars().next().map_or(0, char::len_utf8);
        let Some(found) = left[least..].find(&literal) else {
            return false;
        };
        left = &left[least + found + literal.len()..];
    }
    left.len() > rest.len() && left.ends_with(&rest.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Base, Server, matches, of_document};

    #[test]
    fn variables_match_any_text() {
        let cases = [
            ("{tenant}.api.example.com", "tenant.api.example.com", true),
            ("{tenant}.api.example.com", "a.b.api.example.com", true),
            ("{tenant}.api.example.com", ".api.example.com", false),
            ("{tenant}.api.example.com", "login.example.com", false),
            ("{a}.{b}.example.com:{port}", "x.y.example.com:8443", true),
            ("{a}.{b}.example.com:{port}", "x.y.example.com", false),
            ("API.example.com", "api.example.com", true),
            ("api.example.com", "api.example.com.evil", false),
            ("{host}", "anything", true),
            ("é{a}", "éb", true),
            ("{a}b", "éb", true),
            ("{a}b{c}", "é", false),
            ("{a}b{c}", "ébé", true),
            ("{a}b{c}", "", false),
        ];
        for (pattern, host, expected) in cases {
            assert_eq!(matches(pattern, host), expected, "{pattern} {host}");
        }
    }

    #[test]
    fn the_token_url_follows_the_base_if_it_is_on_its_host() {
        let server = |url| Server {
            url,
            description: "",
            variables: &[],
        };
        let servers = [
            server("https://{tenant}.api.example.com/v3"),
            server("/relative"),
        ];
        let base = Base::parse("http://127.0.0.1:8080/v3?key=secret").expect("a good URL");
        let cases = [
            (
                "https://tenant.api.example.com/oauth/token",
                "http://127.0.0.1:8080/oauth/token",
            ),
            (
                "https://{tenant}.api.example.com/oauth/token?x=1",
                "http://127.0.0.1:8080/oauth/token?x=1",
            ),
            ("https://tenant.api.example.com", "http://127.0.0.1:8080/"),
            (
                "https://tenant.api.example.com//other.example.com/token",
                "http://127.0.0.1:8080//other.example.com/token",
            ),
            (
                "https://login.example.com/token",
                "https://login.example.com/token",
            ),
            ("/oauth/token", "http://127.0.0.1:8080/oauth/token"),
            ("../oauth/token", "http://127.0.0.1:8080/oauth/token"),
            (
                "ftp://login.example.com/token",
                "the document's token URL `ftp://login.example.com/token` is not http or https",
            ),
        ];
        for (stated, expected) in cases {
            let url = of_document(stated, &servers, &BTreeMap::new(), &base);
            let text = url.map_or_else(|error| error, |url| url.to_string());
            assert_eq!(text, expected);
        }
    }
    #[test]
    fn what_the_base_has_in_front_of_the_server_is_kept() {
        let server = |url| Server {
            url,
            description: "",
            variables: &[],
        };
        let versioned = server("https://api.example.com/v3");
        let plain = server("https://api.example.com");
        let relative = server("/v3");
        let host = "https://api.example.com/oauth/token?x=1";
        let cases = [
            (
                versioned,
                "/gateway/sail/v3",
                host,
                "/gateway/sail/oauth/token?x=1",
            ),
            (
                versioned,
                "/gateway/sail/v3/",
                host,
                "/gateway/sail/oauth/token?x=1",
            ),
            (
                versioned,
                "/gateway/v3",
                "/oauth/token",
                "/gateway/oauth/token",
            ),
            (
                versioned,
                "/gateway/v3",
                "../oauth/token",
                "/gateway/oauth/token",
            ),
            (
                versioned,
                "/gateway/v3",
                "https://api.example.com",
                "/gateway/",
            ),
            (
                versioned,
                "/gateway/v3",
                "https://api.example.com?x",
                "/gateway/?x",
            ),
            (versioned, "/v3", host, "/oauth/token?x=1"),
            // Another version, or a path of another kind: only the host is known.
            (versioned, "/v4", host, "/oauth/token?x=1"),
            (versioned, "/gateway-v3", host, "/oauth/token?x=1"),
            (plain, "/gateway", host, "/gateway/oauth/token?x=1"),
            (plain, "", host, "/oauth/token?x=1"),
            (
                relative,
                "/gateway/v3",
                "/oauth/token",
                "/gateway/oauth/token",
            ),
        ];
        for (server, path, stated, expected) in cases {
            let base = Base::parse(&format!("http://127.0.0.1:8080{path}")).expect("a good URL");
            let url = of_document(stated, &[server], &BTreeMap::new(), &base).expect("a good URL");
            let expected = format!("http://127.0.0.1:8080{expected}");
            assert_eq!(url.as_str(), expected, "{path} {stated}");
        }
    }
}
