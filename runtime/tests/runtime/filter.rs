//! Filters and sorters: read, written, evaluated.

use oas_runtime as rt;
use proptest::prelude::*;
use rt::filter::{Comparison, Expression, FilterError, Literal, Operator, Sorters};

use crate::sample::{Client, POST};
use crate::server::Server;
use crate::table;

fn shown(result: Result<String, FilterError>) -> String {
    result.unwrap_or_else(|error| format!("{}: {error}", error.offset()))
}

fn filter(text: &str) -> Expression {
    text.parse()
        .unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

#[test]
fn filters_are_printed_with_the_fewest_parentheses() {
    let print = |cells: &[&str]| shown(Expression::parse(cells[0]).map(|e| e.to_string()));
    table::check("filter/printed.txt", print);
    table::check("filter/errors.txt", print);
}

#[test]
fn filters_are_evaluated() {
    table::check("filter/matches.txt", |cells| {
        let value = serde_json::from_str(cells[1]).expect("the second cell is JSON");
        filter(cells[0]).matches(&value).to_string()
    });
}

#[test]
fn sorters_are_read_and_compare() {
    let print = |sorters: Sorters| match sorters.to_string() {
        text if text.is_empty() => "(none)".to_owned(),
        text => text,
    };
    table::check("filter/sorters.txt", |cells| {
        shown(Sorters::parse(cells[0]).map(print))
    });
    table::check("filter/sorted.txt", |cells| {
        let sorters: Sorters = cells[0].parse().expect("the first cell is sorters");
        let mut items: Vec<rt::Value> =
            serde_json::from_str(cells[1]).expect("the second cell is a JSON array");
        items.sort_by(|one, other| sorters.compare(one, other));
        rt::Value::from(items).to_string()
    });
}

#[test]
fn values_of_programs_become_literals() {
    table::check("filter/literals.txt", |cells| {
        let (kind, text) = cells[0].split_once(' ').expect("kind, value");
        let literal = match kind {
            "text" => Literal::from(text),
            "integer" => Literal::from(text.parse::<i64>().expect("an integer")),
            "float" => Literal::from(text.parse::<f64>().expect("a float")),
            "boolean" => Literal::from(text == "true"),
            "time" => Literal::from(text.parse::<rt::Timestamp>().expect("a time")),
            "date-time" => Literal::from(rt::DateTimeText::from(text)),
            "date" => Literal::from(text.parse::<rt::Date>().expect("a date")),
            "uuid" => Literal::from(rt::UuidText::from(text)),
            other => panic!("{other} is no kind"),
        };
        literal.to_string()
    });
}

#[test]
fn comparisons_are_checked() {
    let none = || Vec::<&str>::new();
    let new = |field: &'static str, operator, values: Vec<&str>| {
        Comparison::new(field, operator, values)
            .map_or_else(|error| error.to_string(), |made| made.to_string())
    };
    assert_eq!(new("a", Operator::Eq, vec!["x"]), "a eq \"x\"");
    assert_eq!(new("a", Operator::Pr, none()), "pr a");
    assert_eq!(
        new("a", Operator::Eq, vec!["x", "y"]),
        "`eq` takes one value, and there are 2"
    );
    assert_eq!(
        new("a", Operator::IsNull, vec!["x"]),
        "`isnull` takes no value, and there are 1"
    );
    assert_eq!(
        new("a or b", Operator::Pr, none()),
        "\"a or b\" is no field of a filter; a field is a word of letters, digits and `_.-:$@/`"
    );
}

#[test]
fn comparisons_are_found_from_left_to_right() {
    let expression = filter("a eq 1 or not (pr b and c isnull) or d in (1)");
    let fields: Vec<&str> = expression
        .comparisons()
        .iter()
        .map(|comparison| comparison.field())
        .collect();
    assert_eq!(fields, ["a", "b", "c", "d"]);
}

#[test]
fn deep_nesting_is_refused() {
    for (open, close) in [("(", ")"), ("not ", ""), ("not (", ")")] {
        let nested = |depth: usize| {
            let (open, close) = (open.repeat(depth), close.repeat(depth));
            Expression::parse(&format!("{open}a isnull{close}"))
        };
        assert!(nested(Expression::MAX_DEPTH / 2).is_ok());
        let error = nested(1_000_000).expect_err("it is too deep");
        assert_eq!(error.expected(), "a filter that is nested less deeply");
    }
}

