//! Text → filter, by recursive descent.

use super::comparison::is_field;
use super::lexer::{self, Spanned, Token};
use super::literal;
use super::operator::Takes;
use super::{Comparison, Expression, FilterError, Literal, Operator};

const A_COMPARISON: &str = "a field, `pr`, `not` or `(`";
const AN_OPERATOR: &str = "an operator";
const A_VALUE: &str = "a value";

/// Reads a filter; of `fields`, if they are given, and with the operators that they take.
pub(super) fn parse(
    text: &str,
    fields: Option<&[(&str, &[Operator])]>,
) -> Result<Expression, FilterError> {
    let mut parser = Parser {
        text,
        next: lexer::next(text, 0),
        depth: 0,
        fields,
    };
    let expression = parser.or()?;
    match parser.next.token {
        Token::End => Ok(expression),
        _ => Err(parser.after_comparison("`and`, `or` or the end")),
    }
}

struct Parser<'t> {
    text: &'t str,
    /// What has not been taken yet.
    next: Spanned,
    /// Parentheses and `not`s around it.
    depth: usize,
    /// The fields that there are, if that is known, and their operators.
    fields: Option<&'t [(&'t str, &'t [Operator])]>,
}

impl<'t> Parser<'t> {
    fn or(&mut self) -> Result<Expression, FilterError> {
        let mut expression = self.and()?;
        while self.take_word("or") {
            expression = expression.or(self.and()?);
        }
        Ok(expression)
    }

    fn and(&mut self) -> Result<Expression, FilterError> {
        let mut expression = self.unary()?;
        while self.take_word("and") {
            expression = expression.and(self.unary()?);
        }
        Ok(expression)
    }

    fn unary(&mut self) -> Result<Expression, FilterError> {
        let is_open = self.next.token == Token::Open;
        if !is_open && self.word() != Some("not") {
            return self.comparison();
        }
        if self.depth == Expression::MAX_DEPTH {
            return Err(self.error("a filter that is nested less deeply", String::new()));
        }
        self.advance();
        self.depth += 1;
        let expression = if is_open {
            let inner = self.or()?;
            if self.next.token != Token::Close {
                return Err(self.after_comparison("`and`, `or` or `)`"));
            }
            self.advance();
            inner
        } else {
            self.unary()?.negated()
        };
        self.depth -= 1;
        Ok(expression)
    }

    fn comparison(&mut self) -> Result<Expression, FilterError> {
        let start = self.next.clone();
        if self.take_word("pr") {
            let field = self.field("a field")?;
            self.check_operator(&field, Operator::Pr, &start)?;
            return Ok(expression(field, Operator::Pr, Vec::new()));
        }
        let field = self.field(A_COMPARISON)?;
        let operator = match self.word().and_then(Operator::of) {
            Some(Operator::Pr) | None => return Err(self.not_an_operator(&field)),
            Some(operator) => operator,
        };
        self.check_operator(&field, operator, &self.next)?;
        self.advance();
        let values = match operator.takes() {
            Takes::Nothing => Vec::new(),
            Takes::One => vec![self.value(A_VALUE)?],
            Takes::List => self.list(operator)?,
        };
        Ok(expression(field, operator, values))
    }

    fn field(&mut self, expected: &'static str) -> Result<String, FilterError> {
        if let Some(word) = self.word()
            && is_field(word)
        {
            let field = word.to_owned();
            self.check_field(&field)?;
            self.advance();
            return Ok(field);
        }
        let help = match (&self.next.token, self.word()) {
            (Token::End, _) if self.text.trim().is_empty() => "the filter is empty".to_owned(),
            (Token::String(content), _) if is_field(content) => {
                format!("fields have no quotes: `{content}`")
            }
            (_, Some(word)) => help_with_field(word),
            _ => String::new(),
        };
        Err(self.error(expected, help))
    }

