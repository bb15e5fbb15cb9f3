//! Compares the fields that a page lists with those of a schema. Each kind of page leaves other
//! things out, so there is one comparison for each kind; all return what differs.

use serde_json::Value as Json;

use crate::page::{field_line, possible_values, schema_lines};
use crate::schema::{Field, plain};

/// A page that states everything: name, type, flags, enum, default and example of each field.
pub(crate) fn full(lines: &[&str], ours: &[Field]) -> Vec<String> {
    let documented = stated(lines);
    let mut out = Vec::new();
    for (theirs, ours) in documented.iter().zip(ours) {
        let name = &theirs.field.name;
        let pairs = [
            ("name", name.clone(), ours.name.clone()),
            ("type", theirs.field.ty.clone(), ours.ty.clone()),
            (
                "nullable",
                theirs.field.nullable.to_string(),
                ours.nullable.to_string(),
            ),
            (
                "required",
                theirs.field.required.to_string(),
                ours.required.to_string(),
            ),
            (
                "values",
                format!("{:?}", theirs.field.values),
                format!("{:?}", ours.values),
            ),
            (
                "default",
                format!("{:?}", theirs.default),
                format!("{:?}", ours.default.as_ref().map(plain)),
            ),
        ];
        for (what, theirs, ours) in pairs.into_iter().filter(|(_, theirs, ours)| theirs != ours) {
            out.push(format!(
                "{name}: {what} is documented as {theirs}, in spec/ {ours}"
            ));
        }
        if !same_example(theirs.example, ours.example.as_ref()) {
            out.push(format!(
                "{name}: example is documented as {:?}, in spec/ {:?}",
                theirs.example, ours.example
            ));
        }
        if theirs.field.described && !ours.described {
            out.push(format!("{name}: has a description, in spec/ none"));
        }
    }
    if documented.len() != ours.len() {
        out.push(format!(
            "{} fields are documented, {} in spec/",
            documented.len(),
            ours.len()
        ));
    }
    out
}

/// A field with the texts that stand below it.
struct Stated<'a> {
    field: Field,
    default: Option<&'a str>,
    example: Option<&'a str>,
}

fn stated<'a>(lines: &[&'a str]) -> Vec<Stated<'a>> {
    let mut out: Vec<Stated<'a>> = Vec::new();
    for line in lines {
        if let Some(field) = field_line(line) {
            out.push(Stated {
                field,
                default: None,
                example: None,
            });
            continue;
        }
        let Some(last) = out.last_mut() else { continue };
        if let Some(values) = possible_values(line) {
            last.field.values = values;
        } else if let Some(default) = line.strip_prefix("Default value: ") {
            last.default = Some(default);
        } else if let Some(example) = line.strip_prefix("Example: ") {
            last.example = Some(example);
        } else if !matches!(*line, "Array [" | "]") {
            last.field.described = true;
        }
    }
    out
}

fn same_example(theirs: Option<&str>, ours: Option<&Json>) -> bool {
    match (theirs, ours) {
        (Some(text), Some(Json::String(ours))) => text == ours.trim(),
        (Some(text), Some(ours)) => {
            serde_json::from_str::<Json>(text).is_ok_and(|theirs| theirs == *ours)
        }
        (None, ours) => ours.is_none(),
        (Some(_), None) => false,
    }
}

/// A page that shows the objects closed: of each field at the top its default and its example, of an
/// object its name and flags.
pub(crate) fn closed(lines: &[&str], ours: &[Field]) -> Vec<String> {
    let mut out = Vec::new();
    let mut expected = ours
        .iter()
        .filter(|field| field.depth == 0)
        .flat_map(closed_lines)
        .peekable();
    for line in schema_lines(lines) {
        let shown = field_line(&line).map_or_else(|| line.clone(), |field| object_line(&field));
        if expected.peek() == Some(&shown) {
            expected.next();
        } else if !line.contains(' ') || field_line(&line).is_some() {
            out.push(format!(
                "`{line}` is documented, in spec/ it is not there, or at another place"
            ));
        }
    }
    out.extend(
        expected.map(|line| {
            format!("`{line}` stands in spec/ and not on the page, or at another place")
        }),
    );
    out
}

