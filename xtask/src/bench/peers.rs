//! Other validators, installed if they are missing, each asked in its own words.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};

use crate::build::cargo;

/// A validator of somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    /// The `jsonschema` crate, a value for each element.
    Crate,
    JsonschemaCli,
    Sourcemeta,
    SourcemetaFast,
    Ajv,
    CheckJsonschema,
}

/// How large a file a tool is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Load {
    Full,
    /// A tenth, of a tool that would take minutes or ten gigabytes; its ratio hardly differs.
    Tenth,
}

/// Where a package comes from.
enum Registry {
    /// Nowhere: this program has it built in.
    None,
    Cargo,
    Npm,
    Python,
}

impl Tool {
    pub(super) const ALL: [Self; 6] = [
        Self::Crate,
        Self::SourcemetaFast,
        Self::Ajv,
        Self::JsonschemaCli,
        Self::Sourcemeta,
        Self::CheckJsonschema,
    ];

    /// The report's name for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Crate => "`jsonschema` crate, a value for each element",
            Self::JsonschemaCli => "`jsonschema-cli`",
            Self::Sourcemeta => "sourcemeta `jsonschema`",
            Self::SourcemetaFast => "sourcemeta `jsonschema --fast`",
            Self::Ajv => "`ajv-cli --all-errors`",
            Self::CheckJsonschema => "`check-jsonschema`",
        }
    }

    pub(super) fn load(self) -> Load {
        match self {
            Self::CheckJsonschema | Self::Sourcemeta => Load::Tenth,
            _ => Load::Full,
        }
    }

    /// The package, and its version that is measured.
    fn package(self) -> (Registry, &'static str, &'static str) {
        match self {
            Self::Crate => (Registry::None, "jsonschema", ""),
            Self::JsonschemaCli => (Registry::Cargo, "jsonschema-cli", "0.60.2"),
            Self::Sourcemeta | Self::SourcemetaFast => {
                (Registry::Npm, "@sourcemeta/jsonschema", "16.11.0")
            }
            Self::Ajv => (Registry::Npm, "ajv-cli", "5.0.0"),
            Self::CheckJsonschema => (Registry::Python, "check-jsonschema", "0.39.0"),
        }
    }

    /// The program's file below the folder that the package is installed in.
    fn program(self) -> PathBuf {
        let exe = std::env::consts::EXE_SUFFIX;
        match self {
            Self::Crate => PathBuf::new(),
            Self::JsonschemaCli => format!("bin/jsonschema-cli{exe}").into(),
            Self::Sourcemeta | Self::SourcemetaFast => {
                // Not the script that starts it, whose cost is not the validator's.
                let system = match std::env::consts::OS {
                    "macos" => "darwin",
                    system => system,
                };
                let processor = match std::env::consts::ARCH {
                    "aarch64" => "arm64",
                    processor => processor,
                };
                Path::new("node_modules/@sourcemeta/jsonschema/build/github-releases")
                    .join(format!("jsonschema-{system}-{processor}{exe}"))
            }
            Self::Ajv => "node_modules/ajv-cli/dist/index.js".into(),
            Self::CheckJsonschema if cfg!(windows) => "Scripts/check-jsonschema.exe".into(),
            Self::CheckJsonschema => "bin/check-jsonschema".into(),
        }
    }
}

/// An installed peer.
#[derive(Clone, Debug)]
pub(super) struct Peer {
    pub(super) tool: Tool,
    pub(super) version: String,
    program: PathBuf,
}

impl Peer {
    /// The tool in a folder below `directory`, installed there if it is not yet; `lock` is this
    /// workspace's list of packages, `this` this program.
    pub(super) fn install(
        tool: Tool,
        directory: &Path,
        lock: &Path,
        this: &Path,
    ) -> anyhow::Result<Self> {
        let (registry, package, version) = tool.package();
        if matches!(registry, Registry::None) {
            return Ok(Self {
                tool,
                version: locked_version(lock, package)?,
                program: this.to_owned(),
            });
        }
        let folder = package.trim_start_matches('@').replace('/', "-");
        let folder = directory.join(format!("{folder}-{version}"));
        let program = folder.join(tool.program());
        if !program.is_file() {
            for command in registry.commands(package, version, &folder) {
                install(command).with_context(|| format!("cannot install {package} {version}"))?;
            }
        }
        if !program.is_file() {
            bail!("{package} {version} has no {}", tool.program().display());
        }
        Ok(Self {
            tool,
            version: version.to_owned(),
            program,
        })
    }

