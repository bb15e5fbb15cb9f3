//! What the documents in `spec/` say about filters and sorters.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::Operation;

/// What an operation that lists takes.
#[derive(Clone, Debug)]
pub(crate) struct Documented {
    /// The operators of each field.
    pub(crate) filters: BTreeMap<String, Vec<String>>,
    pub(crate) sorters: Vec<String>,
}

#[derive(Deserialize)]
struct Filters {
    #[serde(rename = "x-filter-operators")]
    operators: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Sorters {
    #[serde(rename = "x-sortable-fields")]
    fields: Vec<String>,
}

macro_rules! parameter {
    ($name:literal) => {
        include_str!(concat!("../../../spec/parameters/", $name, ".yaml"))
    };
}

impl Documented {
    /// What this operation takes; both editions have the same parameters.
    pub(crate) fn of(operation: Operation) -> Result<Self, serde_yaml::Error> {
        let (filters, sorters) = match operation {
            Operation::Export => (parameter!("ExportFilters"), parameter!("ExportSorters")),
            _ => (parameter!("ListFilters"), parameter!("ListSorters")),
        };
        let filters: Filters = serde_yaml::from_str(filters)?;
        let sorters: Sorters = serde_yaml::from_str(sorters)?;
        Ok(Self {
            filters: filters.operators,
            sorters: sorters.fields,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_are_read() {
        let list = Documented::of(Operation::List).expect("the list's parameters");
        assert_eq!(list.filters["name"].len(), 7);
        assert_eq!(list.sorters.len(), 7);
        let export = Documented::of(Operation::Export).expect("the export's parameters");
        assert_eq!(export.filters["name"], ["eq", "ne"]);
        assert_eq!(export.sorters, ["id", "name", "priority"]);
    }
}
