//! Time and peak memory of a program and everything it starts.
//!
//! A process is charged with the memory of the one that started it until it has become a program
//! of its own, and the system adds up children over a process's life. So each measurement is
//! made by a small process of its own: this program, called as `xtask measure`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use serde::{Deserialize, Serialize};

/// What a program cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// Seconds from start to end.
    pub(crate) seconds: f64,
    /// Seconds of processor time, all threads and children.
    pub(crate) processor_seconds: f64,
    /// Peak resident memory in bytes of the largest process.
    pub(crate) peak_bytes: u64,
}

impl Usage {
    /// What it cost together with another program that ran at the same time.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            seconds: self.seconds.max(other.seconds),
            processor_seconds: self.processor_seconds + other.processor_seconds,
            peak_bytes: self.peak_bytes.max(other.peak_bytes),
        }
    }

    /// The median of each number by itself; zeros of none.
    pub(crate) fn median(all: &[Self]) -> Self {
        let middle = |number: fn(&Self) -> f64| {
            let mut numbers: Vec<f64> = all.iter().map(number).collect();
            numbers.sort_by(f64::total_cmp);
            numbers.get(numbers.len() / 2).copied().unwrap_or_default()
        };
        let mut peaks: Vec<u64> = all.iter().map(|usage| usage.peak_bytes).collect();
        peaks.sort_unstable();
        Self {
            seconds: middle(|usage| usage.seconds),
            processor_seconds: middle(|usage| usage.processor_seconds),
            peak_bytes: peaks.get(peaks.len() / 2).copied().unwrap_or_default(),
        }
    }
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum End {
    /// With this exit status.
    Exited(i32),
    /// A signal ended it.
    Killed,
    /// It took longer than allowed.
    TimedOut,
}

/// What a measured program did.
#[derive(Clone, Debug)]
pub(crate) struct Measured {
    pub(crate) end: End,
    pub(crate) usage: Usage,
    pub(crate) output: String,
    pub(crate) errors: String,
}

impl Measured {
    pub(crate) fn is_success(&self) -> bool {
        self.end == End::Exited(0)
    }
}

/// What one measuring process tells the other.
#[derive(Serialize, Deserialize)]
struct Note {
    end: End,
    usage: Usage,
}

/// Measures programs.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    /// This program.
    pub(crate) program: PathBuf,
    /// Where the measuring process leaves its note.
    pub(crate) note: PathBuf,
    /// How long a program may take.
    pub(crate) limit: Duration,
}

impl Meter {
    /// Runs the command to its end, with nothing to read.
    pub(crate) fn measure(&self, command: &Command) -> anyhow::Result<Measured> {
        self.measure_fed(command, None)
    }

    /// Runs the command to its end; it reads the file from a pipe.
    pub(crate) fn measure_fed(
        &self,
        command: &Command,
        input: Option<&Path>,
    ) -> anyhow::Result<Measured> {
        let mut meter = Command::new(&self.program);
        meter
            .arg("measure")
            .arg("--limit")
            .arg(self.limit.as_secs().to_string())
            .arg("--note")
            .arg(&self.note);
        if let Some(input) = input {
            meter.arg("--input").arg(input);
        }
        meter
            .arg("--")
            .arg(command.get_program())
            .args(command.get_args());
        if let Some(directory) = command.get_current_dir() {
            meter.current_dir(directory);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => meter.env(name, value),
                None => meter.env_remove(name),
            };
        }
        let _ = std::fs::remove_file(&self.note);
        let told = meter
            .output()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let errors = String::from_utf8_lossy(&told.stderr).into_owned();
        let note = std::fs::read(&self.note)
            .map_err(|_| anyhow!("cannot run {command:?}: {}", errors.trim()))?;
        let note: Note = serde_json::from_slice(&note)?;
        Ok(Measured {
            end: note.end,
            usage: note.usage,
            output: String::from_utf8_lossy(&told.stdout).into_owned(),
            errors,
        })
    }
}

