//! Collections: filtered and sorted.

use cross_crate_tests::scripted_server::Answer;
use test_clients::collections::{Client, ListPetsFilter, ListPetsSorter, ListToysFilter};
use test_clients::rt::{Filter, FilterFields as _};

use crate::support::{call, check_targets, client, server};

#[tokio::test]
async fn filters_and_sorters_go_out_escaped() {
    use ListPetsFilter as By;
    let server = server().await;
    server.otherwise(Answer::json(200, &serde_json::json!([])));
    let client = client(Client::builder(), &server);
    let filtered = |filter| call(client.list_pets().filters(filter).send());
    check_targets(
        &server,
        [
            (filtered(By::id().eq(7)), "GET /pets?filters=id%20eq%207"),
            (
                filtered(By::name().starts_with("a\"b\\c")),
                "GET /pets?filters=name%20sw%20%22a%5C%22b%5C%5Cc%22",
            ),
            (
                filtered(By::name().is_in(["#", "%", "&+ä"])),
                "GET /pets?filters=name%20in%20%28%22%23%22%2C%20%22%25%22%2C%20%22%26%2B%C3%A4%22%29",
            ),
            (
                filtered(By::owner_id().eq(true).and(!By::name().is_null())),
                "GET /pets?filters=owner.id%20eq%20true%20and%20not%20name%20isnull",
            ),
            (
                filtered(By::raw("whatever = 'is' written")),
                "GET /pets?filters=whatever%20%3D%20%27is%27%20written",
            ),
            (
                call(
                    client
                        .list_pets()
                        .sorters([ListPetsSorter::owner_id(), ListPetsSorter::id().descending()])
                        .send(),
                ),
                "GET /pets?sorters=owner.id%2C-id",
            ),
            (call(client.list_pets().sorters([]).send()), "GET /pets"),
            (
                call(client.list_toys(ListToysFilter::name().eq("ball")).send()),
                "GET /toys?filters=name%20eq%20%22ball%22",
            ),
        ],
    )
    .await;
}

#[test]
fn filters_are_read_for_their_operation() {
    let parse = |text: &str| ListPetsFilter::parse(text).map_err(|error| error.to_string());
    assert_eq!(
        parse("id eq 1 or name in (\"a\")"),
        Ok(ListPetsFilter::id()
            .eq(1)
            .or(ListPetsFilter::name().is_in(["a"])))
    );
    assert_eq!(
        parse("id sw \"1\""),
        Err(
            "column 4: expected an operator that the field takes, found `sw`; `id` takes eq, ne"
                .to_owned()
        )
    );
    assert_eq!(
        parse("owner eq 1").map(|_: Filter<_>| ()),
        Err("column 1: expected a field that can be filtered by, found `owner`; there are id, name, owner.id".to_owned())
    );
    let fields: Vec<&str> = ListPetsFilter::FIELDS
        .iter()
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(fields, ["id", "name", "owner.id"]);
}
