//! What the command line may say.

use std::{
    ffi::{OsStr, OsString},
    num::{IntErrorKind, NonZeroUsize},
    path::{Path, PathBuf},
};

use clap::{
    Arg, ArgAction, ArgMatches, Args, ColorChoice, Command, CommandFactory, FromArgMatches, Parser,
    Subcommand, ValueEnum, ValueHint,
    builder::{PossibleValue, StringValueParser, TypedValueParser},
    error::ErrorKind,
    parser::ValueSource,
};
use clap_complete::Shell;

#[cfg(feature = "spec")]
use crate::spec;
use crate::{
    Code, Edition, MAX_DEPTH, MAX_FINDINGS_PER_CODE, Policy, Selector, Severity, Shape,
    UnknownCode, input,
};

/// Check identity profile exports before they are imported
///
/// Reads what GET /identity-profiles/export returns, sp-config backups, single exported objects and
/// newline-delimited JSON, as JSON or YAML, packed by gzip or in zip archives. Exits with 0 if
/// nothing found is as bad as --fail-on says, with 1 if something is, and with 2 if the command line
/// or the configuration is wrong or a file could not be read.
///
/// Options that are always the same can stand in validate-export.toml, in the current folder or in
/// one above it: `edition = "v3"`, `strict = true`, `allow = ["import/*"]`. The command line wins: what
/// does not go with it is left out of the file, and `--strict=false` undoes `strict`.
#[derive(Debug, Parser)]
#[command(
    name = "validate-export",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    subcommand_negates_reqs = true,
    args_override_self = true,
    after_help = "A file that is called like a command is checked as ./man, or after --."
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Other>,
    /// Files, folders and patterns such as 'exports/**/*.json' to check; - is the standard input
    ///
    /// A folder stands for the .json, .ndjson, .jsonl, .yaml and .yml files in it and in its
    /// folders, for these with .gz, and for .zip archives.
    #[arg(
        required_unless_present_any = ["explain", "list_rules", "print_schema"],
        value_name = "FILE",
        value_hint = ValueHint::AnyPath,
    )]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) checks: Checks,
    #[cfg(feature = "spec")]
    #[command(flatten)]
    pub(super) spec: spec::Arguments,
    #[command(flatten)]
    pub(super) severities: Severities,
    #[command(flatten)]
    pub(super) report: ReportOptions,
    #[command(flatten)]
    pub(super) ignore: IgnoreOptions,
    #[command(flatten)]
    pub(super) config: ConfigOptions,
    #[command(flatten)]
    pub(super) about: About,
}

/// Work that is not a check.
#[derive(Debug, Subcommand)]
pub(super) enum Other {
    /// Print a script that completes the options in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man,
}

/// What files are held against, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checks")]
pub(super) struct Checks {
    /// Edition of the API whose schemas count
    #[arg(long, value_enum, default_value_t)]
    #[cfg_attr(
        feature = "spec",
        arg(conflicts_with_all = [
            "spec", "schema", "operation", "body", "status", "media_type", "direction",
            "remote_cache",
        ])
    )]
    pub(super) edition: Edition,
    /// What the files are taken for, instead of what they look like
    #[arg(long, value_enum)]
    pub(super) shape: Option<Shape>,
    /// Objects and arrays that may be open at once
    #[arg(
        long,
        value_name = "N",
        default_value_t = MAX_DEPTH,
        value_parser = number,
        allow_negative_numbers = true,
    )]
    pub(super) max_depth: usize,
    /// Bytes that one packed file may unpack to, with K, M, G or T for their binary multiples
    #[arg(long, value_name = "SIZE", default_value = "16G", value_parser = input::parse_size)]
    pub(super) max_unpacked: u64,
    /// Threads to work on; as many as the machine has processors, at most 8, unless said otherwise
    #[arg(long, value_name = "N", value_parser = positive, allow_negative_numbers = true)]
    pub(super) threads: Option<NonZeroUsize>,
}

