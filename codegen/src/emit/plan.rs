//! Files that are to be written, and how several threads share the work.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use proc_macro2::TokenStream;

use super::{Sink, format};

/// How many pieces a thread formats in one go: enough to outweigh taking turns.
const CHUNK: usize = 16;
/// Below this many pieces a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 200;

type Whole<'a> = Box<dyn Fn() -> String + Send + Sync + 'a>;
type Piece<'a> = Box<dyn Fn(usize) -> TokenStream + Send + Sync + 'a>;

/// A file that is to be written.
pub(super) struct PlannedFile<'a> {
    pub(super) path: String,
    contents: Contents<'a>,
}

enum Contents<'a> {
    Text(Whole<'a>),
    /// So many pieces of Rust, each whole items.
    Rust {
        pieces: usize,
        piece: Piece<'a>,
    },
}

impl<'a> PlannedFile<'a> {
    pub(super) fn text(path: String, text: impl Fn() -> String + Send + Sync + 'a) -> Self {
        Self {
            path,
            contents: Contents::Text(Box::new(text)),
        }
    }

    pub(super) fn rust(
        path: String,
        pieces: usize,
        piece: impl Fn(usize) -> TokenStream + Send + Sync + 'a,
    ) -> Self {
        Self {
            path,
            contents: Contents::Rust {
                pieces,
                piece: Box::new(piece),
            },
        }
    }

    fn pieces(&self) -> usize {
        match &self.contents {
            Contents::Text(_) => 1,
            Contents::Rust { pieces, .. } => *pieces,
        }
    }

    fn write(&self, range: Range<usize>) -> String {
        match &self.contents {
            Contents::Text(text) => text(),
            Contents::Rust { piece, .. } => format::rust(range.start == 0, range.map(piece)),
        }
    }
}

/// A part of a file.
struct Job {
    file: usize,
    /// Which of the file's chunks it is.
    chunk: usize,
    pieces: Range<usize>,
}

/// A file that is being handed out.
struct Progress<F> {
    /// What the sink has begun.
    begun: Option<F>,
    /// The chunk that comes next.
    next: usize,
    chunks: usize,
    /// Later chunks that are ready.
    waiting: BTreeMap<usize, String>,
}

/// Writes the files and hands each chunk on as soon as those before it are.
pub(super) fn carry_out<S: Sink>(files: &[PlannedFile<'_>], sink: &S) -> Result<(), S::Error> {
    let jobs = jobs(files);
    let all = progress::<S>(files.len(), &jobs);
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let work = || {
        while !failed.load(Ordering::Relaxed)
            && let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let file = &files[job.file];
            let text = file.write(job.pieces.clone());
            let mut progress = lock(&all[job.file]);
            if let Err(error) = progress.take(&file.path, job.chunk, text, sink) {
                failed.store(true, Ordering::Relaxed);
                lock(&failure).get_or_insert(error);
            }
        }
    };
    let pieces: usize = files.iter().map(PlannedFile::pieces).sum();
    let threads = match pieces {
        0..WORTH_A_THREAD => 1,
        _ => std::thread::available_parallelism().map_or(1, Into::into),
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            // Without another thread this one does it all.
            let _ = std::thread::Builder::new().spawn_scoped(scope, work);
        }
        work();
    });
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

impl<F> Progress<F> {
    /// Takes a chunk, and hands on what is in order now.
    fn take<S: Sink<File = F>>(
        &mut self,
        path: &str,
        chunk: usize,
        mut text: String,
        sink: &S,
    ) -> Result<(), S::Error> {
        if chunk != self.next {
            // It was written with room to grow.
            text.shrink_to_fit();
            self.waiting.insert(chunk, text);
            return Ok(());
        }
        let mut file = match self.begun.take() {
            Some(file) => file,
            None => sink.begin(path)?,
        };
        sink.write(&mut file, &text)?;
        self.next += 1;
        while let Some(text) = self.waiting.remove(&self.next) {
            sink.write(&mut file, &text)?;
            self.next += 1;
        }
        if self.next == self.chunks {
            return sink.end(file);
        }
        self.begun = Some(file);
        Ok(())
    }
}

fn jobs(files: &[PlannedFile<'_>]) -> Vec<Job> {
    let mut jobs = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let pieces = file.pieces();
        let starts = (0..pieces.max(1)).step_by(CHUNK);
        jobs.extend(starts.enumerate().map(|(chunk, start)| Job {
            file: index,
            chunk,
            pieces: start..pieces.min(start + CHUNK),
        }));
    }
    jobs
}

fn progress<S: Sink>(files: usize, jobs: &[Job]) -> Vec<Mutex<Progress<S::File>>> {
    let mut chunks = vec![0; files];
    for job in jobs {
        chunks[job.file] += 1;
    }
    let start = |chunks: usize| Progress {
        begun: None,
        next: 0,
        chunks,
        waiting: BTreeMap::new(),
    };
    chunks.into_iter().map(start).map(Mutex::new).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
