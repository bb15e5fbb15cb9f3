//! A bound on how much is kept of what a hostile or broken file gives rise to.

use std::collections::BTreeMap;

use crate::finding::Grade;

/// How many findings of one code are listed in full, unless options say otherwise.
pub const MAX_FINDINGS_PER_CODE: usize = 1_000;

/// Items with a grade each, of which only the first of every grade are kept; all are counted.
#[derive(Debug)]
pub(crate) struct Limited<T> {
    limit: usize,
    kept: Vec<T>,
    counts: BTreeMap<Grade, usize>,
}

impl<T> Limited<T> {
    /// None yet; at most `limit` of each grade will be kept.
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            limit,
            kept: Vec::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Adds an item, which is made only if it is kept.
    pub(crate) fn push(&mut self, grade: impl Into<Grade>, make: impl FnOnce() -> T) {
        let count = self.counts.entry(grade.into()).or_default();
        *count += 1;
        if *count <= self.limit {
            self.kept.push(make());
        }
    }

    /// Counts items that are not made.
    pub(crate) fn count(&mut self, grade: impl Into<Grade>, number: usize) {
        if number > 0 {
            *self.counts.entry(grade.into()).or_default() += number;
        }
    }

    /// Adds what was kept of others of the same limit, and their number.
    pub(crate) fn absorb(&mut self, others: Self, grade_of: impl Fn(&T) -> Grade) {
        let mut left_out = others.counts;
        for item in others.kept {
            let grade = grade_of(&item);
            if let Some(count) = left_out.get_mut(&grade) {
                *count = count.saturating_sub(1);
            }
            self.push(grade, || item);
        }
        for (grade, count) in left_out {
            self.count(grade, count);
        }
    }

    /// Makes something else of the items that were kept.
    pub(crate) fn map<U>(self, make: impl FnOnce(Vec<T>) -> Vec<U>) -> Limited<U> {
        Limited {
            limit: self.limit,
            kept: make(self.kept),
            counts: self.counts,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// The items that were kept, and how many there were of each grade.
    pub(crate) fn into_parts(self) -> (Vec<T>, BTreeMap<Grade, usize>) {
        (self.kept, self.counts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn all_are_counted_and_few_are_made() {
        let mut limited = Limited::new(1000);
        let mut made = 0;
        for _ in 0..5_000 {
            limited.push(Code::Syntax, || made += 1);
        }
        limited.push(Code::TooDeep, || ());
        let mut all = Limited::new(1000);
        all.push(Code::Syntax, || ());
        let codes = std::cell::Cell::new(0);
        all.absorb(limited, |()| {
            codes.set(codes.get() + 1);
            let code = if codes.get() > 1000 {
                Code::TooDeep
            } else {
                Code::Syntax
            };
            code.into()
        });
        let (kept, counts) = all.into_parts();
        assert_eq!(made, 1000);
        assert_eq!(kept.len(), 1001);
        assert_eq!(counts[&Code::Syntax.into()], 5_001);
        assert_eq!(counts[&Code::TooDeep.into()], 1);
    }
}
