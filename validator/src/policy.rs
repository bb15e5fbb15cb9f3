//! How bad findings are where the user says otherwise.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use crate::{Code, Severity, finding::Grade, nearest::nearest};

/// The severity of each code: the default one, unless it was set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    of_codes: BTreeMap<Code, Option<Severity>>,
    of_groups: BTreeMap<&'static str, Option<Severity>>,
    strict: bool,
    /// The codes whose warnings stay warnings nevertheless.
    lenient: BTreeSet<Code>,
}

impl Policy {
    /// Sets the severity of what is selected; `None` turns it off.
    ///
    /// What is said of a code weighs more than what is said of its group; of several settings of
    /// the same code or group the last counts. What is off by default only its code switches on.
    /// Codes that are [always errors](Code::is_always_an_error) stay errors.
    pub fn set(&mut self, selector: Selector, severity: Option<Severity>) {
        match selector {
            Selector::Code(code) => {
                self.of_codes.insert(code, severity);
            }
            Selector::Group(group) => {
                self.of_groups.insert(group, severity);
            }
        }
    }

    /// Makes every warning an error, also those that were made warnings.
    pub fn make_strict(&mut self) {
        self.strict = true;
    }

    /// Whether every warning is an error.
    pub(crate) fn is_strict(&self) -> bool {
        self.strict
    }

    /// Puts what another policy says over this one: what it says of a group holds for all codes of
    /// that, whatever this one says of them. What it makes a warning is one, unless it is strict itself.
    pub(crate) fn overlay(&mut self, over: &Self, strict: bool) {
        if !over.strict {
            let named = Code::ALL.iter().filter(|&&code| over.names(code));
            self.lenient.extend(named);
        }
        for (&group, &severity) in &over.of_groups {
            self.of_codes.retain(|&code, _| group_of(code) != group);
            self.of_groups.insert(group, severity);
        }
        self.of_codes.extend(&over.of_codes);
        self.strict = strict;
    }

    /// Whether something was said of a code or its group.
    fn names(&self, code: Code) -> bool {
        self.of_codes.contains_key(&code) || self.of_groups.contains_key(group_of(code))
    }

    /// The groups of codes, each once: `json`, `schema`, `import` …
    pub fn groups() -> Vec<&'static str> {
        let mut groups: Vec<_> = Code::ALL.iter().map(|&code| group_of(code)).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// How bad a finding of this code is, unless it is milder than others of its code; `None` where
    /// it is turned off.
    pub fn severity(&self, code: Code) -> Option<Severity> {
        self.severity_of(code.into())
    }

    /// How bad a finding of this grade is; `None` where it is turned off.
    pub(crate) fn severity_of(&self, grade: Grade) -> Option<Severity> {
        let Grade { code, severity } = grade;
        if code.is_always_an_error() {
            return Some(Severity::Error);
        }
        let of_group = || {
            let group = self.of_groups.get(group_of(code));
            group.filter(|_| code.is_on_by_default())
        };
        let set = self.of_codes.get(&code).or_else(of_group).copied();
        let default = || code.is_on_by_default().then_some(severity);
        match set.unwrap_or_else(default) {
            Some(Severity::Warning) if self.strict && !self.lenient.contains(&code) => {
                Some(Severity::Error)
            }
            severity => severity,
        }
    }
}

/// A code, or all codes of a group: `import/duplicate-id`, `import/*` or `import`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Selector {
    /// One code.
    Code(Code),
    /// The codes whose text form begins with this and a slash.
    Group(&'static str),
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Group(group) => write!(f, "{group}/*"),
        }
    }
}

fn group_of(code: Code) -> &'static str {
    let (group, _) = code.as_str().split_once('/').unwrap_or_default();
    group
}

/// The text is neither a code nor a group of codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownSelector(String);

impl fmt::Display for UnknownSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "there is no code or group of codes {:?}", self.0)?;
        match meant(&self.0) {
            Some(near) => write!(f, "; did you mean {near:?}?"),
            None => f.write_str("; --list-rules names all"),
        }
    }
}

impl std::error::Error for UnknownSelector {}

/// The code or group that an unknown text probably stands for.
fn meant(text: &str) -> Option<&'static str> {
    let codes = || Code::ALL.iter().map(|code| code.as_str());
    // The group is what people leave out.
    let without_group = codes().find(|code| {
        code.split_once('/')
            .is_some_and(|(_, name)| name == text.trim())
    });
    without_group.or_else(|| match text.split_once('/') {
        Some((group, "*" | "")) => nearest(group, Policy::groups()),
        Some(_) => nearest(text, codes()),
        None => nearest(text, Policy::groups().into_iter().chain(codes())),
    })
}

