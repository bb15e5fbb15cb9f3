//! Readers that end badly: what was read before is told, by any number of threads, and all end.

use std::{
    io::{self, ErrorKind, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicUsize, Ordering},
};

use export_validator::{Edition, Finding, Options, Validator};

const THREADS: [usize; 4] = [1, 2, 3, 8];

/// Where reading ends badly: in the midst of several blocks.
const END: usize = 3_500_000;

/// Reads an export up to a place, and then does something else.
struct Ending<'a> {
    rest: &'a [u8],
    otherwise: fn() -> io::Error,
    /// How often it did.
    ends: &'a AtomicUsize,
}

impl Read for Ending<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest.is_empty() {
            self.ends.fetch_add(1, Ordering::Relaxed);
            return Err((self.otherwise)());
        }
        // A pipe gives so much at a time.
        let length = buffer.len().min(self.rest.len()).min(64 * 1024);
        let (now, later) = self.rest.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.rest = later;
        Ok(length)
    }
}

/// An export in which one of thirty profiles is of no source.
fn export() -> String {
    let profile = |index: usize| {
        let kind = if index % 30 == 7 { "SUORCE" } else { "SOURCE" };
        format!(
            r#"{{"version":1,"self":{{"type":"IDENTITY_PROFILE"}},"object":{{"name":"Prófile {index}",
"authoritativeSource":{{"type":"{kind}","id":"{index:032x}"}},"description":"{}"}}}}"#,
            "x".repeat(index % 7 * 100)
        )
    };
    let profiles: Vec<String> = (0..9_000).map(profile).collect();
    format!("[{}]", profiles.join(","))
}

/// Checks an export of which nothing comes after its first part.
fn check(
    threads: usize,
    otherwise: fn() -> io::Error,
    on_finding: impl FnMut(Finding),
) -> (io::Result<()>, usize) {
    let text = export();
    let rest = text.as_bytes().get(..END).expect("it is longer");
    let mut options = Options::default();
    options.threads = threads;
    let ends = AtomicUsize::new(0);
    let reader = Ending {
        rest,
        otherwise,
        ends: &ends,
    };
    let checked = Validator::new(Edition::V2024).check(reader, &options, on_finding);
    (checked.map(drop), ends.load(Ordering::Relaxed))
}

#[test]
fn what_was_read_before_a_failure_is_told() {
    let told = |threads| {
        let mut findings = Vec::new();
        let fails = || io::Error::new(ErrorKind::TimedOut, "the share is gone");
        let (checked, ends) = check(threads, fails, |finding| findings.push(finding));
        assert_eq!(ends, 1, "{threads} threads");
        let failure = checked.expect_err("the reader fails");
        assert_eq!(failure.kind(), ErrorKind::TimedOut, "{threads} threads");
        findings
    };
    let [alone, others @ ..] = THREADS.map(told);
    let last = alone.last().expect("there are findings");
    assert!(last.position.offset > END - 100_000, "{last:?}");
    for findings in others {
        assert_eq!(findings.len(), alone.len());
        assert!(findings == alone);
    }
}

/// What a panic says that comes out of a check.
fn panic_of(check: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(check)).expect_err("it panics");
    (*panic.downcast::<&str>().expect("a text")).to_owned()
}

#[test]
fn a_reader_that_panics_is_not_read_again() {
    static PANICS: AtomicUsize = AtomicUsize::new(0);
    let panics = || {
        PANICS.fetch_add(1, Ordering::Relaxed);
        panic!("by the reader")
    };
    for threads in THREADS {
        let said = panic_of(|| {
            let _ = check(threads, panics, drop);
        });
        assert_eq!(said, "by the reader", "{threads} threads");
        assert_eq!(PANICS.swap(0, Ordering::Relaxed), 1, "{threads} threads");
    }
}

#[test]
fn all_threads_end_where_what_is_told_of_findings_panics() {
    for threads in THREADS {
        let said = panic_of(|| {
            let fails = || io::Error::other("it comes this far");
            let _ = check(threads, fails, |_| panic!("by the listener"));
        });
        assert_eq!(said, "by the listener", "{threads} threads");
    }
}
