//! What the profiles of a tenant refer to, and profiles made up from a seed.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// Something that a profile refers to.
#[derive(Clone, Debug)]
pub(crate) struct Reference {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// What an import can refer to.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) sources: Vec<Reference>,
    pub(crate) identities: Vec<Reference>,
    pub(crate) rules: Vec<Reference>,
    /// By their names, which is what references to them hold.
    pub(crate) transforms: Vec<String>,
    pub(crate) attributes: Vec<String>,
}

const SYSTEMS: [&str; 10] = [
    "Workday",
    "SuccessFactors",
    "Payroll",
    "Active Directory",
    "Contractors DB",
    "Campus",
    "LDAP",
    "Delimited file",
    "Entra ID",
    "Retail HR",
];
const PLACES: [&str; 4] = ["EMEA", "AMER", "APAC", "Zentrale Köln"];
const FIRST_NAMES: [&str; 12] = [
    "Mara",
    "William",
    "Aiko",
    "José",
    "Priya",
    "Zoë",
    "Oluwaseun",
    "Łukasz",
    "Chloé",
    "Noor",
    "Sven",
    "Ana",
];
const LAST_NAMES: [&str; 10] = [
    "Lind", "Wilson", "Tanaka", "García", "O'Neill", "Nair", "Adeyemi", "Nowak", "Müller", "Haddad",
];
const KINDS: [&str; 8] = [
    "Employees",
    "Contractors",
    "Students",
    "Service accounts",
    "Interns",
    "Vendors",
    "Alumni",
    "Board",
];
/// What a careless escape would break on its way through a filter, a URL or JSON.
const ODD_NAMES: [&str; 8] = [
    "R&D \"core\" #",
    "50% off & more",
    "back\\slash\\",
    "Größe – Ünïcodé",
    "tab\there",
    "plus + space",
    "日本語 プロファイル",
    "quote\" or name sw \"",
];
const TRANSFORMS: [&str; 16] = [
    "Lifecycle state by contract",
    "ToUpper",
    "ToLower",
    "Remove diacritics",
    "E.164 phone",
    "ISO3166 country",
    "Manager lookup",
    "Display name",
    "Email from name",
    "Start of contract",
    "End of contract",
    "Department code",
    "Cost centre",
    "Preferred name",
    "Trim",
    "First valid",
];
const ATTRIBUTES: [&str; 24] = [
    "email",
    "uid",
    "firstname",
    "lastname",
    "displayName",
    "cloudLifecycleState",
    "department",
    "costCenter",
    "country",
    "city",
    "company",
    "division",
    "employeeNumber",
    "jobTitle",
    "location",
    "manager",
    "phone",
    "startDate",
    "endDate",
    "preferredName",
    "region",
    "personalEmail",
    "workPhone",
    "identificationNumber",
];
const RULES: [&str; 3] = [
    "Username generator",
    "Cloud attribute rule",
    "Calculate manager",
];

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut named = |name: String| Reference {
            id: random.id(),
            name,
        };
        let pairs = |left: &'static [&str], right: &'static [&str]| {
            left.iter()
                .flat_map(move |left| right.iter().map(move |right| format!("{left} {right}")))
        };
        Self {
            sources: pairs(&SYSTEMS, &PLACES).map(&mut named).collect(),
            identities: pairs(&FIRST_NAMES, &LAST_NAMES).map(&mut named).collect(),
            rules: RULES.map(str::to_owned).map(&mut named).into(),
            transforms: TRANSFORMS.map(str::to_owned).into(),
            attributes: ATTRIBUTES.map(str::to_owned).into(),
        }
    }

    /// The profile with this number, from 0; the same for the same seed and number.
    pub(crate) fn profile(&self, seed: u64, number: usize) -> Value {
        let turn = u64::try_from(number).unwrap_or_default();
        let mut random = Random::new(seed ^ turn.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let source = random.of(&self.sources).cloned();
        let owner = random.of(&self.identities).cloned();
        let owner = owner.filter(|_| !random.one_in(12));
        let kind = random.of(&KINDS).copied().unwrap_or_default();
        let name = match ODD_NAMES.get(number % 40) {
            Some(odd) => format!("{odd} {number}"),
            None => format!("{kind} {number}"),
        };
        let created = time(2019 + number % 6, &mut random);
        let modified = time(2025, &mut random);
        let mappings = self.mappings(source.as_ref(), &mut random);
        let reference =
            |kind: &str, to: &Reference| json!({"type": kind, "id": to.id, "name": to.name});
        json!({
            "id": random.id(),
            "name": name,
            "created": created,
            "modified": modified,
            "description": random.one_in(8).then(|| format!("Identities of {kind}")),
            "owner": owner.as_ref().map(|owner| reference("IDENTITY", owner)),
            "priority": 10 * (number + 1),
            "authoritativeSource": source.as_ref().map(|source| reference("SOURCE", source)),
            "identityRefreshRequired": random.one_in(3),
            "identityCount": random.below(20_000),
            "identityAttributeConfig": {"enabled": true, "attributeTransforms": mappings},
            "identityExceptionReportReference": random.one_in(30).then(|| json!({
                "taskResultId": random.id(),
                "reportName": "Identity exceptions",
            })),
            "hasTimeBasedAttr": random.one_in(4),
        })
    }

    /// Mappings in the proportions of real profiles: two thirds take an account's attribute, most
    /// others refer to a transform.
    fn mappings(&self, source: Option<&Reference>, random: &mut Random) -> Vec<Value> {
        let count = 3 + random.below(9);
        let start = random.below(self.attributes.len());
        let attributes = self.attributes.iter().cycle().skip(start).take(count);
        let mut mappings = Vec::with_capacity(count);
        for attribute in attributes {
            let other = random
                .of(&self.sources)
                .filter(|_| random.clone().one_in(6));
            let definition = self.definition(attribute, other.or(source), random);
            mappings.push(json!({
                "identityAttributeName": attribute,
                "transformDefinition": definition,
            }));
        }
        if random.one_in(7) {
            // The same attribute twice, as in a seventh of real profiles.
            mappings.extend(mappings.first().cloned());
        }
        mappings
    }

    fn definition(
        &self,
        attribute: &str,
        source: Option<&Reference>,
        random: &mut Random,
    ) -> Value {
        let mut attributes = Map::new();
        attributes.insert("attributeName".to_owned(), format!("hr_{attribute}").into());
        if let Some(source) = source {
            attributes.insert("sourceId".to_owned(), source.id.as_str().into());
            attributes.insert("sourceName".to_owned(), source.name.as_str().into());
        }
        let account = json!({"type": "accountAttribute", "attributes": attributes});
        match (
            random.below(100),
            random.of(&self.transforms),
            random.of(&self.rules),
        ) {
            (65..98, Some(transform), _) => json!({
                "type": "reference",
                "attributes": {"id": transform, "input": account},
            }),
            (98.., _, Some(rule)) => json!({
                "type": "rule",
                "attributes": {"id": rule.id, "name": rule.name},
            }),
            _ => account,
        }
    }
}

