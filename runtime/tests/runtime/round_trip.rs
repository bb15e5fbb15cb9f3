//! Nothing is lost on the way into a type and back.

use oas_runtime as rt;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use rt::Json;

use crate::sample::{Pet, PetOrText};

fn value() -> impl Strategy<Value = rt::Value> {
    let leaf = prop_oneof![
        Just(rt::Value::Null),
        any::<bool>().prop_map(rt::Value::from),
        any::<i64>().prop_map(rt::Value::from),
        any::<u64>().prop_map(rt::Value::from),
        any::<f64>().prop_map(rt::Value::from),
        ".{0,8}".prop_map(rt::Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(rt::Value::from),
            btree_map("[a-z/~]{0,3}", inner, 0..4)
                .prop_map(|members| rt::Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A value that is a pet, with any of its members there, null or absent, and some unknown ones.
fn pet() -> impl Strategy<Value = rt::Value> {
    let known = (
        ".{0,5}",
        proptest::option::of(".{0,5}"),
        prop_oneof![
            Just(None),
            Just(Some(rt::Value::Null)),
            ".{0,4}".prop_map(|t| Some(t.into()))
        ],
        prop_oneof![
            Just(None),
            Just(Some(rt::Value::Null)),
            any::<i64>().prop_map(|n| Some(n.into())),
            (-1e9..1e9).prop_map(|n: f64| Some(n.into())),
        ],
        proptest::option::of(value()),
    );
    let one = (known, btree_map("x[a-z]{0,3}", value(), 0..3)).prop_map(|(known, unknown)| {
        let (id, name, tag, weight, anything) = known;
        let mut members: rt::Map<String, rt::Value> = unknown.into_iter().collect();
        members.insert("id".into(), id.into());
        members.insert("name".into(), name.into());
        members.extend(tag.map(|tag| ("tag".into(), tag)));
        members.extend(weight.map(|weight| ("weight".into(), weight)));
        members.extend(anything.map(|anything| ("anything".into(), anything)));
        rt::Value::Object(members)
    });
    vec(one, 1..4).prop_map(|mut friends| {
        let mut pet = friends.remove(0);
        pet["friends"] = rt::Value::Array(friends);
        pet
    })
}

proptest! {
    #[test]
    fn a_value_survives_its_type(value in pet()) {
        let pet = Pet::from_json(value.clone()).expect("the strategy makes pets");
        prop_assert_eq!(pet.to_json(), value.clone());
        prop_assert_eq!(Pet::from_json(pet.to_json()).expect("it was one before"), pet);
        let union = PetOrText::from_json(value.clone()).expect("a pet is a variant");
        prop_assert_eq!(union.to_json(), value);
        let text = serde_json::to_string(&union).expect("JSON");
        prop_assert_eq!(&text, &union.to_json().to_string(), "one text, whichever way");
        prop_assert_eq!(serde_json::from_str::<PetOrText>(&text).expect("it was one"), union);
    }

    #[test]
    fn any_value_is_read_or_refused(value in value()) {
        if let Ok(pet) = Pet::from_json(value.clone()) {
            prop_assert_eq!(pet.to_json(), value.clone());
        }
        prop_assert_eq!(rt::Value::from_json(value.clone()).expect("any value").to_json(), value);
    }

    #[test]
    fn numbers_keep_their_form_and_have_one_order(left in number(), right in number()) {
        let [a, b] = [&left, &right].map(|n| rt::Number::from_json(n.clone()).expect("a number"));
        prop_assert_eq!(a.to_json(), left);
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&b), a.as_f64().total_cmp(&b.as_f64()), "f64 holds both exactly");
    }

    #[test]
    fn floats_survive(wide in any::<f64>(), narrow in any::<f32>()) {
        if wide.is_finite() {
            prop_assert_eq!(f64::from_json(wide.to_json()).expect("a float").to_bits(), wide.to_bits());
        }
        if narrow.is_finite() {
            let back = f32::from_json(narrow.to_json()).expect("a float");
            prop_assert_eq!(back.to_bits(), narrow.to_bits());
        }
    }
}

/// Numbers that a 64-bit float holds exactly, in integer and float form, and no zero, which has two
/// floats.
fn number() -> impl Strategy<Value = rt::Value> {
    prop_oneof![
        (1..1_i64 << 53).prop_map(rt::Value::from),
        (-(1_i64 << 53)..0).prop_map(rt::Value::from),
        (-64..64_i32).prop_map(|n| rt::Value::from(f64::from(n) / 4.0 + 0.125)),
        prop_oneof![1e18..1e300, -1e300..-1e18].prop_map(rt::Value::from),
    ]
}
