//! Aligned text.

/// How a column's cells are aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Right,
}

/// Rows of cells below a head.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: impl IntoIterator<Item = (impl Into<String>, Align)>) -> Self {
        Self {
            columns: columns
                .into_iter()
                .map(|(title, align)| (title.into(), align))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; cells that are missing are empty.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = impl Into<String>>) {
        self.rows.push(cells.into_iter().map(Into::into).collect());
    }

    /// Whether there are no rows.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text, a line each row, without trailing spaces.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        for row in self.padded(1) {
            text.push_str(row.join("  ").trim_end());
            text.push('\n');
        }
        text
    }

    /// The text as a table of Markdown.
    pub(crate) fn render_markdown(&self) -> String {
        // A column's line needs a dash, and another character says which way it is aligned.
        let mut rows = self.padded(2);
        let lines = self
            .columns
            .iter()
            .zip(&rows[0])
            .map(|((_, align), title)| {
                let dashes = "-".repeat(title.chars().count() - 1);
                match align {
                    Align::Left => format!("-{dashes}"),
                    Align::Right => format!("{dashes}:"),
                }
            });
        let lines = lines.collect();
        rows.insert(1, lines);
        let mut text = String::new();
        for row in rows {
            text.extend(["| ", row.join(" | ").as_str(), " |\n"]);
        }
        text
    }

    /// The titles and the rows; the cells of a column are equally wide, and at least so wide.
    fn padded(&self, least: usize) -> Vec<Vec<String>> {
        let titles: Vec<String> = self
            .columns
            .iter()
            .map(|(title, _)| title.clone())
            .collect();
        let rows = std::iter::once(&titles).chain(&self.rows);
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let cells = rows.clone().filter_map(|row| row.get(column));
                cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        let pad = |row: &Vec<String>| {
            let cells = self.columns.iter().zip(&widths).enumerate();
            let pad = |(column, ((_, align), width)): (usize, (&(String, Align), &usize))| {
                let cell = row.get(column).map_or("", String::as_str);
                let space = " ".repeat((*width).max(least) - cell.chars().count());
                match align {
                    Align::Left => format!("{cell}{space}"),
                    Align::Right => format!("{space}{cell}"),
                }
            };
            cells.map(pad).collect()
        };
        rows.map(pad).collect()
    }
}

/// Seconds with three significant digits at most: `0.0081`, `0.35`, `12.3`.
pub(crate) fn seconds(seconds: f64) -> String {
    match seconds {
        s if s < 0.1 => format!("{s:.4}"),
        s if s < 10.0 => format!("{s:.2}"),
        s => format!("{s:.1}"),
    }
}

/// Bytes in MiB.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let mebibytes = approximate(bytes) / f64::from(1 << 20);
    if mebibytes < 10.0 {
        format!("{mebibytes:.1}")
    } else {
        format!("{mebibytes:.0}")
    }
}

/// A count as a number to calculate with.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of bytes and operations are far below 2^53"
)]
pub(crate) fn approximate(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut table = Table::new([
            ("document", Align::Left),
            ("s", Align::Right),
            ("note", Align::Left),
        ]);
        table.row(["pets", "0.0081", "fine"]);
        table.row(["größer-als", "12.3"]);
        let expected = "\
document         s  note
pets        0.0081  fine
größer-als    12.3
";
        assert_eq!(table.render(), expected);
        let expected = "\
| document   |      s | note |
| ---------- | -----: | ---- |
| pets       | 0.0081 | fine |
| größer-als |   12.3 |      |
";
        assert_eq!(table.render_markdown(), expected);
        assert!(!table.is_empty());
    }

    #[test]
    fn numbers_keep_what_matters() {
        let shown = [0.00812, 0.354, 2.0, 12.345].map(seconds);
        assert_eq!(shown, ["0.0081", "0.35", "2.00", "12.3"]);
        let shown = [5_242_880, 104_857_600].map(mebibytes);
        assert_eq!(shown, ["5.0", "100"]);
    }
}
