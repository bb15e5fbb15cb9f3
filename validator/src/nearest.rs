//! "Did you mean": the allowed text nearest to one that is not allowed.

/// The option nearest to `found`, if one is near enough to have been meant.
///
/// Case and separators do not count: `identityProfile` is `IDENTITY_PROFILE`.
pub(crate) fn nearest<'a>(
    found: &str,
    options: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let found = normalized(found);
    if found.is_empty() {
        return None;
    }
    let (distance, length, option) = options
        .into_iter()
        .map(|option| {
            let normalized = normalized(option);
            let distance = strsim::damerau_levenshtein(&found, &normalized);
            (distance, normalized.chars().count(), option)
        })
        .min_by_key(|&(distance, _, _)| distance)?;
    (distance <= length.div_ceil(3).min(3) && distance < length).then_some(option)
}

fn normalized(text: &str) -> String {
    // Longer texts are no slip of the pen, and comparing takes time with the square of the length.
    text.chars()
        .filter(|character| character.is_alphanumeric())
        .take(64)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: [&str; 5] = ["SOURCE", "ROLE", "RULE", "TAG", "IDENTITY_PROFILE"];

    fn check(found: &str, expected: Option<&str>) {
        assert_eq!(nearest(found, TYPES), expected, "{found}");
    }

    #[test]
    fn slips_are_recognised() {
        check("SUORCE", Some("SOURCE"));
        check("source", Some("SOURCE"));
        check("identityProfile", Some("IDENTITY_PROFILE"));
        check("IDENTITY-PROFIL", Some("IDENTITY_PROFILE"));
        check("RULES", Some("RULE"));
    }

    #[test]
    fn other_words_are_not() {
        check("", None);
        check("WORKFLOW", None);
        check("XYZ", None);
        check("___", None);
        check(&"x".repeat(100_000), None);
    }
}