/// A time of that year.
fn time(year: usize, random: &mut Random) -> String {
    format!(
        "{year}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
        1 + random.below(12),
        1 + random.below(28),
        random.below(24),
        random.below(60),
        random.below(60),
        random.below(1000),
    )
}

#[cfg(test)]
mod tests {
    use export_validator::{Edition, Validator};

    use super::*;

    #[test]
    fn what_is_made_up_is_valid_and_the_same_for_a_seed() {
        let world = World::new(3);
        let profiles: Vec<Value> = (0..200).map(|number| world.profile(3, number)).collect();
        let again = World::new(3).profile(3, 7);
        assert_eq!(profiles[7], again);
        assert_ne!(profiles[7], World::new(4).profile(4, 7));

        let objects: Vec<Value> = profiles
            .iter()
            .map(|profile| {
                let about = json!({
                    "type": "IDENTITY_PROFILE",
                    "id": profile["id"],
                    "name": profile["name"],
                });
                json!({"version": 1, "self": about, "object": profile})
            })
            .collect();
        let text = serde_json::to_vec(&objects).expect("values are JSON");
        let report = Validator::new(Edition::V2024).validate(&text);
        assert_eq!(report.summary.counts.errors, 0, "{:#?}", report.findings);
        assert!(report.summary.counts.warnings > 0);
    }
}
