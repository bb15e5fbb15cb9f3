//! A JSON number in the form it came in.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::{Json, JsonError, ValueRef, Writer};

/// A JSON number that keeps its form: `10` stays `10`, and `10.0` stays `10.0`.
///
/// Compared by what it denotes: `Number::from(10) == Number::from(10.0)`, exactly, without
/// rounding large integers through a float.
///
/// An integer of more than 64 bits becomes the nearest float, as in `serde_json` itself; with the
/// feature `arbitrary-precision` it keeps its digits, as any other number does. Numbers beyond 128
/// bits are compared as floats all the same.
///
/// JSON has no NaN and no infinities. A `Number` made from such a float is
/// [not finite](Self::is_finite): it is written as `null`, as `serde_json` does, and comes after
/// all others in order. Use [`Number::from_f64`] to find out before.
#[derive(Clone)]
pub struct Number(Option<serde_json::Number>);

/// What a number denotes, in the order of comparison.
enum Denoted {
    Integer(i128),
    /// Finite, and not an integer that `i128` holds.
    Float(f64),
    NotFinite,
}

impl Number {
    /// The number of a finite float; `None` for NaN and infinities.
    pub fn from_f64(value: f64) -> Option<Self> {
        serde_json::Number::from_f64(value).map(|number| Self(Some(number)))
    }

    /// The nearest float; NaN if the number is not finite.
    pub fn as_f64(&self) -> f64 {
        self.0
            .as_ref()
            .and_then(serde_json::Number::as_f64)
            .unwrap_or(f64::NAN)
    }

    /// The integer, if it is one in range. `10.0` is the integer 10.
    pub fn as_i64(&self) -> Option<i64> {
        i64::try_from(integer_of(self.0.as_ref()?)?).ok()
    }

    /// The integer, if it is one in range. `10.0` is the integer 10.
    pub fn as_u64(&self) -> Option<u64> {
        u64::try_from(integer_of(self.0.as_ref()?)?).ok()
    }

    /// Whether JSON can write it as a number; false only for a number made from a NaN or an
    /// infinity.
    pub const fn is_finite(&self) -> bool {
        self.0.is_some()
    }

    fn denoted(&self) -> Denoted {
        let Some(number) = &self.0 else {
            return Denoted::NotFinite;
        };
        match (integer_of(number), number.as_f64()) {
            (Some(integer), _) => Denoted::Integer(integer),
            (None, Some(float)) => Denoted::Float(float),
            (None, None) => Denoted::NotFinite,
        }
    }
}

/// The integer that a JSON number denotes; JSON Schema counts `1.0` and `1e3` as integers.
pub(super) fn integer_of(number: &serde_json::Number) -> Option<i128> {
    if let Some(integer) = number.as_i128() {
        return Some(integer);
    }
    integer_of_float(number.as_f64()?)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "integral and within 2^126, so exact"
)]
fn integer_of_float(float: f64) -> Option<i128> {
    // 2^126: any bound inside i128 that no integer type of ours exceeds.
    const BOUND: f64 = 8.507_059_173_023_462e37;
    (float.fract() == 0.0 && float.abs() <= BOUND).then_some(float as i128)
}

fn compare_integer_and_float(integer: i128, float: f64) -> Ordering {
    match integer_of_float(float.floor()) {
        Some(floor) if integer <= floor => Ordering::Less,
        None if float > 0.0 => Ordering::Less,
        Some(_) | None => Ordering::Greater,
    }
}

impl Default for Number {
    /// Zero.
    fn default() -> Self {
        Self(Some(0.into()))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        use Denoted::{Float, Integer, NotFinite};
        match (self.denoted(), other.denoted()) {
            (Integer(mine), Integer(theirs)) => mine.cmp(&theirs),
            (Float(mine), Float(theirs)) => mine.total_cmp(&theirs),
            (Integer(mine), Float(theirs)) => compare_integer_and_float(mine, theirs),
            (Float(mine), Integer(theirs)) => compare_integer_and_float(theirs, mine).reverse(),
            (NotFinite, NotFinite) => Ordering::Equal,
            (NotFinite, _) => Ordering::Greater,
            (_, NotFinite) => Ordering::Less,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.denoted() {
            Denoted::Integer(integer) => integer.hash(state),
            Denoted::Float(float) => float.to_bits().hash(state),
            Denoted::NotFinite => {}
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("NaN"),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

impl Json for Number {
    fn read(value: ValueRef<'_>) -> Result<Self, JsonError> {
        match value.as_number() {
            Some(number) => Ok(Self(Some(number.clone()))),
            None => Err(JsonError::expected("a number", value)),
        }
    }

    fn write<'t>(&'t self, out: &mut Writer<'t>) {
        match &self.0 {
            Some(number) => out.number(number.clone()),
            None => out.null(),
        }
    }
}

crate::impl_serde!(Number);

impl From<serde_json::Number> for Number {
    fn from(number: serde_json::Number) -> Self {
        Self(Some(number))
    }
}

impl From<f64> for Number {
    /// Not finite if `value` is not; see [`Number`].
    fn from(value: f64) -> Self {
        Self(serde_json::Number::from_f64(value))
    }
}

impl From<f32> for Number {
    /// The shortest decimal that reads back as `value`: `0.1_f32` is `0.1`.
    fn from(value: f32) -> Self {
        Self::from(widen(value))
    }
}

/// The `f64` with the digits that a person would write for this `f32`.
pub(super) fn widen(value: f32) -> f64 {
    value
        .to_string()
        .parse()
        .unwrap_or_else(|_| f64::from(value))
}

macro_rules! from_integers {
    ($($integer:ty)*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                Self(Some(value.into()))
            }
        }
    )*};
}

from_integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
