//! The graph of types: what must be boxed, what can be derived, who uses what.

use std::collections::{BTreeSet, HashSet};

use crate::ir::{Derives, Presence, Shape, TypeDef, TypeId, TypeRef};

/// The types that a type holds by value: a cycle of these would be infinite.
fn held(shape: &Shape) -> Vec<TypeId> {
    fn direct(ty: &TypeRef) -> Option<TypeId> {
        match ty {
            TypeRef::Named(id) => Some(*id),
            TypeRef::Nullable(inner) => direct(inner),
            _ => None,
        }
    }
    match shape {
        Shape::Struct(object) => object
            .fields
            .iter()
            .filter(|f| !f.boxed)
            .filter_map(|f| direct(&f.ty))
            .collect(),
        Shape::Union(union) => union
            .variants
            .iter()
            .filter(|v| !v.boxed)
            .filter_map(|v| direct(&v.ty))
            .collect(),
        Shape::Tuple(items) => items
            .iter()
            .filter(|item| !item.boxed)
            .filter_map(|item| direct(&item.ty))
            .collect(),
        Shape::Alias(ty) | Shape::Newtype(ty) => direct(ty).into_iter().collect(),
        Shape::Enum(_) | Shape::Form(_) => Vec::new(),
    }
}

/// Drops variants of unions that lead back to the union with the same value: to read one would
/// never end. Returns the unions that had one, by index.
pub(super) fn drop_self_variants(types: &mut [TypeDef]) -> Vec<usize> {
    fn same_value(shape: &Shape) -> Vec<TypeId> {
        match shape {
            Shape::Union(_) | Shape::Alias(_) | Shape::Newtype(_) => held(shape),
            Shape::Struct(_) | Shape::Tuple(_) | Shape::Enum(_) | Shape::Form(_) => Vec::new(),
        }
    }
    let mut changed = Vec::new();
    for index in 0..types.len() {
        let Shape::Union(union) = &types[index].shape else {
            continue;
        };
        let leads_back = |ty: &TypeRef| {
            let mut stack: Vec<TypeId> = same_value(&Shape::Alias(ty.clone()));
            let mut seen = HashSet::new();
            while let Some(id) = stack.pop() {
                if id.0 as usize == index {
                    return true;
                }
                if seen.insert(id) {
                    stack.extend(same_value(&types[id.0 as usize].shape));
                }
            }
            false
        };
        let kept: Vec<_> = union
            .variants
            .iter()
            .filter(|variant| !leads_back(&variant.ty))
            .cloned()
            .collect();
        if kept.len() == union.variants.len() {
            continue;
        }
        changed.push(index);
        if let Shape::Union(union) = &mut types[index].shape {
            union.variants = kept;
            if union.variants.is_empty() {
                types[index].shape = Shape::Alias(TypeRef::Any);
            }
        }
    }
    changed
}

/// All types that a type mentions.
pub(crate) fn mentioned(shape: &Shape) -> Vec<TypeId> {
    match shape {
        Shape::Struct(object) => {
            let fields = object.fields.iter().map(|field| &field.ty);
            fields
                .chain(&object.rest.values)
                .filter_map(TypeRef::named)
                .collect()
        }
        Shape::Union(union) => union.variants.iter().filter_map(|v| v.ty.named()).collect(),
        Shape::Tuple(items) => items.iter().filter_map(|item| item.ty.named()).collect(),
        Shape::Alias(ty) | Shape::Newtype(ty) => ty.named().into_iter().collect(),
        Shape::Form(form) => form
            .parts
            .iter()
            .filter_map(|part| part.ty.named())
            .collect(),
        Shape::Enum(_) => Vec::new(),
    }
}

/// Boxes fields and variants that lead back to their own type.
pub(super) fn box_cycles(types: &mut [TypeDef]) {
    let component = components(types, held);
    let has_box: std::collections::HashSet<usize> = (0..types.len())
        .filter(|index| {
            let shape = &types[*index].shape;
            matches!(shape, Shape::Struct(_) | Shape::Union(_) | Shape::Tuple(_))
        })
        .map(|index| component[index].0)
        .collect();
    let is_alias_cycle: Vec<bool> = component
        .iter()
        .map(|(number, is_cycle)| *is_cycle && !has_box.contains(number))
        .collect();
    for index in 0..types.len() {
        let own = component[index];
        let is_cyclic = |ty: &TypeRef| {
            let inner = match ty {
                TypeRef::Nullable(inner) => inner,
                other => other,
            };
            matches!(inner, TypeRef::Named(id) if component[id.0 as usize] == own) && own.1
        };
        match &mut types[index].shape {
            Shape::Struct(object) => {
                for field in &mut object.fields {
                    field.boxed = is_cyclic(&field.ty);
                }
            }
            Shape::Union(union) => {
                for variant in &mut union.variants {
                    variant.boxed = is_cyclic(&variant.ty);
                }
            }
            Shape::Tuple(items) => {
                for item in items {
                    item.boxed = is_cyclic(&item.ty);
                }
            }
            // Where aliases only lead to each other there is no type at the end of them.
            Shape::Alias(ty) | Shape::Newtype(ty) if is_cyclic(ty) && is_alias_cycle[index] => {
                *ty = TypeRef::Any;
            }
            Shape::Alias(_) | Shape::Newtype(_) | Shape::Enum(_) | Shape::Form(_) => {}
        }
    }
}

