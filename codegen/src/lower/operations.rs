//! Operations → request builders, bodies and responses.

use crate::ir::{
    self, Body, BodyKind, Docs, HeaderField, Location, Payload, RequestBody, ResponseCase,
    SecurityUse, TypeRef,
};
use crate::load::Node;
use crate::resolve::{self, MediaType, Operation, Parameter, Response, Status, Types};
use crate::text::Text;

use super::docs;
use super::filters;
use super::forms;
use super::names::{self, Scope};
use super::paging;
use super::places::{self, media_word, response_name};
use super::types::TypeLowering;

/// Names that a request builder has itself.
const BUILDER_METHODS: [&str; 8] = [
    "send",
    "send_stream",
    "send_items",
    "pages",
    "stream",
    "self_",
    "request",
    "new",
];

/// Lowers one operation, which requests satisfy by these security schemes.
pub(super) fn lower<'d>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &Operation<'d>,
    id: String,
    method_name: String,
    schemes: &[resolve::SecurityScheme<'d>],
) -> ir::Operation {
    let base = names::type_name(&method_name);
    let mut scope = Scope::with(&BUILDER_METHODS);
    let parameter_names = parameter_names(&operation.parameters, &mut scope);
    let parameters = operation
        .parameters
        .iter()
        .zip(parameter_names)
        .map(|(parameter, name)| lower_parameter(types, parameter, &base, name))
        .collect();
    let body = request_body(types, operation, &base, &mut scope);
    let (successes, errors) = responses(types, operation, &base);
    let headers = header_fields(types, operation, &base, true);
    let error_headers = header_fields(types, operation, &base, false);
    let paging = paging::of_operation(types, operation, &successes, &headers);
    let security = operation
        .security
        .iter()
        .map(|requirement| {
            let uses = requirement.schemes.iter();
            uses.map(|(scheme, scopes)| {
                if !schemes.iter().any(|have| have.name == *scheme) {
                    let message = format!("the security scheme {scheme:?} is not defined");
                    let effect = "the client's user has to satisfy it";
                    types.diagnostics().warning(
                        requirement.node,
                        "undefined-security-scheme",
                        message,
                        effect,
                    );
                }
                SecurityUse {
                    scheme: (*scheme).to_owned(),
                    scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
                }
            })
            .collect()
        })
        .collect();
    ir::Operation {
        id,
        method_name,
        builder: base.clone(),
        success_name: format!("{base}Success"),
        error_name: format!("{base}Error"),
        headers_name: format!("{base}Headers"),
        error_headers_name: format!("{base}ErrorHeaders"),
        http_method: operation.method.to_ascii_uppercase(),
        path: operation.path.to_owned(),
        docs: Docs {
            summary: share(operation.node, operation.summary),
            description: share(operation.node, operation.description),
            notes: docs::external_docs(operation.node).into_iter().collect(),
            deprecated: operation.deprecated,
        },
        parameters,
        body,
        successes,
        errors,
        headers,
        error_headers,
        security,
        servers: operation.servers.iter().map(super::server).collect(),
        paging,
    }
}

/// A name for each parameter. One whose own name can be had keeps it; of the others, one whose
/// name is taken is told apart by its location.
fn parameter_names(parameters: &[Parameter<'_>], scope: &mut Scope) -> Vec<String> {
    let mut names: Vec<Option<String>> = parameters
        .iter()
        .map(|parameter| {
            let is_own = names::value_name(parameter.name) == parameter.name
                && scope.is_free(parameter.name);
            is_own.then(|| scope.unique(parameter.name))
        })
        .collect();
    for (name, parameter) in names.iter_mut().zip(parameters) {
        if name.is_some() {
            continue;
        }
        let mut wanted = names::value_name(parameter.name);
        if !scope.is_free(&wanted) {
            let located = format!("{} {}", parameter.name, parameter.location.as_str());
            wanted = names::value_name(&located);
        }
        *name = Some(scope.unique(&wanted));
    }
    names.into_iter().flatten().collect()
}

fn lower_parameter<'d>(
    types: &mut TypeLowering<'_, 'd>,
    parameter: &Parameter<'d>,
    base: &str,
    name: String,
) -> ir::Parameter {
    let ty = match parameter.schema {
        Some(schema) => types
            .type_of(schema, &format!("{base} {}", parameter.name))
            .into_ref(),
        None if parameter.media_type.is_some() => TypeRef::Any,
        None => TypeRef::String,
    };
    let fields = filters::of_parameter(types, parameter, &ty, base);
    ir::Parameter {
        name,
        wire: parameter.node.share(parameter.name),
        location: parameter.location,
        style: parameter.style,
        explode: parameter.explode,
        allow_reserved: parameter.allow_reserved,
        media_type: parameter.media_type.map(str::to_owned),
        required: parameter.required,
        ty,
        fields,
        docs: docs::of_parameter(parameter),
    }
}

