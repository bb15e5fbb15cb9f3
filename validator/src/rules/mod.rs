//! What no schema says: what an import makes of a file.
//!
//! Each rule is a file, in the folder of its group; the comment that it begins with is its page, which
//! `--explain` prints. [`Rules::check`] looks at one element at a time, by its tape: nothing is built
//! and nothing is kept unless there is something to report. What only several elements tell is
//! gathered as [`Facts`], which [`FileRules`] takes in the order of the file.

mod documented;
mod facts;
mod file;
mod fingerprint;
mod ids;
mod import;
mod path;
mod places;
mod seen;
mod sources;
mod transform;

use serde_json::Value;
use source_text::JsonPointer;

use self::{
    documented::{Documented, PlaceId},
    facts::{Gathering, Holder, Of},
    import::{
        duplicate_attribute, incomplete_mapping, missing_object, not_an_export, not_importable,
        self_mismatch, signed_object, unknown_field,
    },
};
use crate::{
    Code, Policy, ProfileName,
    classify::{self, Kind},
    dto_types::DtoTypes,
    finding::{At, Grade, Identity, Problem},
    json::{
        names,
        tape::{self, Node},
    },
    limit::Limited,
};

pub(crate) use self::{
    facts::Facts,
    file::{FileProblem, FileRules, Waiting},
    places::Places,
};

/// The rules for the elements of an export.
#[derive(Debug)]
pub(crate) struct Rules {
    exported_object: Documented,
    /// The same for objects of other types, of which any property may be.
    other_object: Documented,
    profile: Documented,
    /// Where the mappings of an exported profile stand in what is documented.
    mapping: Option<PlaceId>,
    dto_types: DtoTypes,
}

/// The keys that lead from an exported object to the mappings of a profile.
pub(crate) const MAPPINGS: [&str; 3] = ["object", "identityAttributeConfig", "attributeTransforms"];

/// Words of the rules' own that their messages put into quotes.
pub(crate) fn words() -> impl Iterator<Item = &'static str> {
    transform::words().chain(["self", "object", "attributes"])
}

/// Which of the rules that cost time even where there is nothing to report are on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looking {
    for_unknown_fields: bool,
    for_read_only: bool,
    /// How many problems of each code are kept of an element; all are counted.
    limit: usize,
}

impl Looking {
    /// Looks for what has a severity.
    pub(crate) fn by(policy: &Policy, limit: usize) -> Self {
        let is_on = |code| policy.severity(code).is_some();
        Self {
            for_unknown_fields: is_on(Code::UnknownField),
            for_read_only: is_on(Code::ReadOnlyProperty),
            limit,
        }
    }
}

/// An element of an export.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t> {
    pub(crate) root: Node<'t>,
    pub(crate) kind: Kind,
    /// Its number in its run of elements.
    pub(crate) index: usize,
    /// It is valid and all its properties are documented, or those of a signature.
    pub(crate) is_plain: bool,
}

impl Element<'_> {
    /// How it names its profile, if it is one and does.
    pub(crate) fn profile(&self) -> Option<ProfileName> {
        (self.kind != Kind::OtherObject)
            .then(|| classify::name_of(self.root))
            .flatten()
    }
}

/// Problems that were found in an element, and where.
pub(crate) struct Found<'t> {
    problems: Limited<(Node<'t>, Problem)>,
}

impl<'t> Found<'t> {
    /// Nothing yet; of each code at most `limit` problems are kept, and all are counted.
    fn new(limit: usize) -> Self {
        Self {
            problems: Limited::new(limit),
        }
    }

    /// Adds a problem with a value, which is made only if it is kept.
    ///
    /// It is as bad as its grade says: that of its code, unless it is milder than others of that.
    fn value(&mut self, value: Node<'t>, grade: impl Into<Grade>, make: impl FnOnce() -> Problem) {
        let grade = grade.into();
        self.problems.push(grade, || {
            let problem = make().at(At::Span(value.head()));
            let Grade { severity, .. } = grade;
            (
                value,
                Problem {
                    severity,
                    ..problem
                },
            )
        });
    }

    /// Adds a problem with the key of a property, which is made only if it is kept.
    fn key(&mut self, property: Node<'t>, code: Code, make: impl FnOnce() -> Problem) {
        let span = || property.key_span().unwrap_or_else(|| property.head());
        self.problems
            .push(code, || (property, make().at(At::Span(span()))));
    }
}

impl Rules {
    /// The rules for what these JSON Schemas describe, those of an edition and of its successor.
    pub(crate) fn new(exported_object: &[&Value], profile: &[&Value], dto_types: DtoTypes) -> Self {
        let exported_object = Documented::of(exported_object);
        Self {
            other_object: exported_object.clone().with_free("object"),
            mapping: exported_object.items_at(&MAPPINGS),
            exported_object,
            profile: Documented::of(profile),
            dto_types,
        }
    }

