//! Where pages end, with servers that do not do as the document says.

use oas_runtime as rt;

use crate::sample::{Client, PLAIN};
use crate::server::{Server, answer, json};

/// A document that states a default and no maximum, as many do.
const PAGING: rt::Paging = rt::Paging {
    limit: "limit",
    offset: "offset",
    max_limit: None,
    default_limit: Some(2),
    default_offset: None,
    count: None,
    total: None,
};

static LIST: rt::Operation = rt::Operation {
    paging: Some(&PAGING),
    ..PLAIN
};

static WHOLE: rt::Operation = PLAIN;

/// The lengths of the pages and the error that ends them, and what was asked.
async fn pages(
    operation: &'static rt::Operation,
    limit: Option<u32>,
    answers: &[&str],
) -> (Vec<usize>, Option<String>, Vec<String>) {
    let answers = answers.iter().map(|body| json("200 OK", body)).collect();
    answered(operation, limit, answers).await
}

async fn answered(
    operation: &'static rt::Operation,
    limit: Option<u32>,
    answers: Vec<Vec<u8>>,
) -> (Vec<usize>, Option<String>, Vec<String>) {
    let server = Server::start(answers).await;
    let builder = Client::builder().base_url(&server.url);
    let client = builder.build().expect("a good URL");
    let mut request = client.inner.request(operation);
    let limit = limit.map_or(rt::Value::Null, rt::Value::from);
    request.query("limit", &limit, rt::Style::Form { explode: true });
    let mut pages: rt::Pages<rt::Value, rt::Value> =
        request.pages(200, rt::RawResponse::json, rt::RawResponse::json);
    let (mut lengths, mut problem) = (Vec::new(), None);
    for _ in 0..5 {
        match pages.next().await {
            Ok(Some(page)) => lengths.push(page.body.len()),
            Ok(None) => break,
            Err(error) => problem = Some(error.to_string()),
        }
    }
    let asked = server.requests().into_iter().map(|request| {
        let target = request.split(' ').nth(1).unwrap_or_default().to_owned();
        target.replace("/plain", "")
    });
    (lengths, problem, asked.collect())
}

