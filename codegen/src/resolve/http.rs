//! What HTTP can carry in names and values.

/// Whether this is a token: a method, a header's name (RFC 9110, section 5.6.2).
pub(super) fn is_token(text: &str) -> bool {
    let is_char = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
    !text.is_empty() && text.bytes().all(is_char)
}

/// Whether a header can have this value and it is not empty (RFC 9110, section 5.5).
pub(super) fn is_field_value(text: &str) -> bool {
    !text.trim().is_empty() && !text.bytes().any(|c| c.is_ascii_control())
}

/// Whether this is a media type or a range of them, with or without parameters (RFC 9110,
/// section 12.5.1).
pub(super) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence
        .split_once('/')
        .is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
        && is_field_value(text)
}

#[cfg(test)]
mod tests {
    use super::{is_field_value, is_media_type, is_token};

    #[test]
    fn tokens_media_types_and_field_values() {
        let cases = [
            ("X-Request-Id", true, false, true),
            ("application/vnd.a+json", false, true, true),
            ("application/json; charset=utf-8", false, true, true),
            ("*/*", false, true, true),
            ("größe", false, false, true),
            ("a b", false, false, true),
            ("a/b\nc", false, false, false),
            ("", false, false, false),
        ];
        for (text, token, media_type, field_value) in cases {
            assert_eq!(is_token(text), token, "{text:?}");
            assert_eq!(is_media_type(text), media_type, "{text:?}");
            assert_eq!(is_field_value(text), field_value, "{text:?}");
        }
    }
}
