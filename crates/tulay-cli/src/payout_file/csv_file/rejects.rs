//! The file of rejected lines: each line as it was, with the reason in front of it, where a quote
//! that is not closed cannot swallow it. The reasons are left aside when the corrected file is read.

use super::quotes::raw_cells;
use crate::{
    payout_file::mistake::{BadLine, Mistake},
    terminal,
};

const HEADING: &str = "reason";

/// Whether a column holds the reasons of an earlier reading.
pub(super) fn is_reason(index: usize, heading: &str) -> bool {
    index == 0 && heading.trim() == HEADING
}

/// The header with a column for the reasons, unless it has one.
pub(super) fn header(raw: &str, separator: u8, has_reason: bool) -> String {
    if has_reason { raw.to_owned() } else { format!("{HEADING}{}{raw}", char::from(separator)) }
}

/// A line with its reason. What a spreadsheet would take for a formula, or would control a
/// terminal, is written as text.
pub(super) fn line(bad: &BadLine, raw: &str, separator: u8, has_reason: bool) -> String {
    let reason = bad.mistakes.iter().map(Mistake::to_string).collect::<Vec<_>>().join("; ");
    let reason = terminal::csv_cell(&reason).replace('"', "\"\"");
    let mut line = format!("\"{reason}\"{}", char::from(separator));
    for cell in raw_cells(raw, separator).skip(usize::from(has_reason)) {
        let (quote, text) = cell.strip_prefix('"').map_or(("", cell), |text| ("\"", text));
        let ends = |c: char| c == '"' || u8::try_from(c) == Ok(separator);
        let content = text.trim_end_matches(['\r', '\n']).trim_end_matches(ends);
        line.push_str(quote);
        if terminal::is_formula(content) {
            line.push('\'');
        }
        line.extend(text.chars().map(|c| match c {
            '\r' | '\t' => c.to_string(),
            c => terminal::shown(c.encode_utf8(&mut [0; 4])).into_owned(),
        }));
    }
    line
}

/// A cell of a file of rejected lines as it was before.
pub(super) fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| terminal::is_formula(text)).unwrap_or(cell)
}
