//! What a plain scalar of YAML stands for in JSON: the core schema of YAML 1.2, section 10.3.2.

use std::{borrow::Cow, fmt::Write as _};

/// The value of a plain scalar, that is one without quotes, block marks and tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain<'a> {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as JSON writes it; borrowed where YAML writes it the same, so no digit is lost.
    Number(Cow<'a, str>),
    /// A number that JSON does not have: an infinity or "not a number".
    NotFinite,
    /// Anything else is a string.
    String,
}

/// Resolves a plain scalar by its text.
///
/// ```
/// use source_text::yaml::{Plain, plain};
///
/// assert_eq!(plain("~"), Plain::Null);
/// assert_eq!(plain("0x1F"), Plain::Number("31".into()));
/// assert_eq!(plain("1.2.3"), Plain::String);
/// ```
pub fn plain(text: &str) -> Plain<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Plain::NotFinite,
        _ => match text.strip_prefix(['-', '+']).unwrap_or(text) {
            ".inf" | ".Inf" | ".INF" => Plain::NotFinite,
            _ => number(text).map_or(Plain::String, Plain::Number),
        },
    }
}

/// The JSON text of a core schema number; `None` where it is none.
fn number(text: &str) -> Option<Cow<'_, str>> {
    let first = text.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) {
        return None;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return whole_number(digits, 16).map(Cow::Owned);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return whole_number(digits, 8).map(Cow::Owned);
    }
    let (sign, digits) = match first {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (mantissa, exponent) = match digits.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !fraction.is_none_or(all_digits) {
        return None;
    }
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    if let Some(exponent) = exponent {
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !all_digits(digits) {
            return None;
        }
    }
    let is_json = sign.len() + digits.len() == text.len()
        && !whole.is_empty()
        && (whole == "0" || !whole.starts_with('0'))
        && fraction != Some("");
    if is_json {
        return Some(Cow::Borrowed(text));
    }
    let stripped = whole.trim_start_matches('0');
    let mut json = sign.to_owned();
    json.push_str(if stripped.is_empty() { "0" } else { stripped });
    if let Some(fraction) = fraction.filter(|fraction| !fraction.is_empty()) {
        json.push('.');
        json.push_str(fraction);
    }
    if let Some(exponent) = exponent {
        json.push('e');
        json.push_str(exponent);
    }
    Some(Cow::Owned(json))
}

/// A whole number of another base in decimal digits.
fn whole_number(digits: &str, base: u32) -> Option<String> {
    /// Digits of the longest one: the work grows with their square.
    const LONGEST: usize = 4096;
    /// Decimal digits that a limb holds.
    const WIDTH: u32 = 9;
    const LIMB: u64 = 10_u64.pow(WIDTH);

    if !(1..=LONGEST).contains(&digits.len()) || !digits.chars().all(|digit| digit.is_digit(base)) {
        return None;
    }
    // The least one comes first.
    let mut limbs: Vec<u64> = vec![0];
    for digit in digits.chars().filter_map(|digit| digit.to_digit(base)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let sum = *limb * u64::from(base) + carry;
            *limb = sum % LIMB;
            carry = sum / LIMB;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut limbs = limbs.into_iter().rev();
    let mut decimal = limbs.next()?.to_string();
    for limb in limbs {
        // Writing to a string cannot fail.
        let _ = write!(decimal, "{limb:0width$}", width = WIDTH as usize);
    }
    Some(decimal)
}

#[cfg(test)]
mod tests {
    use super::{Plain, plain};

    #[test]
    fn core_schema_numbers_become_json_numbers() {
        let cases = [
            ("12", Some("12")),
            ("-0", Some("-0")),
            ("+12", Some("12")),
            ("012", Some("12")),
            ("-007.50", Some("-7.50")),
            ("0x1F", Some("31")),
            ("0o17", Some("15")),
            (
                "0xffffffffffffffffffffffffffffffffff",
                Some("87112285931760246646623899502532662132735"),
            ),
            ("0x3B9ACA00", Some("1000000000")),
            ("0x", None),
            ("0x+1", None),
            ("0o8", None),
            (".5", Some("0.5")),
            ("5.", Some("5")),
            ("1e3", Some("1e3")),
            ("1E+3", Some("1E+3")),
            (
                "123456789012345678901234567890.10",
                Some("123456789012345678901234567890.10"),
            ),
            ("1_000", None),
            ("2015-05-28", None),
            ("1.2.3", None),
            ("5134cbc", None),
            ("-", None),
            ("+", None),
            (".", None),
            ("1e", None),
        ];
        for (yaml, json) in cases {
            let expected = json.map_or(Plain::String, |json| Plain::Number(json.into()));
            assert_eq!(plain(yaml), expected, "{yaml}");
        }
    }

    #[test]
    fn words_are_values_in_three_spellings_only() {
        for word in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(plain(word), Plain::Null, "{word}");
        }
        for word in ["true", "True", "TRUE"] {
            assert_eq!(plain(word), Plain::Bool(true), "{word}");
        }
        for word in [".inf", "-.Inf", "+.INF", ".nan", ".NaN"] {
            assert_eq!(plain(word), Plain::NotFinite, "{word}");
        }
        for word in ["nULL", "yes", "no", "on", "off", "y", "-.nan", "inf", "NaN"] {
            assert_eq!(plain(word), Plain::String, "{word}");
        }
    }
}
