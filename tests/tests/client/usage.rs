//! The client as its users write it: typed to the last field.

use cross_crate_tests::scripted_server::{Answer, ScriptedServer};
use serde_json::json;

use crate::calls::{ID, TOKEN};

async fn tenant() -> ScriptedServer {
    ScriptedServer::start()
        .await
        .unwrap_or_else(|error| panic!("{error}"))
}

/// The same tests for each of the current editions, whose operations are types of their own.
macro_rules! current_edition {
    ($module:ident) => {
        mod $module {
            use identity_profiles::$module::{
                Client, ExportIdentityProfilesError, ExportedObjectType, GetIdentityProfileError,
                IdentityProfileExportedObject, ImportIdentityProfilesError, ImportedObjectType,
                ListIdentityProfilesError,
            };
            use oas_runtime::{Error, ErrorBody, Nullable};

            use super::*;

            fn client(tenant: &ScriptedServer) -> Client {
                let client = Client::builder()
                    .base_url(tenant.url(""))
                    .bearer_token(TOKEN)
                    .retry(oas_runtime::NoRetry)
                    .build();
                client.unwrap_or_else(|error| panic!("{error}"))
            }

            #[tokio::test]
            async fn list() {
                let tenant = tenant().await;
                tenant
                    .route("GET", "/identity-profiles")
                    .answer(
                        Answer::json(200, &json!([{"name": "HR", "authoritativeSource": {}, "new": 1}]))
                            .header("X-Total-Count", "1"),
                    )
                    .answer(
                        Answer::json(429, &json!({"message": {"limit": 100}}))
                            .header("Retry-After", "9"),
                    );
                let list = client(&tenant).list_identity_profiles().count(true);
                let page = list.clone().send().await;
                let page = page.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(page.headers.x_total_count(), Some(1));
                assert_eq!(page.body[0].name, Nullable::Value("HR".to_owned()));
                assert_eq!(page.body[0].extra.get("new"), Some(&json!(1)));

                let error = list.send().await.err();
                let Some(Error::Api(error)) = error else {
                    panic!("expected an answer: {error:?}")
                };
                assert_eq!(error.retry_after(), Some(std::time::Duration::from_secs(9)));
                match error.documented() {
                    Some(ListIdentityProfilesError::TooManyRequests(body)) => {
                        assert_eq!(body.message, Some(json!({"limit": 100})));
                    }
                    other => panic!("{other:?}"),
                }
                match error.into_body() {
                    ErrorBody::Decoded(ListIdentityProfilesError::TooManyRequests(_)) => {}
                    other => panic!("{other:?}"),
                }
            }

            #[tokio::test]
            async fn get() {
                let tenant = tenant().await;
                let path = format!("/identity-profiles/{ID}");
                tenant
                    .route("GET", &path)
                    .answer(Answer::json(
                        404,
                        &json!({"detailCode": "404 Not found", "trackingId": "1"}),
                    ))
                    .answer(Answer::json(401, &json!({"error": "expired"})));
                let get = client(&tenant).get_identity_profile(ID);
                let error = get.clone().send().await.err();
                match error.as_ref().and_then(Error::documented) {
                    Some(GetIdentityProfileError::NotFound(body)) => {
                        assert_eq!(body.detail_code.as_deref(), Some("404 Not found"));
                        assert_eq!(body.tracking_id.as_deref(), Some("1"));
                        assert_eq!(body.messages, None);
                    }
                    other => panic!("{other:?}"),
                }
                let error = get.send().await.err();
                match error.as_ref().and_then(Error::documented) {
                    Some(GetIdentityProfileError::Unauthorized(body)) => {
                        assert_eq!(body.error, Some(json!("expired")));
                    }
                    other => panic!("{other:?}"),
                }
            }

            #[tokio::test]
            async fn export() {
                let tenant = tenant().await;
                tenant
                    .route("GET", "/identity-profiles/export")
                    .answer(Answer::json(200, &json!([{"self": {"type": "IDENTITY_PROFILE"}}])))
                    .answer(Answer::json(403, &json!({"causes": [{"text": "no"}]})));
                let export = client(&tenant).export_identity_profiles();
                let objects = export.clone().send().await;
                let objects = objects.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(objects.headers.x_total_count(), None);
                let first = objects.body.first().and_then(|object| object.self_.as_ref());
                assert_eq!(
                    first.and_then(|first| first.type_.as_ref()),
                    Some(&ExportedObjectType::IdentityProfile)
                );

                let error = export.send().await.err();
                match error.as_ref().and_then(Error::documented) {
                    Some(ExportIdentityProfilesError::Forbidden(body)) => {
                        let causes = body.causes.as_deref().unwrap_or_default();
                        assert_eq!(causes[0].text.as_deref(), Some("no"));
                    }
                    other => panic!("{other:?}"),
                }
            }

            #[tokio::test]
            async fn import() {
                let tenant = tenant().await;
                tenant
                    .route("POST", "/identity-profiles/import")
                    .answer(Answer::json(
                        200,
                        &json!({
                            "infos": [], "warnings": [],
                            "errors": [{"key": null, "text": "?", "detail": {"exception": "x"}}],
                            "importedObjects": [{"type": "CONNECTOR_RULE"}],
                        }),
                    ))
                    .answer(Answer::json(400, &json!({})));
                let objects = vec![IdentityProfileExportedObject::default()];
                let import = client(&tenant).import_identity_profiles(objects);
                let result = import.clone().send().await;
                let result = result.unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(result.body.errors[0].key, Nullable::Null);
                assert_eq!(
                    result.body.errors[0].extra.get("detail"),
                    Some(&json!({"exception": "x"}))
                );
                assert_eq!(
                    result.body.imported_objects[0].type_,
                    Some(ImportedObjectType::ConnectorRule)
                );

                let error = import.send().await.err();
                assert!(matches!(
                    error.as_ref().and_then(Error::documented),
                    Some(ImportIdentityProfilesError::BadRequest(_))
                ));
                let bodies: Vec<_> = tenant.requests().iter().map(|r| r.text()).collect();
                assert_eq!(bodies, ["[{}]", "[{}]"]);
            }
        }
    };
}

