//! Load → resolve → lower → emit on arbitrary bytes: no panic, no overflow, and valid Rust.
//!
//! ```sh
//! cargo install cargo-fuzz
//! mkdir -p fuzz/corpus/generate
//! cp tests/positive/*.yaml tests/positive/*.json fuzz/corpus/generate
//! cargo +nightly fuzz run generate -- -dict=fuzz/openapi.dict -timeout=10 -max_total_time=300
//! ```
#![no_main]

use libfuzzer_sys::fuzz_target;
use oas_codegen::cli::with_large_stack;
use oas_codegen::emit::{Manifest, Runtime};
use oas_codegen::load::ReadFile;
use oas_codegen::{Input, Options, generate};

/// One text that is read under any name, so that references to other files lead to it too.
struct Text<'a>(&'a [u8]);

impl ReadFile for Text<'_> {
    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        // Each further name would be a further file: two are enough.
        match name {
            "entry" | "other" => Ok(self.0.to_vec()),
            _ => Err("not found".to_owned()),
        }
    }
}

fuzz_target!(|document: &[u8]| {
    let inputs = [Input {
        file: "entry".to_owned(),
        module: None,
        is_default: true,
    }];
    let manifest = Manifest {
        runtime: Runtime::Version("0.1".to_owned()),
        in_workspace: false,
    };
    let mut options = Options::new("fuzzed", manifest);
    options.json_schemas = true;
    let generated = with_large_stack(|| generate(&inputs, &options, &Text(document)));
    let generated = generated.unwrap_or_else(|error| panic!("{error}"));
    for file in generated.files() {
        if file.path.ends_with(".rs")
            && let Err(error) = syn::parse_file(&file.contents)
        {
            panic!("{}: {error}\n{}", file.path, file.contents);
        }
    }
});