fn request_body<'d>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &Operation<'d>,
    base: &str,
    scope: &mut Scope,
) -> Option<RequestBody> {
    if operation.request.is_empty() {
        return None;
    }
    let media_types: Vec<&str> = operation.request.iter().map(|media| media.name).collect();
    let mut choices: Vec<Body> = Vec::new();
    let mut repeated = Vec::new();
    for media in &operation.request {
        let kind = kind_of(media, true);
        let hint = types
            .shared_body_name(media)
            .unwrap_or_else(|| places::request_name(base, media.name, &media_types));
        let ty = match kind {
            BodyKind::Multipart => types.multipart_type(media, &hint),
            _ => payload_type(types, media, kind, &hint),
        };
        let essence = essence(media.name);
        let is_same = |have: &&mut Body| {
            let is_same_json = kind == BodyKind::Json && have.kind == kind && have.ty == ty;
            is_same_json || have.media_type == essence
        };
        if let Some(same) = choices.iter_mut().find(is_same) {
            // What every server reads is named before what some do.
            if essence == "application/json" && same.kind == kind {
                media.name.clone_into(&mut same.media_type);
            }
            same.media_types.push(essence);
            repeated.push(media);
            continue;
        }
        note_whole_body(types, media, kind, &operation.request);
        let media_type = if essence.contains('*') {
            default_media_type(kind)
        } else {
            media.name
        };
        choices.push(Body {
            media_type: media_type.to_owned(),
            media_types: vec![essence],
            kind,
            ty,
            name: media_name(kind).to_owned(),
            setter: String::new(),
            encodings: forms::encodings(media),
        });
    }
    choices.sort_by_key(|choice| choice.kind);
    let mut variants = Scope::default();
    let counts =
        |kind: BodyKind, choices: &[Body]| choices.iter().filter(|c| c.kind == kind).count();
    let names: Vec<String> = choices
        .iter()
        .map(|choice| {
            let is_alone = counts(choice.kind, &choices) == 1;
            let subtype = choice.media_type.split('/').nth(1).unwrap_or_default();
            let wanted = if is_alone {
                choice.name.clone()
            } else {
                names::variant_name(subtype)
            };
            variants.unique(&wanted)
        })
        .collect();
    for (choice, name) in choices.iter_mut().zip(names) {
        choice.name = name;
    }
    let open = choices.iter().filter(|choice| {
        choice.media_types.len() > 1 || choice.media_types.iter().any(|name| name.contains('*'))
    });
    let open: Vec<String> = open.flat_map(|choice| choice.media_types.clone()).collect();
    let name = scope.unique("body");
    let media_type = (!open.is_empty()).then(|| (scope.unique("body_media_type"), open));
    let is_alone = choices.len() == 1;
    for choice in choices.iter_mut().filter(|_| !operation.request_required) {
        choice.setter = if is_alone {
            name.clone()
        } else {
            scope.unique(&names::value_name(&format!("{name} {}", choice.name)))
        };
    }
    for media in repeated {
        let message = format!("{:?} names the same body as another media type", media.name);
        let of = essence(media.name);
        let named = choices
            .iter()
            .find(|choice| choice.media_types.contains(&of));
        let named = named.map_or("", |choice| choice.media_type.as_str());
        let setter = media_type
            .as_ref()
            .map_or("", |(setter, _)| setter.as_str());
        let effect = format!("requests name {named:?}, unless `{setter}` is called");
        types
            .diagnostics()
            .note(media.node, "equivalent-media-type", message, &effect);
    }
    Some(RequestBody {
        required: operation.request_required,
        docs: Docs {
            description: share(operation.node, operation.request_description),
            ..Docs::default()
        },
        choices,
        name,
        enum_name: format!("{base}Body"),
        media_type,
    })
}

