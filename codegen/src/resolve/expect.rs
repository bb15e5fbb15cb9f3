//! Members that must be of one kind. One that is not is reported once, with what that costs, and
//! read as if it was absent.

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};

/// What a malformed part costs.
#[derive(Clone, Copy)]
pub(super) enum Effect<'a> {
    /// The output lacks something: an error.
    Missing(&'a str),
    /// The output is less precise: a warning.
    Imprecise(&'a str),
}

/// The code of every value that is of another kind than its place demands.
pub(super) const MALFORMED: &str = "malformed";

/// The object under this key.
pub(super) fn object<'d>(
    holder: Node<'d>,
    key: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Node<'d>> {
    let node = holder.get(key)?;
    of_kind(node, key, Kind::Object, effect, diagnostics)
}

/// The members of the object under this key; none if there is no object.
pub(super) fn members<'d>(
    holder: Node<'d>,
    key: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> impl Iterator<Item = (&'d str, Node<'d>)> + use<'d> {
    let object = object(holder, key, effect, diagnostics);
    object.into_iter().flat_map(Node::members)
}

/// The items of the array under this key; none if there is no array.
pub(super) fn items<'d>(
    holder: Node<'d>,
    key: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> impl Iterator<Item = Node<'d>> + use<'d> {
    let array = holder
        .get(key)
        .and_then(|node| of_kind(node, key, Kind::Array, effect, diagnostics));
    array.into_iter().flat_map(Node::items)
}

/// The text under this key. Numbers and booleans are texts too: YAML's plain scalars look like
/// them where a text is meant. Null is no text, and nothing is said of it.
pub(super) fn text<'d>(
    holder: Node<'d>,
    key: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<&'d str> {
    let node = holder.get(key).filter(|node| !node.is_null())?;
    let text = node.scalar_text();
    if text.is_none() {
        malformed(node, key, "a string", effect, diagnostics);
    }
    text
}

/// The `description`.
pub(super) fn description<'d>(holder: Node<'d>, diagnostics: &mut Diagnostics) -> Option<&'d str> {
    let effect = Effect::Imprecise("the documentation lacks it");
    text(holder, "description", effect, diagnostics)
}

/// The boolean under this key.
pub(super) fn flag(
    holder: Node<'_>,
    key: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<bool> {
    let node = holder.get(key)?;
    of_kind(node, key, Kind::Bool, effect, diagnostics)?.as_bool()
}

/// The node itself, if it is of this kind.
pub(super) fn of_kind<'d>(
    node: Node<'d>,
    name: &str,
    kind: Kind,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Node<'d>> {
    if node.kind() == kind {
        return Some(node);
    }
    malformed(node, name, kind.with_article(), effect, diagnostics);
    None
}

/// The node itself, if it is the object that its place demands; `what` names it with an article.
pub(super) fn an<'d>(
    node: Node<'d>,
    what: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Node<'d>> {
    if node.is_object() {
        return Some(node);
    }
    unexpected(node, what, effect, diagnostics);
    None
}

/// Reports a value that stands where `what` is expected.
pub(super) fn unexpected(
    node: Node<'_>,
    what: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) {
    let found = node.kind().with_article();
    let message = format!("expected {what}, found {found}");
    report(node, MALFORMED, message, effect, diagnostics);
}

/// Reports a member that is not what its key demands.
pub(super) fn malformed(
    node: Node<'_>,
    name: &str,
    expected: &str,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) {
    let found = node.kind().with_article();
    let message = format!("{name:?} must be {expected}, found {found}");
    report(node, MALFORMED, message, effect, diagnostics);
}

/// Adds a diagnostic whose severity follows from its effect.
pub(super) fn report(
    node: Node<'_>,
    code: &'static str,
    message: String,
    effect: Effect<'_>,
    diagnostics: &mut Diagnostics,
) {
    match effect {
        Effect::Missing(effect) => diagnostics.error(node, code, message, effect),
        Effect::Imprecise(effect) => diagnostics.warning(node, code, message, effect),
    }
}
