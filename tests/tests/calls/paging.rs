//! Results that come page by page, and bodies that are read item by item.

use std::collections::VecDeque;
use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use futures_util::{StreamExt, TryStreamExt as _};
use serde_json::{Value, json};
use test_clients::collections::{
    Client, ListPets, ListPetsError, ListToys, ListToysFilter, Pet, Problem,
};
use test_clients::rt::{self, ItemsError};

use crate::support::{built, client, server};

/// A server's records, and how it hands them out.
#[derive(Clone)]
struct Store {
    records: usize,
    /// The most that a page has, whatever is asked.
    most: usize,
    /// Whether an offset at the end is refused.
    is_strict: bool,
    /// Offsets from which on it refuses, whatever there is.
    refuses_from: usize,
    /// What the total is said to be.
    total: Option<usize>,
    /// What is answered in place of the pages, in turn, `None` for the page.
    faults: Arc<Mutex<VecDeque<Option<Answer>>>>,
}

impl Store {
    fn of(records: usize) -> Self {
        Self {
            records,
            most: 3,
            is_strict: false,
            refuses_from: usize::MAX,
            total: Some(records),
            faults: Arc::default(),
        }
    }

    fn strict(records: usize) -> Self {
        Self {
            is_strict: true,
            ..Self::of(records)
        }
    }

    fn failing(self, faults: impl IntoIterator<Item = Option<Answer>>) -> Self {
        self.faults
            .lock()
            .unwrap_or_else(|error| panic!("{error}"))
            .extend(faults);
        self
    }

    /// The records from this offset on, as `record` makes them of their numbers, from 1.
    fn answer(
        &self,
        query: &str,
        names: [&str; 2],
        record: impl Fn(usize) -> Value,
    ) -> Result<Answer, Answer> {
        let fault = self
            .faults
            .lock()
            .unwrap_or_else(|error| panic!("{error}"))
            .pop_front();
        if let Some(fault) = fault.flatten() {
            return Err(fault);
        }
        let number = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(known, _)| *known == name)?.1.parse().ok()
        };
        let limit = number(names[0]).unwrap_or(self.most).min(self.most);
        let offset: usize = number(names[1]).unwrap_or(0);
        let is_past = self.is_strict && offset > 0 && offset >= self.records;
        if is_past || offset >= self.refuses_from {
            let problem = json!({"message": "Specified offset is invalid"});
            return Err(Answer::json(400, &problem));
        }
        let last = self.records.min(offset.saturating_add(limit));
        let page: Vec<Value> = (offset..last).map(|index| record(index + 1)).collect();
        let answer = Answer::json(200, &Value::from(page));
        Ok(match self.total.filter(|_| query.contains("count=true")) {
            Some(total) => answer.header("X-Total-Count", &total.to_string()),
            None => answer,
        })
    }

    async fn serve(self) -> ScriptedServer {
        let server = server().await;
        let store = self.clone();
        server.route("GET", "/pets").respond(move |request| {
            let query = request.query().unwrap_or_default();
            let answer = store.answer(query, ["limit", "offset"], |id| json!({"id": id}));
            answer.unwrap_or_else(|refusal| refusal)
        });
        server.route("GET", "/toys").respond(move |request| {
            let query = request.query().unwrap_or_default();
            let answer = self.answer(query, ["limit", "offset"], |id| json!(id.to_string()));
            answer.unwrap_or_else(|refusal| refusal)
        });
        server
    }
}

/// The queries so far, shortened.
fn asked(server: &ScriptedServer) -> Vec<String> {
    let requests = server.take_requests().into_iter();
    requests
        .map(|request| {
            let query = request.query().unwrap_or_default().to_owned();
            query.replace("filters=name%20eq%20%22x%22&", "")
        })
        .collect()
}

/// All ids in order, and the status of the error if one ended them.
async fn ids(
    items: &mut rt::ItemStream<Pet, ListPetsError, impl From<rt::HeaderMap>>,
) -> (Vec<i64>, Option<u16>) {
    let mut ids = Vec::new();
    loop {
        match items.next().await {
            Ok(Some(pet)) => ids.push(pet.id),
            Ok(None) => return (ids, None),
            Err(error) => return (ids, error.status()),
        }
    }
}

fn up_to(last: i64) -> (Vec<i64>, Option<u16>) {
    ((1..=last).collect(), None)
}

