//! Mappings of identity attributes, with the transforms that they are made of.

use serde_json::{Value, json};

use super::random::Random;

/// A source that accounts come from.
pub(super) struct Source {
    pub(super) id: String,
    pub(super) name: String,
}

/// Identity attributes, each with the account attribute that it usually comes from.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("adminGroup", "AdminGroup"),
    ("badgeNumber", "Badge_ID"),
    ("building", "Building"),
    ("businessTitle", "businessTitle"),
    ("businessUnit", "Business Unit"),
    ("city", "l"),
    ("cloudLifecycleState", "EmploymentStatus"),
    ("company", "Company"),
    ("companyCode", "COMPANY_CODE"),
    ("contractEndDate", "Contract End Date"),
    ("costCenter", "CostCenterCode"),
    ("costCenterName", "CostCenterDescription"),
    ("country", "co"),
    ("countryCode", "ISO Country"),
    ("department", "departmentNumber"),
    ("departmentName", "Department"),
    ("displayName", "preferredName"),
    ("division", "Division"),
    ("email", "WorkEmail"),
    ("employeeNumber", "FILENUMBER"),
    ("employeeType", "Worker_Type"),
    ("endDate", "TerminationDate"),
    ("firstname", "givenName"),
    ("fte", "FTE"),
    ("fullTime", "Full/Part time"),
    ("function", "JobFunction"),
    ("grade", "GRADE"),
    ("hireDate", "Original Hire Date"),
    ("identificationNumber", "Personnel Number"),
    ("initials", "initials"),
    ("jobCode", "JOB_CODE"),
    ("jobFamily", "jobFamily"),
    ("language", "preferredLanguage"),
    ("lastname", "sn"),
    ("leaveStatus", "On Leave"),
    ("legalEntity", "LegalEntity"),
    ("legalName", "Legal Full Name"),
    ("location", "physicalDeliveryOfficeName"),
    ("locationCode", "LOC_CD"),
    ("managerDn", "manager"),
    ("middleName", "middleName"),
    ("mobilePhone", "mobile"),
    ("organization", "o"),
    ("personalEmail", "HomeEmail"),
    ("phone", "telephoneNumber"),
    ("postalCode", "postalCode"),
    ("region", "Region"),
    ("startDate", "Start Date"),
    ("state", "st"),
    ("street", "streetAddress"),
    ("supervisorId", "SupervisorID"),
    ("timeZone", "tz"),
    ("uid", "sAMAccountName"),
    ("workerId", "WORKER_ID"),
    ("workPhone", "Work Phone"),
];

/// Names of transforms that a tenant has of its own.
const REFERENCES: &[&str] = &[
    "Calculate Lifecycle State",
    "Convert Date to ISO8601",
    "Country Code Lookup",
    "Département – nom complet",
    "E.164 Phone",
    "Email_or_Placeholder",
    "First Name Trimmed",
    "Manager Correlation Key",
    "Normalise Größe",
    "Remove Diacritical Marks",
    "ToUpperCase",
    "Username Generator v2",
];

/// So many mappings, each of another identity attribute, in the order of their names.
pub(super) fn mappings(
    random: &mut Random,
    count: usize,
    authority: &Source,
    others: &[Source],
) -> Vec<Value> {
    let mut attributes = ATTRIBUTES.to_vec();
    random.shuffle(&mut attributes);
    attributes.truncate(count);
    attributes.sort_unstable();
    let mapping = |(name, account): (&str, &str)| {
        let is_other = !others.is_empty() && random.percent(15);
        let source = if is_other {
            random.pick(others)
        } else {
            authority
        };
        json!({
            "identityAttributeName": name,
            "transformDefinition": definition(random, account, source),
        })
    };
    attributes.into_iter().map(mapping).collect()
}

/// A transform, of the types that profiles have as often as they have them.
fn definition(random: &mut Random, attribute: &str, source: &Source) -> Value {
    match random.below(1000) {
        0..650 => account_attribute(attribute, source),
        650..988 => reference(random, attribute, source),
        988..991 => json!({
            "attributes": {"name": "Cloud Generate Unique Name"},
            "type": "rule",
        }),
        991..994 => json!({
            "attributes": {"value": "#if($type == \"Contractor\")\n  external\n#else\n  internal\n#end"},
            "type": "static",
        }),
        994..996 => json!({
            "attributes": {
                "ignoreErrors": true,
                "values": [
                    account_attribute(attribute, source),
                    reference(random, attribute, source),
                    {"attributes": {"value": "none"}, "type": "static"},
                ],
            },
            "type": "firstValid",
        }),
        996..998 => json!({
            "attributes": {
                "expression": "$status eq Active",
                "negativeCondition": "inactive",
                "positiveCondition": "active",
                "status": account_attribute(attribute, source),
            },
            "type": "conditional",
        }),
        998 => json!({
            "attributes": {
                "input": account_attribute(attribute, source),
                "regex": "[^\\p{L}0-9\\s]+",
                "replacement": "",
            },
            "type": "replace",
        }),
        _ => json!({
            "attributes": {
                "values": [
                    account_attribute(attribute, source),
                    ", ",
                    {
                        "attributes": {"input": account_attribute("c", source)},
                        "type": "upper",
                    },
                ],
            },
            "type": "concat",
        }),
    }
}

fn account_attribute(attribute: &str, source: &Source) -> Value {
    json!({
        "attributes": {
            "attributeName": attribute,
            "sourceId": source.id,
            "sourceName": source.name,
        },
        "type": "accountAttribute",
    })
}

fn reference(random: &mut Random, attribute: &str, source: &Source) -> Value {
    let id = random.pick(REFERENCES);
    let attributes = match random.below(100) {
        0..8 => json!({"id": id}),
        8..20 => json!({
            "id": id,
            "input": {
                "attributes": {
                    "id": random.pick(REFERENCES),
                    "input": account_attribute(attribute, source),
                },
                "type": "reference",
            },
        }),
        _ => json!({"id": id, "input": account_attribute(attribute, source)}),
    };
    json!({"attributes": attributes, "type": "reference"})
}