fn closed_lines(field: &Field) -> Vec<String> {
    if field.is_object() {
        return vec![object_line(field)];
    }
    [&field.default, &field.example]
        .into_iter()
        .flatten()
        .map(plain)
        .collect()
}

fn object_line(field: &Field) -> String {
    let flag = |on: bool, text: &'static str| if on { text } else { "" };
    let Field { name, ty, .. } = field;
    format!(
        "{name} {ty}{}{}",
        flag(field.nullable, " nullable"),
        flag(field.required, " required")
    )
}

/// A page that leaves out the names of fields other than objects: what is left is the objects with
/// their flags, and between them, in order, a description of each other field with its enum.
pub(crate) fn unnamed(lines: &[&str], ours: &[Field]) -> Vec<String> {
    let (theirs, ours) = (documented_runs(&schema_lines(lines)), runs(ours));
    let mut out = Vec::new();
    for (theirs, ours) in theirs.iter().zip(&ours) {
        let head = &ours.head;
        if theirs.head != *head {
            out.push(format!(
                "`{}` is documented, `{head}` stands in spec/",
                theirs.head
            ));
            continue;
        }
        // The first line below an object may be its own description.
        let own = theirs.leaves.len().checked_sub(ours.leaves.len());
        match own {
            Some(0) => {}
            Some(1) if ours.described => {}
            Some(1) => out.push(format!("`{head}` has a description, in spec/ none")),
            _ => out.push(format!(
                "after `{head}`: {} fields, in spec/ {}",
                theirs.leaves.len(),
                ours.leaves.len()
            )),
        }
        let leaves = theirs.leaves.iter().skip(own.unwrap_or(0));
        for (theirs, ours) in leaves
            .zip(&ours.leaves)
            .filter(|(theirs, ours)| theirs != ours)
        {
            out.push(format!(
                "after `{head}`: documented values {theirs:?}, in spec/ {ours:?}"
            ));
        }
    }
    if theirs.len() != ours.len() {
        out.push(format!(
            "{} objects are documented, {} in spec/",
            theirs.len(),
            ours.len()
        ));
    }
    out
}

/// An object's line, and the enums (mostly none) of the fields after it, up to the next object.
#[derive(Default)]
struct Run {
    head: String,
    described: bool,
    leaves: Vec<Vec<String>>,
}

fn runs(fields: &[Field]) -> Vec<Run> {
    let mut out = vec![Run::default()];
    for field in fields {
        if field.is_object() {
            out.push(Run {
                head: object_line(field),
                described: field.described,
                ..Run::default()
            });
        } else if let Some(run) = out.last_mut() {
            run.leaves.push(field.values.clone());
        }
    }
    out
}

fn documented_runs(lines: &[String]) -> Vec<Run> {
    let mut out = vec![Run::default()];
    let mut values = Vec::new();
    let mut lines = lines.iter().map(String::as_str).peekable();
    while let Some(line) = lines.next() {
        let next = lines.peek().copied();
        let is_name = !line.contains(' ');
        if let Some(ty) = next.filter(|next| is_name && matches!(*next, "object" | "object[]")) {
            lines.next();
            let mut head = format!("{line} {ty}");
            while let Some(flag) = lines.next_if(|flag| matches!(*flag, "nullable" | "required")) {
                head.push(' ');
                head.push_str(flag);
            }
            out.push(Run {
                head,
                ..Run::default()
            });
        } else if let Some(members) = possible_values(line) {
            values = members;
        } else if let Some(run) = out.last_mut() {
            run.leaves.push(std::mem::take(&mut values));
        }
    }
    out
}
