//! Absent, null and a value are three things, to read, to build and to write.

use identity_profiles::v2024::{
    AuthoritativeSourceReference, AuthoritativeSourceReferenceType, ErrorMessage,
    ExportedObjectType, IdentityProfile, IdentityProfileExportedObject, ImportMessage,
    ImportedObjectType, LocaleOrigin, OwnerReference, OwnerReferenceType,
};
use identity_profiles::{rt, v3, v3_legacy};
use oas_runtime::{Extra, Json, Nullable, OptionalNullable};
use serde_json::{Value, json};

fn profile(description: Option<Value>) -> Value {
    let mut profile = json!({"name": "HR", "authoritativeSource": {}});
    if let Some(description) = description {
        profile["description"] = description;
    }
    profile
}

#[track_caller]
fn check_description(json: Option<Value>, expected: &OptionalNullable<String>) {
    let json = profile(json);
    let read = IdentityProfile::from_json(json.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(&read.description, expected, "{json}");
    assert_eq!(read.to_json(), json);
    let mut built = IdentityProfile::new("HR".to_owned(), AuthoritativeSourceReference::default());
    built.description = expected.clone();
    assert_eq!(built, read, "{json}");
}

#[test]
fn an_optional_nullable_property_has_three_states() {
    check_description(None, &OptionalNullable::Absent);
    check_description(Some(Value::Null), &OptionalNullable::Null);
    check_description(
        Some(json!("Employees")),
        &OptionalNullable::Value("Employees".to_owned()),
    );
    check_description(Some(json!("")), &OptionalNullable::Value(String::new()));
}

#[test]
fn a_required_nullable_property_must_be_there() {
    let null = json!({"name": null, "authoritativeSource": {}});
    let read = IdentityProfile::from_json(null.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.name, Nullable::Null);
    assert_eq!(read.to_json(), null);

    let error = IdentityProfile::from_json(json!({"authoritativeSource": {}}));
    assert_eq!(
        error.map_err(|error| error.to_string()),
        Err("at the top level: the required property `name` is missing".to_owned())
    );
}

#[test]
fn the_early_edition_requires_nothing() {
    let empty = v3_legacy::IdentityProfile::from_json(json!({}));
    assert_eq!(empty, Ok(v3_legacy::IdentityProfile::default()));
}

#[test]
fn null_for_an_optional_property_without_null_is_kept_until_a_value_is_set() {
    let json = json!({"name": "HR", "authoritativeSource": {}, "priority": null});
    let mut read =
        IdentityProfile::from_json(json.clone()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(read.priority, None);
    assert_eq!(read.to_json(), json);
    read.priority = Some(10);
    assert_eq!(read.to_json()["priority"], 10);
}

#[test]
fn null_is_a_value_where_any_json_is() {
    let read = v3::UnauthorizedResponse::from_json(json!({"error": null}));
    assert_eq!(
        read,
        Ok(v3::UnauthorizedResponse {
            error: Some(Value::Null),
            extra: Extra::new(),
        })
    );
}

#[test]
fn a_profile_built_by_hand_is_written_as_meant() {
    let mut profile = IdentityProfile::new(
        "HR".to_owned(),
        AuthoritativeSourceReference {
            type_: Some(AuthoritativeSourceReferenceType::Source),
            id: Some("2c9180835d191a86015d28455b4b232a".to_owned()),
            ..AuthoritativeSourceReference::default()
        },
    );
    profile.description = OptionalNullable::Null;
    profile.owner = OwnerReference {
        type_: Some(OwnerReferenceType::Identity),
        name: Some("William Wilson".to_owned()),
        ..OwnerReference::default()
    }
    .into();
    profile.created = Some("2026-01-31T08:00:00.123Z".into());
    profile.extra.insert("comment", "by hand");
    let object = IdentityProfileExportedObject {
        version: Some(1),
        object: Some(profile),
        ..IdentityProfileExportedObject::default()
    };
    assert_eq!(
        object.to_json(),
        json!({
            "version": 1,
            "object": {
                "name": "HR",
                "authoritativeSource": {"type": "SOURCE", "id": "2c9180835d191a86015d28455b4b232a"},
                "description": null,
                "owner": {"type": "IDENTITY", "name": "William Wilson"},
                "created": "2026-01-31T08:00:00.123Z",
                "comment": "by hand",
            },
        })
    );
}

#[test]
fn unknown_enum_values_can_be_read_and_written() {
    let object = json!({"self": {"type": "SPACESHIP"}});
    let read = IdentityProfileExportedObject::from_json(object.clone())
        .unwrap_or_else(|error| panic!("{error}"));
    let type_ = read.self_.as_ref().and_then(|self_| self_.type_.as_ref());
    assert_eq!(
        type_,
        Some(&ExportedObjectType::Unknown("SPACESHIP".to_owned()))
    );
    assert_eq!(type_.map(ExportedObjectType::as_str), Some("SPACESHIP"));
    assert_eq!(read.to_json(), object);

    assert_eq!(OwnerReferenceType::from("TEAM").as_str(), "TEAM");
    assert_eq!(
        ImportedObjectType::from("ROLE"),
        ImportedObjectType::Unknown("ROLE".to_owned())
    );
    let message = ErrorMessage::from_json(json!({"localeOrigin": "ACCOUNT", "locale": null}));
    let message = message.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        message.locale_origin.value().map(LocaleOrigin::as_str),
        Some("ACCOUNT")
    );
    assert!(message.locale.is_null());
}

#[test]
fn the_three_sets_of_dto_types_are_three_types() {
    assert_eq!(ExportedObjectType::LISTED.len(), 24);
    assert_eq!(v3_legacy::DtoType::LISTED.len(), 26);
    assert_eq!(ImportedObjectType::LISTED.len(), 7);
}

#[test]
fn editions_with_the_same_schemas_share_their_types() {
    let profile: v3::IdentityProfile =
        IdentityProfile::new(Nullable::Null, AuthoritativeSourceReference::default());
    assert_eq!(profile.name, Nullable::Null);
}

#[test]
fn ids_and_times_have_typed_views_and_keep_their_text() {
    let report = json!({
        "name": null,
        "authoritativeSource": {},
        "created": "2015-05-28T14:07:17.5Z",
        "identityExceptionReportReference": {"taskResultId": "2b838de9db9babcfe646d4f274ad4238"},
    });
    let read = IdentityProfile::from_json(report.clone()).unwrap_or_else(|error| panic!("{error}"));
    let reference = read.identity_exception_report_reference.value();
    let id = reference.and_then(|reference| reference.task_result_id.as_ref());
    let uuid = id.and_then(|id| id.as_uuid().ok()).map(|id| id.to_string());
    assert_eq!(
        uuid.as_deref(),
        Some("2b838de9-db9b-abcf-e646-d4f274ad4238")
    );
    let created: Option<rt::Timestamp> = read.created.as_ref().and_then(|t| t.to_timestamp().ok());
    assert_eq!(
        created.map(rt::Timestamp::as_millisecond),
        Some(1_432_822_037_500)
    );
    assert_eq!(read.to_json(), report);
}

#[test]
fn an_error_of_an_import_may_lack_its_key() {
    let message = ImportMessage::new(Nullable::Null, "Unable to resolve");
    assert_eq!(
        message.to_json(),
        json!({"key": null, "text": "Unable to resolve"})
    );
}
