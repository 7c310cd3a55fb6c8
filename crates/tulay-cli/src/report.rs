//! Results on standard output: for people, or for programs.

use crate::{exit::Exit, failure::Failure};
use clap::ValueEnum;
use comfy_table::{Table, presets::NOTHING};
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
    list: Option<&'static str>,
    header: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    text: Vec<String>,
}

impl Report {
    /// An empty result; `schema` names its JSON shape for good.
    pub(crate) fn new(schema: &'static str, environment: Option<Environment>) -> Self {
        Self {
            schema,
            environment,
            body: Map::new(),
            list: None,
            header: Vec::new(),
            rows: Vec::new(),
            text: Vec::new(),
        }
    }

    /// Adds a member to the JSON document.
    pub(crate) fn member(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.body.insert(name.to_owned(), value.into());
        self
    }

    /// Adds the member that holds the list which other forms show row by row.
    pub(crate) fn list(self, name: &'static str, values: Vec<Value>) -> Self {
        Self { list: Some(name), ..self.member(name, values) }
    }

    /// Sets the table that people see and CSV holds.
    pub(crate) fn table(mut self, header: &[&'static str], rows: Vec<Vec<String>>) -> Self {
        self.header = header.to_vec();
        self.rows = rows;
        self
    }

    /// Adds a line that people see below the table.
    pub(crate) fn line(mut self, line: impl Into<String>) -> Self {
        self.text.push(line.into());
        self
    }

    /// Writes it.
    pub(crate) fn print(self, format: Format, exit: Exit) -> Result<Exit, Failure> {
        let written = match format {
            Format::Table => self.print_table(),
            Format::Json => self.print_json(),
            Format::Jsonl => self.print_json_lines(),
            Format::Csv => self.print_csv(),
        };
        match written {
            Ok(()) => Ok(exit),
            // Whoever read it has read enough: `tulay … | head`.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(exit),
            Err(error) => Err(Failure::could_not_run("output", error.to_string())),
        }
    }

    fn print_table(self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        if !self.rows.is_empty() {
            let mut table = Table::new();
            table.load_style(NOTHING).set_header(self.header).add_rows(self.rows);
            for line in table.lines() {
                writeln!(out, "{}", line.trim_end())?;
            }
        }
        for line in self.text {
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    fn print_json(self) -> io::Result<()> {
        let document = Value::Object(self.document());
        writeln!(io::stdout().lock(), "{document:#}")
    }

    fn print_json_lines(mut self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match self.list.and_then(|name| self.body.remove(name)) {
            Some(Value::Array(values)) => {
                for value in values {
                    writeln!(out, "{value}")?;
                }
                Ok(())
            }
            _ => writeln!(out, "{}", Value::Object(self.document())),
        }
    }

    fn print_csv(self) -> io::Result<()> {
        let mut writer = csv::Writer::from_writer(io::stdout().lock());
        writer.write_record(&self.header)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        writer.flush()
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
    if cell.starts_with(['=', '+', '-', '@']) { format!("'{cell}") } else { cell.to_owned() }
}
