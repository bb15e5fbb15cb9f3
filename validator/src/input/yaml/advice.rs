//! What to do about a text that is no YAML.

use granit_parser::ErrorKind;

/// What to do where the parser stops for this reason.
pub(super) fn help(kind: &ErrorKind) -> &'static str {
    use ErrorKind as Kind;
    match kind {
        Kind::UnknownAnchor => {
            "write the anchor (&name) before it, or put a text that begins with * into quotes"
        }
        Kind::UnclosedQuotedScalar
        | Kind::DocumentIndicatorInQuotedScalar
        | Kind::InvalidQuotedScalarIndent => {
            "close the string with the quote that opens it, and indent its further lines"
        }
        Kind::InvalidTrailingSingleQuotedScalar => {
            "write '' for a single quote that belongs to the string; nothing else may follow it"
        }
        Kind::InvalidTrailingDoubleQuotedScalar => {
            "write \\\" for a double quote that belongs to the string; nothing else may follow it"
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => {
            "write \\\\ for a backslash in double quotes, or use single quotes, which have no escapes"
        }
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabInPlainScalar
        | Kind::TabAtBlockScalarStart => "indent with spaces: YAML takes no tabs for that",
        Kind::UnclosedFlowCollection { .. }
        | Kind::UnexpectedEofFlowSequence
        | Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::MisplacedFlowCollectionEnd
        | Kind::MismatchedFlowCollectionEnd { .. }
        | Kind::ExpectedFlowMappingSeparator
        | Kind::ExpectedFlowSequenceSeparator
        | Kind::InvalidFlowScalarIndent => {
            "close each bracket with its like, with commas between what they hold, and put a text \
             that begins with a bracket into quotes"
        }
        Kind::BlockEntryInFlowCollection
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::InvalidBlockEntryWhitespace
        | Kind::ExpectedBlockSequenceEntry
        | Kind::PlainScalarStartsWithDashFlowIndicator => {
            "write each item on a line of its own, with a dash and a space at the same indentation"
        }
        Kind::ZeroBlockScalarIndent
        | Kind::InvalidBlockScalarHeader
        | Kind::InvalidBlockScalarIndent => {
            "begin the text on the line after | or >, indented deeper than its key"
        }
        Kind::UnexpectedCharacter { .. } => {
            "put a text that begins with this character into quotes"
        }
        Kind::MissingAnchorOrAliasName => {
            "put a text that begins with & or * into quotes, or write the anchor's name after it"
        }
        Kind::UndeclaredTagHandle
        | Kind::ExpectedTagBang
        | Kind::InvalidTagTerminator
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag
        | Kind::InvalidTagEscape
        | Kind::InvalidGlobalTagCharacter
        | Kind::InvalidTagUtf8 => "leave the tag out, or put a text that begins with ! into quotes",
        Kind::BomInsideDocument => "files with a BOM were joined; remove the BOM",
        Kind::CommentNotSeparated | Kind::CommentInterceptedScalar => {
            "put a space before the # of a comment, and a text that holds \" #\" into quotes"
        }
        Kind::ExpectedDocumentStart | Kind::InvalidDocumentEnd => {
            "put --- on a line of its own between two documents"
        }
        _ => {
            "indent what belongs together alike, with spaces, and put a text that holds \": \" into \
             quotes"
        }
    }
}
