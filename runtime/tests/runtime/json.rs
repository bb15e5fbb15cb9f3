//! JSON into types and back.

use std::collections::BTreeMap;

use oas_runtime as rt;
use rt::Json;

use crate::sample::{Counts, Pet, PetOrText, Strict, Tag, Visit};
use crate::table;

/// What a value becomes on its way through a type, or why it cannot.
fn through<T: Json>(value: rt::Value) -> String {
    match T::from_json(value) {
        Ok(read) => read.to_json().to_string(),
        Err(error) => error.to_string(),
    }
}

/// With `arbitrary-precision` all numbers keep their text, which the table without it does not say.
const THROUGH: &str = if cfg!(feature = "arbitrary-precision") {
    "json/through-exactly.txt"
} else {
    "json/through.txt"
};

#[test]
fn values_through_types() {
    table::check(THROUGH, |cells| {
        let value = serde_json::from_str(cells[1]).expect("the second cell is JSON");
        match cells[0] {
            "bool" => through::<bool>(value),
            "i8" => through::<i8>(value),
            "i32" => through::<i32>(value),
            "i64" => through::<i64>(value),
            "u8" => through::<u8>(value),
            "u64" => through::<u64>(value),
            "f32" => through::<f32>(value),
            "f64" => through::<f64>(value),
            "Number" => through::<rt::Number>(value),
            "String" => through::<String>(value),
            "Value" => through::<rt::Value>(value),
            "()" => through::<()>(value),
            "Extra" => through::<rt::Extra>(value),
            "Map" => through::<rt::Map<String, rt::Value>>(value),
            "Vec<i32>" => through::<Vec<i32>>(value),
            "Vec<Nullable<i32>>" => through::<Vec<rt::Nullable<i32>>>(value),
            "BTreeMap<i32>" => through::<BTreeMap<String, i32>>(value),
            "Box<i32>" => through::<Box<i32>>(value),
            "Nullable<String>" => through::<rt::Nullable<String>>(value),
            "UuidText" => through::<rt::UuidText>(value),
            "Pet" => through::<Pet>(value),
            "Tag" => through::<Tag>(value),
            "Visit" => through::<Visit>(value),
            "Strict" => through::<Strict>(value),
            "Counts" => through::<Counts>(value),
            "PetOrText" => through::<PetOrText>(value),
            other => panic!("{other} is not in the list of types"),
        }
    });
}

#[test]
fn numbers_compare_by_what_they_denote() {
    table::check("json/number-order.txt", |cells| {
        let number = |text: &str| rt::Number::from_json(serde_json::from_str(text).expect("JSON"));
        let (left, right) = (
            number(cells[0]).expect("number"),
            number(cells[1]).expect("number"),
        );
        assert_eq!(left == right, left.cmp(&right).is_eq());
        assert_eq!(left.cmp(&right), right.cmp(&left).reverse());
        format!("{:?}", left.cmp(&right))
    });
}

#[test]
fn a_number_keeps_its_form_and_gives_views() {
    let ten = rt::Number::from(10);
    let ten_point_zero = rt::Number::from(10.0);
    assert_eq!(
        (ten.to_string(), ten_point_zero.to_string()),
        ("10".into(), "10.0".into())
    );
    assert_eq!(
        (ten_point_zero.as_i64(), ten_point_zero.as_u64()),
        (Some(10), Some(10))
    );
    assert_eq!(rt::Number::from(-1).as_u64(), None);
    assert_eq!(rt::Number::from(u64::MAX).as_i64(), None);
    assert_eq!(rt::Number::from(0.1_f32).to_string(), "0.1");
    assert_eq!(rt::Number::from(0.5).as_i64(), None);
    assert_eq!(rt::Number::default(), rt::Number::from(0));
    let hash = |number: &rt::Number| {
        use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
        BuildHasherDefault::<DefaultHasher>::default().hash_one(number)
    };
    assert_eq!(hash(&ten), hash(&ten_point_zero));
}

#[test]
fn json_has_no_nan() {
    let nan = rt::Number::from(f64::NAN);
    assert!(!nan.is_finite() && nan.as_f64().is_nan());
    assert_eq!(nan.to_json(), rt::Value::Null);
    assert_eq!(f64::INFINITY.to_json(), rt::Value::Null);
    assert_eq!(rt::Number::from_f64(f64::NAN), None);
    assert!(nan > rt::Number::from(f64::MAX) && nan == nan.clone());
}