/// How bad findings are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Severities")]
pub(super) struct Severities {
    /// Make findings of this code errors; import or import/* is the whole group
    #[arg(long, value_name = "CODE", value_parser = SelectorParser, hide_possible_values = true)]
    deny: Vec<Selector>,
    /// Make findings of this code warnings
    ///
    /// What makes a file unreadable, such as json/syntax, stays an error, and cannot be ignored
    /// either: what cannot be read is not checked. --list-rules marks these codes with *.
    #[arg(long, value_name = "CODE", value_parser = LowerableParser, hide_possible_values = true)]
    warn: Vec<Selector>,
    /// Do not report findings of this code
    ///
    /// What makes a file unreadable, such as json/syntax, stays an error, and cannot be ignored
    /// either: what cannot be read is not checked. --list-rules marks these codes with *.
    #[arg(long, value_name = "CODE", value_parser = LowerableParser, hide_possible_values = true)]
    allow: Vec<Selector>,
    /// Make all warnings errors
    #[arg(
        long,
        value_name = SWITCH,
        num_args = 0..=1,
        require_equals = true,
        action = ArgAction::Set,
        default_value_t = false,
        default_missing_value = "true",
        hide_default_value = true,
        hide_possible_values = true,
    )]
    strict: bool,
    /// The least severity that makes the exit status 1
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Severity::Error)]
    pub(super) fail_on: Severity,
}

/// How findings are written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Report")]
pub(super) struct ReportOptions {
    /// How to write the findings
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Write the report to a file, which is replaced when the report is whole
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) output: Option<PathBuf>,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    pub(super) color: ColorChoice,
    /// Write nothing to the standard output: the exit status says whether there are findings
    #[arg(
        long,
        value_name = SWITCH,
        num_args = 0..=1,
        require_equals = true,
        action = ArgAction::Set,
        default_value_t = false,
        default_missing_value = "true",
        hide_default_value = true,
        hide_possible_values = true,
    )]
    pub(super) quiet: bool,
    /// Findings of a code that are listed for a file; all are counted, 0 lists all
    #[arg(
        long,
        value_name = "N",
        default_value_t = MAX_FINDINGS_PER_CODE,
        value_parser = number,
        allow_negative_numbers = true,
    )]
    pub(super) max_findings: usize,
    /// Hide the values of the files: only structure and documented names are shown
    #[arg(
        long,
        value_name = SWITCH,
        num_args = 0..=1,
        require_equals = true,
        action = ArgAction::Set,
        default_value_t = false,
        default_missing_value = "true",
        hide_default_value = true,
        hide_possible_values = true,
    )]
    pub(super) mask: bool,
}

/// Findings that are known and not to be reported again.
#[derive(Debug, Args)]
#[command(next_help_heading = "Known findings")]
pub(super) struct IgnoreOptions {
    /// Leave out the findings that this file names, instead of the nearest .validate-export-ignore
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) ignore_file: Option<PathBuf>,
    /// Leave out no findings
    #[arg(long, conflicts_with = "ignore_file")]
    pub(super) no_ignore: bool,
    /// Write everything that is found to the ignore file, or to this file
    #[arg(
        long,
        value_name = "FILE",
        value_hint = ValueHint::FilePath,
        num_args = 0..=1,
        require_equals = true,
        conflicts_with = "no_ignore",
    )]
    #[expect(
        clippy::option_option,
        reason = "the option may stand with and without a value"
    )]
    pub(super) write_ignore: Option<Option<PathBuf>>,
}

/// Where options are read from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigOptions {
    /// Read options from this file instead of the nearest validate-export.toml
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// Read no validate-export.toml
    #[arg(long, conflicts_with = "config")]
    pub(super) no_config: bool,
}

/// What the program can say of itself.
#[derive(Debug, Args)]
#[command(next_help_heading = "About")]
pub(super) struct About {
    /// Explain a code
    #[arg(
        long,
        value_name = "CODE",
        value_parser = CodeParser,
        hide_possible_values = true,
        conflicts_with_all = ["list_rules", "print_schema", "files"],
    )]
    pub(super) explain: Option<Code>,
    /// List all codes; what has a * is always an error
    #[arg(long, conflicts_with_all = ["print_schema", "files"])]
    pub(super) list_rules: bool,
    /// Print the JSON Schema of --format json
    #[arg(long, conflicts_with = "files")]
    pub(super) print_schema: bool,
}

