//! What a validator holds files against.

use std::{collections::BTreeSet, sync::OnceLock};

use serde_json::Value;
use source_text::JsonPointer;

use super::{chain::longest_chain, stack::with_room_for};
use crate::{
    Edition, SchemaError,
    authority::{Authority, PayloadAuthority, documented_dto_types},
    json::names::Names,
    program::{self, Program, Run},
    rules::Rules,
};

/// The schemas of a validator, compiled for the fast path; for the authority when it is asked.
pub(crate) enum Subject {
    /// Export files of an edition.
    Exports(Box<Exports>),
    /// Any other JSON text, by the schema of its root.
    Payload(Box<Payload>),
}

impl Subject {
    /// What elements are checked by first.
    pub(super) fn program(&self) -> &Program {
        match self {
            Self::Exports(exports) => &exports.exported_object,
            Self::Payload(payload) => &payload.element,
        }
    }

    /// How many levels of nesting a level of a value counts for.
    pub(super) fn levels(&self) -> usize {
        match self {
            Self::Exports(_) => 1,
            Self::Payload(payload) => payload.levels,
        }
    }

    pub(super) fn any(&self) -> &Program {
        match self {
            Self::Exports(exports) => &exports.any,
            Self::Payload(payload) => &payload.any,
        }
    }

    /// A run for all programs of the subject: they share their names.
    pub(super) fn start(&self) -> Run {
        self.any().start()
    }
}

/// What tells a valid export.
pub(crate) struct Exports {
    edition: Edition,
    pub(super) exported_object: Program,
    /// An exported object of another type: its `object` may be anything.
    pub(super) other_object: Program,
    /// Any value; it has the names of all programs.
    any: Program,
    /// The types of exported objects that the edition takes.
    dto_types: BTreeSet<String>,
    rules: Rules,
    authority: OnceLock<Authority>,
}

impl Exports {
    pub(crate) fn new(edition: Edition) -> Result<Self, SchemaError> {
        let schema = edition.exported_object()?;
        let mut dto_types = documented_dto_types(&schema);
        let profile = edition.profile()?;
        let rules = match edition.successor() {
            None => Rules::new(&[&schema], &[&profile], dto_types.clone()),
            Some(successor) => {
                let [later, later_profile] = [successor.exported_object()?, successor.profile()?];
                dto_types.extend(documented_dto_types(&later));
                let schemas = [&schema, &later];
                Rules::new(&schemas, &[&profile, &later_profile], dto_types.clone())
            }
        };
        let exported_object = program::compile(&schema, false, Names::well_known());
        let mut of_others = schema;
        if let Some(object) = of_others.pointer_mut("/properties/object") {
            *object = Value::Bool(true);
        }
        let other_object = program::compile(&of_others, false, exported_object.names().clone());
        let any = Program::any(other_object.names().clone());
        Ok(Self {
            edition,
            exported_object,
            other_object,
            any,
            dto_types,
            rules,
            authority: OnceLock::new(),
        })
    }

    pub(crate) fn edition(&self) -> Edition {
        self.edition
    }

    pub(super) fn knows(&self, dto_type: &str) -> bool {
        self.dto_types.contains(dto_type)
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// The authority, which is made when it is asked for the first time.
    ///
    /// # Panics
    ///
    /// Only if the schemas built into this crate are broken, which a test rules out.
    pub(super) fn authority(&self) -> &Authority {
        self.authority
            .get_or_init(|| match Authority::new(self.edition) {
                Ok(authority) => authority,
                Err(error) => panic!(
                    "the schemas built in for {} are broken: {error}",
                    self.edition
                ),
            })
    }
}

/// How many schemas in a chain take as much stack as a level of a value, at most.
const CHAIN_OF_A_LEVEL: usize = 8;

/// What tells a valid payload.
pub(crate) struct Payload {
    /// If the items of an array are checked one by one: what any other root is held against.
    pub(super) whole: Option<Box<Subject>>,
    pub(super) element: Program,
    any: Program,
    authority: PayloadAuthority,
    /// How many levels of nesting a level of a value counts for, by what the schema takes for it.
    pub(super) levels: usize,
}

impl Payload {
    pub(crate) fn new(schema: &Value) -> Result<Self, SchemaError> {
        let root = program::compile(schema, true, Names::well_known());
        let of_items = root.of_items();
        let levels = 1 + longest_chain(schema) / CHAIN_OF_A_LEVEL;
        let items = of_items.and_then(|program| Some((program, items_schema(schema)?)));
        let payload = |element: Program, source, place| {
            let authority = with_room_for(levels, || PayloadAuthority::new(source, place))
                .map_err(|error| SchemaError::new("the payload", &error))??;
            Ok(Self {
                whole: None,
                any: Program::any(element.names().clone()),
                element,
                authority,
                levels,
            })
        };
        let whole = payload(root, schema.clone(), JsonPointer::root())?;
        match items {
            Some((element, source)) => Ok(Self {
                whole: Some(Box::new(Subject::Payload(Box::new(whole)))),
                ..payload(element, source, JsonPointer::root().child("items"))?
            }),
            None => Ok(whole),
        }
    }

    pub(crate) fn authority(&self) -> &PayloadAuthority {
        &self.authority
    }
}

/// The schema of the items of arrays, with the definitions that it refers to.
///
/// There is none if anything else is said of the array, or anything else is referred to.
fn items_schema(schema: &Value) -> Option<Value> {
    const SAYS_NOTHING: &[&str] = &[
        "$schema",
        "$defs",
        "title",
        "description",
        "type",
        "examples",
    ];
    let root = schema.as_object()?;
    let is_plain = root
        .keys()
        .all(|keyword| keyword == "items" || SAYS_NOTHING.contains(&keyword.as_str()));
    if root.get("type")? != "array" || !is_plain || !refers_to_definitions_only(schema) {
        return None;
    }
    let mut items = root.get("items")?.as_object()?.clone();
    for keyword in ["$schema", "$defs"] {
        if items.contains_key(keyword) {
            return None;
        }
        if let Some(value) = root.get(keyword) {
            items.insert(keyword.to_owned(), value.clone());
        }
    }
    Some(Value::Object(items))
}

fn refers_to_definitions_only(schema: &Value) -> bool {
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                if reference.is_some_and(|to| !to.starts_with("#/$defs/")) {
                    return false;
                }
                waiting.extend(members.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    true
}
