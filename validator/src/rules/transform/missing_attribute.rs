//! A transform lacks an attribute that its type needs.
//!
//! Without it the transform fails whenever it is evaluated, and the identity attribute stays empty.
//! An attribute that is null is there.
//!
//! | type | needs |
//! |---|---|
//! | accountAttribute | attributeName; and sourceName, sourceId, applicationId or applicationName |
//! | concat, firstValid, join | values |
//! | conditional | expression, positiveCondition, negativeCondition |
//! | dateCompare | firstDate, secondDate, operator, positiveCondition, negativeCondition |
//! | dateMath | expression |
//! | identityAttribute | name (or attributeName) |
//! | indexOf, lastIndexOf | substring |
//! | leftPad, rightPad | length |
//! | lookup, replaceAll | table |
//! | reference | id |
//! | replace | regex, replacement |
//! | rule | name (or id) |
//! | split | delimiter, index |
//! | static | value |
//! | substring | begin |
//!
//! Other types need none. Attributes beyond these are named variables, and never wrong.
//!
//! Wrong:
//!
//! ```json
//! {"type": "accountAttribute", "attributes": {"attributeName": "mail"}}
//! ```
//!
//! Right:
//!
//! ```json
//! {"type": "accountAttribute", "attributes": {"attributeName": "mail", "sourceName": "HR"}}
//! ```
//!
//! What to do: add the attribute, or correct the name of the one that was meant for it.

use super::{Transform, types::Type};
use crate::{
    Code,
    finding::Problem,
    json::names::{self, NameId},
    nearest::nearest,
    rules::Found,
    wording,
};

/// Reports what a transform lacks of what its type needs.
pub(super) fn check<'t>(transform: &Transform<'t>, known: &Type, found: &mut Found<'t>) {
    for group in known.needs {
        if group.iter().all(|name| transform.get(*name).is_none()) {
            let place = transform.attributes.unwrap_or(transform.object);
            found.value(place, Code::MissingTransformAttribute, || {
                missing(transform, known, group)
            });
        }
    }
}

fn missing(transform: &Transform<'_>, known: &Type, group: &[NameId]) -> Problem {
    let texts: Vec<&str> = group.iter().map(|name| names::text_of(*name)).collect();
    let quoted: Vec<String> = texts.iter().map(|text| wording::quoted(text)).collect();
    let any = wording::alternatives(&quoted);
    let message = format!("the transform {} lacks {any}", wording::quoted(known.name));
    let problem = Problem::of(Code::MissingTransformAttribute, message)
        .expected(format!("\"attributes\" with {any}"));
    let problem = match texts.as_slice() {
        [one] => problem.property(*one),
        _ => problem,
    };
    let keys: Vec<_> = transform
        .attributes
        .into_iter()
        .flat_map(|attributes| attributes.children())
        .filter_map(|child| child.key())
        .collect();
    let misspelt = texts.iter().find_map(|text| {
        let key = nearest(text, keys.iter().map(AsRef::as_ref))?;
        Some((key, text))
    });
    match misspelt {
        Some((key, text)) => problem.help(format!(
            "rename {} to {} if that is what it is",
            wording::quoted(key),
            wording::quoted(text)
        )),
        None if transform.attributes.is_some() => {
            problem.help(format!("add {any} to the attributes that begin here"))
        }
        None => problem.help(format!("add \"attributes\" with {any}")),
    }
}