/// The ids of options that stand on the command line only.
const ONLY_ON_THE_COMMAND_LINE: [&str; 9] = [
    "files",
    "config",
    "no_config",
    "explain",
    "list_rules",
    "print_schema",
    "write_ignore",
    "help",
    "version",
];

/// Whether an option may stand in a configuration file.
pub(super) fn is_configurable(option: &Arg) -> bool {
    !ONLY_ON_THE_COMMAND_LINE.contains(&option.get_id().as_str())
}

/// What the value of an option is called that may also stand without one.
const SWITCH: &str = "true|false";

/// The options with the severities that they ask for.
pub(super) struct Parsed {
    pub(super) arguments: Arguments,
    pub(super) policy: Policy,
    /// The ids of the options that are there.
    given: Vec<String>,
}

impl Parsed {
    /// Reads arguments, which begin with the program's name.
    pub(super) fn parse(arguments: &[OsString]) -> Result<Self, clap::Error> {
        let mut command = Arguments::command();
        let matches = command.try_get_matches_from_mut(arguments)?;
        let arguments =
            Arguments::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        let of_input = arguments.files.iter().filter(|path| is_input(path));
        if of_input.count() > 1 {
            return Err(command.error(
                ErrorKind::ArgumentConflict,
                "the standard input can be read only once: give \"-\" at most once",
            ));
        }
        #[cfg(feature = "spec")]
        if let Some(shape) = arguments.checks.shape
            && arguments.spec.spec.is_some()
            && shape != Shape::Ndjson
        {
            return Err(command.error(
                ErrorKind::ArgumentConflict,
                format!(
                    "what --spec describes is no {shape}: leave --shape out, or give --shape ndjson"
                ),
            ));
        }
        let policy = policy(&matches, &arguments.severities);
        let is_given = |id: &&clap::Id| {
            let source = matches.value_source(id.as_str());
            source == Some(ValueSource::CommandLine)
        };
        let given = matches.ids().filter(is_given);
        Ok(Self {
            given: given.map(ToString::to_string).collect(),
            arguments,
            policy,
        })
    }

    /// Leaves out of what a configuration says, by the ids of options, what does not go with these
    /// arguments.
    pub(super) fn outrank(&self, configured: &mut Vec<(String, OsString)>) {
        let mut command = Arguments::command();
        command.build();
        let options: Vec<&Arg> = command.get_arguments().collect();
        let excludes = |one: &str, other: &str| {
            let option = options.iter().find(|option| option.get_id() == one);
            option.is_some_and(|option| {
                let others = command.get_arg_conflicts_with(option);
                others.iter().any(|option| option.get_id() == other)
            })
        };
        configured.retain(|(id, argument)| {
            let is_lines = argument.to_string_lossy().ends_with("=ndjson");
            let goes_with = |given: &String| {
                let is_of_payloads = |id: &str| OF_PAYLOADS.contains(&id);
                let has_other_shape = match (given.as_str(), id.as_str()) {
                    (given, "shape") => is_of_payloads(given) && !is_lines,
                    ("shape", id) => {
                        is_of_payloads(id) && self.arguments.checks.shape != Some(Shape::Ndjson)
                    }
                    _ => false,
                };
                !has_other_shape && !excludes(given, id) && !excludes(id, given)
            };
            self.given.iter().all(goes_with)
        });
    }
}

/// The ids of options that say which payloads are checked.
const OF_PAYLOADS: [&str; 8] = [
    "spec",
    "schema",
    "operation",
    "body",
    "status",
    "media_type",
    "direction",
    "remote_cache",
];

/// The severities that arguments ask for, in the order in which they stand there.
fn policy(matches: &ArgMatches, severities: &Severities) -> Policy {
    let Severities {
        deny,
        warn,
        allow,
        strict,
        ..
    } = severities;
    let mut settings = Vec::new();
    for (id, selectors, severity) in [
        ("deny", deny, Some(Severity::Error)),
        ("warn", warn, Some(Severity::Warning)),
        ("allow", allow, None),
    ] {
        let places = matches.indices_of(id).into_iter().flatten();
        settings.extend(
            places
                .zip(selectors)
                .map(|(place, &selector)| (place, selector, severity)),
        );
    }
    settings.sort_by_key(|&(place, ..)| place);
    let mut policy = Policy::default();
    for (_, selector, severity) in settings {
        policy.set(selector, severity);
    }
    if *strict {
        policy.make_strict();
    }
    policy
}

