//! Files of any size, through a window, to findings in the order of the file.
//!
//! ```text
//! bytes → window    the part of the file that is in memory
//!       → document  what the file is: its shape, and where its elements begin
//!       → element   one element: fast path, authority, rules
//!       → sink      positions, severities, numbers; one finding after the other
//! ```

mod advice;
mod blocks;
mod broken;
mod chain;
mod diagnosis;
mod document;
mod element;
mod envelope;
mod forced;
mod in_parts;
mod lines;
mod no_export;
mod parallel;
mod parts;
mod position;
mod processors;
mod sink;
mod stack;
mod subject;
mod text;
mod window;

use std::{
    io::{self, Read},
    sync::OnceLock,
};

pub(crate) use subject::{Exports, Payload, Subject};

use crate::{Finding, MAX_FINDINGS_PER_CODE, Policy, Shape, Summary};

/// How many objects and arrays may be open at once in a file, unless [`Options`] say otherwise.
///
/// Many readers of JSON refuse more, this API's clients among them.
pub const MAX_DEPTH: usize = 128;

/// How many threads check elements at most, unless [`Options`] say otherwise.
///
/// They read one after the other, which keeps no more of them at work, and each holds a block or two.
const USUAL_THREADS_LIMIT: usize = 8;

/// How long an object may be to be checked at one go: less than a window.
const AT_ONCE: usize = 256 * 1024;

/// How many there are however many are asked for: systems give few more than that without harm.
const THREADS_LIMIT: usize = 64;

/// How files are checked and what is said about them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// How bad findings of each code are.
    pub policy: Policy,
    /// How many objects and arrays may be open at once; all else is [`Code::TooDeep`](crate::Code).
    pub max_depth: usize,
    /// How many findings of each code are given out; all are counted. `None` gives all out.
    pub max_findings_per_code: Option<usize>,
    /// How many threads check elements; 0 stands for as many as there are processors, at most 8.
    /// There are never more than 64.
    pub threads: usize,
    /// Whether a thread leaves a processor that another one of them is on, which makes two cores
    /// faster where a system starts threads beside each other. On Linux that takes
    /// `sched_setaffinity`, which some sandboxes forbid; elsewhere it says nothing.
    pub spread_threads: bool,
    /// What the file is taken for; it is recognised if this is `None`.
    pub shape: Option<Shape>,
    /// How many bytes are read ahead.
    pub(crate) window: usize,
    /// How many bytes an object may have to be checked at one go; an exported object among others has
    /// four times that.
    pub(crate) at_once: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            policy: Policy::default(),
            max_depth: MAX_DEPTH,
            max_findings_per_code: Some(MAX_FINDINGS_PER_CODE),
            threads: 0,
            spread_threads: false,
            shape: None,
            window: window::WINDOW,
            at_once: AT_ONCE,
        }
    }
}

impl Options {
    fn threads(&self) -> usize {
        match self.threads {
            0 => cores().min(USUAL_THREADS_LIMIT),
            stated => stated.min(THREADS_LIMIT),
        }
    }

    fn limit(&self) -> usize {
        self.max_findings_per_code.unwrap_or(usize::MAX)
    }
}

/// How many threads can be at work at once; the system looks it up in several files.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

/// Checks a file by a subject.
pub(crate) fn check(
    subject: &Subject,
    reader: &mut (dyn Read + Send),
    options: &Options,
    on_finding: &mut dyn FnMut(Finding),
) -> io::Result<Summary> {
    document::Document::new(subject, reader, options, on_finding).check()
}
