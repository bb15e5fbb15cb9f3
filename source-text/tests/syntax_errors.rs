//! Every way in which a text is not JSON: the inputs are files, the reports stand beside them.

#![expect(
    clippy::disallowed_methods,
    reason = "tests read their inputs from files"
)]

use source_text::{
    Span, frame,
    json::{Reader, SyntaxError},
};

/// Reads a document that is broken and shows the report a user would see.
fn check(name: &str, text: &str) -> String {
    let max_depth = if name == "too-deep" { 6 } else { 100 };
    let mut reader = Reader::new(text).with_limits(max_depth);
    let mut events = 0;
    let error = loop {
        match reader.next() {
            Some(Ok(_)) => events += 1,
            Some(Err(error)) => break error,
            None => panic!("{name} was read without an error"),
        }
    };
    assert!(
        reader.next().is_none(),
        "{name}: an error must end the events"
    );
    report(name, text, &error, events)
}

fn report(name: &str, text: &str, error: &SyntaxError, events: usize) -> String {
    let source = source_text::SourceText::new(format!("{name}.json"), text);
    let Span { start, end } = error.span;
    let position = source.position(start);
    let mut report = format!(
        "{}:{}:{}: {}\nkind: {}, bytes {start}..{end}, after {events} events\n\n{}\nexpected: {}\nhelp: {}\n",
        source.name(),
        position.line,
        position.column,
        error.message(),
        error.kind.name(),
        frame(&source, error.span, ""),
        error.expected(),
        error.help(),
    );
    if let Some((span, label)) = error.related() {
        report.push('\n');
        report.push_str(&frame(&source, span, &label));
    }
    report
}

#[test]
fn every_kind_of_syntax_error_is_reported_at_its_place() {
    insta::glob!("syntax-errors/*.json", |path| {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let text = std::fs::read_to_string(path).expect("test inputs are UTF-8");
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.set_snapshot_path(path.parent().expect("inputs are in a folder"));
        settings.remove_snapshot_suffix();
        settings.bind(|| insta::assert_snapshot!(name.as_str(), check(&name, &text)));
    });
}

#[test]
fn each_kind_has_an_input() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/syntax-errors");
    let reports: Vec<String> = std::fs::read_dir(folder)
        .expect("inputs are committed")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "snap")
        })
        .map(|path| std::fs::read_to_string(path).expect("UTF-8"))
        .collect();
    let kinds = "empty byte-order-mark truncated text-after-document unexpected-character \
        unknown-word not-finite unquoted-key key-not-string wrong-quotes comment trailing-comma \
        extra-comma missing-comma unescaped-quote unclosed-key comma-in-number missing-value \
        missing-colon mismatched-bracket unopened-bracket \
        unclosed-string control-character unknown-escape incomplete-unicode-escape lone-surrogate \
        leading-zero leading-plus missing-digits malformed-number too-deep";
    for kind in kinds.split_whitespace() {
        let line = format!("kind: {kind},");
        assert!(
            reports.iter().any(|report| report.contains(&line)),
            "no input gives {kind}"
        );
    }
}
