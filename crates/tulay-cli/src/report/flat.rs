//! JSON documents as rows of text, for CSV and tables of whatever a program answers.

use serde_json::{Map, Value};

/// A header and a row for each document, a document's members being its columns. Money becomes two
/// columns, an amount and its currency; what a document lacks stays empty. Columns that are named
/// in `first` come first.
pub(crate) fn table(documents: &[Value], first: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
    let flat: Vec<Vec<(String, String)>> = documents.iter().map(row).collect();
    let mut header: Vec<String> = Vec::new();
    for (column, _) in flat.iter().flatten() {
        if !header.contains(column) {
            header.push(column.clone());
        }
    }
    let place = |column: &String| {
        let of = match column.as_str() {
            "currency" => "amount",
            other => other.strip_suffix("_currency").unwrap_or(other),
        };
        first.iter().position(|name| name == of).unwrap_or(usize::MAX)
    };
    header.sort_by_key(place);
    let cell = |row: &Vec<(String, String)>, column: &String| {
        row.iter().find(|(name, _)| name == column).map_or(String::new(), |(_, cell)| cell.clone())
    };
    let rows = flat.iter().map(|row| header.iter().map(|column| cell(row, column)).collect());
    let rows = rows.collect();
    (header, rows)
}

/// A value as text, without the quotes of JSON; nothing for null.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn row(document: &Value) -> Vec<(String, String)> {
    let mut row = Vec::new();
    match document {
        Value::Object(members) => flatten("", members, &mut row),
        value => row.push(("value".into(), text(value))),
    }
    row
}

fn flatten(prefix: &str, members: &Map<String, Value>, row: &mut Vec<(String, String)>) {
    for (name, value) in members {
        let column = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            Value::Object(inner) => match money(inner) {
                Some((amount, currency)) => {
                    let of_what = match column.as_str() {
                        "amount" => "currency".to_owned(),
                        other => format!("{other}_currency"),
                    };
                    row.push((column, amount));
                    row.push((of_what, currency));
                }
                None => flatten(&column, inner, row),
            },
            value => row.push((column, text(value))),
        }
    }
}

fn money(members: &Map<String, Value>) -> Option<(String, String)> {
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    (members.len() == 2).then(|| text("amount").zip(text("currency"))).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn money_becomes_two_columns_and_nothing_is_lost() {
        let amount = json!({"amount": "1250.00", "currency": "PHP"});
        let documents = [
            json!({"a": 1, "amount": amount, "fee": amount}),
            json!({"a": null, "b": ["x", "y"], "c": {"d": true}}),
        ];
        let (header, rows) = table(&documents, &["b".into(), "amount".into()]);
        assert_eq!(header, ["b", "amount", "currency", "a", "fee", "fee_currency", "c.d"]);
        assert_eq!(rows[0], ["", "1250.00", "PHP", "1", "1250.00", "PHP", ""]);
        assert_eq!(rows[1], ["x y", "", "", "", "", "", "true"]);
    }
}