    /// The command that holds a file against a schema.
    pub(super) fn command(&self, schema: &Path, file: &Path) -> Command {
        let mut command = match self.tool {
            Tool::Ajv => Command::new("node"),
            _ => Command::new(&self.program),
        };
        match self.tool {
            Tool::Crate => command
                .args(["bench", "element-by-element"])
                .args([schema, file]),
            Tool::JsonschemaCli => command
                .arg("validate")
                .arg(schema)
                .arg("--instance")
                .arg(file),
            Tool::Sourcemeta => command.arg("validate").args([schema, file]),
            Tool::SourcemetaFast => command.args(["validate", "--fast"]).args([schema, file]),
            // No other checks formats unless it is asked to.
            Tool::Ajv => command
                .arg(&self.program)
                .args(["validate", "--spec=draft2020", "--all-errors"])
                .args(["--strict=false", "--validate-formats=false"])
                .arg("-s")
                .arg(schema)
                .arg("-d")
                .arg(file),
            Tool::CheckJsonschema => command
                .args(["--disable-formats", "*", "--schemafile"])
                .args([schema, file]),
        };
        command
    }
}

impl Registry {
    /// The commands that install a package into a folder.
    fn commands(&self, package: &str, version: &str, folder: &Path) -> Vec<Command> {
        match self {
            Self::None => Vec::new(),
            Self::Cargo => {
                let mut install = cargo();
                install
                    .args(["install", "--quiet", "--locked", package])
                    .args(["--version", version, "--root"])
                    .arg(folder)
                    // Built where cargo deletes it afterwards.
                    .env_remove("CARGO_TARGET_DIR");
                vec![install]
            }
            Self::Npm => {
                let mut install = Command::new("npm");
                install
                    .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
                    .arg("--prefix")
                    .arg(folder)
                    .arg(format!("{package}@{version}"));
                vec![install]
            }
            Self::Python => {
                let mut environment = Command::new("python3");
                environment.args(["-m", "venv"]).arg(folder);
                let python = if cfg!(windows) {
                    "Scripts/python.exe"
                } else {
                    "bin/python"
                };
                let mut install = Command::new(folder.join(python));
                install
                    .args(["-m", "pip", "install", "--quiet"])
                    .arg(format!("{package}=={version}"));
                vec![environment, install]
            }
        }
    }
}

fn install(mut command: Command) -> anyhow::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rfind(|line| !line.trim().is_empty());
    bail!("{}", last.unwrap_or("its client failed"));
}

/// The version of a package that this workspace is built with.
fn locked_version(lock: &Path, package: &str) -> anyhow::Result<String> {
    let text =
        std::fs::read_to_string(lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let mut lines = text.lines();
    let name = format!("name = \"{package}\"");
    lines
        .find(|line| *line == name)
        .and_then(|_| {
            lines
                .next()?
                .strip_prefix("version = \"")?
                .strip_suffix('"')
        })
        .map(str::to_owned)
        .with_context(|| format!("{} has no {package}", lock.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &Command) -> String {
        let words: Vec<_> = std::iter::once(command.get_program())
            .chain(command.get_args())
            .map(|word| word.to_string_lossy())
            .collect();
        words.join(" ")
    }

    #[test]
    fn each_peer_is_asked_in_its_own_words() {
        let commands = Tool::ALL.map(|tool| {
            let peer = Peer {
                tool,
                version: String::new(),
                program: "program".into(),
            };
            words(&peer.command(Path::new("schema.json"), Path::new("file.json")))
        });
        assert_eq!(
            commands,
            [
                "program bench element-by-element schema.json file.json",
                "program validate --fast schema.json file.json",
                "node program validate --spec=draft2020 --all-errors --strict=false \
                 --validate-formats=false -s schema.json -d file.json",
                "program validate schema.json --instance file.json",
                "program validate schema.json file.json",
                "program --disable-formats * --schemafile schema.json file.json",
            ]
        );
    }

    #[test]
    fn packages_are_installed_by_their_registries_clients() {
        let check = |registry: &Registry, expected: &[&str]| {
            let commands = registry.commands("package", "1.2.3", Path::new("folder"));
            assert_eq!(commands.len(), expected.len());
            for (command, expected) in commands.iter().zip(expected) {
                let words = words(command);
                assert!(words.ends_with(expected), "{words}");
            }
        };
        check(&Registry::None, &[]);
        check(
            &Registry::Cargo,
            &["install --quiet --locked package --version 1.2.3 --root folder"],
        );
        check(
            &Registry::Npm,
            &["npm install --no-audit --no-fund --ignore-scripts --prefix folder package@1.2.3"],
        );
        check(
            &Registry::Python,
            &[
                "python3 -m venv folder",
                "-m pip install --quiet package==1.2.3",
            ],
        );
    }

    #[test]
    fn the_crate_has_the_version_that_is_locked() {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        let version = locked_version(&lock, "jsonschema").expect("a dependency");
        assert!(version.starts_with("0."), "{version}");
        assert!(locked_version(&lock, "no-such-package").is_err());
    }
}
