//! Files that are to be written, and how several threads share the work.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use proc_macro2::TokenStream;

use super::{TakeFile, format};

/// How many pieces a thread formats in one go: enough to outweigh taking turns.
const CHUNK: usize = 32;
/// Below this many pieces a second thread costs more than it brings.
const WORTH_A_THREAD: usize = 200;

type Text<'a> = Box<dyn Fn() -> String + Send + Sync + 'a>;
type Piece<'a> = Box<dyn Fn(usize) -> TokenStream + Send + Sync + 'a>;

/// A file that is to be written.
pub(super) struct PlannedFile<'a> {
    pub(super) path: String,
    contents: Contents<'a>,
}

enum Contents<'a> {
    Text(Text<'a>),
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

/// The chunks of a file that are ready.
struct Assembly {
    chunks: Vec<String>,
    missing: usize,
}

/// Writes the files and hands each out when it is ready.
pub(super) fn carry_out<E: Send>(
    files: &[PlannedFile<'_>],
    take: &TakeFile<'_, E>,
) -> Result<(), E> {
    let jobs = jobs(files);
    let assemblies: Vec<Mutex<Assembly>> = assemblies(files.len(), &jobs);
    let next = AtomicUsize::new(0);
    let failed = AtomicBool::new(false);
    let failure = Mutex::new(None);
    let work = || {
        while !failed.load(Ordering::Relaxed)
            && let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed))
        {
            let text = files[job.file].write(job.pieces.clone());
            let Some(chunks) = add(&assemblies[job.file], job.chunk, text) else {
                continue;
            };
            if let Err(error) = take(&files[job.file].path, chunks) {
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

fn assemblies(files: usize, jobs: &[Job]) -> Vec<Mutex<Assembly>> {
    let mut chunks = vec![0; files];
    for job in jobs {
        chunks[job.file] += 1;
    }
    let empty = |chunks: usize| Assembly {
        chunks: vec![String::new(); chunks],
        missing: chunks,
    };
    chunks.into_iter().map(empty).map(Mutex::new).collect()
}

/// Adds a chunk; gives all of the file's with the last one.
fn add(assembly: &Mutex<Assembly>, chunk: usize, mut text: String) -> Option<Vec<String>> {
    // It may wait for long, and was written with room to grow.
    text.shrink_to_fit();
    let mut assembly = lock(assembly);
    assembly.chunks[chunk] = text;
    assembly.missing -= 1;
    (assembly.missing == 0).then(|| std::mem::take(&mut assembly.chunks))
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
