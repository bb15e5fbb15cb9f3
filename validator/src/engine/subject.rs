//! What a validator holds files against.

use std::sync::OnceLock;

use serde_json::Value;

use super::{
    chain::longest_chain,
    element::Place,
    parts::{Parts, Way, is_of_items_only},
    stack::with_room_for,
};
use crate::{
    Edition, SchemaError,
    authority::{Authority, PayloadAuthority},
    dto_types::DtoTypes,
    json::names::Names,
    program::{self, Program, Run, Subschema},
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
    pub(super) fn program(&self, place: Place) -> (&Program, Subschema) {
        let program = match self {
            Self::Exports(exports) => &exports.exported_object,
            Self::Payload(payload) => &payload.root,
        };
        let of_item = match (place, self) {
            (Place::Item, Self::Payload(payload)) => payload.item,
            (Place::ItemOf(number), _) => {
                let array = self.parts().and_then(|parts| parts.array(number));
                array.map(|array| array.items)
            }
            _ => None,
        };
        (program, of_item.unwrap_or_else(|| program.root()))
    }

    /// What need not be in memory whole of an object that stands alone, if anything.
    pub(super) fn parts(&self) -> Option<&Parts> {
        match self {
            Self::Exports(exports) => exports.parts(),
            Self::Payload(payload) => payload.parts(),
        }
    }

    /// The way from the root of what the schema describes to what stands in a place.
    pub(super) fn way(&self, place: Place) -> Way<'_> {
        let part = |number, keys: fn(&Parts, usize) -> Option<&[String]>| {
            let keys = self.parts().and_then(|parts| keys(parts, number));
            keys.unwrap_or_default()
        };
        let keys = match place {
            Place::Alone | Place::Item => &[],
            Place::ItemOf(number) => part(number, |parts, number| Some(&parts.array(number)?.path)),
            Place::PropertyOf(number) => {
                part(number, |parts, number| Some(parts.object(number)?.path()))
            }
        };
        let is_item = match place {
            Place::Item => matches!(self, Self::Payload(_)),
            Place::ItemOf(_) => true,
            Place::Alone | Place::PropertyOf(_) => false,
        };
        Way { keys, is_item }
    }

    /// How many levels of nesting a level of a value counts for.
    pub(super) fn levels(&self) -> usize {
        match self {
            Self::Exports(_) => 1,
            Self::Payload(payload) => payload.levels,
        }
    }

    pub(super) fn any(&self) -> (&Program, Subschema) {
        let any = match self {
            Self::Exports(exports) => &exports.any,
            Self::Payload(payload) => &payload.any,
        };
        (any, any.root())
    }

    /// A run for all programs of the subject: they share their names.
    pub(super) fn start(&self) -> Run {
        self.any().0.start()
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
    /// What a long exported object can be divided into; made when the first one comes.
    parts: OnceLock<Option<Parts>>,
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
            parts: OnceLock::new(),
        })
    }

    pub(crate) fn edition(&self) -> Edition {
        self.edition
    }

    /// What a long exported object can be divided into: only arrays are taken apart.
    fn parts(&self) -> Option<&Parts> {
        let make = || {
            let schema = self.edition.exported_object().ok()?;
            Parts::new(&schema, &self.exported_object)
        };
        self.parts.get_or_init(make).as_ref()
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
    item: Option<Subschema>,
    any: Program,
    authority: PayloadAuthority,
    /// What a long object can be divided into; made when the first one comes.
    parts: OnceLock<Option<Parts>>,
    /// How many levels of nesting a level of a value counts for, by what the schema takes for it.
    levels: usize,
}

impl Payload {
    pub(crate) fn new(schema: &Value) -> Result<Self, SchemaError> {
        let root = program::compile(schema, true, Names::well_known());
        let item = root.items(root.root()).filter(|_| is_of_items_only(schema));
        let levels = 1 + longest_chain(schema) / CHAIN_OF_A_LEVEL;
        let authority = with_room_for(levels, || PayloadAuthority::new(schema.clone()))
            .map_err(|error| SchemaError::new("the payload", &error))??;
        let any = Program::any(root.names().clone());
        Ok(Self {
            root,
            item,
            any,
            authority,
            parts: OnceLock::new(),
            levels,
        })
    }

    /// Whether the items of an array are checked one by one.
    pub(super) fn splits_arrays(&self) -> bool {
        self.item.is_some()
    }

    /// What a long object can be divided into, if that can be.
    fn parts(&self) -> Option<&Parts> {
        let make = || Parts::new(self.authority.schema(), &self.root);
        self.parts.get_or_init(make).as_ref()
    }

    pub(crate) fn authority(&self) -> &PayloadAuthority {
        &self.authority
    }
}
