//! A bound on how much is kept of what a hostile or broken file gives rise to.

use std::collections::BTreeMap;

use crate::Code;

/// How many findings of one code are listed in full, unless options say otherwise.
pub const MAX_FINDINGS_PER_CODE: usize = 1_000;

/// Items with a code each, of which only the first of every code are kept; all are counted.
#[derive(Debug)]
pub(crate) struct Limited<T> {
    limit: usize,
    kept: Vec<T>,
    counts: BTreeMap<Code, usize>,
}

impl<T> Limited<T> {
    /// None yet; at most `limit` of each code will be kept.
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            limit,
            kept: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Adds an item, which is made only if it is kept.
    pub(crate) fn push(&mut self, code: Code, make: impl FnOnce() -> T) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= self.limit {
            self.kept.push(make());
        }
    }

    /// Counts items that are not made.
    pub(crate) fn count(&mut self, code: Code, number: usize) {
        if number > 0 {
            *self.counts.entry(code).or_default() += number;
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
        let mut limited = Limited::new(1000);
        let mut made = 0;
        for _ in 0..5_000 {
            limited.push(Code::Syntax, || made += 1);
        }
        limited.push(Code::TooDeep, || ());
        let (kept, counts) = limited.into_parts();
        assert_eq!(made, 1000);
        assert_eq!(kept.len(), 1001);
        assert_eq!(counts[&Code::Syntax], 5_000);
        assert_eq!(counts[&Code::TooDeep], 1);
    }
}
