//! A bound on how much is kept of what a hostile or broken file gives rise to.

use std::collections::BTreeMap;

use crate::Code;

/// How many findings of one code a report lists in full.
///
/// One more stands for all the others: see [`Finding::count`](crate::Finding::count).
pub const MAX_FINDINGS_PER_CODE: usize = 1_000;

/// Items with a code each, of which only the first of every code are kept; all are counted.
pub(crate) struct Limited<T> {
    kept: Vec<T>,
    counts: BTreeMap<Code, usize>,
}

impl<T> Limited<T> {
    pub(crate) const fn new() -> Self {
        Self {
            kept: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Adds an item, which is made only if it is kept.
    pub(crate) fn push(&mut self, code: Code, make: impl FnOnce() -> T) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        // One above the limit, so that there is one to stand for all that are not kept.
        if *count <= MAX_FINDINGS_PER_CODE + 1 {
            self.kept.push(make());
        }
    }

    /// Adds what was kept of others, made into items of this one, and their number.
    ///
    /// `make` leaves out those that it returns nothing for.
    pub(crate) fn absorb<U>(
        &mut self,
        other: Limited<U>,
        mut make: impl FnMut(U) -> Option<(Code, T)>,
    ) {
        for item in other.kept {
            if let Some((code, item)) = make(item) {
                self.push(code, || item);
            }
        }
        for (code, count) in other.counts {
            *self.counts.entry(code).or_default() +=
                count.saturating_sub(MAX_FINDINGS_PER_CODE + 1);
        }
    }

    /// The items that were kept, and how many there were of each code.
    pub(crate) fn into_parts(self) -> (Vec<T>, BTreeMap<Code, usize>) {
        (self.kept, self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_few_are_made() {
        let mut limited = Limited::new();
        let mut made = 0;
        for _ in 0..5_000 {
            limited.push(Code::Syntax, || made += 1);
        }
        limited.push(Code::TooDeep, || ());
        let mut all = Limited::new();
        all.push(Code::Syntax, || ());
        all.absorb(limited, |()| Some((Code::Syntax, ())));
        let (kept, counts) = all.into_parts();
        assert_eq!(made, MAX_FINDINGS_PER_CODE + 1);
        assert_eq!(kept.len(), MAX_FINDINGS_PER_CODE + 1);
        assert_eq!(counts[&Code::Syntax] + counts[&Code::TooDeep], 5_002);
    }
}
