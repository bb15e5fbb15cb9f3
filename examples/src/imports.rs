//! Imports of many profiles.

use std::io::Write;

use anyhow::Context;
use identity_profiles::v2024::{Client, IdentityProfileExportedObject, ImportMessage};

/// What imports came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Profiles that were created or updated.
    pub profiles: usize,
    /// Errors that the tenant answered with.
    pub errors: usize,
}

/// Imports objects, so many with each request, and shows what the tenant says of them.
///
/// A request whose result holds errors does not keep the following ones from being sent.
pub async fn import_in_batches(
    client: &Client,
    objects: Vec<IdentityProfileExportedObject>,
    batch: usize,
    output: &mut dyn Write,
) -> anyhow::Result<Imported> {
    let mut imported = Imported::default();
    let mut objects = objects.into_iter().peekable();
    while objects.peek().is_some() {
        let body: Vec<_> = objects.by_ref().take(batch.max(1)).collect();
        let answer = client.import_identity_profiles(body).send().await;
        let answer = answer.with_context(|| format!("after {} profiles", imported.profiles))?;
        show("warning", &answer.body.warnings, output)?;
        // The request is a success even if objects were refused.
        let result = match answer.body.into_result() {
            Ok(result) => result,
            Err(failure) => {
                imported.errors += failure.messages().len();
                for message in failure.messages() {
                    writeln!(output, "error: {message}")?;
                }
                failure.into_value()
            }
        };
        imported.profiles += result.imported_objects.len();
    }
    Ok(imported)
}

fn show(kind: &str, messages: &[ImportMessage], output: &mut dyn Write) -> anyhow::Result<()> {
    for message in messages {
        writeln!(output, "{kind}: {}", message.text)?;
    }
    Ok(())
}