/// Whether a file's name means the standard input.
pub(super) fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// Text with code frames
    #[default]
    Human,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands, which GitHub Actions shows beside the lines
    Github,
    /// JUnit's XML, which CI servers show
    Junit,
    /// One page for a browser
    Html,
}

impl ValueEnum for Edition {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl ValueEnum for Shape {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Array,
            Self::SpConfig,
            Self::ExportedObject,
            Self::Profile,
            Self::Ndjson,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let name = match self {
            Self::Array => "array",
            Self::SpConfig => "sp-config",
            Self::ExportedObject => "exported-object",
            Self::Profile => "profile",
            Self::Ndjson => "ndjson",
            // These are what a file turns out to be.
            Self::MixedArray | Self::YamlDocuments | Self::Payload | Self::Unknown => return None,
        };
        Some(PossibleValue::new(name).help(self.to_string()))
    }
}

impl ValueEnum for Severity {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Error, Self::Warning, Self::Info]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }))
    }
}

/// Reads a count of anything.
fn number(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) => Ok(number),
        Err(error) if *error.kind() == IntErrorKind::PosOverflow => {
            Err(format!("expected a number of at most {}", usize::MAX))
        }
        Err(_) => Err("expected a whole number such as 100".to_owned()),
    }
}

/// Reads a count of what there is at least one of.
fn positive(text: &str) -> Result<NonZeroUsize, String> {
    NonZeroUsize::new(number(text)?).ok_or_else(|| "expected at least 1".to_owned())
}

fn lowerable_names() -> impl Iterator<Item = &'static str> {
    let codes = Code::ALL.iter().filter(|code| !code.is_always_an_error());
    codes.map(|code| code.as_str())
}

/// Reads a code; shells complete it.
#[derive(Clone)]
struct CodeParser;

/// Reads a code or a group of codes; shells complete it.
#[derive(Clone)]
struct SelectorParser;

/// Reads a code that need not be an error, or a group of codes.
#[derive(Clone)]
struct LowerableParser;

/// Reads a code or a group of codes; fails for a code that is always an error.
fn lowerable(text: &str) -> Result<Selector, String> {
    match text.parse() {
        Ok(Selector::Code(code)) if code.is_always_an_error() => Err(format!(
            "{code} is always an error: what cannot be read is not checked, so it cannot be valid"
        )),
        Ok(selector) => Ok(selector),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads a code that is to be explained; of a group it names the codes.
fn explainable(text: &str) -> Result<Code, String> {
    text.parse().map_err(|error: UnknownCode| {
        let Ok(Selector::Group(group)) = text.parse() else {
            return error.to_string();
        };
        let codes: Vec<_> = code_names()
            .filter(|code| code.split_once('/').is_some_and(|(of, _)| of == group))
            .collect();
        format!("{group} is a group; its codes are {}", codes.join(", "))
    })
}

macro_rules! parse_as {
    ($parser:ty, $value:ty, $parse:expr, $names:expr) => {
        impl TypedValueParser for $parser {
            type Value = $value;

            fn parse_ref(
                &self,
                command: &Command,
                option: Option<&Arg>,
                value: &OsStr,
            ) -> Result<Self::Value, clap::Error> {
                let parser = StringValueParser::new().try_map(|text| $parse(text.as_str()));
                parser.parse_ref(command, option, value)
            }

            fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
                Some(Box::new($names.map(PossibleValue::new)))
            }
        }
    };
}

fn code_names() -> impl Iterator<Item = &'static str> {
    Code::ALL.iter().map(|code| code.as_str())
}

parse_as!(CodeParser, Code, explainable, code_names());
parse_as!(
    SelectorParser,
    Selector,
    str::parse::<Selector>,
    Policy::groups().into_iter().chain(code_names())
);
parse_as!(
    LowerableParser,
    Selector,
    lowerable,
    Policy::groups().into_iter().chain(lowerable_names())
);