#[tokio::test]
async fn a_limit_above_the_default_may_be_cut_down_to_it() {
    let answers = [r#"[{"id":1},{"id":2}]"#, r#"[{"id":3}]"#, "[]"];
    let found = pages(&LIST, Some(1000), &answers).await;
    let asked = [
        "?limit=1000&offset=0",
        "?limit=1000&offset=2",
        "?limit=1000&offset=3",
    ];
    assert_eq!(found, (vec![2, 1], None, asked.map(str::to_owned).to_vec()));
}

static BARE: rt::Operation = rt::Operation {
    paging: Some(&rt::Paging {
        default_limit: None,
        ..PAGING
    }),
    ..PLAIN
};

#[tokio::test]
async fn a_limit_that_is_not_documented_may_be_cut_down_to_anything() {
    // A page of one is shorter than the documented default, and still not the last.
    let answers = [r#"[{"id":1}]"#, r#"[{"id":2}]"#, r#"[{"id":3}]"#, "[]"];
    let (lengths, problem, asked) = pages(&LIST, Some(500), &answers).await;
    assert_eq!((lengths, problem, asked.len()), (vec![1, 1, 1], None, 4));
    let (lengths, problem, asked) = pages(&BARE, Some(500), &answers).await;
    assert_eq!((lengths, problem, asked.len()), (vec![1, 1, 1], None, 4));
    // Within the default a short page is the last.
    let (lengths, problem, asked) = pages(&LIST, Some(2), &answers).await;
    assert_eq!((lengths, problem, asked.len()), (vec![1], None, 1));
}

#[tokio::test]
async fn a_total_ends_what_is_not_documented() {
    static COUNTED: rt::Operation = rt::Operation {
        paging: Some(&rt::Paging {
            total: Some("X-Total-Count"),
            ..PAGING
        }),
        ..PLAIN
    };
    let page = |total: &str, body: &str| {
        let headers = format!("Content-Type: application/json\r\nX-Total-Count: {total}\r\n");
        answer("200 OK", &headers, body)
    };
    let two = r#"[{"id":1},{"id":2}]"#;
    let told = |second| {
        vec![
            page("3", two),
            page(second, r#"[{"id":3}]"#),
            page("3", "[]"),
        ]
    };
    let (lengths, problem, asked) = answered(&COUNTED, Some(500), told("3")).await;
    assert_eq!((lengths, problem, asked.len()), (vec![2, 1], None, 2));
    // A number that cannot be that of all records is none.
    let (lengths, problem, asked) = answered(&COUNTED, Some(500), told("1")).await;
    assert_eq!((lengths, problem, asked.len()), (vec![2, 1], None, 3));
    // A full page is not the last, whatever is said of it.
    let answers = vec![page("2", two), page("2", r#"[{"id":3}]"#)];
    let (lengths, problem, asked) = answered(&COUNTED, None, answers).await;
    assert_eq!((lengths, problem, asked.len()), (vec![2, 1], None, 2));
}

#[tokio::test]
async fn records_are_counted_from_the_documented_offset() {
    static FROM_ONE: rt::Operation = rt::Operation {
        paging: Some(&rt::Paging {
            default_offset: Some(1),
            ..PAGING
        }),
        ..PLAIN
    };
    let answers = [r#"[{"id":1},{"id":2}]"#, r#"[{"id":3}]"#];
    let found = pages(&FROM_ONE, None, &answers).await;
    let asked = ["?limit=2", "?limit=2&offset=3"];
    assert_eq!(found, (vec![2, 1], None, asked.map(str::to_owned).to_vec()));
}

#[tokio::test]
async fn a_server_that_gives_the_same_page_again_is_not_asked_for_ever() {
    let (lengths, problem, asked) = pages(&LIST, None, &[r#"[{"id":1},{"id":2}]"#]).await;
    assert_eq!(lengths, [2]);
    assert_eq!(
        problem.as_deref(),
        Some(
            "GET /plain: the page behind this one: that with the offset 2 has the records \
             of the page before it, so the server takes no heed of `offset`; ask for the one page \
             that there is"
        )
    );
    assert_eq!(asked.len(), 2);
    // Records that are the same are no sign of that.
    let answers = ["[{},{}]", "[{},{}]", "[\"a\",\"b\"]", "[\"a\",\"b\"]", "[]"];
    let (lengths, problem, _) = pages(&LIST, None, &answers).await;
    assert_eq!((lengths, problem), (vec![2, 2, 2, 2], None));
}

#[tokio::test]
async fn an_operation_without_pages_has_one() {
    let (lengths, problem, asked) = pages(&WHOLE, None, &["[1,2]"]).await;
    assert_eq!((lengths, problem, asked.len()), (vec![2], None, 1));
}

#[tokio::test]
async fn a_limit_or_offset_that_no_page_has_is_told() {
    let server = Server::start([json("200 OK", "[]")]).await;
    let client = Client::builder().base_url(&server.url).build();
    let client = client.expect("a good URL");
    for (name, value) in [
        ("limit", "-5"),
        ("offset", "-1"),
        ("offset", "1e30"),
        ("limit", "all"),
    ] {
        let mut request = client.inner.request(&LIST);
        let text = value.to_owned();
        request.query(name, &text, rt::Style::Form { explode: true });
        let pages: rt::Pages<rt::Value, rt::Value> =
            request.pages(200, rt::RawResponse::json, rt::RawResponse::json);
        let error = pages.items().collect().await.expect_err("no number");
        assert_eq!(
            error.to_string(),
            format!(
                "GET /plain: not sent: `{name}` is {value}; pages need a whole number, from 0 and \
                 within 64 bits, or none"
            )
        );
    }
    assert!(server.requests().is_empty());
}