fn responses<'d>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &Operation<'d>,
    base: &str,
) -> (Vec<ResponseCase>, Vec<ResponseCase>) {
    let mut successes = Vec::new();
    let mut errors = Vec::new();
    let has_success = operation
        .responses
        .iter()
        .any(|response| response.status.is_success());
    let statuses: Vec<Status> = operation.responses.iter().map(|r| r.status).collect();
    for response in &operation.responses {
        let is_only_default = response.status == Status::Default && !has_success;
        let hint = |word: &str| response_name(base, response.status, &statuses, word);
        let is_head = operation.method == "head";
        if response.status.is_success() || is_only_default {
            successes.extend(cases(types, response, is_head, &hint));
        }
        if !response.status.is_success() {
            errors.extend(cases(types, response, is_head, &hint));
        }
    }
    for cases in [&mut successes, &mut errors] {
        let mut scope = Scope::default();
        for case in cases.iter_mut() {
            case.name = scope.unique(&names::variant_name(&case.name));
        }
    }
    (successes, errors)
}

fn cases<'d>(
    types: &mut TypeLowering<'_, 'd>,
    response: &Response<'d>,
    is_head: bool,
    hint: &dyn Fn(&str) -> String,
) -> Vec<ResponseCase> {
    let name = status_name(response.status);
    let docs = share(response.node, response.description);
    if response.content.is_empty() || is_head {
        return vec![ResponseCase {
            status: response.status,
            payload: None,
            name,
            docs,
        }];
    }
    let mut payloads: Vec<Payload> = Vec::new();
    let media_types: Vec<&str> = response.content.iter().map(|media| media.name).collect();
    for media in &response.content {
        let kind = kind_of(media, false);
        let hint = types
            .shared_body_name(media)
            .unwrap_or_else(|| hint(&media_word(media.name, &media_types)));
        let ty = payload_type(types, media, kind, &hint);
        note_whole_body(types, media, kind, &response.content);
        let same = payloads
            .iter_mut()
            .find(|have| have.kind == kind && have.ty == ty);
        match same {
            Some(have) => have.media_types.push(essence(media.name)),
            None => payloads.push(Payload {
                media_types: vec![essence(media.name)],
                kind,
                ty,
            }),
        }
    }
    let is_alone = payloads.len() == 1;
    let kinds: Vec<BodyKind> = payloads.iter().map(|payload| payload.kind).collect();
    payloads
        .into_iter()
        .map(|payload| {
            let is_only_one = kinds.iter().filter(|kind| **kind == payload.kind).count() == 1;
            let subtype = payload.media_types[0].split('/').nth(1).unwrap_or_default();
            let medium = if is_only_one {
                media_name(payload.kind)
            } else {
                subtype
            };
            ResponseCase {
                status: response.status,
                name: if is_alone {
                    name.clone()
                } else {
                    format!("{name} {medium}")
                },
                docs: if is_alone {
                    docs.clone()
                } else {
                    format!("`{}`: {docs}", payload.media_types.join("`, `")).into()
                },
                payload: Some(payload),
            }
        })
        .collect()
}

/// The headers of an operation's successes, or of its errors.
fn header_fields<'d>(
    types: &mut TypeLowering<'_, 'd>,
    operation: &Operation<'d>,
    base: &str,
    of_success: bool,
) -> Vec<HeaderField> {
    let mut fields: Vec<HeaderField> = Vec::new();
    let mut scope = Scope::default();
    let responses = operation.responses.iter();
    let headers = responses
        .filter(|response| response.status.is_success() == of_success)
        .flat_map(|response| &response.headers);
    for header in headers {
        if fields
            .iter()
            .any(|have| have.wire.eq_ignore_ascii_case(header.name))
        {
            continue;
        }
        fields.push(HeaderField {
            name: scope.unique(&names::value_name(header.name)),
            wire: header.node.share(header.name),
            ty: header_type(types, header, base),
            docs: share(header.node, header.description),
        });
    }
    fields
}

/// What the document says at this place.
fn share(node: Node<'_>, text: Option<&str>) -> Text {
    node.share(text.unwrap_or_default().trim())
}