/// A server gets the filter as it is printed, whatever is in its strings.
#[tokio::test]
async fn filters_survive_the_url() {
    let server = Server::start([]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .build()
        .expect("a good URL");
    for text in [
        "a\"b",
        "a\\b",
        "#1",
        "100%25",
        "a&b=c",
        "a+b c",
        "ä日🚀",
        "\r\n\u{0}",
        "'",
    ] {
        let comparison = Comparison::new("name", Operator::Eq, [text]).expect("it is right");
        let filter = Expression::from(comparison).to_string();
        let mut request = client.inner.request(&POST);
        request.query("filters", &filter, rt::Style::Form { explode: true });
        request.send_raw().await.expect("the server answers");
        let sent = server.last();
        let query = sent.split([' ', '?']).nth(2).expect("there is a query");
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
        assert_eq!(pairs, [("filters".into(), filter.as_str().into())]);
        assert!(Expression::parse(&pairs[0].1).is_ok());
    }
}

fn literals() -> impl Strategy<Value = Literal> {
    prop_oneof![
        ".{0,12}".prop_map(Literal::from),
        "[\"\\\\'()#%&,a ]{0,8}".prop_map(Literal::from),
        any::<i64>().prop_map(Literal::from),
        any::<f64>().prop_map(Literal::from),
        any::<bool>().prop_map(Literal::from),
        (-200_000_000_000_i64..200_000_000_000).prop_map(|second| {
            let time = rt::Timestamp::from_second(second).expect("within range");
            Literal::from(time)
        }),
    ]
}

fn expressions() -> impl Strategy<Value = Expression> {
    let operators = proptest::sample::select(Operator::ALL.to_vec());
    let field = "[a-zA-Z_][a-zA-Z0-9_.-]{0,8}";
    let leaf = (
        field,
        operators,
        proptest::collection::vec(literals(), 0..4),
    )
        .prop_filter_map(
            "the parts make no comparison",
            |(field, operator, mut values)| {
                let made = Comparison::new(field.clone(), operator, values.clone());
                values.truncate(1);
                let made = made.or_else(|_| Comparison::new(field.clone(), operator, values));
                let made =
                    made.or_else(|_| Comparison::new(field, operator, Vec::<Literal>::new()));
                made.ok().map(Expression::from)
            },
        );
    leaf.prop_recursive(6, 40, 4, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            inner.prop_map(|one| !one),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(expression in expressions()) {
        let printed = expression.to_string();
        prop_assert_eq!(Expression::parse(&printed), Ok(expression), "{}", printed);
    }

    #[test]
    fn no_text_is_too_odd(text in "([ ()\",\\\\'“a-z0-9.]|eq |and |or |not |in |pr |isnull ){0,30}") {
        match Expression::parse(&text) {
            Ok(expression) => {
                prop_assert_eq!(Expression::parse(&expression.to_string()), Ok(expression));
            }
            Err(error) => prop_assert!(text.is_char_boundary(error.offset())),
        }
        if let Ok(sorters) = Sorters::parse(&text) {
            prop_assert_eq!(Sorters::parse(&sorters.to_string()), Ok(sorters));
        }
    }

    #[test]
    fn a_filter_and_its_negation_divide_all_objects(expression in expressions(), number in any::<i32>()) {
        let value = serde_json::json!({"a": number, "b": [{"c": "x"}, null]});
        prop_assert_ne!(expression.matches(&value), (!expression.clone()).matches(&value));
    }
}

enum EqSw {}

impl rt::operators::Set for EqSw {
    const ALL: &'static [Operator] = &[Operator::Eq, Operator::Sw];
}
impl rt::operators::Eq for EqSw {}
impl rt::operators::Sw for EqSw {}

enum All {}

impl rt::operators::Set for All {
    const ALL: &'static [Operator] = &Operator::ALL;
}
macro_rules! has {
    ($($operator:ident)*) => {$(impl rt::operators::$operator for All {})*};
}
has!(Eq Ne Gt Ge Lt Le Sw Co Ca In Pr IsNull);

enum Pets {}

impl Pets {
    fn name() -> rt::FilterField<Self, EqSw> {
        rt::FilterField::new("name")
    }

    fn owner_id() -> rt::FilterField<Self, All> {
        rt::FilterField::new("owner.id")
    }
}

impl rt::FilterFields for Pets {
    const FIELDS: &'static [(&'static str, &'static [Operator])] = &[
        ("name", <EqSw as rt::operators::Set>::ALL),
        ("owner.id", <All as rt::operators::Set>::ALL),
    ];
}

#[test]
fn typed_filters_are_put_together() {
    let (name, id) = (Pets::name, Pets::owner_id);
    let all = [
        (name().eq("a"), r#"name eq "a""#),
        (name().starts_with("a\"\\"), r#"name sw "a\"\\""#),
        (id().ne(5), "owner.id ne 5"),
        (id().gt(1.5), "owner.id gt 1.5"),
        (id().ge(true), "owner.id ge true"),
        (id().lt("b".to_owned()), r#"owner.id lt "b""#),
        (id().le(rt::UuidText::from("2c91")), r#"owner.id le "2c91""#),
        (id().contains('#'), r##"owner.id co "#""##),
        (id().is_in([1, 2]), "owner.id in (1, 2)"),
        (id().contains_all(["a", "b"]), r#"owner.id ca ("a", "b")"#),
        (id().is_present(), "pr owner.id"),
        (id().is_null(), "owner.id isnull"),
        (
            name().eq("a").or(name().eq("b")).and(!id().is_null()),
            r#"(name eq "a" or name eq "b") and not owner.id isnull"#,
        ),
        (
            rt::Filter::raw("a eq 1 or b eq 2").and(name().eq("c")),
            r#"(a eq 1 or b eq 2) and (name eq "c")"#,
        ),
        (!rt::Filter::raw("a eq 1"), "not (a eq 1)"),
        (rt::Filter::raw("as \"it\" is"), "as \"it\" is"),
        (filter("x eq 1").into(), "x eq 1"),
    ];
    for (filter, text) in all {
        assert_eq!(filter.to_string(), text);
        assert_eq!(filter.clone(), filter);
    }
    assert_eq!(
        format!("{:?}", name()),
        "FilterField { name: \"name\", operators: [Eq, Sw] }"
    );
}

#[test]
fn typed_filters_are_read() {
    let parse = |text: &str| rt::Filter::<Pets>::parse(text).map(|filter| filter.to_string());
    assert_eq!(
        parse(r#"name eq "a" and pr owner.id"#).as_deref(),
        Ok(r#"name eq "a" and pr owner.id"#)
    );
    table::check("filter/fields.txt", |cells| shown(parse(cells[0])));
}

#[test]
fn sort_fields_are_put_together() {
    let name = || rt::SortField::<Pets>::new("name");
    assert_eq!(rt::sorters([name()]), "name");
    assert_eq!(
        rt::sorters([name().descending().descending(), rt::SortField::raw("a,-b")]),
        "-name,a,-b"
    );
    assert_eq!(rt::sorters::<Pets>([]), rt::Value::Null);
}
