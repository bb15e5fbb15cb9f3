//! What to do about a text that is no YAML.

use granit_parser::ErrorKind;
use source_text::Span;

use super::{YamlError, YamlErrorKind};
use crate::merge_conflict;

/// What is wrong before the place where the parser stops, or in other words than it has.
pub(super) fn cause(text: &str, at: usize, kind: &ErrorKind) -> Option<YamlError> {
    let (before, after) = text.split_at_checked(at)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = after.find('\n').map_or(text.len(), |end| at + end);
    let marker = merge_conflict::first(text.get(..end)?)
        .or_else(|| merge_conflict::is_marker(text.get(start..)?).then_some(start));
    let (at, message, help) = if let Some(marker) = marker {
        (marker, merge_conflict::MESSAGE, merge_conflict::HELP)
    } else if is_tab(kind) {
        // The parser stops where the text before it begins.
        (
            first_tab(text, start)?,
            "a tab in the indentation",
            help(kind),
        )
    } else {
        return None;
    };
    Some(YamlError {
        kind: YamlErrorKind::Syntax {
            message: message.to_owned(),
            help,
        },
        span: Span::at(at),
    })
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
            | Kind::TabAtBlockScalarStart
    )
}

/// The first tab that only spaces stand before, in the lines from a place on.
fn first_tab(text: &str, start: usize) -> Option<usize> {
    let mut at = start;
    for line in text.get(start..)?.split_inclusive('\n') {
        let inner = line.trim_start_matches(' ');
        if inner.starts_with('\t') {
            return Some(at + line.len() - inner.len());
        }
        at += line.len();
    }
    None
}

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
        kind if is_tab(kind) => "indent with spaces: YAML takes no tabs for that",
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