/// Headers are text: what is neither a scalar nor a list of scalars stays that.
fn header_type<'d>(
    types: &mut TypeLowering<'_, 'd>,
    header: &resolve::Header<'d>,
    base: &str,
) -> TypeRef {
    let Some(schema) = header.schema else {
        return TypeRef::String;
    };
    let list = schema.parent().and_then(Node::parent);
    let is_shared = list.and_then(Node::parent).and_then(Node::key) == Some("components");
    let hint = if is_shared {
        types.place_name(schema).name
    } else {
        format!("{base} {}", header.name)
    };
    let ty = types.type_of(schema, &hint).ty;
    if types.is_scalar_or_list(&ty) {
        ty
    } else {
        TypeRef::String
    }
}

fn payload_type<'d>(
    types: &mut TypeLowering<'_, 'd>,
    media: &MediaType<'d>,
    kind: BodyKind,
    hint: &str,
) -> TypeRef {
    match kind {
        BodyKind::Json | BodyKind::Form | BodyKind::Events => {
            let ty = media.schema.map_or(TypeRef::Any, |schema| {
                types.type_of(schema, hint).into_ref()
            });
            // A schema that says nothing of types accepts null, and an example shows that it is meant.
            let examples = media
                .node
                .get("examples")
                .into_iter()
                .flat_map(Node::members);
            let mut examples = examples.filter_map(|(_, example)| example.get("value"));
            let is_null =
                media.node.get("example").is_some_and(Node::is_null) || examples.any(Node::is_null);
            ty.or_null(is_null)
        }
        BodyKind::Text => TypeRef::String,
        BodyKind::Bytes => TypeRef::Binary,
        BodyKind::Multipart => TypeRef::Multipart,
    }
}

/// Says where a schema takes a body apart and the type does not: XML, lists of JSON texts.
fn note_whole_body<'d>(
    types: &mut TypeLowering<'_, 'd>,
    media: &MediaType<'d>,
    kind: BodyKind,
    all: &[MediaType<'d>],
) {
    // Who wants it taken apart takes the JSON.
    if media.name.contains('*') || all.iter().any(|media| ir::is_json(media.name)) {
        return;
    }
    let effect = match kind {
        BodyKind::Text => "the body is its text",
        BodyKind::Bytes => "the body is its bytes",
        _ => return,
    };
    let schema = media
        .schema
        .and_then(|schema| types.reader().read(&[schema], false));
    let has_parts = schema.is_some_and(|schema| {
        let is_structure = schema.types.intersects(Types::OBJECT.with(Types::ARRAY));
        (schema.is_typed && is_structure)
            || !schema.properties.is_empty()
            || !schema.alternatives.is_empty()
    });
    if has_parts {
        let message = format!("bodies of {:?} are not taken apart by schemas", media.name);
        types
            .diagnostics()
            .note(media.node, "body-as-a-whole", message, effect);
    }
}

/// The media type without parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

fn kind_of(media: &MediaType<'_>, is_request: bool) -> BodyKind {
    let essence = essence(media.name);
    let is_binary = media.schema.is_some_and(|schema| {
        schema.get_str("format") == Some("binary") || schema.get_str("type") == Some("file")
    });
    match essence.as_str() {
        "application/jsonp" => BodyKind::Json,
        "application/x-www-form-urlencoded" => BodyKind::Form,
        "text/event-stream" => BodyKind::Events,
        "*/*" | "application/*" | "*" if media.schema.is_some() && !is_binary => BodyKind::Json,
        other if ir::is_json(other) => BodyKind::Json,
        other if other.starts_with("multipart/") && is_request => BodyKind::Multipart,
        other if other.starts_with("text/") && !is_binary => BodyKind::Text,
        _ => BodyKind::Bytes,
    }
}

fn default_media_type(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::Json => "application/json",
        BodyKind::Text => "text/plain",
        _ => "application/octet-stream",
    }
}

fn media_name(kind: BodyKind) -> &'static str {
    match kind {
        BodyKind::Json => "Json",
        BodyKind::Form => "Form",
        BodyKind::Multipart => "Multipart",
        BodyKind::Text => "Text",
        BodyKind::Bytes => "Bytes",
        BodyKind::Events => "Events",
    }
}

