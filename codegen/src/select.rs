//! Which operations are generated.

use crate::diagnostic::Diagnostics;
use crate::load::Node;
use crate::resolve::Api;

/// A selection of operations; an empty one selects all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Operations with one of these tags.
    pub tags: Vec<String>,
    /// Operations with one of these ids.
    pub operations: Vec<String>,
}

impl Selection {
    /// Whether everything is selected.
    pub fn is_all(&self) -> bool {
        self.tags.is_empty() && self.operations.is_empty()
    }

    /// Leaves only what is selected, and says what of the selection is not there.
    pub(crate) fn apply(&self, api: &mut Api<'_>, root: Node<'_>, diagnostics: &mut Diagnostics) {
        if self.is_all() {
            return;
        }
        let mut report = |kind: &str, name: &str, known: Vec<&str>| {
            let nearest = known
                .into_iter()
                .map(|known| (strsim::jaro_winkler(name, known), known))
                .filter(|(score, _)| *score > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            let hint = nearest.map(|(_, known)| format!("; did you mean {known:?}?"));
            let message = format!(
                "the document has no {kind} {name:?}{}",
                hint.unwrap_or_default()
            );
            diagnostics.error(root, "unknown-selection", message, "it selects nothing");
        };
        for tag in &self.tags {
            if !api.tags.iter().any(|have| have.name == tag) {
                report("tag", tag, api.tags.iter().map(|tag| tag.name).collect());
            }
        }
        for id in &self.operations {
            if !api
                .operations
                .iter()
                .any(|operation| operation.id == Some(id))
            {
                report(
                    "operation",
                    id,
                    api.operations.iter().filter_map(|op| op.id).collect(),
                );
            }
        }
        api.operations.retain(|operation| {
            operation
                .tags
                .iter()
                .any(|tag| self.tags.iter().any(|wanted| wanted == tag))
                || operation
                    .id
                    .is_some_and(|id| self.operations.iter().any(|wanted| wanted == id))
        });
        // What is left needs only the schemas that it reaches.
        api.schemas_on_demand = std::mem::take(&mut api.schemas);
        api.incoming.clear();
    }
}
