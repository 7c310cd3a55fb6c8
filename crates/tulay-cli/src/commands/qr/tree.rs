//! A code as a tree for people, with what is wrong underlined.

use tulay_qr::{Content, Id, Inspection, Object, Objects, Path, Scheme, Warning, WarningKind};

/// The columns before the ID, and those from there to the value.
const OFFSET: usize = 7;
const MEANING: usize = 26;

/// As much of a rest that cannot be read is shown.
const LONGEST_REST: usize = 60;

/// The lines: an object each, below it what is wrong with it, and at the end what is missing.
pub(super) fn lines(seen: &Inspection<'_>) -> Vec<String> {
    let rows = rows(seen);
    let findings = &seen.findings;
    let errors = findings.errors.iter();
    let errors = errors.map(|e| Note::new("error", e.byte_offset, e.path, e.kind.to_string()));
    let warnings = findings.warnings.iter();
    let warnings = warnings.map(|w| Note::new("note", w.byte_offset, w.path, sentence(w)));
    let mut notes: Vec<Note> = errors.chain(warnings).collect();
    // Rows stand in the order of the text, and so do then the notes below them.
    notes.sort_by_key(|note| note.byte_offset);
    let (within, elsewhere): (Vec<_>, Vec<_>) =
        notes.into_iter().partition(|note| innermost(&rows, note.byte_offset).is_some());

    let mut lines = Vec::new();
    let mut within = within.iter().peekable();
    for (number, row) in rows.iter().enumerate() {
        lines.push(row.line(seen.text));
        let own = |note: &&Note| innermost(&rows, note.byte_offset) == Some(number);
        while let Some(note) = within.next_if(own) {
            lines.push(row.underlined(note));
        }
    }
    for note in elsewhere {
        let named = note.path.and_then(|path| path.meaning(seen.scheme()));
        let named = named.map(|meaning| format!(" ({meaning})")).unwrap_or_default();
        let path = note.path.map(|path| format!("{path}{named}: ")).unwrap_or_default();
        lines.push(format!("{}: {path}{}", note.weight, note.message));
    }
    lines
}

/// The innermost row that holds the place: the last one that begins before it.
fn innermost(rows: &[Row<'_>], byte_offset: usize) -> Option<usize> {
    let number = rows.partition_point(|row| row.start <= byte_offset).checked_sub(1)?;
    rows.get(number).filter(|row| row.holds(byte_offset)).map(|_| number)
}

fn sentence(warning: &Warning) -> String {
    match warning.limit.filter(|_| warning.kind == WarningKind::ValueLength) {
        Some(limit) => format!("{}, {limit}", warning.kind),
        None => warning.kind.to_string(),
    }
}

/// An error or a warning.
struct Note {
    weight: &'static str,
    byte_offset: usize,
    path: Option<Path>,
    message: String,
}

impl Note {
    fn new(weight: &'static str, byte_offset: usize, path: Option<Path>, message: String) -> Self {
        Self { weight, byte_offset, path, message }
    }
}

/// A line of the tree: an object, or a rest that can not be read.
struct Row<'a> {
    start: usize,
    end: usize,
    depth: usize,
    kind: RowKind<'a>,
}

enum RowKind<'a> {
    Object { id: Id, value: &'a str, meaning: &'static str, template: bool },
    Rest(&'a str),
}

