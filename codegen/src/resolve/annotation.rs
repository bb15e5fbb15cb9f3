//! Keywords that describe a schema and do not constrain it.

/// Whether the keyword leaves the set of valid values as it is (JSON Schema 2020-12 validation,
/// section 9, and OpenAPI's own annotations).
pub fn is_annotation(keyword: &str) -> bool {
    keyword.starts_with("x-")
        || matches!(
            keyword,
            "title"
                | "description"
                | "summary"
                | "default"
                | "deprecated"
                | "readOnly"
                | "writeOnly"
                | "example"
                | "examples"
                | "externalDocs"
                | "xml"
                | "nullable"
                | "$comment"
                | "$schema"
                | "$id"
                | "$anchor"
                | "$dynamicAnchor"
                | "$defs"
                | "definitions"
        )
}
