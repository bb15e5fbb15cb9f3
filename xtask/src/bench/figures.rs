//! What was measured, against what it is to be.

use serde::Serialize;

use super::runs::Taken;

/// What a figure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum What {
    /// Processor time, as a multiple of that of reading the same file in the same way.
    Processor,
    /// Wall time with all cores, as a share of that with one thread.
    Parallel,
    /// Wall time of as many processes as there are cores, with one thread each and at once, as a
    /// multiple of that of one alone: it tells what the machine has to give.
    Crowded,
    /// Peak memory in MiB.
    Memory,
    /// Milliseconds from start to exit.
    Start,
}

impl What {
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Processor => "CPU",
            Self::Parallel => "wall, all cores ÷ 1 thread",
            Self::Crowded => "wall, a process a core ÷ one alone",
            Self::Memory => "peak memory",
            Self::Start => "start to exit",
        }
    }

    /// A number with its unit.
    pub(super) fn show(self, number: f64) -> String {
        match self {
            Self::Processor | Self::Parallel | Self::Crowded => format!("{number:.2}×"),
            Self::Memory => format!("{number:.1} MiB"),
            Self::Start => format!("{number:.1} ms"),
        }
    }
}

/// How the program gets a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum From {
    File,
    Pipe,
}

impl From {
    pub(super) const ALL: [Self; 2] = [Self::File, Self::Pipe];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Pipe => "pipe",
        }
    }
}

/// How many threads the program is asked to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Threads {
    One,
    /// What it uses by itself.
    Default,
}

impl Threads {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Default => "default",
        }
    }
}

/// One figure.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Figure {
    pub(super) what: What,
    pub(super) input: String,
    pub(super) from: From,
    pub(super) threads: Threads,
    /// Nothing where the program failed.
    pub(super) value: Option<f64>,
    /// The most that it is to be, if that is said.
    pub(super) limit: Option<f64>,
    pub(super) taken: Taken,
}

impl Figure {
    /// Whether the target is met, if there is one.
    pub(super) fn is_met(&self) -> Option<bool> {
        let limit = self.limit?;
        Some(self.value.is_some_and(|value| value <= limit))
    }
}
