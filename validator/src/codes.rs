//! The kinds of findings. Their text form is stable: configuration and ignore files name it.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};
use source_text::json::SyntaxErrorKind;

use crate::{Severity, nearest::nearest};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $severity:ident, $page:literal;)+) => {
        /// The kind of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All codes.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The text form: a group and a name in kebab case, `schema/required`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// How bad a finding of this kind is, unless the user says otherwise.
            pub const fn default_severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)+
                }
            }

            /// The page, or the source of the rule, which begins with it.
            const fn source(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!($page),)+
                }
            }
        }
    };
}

codes! {
    /// The file is empty or holds nothing but white space.
    Empty = "json/empty", Error, "pages/json/empty.md";
    /// Bytes that are no UTF-8.
    InvalidUtf8 = "json/invalid-utf8", Error, "pages/json/invalid-utf8.md";
    /// The file begins with a byte order mark, which RFC 8259 lets readers refuse.
    ByteOrderMark = "json/byte-order-mark", Warning, "pages/json/byte-order-mark.md";
    /// The file is text in another encoding than UTF-8, such as UTF-16.
    Encoding = "json/encoding", Error, "pages/json/encoding.md";
    /// The file is no text.
    Binary = "json/binary", Error, "pages/json/binary.md";
    /// The file is compressed in a way that is not read.
    Compressed = "json/compressed", Error, "pages/json/compressed.md";
    /// The text is not JSON.
    Syntax = "json/syntax", Error, "pages/json/syntax.md";
    /// The text ends before its JSON does.
    Truncated = "json/truncated", Error, "pages/json/truncated.md";
    /// Something follows after the end of the JSON text.
    TrailingText = "json/trailing-text", Error, "pages/json/trailing-text.md";
    /// A comma that no item or property follows.
    TrailingComma = "json/trailing-comma", Error, "pages/json/trailing-comma.md";
    /// A comment, which JSON does not have.
    Comment = "json/comment", Error, "pages/json/comment.md";
    /// NaN or an infinity, which JSON does not have.
    NotFinite = "json/not-finite", Error, "pages/json/not-finite.md";
    /// A number in a form that JSON does not have.
    Number = "json/number", Error, "pages/json/number.md";
    /// A control character in a string that must be escaped.
    ControlCharacter = "json/control-character", Error, "pages/json/control-character.md";
    /// An escape of half a character: a surrogate without its other half.
    LoneSurrogate = "json/lone-surrogate", Error, "pages/json/lone-surrogate.md";
    /// Objects and arrays are nested deeper than readers of JSON usually take.
    TooDeep = "json/too-deep", Error, "pages/json/too-deep.md";
    /// An object has the same key twice: readers keep one value and lose the other.
    DuplicateKey = "json/duplicate-key", Error, "pages/json/duplicate-key.md";
    /// The text is not YAML.
    YamlSyntax = "yaml/syntax", Error, "pages/yaml/syntax.md";
    /// An alias that stands for something it is a part of, or aliases that stand for more than is
    /// read.
    YamlAlias = "yaml/alias", Error, "pages/yaml/alias.md";
    /// A merge key (`<<`) whose value is neither a mapping nor a list of mappings.
    YamlMerge = "yaml/merge", Error, "pages/yaml/merge.md";
    /// A key that is a list or a mapping; in JSON keys are texts.
    YamlKey = "yaml/key", Error, "pages/yaml/key.md";
    /// A tag that JSON has no form for, or a value that is not what its tag says.
    YamlTag = "yaml/tag", Error, "pages/yaml/tag.md";
    /// A value of the wrong type.
    Type = "schema/type", Error, "pages/schema/type.md";
    /// A value that is none of those documented.
    Enum = "schema/enum", Error, "pages/schema/enum.md";
    /// A value that is not the only one documented.
    Const = "schema/const", Error, "pages/schema/const.md";
    /// A required property is missing.
    Required = "schema/required", Error, "pages/schema/required.md";
    /// A property that the schema forbids.
    AdditionalProperties = "schema/additional-properties", Error, "pages/schema/additional-properties.md";
    /// A property whose name the schema forbids.
    PropertyNames = "schema/property-names", Error, "pages/schema/property-names.md";
    /// A property that needs another one, which is missing.
    DependentRequired = "schema/dependent-required", Error, "pages/schema/dependent-required.md";
    /// A number that is too small.
    Minimum = "schema/minimum", Error, "pages/schema/minimum.md";
    /// A number that is too large.
    Maximum = "schema/maximum", Error, "pages/schema/maximum.md";
    /// A number that is no multiple of what it must be.
    MultipleOf = "schema/multiple-of", Error, "pages/schema/multiple-of.md";
    /// A string that is too short.
    MinLength = "schema/min-length", Error, "pages/schema/min-length.md";
    /// A string that is too long.
    MaxLength = "schema/max-length", Error, "pages/schema/max-length.md";
    /// A string that does not match its pattern.
    Pattern = "schema/pattern", Error, "pages/schema/pattern.md";
    /// A string that is not in the form that its format names.
    Format = "schema/format", Error, "pages/schema/format.md";
    /// Too few items.
    MinItems = "schema/min-items", Error, "pages/schema/min-items.md";
    /// Too many items.
    MaxItems = "schema/max-items", Error, "pages/schema/max-items.md";
    /// Two items that are equal where none may be.
    UniqueItems = "schema/unique-items", Error, "pages/schema/unique-items.md";
    /// Items that must be there are missing, or there are too many of them.
    Contains = "schema/contains", Error, "pages/schema/contains.md";
    /// Items beyond those that are described.
    AdditionalItems = "schema/additional-items", Error, "pages/schema/additional-items.md";
    /// Too few properties.
    MinProperties = "schema/min-properties", Error, "pages/schema/min-properties.md";
    /// Too many properties.
    MaxProperties = "schema/max-properties", Error, "pages/schema/max-properties.md";
    /// A value that fits none of the forms it may have.
    AnyOf = "schema/any-of", Error, "pages/schema/any-of.md";
    /// A value that fits none, or more than one, of the forms it may have.
    OneOf = "schema/one-of", Error, "pages/schema/one-of.md";
    /// A value of a form that it must not have.
    Not = "schema/not", Error, "pages/schema/not.md";
    /// A value where the schema allows none.
    Forbidden = "schema/forbidden", Error, "pages/schema/forbidden.md";
    /// A property that only the server may set, in a request.
    ReadOnly = "schema/read-only", Error, "pages/schema/read-only.md";
    /// A property that only a client may set, in a response.
    WriteOnly = "schema/write-only", Error, "pages/schema/write-only.md";
    /// Any other rule of the schema that a value breaks.
    Other = "schema/other", Error, "pages/schema/other.md";
    /// The file is JSON and no export.
    NotAnExport = "import/not-an-export", Error, "rules/import/not_an_export.rs";
    /// An element that has no `object`: there is nothing to import.
    MissingObject = "import/missing-object", Warning, "rules/import/missing_object.rs";
    /// `self` and `object` disagree.
    SelfMismatch = "import/self-mismatch", Warning, "rules/import/self_mismatch.rs";
    /// Something that an import does not take.
    NotImportable = "import/not-importable", Error, "rules/import/not_importable.rs";
    /// Two profiles of a file have the same id.
    DuplicateId = "import/duplicate-id", Error, "rules/import/duplicate_id.rs";
    /// Two profiles of a file have the same name.
    DuplicateName = "import/duplicate-name", Error, "rules/import/duplicate_name.rs";
    /// Two profiles of a file have the same priority.
    DuplicatePriority = "import/duplicate-priority", Warning, "rules/import/duplicate_priority.rs";
    /// One profile maps the same identity attribute twice.
    DuplicateAttribute = "import/duplicate-attribute", Warning, "rules/import/duplicate_attribute.rs";
    /// A mapping lacks its identity attribute or its transform.
    IncompleteMapping = "import/incomplete-mapping", Warning, "rules/import/incomplete_mapping.rs";
    /// A property that is not documented at its place.
    UnknownField = "import/unknown-field", Warning, "rules/import/unknown_field.rs";
    /// A property that only the server sets. Off by default.
    ReadOnlyProperty = "import/read-only", Info, "rules/import/read_only.rs";
    /// An object that is signed, and must not be edited.
    SignedObject = "import/signed-object", Info, "rules/import/signed_object.rs";
    /// A transform has no type.
    MissingTransformType = "transform/missing-type", Error, "rules/transform/missing_type.rs";
    /// A transform of a type that is not known.
    UnknownTransformType = "transform/unknown-type", Warning, "rules/transform/unknown_type.rs";
    /// A transform lacks an attribute that its type needs.
    MissingTransformAttribute = "transform/missing-attribute", Error, "rules/transform/missing_attribute.rs";
    /// A transform compares dates with an operator that is not known.
    UnknownOperator = "transform/unknown-operator", Error, "rules/transform/unknown_operator.rs";
    /// A transform refers to one that is not in the file.
    UnresolvedReference = "transform/unresolved-reference", Info, "rules/transform/unresolved_reference.rs";
    /// One source goes by two names in the file, or one name stands for two sources.
    SourceMismatch = "transform/source-mismatch", Warning, "rules/transform/source_mismatch.rs";
}

