//! The filter and sorter syntax of collection endpoints: `name sw "HR" and not priority eq 10`,
//! `-created,name`.
//!
//! ```
//! use oas_runtime::filter::{Expression, Sorters};
//!
//! let filter: Expression = r#"name sw "HR" and (priority le 10 or pr owner.id)"#.parse()?;
//! let profile = serde_json::json!({"name": "HR all", "priority": 20, "owner": {"id": "2c91"}});
//! assert!(filter.matches(&profile));
//! assert_eq!(filter.to_string(), r#"name sw "HR" and (priority le 10 or pr owner.id)"#);
//!
//! let error = r#"name SW "HR""#.parse::<Expression>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "column 6: expected an operator, found `SW`; operators are in lower case: `sw`"
//! );
//!
//! let sorters: Sorters = "-created,name".parse()?;
//! assert!(sorters.sorters()[0].is_descending());
//! # Ok::<(), oas_runtime::filter::FilterError>(())
//! ```
//!
//! # Grammar
//!
//! ```text
//! filter     = and *( "or" and )
//! and        = unary *( "and" unary )
//! unary      = "not" unary | "(" filter ")" | comparison
//! comparison = "pr" field
//!            | field "isnull"
//!            | field ( "eq" | "ne" | "gt" | "ge" | "lt" | "le" | "sw" | "co" ) value
//!            | field ( "in" | "ca" ) "(" [ value *( "," value ) ] ")"
//! value      = string | number | "true" | "false" | time
//! string     = DQUOTE *( character | "\" DQUOTE | "\" "\" ) DQUOTE
//! field      = a word of letters, digits and `_.-:$@/` that starts with none of `.-:/` and no digit
//! sorters    = [ "-" ] field *( "," [ "-" ] field )
//! ```
//!
//! A number is one of JSON, a time one of RFC 3339 with its offset. Operators are in lower case.
//! Neither text is escaped for a URL: [`Request::query`](crate::http::Request::query) does that.

mod comparison;
mod error;
mod evaluate;
mod expression;
mod lexer;
mod literal;
mod operator;
mod parser;
mod sorters;
mod typed;

pub use comparison::{Comparison, ComparisonError};
pub use error::FilterError;
pub use expression::{Expression, Operands};
pub use literal::{Literal, LiteralKind};
pub use operator::Operator;
pub use sorters::{Sorter, Sorters};
pub use typed::{Filter, FilterField, FilterFields, SortField, operators, sorters};
