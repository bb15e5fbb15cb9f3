//! What no schema says: what an import makes of an element.

use serde_json::Value;
use source_text::JsonPointer;

use crate::{
    Code,
    classify::{self, Kind},
    finding::Problem,
    stranger::Stranger,
    wording,
};

/// Adds to the problems of an element those that its kind entails.
pub(crate) fn check(element: &Value, kind: Kind, mut problems: Vec<Problem>) -> Vec<Problem> {
    for problem in &mut problems {
        if let Some(help) = help_for(problem, element) {
            problem.help = Some(help.to_owned());
        }
    }
    problems.extend(match kind {
        Kind::BareProfile => Some(bare_profile(element)),
        Kind::MislabelledProfile => Some(self_type_mismatch(element)),
        Kind::ExportedProfile => missing_object(element),
        Kind::NoExport => no_export(element),
        Kind::OtherObject => None,
    });
    problems
}

/// Help that only one who knows what the property is for can give.
fn help_for(problem: &Problem, element: &Value) -> Option<&'static str> {
    match (
        problem.code,
        problem.message.as_str(),
        problem.help.as_deref(),
    ) {
        // A property that is there under a slightly wrong name has better help already.
        (Code::Required, _, Some(help)) if help.starts_with("rename") => None,
        (Code::Required, "property \"authoritativeSource\" is missing", _) => Some(
            "add the source that the profile's identities come from: {\"type\": \"SOURCE\", \
             \"id\": \"…\", \"name\": \"…\"}",
        ),
        (Code::Required, "property \"name\" is missing", _) => {
            Some("add the profile's name; the property must be there even where it is null")
        }
        (Code::Enum, ..)
            if problem.pointer.as_str() == "/self/type" && classify::holds_profile(element) =>
        {
            Some("write \"IDENTITY_PROFILE\": that is what \"object\" looks like")
        }
        _ => None,
    }
}

fn bare_profile(element: &Value) -> Problem {
    let name = element.get("name").and_then(Value::as_str);
    let id = element.get("id").and_then(Value::as_str);
    let mut about = String::from("\"type\": \"IDENTITY_PROFILE\"");
    for (key, value) in [("id", id), ("name", name)] {
        if let Some(value) = value {
            about.push_str(", \"");
            about.push_str(key);
            about.push_str("\": ");
            about.push_str(&wording::quoted(value));
        }
    }
    Problem::new(
        Code::NotImportable,
        JsonPointer::root(),
        "this is an identity profile without its envelope, which cannot be imported as it is",
    )
    .expected("an exported object: {\"version\": 1, \"self\": {…}, \"object\": {the profile}}")
    .help(format!(
        "wrap it: [{{\"version\": 1, \"self\": {{{about}}}, \"object\": {{…}}}}]"
    ))
}

fn no_export(element: &Value) -> Option<Problem> {
    let members = element.as_object()?;
    let stranger = Stranger::new(|key| members.contains_key(key));
    let message = stranger.as_element();
    Some(
        Problem::new(Code::NotAnExport, JsonPointer::root(), message)
            .expected("an exported object with \"version\", \"self\" and \"object\"")
            .help(stranger.help),
    )
}

fn self_type_mismatch(element: &Value) -> Problem {
    let found = element.pointer("/self/type").unwrap_or(&Value::Null);
    let pointer = JsonPointer::root().child("self").child("type");
    let message = format!(
        "an identity profile under the DTO type {}",
        wording::quoted(found.as_str().unwrap_or_default())
    );
    Problem::new(Code::SelfMismatch, pointer, message)
        .expected("IDENTITY_PROFILE")
        .help("write \"IDENTITY_PROFILE\": the import goes by \"self.type\"")
}

fn missing_object(element: &Value) -> Option<Problem> {
    let members = element.as_object()?;
    if members.contains_key("object") {
        return None;
    }
    let message = "this element has no \"object\": there is nothing to import";
    Some(
        Problem::new(Code::MissingObject, JsonPointer::root(), message)
            .expected("\"version\", \"self\" and \"object\"")
            .help("put the profile into \"object\", or remove the element"),
    )
}