/// A status as a variant's name: its reason phrase (RFC 9110, section 15) where it has one.
pub(super) fn status_name(status: Status) -> String {
    let code = match status {
        Status::Default => return "Other".to_owned(),
        Status::Range(1) => return "Informational".to_owned(),
        Status::Range(2) => return "Successful".to_owned(),
        Status::Range(3) => return "Redirection".to_owned(),
        Status::Range(4) => return "ClientError".to_owned(),
        Status::Range(_) => return "ServerError".to_owned(),
        Status::Code(code) => code,
    };
    REASONS
        .iter()
        .find(|(known, _)| *known == code)
        .map_or_else(
            || format!("Status{code}"),
            |(_, reason)| (*reason).to_owned(),
        )
}

const REASONS: [(u16, &str); 55] = [
    (100, "Continue"),
    (101, "SwitchingProtocols"),
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "NonAuthoritativeInformation"),
    (204, "NoContent"),
    (205, "ResetContent"),
    (206, "PartialContent"),
    (207, "MultiStatus"),
    (300, "MultipleChoices"),
    (301, "MovedPermanently"),
    (302, "Found"),
    (303, "SeeOther"),
    (304, "NotModified"),
    (307, "TemporaryRedirect"),
    (308, "PermanentRedirect"),
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (402, "PaymentRequired"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "MethodNotAllowed"),
    (406, "NotAcceptable"),
    (407, "ProxyAuthenticationRequired"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "LengthRequired"),
    (412, "PreconditionFailed"),
    (413, "ContentTooLarge"),
    (414, "UriTooLong"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (417, "ExpectationFailed"),
    (418, "ImATeapot"),
    (421, "MisdirectedRequest"),
    (422, "UnprocessableContent"),
    (423, "Locked"),
    (424, "FailedDependency"),
    (425, "TooEarly"),
    (426, "UpgradeRequired"),
    (428, "PreconditionRequired"),
    (429, "TooManyRequests"),
    (431, "RequestHeaderFieldsTooLarge"),
    (451, "UnavailableForLegalReasons"),
    (500, "InternalServerError"),
    (501, "NotImplemented"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
    (505, "HttpVersionNotSupported"),
    (507, "InsufficientStorage"),
    (508, "LoopDetected"),
    (511, "NetworkAuthenticationRequired"),
];

/// A name for an operation that has none: `GET /users/{id}` is `get users by id`.
pub(super) fn id_from_path(method: &str, path: &str) -> String {
    let mut words = vec![method.to_owned()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        let text = segment.replace('{', " by ").replace('}', " ");
        words.push(text.trim().to_owned());
    }
    words.join(" ")
}

/// The generated types that an operation mentions: in what it sends, and in what it receives.
pub(super) fn mentioned(operation: &ir::Operation) -> (Vec<ir::TypeId>, Vec<ir::TypeId>) {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.ty);
    let bodies = operation
        .body
        .iter()
        .flat_map(|body| &body.choices)
        .map(|choice| &choice.ty);
    let sent = parameters
        .chain(bodies)
        .filter_map(TypeRef::named)
        .collect();
    let payloads = operation.successes.iter().chain(&operation.errors);
    let payloads = payloads
        .filter_map(|case| case.payload.as_ref())
        .map(|payload| &payload.ty);
    let headers = operation.headers.iter().chain(&operation.error_headers);
    let headers = headers.map(|header| &header.ty);
    let received = payloads.chain(headers).filter_map(TypeRef::named).collect();
    (sent, received)
}

/// A security scheme as the generated client knows it.
pub(super) fn security_scheme(scheme: &resolve::SecurityScheme<'_>) -> ir::SecurityScheme {
    let kind = match &scheme.kind {
        resolve::SchemeKind::Bearer => ir::SecuritySchemeKind::Bearer,
        resolve::SchemeKind::Basic => ir::SecuritySchemeKind::Basic,
        resolve::SchemeKind::ApiKey {
            location,
            parameter,
        } => ir::SecuritySchemeKind::ApiKey {
            location: match *location {
                "query" => Location::Query,
                "cookie" => Location::Cookie,
                _ => Location::Header,
            },
            parameter: (*parameter).to_owned(),
        },
        resolve::SchemeKind::OAuth2 { token_url } => ir::SecuritySchemeKind::OAuth2 {
            token_url: token_url.map(str::to_owned),
        },
        resolve::SchemeKind::OpenIdConnect => ir::SecuritySchemeKind::OpenIdConnect,
        resolve::SchemeKind::Other => ir::SecuritySchemeKind::Other,
    };
    ir::SecurityScheme {
        name: scheme.name.to_owned(),
        kind,
    }
}
