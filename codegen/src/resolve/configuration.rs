//! `x-client-configuration`: where clients find their base URL and credentials.

use crate::diagnostic::Diagnostics;
use crate::load::{Kind, Node};
use crate::nearest::nearest;

use super::expect::{self, Effect};
use super::reference::References;
use super::security::{SchemeKind, SecurityScheme};

/// The extension's name.
pub(super) const EXTENSION: &str = "x-client-configuration";

/// What a client can be configured with, besides API keys.
const SETTINGS: [(&str, Setting<'static>); 6] = [
    ("baseUrl", Setting::BaseUrl),
    ("clientId", Setting::ClientId),
    ("clientSecret", Setting::ClientSecret),
    ("bearerToken", Setting::BearerToken),
    ("username", Setting::Username),
    ("password", Setting::Password),
];
/// Keys by the names of their security schemes.
const API_KEYS: &str = "apiKeys";
/// Settings that are of use together only.
const PAIRS: [[usize; 2]; 2] = [[1, 2], [4, 5]];

/// The code of what is of the right kind, and makes no sense.
const INVALID: &str = "invalid-client-configuration";
const NOT_LOOKED_AT: Effect<'static> = Effect::Missing("clients do not look there");
const NOT_READ: Effect<'static> = Effect::Missing("clients do not read it there");

/// A place where clients find settings.
#[derive(Clone, Debug)]
pub struct ConfigurationSource<'d> {
    /// Which place it is.
    pub place: ConfigurationPlace<'d>,
    /// What is there.
    pub values: Vec<ConfiguredValue<'d>>,
}

/// The kinds of place.
#[derive(Clone, Copy, Debug)]
pub enum ConfigurationPlace<'d> {
    /// Environment variables
    Environment,
    /// A file
    File {
        /// Its path; `~/` stands for the home folder.
        path: &'d str,
        /// Pointers to the name of the set of settings that is in force, and to the object that
        /// holds the sets by name.
        selection: Option<(&'d str, &'d str)>,
    },
}

/// A setting and where it stands.
#[derive(Clone, Debug)]
pub struct ConfiguredValue<'d> {
    /// What it is.
    pub setting: Setting<'d>,
    /// The variable's name, or the JSON Pointer in the file.
    pub at: &'d str,
    /// Whether a place without it is complete.
    pub is_optional: bool,
    /// What to tell a user who lacks it.
    pub help: Option<&'d str>,
    node: Node<'d>,
}

/// What a client can be configured with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting<'d> {
    /// Where the API is served, without the path of the document's server
    BaseUrl,
    /// The client's id for the client credentials flow
    ClientId,
    /// The client's secret for the client credentials flow
    ClientSecret,
    /// A token to send as it is
    BearerToken,
    /// The user for HTTP Basic
    Username,
    /// The password for HTTP Basic
    Password,
    /// The key for the API key scheme of this name
    ApiKey(&'d str),
}

/// The places that the document states, in order.
pub(super) fn sources<'d>(
    root: Node<'d>,
    references: &References<'d>,
    schemes: &[SecurityScheme<'d>],
    diagnostics: &mut Diagnostics,
) -> Vec<ConfigurationSource<'d>> {
    let effect = Effect::Missing("clients are not configured by their environment");
    let stated = root.get(EXTENSION);
    let stated = stated.and_then(|node| references.follow(node, diagnostics));
    let stated =
        stated.and_then(|node| expect::of_kind(node, EXTENSION, Kind::Array, effect, diagnostics));
    let mut reader = Reader {
        references,
        schemes,
        diagnostics,
    };
    let nodes = stated.into_iter().flat_map(Node::items);
    nodes.filter_map(|node| reader.source(node)).collect()
}

struct Reader<'a, 'd> {
    references: &'a References<'d>,
    schemes: &'a [SecurityScheme<'d>],
    diagnostics: &'a mut Diagnostics,
}

