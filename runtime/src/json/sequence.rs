//! The items of an array in a text, one value after the other.

use std::fmt;

use serde::de::{Deserializer as _, Error as _, SeqAccess, Visitor};
use serde_json::Value;

/// Gives out the items of a JSON text that is an array, until `take` wants no more.
///
/// Whether the text is an array, and all of it was taken; nothing is said of why not.
pub(super) fn for_each_item(text: &str, take: &mut dyn FnMut(Value) -> bool) -> bool {
    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_seq(Each(take)).is_ok() && reader.end().is_ok()
}

struct Each<'a>(&'a mut dyn FnMut(Value) -> bool);

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            if !(self.0)(item) {
                return Err(A::Error::custom("no more is wanted"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::json::Json;

    #[test]
    fn only_a_whole_array_of_the_right_items_is_read() {
        let read = |text: &str| Vec::<i64>::from_text(text);
        assert_eq!(read(" [1, 2] "), Some(vec![1, 2]));
        assert_eq!(read("[]"), Some(vec![]));
        for text in ["", "[1", "[1,]", "[1] 2", "[1, \"2\"]", "{}", "1", "null"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
