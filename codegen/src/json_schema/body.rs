//! The body that is meant, among the operations, statuses and media types of a document.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::is_json;
use crate::lower::essence;
use crate::resolve::{self, Api, MediaType, Operation, References, Response, Status};

use super::{Body, Found, Message, Schemas, Subject, SubjectError};

/// The JSON bodies of operations and webhooks.
pub(super) fn subjects(api: &Api<'_>) -> Vec<Subject> {
    let mut subjects = Vec::new();
    let mut add = |operation: &Operation<'_>, message: Message, content: &[MediaType<'_>]| {
        let json = content.iter().filter(|media| is_json(media.name));
        subjects.extend(json.map(|media| {
            Subject::Body(Body {
                // Ids may be missing, or there twice.
                operation: route(operation),
                message: message.clone(),
                media_type: Some(media.name.to_owned()),
            })
        }));
    };
    for operation in operations(api) {
        add(operation, Message::Request, &operation.request);
        for response in &operation.responses {
            let status = Some(response.status.to_string());
            add(operation, Message::Response(status), &response.content);
        }
    }
    subjects
}

impl<'d> Schemas<'d> {
    pub(super) fn body(&self, wanted: &Body) -> Result<Found<'d>, SubjectError> {
        let operation = self.operation(&wanted.operation)?;
        // The document was read as a whole before; these are the defects of this operation.
        let mut defects = Diagnostics::default();
        let messages = resolve::messages(operation, &self.references, &mut defects);
        let name = operation.id.map_or_else(|| route(operation), str::to_owned);
        let found = match &wanted.message {
            Message::Request => Ok((&messages.request, format!("the request of {name}"))),
            Message::Response(status) => {
                let response = match status {
                    Some(status) => stated_response(&messages.responses, status, &name),
                    None => only_success(&messages.responses, &name),
                };
                response.map(|response| {
                    let holder = format!("the response {} of {name}", response.status);
                    (&response.content, holder)
                })
            }
        };
        let found = found.and_then(|(content, holder)| {
            let media = match &wanted.media_type {
                Some(media_type) => named(content, media_type, &holder),
                None => json(content, &holder, &self.references),
            }?;
            Ok(Found {
                title: format!("{holder} ({})", media.name),
                schema: media.schema,
                place: media.node,
            })
        });
        found.map_err(|error| error.because_of(self.with_causes(defects.into_sorted())))
    }

    fn operation(&self, wanted: &str) -> Result<&Operation<'d>, SubjectError> {
        let by_id: Vec<_> = operations(&self.api)
            .filter(|operation| operation.id == Some(wanted))
            .collect();
        let mut by_route = operations(&self.api).filter(|operation| operation.is_at(wanted));
        match (by_id.as_slice(), by_route.next()) {
            (&[operation], _) | ([], Some(operation)) => Ok(operation),
            ([], None) => {
                let known = operations(&self.api).map(|operation| match operation.id {
                    Some(id) if !wanted.contains('/') => id.to_owned(),
                    _ => route(operation),
                });
                // Among the effects of errors are "its operations are missing" and the like.
                let costs_operations = |defect: &&Diagnostic| {
                    let mut words = defect.effect.split(' ');
                    words.any(|word| word.starts_with("operation"))
                        && defect.effect.ends_with("missing")
                };
                let defects = self.diagnostics.iter().filter(costs_operations);
                let defects = defects.cloned().collect();
                let error = SubjectError::Unknown {
                    kind: "operation",
                    wanted: wanted.to_owned(),
                    holder: self.document.file.clone(),
                    known: known.collect(),
                    diagnostics: Vec::new(),
                };
                Err(error.because_of(self.with_causes(defects)))
            }
            (several, _) => Err(SubjectError::Ambiguous {
                kind: "operations with this id",
                holder: self.document.file.clone(),
                known: several.iter().map(|operation| route(operation)).collect(),
            }),
        }
    }
}

fn operations<'a, 'd>(api: &'a Api<'d>) -> impl Iterator<Item = &'a Operation<'d>> {
    api.operations.iter().chain(&api.incoming)
}

/// Method and path: what tells operations apart whatever their ids.
fn route(operation: &Operation<'_>) -> String {
    format!("{} {}", operation.method.to_uppercase(), operation.path)
}

