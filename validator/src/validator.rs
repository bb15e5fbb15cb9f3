//! What a user of the library checks files with.

use std::io::{self, Read};

use serde_json::Value;

use crate::{
    Edition, Finding, Mask, Report, SchemaError, Summary,
    engine::{self, Exports, Options, Payload, Subject},
};

/// Checks files against the schemas of an edition, or against any JSON Schema.
pub struct Validator {
    subject: Subject,
}

impl Validator {
    /// A validator for export files of an edition.
    ///
    /// # Panics
    ///
    /// Only if the schemas built into this crate are broken, which a test rules out.
    pub fn new(edition: Edition) -> Self {
        match Exports::new(edition) {
            Ok(exports) => Self {
                subject: Subject::Exports(Box::new(exports)),
            },
            Err(error) => panic!("the schemas built in for {edition} are broken: {error}"),
        }
    }

    /// A validator for JSON texts by a JSON Schema (draft 2020-12), whose formats are asserted.
    ///
    /// Where the schema is one of arrays and says nothing but what their items are, these are
    /// checked one by one, in an array of any length. Where it is one of objects and says of each
    /// property alone what it may be, a long object is checked property by property, and arrays in
    /// it item by item; what is wrong with its keys, which only its end tells, comes after the rest
    /// where that takes more than some megabytes.
    pub fn from_schema(schema: &Value) -> Result<Self, SchemaError> {
        let payload = Payload::new(schema)?;
        Ok(Self {
            subject: Subject::Payload(Box::new(payload)),
        })
    }

    /// The edition that files are checked against; none for a schema of the user.
    pub fn edition(&self) -> Option<Edition> {
        match &self.subject {
            Subject::Exports(exports) => Some(exports.edition()),
            Subject::Payload(_) => None,
        }
    }

    /// A mask that hides the values of files and lets the names through that the schemas document.
    pub fn mask(&self) -> Mask {
        match &self.subject {
            Subject::Exports(exports) => {
                let edition = exports.edition();
                let editions = [Some(edition), edition.successor()].into_iter().flatten();
                let schemas = editions.filter_map(|edition| edition.exported_object().ok());
                Mask::new(&schemas.collect::<Vec<_>>())
            }
            Subject::Payload(payload) => Mask::new([payload.authority().schema()]),
        }
    }

    /// Checks a file of any size as it is read, and gives each finding out in the order of the
    /// file.
    ///
    /// `on_finding` is called in this thread. `reader` is called in whichever of the threads that
    /// check, one at a time; a panic there is one of this thread. None of them outlives the call, which
    /// waits for reading that has begun.
    ///
    /// # Errors
    ///
    /// Only those of `reader`; what was found before is given out.
    pub fn check(
        &self,
        mut reader: impl Read + Send,
        options: &Options,
        mut on_finding: impl FnMut(Finding),
    ) -> io::Result<Summary> {
        engine::check(&self.subject, &mut reader, options, &mut on_finding)
    }

    /// Checks a file that is in memory.
    pub fn validate(&self, bytes: &[u8]) -> Report {
        let mut findings = Vec::new();
        let options = Options::default();
        // A slice can always be read.
        let summary = self
            .check(bytes, &options, |finding| findings.push(finding))
            .unwrap_or_else(|_| Summary::of(crate::Shape::Unknown));
        Report { summary, findings }
    }
}
