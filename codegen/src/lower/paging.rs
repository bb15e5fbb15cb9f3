//! Which operations divide their result into pages.
//!
//! A GET with integer parameters `limit` and `offset` in its query whose only success is a JSON
//! array does. `x-paging` on an operation states other names, and where in the body the records
//! stand: `{limit: size, offset: start, count: total, total: X-Count, items: /data}`, each of them
//! optional; `x-paging: false` says that it does not.

use crate::ir::{self, BodyKind, HeaderField, Location, Paging, ResponseCase, Status};
use crate::load::Node;
use crate::resolve::{Operation, Parameter, Types};

use super::types::TypeLowering;

/// What an operation says of its pages.
struct Stated<'d> {
    node: Option<Node<'d>>,
}

impl<'d> Stated<'d> {
    /// The name for a part, and the node that states it.
    fn name(&self, key: &str, default: &'d str) -> &'d str {
        let stated = self.node.and_then(|node| node.get_str(key));
        stated.unwrap_or(default)
    }
}

/// How the operation divides its result, if it does.
pub(super) fn of_operation<'d>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &Operation<'d>,
    successes: &[ResponseCase],
    headers: &[HeaderField],
) -> Option<Paging> {
    let node = operation.node.get("x-paging");
    if node.is_some_and(|node| node.as_bool() == Some(false)) {
        return None;
    }
    if let Some(node) = node.filter(|node| !node.is_object()) {
        warn(types, node, "it is neither an object nor false");
        return None;
    }
    let stated = Stated { node };
    match read(types, operation, successes, headers, &stated) {
        Ok(paging) => Some(paging),
        Err(problem) => {
            if let Some(node) = node {
                warn(types, node, &problem);
            }
            None
        }
    }
}

fn warn<'d>(types: &mut TypeLowering<'_, 'd>, node: Node<'d>, problem: &str) {
    let message = format!("the pages cannot be asked for: {problem}");
    let effect = "the operation answers with one page";
    types
        .diagnostics()
        .warning(node, "unusable-paging", message, effect);
}

fn read<'d>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &Operation<'d>,
    successes: &[ResponseCase],
    headers: &[HeaderField],
    stated: &Stated<'d>,
) -> Result<Paging, String> {
    if operation.method != "get" {
        return Err("the operation is no GET".to_owned());
    }
    let (limit, limit_schema) = integer(types, operation, stated.name("limit", "limit"))?;
    let (offset, offset_schema) = integer(types, operation, stated.name("offset", "offset"))?;
    let items = stated.name("items", "");
    let [success] = successes else {
        return Err("it has not one success".to_owned());
    };
    let is_json = success
        .payload
        .as_ref()
        .is_some_and(|payload| payload.kind == BodyKind::Json);
    let Status::Code(status) = success.status else {
        return Err("the success has no one status".to_owned());
    };
    if !is_json || !has_list(types, operation, items) {
        return Err(match items {
            "" => "the success is no JSON array".to_owned(),
            items => format!("the success has no array at {items:?}"),
        });
    }
    let count = query_parameter(operation, stated.name("count", "count"));
    let count = count.filter(|count| is_of(types, count, Types::BOOLEAN));
    let total = stated.name("total", "X-Total-Count");
    let total = headers
        .iter()
        .find(|header| header.wire.eq_ignore_ascii_case(total));
    Ok(Paging {
        limit: limit.node.share(limit.name),
        offset: offset.node.share(offset.name),
        max_limit: number(types, limit_schema, "maximum"),
        default_limit: number(types, limit_schema, "default"),
        default_offset: number(types, offset_schema, "default"),
        count: count.map(|count| count.node.share(count.name)),
        total: total.map(|header| header.wire.clone()),
        items: items.to_owned(),
        status,
    })
}

fn query_parameter<'o, 'd>(operation: &'o Operation<'d>, name: &str) -> Option<&'o Parameter<'d>> {
    let mut parameters = operation.parameters.iter();
    parameters.find(|have| have.location == Location::Query && have.name == name)
}

fn integer<'o, 'd>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &'o Operation<'d>,
    name: &str,
) -> Result<(&'o Parameter<'d>, Node<'d>), String> {
    let found = query_parameter(operation, name)
        .filter(|parameter| is_of(types, parameter, Types::INTEGER))
        .and_then(|parameter| Some((parameter, parameter.schema?)));
    found.ok_or_else(|| format!("there is no integer {name:?} in the query"))
}

fn is_of<'d>(types: &mut TypeLowering<'_, 'd>, parameter: &Parameter<'d>, wanted: Types) -> bool {
    let schema = parameter.schema.filter(|_| parameter.media_type.is_none());
    let schema = schema.and_then(|schema| types.reader().read(&[schema], false));
    schema.is_some_and(|schema| schema.types == wanted)
}

fn number<'d>(types: &mut TypeLowering<'_, 'd>, schema: Node<'d>, keyword: &str) -> Option<u64> {
    let schema = types.reader().read(&[schema], false)?;
    let mut numbers = schema.parts.iter().filter_map(|part| part.get(keyword));
    numbers.find_map(|number| number.as_number()?.parse().ok())
}

/// Whether the success's schema has an array at a JSON Pointer of property names.
fn has_list<'d>(types: &mut TypeLowering<'_, 'd>, operation: &Operation<'d>, items: &str) -> bool {
    if !(items.is_empty() || items.starts_with('/')) {
        return false;
    }
    let mut successes = operation.responses.iter();
    let success = successes.find(|response| response.status.is_success());
    let content = success.into_iter().flat_map(|response| &response.content);
    let mut schemas: Vec<Node<'d>> = content
        .filter(|media| ir::is_json(media.name))
        .filter_map(|media| media.schema)
        .take(1)
        .collect();
    for step in ir::pointer_steps(items) {
        let Some(schema) = types.reader().read(&schemas, false) else {
            return false;
        };
        let mut properties = schema.properties.into_iter();
        match properties.find(|(name, _)| *name == step) {
            Some((_, nodes)) => schemas = nodes,
            None => return false,
        }
    }
    let schema = types.reader().read(&schemas, false);
    !schemas.is_empty() && schema.is_some_and(|schema| schema.types == Types::ARRAY)
}
