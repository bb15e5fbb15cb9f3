//! The same calls for both editions, whose operations are types of their own.

use cross_crate_tests::spec;
use oas_runtime::NoRetry;

use super::{ID, NAME, Outcome, check, documented, failure, prefer, success};

macro_rules! edition {
    ($module:ident, $variable:literal) => {
        mod $module {
            use identity_profiles::$module::{
                Client, ExportIdentityProfilesFilter, ExportIdentityProfilesSorter,
                IdentityProfileExportedObject, ListIdentityProfilesFilter,
                ListIdentityProfilesSorter,
            };

            use super::*;

            fn client() -> Client {
                let url = std::env::var($variable)
                    .unwrap_or_else(|_| panic!("{} is not set; call tests/prism/run", $variable));
                Client::builder()
                    .base_url(url)
                    .bearer_token("any")
                    .retry(NoRetry)
                    .build()
                    .unwrap_or_else(|error| panic!("{error}"))
            }

            /// Calls an operation with all that it takes.
            async fn call(client: &Client, operation: &str, status: u16) -> Outcome {
                match operation {
                    "listIdentityProfiles" => {
                        let mut list = client
                            .list_identity_profiles()
                            .limit(250)
                            .offset(0)
                            .count(true)
                            .filters(ListIdentityProfilesFilter::name().eq(NAME))
                            .sorters([
                                ListIdentityProfilesSorter::owner_name().descending(),
                                ListIdentityProfilesSorter::created(),
                            ]);
                        prefer(&mut list, status);
                        let result = list.send().await;
                        result.map_or_else(|e| failure(&e), |r| success(r, |headers| headers.0))
                    }
                    "exportIdentityProfiles" => {
                        let mut export = client
                            .export_identity_profiles()
                            .limit(1)
                            .offset(2_000)
                            .count(false)
                            .filters(ExportIdentityProfilesFilter::name().eq(NAME))
                            .sorters([ExportIdentityProfilesSorter::priority().descending()]);
                        prefer(&mut export, status);
                        let result = export.send().await;
                        result.map_or_else(|e| failure(&e), |r| success(r, |headers| headers.0))
                    }
                    "getIdentityProfile" => {
                        let mut get = client.get_identity_profile(ID);
                        prefer(&mut get, status);
                        let result = get.send().await;
                        result.map_or_else(|e| failure(&e), |r| success(r, |headers| headers))
                    }
                    "importIdentityProfiles" => {
                        let mut import = client.import_identity_profiles(export());
                        prefer(&mut import, status);
                        let result = import.send().await;
                        result.map_or_else(|e| failure(&e), |r| success(r, |headers| headers))
                    }
                    other => panic!("{other} is not known here"),
                }
            }

            /// The documented example of an export.
            fn export() -> Vec<IdentityProfileExportedObject> {
                let file =
                    cross_crate_tests::workspace().join("spec/examples/IdentityProfileExport.yaml");
                let example = spec::read_yaml(&file).unwrap_or_else(|error| panic!("{error}"));
                serde_json::from_value(example["value"].clone())
                    .unwrap_or_else(|error| panic!("{error}"))
            }

            #[tokio::test]
            #[ignore = "needs Prism: tests/prism/run"]
            async fn every_documented_answer() {
                let document = spec::load(stringify!($module)).unwrap_or_else(|e| panic!("{e}"));
                let documented = documented(&document);
                assert_eq!(documented.len(), 26);
                let client = client();
                for (operation, status) in documented {
                    let outcome = call(&client, &operation, status).await;
                    check(&operation, status, &outcome);
                }
            }

            #[tokio::test]
            #[ignore = "needs Prism: tests/prism/run"]
            async fn what_is_not_as_documented_is_refused() {
                let error = client().list_identity_profiles().limit(251).send().await;
                let outcome = failure(&error.err().unwrap_or_else(|| panic!("it was taken")));
                assert_eq!(outcome.status, 400);
                assert!(outcome.headers.contains_key("sl-violations"));
            }
        }
    };
}

edition!(v3, "PRISM_V3");
edition!(v2024, "PRISM_V2024");
