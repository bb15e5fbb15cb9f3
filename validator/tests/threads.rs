//! However many threads check a file, the findings and the summary are the same.

use std::fmt::Write;

use export_validator::{Edition, Finding, Options, Summary, Validator};

/// Long enough for several blocks on each of several threads.
const LENGTH: usize = 5_000_000;

fn check(text: &str, threads: usize) -> (Vec<Finding>, Summary) {
    let mut options = Options::default();
    options.threads = threads;
    let mut findings = Vec::new();
    let summary = Validator::new(Edition::V2024)
        .check(text.as_bytes(), &options, |finding| findings.push(finding))
        .expect("a slice can be read");
    (findings, summary)
}

/// Checks that one thread and several say the same, and returns what they say.
fn check_alike(text: &str) -> (Vec<Finding>, Summary) {
    let (findings, summary) = check(text, 1);
    for threads in [2, 3, usize::MAX] {
        let (theirs, of_theirs) = check(text, threads);
        assert_eq!(of_theirs, summary, "{threads} threads");
        assert_eq!(theirs.len(), findings.len(), "{threads} threads");
        for (one, other) in findings.iter().zip(&theirs) {
            assert_eq!(one, other, "{threads} threads");
        }
    }
    (findings, summary)
}

/// An export with one element after the other until it is long enough.
fn export(separator: &str, element: impl Fn(usize) -> String) -> String {
    let mut text = String::from("[");
    let mut index = 0;
    while text.len() < LENGTH {
        if index > 0 {
            text.push_str(separator);
        }
        text.push_str(&element(index));
        index += 1;
    }
    text.push(']');
    text
}

fn profile(index: usize) -> String {
    format!(
        r#"{{"version":1,"self":{{"type":"IDENTITY_PROFILE"}},"object":{{"name":"Prófile 😀 {index}",
"authoritativeSource":{{"type":"SOURCE","id":"{index:032x}"}},"description":"{}"}}}}"#,
        "x".repeat(index % 7 * 1000)
    )
}

#[test]
fn a_valid_export_is_valid() {
    let (findings, summary) = check_alike(&export(",", profile));
    assert_eq!(findings, []);
    assert!(summary.elements > 1000 && summary.profiles == summary.elements);
    let (findings, _) = check_alike(&export("\n  ,\r\n ", profile));
    assert_eq!(findings, []);
}

#[test]
fn errors_are_found_in_the_order_of_the_file() {
    let text = export(",", |index| match index % 50 {
        7 => profile(index).replace("\"SOURCE\"", "\"SUORCE\""),
        9 => profile(index).replace("\"name\"", "\"nmae\""),
        11 => r#"{"version":1,"object":{"name":1}}"#.into(),
        12 => "null".into(),
        _ => profile(index),
    });
    let (findings, _) = check_alike(&text);
    assert!(findings.len() > 100);
    assert!(findings.is_sorted_by_key(|finding| finding.position.offset));
}

