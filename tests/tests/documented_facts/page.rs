//! Takes a rendered documentation page apart: its request line, parameters, responses, fields and
//! the JSON in it. What it finds is as the page says it; comparing is done elsewhere.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::schema::Field;

/// The lines of a page that say something, without the bullets and spaces around them.
pub(crate) struct Page<'a> {
    pub(crate) lines: Vec<&'a str>,
}

/// One response as the page shows it.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) media_type: &'a str,
    pub(crate) prose: &'a str,
    pub(crate) schema: Vec<&'a str>,
    /// The JSON blocks, each with the line right before it.
    pub(crate) examples: Vec<(&'a str, Json)>,
}

/// What the page says of the query parameters.
#[derive(Debug)]
pub(crate) struct Parameters {
    pub(crate) maxima: Vec<String>,
    pub(crate) defaults: Vec<String>,
    pub(crate) filters: BTreeMap<String, Vec<String>>,
    pub(crate) sorters: Vec<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let lines = text
            .lines()
            .map(|line| line.trim().trim_start_matches('•').trim());
        Self {
            lines: lines.filter(|line| !line.is_empty()).collect(),
        }
    }

    /// The title, the method in lower case, and the path or the whole URL.
    pub(crate) fn request_line(&self) -> Result<(&'a str, String, &'a str), String> {
        let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];
        for (index, line) in self.lines.iter().enumerate().skip(1) {
            let Some(method) = methods.iter().find(|method| line.starts_with(**method)) else {
                continue;
            };
            let rest = match line[method.len()..].trim() {
                "" => self.lines.get(index + 1).copied().unwrap_or_default(),
                rest => rest,
            };
            return Ok((self.lines[index - 1], method.to_lowercase(), rest));
        }
        Err("no line with a method".to_owned())
    }

    /// The lines after the line `start` and before the next line that begins with `end`.
    pub(crate) fn between(&self, start: &str, end: &str) -> Result<&[&'a str], String> {
        let start_at = self.lines.iter().position(|line| *line == start);
        let rest = &self.lines[start_at.ok_or_else(|| format!("no line `{start}`"))? + 1..];
        let end_at = rest.iter().position(|line| line.starts_with(end));
        Ok(&rest[..end_at.ok_or_else(|| format!("no line `{end}…` after `{start}`"))?])
    }

    /// The status codes listed below the heading of the responses.
    pub(crate) fn status_codes(&self) -> Vec<&'a str> {
        let listed = self
            .lines
            .iter()
            .skip_while(|line| **line != "Responses")
            .skip(1);
        let codes = listed.map_while(|line| line.strip_prefix("- "));
        codes
            .take_while(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()))
            .collect()
    }

    /// The responses in the page's order. Each begins with its description and its media type.
    pub(crate) fn responses(&self) -> Result<Vec<Response<'a>>, String> {
        let is_media_type = |line: &str| line.starts_with("- ") && line.contains('/');
        let starts: Vec<usize> = (0..self.lines.len())
            .filter(|at| is_media_type(self.lines[*at]))
            .collect();
        let ends = starts
            .iter()
            .skip(1)
            .map(|next| next - 1)
            .chain([self.lines.len()]);
        starts
            .iter()
            .zip(ends)
            .map(|(start, end)| response(&self.lines[start - 1..end]))
            .collect()
    }

    /// Reads the lines between the parameters' heading and the responses'.
    pub(crate) fn query_parameters(&self) -> Result<Parameters, String> {
        let lines = self.between("Query Parameters", "Responses")?;
        let filters = lines
            .iter()
            .skip_while(|line| !line.starts_with("Filtering is supported"))
            .skip(1);
        let sorters = lines
            .iter()
            .find_map(|line| line.strip_prefix("Sorting is supported for the following fields: "));
        let list = |text: &str| text.split(", ").map(str::to_owned).collect();
        Ok(Parameters {
            maxima: lines
                .iter()
                .filter_map(|line| line.strip_prefix("Possible values: <= "))
                .map(str::to_owned)
                .collect(),
            // Newer pages print the bare value below the description, as the only line of one word.
            defaults: lines
                .iter()
                .filter_map(|line| {
                    line.strip_prefix("Default value: ")
                        .or((!line.contains(' ')).then_some(*line))
                })
                .map(str::to_owned)
                .collect(),
            filters: filters
                .map_while(|line| line.split_once(": "))
                .map(|(field, operators)| (field.to_owned(), list(operators)))
                .collect(),
            sorters: sorters.map(list).unwrap_or_default(),
        })
    }
}

