//! Templates with names in braces: paths and server URLs.

/// The names in a template's braces, each once.
pub(super) fn names(template: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for piece in pieces(template) {
        if let Piece::Name(name) = piece
            && !name.is_empty()
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// What stands outside a template's braces.
pub(super) fn literals(template: &str) -> impl Iterator<Item = &str> {
    pieces(template)
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text),
            Piece::Name(_) => None,
        })
}

/// What is wrong with a template's braces.
pub(super) fn defect(template: &str) -> Option<&'static str> {
    for piece in pieces(template) {
        match piece {
            Piece::Name("") => return Some("it has braces without a name"),
            Piece::Name(name) if name.contains('{') => {
                return Some("it has braces inside of braces");
            }
            Piece::Literal(text) if text.contains('{') => {
                return Some("it has a brace that is not closed");
            }
            Piece::Literal(text) if text.contains('}') => {
                return Some("it has a brace that is not opened");
            }
            _ => {}
        }
    }
    None
}

enum Piece<'t> {
    Literal(&'t str),
    Name(&'t str),
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        pieces.push(Piece::Literal(literal));
        pieces.push(Piece::Name(name));
        rest = after;
    }
    pieces.push(Piece::Literal(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{defect, literals, names};

    #[test]
    fn templates_have_names_literals_and_defects() {
        let cases: [(&str, &[&str], &str, Option<&str>); 6] = [
            ("/a/{b}/{c}/{b}", &["b", "c"], "/a/+/+/+", None),
            ("plain", &[], "plain", None),
            (
                "/a/{b",
                &[],
                "/a/{b",
                Some("it has a brace that is not closed"),
            ),
            ("/{}", &[], "/+", Some("it has braces without a name")),
            (
                "/{{id}}",
                &["{id"],
                "/+}",
                Some("it has braces inside of braces"),
            ),
            ("/a}", &[], "/a}", Some("it has a brace that is not opened")),
        ];
        for (template, expected, outside, wrong) in cases {
            assert_eq!(names(template), expected, "{template}");
            assert_eq!(
                literals(template).collect::<Vec<_>>().join("+"),
                outside,
                "{template}"
            );
            assert_eq!(defect(template), wrong, "{template}");
        }
    }
}
