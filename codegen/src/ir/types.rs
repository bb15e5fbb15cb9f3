//! Types of the generated crate.

use crate::text::Text;

/// Identifies a type in [`super::Crate::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// A type to generate.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// The type's identifier.
    pub name: String,
    /// The name that the document gives it.
    pub schema_name: Option<String>,
    /// Its documentation.
    pub docs: Docs,
    /// What it is.
    pub shape: Shape,
    /// What it can derive.
    pub derives: Derives,
    /// The editions (by index) that use it, in order.
    pub editions: Vec<usize>,
    /// The groups (by edition and index) that use it, in order.
    pub groups: Vec<(usize, usize)>,
}

/// Documentation of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// The title or first paragraph.
    pub summary: Text,
    /// The rest, Markdown.
    pub description: Text,
    /// Further lines that the schema states: defaults, read-only.
    pub notes: Vec<String>,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
}

/// The kinds of generated type.
#[derive(Clone, Debug)]
pub enum Shape {
    /// An object with known properties.
    Struct(Struct),
    /// A closed list of values, open in the generated type.
    Enum(Enumeration),
    /// One of several types.
    Union(Union),
    /// An array of so many items, each with its own type.
    Tuple(Vec<TupleItem>),
    /// Another name for a type.
    Alias(TypeRef),
    /// A type of its own around another, where an alias would be infinite.
    Newtype(TypeRef),
    /// A multipart body.
    Form(Form),
}

/// An item of a tuple.
#[derive(Clone, Debug)]
pub struct TupleItem {
    /// The item's type.
    pub ty: TypeRef,
    /// Whether the value is boxed.
    pub boxed: bool,
}

/// A multipart body, part by part.
#[derive(Clone, Debug)]
pub struct Form {
    /// The parts in document order.
    pub parts: Vec<FormPart>,
}

/// A part of a multipart body.
#[derive(Clone, Debug)]
pub struct FormPart {
    /// The field's identifier.
    pub name: String,
    /// The part's name.
    pub wire: Text,
    /// The value's type.
    pub ty: TypeRef,
    /// Whether a body must have it.
    pub required: bool,
    /// The media type that the document states; empty: by the value's type.
    pub content_type: String,
    /// Its documentation.
    pub docs: Docs,
}

/// An object type.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// Properties in document order.
    pub fields: Vec<Field>,
    /// The index of the property that lists errors, if the object is a success that may hold some.
    pub errors: Option<usize>,
    /// Where properties go that are not listed.
    pub rest: MapField,
}

/// The field for properties that are not listed.
#[derive(Clone, Debug, Default)]
pub struct MapField {
    /// The field's identifier.
    pub name: String,
    /// The type of the values, if the schema states one; else any value is kept.
    pub values: Option<TypeRef>,
}

/// A property.
#[derive(Clone, Debug)]
pub struct Field {
    /// The field's identifier.
    pub name: String,
    /// The property's name on the wire.
    pub wire: Text,
    /// The value's type, presence and null aside.
    pub ty: TypeRef,
    /// Whether it may be absent or null.
    pub presence: Presence,
    /// Its documentation.
    pub docs: Docs,
    /// Whether the value is boxed, because the type would be infinite otherwise.
    pub boxed: bool,
    /// Whether only responses have it.
    pub read_only: bool,
    /// Whether only requests have it.
    pub write_only: bool,
}

/// Whether a property may be absent or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// There, and not null
    Required,
    /// There, and perhaps null
    Nullable,
    /// Absent, or there and not null
    Optional,
    /// Absent, null or there
    OptionalNullable,
}

impl Presence {
    /// From the two facts.
    pub fn of(required: bool, nullable: bool) -> Self {
        match (required, nullable) {
            (true, false) => Self::Required,
            (true, true) => Self::Nullable,
            (false, false) => Self::Optional,
            (false, true) => Self::OptionalNullable,
        }
    }
}

/// A reference to a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TypeRef {
    /// Any JSON value
    Any,
    /// `bool`
    Bool,
    /// An integer
    Integer(Integer),
    /// A number, its wire text kept
    Number,
    /// `String`
    String,
    /// Text with `format: uuid`
    Uuid,
    /// Text with `format: date-time`
    DateTime,
    /// Text with `format: date`
    Date,
    /// Text with `format: byte`
    Base64,
    /// Bytes of a body
    Binary,
    /// The parts of a multipart body
    Multipart,
    /// A file in a multipart body
    File,
    /// An array
    List(Box<TypeRef>),
    /// An object with values of one type
    Map(Box<TypeRef>),
    /// A value or null
    Nullable(Box<TypeRef>),
    /// A type that the user put in a generated one's place, by its path
    External(String),
    /// A generated type
    Named(TypeId),
}

impl TypeRef {
    /// The generated types in it.
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) => inner.named(),
            _ => None,
        }
    }

    /// The same, null allowed.
    #[must_use]
    pub fn or_null(self, nullable: bool) -> Self {
        match self {
            Self::Any | Self::Nullable(_) => self,
            other if nullable => Self::Nullable(Box::new(other)),
            other => other,
        }
    }
}

/// Integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Integer {
    /// `i8`
    I8,
    /// `i16`
    I16,
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `u8`
    U8,
    /// `u16`
    U16,
    /// `u32`
    U32,
    /// `u64`
    U64,
}

impl Integer {
    /// The Rust type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
            Self::U64 => "u64",
        }
    }
}

/// An enumeration; values that are not listed are kept.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The listed values.
    pub values: Vec<EnumValue>,
    /// What the values are.
    pub base: TypeRef,
    /// The identifier of the variant for a value that is not listed.
    pub unknown: String,
}

/// A listed value.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// The variant's identifier.
    pub name: String,
    /// The value on the wire.
    pub value: serde_json::Value,
    /// Its documentation.
    pub docs: Text,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The types, in document order.
    pub variants: Vec<Variant>,
    /// The property whose value names the variant, if the document states one.
    pub discriminator: Option<String>,
    /// Whether the document says that exactly one holds (`oneOf`).
    pub exactly_one: bool,
    /// The identifier of the variant for a value that is none of the types.
    pub unknown: String,
}

/// A type of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The variant's identifier.
    pub name: String,
    /// Its type.
    pub ty: TypeRef,
    /// Whether the value is boxed.
    pub boxed: bool,
    /// Its documentation.
    pub docs: Text,
    /// The JSON types that it can be, as JSON Schema names them.
    pub json_types: Vec<&'static str>,
    /// Properties that it must have.
    pub required: Vec<String>,
    /// Properties that it knows.
    pub properties: Vec<String>,
    /// Properties with the values that they may have.
    pub constants: Vec<(String, Vec<serde_json::Value>)>,
    /// Discriminator values that name it.
    pub tags: Vec<String>,
}

/// What a type can derive besides `Clone`, `Debug` and `PartialEq`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Derives {
    /// `Default`
    pub default: bool,
    /// `Eq` and `Hash`
    pub eq: bool,
    /// `Copy`
    pub copy: bool,
}
