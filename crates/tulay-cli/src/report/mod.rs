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
        let written = self.write(format, terminal::width(), &mut io::stdout().lock());
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

    /// Writes it, and leaves it to the caller what an error means.
    pub(crate) fn print_now(self, format: Format) -> io::Result<()> {
        self.write(format, terminal::width(), &mut io::stdout().lock())
    }

    fn write(self, format: Format, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
        match format {
            Format::Table => self.write_table(width, out),
            Format::Json => {
                let document = Value::Object(self.document());
                writeln!(out, "{}", terminal::shown_json(&format!("{document:#}")))
            }
            Format::Jsonl => self.documents().iter().try_for_each(|document| {
                writeln!(out, "{}", terminal::shown_json(&document.to_string()))
            }),
            Format::Csv => self.write_csv(out),
        }
    }

    fn write_table(self, width: Option<u16>, out: &mut impl Write) -> io::Result<()> {
        if !self.rows.is_empty() {
            let mut table = Table::new();
            let rows = self.rows.iter().map(|row| row.iter().map(|cell| terminal::shown(cell)));
            let header = self.header.iter().map(|name| terminal::shown(name));
            table.load_style(NOTHING).set_header(header).add_rows(rows);
            if let Some(width) = width {
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

    fn write_csv(mut self, out: &mut impl Write) -> io::Result<()> {
        let records = self.records.take();
        let first = std::mem::take(&mut self.header);
        let (header, rows) = flat::table(&records.unwrap_or_else(|| self.documents()), &first);
        let mut writer = csv::Writer::from_writer(out);
        let header = Some(&header).filter(|header| !header.is_empty());
        for record in header.into_iter().chain(&rows) {
            let cells = record.iter().map(|cell| terminal::csv_cell(cell).into_owned());
            writer.write_record(cells)?;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Text from outside: with everything that controls a terminal, a spreadsheet or JSON.
    fn text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[=+@\\-\t\r\n\u{1b}\u{7f}-\u{9f}\u{200e}\u{202e}\u{2028}\u{2066}\"'a,]{0,12}",
        ]
    }

    /// A report with the text wherever text from outside may stand.
    fn report(text: &str) -> Report {
        let row = || serde_json::json!({ "reference": text, "reason": { text: [text] } });
        Report::new("tulay.test/1", None)
            .member("remark", text)
            .list("payouts", vec![row(), row()])
            .table_of(vec!["reference".into()], vec![vec![text.replace('\n', " ")]])
            .line(format!("main answered 418: {text}"))
    }

    fn written(text: &str, format: Format) -> String {
        let mut out = Vec::new();
        report(text).write(format, Some(80), &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn controls(c: char) -> bool {
        (c.is_control() && c != '\n')
            || "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}".contains(c)
            || ('\u{202a}'..='\u{202e}').contains(&c)
            || ('\u{2066}'..='\u{2069}').contains(&c)
    }

    proptest! {
        #[test]
        fn no_output_controls_a_terminal(text in text()) {
            for format in [Format::Table, Format::Json, Format::Jsonl, Format::Csv] {
                let out = written(&text, format);
                prop_assert!(!out.contains(controls), "{:?}", out);
            }
        }

        #[test]
        fn every_json_line_is_json(text in text()) {
            let document: Value = serde_json::from_str(&written(&text, Format::Json)).unwrap();
            prop_assert_eq!(&document["remark"], &text);
            let lines = written(&text, Format::Jsonl);
            prop_assert_eq!(lines.lines().count(), 2);
            for line in lines.lines() {
                let document: Value = serde_json::from_str(line).unwrap();
                prop_assert_eq!(&document["reference"], &text);
            }
        }

        #[test]
        fn no_csv_cell_is_a_formula(text in text()) {
            let out = written(&text, Format::Csv);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_bytes());
            for record in reader.records() {
                for cell in &record.unwrap() {
                    prop_assert!(!terminal::is_formula(cell), "{:?}", cell);
                }
            }
        }
    }
}