async fn check(
    store: Store,
    configure: fn(ListPets) -> ListPets,
    expected: (Vec<i64>, Option<u16>),
    queries: &[&str],
) {
    for is_ahead in [false, true] {
        let server = store.clone().serve().await;
        let client = client(Client::builder(), &server);
        let mut items = configure(client.list_pets()).stream();
        if is_ahead {
            items = items.prefetch();
        }
        assert_eq!(ids(&mut items).await, expected, "{queries:?}");
        assert_eq!(asked(&server), queries);
    }
}

#[tokio::test]
async fn a_short_page_is_the_last() {
    check(Store::of(2), |pets| pets, up_to(2), &["limit=3"]).await;
    check(
        Store::strict(7),
        |pets| pets,
        up_to(7),
        &["limit=3", "limit=3&offset=3", "limit=3&offset=6"],
    )
    .await;
}

#[tokio::test]
async fn an_empty_page_is_the_last() {
    check(Store::of(0), |pets| pets, up_to(0), &["limit=3"]).await;
    check(
        Store::of(3),
        |pets| pets,
        up_to(3),
        &["limit=3", "limit=3&offset=3"],
    )
    .await;
}

#[tokio::test]
async fn a_refused_offset_behind_a_full_page_is_the_end_if_the_total_agrees() {
    let counting = "limit=1&offset=0&count=true";
    check(
        Store::strict(3),
        |pets| pets,
        up_to(3),
        &["limit=3", "limit=3&offset=3", counting],
    )
    .await;
    // The total is known.
    check(
        Store::strict(6),
        |pets| pets.count(true),
        up_to(6),
        &[
            "count=true&limit=3",
            "count=true&limit=3&offset=3",
            "count=true&limit=3&offset=6",
        ],
    )
    .await;
    // The server does not say.
    let silent = Store {
        total: None,
        ..Store::strict(3)
    };
    check(
        silent,
        |pets| pets,
        up_to(3),
        &["limit=3", "limit=3&offset=3", counting],
    )
    .await;
}

#[tokio::test]
async fn a_refused_offset_with_more_behind_it_is_an_error() {
    let store = || Store {
        refuses_from: 3,
        ..Store::of(6)
    };
    let counting = "limit=1&offset=0&count=true";
    let lost = ((1..=3).collect(), Some(400));
    check(
        store(),
        |pets| pets,
        lost.clone(),
        &["limit=3", "limit=3&offset=3", counting],
    )
    .await;
    check(
        store(),
        |pets| pets.count(true),
        lost,
        &[
            "count=true&limit=3",
            "count=true&limit=3&offset=3",
            "limit=1&offset=0&count=true",
        ],
    )
    .await;
    let first = Store {
        refuses_from: 0,
        ..Store::of(6)
    };
    check(first, |pets| pets, (vec![], Some(400)), &["limit=3"]).await;
}

#[tokio::test]
async fn limit_and_offset_of_the_request_hold() {
    check(
        Store::strict(6),
        |pets| pets.limit(2).offset(1),
        ((2..=6).collect(), None),
        &["limit=2&offset=1", "limit=2&offset=3", "limit=2&offset=5"],
    )
    .await;
    // No more is asked for than the document allows.
    check(
        Store::of(4),
        |pets| pets.limit(10),
        up_to(4),
        &["limit=3", "limit=3&offset=3"],
    )
    .await;
    check(Store::of(4), |pets| pets.limit(0), up_to(0), &["limit=0"]).await;
}

#[tokio::test]
async fn a_total_that_is_known_shows_that_a_short_page_is_not_the_last() {
    let store = || Store {
        most: 2,
        ..Store::of(5)
    };
    check(store(), |pets| pets, up_to(2), &["limit=3"]).await;
    check(
        store(),
        |pets| pets.count(true),
        up_to(5),
        &[
            "count=true&limit=3",
            "count=true&limit=3&offset=2",
            "count=true&limit=3&offset=4",
        ],
    )
    .await;
}

#[tokio::test]
async fn without_documented_limits_pages_are_asked_for_until_one_is_empty() {
    let list = |client: &Client| -> ListToys { client.list_toys(ListToysFilter::name().eq("x")) };
    for (store, queries) in [
        (Store::of(4), ["offset=0", "offset=3", "offset=4"]),
        (Store::strict(4), ["offset=0", "offset=3", "offset=4"]),
    ] {
        let server = store.serve().await;
        let client = client(Client::builder(), &server);
        let names = list(&client).stream().collect().await;
        let names = names.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(names, ["1", "2", "3", "4"]);
        assert_eq!(asked(&server), queries);
    }
    let server = Store::strict(4).serve().await;
    let client = client(Client::builder(), &server);
    let names = list(&client)
        .limit(3)
        .stream()
        .try_collect::<Vec<_>>()
        .await;
    assert_eq!(names.unwrap_or_else(|error| panic!("{error}")).len(), 4);
    let queries = ["limit=3&offset=0", "limit=3&offset=3", "limit=3&offset=4"];
    assert_eq!(asked(&server), queries);
}

