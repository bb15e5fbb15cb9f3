//! Exports to measure with: made up, of any size, the same at every time on every machine.

mod mistakes;
mod profile;
mod random;
mod transforms;

use std::cell::Cell;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use mistakes::Mistake;

/// How a file is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Layout {
    /// Without any white space.
    Compact,
    /// A line a member, two spaces a level.
    Pretty,
}

/// What to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recipe {
    /// The bytes after which no other element is begun.
    pub(super) bytes: u64,
    pub(super) layout: Layout,
    /// One of so many elements has a mistake, if any has.
    pub(super) broken_of: Option<u64>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Written {
    pub(super) bytes: u64,
    pub(super) elements: u64,
    /// How many of the elements have a mistake.
    pub(super) broken: u64,
}

impl Recipe {
    /// Writes an array of exported profiles, one after the other.
    fn write(self, output: impl Write) -> anyhow::Result<Written> {
        match self.layout {
            Layout::Compact => self.write_as(output, CompactFormatter),
            Layout::Pretty => self.write_as(output, PrettyFormatter::new()),
        }
    }

    fn write_as(self, output: impl Write, formatter: impl Formatter) -> anyhow::Result<Written> {
        let bytes = Cell::new(0);
        let mut output = Counting {
            output,
            bytes: &bytes,
        };
        let mut written = Written::default();
        let mut serializer = serde_json::Serializer::with_formatter(&mut output, formatter);
        let mut array = serializer.serialize_seq(None)?;
        while written.elements == 0 || bytes.get() < self.bytes {
            let index = written.elements;
            let mut element = profile::exported(index);
            if let Some(mistake) = self.broken_of.and_then(|every| Mistake::of(index, every)) {
                mistake.make(&mut element);
                written.broken += 1;
            }
            array.serialize_element(&element)?;
            written.elements += 1;
        }
        array.end()?;
        output.flush()?;
        written.bytes = bytes.get();
        Ok(written)
    }

    /// Writes the file.
    pub(super) fn make(self, path: &Path) -> anyhow::Result<Input> {
        let make = || {
            let file = File::create(path)?;
            self.write(BufWriter::with_capacity(1 << 20, file))
        };
        let written = make().with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Input {
            path: path.to_owned(),
            layout: self.layout,
            written,
        })
    }
}

/// A file to measure with.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Input {
    pub(super) path: PathBuf,
    pub(super) layout: Layout,
    #[serde(flatten)]
    pub(super) written: Written,
}

/// Writes one exported profile that is no item of an array, with mappings of made-up attributes until
/// it has so many bytes.
pub(super) fn make_object(path: &Path, bytes: u64) -> anyhow::Result<Input> {
    let make = || {
        let file = File::create(path)?;
        write_object(BufWriter::with_capacity(1 << 20, file), bytes)
    };
    let written = make().with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Input {
        path: path.to_owned(),
        layout: Layout::Compact,
        written,
    })
}

fn write_object(output: impl Write, least: u64) -> anyhow::Result<Written> {
    const EMPTY: &str = "\"attributeTransforms\":[]";
    let bytes = Cell::new(0);
    let mut output = Counting {
        output,
        bytes: &bytes,
    };
    let mut element = profile::exported(0);
    let mappings = &mut element["object"]["identityAttributeConfig"]["attributeTransforms"];
    let Value::Array(mut mappings) = std::mem::replace(mappings, Value::Array(Vec::new())) else {
        bail!("a profile's mappings are no array");
    };
    let text = element.to_string();
    let place = text.find(EMPTY).context("a profile has no mappings")? + EMPTY.len() - 1;
    let (before, after) = text.split_at(place);
    output.write_all(before.as_bytes())?;
    let count = mappings.len().max(1);
    let mut index = 0;
    while bytes.get() < least {
        let mapping = mappings.get_mut(index % count).context("no mappings")?;
        mapping["identityAttributeName"] = Value::from(format!("attribute{index}"));
        if index > 0 {
            output.write_all(b",")?;
        }
        serde_json::to_writer(&mut output, mapping)?;
        index += 1;
    }
    output.write_all(after.as_bytes())?;
    output.flush()?;
    Ok(Written {
        bytes: bytes.get(),
        elements: 1,
        broken: 0,
    })
}

