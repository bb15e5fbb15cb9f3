//! The `jsonschema` crate as it is usually used: a value for each element of an array, one after
//! the other.

use std::fmt;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, anyhow};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::Value;

/// Holds each element of the file's array against the schema of an array; whether all are valid.
pub(super) fn run(schema: &Path, path: &Path, output: &mut dyn Write) -> anyhow::Result<bool> {
    let read = |path: &Path| {
        std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let schema: Value = serde_json::from_slice(&read(schema)?)?;
    let mut element = schema["items"].clone();
    if let Some(keywords) = element.as_object_mut() {
        for key in ["$schema", "$defs"] {
            keywords.insert(key.to_owned(), schema[key].clone());
        }
    }
    let validator = jsonschema::validator_for(&element)
        .map_err(|error| anyhow!("the schema cannot be used: {error}"))?;
    let bytes = read(path)?;
    let mut is_valid = true;
    let mut written = Ok(());
    let mut index = 0_u64;
    let check = |element: Value| {
        for error in validator.iter_errors(&element) {
            is_valid = false;
            let pointer = error.instance_path();
            let line = writeln!(output, "/{index}{pointer}: {error}");
            written = std::mem::replace(&mut written, Ok(())).and(line);
        }
        index += 1;
    };
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    deserializer.deserialize_seq(Elements(check))?;
    deserializer.end()?;
    written?;
    Ok(is_valid)
}

/// Gives each element away as soon as it is read.
struct Elements<F>(F);

impl<'de, F: FnMut(Value)> Visitor<'de> for Elements<F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element()? {
            (self.0)(element);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::inputs::two_mistakes;

    #[test]
    fn every_element_is_held_against_the_schema_of_elements() {
        let schema = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../generated/schemas/v2024/ExportIdentityProfilesResponseOk.schema.json");
        let file = std::env::temp_dir().join(format!("elements-{}.json", std::process::id()));
        let bytes = serde_json::to_vec(&two_mistakes()).expect("values");
        std::fs::write(&file, bytes).expect("a place for temporary files");
        let mut output = Vec::new();
        let result = run(&schema, &file, &mut output);
        let _ = std::fs::remove_file(&file);
        assert!(!result.expect("a schema and a file"));
        let text = String::from_utf8(output).expect("text");
        let pointers: Vec<_> = text
            .lines()
            .filter_map(|line| line.split(':').next())
            .collect();
        assert_eq!(pointers, ["/1/object/priority", "/2/self/type"]);
    }
}