    /// Whether a type of exported objects is one of any edition.
    pub(crate) fn knows(&self, dto_type: &str) -> bool {
        self.dto_types.knows(dto_type)
    }

    /// Checks one element.
    ///
    /// The pointers of problems are from the element's root; their spans, and those of the facts, are
    /// as the tape has them.
    pub(crate) fn check(
        &self,
        element: Element<'_>,
        looking: Looking,
        facts: &mut Facts,
    ) -> Limited<Problem> {
        let Element {
            root,
            kind,
            is_plain,
            ..
        } = element;
        let mut found = Found::new(looking.limit);
        let mut gathering = Gathering::new(facts, element);
        match kind {
            Kind::NoExport => not_an_export::check(root, &mut found),
            Kind::BareProfile => {
                not_importable::check_bare_profile(root, &mut found);
                check_profile(root, None, &mut gathering, &mut found);
            }
            Kind::ExportedProfile | Kind::MislabelledProfile | Kind::OtherObject => {
                self.check_exported(root, kind, &mut gathering, &mut found);
            }
        }
        let is_looked_through = !is_plain || looking.for_read_only;
        if let Some((documented, place)) = self.documented(kind).filter(|_| is_looked_through) {
            unknown_field::check(root, documented, place, looking, &mut found);
        }
        gathering.finish();
        found.give_out(root, &JsonPointer::root())
    }

    /// Takes in the source of a profile's identities, which its mappings are compared with.
    pub(crate) fn source(exported_object: Node<'_>, facts: &mut Facts) {
        let object = exported_object.get(names::OBJECT);
        let source = object.and_then(|object| object.get(names::AUTHORITATIVE_SOURCE));
        let source = Properties::of(source);
        let element = Element {
            root: exported_object,
            kind: Kind::ExportedProfile,
            index: 0,
            is_plain: false,
        };
        if let (Some(id), Some(name)) = (source.id, source.name) {
            Gathering::new(facts, element).source(id, name);
        }
    }

    /// Checks a mapping of an exported profile that is too long to be looked at whole.
    ///
    /// The pointers of problems are from the mapping; what they are known by is as in the profile.
    pub(crate) fn check_mapping(
        &self,
        mapping: Element<'_>,
        looking: Looking,
        facts: &mut Facts,
    ) -> Limited<Problem> {
        let Element { root, is_plain, .. } = mapping;
        let mut found = Found::new(looking.limit);
        let mut gathering = Gathering::new(facts, mapping);
        if root.is_object()
            && let Some(name) = check_mapping(root, &mut gathering, &mut found)
        {
            gathering.key(Of::IdentityAttribute, name, Holder::Element);
        }
        let is_looked_through = !is_plain || looking.for_read_only;
        if let Some(place) = self.mapping.filter(|_| is_looked_through) {
            unknown_field::check(root, &self.exported_object, place, looking, &mut found);
        }
        gathering.finish();
        found.give_out(root, &trail_of_mapping(&path::name_of(root)))
    }

    /// What is documented of an element.
    fn documented(&self, kind: Kind) -> Option<(&Documented, PlaceId)> {
        match kind {
            Kind::NoExport => None,
            Kind::BareProfile => Some((&self.profile, Documented::ROOT)),
            Kind::OtherObject => Some((&self.other_object, Documented::ROOT)),
            Kind::ExportedProfile | Kind::MislabelledProfile => {
                Some((&self.exported_object, Documented::ROOT))
            }
        }
    }

    fn check_exported<'t>(
        &self,
        root: Node<'t>,
        kind: Kind,
        facts: &mut Gathering<'_, 't>,
        found: &mut Found<'t>,
    ) {
        let (mut about, mut object) = (None, None);
        for member in root.children() {
            match member.name() {
                names::SELF => about = Some(member),
                names::OBJECT => object = Some(member),
                names::JWS_SIGNATURE => signed_object::check(member, found),
                _ => {}
            }
        }
        let about = Properties::of(about);
        match kind {
            Kind::OtherObject => {
                if let Some(dto_type) = about.kind {
                    not_importable::check_type(dto_type, &self.dto_types, found);
                    if let Some(object) = object.filter(|_| dto_type.is_text("TRANSFORM")) {
                        check_transform(object, about, facts, found);
                    }
                }
            }
            _ => {
                if let Some(dto_type) = about.kind.filter(|_| kind == Kind::MislabelledProfile) {
                    self_mismatch::check_type(dto_type, found);
                }
                match object {
                    Some(object) => check_profile(object, Some(about), facts, found),
                    None if root.is_object() => missing_object::check(root, found),
                    None => {}
                }
            }
        }
    }
}