impl Row<'_> {
    fn holds(&self, byte_offset: usize) -> bool {
        (self.start..self.end).contains(&byte_offset)
    }

    fn line(&self, text: &str) -> String {
        let before = text.get(..self.start).unwrap_or_default().chars().count();
        let offset = format!("{before:>width$}  ", width = OFFSET - 2);
        let indent = "  ".repeat(self.depth);
        match self.kind {
            RowKind::Object { id, value, meaning, template } => {
                let length = value.chars().count();
                let value = if template { String::new() } else { printable(value) };
                let width = MEANING.saturating_sub(indent.len());
                let line = format!("{offset}{indent}{id} {length:02}  {meaning:<width$}{value}");
                line.trim_end().to_owned()
            }
            RowKind::Rest(rest) => {
                let shown: String = printable(rest).chars().take(LONGEST_REST).collect();
                let more = rest.chars().count().saturating_sub(LONGEST_REST);
                let more = if more > 0 { format!("… ({more} more)") } else { String::new() };
                format!("{offset}{indent}{shown}{more}")
            }
        }
    }

    fn underlined(&self, note: &Note) -> String {
        let (column, width) = match self.kind {
            RowKind::Object { value, template: false, .. }
                if note.byte_offset >= self.start + 4 =>
            {
                let inside = note.byte_offset - self.start - 4;
                let before = value.get(..inside).unwrap_or_default().chars().count();
                let rest = value.chars().count() - before;
                // What has no path is about one character.
                (OFFSET + 7 + MEANING + before, if note.path.is_some() { rest } else { 1 })
            }
            // ID and length.
            RowKind::Object { .. } => (OFFSET + 2 * self.depth, 5),
            RowKind::Rest(rest) => {
                let inside = note.byte_offset - self.start;
                let before = rest.get(..inside).unwrap_or_default().chars().count();
                (OFFSET + 2 * self.depth + before.min(LONGEST_REST), 2)
            }
        };
        let path = match (note.path, &self.kind) {
            (Some(path), RowKind::Object { id, .. }) if path.sub.unwrap_or(path.root) == *id => {
                String::new()
            }
            (Some(path), _) => format!("{path}: "),
            (None, _) => String::new(),
        };
        let marks = "^".repeat(width.max(1));
        format!("{}{marks} {}: {path}{}", " ".repeat(column), note.weight, note.message)
    }
}

fn rows<'a>(seen: &Inspection<'a>) -> Vec<Row<'a>> {
    let scheme = seen.scheme();
    let objects = match seen.content {
        Some(Content::Payload(payload)) => payload.objects(),
        _ => Objects::of(seen.text),
    };
    let mut rows = Vec::new();
    let mut read = 0;
    for object in objects {
        let opaque = (80..=99).contains(&object.id().number())
            && seen.findings.warnings.iter().any(|w| w.path == Some(object.id().into()));
        let template = matches!(object.id().number(), 26..=51 | 62 | 64 | 80..=99) && !opaque;
        // Templates are read as far as they can be; what only may be one is if it reads to its end.
        let inside = match object.id().number() {
            80..=99 => object.objects(),
            _ => Some(Objects::of(object.value())),
        };
        rows.push(row(object, 0, scheme, None, template));
        read = end(&object);
        if let Some(inside) = inside.filter(|_| template) {
            rows.extend(rows_within(object, inside, scheme));
        }
    }
    let rest = seen.text.get(read..).unwrap_or_default();
    if !rest.is_empty() {
        let kind = RowKind::Rest(rest);
        rows.push(Row { start: read, end: seen.text.len(), depth: 0, kind });
    }
    rows
}

fn rows_within<'a>(template: Object<'a>, inside: Objects<'a>, scheme: Scheme) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut read = 0;
    for object in inside {
        // Offsets within a template that was read by itself begin at its value.
        let start = template.value_byte_offset() + read;
        let mut row = row(object, 1, scheme, Some(template.id()), false);
        let length = row.end - row.start;
        (row.start, row.end) = (start, start + length);
        rows.push(row);
        read += length;
    }
    let rest = template.value().get(read..).unwrap_or_default();
    if !rest.is_empty() {
        let start = template.value_byte_offset() + read;
        let kind = RowKind::Rest(rest);
        rows.push(Row { start, end: start + rest.len(), depth: 1, kind });
    }
    rows
}

fn row(
    object: Object<'_>,
    depth: usize,
    scheme: Scheme,
    root: Option<Id>,
    template: bool,
) -> Row<'_> {
    let path = match root {
        Some(root) => Path::within(root, object.id()),
        None => object.id().into(),
    };
    let meaning = path.meaning(scheme).unwrap_or_default();
    let kind = RowKind::Object { id: object.id(), value: object.value(), meaning, template };
    Row { start: object.byte_offset(), end: end(&object), depth, kind }
}

fn end(object: &Object<'_>) -> usize {
    object.value_byte_offset() + object.value().len()
}

/// The text with a mark for each character that cannot be seen, so that a line stays one and its
/// columns are those of the text.
fn printable(text: &str) -> String {
    let unseen = |c: char| {
        c.is_control()
            || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
    };
    text.chars().map(|c| if unseen(c) { '\u{FFFD}' } else { c }).collect()
}
