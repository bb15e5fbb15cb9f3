//! From bytes to text: UTF-8, and UTF-16 as YAML allows it (YAML 1.2, section 5.2).

/// A file's text, without its byte order mark.
pub(super) struct Decoded {
    pub(super) text: String,
    /// Where the first sequence stands that is none of the encoding, in bytes of `text`, and what
    /// is wrong with it.
    pub(super) invalid: Option<(usize, &'static str)>,
}

/// Decodes a file by its byte order mark or, without one, by where its first character has its
/// zero byte.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(&bytes, u16::from_le_bytes),
        [0, first, ..] if *first != 0 => utf16(&bytes, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest.to_vec()),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: Vec<u8>) -> Decoded {
    match String::from_utf8(bytes) {
        Ok(text) => Decoded {
            text,
            invalid: None,
        },
        Err(error) => Decoded {
            text: String::from_utf8_lossy(error.as_bytes()).into_owned(),
            invalid: Some((
                error.utf8_error().valid_up_to(),
                "from here on the file is not UTF-8 throughout",
            )),
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut invalid = None;
    let message = "from here on the file is not UTF-16 throughout";
    for character in char::decode_utf16(pairs.iter().copied().map(unit)) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => {
                invalid.get_or_insert((text.len(), message));
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    if !rest.is_empty() {
        invalid.get_or_insert((text.len(), message));
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Decoded { text, invalid }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn text_is_decoded_by_its_mark_or_its_zeros() {
        let cases: [(&[u8], &str, Option<usize>); 9] = [
            (b"{}", "{}", None),
            (b"\xef\xbb\xbf{}", "{}", None),
            (b"\xff\xfe{\0}\0", "{}", None),
            (b"\xfe\xff\0{\0}", "{}", None),
            (b"{\0}\0", "{}", None),
            (b"\0{\0}", "{}", None),
            (b"\xff\xfe{\0\x00\xd8}\0", "{\u{fffd}}", Some(1)),
            (b"\xff\xfe{\0}", "{\u{fffd}", Some(1)),
            (b"a\xe4b", "a\u{fffd}b", Some(1)),
        ];
        for (bytes, text, invalid) in cases {
            let decoded = decode(bytes.to_vec());
            assert_eq!(decoded.text, text, "{bytes:?}");
            assert_eq!(
                decoded.invalid.map(|(offset, _)| offset),
                invalid,
                "{bytes:?}"
            );
        }
    }
}
