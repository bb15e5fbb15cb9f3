//! A transform has no type.
//!
//! A transform is an object with a `type`, which says what it does, and `attributes`, which say what
//! with. Without a type nothing is done: the import refuses the transform, or the identity attribute
//! stays empty. Often the type was lost when the transform was copied, or stands one level too high
//! or too low.
//!
//! Wrong:
//!
//! ```json
//! "attributeTransforms": [{
//!   "identityAttributeName": "email",
//!   "transformDefinition": {"attributes": {"attributeName": "mail", "sourceName": "HR"}}
//! }]
//! ```
//!
//! Right:
//!
//! ```json
//! "attributeTransforms": [{
//!   "identityAttributeName": "email",
//!   "transformDefinition": {
//!     "type": "accountAttribute",
//!     "attributes": {"attributeName": "mail", "sourceName": "HR"}
//!   }
//! }]
//! ```
//!
//! Where a transform may stand inside of another one, an object is taken for one if it has nothing but
//! `attributes`.
//!
//! What to do: add `type`, or move it to where it belongs.

use super::types;
use crate::{Code, finding::Problem, json::tape::Node, nearest::nearest, rules::Found, wording};

/// Reports a transform without a type; `attributes` are its own, if it has some.
pub(super) fn report<'t>(transform: Node<'t>, attributes: Option<Node<'t>>, found: &mut Found<'t>) {
    // A key may be spelled with escapes.
    if transform
        .children()
        .any(|child| child.key().is_some_and(|key| key == "type"))
    {
        return;
    }
    found.value(transform, Code::MissingTransformType, || {
        let message = "property \"type\" of the transform is missing";
        let problem = Problem::of(Code::MissingTransformType, message)
            .property("type")
            .expected("\"type\" with the name of a transform type, and \"attributes\"");
        let keys: Vec<_> = transform
            .children()
            .filter_map(|child| child.key())
            .collect();
        if let Some(key) = nearest("type", keys.iter().map(AsRef::as_ref)) {
            let quoted = wording::quoted(key);
            return problem.help(format!("rename {quoted} to \"type\" if that is what it is"));
        }
        let inner = attributes.and_then(|attributes| {
            let mut children = attributes.children();
            children.find(|child| child.key().is_some_and(|key| key == "type"))
        });
        let inner = inner.and_then(|kind| kind.text());
        match inner.filter(|text| types::find(text).is_some()) {
            Some(_) => problem.help("move \"type\" out of \"attributes\", to stand beside it"),
            None => problem.help("add the type, such as \"accountAttribute\" or \"reference\""),
        }
    });
}

/// Reports a type that is no text.
pub(super) fn report_other<'t>(kind: Node<'t>, found: &mut Found<'t>) {
    found.value(kind, Code::MissingTransformType, || {
        let found = wording::found_node(kind);
        Problem::of(
            Code::MissingTransformType,
            format!("the type of a transform is a string; this is {found}"),
        )
        .expected("the name of a transform type")
        .help("write the type, such as \"accountAttribute\" or \"reference\"")
    });
}
