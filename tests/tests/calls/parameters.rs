//! Every style of parameter at every location.

use std::collections::BTreeMap;

use serde_json::json;
use test_clients::parameters::{Client, Colour, Filter, FilterOwner, Point};
use test_clients::rt::{Nullable, OptionalNullable};

use crate::support::{call, check_targets, client, sent, server, show};

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().copied().map(str::to_owned).collect()
}

fn point(x: i64, y: i64) -> Point {
    Point {
        y: Some(y),
        ..Point::new(x)
    }
}

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

fn filter() -> Filter {
    Filter {
        name: Some("a b".to_owned()),
        owner: Some(FilterOwner {
            id: Some("7".to_owned()),
            tags: Some(texts(&["é", "[x]"])),
            ..FilterOwner::default()
        }),
        points: Some(vec![point(1, 2), Point::new(3)]),
        deleted: OptionalNullable::Null,
        ..Filter::default()
    }
}

#[tokio::test]
async fn query_scalars() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let query = || client.query_form();
    check_targets(
        &server,
        [
            (call(query().send()), "GET /query/form"),
            (
                call(query().text("a b&c=d/é+%?#").send()),
                "GET /query/form?text=a%20b%26c%3Dd%2F%C3%A9%2B%25%3F%23",
            ),
            (
                call(query().text("-._~").send()),
                "GET /query/form?text=-._~",
            ),
            (call(query().text("").send()), "GET /query/form?text="),
            (
                call(query().whole(i64::MIN).send()),
                "GET /query/form?whole=-9223372036854775808",
            ),
            (
                call(query().fraction(0.1).send()),
                "GET /query/form?fraction=0.1",
            ),
            (
                call(query().fraction(10).send()),
                "GET /query/form?fraction=10",
            ),
            (
                call(query().flag(false).send()),
                "GET /query/form?flag=false",
            ),
            (
                call(query().colour(Colour::LightBlue).send()),
                "GET /query/form?colour=light%20blue",
            ),
            (
                call(query().colour(Colour::from("sea/green")).send()),
                "GET /query/form?colour=sea%2Fgreen",
            ),
            (
                call(query().since("2024-02-29T23:59:59.250+01:00").send()),
                "GET /query/form?since=2024-02-29T23%3A59%3A59.250%2B01%3A00",
            ),
            (
                call(query().nothing(Nullable::Null).send()),
                "GET /query/form",
            ),
            (
                call(query().nothing("null".into()).send()),
                "GET /query/form?nothing=null",
            ),
            (
                call(query().anything(json!(1.5)).send()),
                "GET /query/form?anything=1.5",
            ),
            (
                call(query().text("1").flag(true).text("2").send()),
                "GET /query/form?flag=true&text=2",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn query_lists_and_objects() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let form = || client.query_form();
    let spaces = || client.query_space_delimited();
    let pipes = || client.query_pipe_delimited();
    let list = || texts(&["a b", "c,d", ""]);
    check_targets(
        &server,
        [
            (
                call(form().list(list()).send()),
                "GET /query/form?list=a%20b&list=c%2Cd&list=",
            ),
            (call(form().list(Vec::new()).send()), "GET /query/form"),
            (
                call(form().joined_list(list()).send()),
                "GET /query/form?joinedList=a%20b,c%2Cd,",
            ),
            (
                call(
                    form()
                        .colours(vec![Colour::Red, Colour::LightBlue, "pink".into()])
                        .send(),
                ),
                "GET /query/form?colours=red,light%20blue,pink",
            ),
            (
                call(form().object(point(1, -2)).send()),
                "GET /query/form?x=1&y=-2",
            ),
            (
                call(form().object(Point::new(1)).send()),
                "GET /query/form?x=1",
            ),
            (
                call(form().joined_object(point(1, 2)).send()),
                "GET /query/form?joinedObject=x,1,y,2",
            ),
            (
                call(form().map(map(&[("a b", "1"), ("c", "d&e")])).send()),
                "GET /query/form?a%20b=1&c=d%26e",
            ),
            (
                call(form().anything(json!({"a": [1, 2], "b": null})).send()),
                "GET /query/form?a=%5B1%2C2%5D",
            ),
            (
                call(spaces().list(list()).send()),
                "GET /query/space-delimited?list=a%20b&list=c%2Cd&list=",
            ),
            (
                call(spaces().joined_list(texts(&["a", "b c"])).send()),
                "GET /query/space-delimited?joinedList=a%20b%20c",
            ),
            (
                call(spaces().joined_object(point(1, 2)).send()),
                "GET /query/space-delimited?joinedObject=x%201%20y%202",
            ),
            (
                call(pipes().list(list()).send()),
                "GET /query/pipe-delimited?list=a%20b&list=c%2Cd&list=",
            ),
            (
                call(pipes().joined_list(vec![1, -2, 3]).send()),
                "GET /query/pipe-delimited?joinedList=1%7C-2%7C3",
            ),
            (
                call(pipes().joined_object(point(1, 2)).send()),
                "GET /query/pipe-delimited?joinedObject=x%7C1%7Cy%7C2",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn query_deep_objects() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let deep = || client.query_deep_object();
    check_targets(
        &server,
        [
            (
                call(deep().point(point(1, 2)).send()),
                "GET /query/deep-object?point%5Bx%5D=1&point%5By%5D=2",
            ),
            (
                call(deep().filter(Filter::default()).send()),
                "GET /query/deep-object",
            ),
            (
                call(deep().filter(filter()).send()),
                "GET /query/deep-object?filter%5Bname%5D=a%20b&filter%5Bowner%5D%5Bid%5D=7\
                 &filter%5Bowner%5D%5Btags%5D%5B0%5D=%C3%A9\
                 &filter%5Bowner%5D%5Btags%5D%5B1%5D=%5Bx%5D\
                 &filter%5Bpoints%5D%5B0%5D%5Bx%5D=1&filter%5Bpoints%5D%5B0%5D%5By%5D=2\
                 &filter%5Bpoints%5D%5B1%5D%5Bx%5D=3",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn query_of_reserved_characters() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let reserved = || client.query_reserved();
    check_targets(
        &server,
        [
            // A quote may stand in a query (RFC 3986), but the URL standard escapes it.
            (
                call(reserved().text("a:/?@!$'()*,;=b").send()),
                "GET /query/reserved?text=a:/?@!$%27()*,;=b",
            ),
            (
                call(reserved().text("a#b&c+d[e] f").send()),
                "GET /query/reserved?text=a%23b%26c%2Bd%5Be%5D%20f",
            ),
            (
                call(reserved().text("50% %2F").send()),
                "GET /query/reserved?text=50%25%20%2F",
            ),
            (
                call(reserved().list(texts(&["a/b", "c:d"])).send()),
                "GET /query/reserved?list=a/b,c:d",
            ),
            (
                call(reserved().map(map(&[("a/b", "c@d")])).send()),
                "GET /query/reserved?a/b=c@d",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn query_content_and_names() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let content = || client.query_content();
    check_targets(
        &server,
        [
            (
                call(content().filter(filter()).send()),
                "GET /query/content?filter=%7B%22name%22%3A%22a%20b%22%2C%22owner%22%3A%7B%22id\
                 %22%3A%227%22%2C%22tags%22%3A%5B%22%C3%A9%22%2C%22%5Bx%5D%22%5D%7D%2C%22points\
                 %22%3A%5B%7B%22x%22%3A1%2C%22y%22%3A2%7D%2C%7B%22x%22%3A3%7D%5D%2C%22deleted\
                 %22%3Anull%7D",
            ),
            (
                call(content().text("a \"b\"").send()),
                "GET /query/content?text=a%20%22b%22",
            ),
            (
                call(
                    client
                        .query_names(10)
                        .top(5)
                        .ids(texts(&["1", "2"]))
                        .r_and_d("x")
                        .größe("y")
                        .type_("z")
                        .send_query("now")
                        .send(),
                ),
                "GET /query/names?page%5Bsize%5D=10&%24top=5&ids%5B%5D=1&ids%5B%5D=2&R%26D=x\
                 &gr%C3%B6%C3%9Fe=y&type=z&send=now",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn paths() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let list = || texts(&["a b", "c/d"]);
    let object = || point(1, 2);
    check_targets(
        &server,
        [
            (
                call(
                    client
                        .path_simple("é/?", -7, list(), list(), object(), object())
                        .send(),
                ),
                "GET /path/simple/%C3%A9%2F%3F/-7/a%20b,c%2Fd/a%20b,c%2Fd/x,1,y,2/x=1,y=2",
            ),
            (
                call(
                    client
                        .path_label("a.b", list(), list(), object(), object())
                        .send(),
                ),
                "GET /path/label/.a.b/.a%20b,c%2Fd/.a%20b.c%2Fd/.x,1,y,2/.x=1.y=2",
            ),
            (
                call(
                    client
                        .path_matrix("a;b", list(), list(), object(), object())
                        .send(),
                ),
                "GET /path/matrix/;text=a%3Bb/;list=a%20b,c%2Fd\
                 /;explodedList=a%20b;explodedList=c%2Fd/;object=x,1,y,2/;x=1;y=2",
            ),
            (
                call(
                    client
                        .path_matrix("", list(), list(), object(), object())
                        .send(),
                ),
                "GET /path/matrix/;text/;list=a%20b,c%2Fd\
                 /;explodedList=a%20b;explodedList=c%2Fd/;object=x,1,y,2/;x=1;y=2",
            ),
            (
                call(client.path_content(point(1, 2)).send()),
                "GET /path/content/%7B%22x%22%3A1%2C%22y%22%3A2%7D",
            ),
            (
                call(client.path_shared("read me", "tar.gz").version("a").send()),
                "GET /path/files/read%20me.tar.gz?version=a",
            ),
            (
                call(client.path_overridden("..", "md", 3).send()),
                "DELETE /path/files/...md?version=3",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_path_that_would_be_another_is_not_called() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let empty = || {
        client.path_simple(
            "",
            1,
            texts(&["a"]),
            texts(&["a"]),
            point(1, 2),
            point(1, 2),
        )
    };
    let dots = || {
        client.path_simple(
            "..",
            1,
            texts(&["a"]),
            texts(&["a"]),
            point(1, 2),
            point(1, 2),
        )
    };
    let nothing =
        || client.path_simple("a", 1, Vec::new(), texts(&["a"]), point(1, 2), point(1, 2));
    for (request, expected) in [
        (
            empty(),
            "the path parameter `text` is empty, which would call another path",
        ),
        (
            dots(),
            "a path parameter makes the path segment `..`, which would call another path",
        ),
        (
            nothing(),
            "the path parameter `list` is empty, which would call another path",
        ),
    ] {
        let error = request.send().await.unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
    }
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn headers() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let all = client
        .headers("a b, c%20d")
        .x_number(1.5)
        .x_flag(true)
        .x_list(texts(&["a", "b c"]))
        .x_exploded_list(texts(&["a", "b c"]))
        .x_object(point(1, 2))
        .x_exploded_object(point(1, 2))
        .x_content(filter());
    let expected = "GET /headers\n\
        x-content: {\"name\":\"a b\",\"owner\":{\"id\":\"7\",\"tags\":[\"\\u00e9\",\"[x]\"]},\
        \"points\":[{\"x\":1,\"y\":2},{\"x\":3}],\"deleted\":null}\n\
        x-exploded-list: a,b c\n\
        x-exploded-object: x=1,y=2\n\
        x-flag: true\n\
        x-list: a,b c\n\
        x-number: 1.5\n\
        x-object: x,1,y,2\n\
        x-required: a b, c%20d";
    assert_eq!(show(&sent(&server, call(all.send())).await), expected);
    let few = client.headers("").x_list(Vec::new());
    assert_eq!(
        show(&sent(&server, call(few.send())).await),
        "GET /headers\nx-required: "
    );
    let error = client.headers("a\nb").send().await.unwrap_err().to_string();
    assert!(error.contains("`X-Required`"), "{error}");
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn cookies() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let cookies = || client.cookies("a b;c");
    for (request, expected) in [
        (cookies(), "session=a%20b%3Bc"),
        (cookies().count(3), "session=a%20b%3Bc; count=3"),
        (
            cookies().list(texts(&["a", "b,c"])),
            "session=a%20b%3Bc; list=a; list=b%2Cc",
        ),
        (
            cookies().joined_list(texts(&["a", "b,c"])),
            "session=a%20b%3Bc; joinedList=a,b%2Cc",
        ),
        (cookies().object(point(1, 2)), "session=a%20b%3Bc; x=1; y=2"),
        (
            cookies().joined_object(point(1, 2)),
            "session=a%20b%3Bc; joinedObject=x,1,y,2",
        ),
        (
            cookies().content(Point::new(1)),
            "session=a%20b%3Bc; content=%7B%22x%22%3A1%7D",
        ),
    ] {
        let request = sent(&server, call(request.send())).await;
        assert_eq!(show(&request), format!("GET /cookies\ncookie: {expected}"));
    }
}

#[tokio::test]
async fn nothing_else_is_sent() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let request = sent(&server, call(client.query_form().send())).await;
    let expected = format!(
        "GET /query/form\naccept: */*\naccept-encoding: identity\nuser-agent: test-clients/{}",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(request.to_string(), expected);
}