/// How many types may stand in each other, from the outermost to the innermost: no chain is longer,
/// and types of one cycle may all be on one.
pub(super) fn depth(types: &[TypeDef]) -> usize {
    let component = components(types, mentioned);
    let count = component.iter().map(|(number, _)| number + 1).max();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count.unwrap_or(0)];
    for (index, (number, _)) in component.iter().enumerate() {
        members[*number].push(index);
    }
    let mut depths: Vec<usize> = Vec::with_capacity(members.len());
    for own in &members {
        let mentioned = own.iter().flat_map(|index| mentioned(&types[*index].shape));
        let below = mentioned.filter_map(|id| depths.get(component[id.0 as usize].0));
        let below = below.max().copied().unwrap_or(0);
        depths.push(below + own.len());
    }
    depths.into_iter().max().unwrap_or(0)
}

/// For each type the number of its strongly connected component, and whether that is a cycle.
///
/// Tarjan's algorithm with an explicit stack, so that long chains of types are no recursion.
/// Components are numbered from the types that mention no other to those that nothing mentions.
fn components(types: &[TypeDef], edges_of: fn(&Shape) -> Vec<TypeId>) -> Vec<(usize, bool)> {
    const UNSEEN: usize = usize::MAX;
    let edges: Vec<Vec<TypeId>> = types.iter().map(|def| edges_of(&def.shape)).collect();
    let mut index = vec![UNSEEN; types.len()];
    let mut low = vec![0; types.len()];
    let mut on_stack = vec![false; types.len()];
    let mut component = vec![(UNSEEN, false); types.len()];
    let mut stack = Vec::new();
    let mut next_index = 0;
    let mut next_component = 0;
    for root in 0..types.len() {
        if index[root] != UNSEEN {
            continue;
        }
        let mut work = vec![(root, 0)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                index[node] = next_index;
                low[node] = next_index;
                next_index += 1;
                stack.push(node);
                on_stack[node] = true;
            }
            if let Some(target) = edges[node].get(edge) {
                let target = target.0 as usize;
                work.push((node, edge + 1));
                if index[target] == UNSEEN {
                    work.push((target, 0));
                } else if on_stack[target] {
                    low[node] = low[node].min(index[target]);
                }
                continue;
            }
            if low[node] == index[node] {
                let first = stack
                    .iter()
                    .rposition(|member| *member == node)
                    .unwrap_or(0);
                let members: Vec<usize> = stack.drain(first..).collect();
                let is_cycle =
                    members.len() > 1 || edges[node].iter().any(|target| target.0 as usize == node);
                for member in members {
                    on_stack[member] = false;
                    component[member] = (next_component, is_cycle);
                }
                next_component += 1;
            }
            if let Some((parent, _)) = work.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
        }
    }
    component
}

/// Decides what each type can derive.
pub(super) fn derive(types: &mut [TypeDef]) {
    // Start from "everything" and take away until nothing changes.
    for def in types.iter_mut() {
        let is_struct = matches!(def.shape, Shape::Struct(_));
        def.derives = Derives {
            default: is_struct,
            eq: true,
            copy: false,
        };
    }
    loop {
        let mut changed = false;
        for index in 0..types.len() {
            let now = derives_of(&types[index].shape, types);
            if now != types[index].derives {
                types[index].derives = now;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
}

fn derives_of(shape: &Shape, types: &[TypeDef]) -> Derives {
    match shape {
        Shape::Struct(object) => Derives {
            // An empty value of a required property would be made up.
            default: object.fields.iter().all(|field| {
                matches!(
                    field.presence,
                    Presence::Optional | Presence::OptionalNullable
                )
            }),
            eq: false,
            copy: false,
        },
        Shape::Enum(enumeration) => Derives {
            default: false,
            eq: !matches!(enumeration.base, TypeRef::Any | TypeRef::Number),
            copy: false,
        },
        Shape::Form(form) => Derives {
            default: form.parts.iter().all(|part| !part.required),
            ..Derives::default()
        },
        Shape::Union(_) | Shape::Tuple(_) => Derives::default(),
        Shape::Alias(ty) | Shape::Newtype(ty) => Derives {
            default: defaults(ty, types),
            eq: false,
            copy: false,
        },
    }
}

fn defaults(ty: &TypeRef, types: &[TypeDef]) -> bool {
    match ty {
        TypeRef::Named(id) => types[id.0 as usize].derives.default,
        _ => true,
    }
}

/// All types that can be reached from these.
pub(super) fn reachable(
    roots: impl IntoIterator<Item = TypeId>,
    types: &[TypeDef],
) -> BTreeSet<TypeId> {
    let mut seen: HashSet<TypeId> = HashSet::new();
    let mut stack: Vec<TypeId> = roots.into_iter().collect();
    while let Some(id) = stack.pop() {
        if seen.insert(id) {
            stack.extend(mentioned(&types[id.0 as usize].shape));
        }
    }
    seen.into_iter().collect()
}