#[tokio::test]
async fn records_may_stand_inside_of_the_body() {
    let server = server().await;
    for page in [json!([1, 2]), json!([3])] {
        let body = json!({"page": {"visits": page}});
        server
            .route("GET", "/visits")
            .answer(Answer::json(200, &body));
    }
    server
        .route("GET", "/visits")
        .always(Answer::json(200, &json!({"page": {"visits": [1, "2"]}})));
    let client = client(Client::builder(), &server);
    let visits = client.list_visits().stream().collect().await;
    assert_eq!(visits.unwrap_or_else(|error| panic!("{error}")), [1, 2, 3]);
    assert_eq!(asked(&server), ["size=2&start=0", "size=2&start=2"]);
    let error = client
        .list_visits()
        .pages()
        .next()
        .await
        .expect_err("a text is no integer");
    assert!(error.to_string().contains("/page/visits/1"), "{error}");
    server
        .route("GET", "/visits")
        .answer(Answer::json(200, &json!({"page": {}})));
    let error = client
        .list_visits()
        .pages()
        .next()
        .await
        .expect_err("there are no visits");
    assert!(
        error
            .to_string()
            .contains("there is nothing at /page/visits"),
        "{error}"
    );
}

#[tokio::test]
async fn pages_have_headers_and_a_total() {
    let server = Store::of(4).serve().await;
    let client = client(Client::builder(), &server);
    let mut pages = client.list_pets().count(true).pages();
    assert_eq!((pages.total(), pages.offset()), (None, 0));
    let page = pages.next().await.unwrap_or_else(|error| panic!("{error}"));
    let page = page.expect("there is a first page");
    assert_eq!((page.status, page.headers.x_total_count()), (200, Some(4)));
    assert_eq!(
        (page.body.len(), pages.total(), pages.offset()),
        (3, Some(4), 3)
    );
    let rest: Vec<_> = pages
        .try_collect()
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(rest.len(), 1);
}

#[tokio::test]
async fn a_page_that_failed_is_asked_for_again() {
    let server_error = || Some(Answer::status(503));
    let odd = || Some(Answer::text(200, "text/html", "<html>"));
    let broken = [None, server_error(), odd(), None, server_error()];
    for is_ahead in [false, true] {
        let server = Store::of(7).failing(broken.clone()).serve().await;
        let client = client(Client::builder(), &server);
        let mut items = client.list_pets().stream();
        if is_ahead {
            items = items.prefetch();
        }
        assert_eq!(ids(&mut items).await, ((1..=3).collect(), Some(503)));
        assert_eq!(ids(&mut items).await, (vec![], Some(200)));
        assert_eq!(ids(&mut items).await, ((4..=6).collect(), Some(503)));
        assert_eq!(ids(&mut items).await, (vec![7], None));
        assert_eq!(
            ids(&mut items).await,
            (vec![], None),
            "the end stays the end"
        );
        assert_eq!(asked(&server).len(), 6);
    }
}

#[tokio::test]
async fn an_error_is_the_last_of_a_stream() {
    let faults = || [None, Some(Answer::status(503))];
    for is_ahead in [false, true] {
        let server = Store::of(7).failing(faults()).serve().await;
        let client = client(Client::builder(), &server);
        let mut items = client.list_pets().stream();
        if is_ahead {
            items = items.prefetch();
        }
        // Errors that are taken for gaps make no loop without end.
        let found = items.by_ref().filter_map(|pet| ready(pet.ok()));
        let found: Vec<i64> = found.map(|pet| pet.id).collect().await;
        assert_eq!(found, [1, 2, 3]);
        assert!(StreamExt::next(&mut items).await.is_none());
        assert_eq!(asked(&server).len(), 2);
        // Who knows of the error goes on.
        assert_eq!(ids(&mut items).await, ((4..=7).collect(), None));
        assert!(StreamExt::next(&mut items).await.is_none());
    }
    let server = Store::of(7).failing(faults()).serve().await;
    let client = client(Client::builder(), &server);
    let mut pages = client.list_pets().pages();
    let lengths = pages
        .by_ref()
        .map(|page| page.ok().map(|page| page.body.len()));
    assert_eq!(lengths.collect::<Vec<_>>().await, [Some(3), None]);
    assert_eq!(asked(&server).len(), 2);
    let rest = pages.items().collect().await;
    assert_eq!(rest.unwrap_or_else(|error| panic!("{error}")).len(), 4);
}

