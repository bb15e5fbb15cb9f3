//! Numbers that look random and are the same on every machine.

/// What numbers are drawn for: each has a stream of its own.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Profile = 1,
    MappingCount,
    ProfileId,
    OwnSourceId,
    SharedSourceId,
    OwnerId,
    Mistake,
}

/// A `SplitMix64` generator.
pub(super) struct Random(u64);

impl Random {
    /// The generator of the thing with this index.
    pub(super) fn new(stream: Stream, index: u64) -> Self {
        Self(mix(mix(stream as u64) ^ index))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `limit`; 0 where `limit` is 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        // The numbers are far below 2^32, so that no remainder is favoured noticeably.
        self.next() % limit.max(1)
    }

    /// Whether something happens that happens so many times of a hundred.
    pub(super) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of these, of which there is at least one.
    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        let limit = u64::try_from(all.len()).unwrap_or(u64::MAX);
        &all[usize::try_from(self.below(limit)).unwrap_or_default()]
    }

    /// Brings these into another order.
    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for end in (1..all.len()).rev() {
            let limit = u64::try_from(end + 1).unwrap_or(u64::MAX);
            all.swap(end, usize::try_from(self.below(limit)).unwrap_or_default());
        }
    }
}

/// 32 hexadecimal digits, as the service's ids have; no two of a stream are equal.
pub(super) fn id(stream: Stream, index: u64) -> String {
    let head = mix(mix(stream as u64) ^ index);
    format!("{head:016x}{:016x}", mix(head))
}

/// The last step of `SplitMix64`: each number becomes another one.
pub(super) fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