    fn check_field(&self, field: &str) -> Result<(), FilterError> {
        let Some(fields) = self.fields else {
            return Ok(());
        };
        if fields.iter().any(|(name, _)| *name == field) {
            return Ok(());
        }
        let close = fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(field));
        let help = match close {
            Some((name, _)) => format!("did you mean `{name}`?"),
            None => {
                let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
                format!("there are {}", names.join(", "))
            }
        };
        Err(self.error("a field that can be filtered by", help))
    }

    fn check_operator(
        &self,
        field: &str,
        operator: Operator,
        at: &Spanned,
    ) -> Result<(), FilterError> {
        let mut fields = self.fields.into_iter().flatten();
        match fields.find(|(name, _)| *name == field) {
            Some((_, operators)) if !operators.contains(&operator) => {
                let words: Vec<&str> = operators.iter().map(|one| one.as_str()).collect();
                let help = format!("`{field}` takes {}", words.join(", "));
                let expected = "an operator that the field takes";
                Err(FilterError::new(
                    self.text, at.start, at.end, expected, help,
                ))
            }
            _ => Ok(()),
        }
    }

    fn value(&mut self, expected: &'static str) -> Result<Literal, FilterError> {
        let value = match &self.next.token {
            Token::String(content) => Some(Literal::string(content.clone())),
            Token::Word => self.word().and_then(Literal::of_word),
            _ => None,
        };
        match value {
            Some(value) => {
                self.advance();
                Ok(value)
            }
            None => Err(self.not_a_value(expected)),
        }
    }

    fn list(&mut self, operator: Operator) -> Result<Vec<Literal>, FilterError> {
        if self.next.token != Token::Open {
            let help = format!("`{operator}` takes a list: `{operator} (\"a\", \"b\")`");
            return Err(self.error("`(`", help));
        }
        self.advance();
        let mut values = Vec::new();
        if self.next.token == Token::Close {
            self.advance();
            return Ok(values);
        }
        loop {
            values.push(self.value(A_VALUE)?);
            match self.next.token {
                Token::Comma => self.advance(),
                Token::Close => {
                    self.advance();
                    return Ok(values);
                }
                _ => return Err(self.error("`,` or `)`", String::new())),
            }
        }
    }

    fn not_an_operator(&self, field: &str) -> FilterError {
        let help = match self.word() {
            None | Some("and" | "or") => String::new(),
            Some("pr") => format!("`pr` stands before its field: `pr {field}`"),
            Some("not") => format!("`not` stands before the field: `not {field} …`"),
            Some(_) if field.eq_ignore_ascii_case("isnull") => {
                "`isnull` stands after its field".to_owned()
            }
            Some(word) => match Operator::meant_by(word) {
                Some(operator) if operator.as_str().eq_ignore_ascii_case(word) => {
                    format!("operators are in lower case: `{operator}`")
                }
                Some(Operator::Pr) => format!("did you mean `pr {field}`?"),
                Some(operator) => format!("did you mean `{operator}`?"),
                None => {
                    let all: Vec<&str> = Operator::ALL
                        .iter()
                        .filter(|operator| **operator != Operator::Pr)
                        .map(|operator| operator.as_str())
                        .collect();
                    format!("there are {}", all.join(", "))
                }
            },
        };
        self.error(AN_OPERATOR, help)
    }

    fn not_a_value(&self, expected: &'static str) -> FilterError {
        let help = match (&self.next.token, self.word()) {
            (Token::Open, _) => "only `in` and `ca` take a list".to_owned(),
            (Token::OtherQuote(content), _) => format!(
                "strings stand in straight double quotes: {}",
                Literal::string(content.clone())
            ),
            (_, Some(word)) => self.help_with_value(word),
            _ => String::new(),
        };
        self.error(expected, help)
    }

    fn help_with_value(&self, word: &str) -> String {
        let lower = word.to_ascii_lowercase();
        if lower == "null" {
            return "`field isnull` asks whether there is no value".to_owned();
        }
        if lower == "true" || lower == "false" {
            return format!("it is in lower case: `{lower}`");
        }
        if literal::timestamp(&format!("{word}Z")).is_some() {
            return format!("a time says its offset from UTC: `{word}Z`");
        }
        if literal::timestamp(&format!("{word}T00:00:00Z")).is_some() {
            return format!("a time has hours, minutes and an offset: `{word}T00:00:00Z`");
        }
        let text = Literal::string(self.unquoted().to_owned());
        format!("strings stand in double quotes: {text}")
    }

    /// This word and those behind it that probably belong to the same string.
    fn unquoted(&self) -> &'t str {
        let text = self.text;
        let mut end = self.next.end;
        loop {
            let next = lexer::next(text, end);
            let word = &text[next.start..next.end];
            let is_end = ["and", "or"]
                .iter()
                .any(|end| word.eq_ignore_ascii_case(end));
            if next.token != Token::Word || is_end {
                return &text[self.next.start..end];
            }
            end = next.end;
        }
    }

    /// What stands behind a comparison in place of what was expected.
    fn after_comparison(&self, expected: &'static str) -> FilterError {
        let help = match (&self.next.token, self.word()) {
            (Token::Comma, _) => "comparisons have `and` or `or` between them".to_owned(),
            (_, Some(word)) => match word.to_ascii_lowercase().as_str() {
                lower @ ("and" | "or") => format!("operators are in lower case: `{lower}`"),
                "&" | "&&" => "did you mean `and`?".to_owned(),
                "|" | "||" => "did you mean `or`?".to_owned(),
                _ => String::new(),
            },
            _ => String::new(),
        };
        self.error(expected, help)
    }

    /// The next token, if it is a word.
    fn word(&self) -> Option<&'t str> {
        match self.next.token {
            Token::Word => self.text.get(self.next.start..self.next.end),
            _ => None,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_there = self.word() == Some(word);
        if is_there {
            self.advance();
        }
        is_there
    }

    fn advance(&mut self) {
        self.next = lexer::next(self.text, self.next.end);
    }

    /// Something else was expected in place of the next token.
    fn error(&self, expected: &'static str, help: String) -> FilterError {
        let Spanned { token, start, end } = &self.next;
        let (expected, help) = match token {
            Token::Unended => (
                "quotes that end the string",
                "the string that starts here has no end".to_owned(),
            ),
            Token::BadEscape => (
                "`\\\"` or `\\\\`",
                "a backslash in a string is written twice".to_owned(),
            ),
            _ => (expected, help),
        };
        FilterError::new(self.text, *start, *end, expected, help)
    }
}

fn expression(field: String, operator: Operator, values: Vec<Literal>) -> Expression {
    Comparison::of_parts(field.into(), operator, values).into()
}

/// What may have been meant by a word that is no field.
fn help_with_field(word: &str) -> String {
    let is_sign = |c: char| "=<>!~".contains(c);
    if matches!(word.to_ascii_lowercase().as_str(), "not" | "pr") {
        return format!(
            "operators are in lower case: `{}`",
            word.to_ascii_lowercase()
        );
    }
    if let Some(rest) = word.strip_prefix('!')
        && !rest.starts_with('=')
    {
        return format!("did you mean `{}`?", format!("not {rest}").trim_end());
    }
    match word.find(is_sign) {
        Some(at) => {
            let sign: String = word[at..].chars().take_while(|c| is_sign(*c)).collect();
            match Operator::meant_by(&sign) {
                Some(operator) => {
                    format!("`{sign}` is written `{operator}`, with spaces around it")
                }
                None => String::new(),
            }
        }
        None => String::new(),
    }
}
