//! Bodies of imports that generated clients are about to send.

use std::fmt;
use std::sync::Arc;

use oas_runtime::{BodyFinding, CheckBody, OutgoingBody};

use crate::{Edition, Finding, Options, Policy, Severity, Validator};

/// The operation whose body is checked: its id in the documents.
const IMPORT: &str = "importIdentityProfiles";

/// Keeps a client from sending imports with errors in them.
///
/// Bodies of other operations are let through. Cloning it is cheap.
///
/// ```
/// use export_validator::{BodyCheck, Edition};
/// use oas_runtime as rt;
///
/// # fn example(builder: rt::ClientBuilder) -> Result<(), rt::BuildError> {
/// let client = builder.check_body(BodyCheck::new(Edition::V2024)).build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BodyCheck {
    validator: Arc<Validator>,
    policy: Policy,
    worst: Severity,
}

impl BodyCheck {
    /// Lets through what has no errors by the rules of an edition.
    pub fn new(edition: Edition) -> Self {
        Self {
            validator: Arc::new(Validator::new(edition)),
            policy: Policy::default(),
            worst: Severity::Error,
        }
    }

    /// Lets through only what has no warnings either.
    #[must_use]
    pub fn deny_warnings(mut self) -> Self {
        self.worst = Severity::Warning;
        self
    }

    /// How bad findings of each code are.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    fn findings(&self, bytes: &[u8]) -> Vec<BodyFinding> {
        let options = Options {
            policy: self.policy.clone(),
            max_findings_per_code: None,
            ..Options::default()
        };
        let mut findings = Vec::new();
        let mut take = |finding: Finding| {
            // The worst is the least.
            if finding.severity <= self.worst {
                findings.push(told(finding));
            }
        };
        // A slice can always be read.
        let _ = self.validator.check(bytes, &options, &mut take);
        findings
    }
}

fn told(finding: Finding) -> BodyFinding {
    let told = BodyFinding::new(finding.pointer.as_str(), finding.message);
    let told = told.code(finding.code.as_str());
    match finding.help {
        Some(help) => told.help(help),
        None => told,
    }
}

impl CheckBody for BodyCheck {
    fn check(&self, body: &OutgoingBody<'_>) -> Vec<BodyFinding> {
        if body.operation().id == IMPORT {
            self.findings(body.bytes())
        } else {
            Vec::new()
        }
    }
}

impl fmt::Debug for BodyCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyCheck")
            .field("edition", &self.validator.edition())
            .field("worst", &self.worst)
            .finish_non_exhaustive()
    }
}
