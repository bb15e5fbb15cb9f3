//! What there is to say about profiles before anything is sent.

use std::io::Write;

use anyhow::{Context, bail};
use export_validator::{Edition, Report, Validator};
use identity_profiles::rt::{Json, Value};
use identity_profiles::v2024::IdentityProfileExportedObject;

/// Checks a file and shows what is found; whether it can be imported.
pub fn check_file(name: &str, bytes: &[u8], output: &mut dyn Write) -> anyhow::Result<bool> {
    let report = Validator::new(Edition::V2024).validate(bytes);
    show(name, &report, output)?;
    Ok(report.summary.is_valid())
}

/// Checks objects that stand in no file, and shows what is found; whether they can be imported.
pub fn check_objects(
    name: &str,
    objects: &[IdentityProfileExportedObject],
    output: &mut dyn Write,
) -> anyhow::Result<bool> {
    let text = serde_json::to_vec_pretty(&objects)?;
    check_file(name, &text, output)
}

fn show(name: &str, report: &Report, output: &mut dyn Write) -> anyhow::Result<()> {
    for finding in &report.findings {
        let (severity, code) = (finding.severity, finding.code.as_str());
        let (line, column) = (finding.position.line, finding.position.column);
        let message = &finding.message;
        writeln!(
            output,
            "{name}:{line}:{column}: {severity}[{code}]: {message}"
        )?;
        if let Some(help) = &finding.help {
            writeln!(output, "    {help}")?;
        }
    }
    let counts = report.summary.counts;
    writeln!(
        output,
        "{name}: {} profiles, {} errors, {} warnings",
        report.summary.profiles, counts.errors, counts.warnings
    )?;
    Ok(())
}

/// The identity profiles of an export file of any of its shapes, as an import takes them.
pub fn objects_of(bytes: &[u8]) -> anyhow::Result<Vec<IdentityProfileExportedObject>> {
    let value: Value = serde_json::from_slice(bytes).context("the file is no JSON")?;
    let elements = match value {
        Value::Array(elements) => elements,
        Value::Object(mut members) => match members.remove("objects") {
            // A backup of the sp-config service.
            Some(Value::Array(elements)) => elements,
            _ if members.contains_key("object") => vec![Value::Object(members)],
            _ => bail!("the file is no export: it is neither an array nor has it `objects`"),
        },
        _ => bail!("the file is no export: it is neither an array nor an object"),
    };
    let is_profile = |element: &Value| {
        let kind = element.pointer("/self/type").and_then(Value::as_str);
        matches!(kind, None | Some("IDENTITY_PROFILE")) || is_mislabelled(element)
    };
    let profiles = elements.into_iter().filter(is_profile);
    let objects = profiles.map(IdentityProfileExportedObject::from_json);
    objects
        .collect::<Result<_, _>>()
        .context("an element is no exported object")
}

/// Whether an identity profile stands below the `self` of something else.
fn is_mislabelled(element: &Value) -> bool {
    element.pointer("/object/authoritativeSource").is_some()
}