#[test]
fn presence_is_easy_to_build() {
    let pet = Pet {
        id: "1".into(),
        name: "Bo".into(),
        weight: rt::Number::from(4).into(),
        ..Pet::default()
    };
    assert_eq!(
        pet.to_json().to_string(),
        r#"{"id":"1","name":"Bo","weight":4}"#
    );
    assert_eq!(rt::Nullable::<i32>::from(None), rt::Nullable::Null);
    assert_eq!(
        rt::OptionalNullable::<i32>::from(None),
        rt::OptionalNullable::Absent
    );
    assert_eq!(
        rt::OptionalNullable::<i32>::from(rt::Nullable::Null),
        rt::OptionalNullable::Null
    );
    assert_eq!(rt::OptionalNullable::<i32>::from(Some(1)).value(), Some(&1));
    assert_eq!(
        rt::Nullable::<i32>::from(1)
            .map(|one| one + 1)
            .into_option(),
        Some(2)
    );
    assert!(rt::OptionalNullable::<i32>::default().is_absent());
    assert!(rt::Nullable::<i32>::default().is_null());
}

#[test]
fn a_set_value_wins_over_a_kept_null() {
    let value = serde_json::json!({"id": "1", "name": null, "tag": null, "new": 1});
    let mut pet = Pet::from_json(value).expect("a pet");
    assert_eq!(pet.tag, None);
    assert_eq!(pet.extra.len(), 2);
    pet.tag = Some(Tag::Dog);
    assert_eq!(pet.extra.insert("new", 2), Some(1.into()));
    assert_eq!(
        pet.to_json().to_string(),
        r#"{"id":"1","name":null,"tag":"dog","new":2}"#
    );
}

#[test]
fn extra_is_a_small_map() {
    assert_eq!(size_of::<rt::Extra>(), size_of::<usize>());
    let mut extra = rt::Extra::new();
    assert!(extra.is_empty() && extra.get("a").is_none());
    extra.extend([("a".to_owned(), rt::Value::from(1))]);
    assert_eq!(
        extra.iter().collect::<Vec<_>>(),
        [("a", &rt::Value::from(1))]
    );
    assert_eq!(extra.remove("a"), Some(1.into()));
    assert_eq!(
        extra,
        rt::Extra::new(),
        "emptied and never filled are equal"
    );
}

#[test]
fn serde_goes_the_same_way() {
    let text = r#"{"id":"1","name":null,"unknown":[1.0]}"#;
    let pet: Pet = serde_json::from_str(text).expect("a pet");
    assert_eq!(serde_json::to_string(&pet).expect("JSON"), text);
    let error = serde_json::from_str::<Pet>(r#"{"id":"1","name":7}"#).expect_err("a number");
    assert_eq!(
        error.to_string(),
        "at /name: expected a string, found the number 7"
    );
    let nullable: rt::Nullable<Tag> = serde_json::from_str("\"owl\"").expect("a tag");
    assert_eq!(nullable, Tag::Unknown("owl".to_owned()).into());
}

/// What a value of any type is seen as.
struct Type(rt::JsonType);

impl rt::Json for Type {
    fn read(value: rt::ValueRef<'_>) -> Result<Self, rt::JsonError> {
        Ok(Self(value.json_type()))
    }

    fn write<'t>(&'t self, out: &mut rt::Writer<'t>) {
        out.null();
    }
}

#[test]
fn variants_are_told_apart_by_looking() {
    table::check("json/json-type.txt", |cells| {
        let value = serde_json::from_str(cells[0]).expect("JSON");
        let found = Type::from_json(value).expect("any value has one");
        format!("{:?}", found.0)
    });
    let pet = serde_json::json!({"id": "1", "name": null});
    assert!(matches!(PetOrText::from_json(pet), Ok(PetOrText::Pet(_))));
    assert!(matches!(
        PetOrText::from_json("a".into()),
        Ok(PetOrText::Text(_))
    ));
    assert!(matches!(
        PetOrText::from_json(7.into()),
        Ok(PetOrText::Unknown(_))
    ));
}

#[test]
fn pointers_are_escaped() {
    let error = rt::JsonError::custom("bad")
        .at_index(3)
        .at_key("a/b~c")
        .at_key("");
    assert_eq!((error.pointer(), error.message()), ("//a~1b~0c/3", "bad"));
    assert_eq!(
        rt::JsonError::custom("bad").to_string(),
        "at the top level: bad"
    );
}
