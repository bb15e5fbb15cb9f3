//! What a validator holds files against.

use std::sync::OnceLock;

use serde_json::Value;

use super::{
    chain::longest_chain,
    element::Place,
    separable::{Members, is_of_items_only},
    stack::with_room_for,
};
use crate::{
    Edition, SchemaError,
    authority::{Authority, PayloadAuthority},
    dto_types::DtoTypes,
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
    /// What elements are checked by first: items of an array at the root, or what stands alone.
    pub(super) fn program(&self, place: Place) -> &Program {
        match self {
            Self::Exports(exports) => &exports.exported_object,
            Self::Payload(payload) => {
                let of_items = match place {
                    Place::Alone | Place::Property => None,
                    Place::Item => payload.item.as_ref(),
                    Place::ItemOf(number) => payload.items(number).map(|(_, program)| program),
                };
                of_items.unwrap_or(&payload.root)
            }
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
    rules: Rules,
    authority: OnceLock<Authority>,
}

impl Exports {
    pub(crate) fn new(edition: Edition) -> Result<Self, SchemaError> {
        let schema = edition.exported_object()?;
        let dto_types = DtoTypes::of(edition)?;
        let profile = edition.profile()?;
        let mut of_others = schema.clone();
        if let Some(object) = of_others.pointer_mut("/properties/object") {
            *object = Value::Bool(true);
        }
        dto_types.add_to(&mut of_others);
        let rules = match edition.successor() {
            None => Rules::new(&[&schema], &[&profile], dto_types),
            Some(successor) => {
                let [later, later_profile] = [successor.exported_object()?, successor.profile()?];
                let schemas = [&schema, &later];
                Rules::new(&schemas, &[&profile, &later_profile], dto_types)
            }
        };
        let exported_object = program::compile(&schema, false, Names::well_known());
        let other_object = program::compile(&of_others, false, exported_object.names().clone());
        let any = Program::any(other_object.names().clone());
        Ok(Self {
            edition,
            exported_object,
            other_object,
            any,
            rules,
            authority: OnceLock::new(),
        })
    }

    pub(crate) fn edition(&self) -> Edition {
        self.edition
    }

    pub(super) fn knows(&self, dto_type: &str) -> bool {
        self.rules.knows(dto_type)
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
    root: Program,
    /// Of the items of an array, if nothing else is said of it: they are checked one by one.
    item: Option<Program>,
    any: Program,
    authority: PayloadAuthority,
    /// What is needed to check an object by its properties; made when the first long one comes.
    members: OnceLock<Option<Members>>,
    /// How many levels of nesting a level of a value counts for, by what the schema takes for it.
    levels: usize,
}

impl Payload {
    pub(crate) fn new(schema: &Value) -> Result<Self, SchemaError> {
        let root = program::compile(schema, true, Names::well_known());
        let item = root.of_items().filter(|_| is_of_items_only(schema));
        let levels = 1 + longest_chain(schema) / CHAIN_OF_A_LEVEL;
        let authority = with_room_for(levels, || PayloadAuthority::new(schema.clone()))
            .map_err(|error| SchemaError::new("the payload", &error))??;
        let any = Program::any(root.names().clone());
        Ok(Self {
            root,
            item,
            any,
            authority,
            members: OnceLock::new(),
            levels,
        })
    }

    /// Whether the items of an array are checked one by one.
    pub(super) fn splits_arrays(&self) -> bool {
        self.item.is_some()
    }

    /// What is needed to check an object by its properties, if that can be.
    pub(super) fn members(&self) -> Option<&Members> {
        let make = || Members::new(self.authority.schema(), &self.root);
        self.members.get_or_init(make).as_ref()
    }

    /// A property whose value is checked item by item, and the program of its items.
    pub(super) fn items(&self, number: usize) -> Option<(&str, &Program)> {
        self.members()?.items(number)
    }

    pub(crate) fn authority(&self) -> &PayloadAuthority {
        &self.authority
    }
}
