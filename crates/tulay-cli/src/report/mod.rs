//! Results on standard output: for people, or for programs.

pub(crate) mod flat;

use crate::{error::CliError, exit::Exit, terminal};
use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table, presets::NOTHING};
use serde::Serialize;
use serde_json::{Map, Value};
use std::io::{self, Write};
use tulay::Environment;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One document.
    Json,
    /// One document a line.
    Jsonl,
    /// With a header.
    Csv,
}

impl Format {
    pub(crate) const fn is_json(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl)
    }
}

/// A result in all its forms.
#[derive(Debug)]
pub(crate) struct Report {
    schema: &'static str,
    environment: Option<Environment>,
    body: Map<String, Value>,
    list: Option<String>,
    /// What CSV holds, where that is not the list itself.
    records: Option<Vec<Value>>,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    text: Vec<String>,
    /// What was done, and the command that looks it up: for when the result cannot be written.
    done: Option<(String, Option<String>)>,
}

impl Report {
    /// An empty result; `schema` names its JSON shape for good.
    pub(crate) fn new(schema: &'static str, environment: Option<Environment>) -> Self {
        Self {
            schema,
            environment,
            body: Map::new(),
            list: None,
            records: None,
            header: Vec::new(),
            rows: Vec::new(),
            text: Vec::new(),
            done: None,
        }
    }

    /// Adds a member to the JSON document.
    pub(crate) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body.insert(name.to_owned(), value.into());
        self
    }

    /// Adds the members of a result: texts and numbers, which always serialise.
    pub(crate) fn result(mut self, result: &impl Serialize) -> Self {
        if let Ok(Value::Object(members)) = serde_json::to_value(result) {
            self.body.extend(members);
        }
        self
    }

    /// Adds the member that holds the list which other forms show row by row.
    pub(crate) fn list(self, name: &str, values: Vec<Value>) -> Self {
        Self { list: Some(name.to_owned()), ..self.member(name, values) }
    }

    /// Adds the member that holds a list of results.
    pub(crate) fn results(self, name: &str, results: &[impl Serialize]) -> Self {
        let values = results.iter().filter_map(|result| serde_json::to_value(result).ok());
        self.list(name, values.collect())
    }

    /// Sets what CSV holds, where the list's documents hold lists themselves.
    pub(crate) fn records(self, records: Vec<Value>) -> Self {
        Self { records: Some(records), ..self }
    }

    /// Sets the table that people see.
    pub(crate) fn table(self, header: &[&str], rows: Vec<Vec<String>>) -> Self {
        self.table_of(header.iter().map(|&name| name.to_owned()).collect(), rows)
    }

    /// Sets the table that people see, its header made at run time.
    pub(crate) fn table_of(self, header: Vec<String>, rows: Vec<Vec<String>>) -> Self {
        Self { header, rows, ..self }
    }

    /// Adds a line that people see below the table.
    pub(crate) fn line(mut self, line: impl Into<String>) -> Self {
        self.text.push(line.into());
        self
    }

    /// What was done, such as `R1 succeeded`, and the command that looks it up.
    pub(crate) fn done(self, done: String, next: Option<String>) -> Self {
        Self { done: Some((done, next)), ..self }
    }

    /// Writes it. What cannot be written does not change what was done.
    pub(crate) fn print(mut self, format: Format, exit: Exit) -> Result<Exit, CliError> {
        let done = self.done.take();
        let written = match format {
            Format::Table => self.print_table(),
            Format::Json => self.print_json(),
            Format::Jsonl => self.print_json_lines(),
            Format::Csv => self.print_csv(),
        };
        match written {
            Ok(()) => Ok(exit),
            // The reader closed the pipe, as in `tulay … | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
            Err(error) => {
                let failure = CliError::unwritten(&error);
                let failure = match done {
                    Some((done, next)) => failure.after(&done, next),
                    None => failure,
                };
                if exit == Exit::Done {
                    return Err(failure);
                }
                failure.print(format.is_json());
                Ok(exit)
            }
        }
    }

    fn print_table(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if !self.rows.is_empty() {
            let mut table = Table::new();
            let rows = self.rows.iter().map(|row| row.iter().map(|cell| terminal::shown(cell)));
            table.load_style(NOTHING).set_header(self.header).add_rows(rows);
            if let Some(width) = terminal::width() {
                table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
            }
            for line in table.lines() {
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        for line in self.text {
            writeln!(out, "{}", terminal::shown(&line))?;
        }
        Ok(())
    }

    fn print_json(self) -> io::Result<()> {
        let document = Value::Object(self.document());
        writeln!(io::stdout().lock(), "{document:#}")
    }

    fn print_json_lines(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for document in self.documents() {
            writeln!(out, "{document}")?;
        }
        Ok(())
    }

    fn print_csv(mut self) -> io::Result<()> {
        let records = self.records.take();
        let first = std::mem::take(&mut self.header);
        let (header, rows) = flat::table(&records.unwrap_or_else(|| self.documents()), &first);
        let mut writer = csv::Writer::from_writer(io::stdout().lock());
        if !header.is_empty() {
            writer.write_record(&header)?;
        }
        for row in &rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        writer.flush()
    }

    /// The documents of the list, or the one there is.
    fn documents(mut self) -> Vec<Value> {
        match self.list.as_ref().and_then(|name| self.body.remove(name)) {
            Some(Value::Array(values)) => values,
            _ => vec![Value::Object(self.document())],
        }
    }

    fn document(self) -> Map<String, Value> {
        let mut document = Map::new();
        document.insert("schema".into(), self.schema.into());
        let environment = self.environment.map(|environment| environment.to_string());
        document.insert("environment".into(), environment.into());
        document.extend(self.body);
        document
    }
}

/// A cell that no spreadsheet takes for a formula.
fn harmless(cell: &str) -> String {
    let number = cell.strip_prefix('-').unwrap_or(cell);
    let number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !number && cell.starts_with(['=', '+', '-', '@']) {
        return format!("'{cell}");
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn a_formula_is_defused_and_a_number_is_not() {
        for (cell, harmless_cell) in [
            ("-5.00", "-5.00"),
            ("1250.00", "1250.00"),
            ("-1+cmd", "'-1+cmd"),
            ("=SUM(A1)", "'=SUM(A1)"),
            ("+63917", "'+63917"),
            ("@x", "'@x"),
            ("-", "'-"),
        ] {
            assert_eq!(harmless(cell), harmless_cell);
        }
    }
}