impl Code {
    /// Whether findings of this kind are looked for, unless the user says otherwise.
    pub const fn is_on_by_default(self) -> bool {
        !matches!(self, Self::ReadOnlyProperty)
    }

    /// Whether findings of this kind are errors whatever a [`Policy`](crate::Policy) says, and
    /// cannot be ignored: what is no JSON or YAML cannot be checked, so nothing may call it valid.
    pub const fn is_always_an_error(self) -> bool {
        matches!(
            self,
            Self::Empty
                | Self::InvalidUtf8
                | Self::Encoding
                | Self::Binary
                | Self::Compressed
                | Self::Syntax
                | Self::Truncated
                | Self::TrailingText
                | Self::TrailingComma
                | Self::Comment
                | Self::NotFinite
                | Self::Number
                | Self::ControlCharacter
                | Self::LoneSurrogate
                | Self::TooDeep
                | Self::YamlSyntax
                | Self::YamlAlias
        )
    }

    /// What findings of this kind mean, why they matter and what is right, in Markdown.
    pub fn page(self) -> String {
        let source = self.source();
        if !source.starts_with("//!") {
            return source.to_owned();
        }
        let page = source.lines().map_while(|line| line.strip_prefix("//!"));
        page.map(|line| line.strip_prefix(' ').unwrap_or(line).to_owned() + "\n")
            .collect()
    }
}

