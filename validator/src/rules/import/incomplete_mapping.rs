//! A mapping lacks its identity attribute or its transform.
//!
//! Each item of `attributeTransforms` maps one identity attribute: `identityAttributeName` says
//! which, and `transformDefinition` how its value is made. With only one of the two nothing is mapped,
//! and the identity attribute stays empty without a word. The schemas require neither, so it is a
//! warning.
//!
//! Wrong:
//!
//! ```json
//! "attributeTransforms": [{"identityAttributeName": "email"}]
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
//! What to do: add what is missing, or remove the mapping.

use crate::{Code, finding::Problem, json::tape::Node, nearest::nearest, rules::Found, wording};

/// Reports a mapping that does not have both of its parts.
pub(in crate::rules) fn report<'t>(
    mapping: Node<'t>,
    has_name: bool,
    has_definition: bool,
    found: &mut Found<'t>,
) {
    const NAME: &str = "identityAttributeName";
    const DEFINITION: &str = "transformDefinition";
    // A key may be spelled with escapes.
    let has = |name: &str| {
        let mut keys = mapping.children().filter_map(|child| child.key());
        keys.any(|key| key == name)
    };
    let has_name = has_name || has(NAME);
    let has_definition = has_definition || has(DEFINITION);
    if has_name && has_definition {
        return;
    }
    found.value(mapping, Code::IncompleteMapping, || {
        let problem = |message: String| {
            Problem::of(Code::IncompleteMapping, message)
                .expected(format!("\"{NAME}\" and \"{DEFINITION}\""))
        };
        let missing = match (has_name, has_definition) {
            (true, _) => DEFINITION,
            (false, true) => NAME,
            (false, false) => {
                return problem(format!(
                    "this mapping has neither \"{NAME}\" nor \"{DEFINITION}\""
                ))
                .help("add both, or remove the mapping");
            }
        };
        let keys: Vec<_> = mapping.children().filter_map(|child| child.key()).collect();
        let help = match nearest(missing, keys.iter().map(AsRef::as_ref)) {
            Some(near) => format!("rename {} to \"{missing}\"", wording::quoted(near)),
            None => "add it, or remove the mapping".to_owned(),
        };
        problem(format!(
            "this mapping has no \"{missing}\": it maps nothing"
        ))
        .property(missing)
        .help(help)
    });
}
