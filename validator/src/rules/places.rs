//! Where what a run of elements tells stands in the file.

use source_text::Position;

use super::facts::Facts;

/// The places of the facts of a run of elements, which may be counted before it is known where the run
/// begins.
#[derive(Debug)]
pub(crate) struct Places {
    /// What they are counted from.
    origin: Position,
    /// Of the keys, then of the id and the name of each source.
    positions: Vec<Position>,
    keys: usize,
    /// Of the run's end.
    end: Position,
}

impl Places {
    /// The places of facts of what ends at `end`; `position` is asked for each in ascending order.
    pub(crate) fn of(
        facts: &Facts,
        end: usize,
        mut position: impl FnMut(usize) -> Position,
    ) -> Self {
        let keys = facts.keys.iter().map(|key| key.span().start);
        let sources = facts.sources.iter();
        let sources = sources.flat_map(|source| [source.id.span.start, source.name.span.start]);
        let mut starts: Vec<(usize, usize)> = keys.chain(sources).zip(0..).collect();
        starts.sort_by_key(|(start, _)| *start);
        let mut positions = vec![Position::START; starts.len()];
        for (start, number) in starts {
            if let Some(place) = positions.get_mut(number) {
                *place = position(start);
            }
        }
        Self {
            origin: Position::START,
            positions,
            keys: facts.keys.len(),
            end: position(end),
        }
    }

    /// The same where what they are counted from stands at `origin`.
    pub(crate) fn counted_from(self, origin: Position) -> Self {
        Self { origin, ..self }
    }

    /// Where the run ends.
    pub(crate) fn end(&self) -> Position {
        self.origin.then(self.end)
    }

    /// Where a key stands, by its number.
    pub(super) fn of_key(&self, number: usize) -> Position {
        self.at(number)
    }

    /// Where the id and the name of a source stand, by its number.
    pub(super) fn of_source(&self, number: usize) -> [Position; 2] {
        [0, 1].map(|text| self.at(self.keys + 2 * number + text))
    }

    fn at(&self, number: usize) -> Position {
        let position = self.positions.get(number);
        position.map_or(self.origin, |position| self.origin.then(*position))
    }
}
