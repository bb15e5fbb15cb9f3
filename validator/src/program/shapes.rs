//! What programs say about single values.

#![expect(
    clippy::inline_always,
    reason = "measured: calls in the loop over values cost a fifth of its time"
)]

use super::{Kinds, Node, NodeId, NumberShape, Program, StringShape};

impl Program {
    #[inline(always)]
    pub(super) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id.0 as usize).unwrap_or(&Node::NEVER)
    }

    /// Whether a string, with its quotes, is certainly valid.
    #[inline(never)]
    pub(super) fn takes_string(&self, node: &Node, spelling: &[u8], has_escapes: bool) -> bool {
        let shape = self.strings.get(node.string as usize);
        node.valid.has(Kinds::STRING)
            && shape.is_some_and(|shape| shape.takes(spelling, has_escapes))
    }

    /// Whether a number or a word is certainly valid.
    #[inline(never)]
    pub(super) fn takes_scalar(&self, node: &Node, wire: &[u8], kind: Kinds) -> bool {
        let is_number = kind == Kinds::INTEGER || kind == Kinds::FRACTION;
        let shape = self.numbers.get(node.number as usize);
        node.valid.has(kind)
            && (!is_number || shape.is_some_and(|shape| shape.takes(wire, kind == Kinds::INTEGER)))
    }
}

impl StringShape {
    /// Whether a string, with its quotes, is certainly valid.
    fn takes(&self, spelling: &[u8], has_escapes: bool) -> bool {
        if has_escapes {
            return false;
        }
        if let Some(options) = &self.options
            && !options.iter().any(|option| **option == *spelling)
        {
            return false;
        }
        if self.min_length == 0 && self.max_length == usize::MAX {
            return true;
        }
        let quotes = 2;
        let characters = spelling.iter().filter(|&&byte| byte & 0xc0 != 0x80).count() - quotes;
        (self.min_length..=self.max_length).contains(&characters)
    }
}

impl NumberShape {
    /// Whether a number is certainly in the range.
    fn takes(&self, wire: &[u8], is_plain: bool) -> bool {
        if self.is_free {
            return true;
        }
        if !is_plain {
            let double = std::str::from_utf8(wire)
                .ok()
                .and_then(|wire| wire.parse().ok());
            return double.is_some_and(|double: f64| self.above < double && double < self.below);
        }
        let (is_negative, digits) = match wire {
            [b'-', digits @ ..] => (true, digits),
            digits => (false, digits),
        };
        // Eighteen digits always fit.
        if digits.len() > 18 {
            return false;
        }
        let value = digits.iter().try_fold(0_i64, |value, digit| {
            digit
                .is_ascii_digit()
                .then(|| value * 10 + i64::from(digit - b'0'))
        });
        value.is_some_and(|value| {
            let value = if is_negative { -value } else { value };
            (self.minimum..=self.maximum).contains(&value)
        })
    }
}