/// Writes one profile, with as many mappings as fit into so many bytes.
pub(super) fn make_single(path: &Path, bytes: usize) -> anyhow::Result<Input> {
    let text = single(bytes)?;
    std::fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(Input {
        path: path.to_owned(),
        layout: Layout::Pretty,
        written: Written {
            bytes: u64::try_from(text.len())?,
            elements: 1,
            broken: 0,
        },
    })
}

fn single(bytes: usize) -> anyhow::Result<String> {
    let mut best = String::new();
    for mappings in 0.. {
        let text = serde_json::to_string_pretty(&[profile::exported_with(0, mappings)])?;
        if text == best || mappings > 0 && text.len() > bytes {
            break;
        }
        best = text;
    }
    Ok(best)
}

/// A few elements, of which the second has a text for its priority and the third an unknown type.
pub(super) fn two_mistakes() -> Vec<Value> {
    let mut elements: Vec<Value> = (0..4).map(profile::exported).collect();
    Mistake::PriorityAText.make(&mut elements[1]);
    Mistake::UnknownDtoType.make(&mut elements[2]);
    elements
}

/// Counts what goes through.
struct Counting<'a, W> {
    output: W,
    bytes: &'a Cell<u64>,
}

impl<W: Write> Write for Counting<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.output.write(bytes)?;
        let added = u64::try_from(count).unwrap_or(u64::MAX);
        self.bytes.set(self.bytes.get().saturating_add(added));
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use export_validator::{Edition, Finding, Severity, Validator};

    const VALID: Recipe = Recipe {
        bytes: 300_000,
        layout: Layout::Compact,
        broken_of: None,
    };

    fn write(recipe: Recipe) -> (Vec<u8>, Written) {
        let mut bytes = Vec::new();
        let written = recipe.write(&mut bytes).expect("memory takes everything");
        (bytes, written)
    }

    fn parse(bytes: &[u8]) -> Vec<Value> {
        serde_json::from_slice(bytes).expect("an array")
    }

    #[test]
    fn writing_twice_gives_the_same() {
        let (bytes, written) = write(VALID);
        assert_eq!(write(VALID), (bytes.clone(), written));
        assert_eq!(written.bytes, u64::try_from(bytes.len()).expect("small"));
        assert!((300_000..320_000).contains(&written.bytes), "{written:?}");
        assert_eq!(
            parse(&bytes).len(),
            usize::try_from(written.elements).expect("few")
        );
        assert!(!bytes.contains(&b'\n'));
        let text = String::from_utf8(bytes[..20_000].to_vec());
        let head = text.unwrap_or_else(|error| {
            let end = error.utf8_error().valid_up_to();
            String::from_utf8_lossy(&error.as_bytes()[..end]).into_owned()
        });
        assert!(!head.is_ascii());
    }

    #[test]
    fn the_layout_changes_nothing_else() {
        let pretty = Recipe {
            bytes: 600_000,
            layout: Layout::Pretty,
            ..VALID
        };
        let (bytes, _) = write(pretty);
        let profiles = parse(&bytes);
        let (compact, _) = write(VALID);
        let common = profiles.len().min(parse(&compact).len());
        assert_eq!(profiles[..common], parse(&compact)[..common]);
        assert_eq!(serde_json::to_vec_pretty(&profiles).expect("values"), bytes);
    }

    #[test]
    fn nothing_is_found_in_valid_files() {
        let validator = Validator::new(Edition::V2024);
        let mut object = Vec::new();
        write_object(&mut object, 1_000_000).expect("memory takes everything");
        let single = single(4096).expect("values").into_bytes();
        for bytes in [write(VALID).0, single, object] {
            let report = validator.validate(&bytes);
            assert_eq!(report.findings, []);
            assert!(report.summary.profiles > 0);
        }
    }

    #[test]
    fn one_profile_fits_into_what_it_may_take() {
        let text = single(4096).expect("values");
        assert!((3700..=4096).contains(&text.len()), "{}", text.len());
        assert!(single(0).expect("values").len() < 1500);
        // No attributes are left after so many.
        assert!(single(1 << 20).expect("values").len() < 40_000);
    }

    #[test]
    fn as_many_elements_are_broken_as_were_written_so() {
        let every = 5;
        let recipe = Recipe {
            broken_of: Some(every),
            ..VALID
        };
        let (bytes, written) = write(recipe);
        let report = Validator::new(Edition::V2024).validate(&bytes);
        let found: BTreeSet<_> = report
            .findings
            .iter()
            .map(|finding| finding.element)
            .collect();
        let expected: BTreeSet<_> = (0..written.elements)
            .filter(|index| Mistake::of(*index, every).is_some())
            .map(|index| usize::try_from(index).ok())
            .collect();
        assert_eq!(found, expected);
        assert_eq!(u64::try_from(found.len()).expect("few"), written.broken);
        assert_eq!(written.elements / every, written.broken);
    }

    #[test]
    fn each_mistake_is_an_error() {
        let validator = Validator::new(Edition::V2024);
        for mistake in Mistake::ALL {
            let mut element = profile::exported(7);
            mistake.make(&mut element);
            let bytes = serde_json::to_vec(&[element]).expect("values");
            let findings = validator.validate(&bytes).findings;
            let is_error = |finding: &Finding| finding.severity == Severity::Error;
            assert!(findings.iter().any(is_error), "{mistake:?}");
        }
    }

    #[test]
    fn profiles_are_told_apart_and_sources_are_consistent() {
        let mut names = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut types = BTreeMap::new();
        for index in 0..2000 {
            let element = profile::exported(index);
            let object = &element["object"];
            for key in ["id", "name", "priority"] {
                assert!(seen.insert((key, object[key].to_string())), "{object}");
            }
            let source = &object["authoritativeSource"];
            let source = (source["id"].clone(), source["name"].clone());
            assert!(seen.insert(("source", source.0.to_string())));
            let mut sources = vec![source];
            let mappings = &object["identityAttributeConfig"]["attributeTransforms"];
            let mappings = mappings.as_array().expect("mappings");
            assert!((15..=40).contains(&mappings.len()));
            let attribute = |mapping: &Value| mapping["identityAttributeName"].to_string();
            let attributes: BTreeSet<String> = mappings.iter().map(attribute).collect();
            assert_eq!(attributes.len(), mappings.len());
            for mapping in mappings {
                let definition = &mapping["transformDefinition"];
                *types.entry(definition["type"].to_string()).or_insert(0) += 1;
                sources_in(definition, &mut sources);
            }
            for (id, name) in sources {
                assert_eq!(names.entry(id.to_string()).or_insert(name.clone()), &name);
            }
        }
        let ids: BTreeSet<String> = names.values().map(Value::to_string).collect();
        assert_eq!(ids.len(), names.len(), "a name stands for two sources");
        let total: u64 = types.values().sum();
        let percent = |name: &str| types[&format!("\"{name}\"")] * 100 / total;
        assert_eq!(
            (percent("accountAttribute"), percent("reference")),
            (64, 34)
        );
    }

    fn sources_in(value: &Value, sources: &mut Vec<(Value, Value)>) {
        if let (Some(id), Some(name)) = (value.get("sourceId"), value.get("sourceName")) {
            sources.push((id.clone(), name.clone()));
        }
        match value {
            Value::Object(members) => members
                .values()
                .for_each(|value| sources_in(value, sources)),
            Value::Array(items) => items.iter().for_each(|value| sources_in(value, sources)),
            _ => {}
        }
    }
}