/// Where blocks may be cut looks the same inside of some items as between items.
#[test]
fn a_wrong_guess_changes_nothing() {
    let text = export(",", |index| match index % 3 {
        0 => profile(index),
        1 => {
            let mut nested = String::from(r#"{"version":1,"self":{"type":"RULE"},"object":["#);
            for number in 0..2000 {
                let _ = write!(nested, r#"{{"version":{number}}},"#);
            }
            nested + r#"{"version":0}]}"#
        }
        _ => profile(index).replace("Prófile", r#"},{\"version\""#),
    });
    let (findings, summary) = check_alike(&text);
    assert_eq!(findings, []);
    assert!(summary.others > 0);
}

#[test]
fn a_text_that_breaks_off_or_goes_on_is_reported_once() {
    let whole = export(",", profile);
    let half = whole.len() / 2;
    let half = whole.floor_char_boundary(half);
    let (before, after) = whole.split_at(half);
    for text in [
        before.to_owned(),
        format!("{before}]{after}"),
        format!("{before}\u{1}{after}"),
        format!("{}]{}", &whole[..half], &whole[half..]),
        format!("{whole}{whole}"),
        whole
            .replacen("},{", "}{", 1200)
            .replace("}{", "},{")
            .replacen(":1200\",", ":", 1),
    ] {
        check_alike(&text);
    }
    let closed = whole
        .find("},{\"version\"")
        .map(|at| at + 1)
        .unwrap_or_default();
    let early = format!("{}]{}", &whole[..closed], &whole[closed..]);
    let (findings, _) = check_alike(&early);
    assert_eq!(findings.len(), 1);
    let later = whole[half..].find("},{\"version\"").map(|at| at + half + 1);
    let later = later.unwrap_or_default();
    let (findings, summary) = check_alike(&format!("{}]{}", &whole[..later], &whole[later..]));
    assert_eq!(findings.len(), 1, "{:?}", findings.first());
    assert!(summary.elements > 100);
}

#[test]
fn lines_and_envelopes_are_cut_too() {
    let inner = export(",", profile);
    check_alike(&format!(
        r#"{{"version":1,"objects":{inner},"options":{{}}}}"#
    ));
    let lines = inner[1..inner.len() - 1]
        .replace('\n', " ")
        .replace("},{\"version\"", "}\n{\"version\"");
    let (findings, summary) = check_alike(&lines);
    assert_eq!(findings, []);
    assert!(summary.elements > 1000);
}

/// A profile of more than a megabyte, whose middle mapping is given.
fn long_profile(index: usize, middle: &str) -> String {
    let mapping = |attribute: usize| {
        format!(
            r#"{{"identityAttributeName":"a{attribute}","transformDefinition":{{"type":"static","attributes":{{"value":"é"}}}}}}"#
        )
    };
    let mut mappings: Vec<String> = (0..14_000).map(mapping).collect();
    middle.clone_into(&mut mappings[7_000]);
    let config = format!(
        r#""identityAttributeConfig":{{"attributeTransforms":[{}]}}}}"#,
        mappings.join(",\n")
    );
    let profile = profile(index);
    let rest = profile.strip_suffix("}}").expect("an object");
    format!("{rest},{config}}}")
}

#[test]
fn long_profiles_are_checked_among_others_as_alone() {
    const WRONG: &str = r#"{"identityAttributeName":null,"transformDefinition":{"type":"static","attributes":{"value":1}}}"#;
    const BROKEN: &str = r#"{"identityAttributeName" "x"}"#;
    let at = "/object/identityAttributeConfig/attributeTransforms/7000/identityAttributeName";
    for middle in [WRONG, BROKEN] {
        let long = long_profile(1, middle);
        let (alone, _) = check_alike(&long);
        let pointers: Vec<_> = alone
            .iter()
            .map(|finding| finding.pointer.as_str())
            .collect();
        assert_eq!(pointers, [at]);
        let wrong = profile(2).replace(r#""name":"#, r#""name":1,"nam":"#);
        let text = format!("[{},\n{long},\n{wrong}]", profile(0));
        let (among, summary) = check_alike(&text);
        assert_eq!(summary.elements, 3);
        let first = among.first().expect("a finding");
        assert_eq!(first.pointer.as_str(), format!("/1{at}"));
        assert_eq!(first.element, Some(1));
        let offset =
            text.find(middle).expect("the mapping") - long.find(middle).expect("the mapping");
        assert_eq!(first.position.offset, alone[0].position.offset + offset);
        assert_eq!(first.message, alone[0].message);
        let others = among.get(1..).unwrap_or_default();
        assert!(!others.is_empty());
        assert!(
            others.iter().all(|finding| finding.element == Some(2)),
            "{others:#?}"
        );
    }
}

#[test]
fn what_stands_beside_a_long_object_is_not_passed_over() {
    let text = format!(
        r#"{{"version":1,"object":{{"x":"{}"}},"objects":[{}]}}"#,
        "y".repeat(300_000),
        profile(0)
    );
    let (findings, _) = check_alike(&text);
    let pointers: Vec<_> = findings
        .iter()
        .map(|finding| finding.pointer.as_str())
        .collect();
    assert!(pointers.contains(&"/objects"), "{pointers:?}");
    let long = long_profile(0, "{}").replace('\n', " ");
    let lines = format!("\n\n{long}\n{}\n", profile(1).replace('\n', " "));
    assert_eq!(check_alike(&lines).1.elements, 2);
    let documents = format!("{long}\n{}\n", profile(1));
    let (findings, summary) = check_alike(&documents);
    assert_eq!(summary.elements, 1);
    assert_eq!(
        findings.last().map(|finding| finding.code.as_str()),
        Some("json/trailing-text")
    );
}