#[tokio::test]
async fn a_count_that_failed_is_asked_for_again() {
    let faults = [None, None, Some(Answer::status(503))];
    let server = Store::strict(3).failing(faults).serve().await;
    let client = client(Client::builder(), &server);
    let mut items = client.list_pets().stream();
    assert_eq!(ids(&mut items).await, ((1..=3).collect(), Some(503)));
    assert_eq!(ids(&mut items).await, (vec![], None));
}

#[tokio::test]
async fn a_count_that_is_refused_is_no_error() {
    for status in [400, 403, 500] {
        let faults = [None, None, Some(Answer::status(status))];
        let server = Store::strict(3).failing(faults).serve().await;
        let client = client(Client::builder(), &server);
        let mut items = client.list_pets().stream();
        assert_eq!(ids(&mut items).await, up_to(3), "{status}");
    }
}

/// Three attempts, without waiting.
struct AtOnce;

impl rt::RetryPolicy for AtOnce {
    fn next_delay(&self, attempt: &rt::Attempt<'_>) -> Option<Duration> {
        (attempt.number < 3).then_some(Duration::ZERO)
    }
}

#[tokio::test]
async fn each_page_is_retried() {
    let faults = [
        None,
        Some(Answer::status(503)),
        Some(Answer::status(503)),
        None,
        Some(Answer::status(503)),
    ];
    let server = Store::of(7).failing(faults).serve().await;
    let client = built(Client::builder().base_url(server.url("")).retry(AtOnce));
    assert_eq!(ids(&mut client.list_pets().stream()).await, up_to(7));
    assert_eq!(asked(&server).len(), 6);
}

#[tokio::test]
async fn the_next_page_is_asked_for_ahead() {
    let server = Store::of(7).serve().await;
    let client = client(Client::builder(), &server);
    let mut items = client.list_pets().stream().prefetch();
    let first = items.next().await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(first.map(|pet| pet.id), Some(1));
    // Nobody asks the stream for more: the request goes on by itself.
    while server.requests().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(ids(&mut items).await, ((2..=7).collect(), None));
    assert_eq!(
        asked(&server),
        ["limit=3", "limit=3&offset=3", "limit=3&offset=6"]
    );
}

#[tokio::test]
async fn items_of_a_body_are_read_one_by_one() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let body = r#" [{"id": 1}, {"id": "two"}, {"id": 3, "name": "],[\""}] "#;
    server
        .route("GET", "/pets")
        .always(Answer::text(200, "application/json", body).header("X-Total-Count", "3"));
    let response = client.list_pets().send_items().await;
    let response = response.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        (response.status, response.headers.x_total_count()),
        (200, Some(3))
    );
    let mut items = response.into_body();
    let mut shown = Vec::new();
    loop {
        shown.push(match items.next().await {
            Ok(Some(pet)) => format!("{} {:?}", pet.id, pet.name),
            Ok(None) => break,
            Err(error) => error.to_string(),
        });
    }
    assert_eq!(
        shown,
        [
            "1 None",
            "item 1 at byte 13 is not as documented: at /id: expected an integer, found the string \"two\"",
            "3 Some(\"],[\\\"\")"
        ]
    );
}

#[tokio::test]
async fn items_of_a_body_are_a_stream_too() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    server
        .route("GET", "/pets")
        .always(Answer::json(200, &json!([{"id": 1}, {"id": 2}])));
    let response = client.list_pets().send_items().await;
    let items = response.unwrap_or_else(|error| panic!("{error}")).body;
    let pets: Result<Vec<Pet>, _> = items.into_stream().try_collect().await;
    let ids = pets.map(|pets| pets.iter().map(|pet| pet.id).collect::<Vec<_>>());
    assert_eq!(ids.ok(), Some(vec![1, 2]));
}