impl FromStr for Selector {
    type Err = UnknownSelector;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(code) = text.parse() {
            return Ok(Self::Code(code));
        }
        let group = text.strip_suffix("/*").unwrap_or(text);
        Policy::groups()
            .into_iter()
            .find(|known| *known == group)
            .map(Self::Group)
            .ok_or_else(|| UnknownSelector(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_groups_are_read() {
        let code = Selector::Code(Code::Required);
        for (text, expected) in [
            ("schema/required", code),
            ("schema", Selector::Group("schema")),
            ("schema/*", Selector::Group("schema")),
        ] {
            assert_eq!(text.parse(), Ok(expected), "{text}");
        }
        for (text, expected) in [
            ("schema/requird", "did you mean \"schema/required\"?"),
            ("duplicate-key", "did you mean \"json/duplicate-key\"?"),
            ("schemas/*", "did you mean \"schema\"?"),
            ("jsn", "did you mean \"json\"?"),
            ("", "--list-rules names all"),
            ("/", "--list-rules names all"),
            ("*", "--list-rules names all"),
        ] {
            let error = text.parse::<Selector>().expect_err(text).to_string();
            assert!(error.ends_with(expected), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_said_of_a_code_weighs_more_than_what_is_said_of_its_group() {
        let mut policy = Policy::default();
        let code = Code::NotImportable;
        assert_eq!(policy.severity(code), Some(Severity::Error));
        policy.set(Selector::Code(code), Some(Severity::Info));
        policy.set(Selector::Group("import"), None);
        assert_eq!(policy.severity(code), Some(Severity::Info));
        assert_eq!(policy.severity(Code::MissingObject), None);
        assert_eq!(policy.severity(Code::Required), Some(Severity::Error));
    }

    /// What cannot be read cannot be valid, whatever is set.
    #[test]
    fn what_ends_reading_stays_an_error() {
        let codes = Code::ALL.iter().filter(|code| code.is_always_an_error());
        for &code in codes {
            for severity in [None, Some(Severity::Info), Some(Severity::Warning)] {
                let mut policy = Policy::default();
                policy.set(Selector::Code(code), severity);
                policy.set(Selector::Group(group_of(code)), severity);
                assert_eq!(policy.severity(code), Some(Severity::Error), "{code}");
            }
        }
    }

    #[test]
    fn a_group_switches_nothing_on() {
        let mut policy = Policy::default();
        let code = Code::ReadOnlyProperty;
        for severity in [Severity::Error, Severity::Warning] {
            policy.set(Selector::Group("import"), Some(severity));
            assert_eq!(policy.severity(code), None);
        }
        policy.set(Selector::Code(code), Some(Severity::Info));
        assert_eq!(policy.severity(code), Some(Severity::Info));
    }

    #[test]
    fn what_is_milder_than_its_code_is_set_with_it() {
        let mild = Grade {
            code: Code::NotImportable,
            severity: Severity::Warning,
        };
        let mut policy = Policy::default();
        assert_eq!(policy.severity(mild.code), Some(Severity::Error));
        assert_eq!(policy.severity_of(mild), Some(Severity::Warning));
        policy.set(Selector::Code(mild.code), Some(Severity::Info));
        assert_eq!(policy.severity_of(mild), Some(Severity::Info));
        policy.set(Selector::Code(mild.code), None);
        assert_eq!(policy.severity_of(mild), None);
        let mut strict = Policy::default();
        strict.make_strict();
        assert_eq!(strict.severity_of(mild), Some(Severity::Error));
    }

    #[test]
    fn what_is_put_over_a_policy_outranks_it() {
        let mut policy = Policy::default();
        policy.set(Selector::Code(Code::UnknownField), Some(Severity::Error));
        policy.set(Selector::Code(Code::Enum), Some(Severity::Info));
        policy.set(Selector::Group("transform"), Some(Severity::Warning));
        let mut over = Policy::default();
        over.set(Selector::Group("import"), None);
        over.set(Selector::Code(Code::SelfMismatch), Some(Severity::Info));
        policy.overlay(&over, false);
        assert_eq!(policy.severity(Code::UnknownField), None);
        assert_eq!(policy.severity(Code::SelfMismatch), Some(Severity::Info));
        assert_eq!(policy.severity(Code::Enum), Some(Severity::Info));
        let known = policy.severity(Code::UnresolvedReference);
        assert_eq!(known, Some(Severity::Warning));
    }

    #[test]
    fn strict_makes_errors_of_warnings_only() {
        let mut policy = Policy::default();
        policy.make_strict();
        policy.set(Selector::Code(Code::Required), Some(Severity::Warning));
        policy.set(Selector::Code(Code::Enum), Some(Severity::Info));
        policy.set(Selector::Code(Code::SelfMismatch), None);
        assert_eq!(policy.severity(Code::Required), Some(Severity::Error));
        assert_eq!(policy.severity(Code::UnknownField), Some(Severity::Error));
        assert_eq!(policy.severity(Code::Enum), Some(Severity::Info));
        assert_eq!(policy.severity(Code::SelfMismatch), None);
    }
}
