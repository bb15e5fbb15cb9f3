//! What the parameters of collections are made of: filters and sorters.

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