impl<'d> Reader<'_, 'd> {
    fn source(&mut self, node: Node<'d>) -> Option<ConfigurationSource<'d>> {
        let node = self.references.follow(node, self.diagnostics)?;
        let what = "a place with settings";
        let node = expect::an(node, what, NOT_LOOKED_AT, self.diagnostics)?;
        let (place, values) = match (node.get("environment"), node.get("file")) {
            (Some(values), None) => (ConfigurationPlace::Environment, values),
            (None, Some(_)) => (self.file(node)?, self.values_of_file(node)?),
            (have, _) => {
                let message = match have {
                    Some(_) => "a place is either an \"environment\" or a \"file\", not both",
                    None => "a place must have an \"environment\" or a \"file\"",
                };
                self.invalid(node, message.to_owned(), NOT_LOOKED_AT);
                return None;
            }
        };
        let effect = NOT_LOOKED_AT;
        let values = expect::of_kind(values, "values", Kind::Object, effect, self.diagnostics)?;
        let is_file = matches!(place, ConfigurationPlace::File { .. });
        let read = self.values(values, is_file);
        if read.is_empty() && values.members().len() == 0 {
            let message = "a place must have a setting".to_owned();
            self.invalid(values, message, NOT_LOOKED_AT);
        }
        let source = ConfigurationSource {
            place,
            values: read,
        };
        (!source.values.is_empty()).then_some(source)
    }

    fn values_of_file(&mut self, node: Node<'d>) -> Option<Node<'d>> {
        let values = node.get("values");
        if values.is_none() {
            let message = "a \"file\" must have \"values\"".to_owned();
            self.invalid(node, message, NOT_LOOKED_AT);
        }
        values
    }

    fn file(&mut self, node: Node<'d>) -> Option<ConfigurationPlace<'d>> {
        let path = expect::text(node, "file", NOT_LOOKED_AT, self.diagnostics)?;
        let ends = [".json", ".yaml", ".yml"];
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let below_home = path.strip_prefix('~');
        let is_good = ends.iter().any(|end| name.ends_with(end))
            && below_home.is_none_or(|below| below.starts_with('/'))
            && !path.contains(char::is_control);
        if !is_good {
            let message = format!(
                "{path:?} is no path of a configuration file; expected one that ends with .json, \
                 .yaml or .yml, and may begin with ~/"
            );
            self.invalid(node.get("file").unwrap_or(node), message, NOT_LOOKED_AT);
            return None;
        }
        let selection = match node.get("select") {
            Some(select) => Some(self.selection(select)?),
            None => None,
        };
        Some(ConfigurationPlace::File { path, selection })
    }

    fn selection(&mut self, node: Node<'d>) -> Option<(&'d str, &'d str)> {
        let effect = NOT_LOOKED_AT;
        let node = expect::of_kind(node, "select", Kind::Object, effect, self.diagnostics)?;
        let mut pointers = ["nameAt", "within"].into_iter().map(|key| {
            let Some(pointer) = expect::text(node, key, NOT_LOOKED_AT, self.diagnostics) else {
                if node.get(key).is_none_or(Node::is_null) {
                    let message = format!("\"select\" must have {key:?}");
                    self.invalid(node, message, NOT_LOOKED_AT);
                }
                return None;
            };
            self.pointer(node.get(key).unwrap_or(node), pointer, NOT_LOOKED_AT)
        });
        let (name_at, within) = (pointers.next()?, pointers.next()?);
        name_at.zip(within)
    }

    fn values(&mut self, node: Node<'d>, is_file: bool) -> Vec<ConfiguredValue<'d>> {
        let mut values = Vec::new();
        for (name, node) in node.members() {
            if name == API_KEYS {
                let (key, effect) = (API_KEYS, NOT_READ);
                let keys = expect::of_kind(node, key, Kind::Object, effect, self.diagnostics);
                for (scheme, node) in keys.into_iter().flat_map(Node::members) {
                    if self.is_api_key(scheme, node) {
                        let setting = Setting::ApiKey(scheme);
                        values.extend(self.value(setting, node, is_file));
                    }
                }
                continue;
            }
            match SETTINGS.into_iter().find(|(known, _)| *known == name) {
                Some((_, setting)) => values.extend(self.value(setting, node, is_file)),
                None => self.unknown_setting(name, node),
            }
        }
        for [one, other] in PAIRS {
            self.drop_half([SETTINGS[one], SETTINGS[other]], &mut values);
        }
        values
    }

    fn unknown_setting(&mut self, name: &str, node: Node<'d>) {
        let known = SETTINGS.iter().map(|(name, _)| *name).chain([API_KEYS]);
        let message = match nearest(name, known.clone()) {
            Some(near) => format!("{name:?} is no setting; did you mean {near:?}?"),
            None => {
                let known: Vec<&str> = known.collect();
                format!(
                    "{name:?} is no setting; expected one of {}",
                    known.join(", ")
                )
            }
        };
        self.invalid(node, message, NOT_READ);
    }

    fn is_api_key(&mut self, scheme: &str, node: Node<'d>) -> bool {
        let keys = self.schemes.iter();
        let mut keys = keys.filter(|have| matches!(have.kind, SchemeKind::ApiKey { .. }));
        let is_known = keys.any(|have| have.name == scheme);
        if !is_known {
            let message = format!("the document has no API key scheme {scheme:?}");
            self.invalid(node, message, NOT_READ);
        }
        is_known
    }

    fn value(
        &mut self,
        setting: Setting<'d>,
        node: Node<'d>,
        is_file: bool,
    ) -> Option<ConfiguredValue<'d>> {
        let (at_node, at) = if node.is_object() {
            let at = expect::text(node, "at", NOT_READ, self.diagnostics);
            if at.is_none() && node.get("at").is_none_or(Node::is_null) {
                let message = "the setting's place, \"at\", is missing".to_owned();
                self.invalid(node, message, NOT_READ);
            }
            (node.get("at").unwrap_or(node), at?)
        } else {
            let Some(at) = node.as_str() else {
                let what = "a setting's place";
                expect::unexpected(node, what, NOT_READ, self.diagnostics);
                return None;
            };
            (node, at)
        };
        let at = if is_file {
            self.pointer(at_node, at, NOT_READ)?
        } else {
            self.variable(at_node, at)?
        };
        let effect = Effect::Imprecise("the setting is required");
        let is_optional = expect::flag(node, "optional", effect, self.diagnostics);
        let effect = Effect::Imprecise("users who lack the setting are not told");
        Some(ConfiguredValue {
            setting,
            at,
            is_optional: is_optional.unwrap_or(false),
            help: expect::text(node, "help", effect, self.diagnostics),
            node,
        })
    }

    fn variable(&mut self, node: Node<'d>, name: &'d str) -> Option<&'d str> {
        let is_good = !name.is_empty()
            && !name.contains(|c: char| c == '=' || c.is_whitespace() || c.is_control());
        if !is_good {
            let message = format!("{name:?} is no name of an environment variable");
            self.invalid(node, message, NOT_READ);
        }
        is_good.then_some(name)
    }

    fn pointer(&mut self, node: Node<'d>, pointer: &'d str, effect: Effect<'_>) -> Option<&'d str> {
        let mut escapes = pointer.split('~').skip(1);
        let is_good = pointer.starts_with('/') && escapes.all(|rest| rest.starts_with(['0', '1']));
        if !is_good {
            let message =
                format!("{pointer:?} is no JSON Pointer to a member; expected one like /a/b");
            self.invalid(node, message, effect);
        }
        is_good.then_some(pointer)
    }

    /// Takes out what is of no use without its other half.
    fn drop_half(
        &mut self,
        pair: [(&str, Setting<'static>); 2],
        values: &mut Vec<ConfiguredValue<'d>>,
    ) {
        let [one, other] = pair;
        for ((lone, setting), (lacking, partner)) in [(one, other), (other, one)] {
            if values.iter().any(|value| value.setting == partner) {
                continue;
            }
            while let Some(index) = values.iter().position(|value| value.setting == setting) {
                let message = format!("{lone:?} is of no use without {lacking:?} beside it");
                let value = values.remove(index);
                self.invalid(value.node, message, NOT_READ);
            }
        }
    }

    fn invalid(&mut self, node: Node<'_>, message: String, effect: Effect<'_>) {
        expect::report(node, INVALID, message, effect, self.diagnostics);
    }
}