fn response<'a>(lines: &[&'a str]) -> Result<Response<'a>, String> {
    let prose = lines[0];
    let schema_at = lines.iter().position(|line| *line == "Schema");
    let schema_at = schema_at.ok_or_else(|| format!("no schema below `{prose}`"))? + 1;
    let json_at = lines[schema_at..]
        .iter()
        .position(|line| is_json_start(line));
    let json_at = schema_at + json_at.ok_or_else(|| format!("no example below `{prose}`"))?;
    let mut examples = Vec::new();
    let mut at = json_at;
    while at < lines.len() {
        if !is_json_start(lines[at]) {
            at += 1;
            continue;
        }
        let (value, count) = json_lines(&lines[at..])?;
        examples.push((lines[at - 1], value));
        at += count;
        if lines
            .get(at)
            .is_some_and(|line| line.starts_with("Authorization: "))
        {
            break;
        }
    }
    Ok(Response {
        media_type: lines[1].trim_start_matches("- "),
        prose,
        schema: lines[schema_at..json_at].to_vec(),
        examples,
    })
}

fn is_json_start(line: &str) -> bool {
    matches!(line, "[" | "{")
}

/// The JSON value that begins with the first line, and how many lines it takes.
fn json_lines(lines: &[&str]) -> Result<(Json, usize), String> {
    let (value, length) = json_value(&lines.join("\n"))?;
    let mut end = 0;
    let count = lines.iter().take_while(|line| {
        let begins_inside = end < length;
        end += line.len() + 1;
        begins_inside
    });
    Ok((value, count.count()))
}

/// The JSON value that `text` begins with, and its length in bytes.
pub(crate) fn json_value(text: &str) -> Result<(Json, usize), String> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter();
    let value = values.next().ok_or("no JSON value")?;
    let value = value.map_err(|error| format!("an example is not JSON: {error}"))?;
    Ok((value, values.byte_offset()))
}

/// Joins the lines of `Possible values: [A⏎, B⏎]` into one, and drops the brackets of arrays.
pub(crate) fn schema_lines(lines: &[&str]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        let open = out
            .last_mut()
            .filter(|last| last.starts_with("Possible values: [") && !last.ends_with(']'));
        match (open, line.trim_start_matches("- ")) {
            (Some(open), part) => open.push_str(part),
            (None, "Array [" | "]") => {}
            (None, _) => out.push((*line).to_owned()),
        }
    }
    out
}

/// The members in `Possible values: [A, B]`.
pub(crate) fn possible_values(line: &str) -> Option<Vec<String>> {
    let list = line.strip_prefix("Possible values: [")?.strip_suffix(']')?;
    Some(
        list.split(',')
            .map(|member| member.trim().to_owned())
            .collect(),
    )
}

/// Reads a line that states a property: `namestringnullablerequired`, `owner objectnullable`.
pub(crate) fn field_line(line: &str) -> Option<Field> {
    const TYPES: [&str; 10] = [
        "object[]", "object", "array", "string", "boolean", "integer", "int32", "int64", "uuid",
        "any",
    ];
    let (rest, required) = strip(line, "required");
    let (rest, nullable) = strip(rest, "nullable");
    let (name, ty) = TYPES
        .iter()
        .find_map(|ty| Some((rest.strip_suffix(ty)?.trim(), *ty)))?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_name || name == crate::schema::ANY_KEY).then(|| Field {
        name: name.to_owned(),
        ty: ty.to_owned(),
        nullable,
        required,
        ..Field::default()
    })
}

fn strip<'a>(line: &'a str, suffix: &str) -> (&'a str, bool) {
    line.strip_suffix(suffix)
        .map_or((line, false), |rest| (rest, true))
}
