//! Filters and sorters that have only the fields and operators that a document states.
//!
//! What the generator writes for an operation comes down to this; nothing else compiles:
//!
//! ```
//! use oas_runtime as rt;
//! use rt::operators;
//!
//! pub enum EqSw {}
//! impl operators::Set for EqSw {
//!     const ALL: &'static [rt::Operator] = &[rt::Operator::Eq, rt::Operator::Sw];
//! }
//! impl operators::Eq for EqSw {}
//! impl operators::Sw for EqSw {}
//!
//! pub enum ListPetsFilter {}
//! impl ListPetsFilter {
//!     pub const fn name() -> rt::FilterField<Self, EqSw> {
//!         rt::FilterField::new("name")
//!     }
//! }
//! impl rt::FilterFields for ListPetsFilter {
//!     const FIELDS: &'static [(&'static str, &'static [rt::Operator])] = &[Self::name().stated()];
//! }
//!
//! let filter = ListPetsFilter::name().starts_with("C").and(!ListPetsFilter::name().eq("Cat"));
//! assert_eq!(filter.to_string(), r#"name sw "C" and not name eq "Cat""#);
//! ```

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Not;
use std::str::FromStr;

use crate::json::Value;

use super::{Comparison, Expression, FilterError, Literal, Operator};

/// What an operation's filters can ask; implemented by generated types.
pub trait FilterFields {
    /// The fields and the operators that each of them takes.
    const FIELDS: &'static [(&'static str, &'static [Operator])];
}

/// A filter of the fields that `F` has.
///
/// Made by the functions of `F`, each of which is a field, and put together by
/// [`and`](Self::and), [`or`](Self::or) and `!`.
pub struct Filter<F> {
    form: Form,
    fields: PhantomData<fn() -> F>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Expression(Expression),
    /// A text that is sent as it is.
    Raw(String),
}

impl<F> Filter<F> {
    /// A filter that is sent as it is written here, whatever that is.
    pub fn raw(text: impl Into<String>) -> Self {
        Self::of(Form::Raw(text.into()))
    }

    /// What both match.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.joined(other, "and", Expression::and)
    }

    /// What either matches.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        self.joined(other, "or", Expression::or)
    }

    /// What it does not match; the same as `!filter`.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::of(match self.form {
            Form::Expression(expression) => Form::Expression(expression.negated()),
            Form::Raw(text) => Form::Raw(format!("not ({text})")),
        })
    }

    /// The filter as a tree; `None` if a part of it is [raw](Self::raw).
    pub fn expression(&self) -> Option<&Expression> {
        match &self.form {
            Form::Expression(expression) => Some(expression),
            Form::Raw(_) => None,
        }
    }

    fn of(form: Form) -> Self {
        Self {
            form,
            fields: PhantomData,
        }
    }

    fn joined(
        self,
        other: Self,
        word: &str,
        join: fn(Expression, Expression) -> Expression,
    ) -> Self {
        Self::of(match (self.form, other.form) {
            (Form::Expression(one), Form::Expression(other)) => Form::Expression(join(one, other)),
            (one, other) => Form::Raw(format!("({one}) {word} ({other})")),
        })
    }
}

impl<F: FilterFields> Filter<F> {
    /// Reads a filter of these fields and their operators.
    ///
    /// # Errors
    ///
    /// If the text is no filter, or asks what its fields cannot be asked; the error says where.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        Expression::parse_with(text, F::FIELDS).map(Self::from)
    }
}

impl<F: FilterFields> FromStr for Filter<F> {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl<F> From<Expression> for Filter<F> {
    /// The expression as it is, whatever its fields.
    fn from(expression: Expression) -> Self {
        Self::of(Form::Expression(expression))
    }
}

impl<F> Not for Filter<F> {
    type Output = Self;

    fn not(self) -> Self {
        self.negated()
    }
}

impl<F> Clone for Filter<F> {
    fn clone(&self) -> Self {
        Self::of(self.form.clone())
    }
}

impl<F> PartialEq for Filter<F> {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form
    }
}

impl<F> fmt::Debug for Filter<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({self})")
    }
}

impl<F> fmt::Display for Filter<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.form.fmt(f)
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(expression) => expression.fmt(f),
            Self::Raw(text) => f.write_str(text),
        }
    }
}

/// A field of the filters of `F` that takes the operators `O`.
pub struct FilterField<F, O> {
    name: &'static str,
    of: PhantomData<fn() -> (F, O)>,
}

/// Operators of fields, as bounds: a generated type for a set of operators implements those that
/// are in it.
pub mod operators {
    use super::Operator;

    /// A set of operators.
    pub trait Set {
        /// The operators in it.
        const ALL: &'static [Operator];
    }

