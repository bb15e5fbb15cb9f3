//! Successes that may hold errors: the call went through, and a part of what it was for did not.

use crate::ir::{Crate, Shape, Struct, TypeDef, TypeId, TypeRef};

use super::graph;

/// The array that holds the errors, beside one of [`REMARKS`].
const ERRORS: &str = "errors";
/// Arrays of what is no error. An object that has them too sorts messages by how bad they are; one
/// with errors alone is as likely a description of one failure.
const REMARKS: [&str; 2] = ["warnings", "infos"];

/// Marks the objects in the bodies of successes that have an array `errors` beside one that is
/// called `warnings` or `infos`.
pub(super) fn mark(whole: &mut Crate) {
    let groups = whole.editions.iter().flat_map(|edition| &edition.groups);
    let operations = groups.flat_map(|group| &group.operations);
    let payloads = operations
        .flat_map(|operation| &operation.successes)
        .filter_map(|case| case.payload.as_ref());
    let roots: Vec<TypeId> = payloads.filter_map(|payload| payload.ty.named()).collect();
    for id in graph::reachable(roots, &whole.types) {
        let index = id.0 as usize;
        let errors = match &whole.types[index].shape {
            Shape::Struct(object) => errors_of(object, &whole.types),
            _ => None,
        };
        if let Shape::Struct(object) = &mut whole.types[index].shape {
            object.errors = errors;
        }
    }
}

fn errors_of(object: &Struct, types: &[TypeDef]) -> Option<usize> {
    let list = |name: &str| {
        let mut fields = object.fields.iter();
        fields.position(|field| {
            field.wire.as_str() == name && !field.boxed && is_list(&field.ty, types)
        })
    };
    REMARKS
        .iter()
        .any(|name| list(name).is_some())
        .then(|| list(ERRORS))
        .flatten()
}

fn is_list(ty: &TypeRef, types: &[TypeDef]) -> bool {
    let mut ty = ty;
    // Aliases do not lead in circles; this holds even if they did.
    for _ in 0..=types.len() {
        match ty {
            TypeRef::List(_) => return true,
            TypeRef::Named(id) => match types.get(id.0 as usize).map(|def| &def.shape) {
                Some(Shape::Alias(target)) => ty = target,
                _ => return false,
            },
            _ => return false,
        }
    }
    false
}
