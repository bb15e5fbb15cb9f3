//! The formats of strings, and what a string that is not in one needs.

/// What a format asks for, with an example: `a date such as 2024-05-31`; none if it is unknown.
pub(super) fn noun(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "a time with its zone, such as 2024-05-31T17:30:00Z",
        "date" => "a date such as 2024-05-31",
        "time" => "a time of day with its zone, such as 17:30:00Z",
        "duration" => "a duration such as P1DT12H",
        "email" => "an email address such as jo@example.com",
        "idn-email" => "an email address, of any alphabet",
        "hostname" => "a host name such as api.example.com",
        "idn-hostname" => "a host name, of any alphabet",
        "ipv4" => "an IPv4 address such as 192.0.2.1",
        "ipv6" => "an IPv6 address such as 2001:db8::1",
        "uri" => "a URI with its scheme, such as https://example.com/a",
        "uri-reference" => "a URI or a relative reference, such as /a?b=c",
        "iri" => "an IRI with its scheme, such as https://example.com/é",
        "iri-reference" => "an IRI or a relative reference, such as /é",
        "uri-template" => "a URI template such as /users/{id}",
        "uuid" => "a UUID such as 2b838de9-db9b-abcf-e646-d4f274ad4238",
        "json-pointer" => "a JSON Pointer such as /items/0",
        "relative-json-pointer" => "a relative JSON Pointer such as 1/name",
        "regex" => "a regular expression",
        _ => return None,
    })
}

/// Whether a format is one of strings; those of numbers are stated as their ranges.
pub(super) fn is_of_strings(format: &str) -> bool {
    !matches!(
        format,
        "int32" | "int64" | "uint32" | "uint64" | "float" | "double" | "decimal"
    )
}

/// What to do about `text`, which is not in a format.
pub(super) fn help(format: &str, text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("put a value in its place, or remove it if it may be absent");
    }
    if text.trim() != text {
        return Some("remove the white space around it");
    }
    let bytes = text.as_bytes();
    let has_zone = || {
        let time = text.get(11..).unwrap_or_default();
        time.ends_with(['Z', 'z']) || time.contains(['+', '-'])
    };
    match format {
        "date-time" if bytes.len() == 10 && looks_like_date(bytes) => {
            Some("add the time of day and its zone")
        }
        "date-time" if looks_like_date(bytes) && bytes.get(10) == Some(&b' ') => {
            Some("put a T between the date and the time, and the zone at the end")
        }
        "date-time" if looks_like_date(bytes) && !has_zone() => {
            Some("add the zone at the end: Z for UTC, or an offset such as +02:00")
        }
        "date" if looks_like_date(bytes) && bytes.get(10).is_some_and(|at| b"Tt ".contains(at)) => {
            Some("leave out the time of day")
        }
        "uri" | "iri" if !text.contains(':') => Some("begin it with its scheme, such as https://"),
        "ipv4" | "ipv6" | "hostname" if text.contains("://") => {
            Some("leave out the scheme and the path")
        }
        _ => None,
    }
}

/// What was probably meant by `text`, if only one thing can have been.
pub(super) fn suggestion(format: &str, text: &str) -> Option<String> {
    let trimmed = text.trim();
    if format == "uuid" && trimmed.len() == 32 && trimmed.bytes().all(|b| b.is_ascii_hexdigit()) {
        let part = |from: usize, to: usize| trimmed.get(from..to).unwrap_or_default();
        let parts = [
            part(0, 8),
            part(8, 12),
            part(12, 16),
            part(16, 20),
            part(20, 32),
        ];
        return Some(parts.join("-"));
    }
    None
}

fn looks_like_date(bytes: &[u8]) -> bool {
    bytes.len() >= 10
        && bytes
            .iter()
            .take(10)
            .enumerate()
            .all(|(index, byte)| match index {
                4 | 7 => *byte == b'-',
                _ => byte.is_ascii_digit(),
            })
}
