//! Wire texts and their typed views.

use oas_runtime as rt;

use crate::table;

#[test]
fn typed_views() {
    fn show<T: std::fmt::Display>(text: &str, view: Result<T, rt::FormatError>) -> String {
        match view {
            Ok(view) => view.to_string(),
            Err(error) => {
                assert_eq!(error.text(), text);
                let message = error.to_string();
                message.split(": ").next().unwrap_or_default().to_owned()
            }
        }
    }
    table::check("wire.txt", |cells| match cells[0] {
        "uuid" => show(cells[1], rt::UuidText::from(cells[1]).as_uuid()),
        "date-time" => show(cells[1], rt::DateTimeText::from(cells[1]).to_timestamp()),
        "date" => show(cells[1], rt::DateText::from(cells[1]).to_date()),
        "byte" => {
            let bytes = rt::Base64::from(cells[1]).decode();
            show(
                cells[1],
                bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
            )
        }
        other => panic!("{other} is no format"),
    });
}

#[test]
fn typed_values_become_wire_text() {
    let uuid = rt::UuidText::from("2C9180835D191A86015D28455B4A2329")
        .as_uuid()
        .expect("a UUID");
    assert_eq!(
        rt::UuidText::from(uuid),
        "2c918083-5d19-1a86-015d-28455b4a2329"
    );
    let time: rt::Timestamp = "2020-01-01T00:00:00+01:00".parse().expect("a time");
    assert_eq!(rt::DateTimeText::from(time), "2019-12-31T23:00:00Z");
    let date: rt::Date = "2020-02-29".parse().expect("a date");
    assert_eq!(rt::DateText::from(date), "2020-02-29");
    assert_eq!(rt::Base64::encode([0xFF, 0xFE]), "//4=");
}

#[test]
fn text_is_kept_whatever_it_is() {
    let text = rt::DateTimeText::from(" yesterday ");
    assert_eq!(
        (text.as_str(), text.to_string().as_str()),
        (" yesterday ", " yesterday ")
    );
    assert_eq!(String::from(text), " yesterday ");
    assert_ne!(
        rt::UuidText::from("2c9180835d191a86015d28455b4a2329"),
        rt::UuidText::from("2C9180835D191A86015D28455B4A2329"),
        "equal means equal text"
    );
}
