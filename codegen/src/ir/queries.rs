//! What collections are asked with: filters, sorters, pages.

use crate::text::Text;

/// The fields that a parameter filters or sorts by, where the document says which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryFields {
    /// The type that has a function for each field.
    pub name: String,
    /// Whether it is a filter, not a list of sorters.
    pub is_filter: bool,
    /// The fields in document order.
    pub fields: Vec<QueryField>,
}

/// A field to filter or sort by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryField {
    /// The function's identifier.
    pub name: String,
    /// The field's name in a filter.
    pub wire: String,
    /// The operators that it takes, by their words; none if it is sorted by.
    pub operators: Vec<FilterOperator>,
}

/// An operator of filters, as the runtime knows it; in order of their words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilterOperator {
    /// Its word in a filter.
    pub word: &'static str,
    /// The runtime's name for it.
    pub name: &'static str,
}

impl FilterOperator {
    /// The operator of this word.
    pub fn of(word: &str) -> Option<Self> {
        let known = ALL.iter().find(|(known, _)| *known == word);
        known.map(|(word, name)| Self { word, name })
    }
}

/// Words and the runtime's names.
const ALL: [(&str, &str); 12] = [
    ("ca", "Ca"),
    ("co", "Co"),
    ("eq", "Eq"),
    ("ge", "Ge"),
    ("gt", "Gt"),
    ("in", "In"),
    ("isnull", "IsNull"),
    ("le", "Le"),
    ("lt", "Lt"),
    ("ne", "Ne"),
    ("pr", "Pr"),
    ("sw", "Sw"),
];

/// How an operation divides its result into pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// The query parameter for the number of records wanted.
    pub limit: Text,
    /// The query parameter for the number of records to skip.
    pub offset: Text,
    /// The largest limit.
    pub max_limit: Option<u64>,
    /// The limit that applies when none is given.
    pub default_limit: Option<u64>,
    /// The offset that applies when none is given.
    pub default_offset: Option<u64>,
    /// The query parameter that asks for the number of all records.
    pub count: Option<Text>,
    /// The response header that has the number of all records.
    pub total: Option<Text>,
    /// Where in the body the records stand: a JSON Pointer of property names; empty: they are it.
    pub items: String,
    /// The success's status.
    pub status: u16,
}

/// The property names of a JSON Pointer.
pub fn pointer_steps(pointer: &str) -> impl Iterator<Item = String> + '_ {
    let steps = pointer.split('/').skip(1);
    steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
}