current_edition!(v3);
current_edition!(v2024);

mod v3_legacy {
    use identity_profiles::v3_legacy::{Client, DtoType, GetIdentityProfileError};
    use oas_runtime::Error;

    use super::*;

    #[tokio::test]
    async fn get_and_export() {
        let tenant = tenant().await;
        let path = format!("/identity-profiles/{ID}");
        tenant
            .route("GET", &path)
            .answer(Answer::json(200, &json!({})))
            .answer(Answer::json(400, &json!({"detailCode": "400"})))
            .answer(Answer::json(500, &json!({"detailCode": "500"})));
        tenant
            .route("GET", "/identity-profiles/export")
            .always(Answer::json(
                200,
                &json!([{"self": {"type": "TASK_RESULT"}}]),
            ));
        let client = Client::builder()
            .base_url(tenant.url(""))
            .bearer_token(TOKEN)
            .build();
        let client = client.unwrap_or_else(|error| panic!("{error}"));

        let get = client.get_identity_profile(ID);
        let profile = get.clone().send().await;
        assert_eq!(profile.ok().and_then(|profile| profile.body.name), None);
        let undocumented = get.clone().send().await.err();
        let undocumented = undocumented.as_ref();
        assert_eq!(undocumented.and_then(Error::status), Some(400));
        assert_eq!(undocumented.and_then(Error::documented), None);
        let error = get.send().await.err();
        assert!(matches!(
            error.as_ref().and_then(Error::documented),
            Some(GetIdentityProfileError::InternalServerError(_))
        ));

        let objects = client.export_identity_profiles().send().await;
        let objects = objects.unwrap_or_else(|error| panic!("{error}")).body;
        let first = objects.first().and_then(|object| object.self_.as_ref());
        assert_eq!(
            first.and_then(|first| first.type_.as_ref()),
            Some(&DtoType::TaskResult)
        );
    }
}
