//! How far reading has come, on a terminal.

use std::{
    fmt::Write,
    io::{self, IsTerminal, Read},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::Source;

/// How long work takes before it is worth a bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often the bar is drawn while nothing is read.
const TICK: Duration = Duration::from_millis(250);

/// Counts what is read, and draws a bar when that takes longer than a second.
///
/// Clones count together.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Shared>>);

struct Shared {
    started: Instant,
    patience: Duration,
    /// Bytes of all sources; `None` where that is not known.
    total: Option<u64>,
    sources: usize,
    read: AtomicU64,
    /// Sources that are done, and their bytes.
    done: AtomicUsize,
    done_bytes: AtomicU64,
    target: fn() -> ProgressDrawTarget,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Counts nothing and draws nothing.
    pub fn hidden() -> Self {
        Self(None)
    }

    /// Draws on the standard error stream if that is a terminal.
    pub fn on_terminal<'a>(sources: impl IntoIterator<Item = &'a Source>) -> Self {
        let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        if is_dumb || !io::stderr().is_terminal() {
            return Self::hidden();
        }
        Self::new(sources, PATIENCE, ProgressDrawTarget::stderr)
    }

    fn new<'a>(
        sources: impl IntoIterator<Item = &'a Source>,
        patience: Duration,
        target: fn() -> ProgressDrawTarget,
    ) -> Self {
        let mut count = 0;
        let total = sources
            .into_iter()
            .inspect(|_| count += 1)
            .map(Source::size)
            .sum();
        Self(Some(Arc::new(Shared {
            started: Instant::now(),
            patience,
            total,
            sources: count,
            read: AtomicU64::new(0),
            done: AtomicUsize::new(0),
            done_bytes: AtomicU64::new(0),
            target,
            bar: OnceLock::new(),
        })))
    }

    /// Counts what is read from `reader`.
    pub fn count<R: Read>(&self, reader: R) -> Counted<R> {
        Counted {
            reader,
            progress: self.clone(),
        }
    }

    /// Counts bytes that were read.
    pub(super) fn add(&self, bytes: usize) {
        if let Some(shared) = &self.0 {
            let read = shared.read.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
            shared.draw(read);
        }
    }

    /// Counts a source as read, whatever of it was.
    pub(super) fn source_is_done(&self, size: Option<u64>) {
        let Some(shared) = &self.0 else { return };
        shared.done.fetch_add(1, Ordering::Relaxed);
        if let Some(size) = size {
            let done = shared.done_bytes.fetch_add(size, Ordering::Relaxed) + size;
            // Entries of an archive that are left alone count when the archive is done.
            let read = shared.read.fetch_max(done, Ordering::Relaxed).max(done);
            shared.draw(read);
        }
    }

    /// Writes to the terminal while the bar is away from it.
    pub fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.0.as_ref().and_then(|shared| shared.bar.get()) {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar away for good.
    pub fn finish(&self) {
        if let Some(bar) = self.0.as_ref().and_then(|shared| shared.bar.get()) {
            bar.finish_and_clear();
        }
    }
}

impl Shared {
    fn draw(&self, read: u64) {
        let bar = match self.bar.get() {
            Some(bar) => bar,
            None if self.started.elapsed() < self.patience => return,
            None => self.bar.get_or_init(|| self.make_bar(read)),
        };
        if self.sources > 1 {
            let current = (self.done.load(Ordering::Relaxed) + 1).min(self.sources);
            bar.set_prefix(format!("file {current} of {}, ", self.sources));
        }
        bar.set_position(read);
    }

    fn make_bar(&self, read: u64) -> ProgressBar {
        let bar = ProgressBar::with_draw_target(self.total, (self.target)())
            .with_position(read)
            .with_elapsed(self.started.elapsed());
        let template = match self.total {
            Some(_) => {
                "checking {bar:30} {percent:>3} % {prefix}{bytes} of {total_bytes}, {left} left"
            }
            None => "checking {spinner} {prefix}{bytes} in {elapsed}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> ").with_key("left", left));
        }
        bar.enable_steady_tick(TICK);
        bar
    }
}

/// How long it will take if it goes on as it has gone so far.
fn left(state: &ProgressState, text: &mut dyn Write) {
    let (read, total) = (state.pos(), state.len().unwrap_or_default());
    let rest = u128::from(total.saturating_sub(read));
    let millis = state.elapsed().as_millis() * rest / u128::from(read.max(1));
    let left = Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX));
    // Writing to the line cannot fail.
    let _ = write!(text, "{:#}", HumanDuration(left));
}

/// A reader that counts.
pub struct Counted<R> {
    reader: R,
    progress: Progress,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.progress.add(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use indicatif::TermLike;

    use super::*;

    static DRAWN: Mutex<String> = Mutex::new(String::new());

    /// A terminal that keeps what is written to it.
    #[derive(Debug)]
    struct Paper;

    impl Paper {
        fn write(text: &str) {
            if let Ok(mut drawn) = DRAWN.lock() {
                drawn.push_str(text);
            }
        }

        fn read() -> String {
            DRAWN.lock().map(|drawn| drawn.clone()).unwrap_or_default()
        }
    }

    impl TermLike for Paper {
        fn width(&self) -> u16 {
            100
        }
        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            Self::write(text);
            Ok(())
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            Self::write(text);
            Ok(())
        }
        fn clear_line(&self) -> io::Result<()> {
            Self::write("|");
            Ok(())
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn target() -> ProgressDrawTarget {
        ProgressDrawTarget::term_like(Box::new(Paper))
    }

    #[test]
    fn a_bar_is_drawn_when_work_takes_long_and_taken_away_after() {
        let sources = [Source::of_size(3000), Source::of_size(1000)];
        let patient = Progress::new(&sources, PATIENCE, target);
        patient.add(1000);
        patient.suspend(|| ());
        patient.finish();
        assert_eq!(Paper::read(), "");

        let progress = Progress::new(&sources, Duration::ZERO, target);
        let mut buffer = Vec::new();
        let mut counted = progress.count(&[0_u8; 1000][..]);
        counted.read_to_end(&mut buffer).expect("a slice is read");
        let drawn = Paper::read();
        assert!(
            drawn.contains(" 25 % file 1 of 2, 1000 B of 3.91 KiB"),
            "{drawn}"
        );

        progress.source_is_done(Some(3000));
        progress.add(500);
        progress.suspend(|| Paper::write("a finding"));
        progress.finish();
        let drawn = Paper::read();
        assert!(drawn.contains("a finding"), "{drawn}");
        assert!(drawn.ends_with('|'), "{drawn}");
    }

    #[test]
    fn a_pipe_has_no_total() {
        let total = |sources: &[Source]| {
            let progress = Progress::new(sources, PATIENCE, target);
            progress.0.and_then(|shared| shared.total)
        };
        assert_eq!(total(&[Source::of_size(1), Source::of_size(2)]), Some(3));
        assert_eq!(total(&[Source::of_size(1), Source::stdin()]), None);
    }
}