#[tokio::test]
async fn bodies_that_are_no_array_say_where() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    for (body, count, expected) in [
        ("[]", 0, None),
        (
            "[{\"id\": 1}",
            1,
            Some("item 1 at byte 10: the body ends; expected `,` or `]`"),
        ),
        (
            "[{\"id\": 1}, {\"id\"",
            1,
            Some("item 1 at byte 17: the body ends; expected the rest of the item"),
        ),
        (
            "[{\"id\": 1}] []",
            1,
            Some("item 1 at byte 12: expected nothing behind the array, found `[`"),
        ),
        (
            "[{\"id\": 1},\n{\"id\"\n 2}]",
            1,
            Some("item 1 at byte 19: expected `:`"),
        ),
    ] {
        server
            .route("GET", "/pets")
            .answer(Answer::text(200, "application/json", body));
        let response = client.list_pets().send_items().await;
        let mut items = response
            .unwrap_or_else(|error| panic!("{error}"))
            .into_body();
        let mut came = 0;
        let error = loop {
            match items.next().await {
                Ok(Some(_)) => came += 1,
                Ok(None) => break None,
                Err(error) => break Some(error.to_string()),
            }
        };
        let expected = expected.map(|text| format!("the body is no JSON array, {text}"));
        assert_eq!((came, error), (count, expected), "{body}");
        assert!(
            matches!(items.next().await, Ok(None)),
            "the end stays the end"
        );
    }
    let long = format!("[{{\"id\": 1, \"name\": \"{}\"}}]", "x".repeat(100));
    server
        .route("GET", "/pets")
        .answer(Answer::text(200, "application/json", long));
    let response = client.list_pets().send_items().await;
    let items = response
        .unwrap_or_else(|error| panic!("{error}"))
        .into_body();
    let error = items
        .max_item_bytes(99)
        .next()
        .await
        .expect_err("the item is longer");
    assert_eq!(
        error.to_string(),
        "the body is no JSON array, item 0 at byte 1: the item is longer than 99 bytes"
    );
}

#[tokio::test]
async fn errors_in_place_of_items_are_typed() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let problem = json!({"message": "no"});
    server
        .route("GET", "/pets")
        .answer(Answer::json(400, &problem));
    let error = client
        .list_pets()
        .send_items()
        .await
        .expect_err("it is a 400");
    let expected = Problem {
        message: Some("no".to_owned()),
        ..Problem::default()
    };
    assert_eq!(
        error.documented(),
        Some(&ListPetsError::BadRequest(expected))
    );
}

#[tokio::test]
async fn what_is_no_list_of_items_is_kept() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let page = "<title>Sign in</title>";
    for (answer, expected, kept) in [
        (
            Answer::text(200, "text/html", page).header("X-Request-Id", "r-1"),
            "GET /pets: 200 OK: the body is not JSON, line 1 column 1: expected an array, found `<`; \
             its media type is text/html (x-request-id r-1)",
            page,
        ),
        (
            Answer::text(200, "application/json", "{\"id\": 1}"),
            "GET /pets: 200 OK: the body is not JSON, line 1 column 1: expected an array, found `{`",
            "{\"id\": 1}",
        ),
        (
            Answer::text(200, "application/json", " "),
            "GET /pets: 200 OK: the body is empty, expected JSON",
            "",
        ),
    ] {
        server.route("GET", "/pets").answer(answer);
        let response = client.list_pets().send_items().await;
        let mut items = response.unwrap_or_else(|error| panic!("{error}")).body;
        let error = items.next().await.expect_err("there are no items");
        assert_eq!(error.to_string(), expected);
        let ItemsError::Answer(error) = error else {
            panic!("{error:?}");
        };
        assert_eq!(error.response().bytes(), kept);
        assert!(matches!(items.next().await, Ok(None)), "that is the end");
    }
    server
        .route("GET", "/pets")
        .answer(Answer::json(202, &json!([])));
    let error = client.list_pets().send_items().await;
    let error = error.expect_err("202 is not documented").to_string();
    assert_eq!(
        error,
        "GET /pets: 202 Accepted: status 202 is not documented"
    );
}

#[tokio::test]
async fn items_that_cannot_be_held_are_passed_by() {
    let server = server().await;
    let client = client(Client::builder(), &server);
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let body = format!(
        "[{{\"id\": 1, \"x\": {deep}}}, {{\"id\": 2, \"name\": \"\\ud83d\"}}, {{\"id\": 3}}]"
    );
    server
        .route("GET", "/pets")
        .answer(Answer::text(200, "application/json", body));
    let response = client.list_pets().send_items().await;
    let mut items = response.unwrap_or_else(|error| panic!("{error}")).body;
    for reason in ["recursion limit exceeded", "unexpected end of hex escape"] {
        let error = items
            .next()
            .await
            .expect_err("it cannot be held")
            .to_string();
        assert!(
            error.contains("it cannot be read") && error.contains(reason),
            "{error}"
        );
    }
    let third = items.next().await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(third.map(|pet| pet.id), Some(3));
}