    /// Has `eq`.
    pub trait Eq: Set {}
    /// Has `ne`.
    pub trait Ne: Set {}
    /// Has `gt`.
    pub trait Gt: Set {}
    /// Has `ge`.
    pub trait Ge: Set {}
    /// Has `lt`.
    pub trait Lt: Set {}
    /// Has `le`.
    pub trait Le: Set {}
    /// Has `sw`.
    pub trait Sw: Set {}
    /// Has `co`.
    pub trait Co: Set {}
    /// Has `ca`.
    pub trait Ca: Set {}
    /// Has `in`.
    pub trait In: Set {}
    /// Has `pr`.
    pub trait Pr: Set {}
    /// Has `isnull`.
    pub trait IsNull: Set {}
}

impl<F, O> FilterField<F, O> {
    /// The field of this name, which is one that a filter can have.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            of: PhantomData,
        }
    }

    /// Its name in a filter.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    fn compared(&self, operator: Operator, values: Vec<Literal>) -> Filter<F> {
        let comparison = Comparison::of_parts(Cow::Borrowed(self.name), operator, values);
        Filter::from(Expression::from(comparison))
    }
}

impl<F, O: operators::Set> FilterField<F, O> {
    /// Its name and the operators that it takes, for [`FilterFields::FIELDS`].
    pub const fn stated(self) -> (&'static str, &'static [Operator]) {
        (self.name, O::ALL)
    }
}

impl<F, O> Clone for FilterField<F, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F, O> Copy for FilterField<F, O> {}

impl<F, O: operators::Set> fmt::Debug for FilterField<F, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilterField")
            .field("name", &self.name)
            .field("operators", &O::ALL)
            .finish()
    }
}

macro_rules! comparisons {
    ($($operator:ident $method:ident $docs:literal;)*) => {$(
        impl<F, O: operators::$operator> FilterField<F, O> {
            #[doc = $docs]
            pub fn $method(self, value: impl Into<Literal>) -> Filter<F> {
                self.compared(Operator::$operator, vec![value.into()])
            }
        }
    )*};
}

comparisons! {
    Eq eq "`eq`: it is the value.";
    Ne ne "`ne`: it is not the value, or there is none.";
    Gt gt "`gt`: it is greater, or later.";
    Ge ge "`ge`: it is at least the value.";
    Lt lt "`lt`: it is less, or earlier.";
    Le le "`le`: it is at most the value.";
    Sw starts_with "`sw`: its text starts with the value.";
    Co contains "`co`: its text contains the value.";
}

impl<F, O: operators::In> FilterField<F, O> {
    /// `in`: it is one of the values.
    pub fn is_in(self, values: impl IntoIterator<Item = impl Into<Literal>>) -> Filter<F> {
        self.compared(Operator::In, values.into_iter().map(Into::into).collect())
    }
}

impl<F, O: operators::Ca> FilterField<F, O> {
    /// `ca`: its list contains all of the values.
    pub fn contains_all(self, values: impl IntoIterator<Item = impl Into<Literal>>) -> Filter<F> {
        self.compared(Operator::Ca, values.into_iter().map(Into::into).collect())
    }
}

impl<F, O: operators::Pr> FilterField<F, O> {
    /// `pr`: there is a value.
    pub fn is_present(self) -> Filter<F> {
        self.compared(Operator::Pr, Vec::new())
    }
}

impl<F, O: operators::IsNull> FilterField<F, O> {
    /// `isnull`: there is no value.
    pub fn is_null(self) -> Filter<F> {
        self.compared(Operator::IsNull, Vec::new())
    }
}

/// A field of `S` to sort by, ascending unless [`descending`](Self::descending) is called.
pub struct SortField<S> {
    text: Cow<'static, str>,
    fields: PhantomData<fn() -> S>,
}

impl<S> SortField<S> {
    /// The field of this name.
    pub const fn new(name: &'static str) -> Self {
        Self {
            text: Cow::Borrowed(name),
            fields: PhantomData,
        }
    }

    /// What is sent as it is written here: one field or several, with commas between them.
    pub fn raw(text: impl Into<String>) -> Self {
        Self {
            text: Cow::Owned(text.into()),
            fields: PhantomData,
        }
    }

    /// The same field, the largest or latest first.
    #[must_use]
    pub fn descending(self) -> Self {
        let text = match self.text.strip_prefix('-') {
            Some(_) => self.text,
            None => Cow::Owned(format!("-{}", self.text)),
        };
        Self { text, ..self }
    }
}

impl<S> Clone for SortField<S> {
    fn clone(&self) -> Self {
        Self {
            text: self.text.clone(),
            fields: PhantomData,
        }
    }
}

impl<S> PartialEq for SortField<S> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<S> fmt::Debug for SortField<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SortField({self})")
    }
}

impl<S> fmt::Display for SortField<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The value of a parameter for these fields, the one that counts most first; null for none.
pub fn sorters<S>(fields: impl IntoIterator<Item = SortField<S>>) -> Value {
    let fields = fields.into_iter().map(|field| field.text);
    let fields: Vec<Cow<'static, str>> = fields.collect();
    if fields.is_empty() {
        return Value::Null;
    }
    Value::String(fields.join(","))
}
