//! Names of files, and how one file refers to another.

/// The name of a file that `base` refers to as `reference`: a relative reference (RFC 3986,
/// section 5.2) between names that are paths or URLs; percent escapes are decoded in paths.
pub fn resolve_path(base: &str, reference: &str) -> String {
    if reference.contains("://") {
        return reference.to_owned();
    }
    let reference = if base.contains("://") {
        reference.to_owned()
    } else {
        percent_decode(reference)
    };
    if reference.starts_with('/') {
        let origin = base.split_once("://").and_then(|(scheme, rest)| {
            rest.split('/')
                .next()
                .map(|host| format!("{scheme}://{host}"))
        });
        return origin.unwrap_or_default() + &reference;
    }
    let (prefix, path) = match base.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
            (format!("{scheme}://{host}/"), path)
        }
        None if base.starts_with('/') => ("/".to_owned(), &base[1..]),
        None => (String::new(), base),
    };
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if !prefix.is_empty() => {}
            part => parts.push(part),
        }
    }
    prefix + &parts.join("/")
}

/// Decodes `%XX` escapes (RFC 3986, section 2.1); what is no escape stays.
pub(crate) fn percent_decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let escape = (bytes[index] == b'%')
            .then(|| text.get(index + 1..index + 3))
            .flatten()
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let Some(byte) = escape {
            decoded.push(byte);
            index += 3;
        } else {
            decoded.push(bytes[index]);
            index += 1;
        }
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{percent_decode, resolve_path};

    #[test]
    fn references_resolve_against_their_file() {
        let cases = [
            ("spec/v3.yaml", "schemas/A.yaml", "spec/schemas/A.yaml"),
            ("spec/schemas/A.yaml", "./B.yaml", "spec/schemas/B.yaml"),
            ("spec/schemas/A.yaml", "../v3.yaml", "spec/v3.yaml"),
            ("a.yaml", "../b.yaml", "../b.yaml"),
            ("../a.yaml", "../b.yaml", "../../b.yaml"),
            ("/abs/a.yaml", "b%20c.yaml", "/abs/b c.yaml"),
            (
                "https://h.example/x/a.yaml",
                "../b.yaml",
                "https://h.example/b.yaml",
            ),
            (
                "https://h.example/x/a.yaml",
                "/b.yaml",
                "https://h.example/b.yaml",
            ),
            (
                "a.yaml",
                "https://h.example/b.yaml",
                "https://h.example/b.yaml",
            ),
        ];
        for (base, reference, resolved) in cases {
            assert_eq!(
                resolve_path(base, reference),
                resolved,
                "{base} + {reference}"
            );
        }
    }

    #[test]
    fn percent_escapes_decode_and_stray_percents_stay() {
        assert_eq!(percent_decode("a%7Bid%7d%"), "a{id}%");
        assert_eq!(percent_decode("100%zz"), "100%zz");
        assert_eq!(percent_decode("%ff"), "%ff");
    }
}
