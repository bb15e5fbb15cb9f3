//! Types of scalars.

use crate::ir::{Integer, TypeRef};
use crate::load::Node;
use crate::resolve::{Schema, Types};

/// `enum: [true]` and the like: a type of Rust's own says it well enough.
pub(super) fn scalar_enumeration(values: &[Node<'_>], schema: &Schema<'_>) -> TypeRef {
    let is_bool = |value: &Node<'_>| {
        let is_text = matches!(value.as_str(), Some("true" | "false"));
        value.as_bool().is_some() || (is_text && schema.types == Types::BOOLEAN)
    };
    if !values.is_empty() && values.iter().all(is_bool) {
        TypeRef::Bool
    } else {
        TypeRef::Any
    }
}

/// The integer type that holds every value that the schema accepts.
///
/// A format does not narrow that, since it constrains nothing (JSON Schema 2020-12 validation,
/// section 7): real `int32` properties hold larger numbers. Bounds do.
pub(super) fn integer(schema: &Schema<'_>) -> TypeRef {
    let minimum = bound(schema, "minimum", "exclusiveMinimum");
    let maximum = bound(schema, "maximum", "exclusiveMaximum");
    let fits = |first: f64, last: f64| {
        minimum.is_some_and(|minimum| minimum >= first)
            && maximum.is_some_and(|maximum| maximum <= last)
    };
    let by_format = match schema.format {
        Some("int8") => fits(i8::MIN.into(), i8::MAX.into()).then_some(Integer::I8),
        Some("int16") => fits(i16::MIN.into(), i16::MAX.into()).then_some(Integer::I16),
        Some("int32") => fits(i32::MIN.into(), i32::MAX.into()).then_some(Integer::I32),
        Some("uint8") => fits(0.0, u8::MAX.into()).then_some(Integer::U8),
        Some("uint16") => fits(0.0, u16::MAX.into()).then_some(Integer::U16),
        Some("uint32" | "uint") => fits(0.0, u32::MAX.into()).then_some(Integer::U32),
        Some("uint64") => Some(Integer::U64),
        // Formats of integers that no integer type here holds.
        Some("int128" | "uint128" | "int256" | "uint256" | "bigint" | "biginteger") => {
            return TypeRef::Number;
        }
        _ => None,
    };
    if let Some(integer) = by_format {
        return TypeRef::Integer(integer);
    }
    match maximum {
        Some(maximum) if maximum >= U64_END => TypeRef::Number,
        Some(maximum) if maximum >= I64_END && minimum >= Some(0.0) => {
            TypeRef::Integer(Integer::U64)
        }
        Some(maximum) if maximum >= I64_END => TypeRef::Number,
        _ => TypeRef::Integer(Integer::I64),
    }
}

/// 2^63 and 2^64: the first integers that the types do not hold.
const I64_END: f64 = 9_223_372_036_854_775_808.0;
const U64_END: f64 = 18_446_744_073_709_551_616.0;

/// A bound that is stated either way; an exclusive one is the integer next to it.
fn bound(schema: &Schema<'_>, inclusive: &str, exclusive: &str) -> Option<f64> {
    let stated = |key: &str| -> Option<f64> {
        let mut parts = schema.parts.iter();
        let text = parts.find_map(|part| part.get(key)?.as_number())?;
        text.parse().ok()
    };
    let next = |bound: f64| match exclusive {
        "exclusiveMinimum" => bound.next_up().ceil(),
        _ => bound.next_down().floor(),
    };
    stated(inclusive).or_else(|| stated(exclusive).map(next))
}

/// The type of a text of this format or encoding.
pub(super) fn text(schema: &Schema<'_>) -> TypeRef {
    match schema.format {
        Some("uuid") => TypeRef::Uuid,
        Some("date-time") => TypeRef::DateTime,
        Some("date") => TypeRef::Date,
        Some("byte") => TypeRef::Base64,
        // OpenAPI 3.1, section 4.4.2: what `format: byte` was before.
        _ if schema.parts.iter().any(|part| {
            let encoding = part.get_str("contentEncoding").unwrap_or_default();
            encoding.eq_ignore_ascii_case("base64") || encoding.eq_ignore_ascii_case("base64url")
        }) =>
        {
            TypeRef::Base64
        }
        _ => TypeRef::String,
    }
}