impl Code {
    /// The first sentence of the page, without its full stop.
    pub fn summary(self) -> String {
        let page = self.page();
        let first = page.trim().split("\n\n").next().unwrap_or_default();
        let words: Vec<&str> = first.split_whitespace().collect();
        let text = words.join(" ");
        let end = text.find(". ").unwrap_or(text.len());
        text.get(..end)
            .unwrap_or(&text)
            .trim_end_matches('.')
            .to_owned()
    }

    /// The code of a place where a text stops being JSON: always one that is
    /// [an error](Self::is_always_an_error).
    pub(crate) fn of_syntax(kind: &SyntaxErrorKind) -> Self {
        use SyntaxErrorKind as Kind;
        match kind {
            Kind::Empty => Self::Empty,
            Kind::Truncated { .. } | Kind::UnclosedString { at_end: true } => Self::Truncated,
            Kind::TextAfterDocument { .. } => Self::TrailingText,
            Kind::TrailingComma { .. } => Self::TrailingComma,
            Kind::Comment => Self::Comment,
            Kind::NotFinite => Self::NotFinite,
            Kind::LeadingZero
            | Kind::LeadingPlus
            | Kind::MissingDigits
            | Kind::MalformedNumber
            | Kind::CommaInNumber => Self::Number,
            Kind::ControlCharacter { .. } | Kind::UnclosedString { at_end: false } => {
                Self::ControlCharacter
            }
            Kind::LoneSurrogate { .. } => Self::LoneSurrogate,
            Kind::TooDeep { .. } => Self::TooDeep,
            _ => Self::Syntax,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The text is no code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownCode(String);

impl fmt::Display for UnknownCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no code {:?}", self.0)?;
        match nearest(&self.0, Code::ALL.iter().map(|code| code.as_str())) {
            Some(near) => write!(f, "; did you mean {near:?}?"),
            None => f.write_str("; --list-rules names all"),
        }
    }
}

impl std::error::Error for UnknownCode {}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = Self::ALL.iter().find(|code| code.as_str() == text);
        code.copied().ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_they_are_written() {
        for &code in Code::ALL {
            assert_eq!(code.to_string().parse(), Ok(code));
        }
        let error = "schema/requird".parse::<Code>().expect_err("a slip");
        assert_eq!(
            error.to_string(),
            "there is no code \"schema/requird\"; did you mean \"schema/required\"?"
        );
    }
}
