//! What a token endpoint answers (RFC 6749, sections 5.1 and 5.2).

use std::time::Duration;

use serde_json::Value;

use super::super::{RawResponse, error_text};
use super::AccessToken;

/// The token, or what went wrong and what to do about it. `hide` takes secrets out of what the
/// endpoint says, which may repeat the request.
pub(super) fn read(
    response: &RawResponse,
    endpoint: &str,
    hide: impl Fn(String) -> String,
) -> Result<AccessToken, String> {
    let status = response.status();
    let said = || match error_text::summary(response) {
        Some(text) => format!("{status}: {}", hide(text)),
        None => status.to_string(),
    };
    let value = response.json::<Value>().ok();
    let member = |name: &str| value.as_ref().and_then(|value| value.get(name));
    let code = member("error").and_then(Value::as_str);
    if !(200..300).contains(&status) || code.is_some() {
        return Err(format!(
            "the token endpoint {endpoint} refused ({}); {}",
            said(),
            advice(status, code)
        ));
    }
    let Some(value) = &value else {
        let media_type = response.media_type().unwrap_or("no media type");
        // What is no page may be a token in another form.
        let said = match media_type {
            "text/html" => said(),
            _ => status.to_string(),
        };
        return Err(format!(
            "the token endpoint {endpoint} answered with {media_type} in place of JSON ({said}); \
             check that the URL is that of the token endpoint, and that no proxy answers in its \
             place",
        ));
    };
    // The whole answer is not shown, since it may hold a token under another name.
    let Some(Value::String(token)) = value.get("access_token").filter(|token| *token != "") else {
        return Err(format!(
            "the token endpoint {endpoint} answered {status} without an `access_token`; check that \
             the URL is that of the token endpoint"
        ));
    };
    let token = AccessToken::new(token.clone());
    Ok(match value.get("expires_in").and_then(lifetime) {
        Some(lifetime) => token.expires_in(lifetime),
        None => token,
    })
}

/// Seconds as a number or, as some servers have it, a text. No lifetime that can be one: none is
/// known, and the token is used until it is refused.
fn lifetime(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = seconds.filter(|seconds| *seconds >= 1.0)?;
    Duration::try_from_secs_f64(seconds.floor()).ok()
}

/// What to do about a refusal.
fn advice(status: u16, code: Option<&str>) -> &'static str {
    match (code, status) {
        (Some("invalid_client"), _) => "check the client id and the client secret",
        (Some("unauthorized_client" | "unsupported_grant_type"), _) => {
            "this client may not use the client credentials grant: check which grants it is allowed"
        }
        (Some("invalid_scope"), _) => "check the scopes that are asked for",
        (Some("invalid_request"), _) => {
            "the server misses a parameter, or wants the client to authenticate in another way: \
             see `token_parameter` and `client_auth`"
        }
        (_, 400 | 401 | 403) => "check the client id, the client secret and what they may do",
        (_, 404 | 405 | 410) => "check the token URL, and the host or tenant in it",
        (_, 300..400) => "check the token URL: it has moved",
        (_, 429) => "too many tokens were asked for: wait, and share one client",
        (_, 500..) => "the server is at fault: try again later",
        _ => "check the token URL and the client",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::lifetime;

    #[test]
    fn lifetimes_as_servers_write_them() {
        let cases = [
            (json!(749), Some(749)),
            (json!(749.9), Some(749)),
            (json!("749"), Some(749)),
            (json!(" 3600 "), Some(3600)),
            (json!(0), None),
            (json!(-1), None),
            (json!(1e300), None),
            (json!("soon"), None),
            (json!("NaN"), None),
            (json!("inf"), None),
            (json!(null), None),
            (json!([]), None),
        ];
        for (value, expected) in cases {
            let expected = expected.map(Duration::from_secs);
            assert_eq!(lifetime(&value), expected, "{value}");
        }
    }
}
