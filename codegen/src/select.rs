//! Which operations are generated.

use std::collections::HashSet;

use crate::config::Config;
use crate::diagnostic::Diagnostics;
use crate::load::{Node, NodeId};
use crate::lower::method_names;
use crate::nearest::nearest;
use crate::resolve::{Api, Operation};

/// A selection of operations; an empty one selects all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Operations with one of these tags.
    pub tags: Vec<String>,
    /// Operations with one of these ids, or with the name of the generated method, or `GET /path`.
    pub operations: Vec<String>,
}

impl Selection {
    /// Whether everything is selected.
    pub fn is_all(&self) -> bool {
        self.tags.is_empty() && self.operations.is_empty()
    }

    /// Leaves only what is selected, and says what of the selection is not there.
    pub(crate) fn apply(
        &self,
        api: &mut Api<'_>,
        config: &Config,
        root: Node<'_>,
        diagnostics: &mut Diagnostics,
    ) {
        if self.is_all() {
            return;
        }
        // Lowering names the operations that are left, and says what is odd about their ids.
        let (_, method_names) = method_names(api, config, &mut Diagnostics::default());
        let mut selected = HashSet::new();
        let all = api.operations.iter().chain(&api.incoming);
        for operation in all.filter(|operation| self.has_tag_of(operation)) {
            selected.insert(key(operation));
        }
        for tag in &self.tags {
            if !api.tags.iter().any(|have| have.name == tag) {
                let known: Vec<_> = api.tags.iter().map(|tag| tag.name.to_owned()).collect();
                report("tag", tag, &known, root, diagnostics);
            }
        }
        for wanted in &self.operations {
            let count = selected.len();
            let named = api.operations.iter().zip(&method_names);
            let incoming = api.incoming.iter();
            // An id outweighs what is made from ids.
            let by_id = named.clone().map(|(operation, _)| operation);
            let by_id = by_id.chain(incoming).filter(|operation| {
                operation.id.is_some_and(|id| id == wanted) || operation.is_at(wanted)
            });
            let mut found: Vec<_> = by_id.map(|operation| key(operation)).collect();
            if found.is_empty() {
                let by_name = named.clone().filter(|(_, name)| *name == wanted);
                found.extend(by_name.map(|(operation, _)| key(operation)));
            }
            let is_known = found.iter().any(|id| selected.contains(id));
            selected.extend(found);
            if selected.len() == count && !is_known {
                let ids = named.map(|(operation, name)| operation.id.unwrap_or(name).to_owned());
                let ids: Vec<_> = ids.collect();
                report("operation", wanted, &ids, root, diagnostics);
            }
        }
        api.operations
            .retain(|operation| selected.contains(&key(operation)));
        let stated = api.incoming.len();
        api.incoming.retain(|operation| {
            // What a callback calls back in turn stands after it.
            let is_callback = operation
                .called_by
                .is_some_and(|caller| selected.iter().any(|(id, _)| *id == caller.id()));
            if is_callback {
                selected.insert(key(operation));
            }
            selected.contains(&key(operation))
        });
        let left_out = stated - api.incoming.len();
        if left_out > 0 {
            let message = format!("webhooks and callbacks that are not selected: {left_out}");
            let effect = "their types are missing";
            diagnostics.note(root, "incoming-operation", message, effect);
        }
        // What is left needs only the schemas that it reaches.
        api.schemas_on_demand = std::mem::take(&mut api.schemas);
    }

    fn has_tag_of(&self, operation: &Operation<'_>) -> bool {
        let mut tags = operation.tags.iter();
        tags.any(|tag| self.tags.iter().any(|wanted| wanted == tag))
    }
}

/// An operation, also where several paths refer to one path item.
fn key<'d>(operation: &Operation<'d>) -> (NodeId, &'d str) {
    (operation.node.id(), operation.path)
}

fn report(kind: &str, name: &str, known: &[String], root: Node<'_>, diagnostics: &mut Diagnostics) {
    let nearest = nearest(name, known.iter().map(String::as_str));
    let hint = nearest.map(|known| format!("; did you mean {known:?}?"));
    let message = format!(
        "the document has no {kind} {name:?}{}",
        hint.unwrap_or_default()
    );
    diagnostics.error(root, "unknown-selection", message, "it selects nothing");
}
