//! One payout as a JSON object with the columns as its members. What serde says of a value repeats
//! it, so the members are read by hand, and a mistake names its member and nothing else.

use super::{
    Mistake,
    cells::{COLUMNS, Cells, column_named},
    file_kind::other_than_json,
};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::{cmp::Reverse, collections::BTreeSet, fmt};

impl Cells {
    /// Reads one object, or tells everything that is wrong with it.
    pub(crate) fn from_json(bytes: &[u8]) -> Result<Self, Vec<Mistake>> {
        let whole = |message: &str| vec![Mistake::of_row(message)];
        if let Some(problem) = other_than_json(bytes) {
            return Err(whole(&problem));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
            whole(&format!("line {line}: this is not UTF-8; save the file as UTF-8"))
        })?;
        let text = text.trim_start_matches('\u{feff}');
        let Members(members) = serde_json::from_str(text).map_err(|error| {
            if error.is_data() {
                return whole("expected one JSON object");
            }
            let (line, column) = (error.line(), error.column());
            whole(&format!("expected one JSON object; line {line}, column {column} does not fit"))
        })?;
        let (mut cells, mut mistakes, mut seen) = (Self::default(), Vec::new(), BTreeSet::new());
        for (number, (name, value)) in (1..).zip(&members) {
            let known = COLUMNS.contains(&name.as_str());
            let read = if !known {
                Err(unknown(name))
            } else if !seen.insert(name) {
                Err("it is given twice; leave one of them out".into())
            } else {
                text_of(name, value.get()).map(|text| cells.put(name, &text))
            };
            mistakes.extend(read.err().map(|message| Mistake::new(shown(name, number), message)));
        }
        if mistakes.is_empty() { Ok(cells) } else { Err(mistakes) }
    }
}

/// All members as they stand there, even twice.
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

fn text_of(name: &str, value: &str) -> Result<String, String> {
    // What is null is not there, as serde has it.
    serde_json::from_str::<Option<String>>(value).map(Option::unwrap_or_default).map_err(
        |_| match (name, value.starts_with('"')) {
            (_, true) => "expected text whose escapes are whole".into(),
            ("amount", false) => "expected text: write \"1250.00\" in quotes".into(),
            (_, false) => "expected text in quotes".into(),
        },
    )
}

fn unknown(name: &str) -> String {
    match meant(name) {
        Some(column) => format!("unknown member; did you mean {column}?"),
        None => format!("unknown member; there are {}", COLUMNS.join(", ")),
    }
}

fn meant(name: &str) -> Option<&'static str> {
    if name.chars().nth(32).is_some() {
        return None;
    }
    let distance = |column: &str| strsim::osa_distance(name, column);
    // Slips are rarer at the beginning: acount is account rather than amount.
    let alike = |column: &str| name.chars().zip(column.chars()).take_while(|(a, b)| a == b).count();
    let nearest = || {
        let columns = COLUMNS.iter().copied().filter(|column| distance(column) <= 2);
        columns.min_by_key(|column| (distance(column), Reverse(alike(column))))
    };
    column_named(name).or_else(nearest)
}

/// A member's name, unless it could be a misplaced value: those have capitals, digits or blanks.
fn shown(name: &str, number: usize) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '-');
    let is_name = (plain && (1..=24).contains(&name.len())) || column_named(name).is_some();
    if is_name { name.to_owned() } else { format!("member {number}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payout_file::{BadLine, mistake_lines};
    use insta::assert_snapshot;
    use proptest::prelude::*;

    fn verdict(bytes: &[u8]) -> String {
        match Cells::from_json(bytes) {
            Ok(_) => "good".into(),
            Err(mistakes) => {
                mistake_lines(&[BadLine { line: None, amount: None, mistakes }]).join("\n")
            }
        }
    }

    #[test]
    fn every_member_is_judged_by_its_name() {
        assert_eq!(verdict(b"\xEF\xBB\xBF {\"reference\":\"R1\",\"remark\":null}\n"), "good");
        let cells = Cells::from_json(br#"{"account":" \u0030917 ","name":""}"#).unwrap();
        assert_eq!((cells.account.as_deref(), cells.name), (Some("0917"), None));
        let long = format!("{{\"{}\":1}}", "x\\n".repeat(99));
        assert_snapshot!(
            [
                r#"{"acount":"998877","amount":998877.00,"currency":["998877"]}"#,
                r#"{"reference":"998877","reference":"998877"}"#,
                r#"{"Account Number":"998877"}"#,
                r#"{"remark":"\ud800 998877"}"#,
                r#"{"":"998877"}"#,
                &long,
                "",
                "[]",
                "\"998877\"",
                "{\n\"reference\": 998877x}",
                r#"{"reference":"R1"} {"reference":"R2"}"#,
            ]
            .map(|text| verdict(text.as_bytes()))
            .join("\n")
        );
        let latin = b"{\"reference\":\"R1\",\n\"name\":\"\xF1\"}";
        assert_eq!(verdict(latin), "line 2: this is not UTF-8; save the file as UTF-8");
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[ -~\\n]{0,60}", name in ".{0,50}") {
            let _ = Cells::from_json(text.as_bytes());
            let object = serde_json::json!({ name: text });
            let _ = Cells::from_json(object.to_string().as_bytes());
        }
    }
}