/// `xtask measure`: runs the command and leaves a note of what it cost.
pub(crate) fn run(
    command: &[std::ffi::OsString],
    note: &Path,
    limit: u64,
    input: Option<&Path>,
) -> anyhow::Result<()> {
    let (program, arguments) = command.split_first().context("there is no command")?;
    let mut command = Command::new(program);
    command.args(arguments);
    let open =
        |path: &Path| File::open(path).with_context(|| format!("cannot read {}", path.display()));
    let input = input.map(open).transpose()?;
    if input.is_some() {
        command.stdin(Stdio::piped());
    }
    let limit = Duration::from_secs(limit);
    let start = Instant::now();
    let end = run_to_end(&mut command, limit, input)
        .with_context(|| format!("cannot start {}", program.display()))?;
    let seconds = start.elapsed().as_secs_f64();
    let (processor_seconds, peak_bytes) = children_usage();
    let usage = Usage {
        seconds,
        processor_seconds,
        peak_bytes,
    };
    std::fs::write(note, serde_json::to_vec(&Note { end, usage })?)
        .with_context(|| format!("cannot write {}", note.display()))
}

#[cfg(unix)]
fn run_to_end(command: &mut Command, limit: Duration, input: Option<File>) -> std::io::Result<End> {
    use std::os::unix::process::CommandExt;

    use nix::sys::signal::{Signal, killpg};
    use nix::unistd::Pid;

    // A group of its own, so that what the program started ends with it.
    let mut child = command.process_group(0).spawn()?;
    feed(&mut child, input);
    let group = i32::try_from(child.id()).ok().map(Pid::from_raw);
    let (done, is_done) = mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let is_late = is_done.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout);
        if let (true, Some(group)) = (is_late, group) {
            let _ = killpg(group, Signal::SIGKILL);
        }
        is_late
    });
    let status = child.wait();
    drop(done);
    let is_late = watch.join().unwrap_or_default();
    Ok(if is_late {
        End::TimedOut
    } else {
        end_of(status?)
    })
}

#[cfg(not(unix))]
fn run_to_end(
    command: &mut Command,
    _limit: Duration,
    input: Option<File>,
) -> std::io::Result<End> {
    let mut child = command.spawn()?;
    feed(&mut child, input);
    child.wait().map(end_of)
}

/// Writes the file to the child's pipe. The time that it takes is this process's, not the child's.
fn feed(child: &mut Child, input: Option<File>) {
    if let (Some(mut pipe), Some(mut input)) = (child.stdin.take(), input) {
        // The thread ends when the child does: a pipe that nobody reads refuses what is written.
        std::thread::spawn(move || std::io::copy(&mut input, &mut pipe));
    }
}

fn end_of(status: ExitStatus) -> End {
    status.code().map_or(End::Killed, End::Exited)
}

/// Processor seconds and peak bytes of this process's children that have ended.
#[cfg(unix)]
fn children_usage() -> (f64, u64) {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else {
        return (0.0, 0);
    };
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    let microseconds = u64::try_from(microseconds).unwrap_or_default();
    // Kibibytes everywhere but on Apple's systems.
    let unit = if cfg!(target_vendor = "apple") {
        1
    } else {
        1024
    };
    let peak = u64::try_from(usage.max_rss()).unwrap_or_default() * unit;
    (Duration::from_micros(microseconds).as_secs_f64(), peak)
}

#[cfg(not(unix))]
fn children_usage() -> (f64, u64) {
    (0.0, 0)
}

#[cfg(test)]
mod tests {
    use super::Usage;

    fn usage(seconds: f64, peak_bytes: u64) -> Usage {
        Usage {
            seconds,
            processor_seconds: seconds,
            peak_bytes,
        }
    }

    #[test]
    fn the_median_is_taken_of_each_number_by_itself() {
        let all = [usage(3.0, 10), usage(1.0, 30), usage(2.0, 20)];
        assert_eq!(Usage::median(&all), usage(2.0, 20));
        assert_eq!(Usage::median(&all[..1]), usage(3.0, 10));
        assert_eq!(Usage::median(&[]), usage(0.0, 0));
    }
}