/// The response that describes a status: the status itself, its range, or the default.
fn stated_response<'a, 'd>(
    responses: &'a [Response<'d>],
    wanted: &str,
    operation: &str,
) -> Result<&'a Response<'d>, SubjectError> {
    let candidates = match Status::parse(wanted) {
        None => Vec::new(),
        Some(status @ Status::Code(code)) => {
            let class = u8::try_from(code / 100).unwrap_or_default();
            vec![status, Status::Range(class), Status::Default]
        }
        Some(status) => vec![status, Status::Default],
    };
    let mut found = candidates
        .iter()
        .filter_map(|status| responses.iter().find(|response| response.status == *status));
    found.next().ok_or_else(|| SubjectError::Unknown {
        kind: "response",
        wanted: wanted.to_owned(),
        holder: operation.to_owned(),
        known: statuses(responses),
        diagnostics: Vec::new(),
    })
}

/// The only success that has a body; where no success is stated, the default.
fn only_success<'a, 'd>(
    responses: &'a [Response<'d>],
    operation: &str,
) -> Result<&'a Response<'d>, SubjectError> {
    let successes: Vec<_> = responses
        .iter()
        .filter(|response| response.status.is_success())
        .collect();
    let with_body: Vec<_> = successes
        .iter()
        .copied()
        .filter(|response| !response.content.is_empty())
        .collect();
    let default = || {
        let mut all = responses.iter();
        all.find(|response| response.status == Status::Default)
    };
    match with_body.as_slice() {
        [one] => Ok(one),
        [] => {
            let bodiless = successes.first().copied();
            bodiless
                .or_else(default)
                .ok_or_else(|| SubjectError::Absent {
                    kind: "response for a success",
                    holder: operation.to_owned(),
                    known: statuses(responses),
                    diagnostics: Vec::new(),
                })
        }
        several => Err(SubjectError::Ambiguous {
            kind: "successes",
            holder: operation.to_owned(),
            known: several
                .iter()
                .map(|response| response.status.to_string())
                .collect(),
        }),
    }
}

fn statuses(responses: &[Response<'_>]) -> Vec<String> {
    let statuses = responses.iter();
    statuses
        .map(|response| response.status.to_string())
        .collect()
}

/// The media type of this name, else the one that the name is a case of.
fn named<'a, 'd>(
    content: &'a [MediaType<'d>],
    wanted: &str,
    holder: &str,
) -> Result<&'a MediaType<'d>, SubjectError> {
    let wanted_essence = essence(wanted);
    let is_same = |media: &&MediaType<'_>| media.name.eq_ignore_ascii_case(wanted.trim());
    let is_same_essence = |media: &&MediaType<'_>| essence(media.name) == wanted_essence;
    let kind = wanted_essence.split('/').next().unwrap_or_default();
    let is_range = |media: &&MediaType<'_>| {
        let range = essence(media.name);
        range == "*/*" || range.strip_suffix("/*") == Some(kind)
    };
    let found = content.iter().find(is_same);
    let found = found.or_else(|| content.iter().find(is_same_essence));
    found
        .or_else(|| content.iter().find(is_range))
        .ok_or_else(|| SubjectError::Unknown {
            kind: "media type",
            wanted: wanted.to_owned(),
            holder: holder.to_owned(),
            known: names(content),
            diagnostics: Vec::new(),
        })
}

/// The media type that JSON has here.
fn json<'a, 'd>(
    content: &'a [MediaType<'d>],
    holder: &str,
    references: &References<'d>,
) -> Result<&'a MediaType<'d>, SubjectError> {
    let absent = |kind| SubjectError::Absent {
        kind,
        holder: holder.to_owned(),
        known: names(content),
        diagnostics: Vec::new(),
    };
    let is_plain = |media: &&MediaType<'_>| essence(media.name) == "application/json";
    if let Some(plain) = content.iter().find(is_plain) {
        return Ok(plain);
    }
    let all: Vec<_> = content.iter().filter(|media| is_json(media.name)).collect();
    let target = |media: &MediaType<'d>| {
        // What is wrong with a reference is said when the schema is written.
        let mut unsaid = Diagnostics::default();
        let target = references.follow(media.schema?, &mut unsaid);
        references.report_again();
        target
    };
    match all.as_slice() {
        [] if content.is_empty() => Err(absent("body")),
        [] => {
            let takes_json = |media: &&MediaType<'_>| {
                matches!(essence(media.name).as_str(), "*/*" | "application/*")
            };
            content
                .iter()
                .find(takes_json)
                .ok_or_else(|| absent("JSON body"))
        }
        [first, rest @ ..] if rest.iter().all(|media| target(media) == target(first)) => Ok(first),
        several => Err(SubjectError::Ambiguous {
            kind: "JSON media types",
            holder: holder.to_owned(),
            known: several.iter().map(|media| media.name.to_owned()).collect(),
        }),
    }
}

fn names(content: &[MediaType<'_>]) -> Vec<String> {
    content.iter().map(|media| media.name.to_owned()).collect()
}