impl<'t> Found<'t> {
    /// The problems in the order of the text, with their pointers; `trail` leads to the root.
    fn give_out(self, root: Node<'t>, trail: &JsonPointer) -> Limited<Problem> {
        self.problems.map(|mut found| {
            if found.is_empty() {
                return Vec::new();
            }
            found.sort_by_key(|(node, _)| node.span().start);
            let nodes: Vec<Node<'t>> = found.iter().map(|(node, _)| *node).collect();
            let pointers = path::pointers_of(root, &nodes);
            found
                .into_iter()
                .zip(pointers)
                .map(|((_, problem), (pointer, below))| Problem {
                    pointer,
                    identity: Identity::Trail(trail.join(&below)),
                    ..problem
                })
                .collect()
        })
    }
}

/// What an object is called.
#[derive(Clone, Copy, Default)]
struct Properties<'t> {
    kind: Option<Node<'t>>,
    id: Option<Node<'t>>,
    name: Option<Node<'t>>,
}

impl<'t> Properties<'t> {
    fn of(object: Option<Node<'t>>) -> Self {
        let mut properties = Self::default();
        for member in object
            .into_iter()
            .filter(Node::is_object)
            .flat_map(|object| object.children())
        {
            match member.name() {
                names::TYPE => properties.kind = Some(member),
                names::ID => properties.id = Some(member),
                names::NAME => properties.name = Some(member),
                _ => {}
            }
        }
        properties
    }
}

/// Checks an identity profile; `about` is what `self` says of it.
fn check_profile<'t>(
    profile: Node<'t>,
    about: Option<Properties<'t>>,
    facts: &mut Gathering<'_, 't>,
    found: &mut Found<'t>,
) {
    if !profile.is_object() {
        return;
    }
    let holder = match about {
        Some(_) => Holder::Object,
        None => Holder::Element,
    };
    let about = about.unwrap_or_default();
    let (mut id, mut name) = (None, None);
    for member in profile.children() {
        match member.name() {
            names::ID => id = Some(member),
            names::NAME => name = Some(member),
            names::PRIORITY => {
                facts.key(Of::Priority, member, holder);
            }
            names::AUTHORITATIVE_SOURCE => {
                let source = Properties::of(Some(member));
                if let (Some(id), Some(name)) = (source.id, source.name) {
                    facts.source(id, name);
                }
            }
            names::IDENTITY_ATTRIBUTE_CONFIG => check_mappings(member, facts, found),
            _ => {}
        }
    }
    self_mismatch::check_text("id", about.id, id, found);
    self_mismatch::check_text("name", about.name, name, found);
    for (of, of_object, of_self) in [(Of::Id, id, about.id), (Of::Name, name, about.name)] {
        let values = [(of_object, holder), (of_self, Holder::About)];
        for (value, holder) in values {
            if value.is_some_and(|value| facts.key(of, value, holder)) {
                break;
            }
        }
    }
}

/// Checks the mappings of identity attributes.
fn check_mappings<'t>(config: Node<'t>, facts: &mut Gathering<'_, 't>, found: &mut Found<'t>) {
    let Some(mappings) = config.get(names::ATTRIBUTE_TRANSFORMS) else {
        return;
    };
    if mappings.kind() != tape::Kind::Array {
        return;
    }
    let mut filter = duplicate_attribute::Filter::new();
    for mapping in mappings.children().filter(Node::is_object) {
        if let Some(name) = check_mapping(mapping, facts, found) {
            filter.add(name);
        }
    }
    if filter.is_suspect() {
        duplicate_attribute::check(mappings, found);
    }
}

/// Checks a mapping of an identity attribute; returns the attribute's name, if it has one.
fn check_mapping<'t>(
    mapping: Node<'t>,
    facts: &mut Gathering<'_, 't>,
    found: &mut Found<'t>,
) -> Option<Node<'t>> {
    let (mut name, mut has_definition) = (None, false);
    for member in mapping.children() {
        match member.name() {
            names::IDENTITY_ATTRIBUTE_NAME => name = Some(member),
            names::TRANSFORM_DEFINITION => {
                has_definition = true;
                transform::check(member, transform::Place::Definition, facts, found);
            }
            _ => {}
        }
    }
    if name.is_none() || !has_definition {
        incomplete_mapping::report(mapping, name.is_some(), has_definition, found);
    }
    name
}

/// The way from an exported object to the mapping of an identity attribute, by its name.
fn trail_of_mapping(attribute: &str) -> JsonPointer {
    let mut trail = JsonPointer::root();
    for key in MAPPINGS {
        trail.push(key);
    }
    trail.child(attribute)
}

/// Checks a transform that the file carries, and remembers its name.
fn check_transform<'t>(
    object: Node<'t>,
    about: Properties<'t>,
    facts: &mut Gathering<'_, 't>,
    found: &mut Found<'t>,
) {
    if let Some(name) = object.get(names::NAME).or(about.name) {
        facts.transform(name, object.get(names::ID).or(about.id));
    }
    transform::check(object, transform::Place::Exported, facts, found);
}

impl Problem {
    /// A problem of a rule, which is given its place when it is added to what was found.
    fn of(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, JsonPointer::root(), message)
    }
}
