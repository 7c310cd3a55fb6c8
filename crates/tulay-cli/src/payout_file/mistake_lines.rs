//! Mistakes as text for people. A mistake that many lines share is printed once, and at most
//! `GROUPS` mistakes are printed. Programs get all of them, see `Failure`.

use super::mistake::{BadLine, Mistake};
use std::collections::{BTreeSet, HashMap};

const GROUPS: usize = 50;

/// One line for each different mistake.
pub(crate) fn mistake_lines(bad: &[BadLine]) -> Vec<String> {
    let groups = groups(bad);
    let (shown, rest) = groups.split_at(groups.len().min(GROUPS));
    let mut text: Vec<String> = shown.iter().map(Group::line).collect();
    if !rest.is_empty() {
        text.push(left_out(shown, rest));
    }
    text
}

struct Group<'b> {
    mistake: &'b Mistake,
    lines: Vec<Option<u64>>,
}

impl Group<'_> {
    fn line(&self) -> String {
        let Mistake { column, message } = self.mistake;
        match (self.place(), column) {
            (Some(place), Some(column)) => format!("{place}, column {column}: {message}"),
            (Some(place), None) => format!("{place}: {message}"),
            (None, Some(column)) => format!("{column}: {message}"),
            (None, None) => message.clone(),
        }
    }

    fn place(&self) -> Option<String> {
        let lines: Vec<u64> = self.lines.iter().copied().flatten().collect();
        Some(match lines.as_slice() {
            [] => return None,
            [line] => format!("line {line}"),
            [first, second] => format!("lines {first} and {second}"),
            [first, second, third] => format!("lines {first}, {second} and {third}"),
            [first, second, third, fourth] => {
                format!("lines {first}, {second}, {third} and {fourth}")
            }
            [first, second, third, rest @ ..] => {
                format!("lines {first}, {second}, {third} and {} others", rest.len())
            }
        })
    }
}

/// In the order in which they are met first.
fn groups(bad: &[BadLine]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = HashMap::new();
    for bad in bad {
        for mistake in &bad.mistakes {
            let place = *known.entry((&mistake.column, &mistake.message)).or_insert(groups.len());
            match groups.get_mut(place) {
                Some(group) if group.lines.last() == Some(&bad.line) => {}
                Some(group) => group.lines.push(bad.line),
                None => groups.push(Group { mistake, lines: vec![bad.line] }),
            }
        }
    }
    groups
}

fn left_out(shown: &[Group<'_>], rest: &[Group<'_>]) -> String {
    let lines = |groups: &[Group<'_>]| -> BTreeSet<Option<u64>> {
        groups.iter().flat_map(|group| group.lines.iter().copied()).collect()
    };
    match lines(rest).difference(&lines(shown)).count() {
        0 => format!("and {} more kinds of mistake on these lines", rest.len()),
        1 => "and 1 more line with mistakes".into(),
        more => format!("and {more} more lines with mistakes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(line: u64, messages: &[&str]) -> BadLine {
        let mistakes = messages.iter().map(|message| Mistake::new("amount", *message)).collect();
        BadLine { line: Some(line), amount: None, mistakes }
    }

    #[test]
    fn equal_mistakes_are_one_line() {
        let many: Vec<BadLine> = (2..=245)
            .map(|line| bad(line, if line == 4 { &["wrong", "also"] } else { &["wrong"] }))
            .collect();
        assert_eq!(
            mistake_lines(&many),
            ["lines 2, 3, 4 and 241 others, column amount: wrong", "line 4, column amount: also"]
        );
        assert_eq!(
            mistake_lines(&[bad(7, &["a", "b"]), bad(9, &["b"]), bad(10, &["b"]), bad(12, &["b"])]),
            ["line 7, column amount: a", "lines 7, 9, 10 and 12, column amount: b"]
        );
        let whole = BadLine { mistakes: vec![Mistake::of_row("wrong")], ..bad(3, &[]) };
        assert_eq!(mistake_lines(&[whole]), ["line 3: wrong"]);
        assert_eq!(
            mistake_lines(&[BadLine { line: None, ..bad(1, &["wrong"]) }]),
            ["amount: wrong"]
        );
    }

    #[test]
    fn further_mistakes_are_counted() {
        let messages: Vec<String> = (1..=99).map(|number| format!("wrong {number}")).collect();
        let lines: Vec<BadLine> =
            (1..=99).zip(&messages).map(|(line, message)| bad(line, &[message])).collect();
        let text = mistake_lines(&lines);
        assert_eq!((text.len(), text[50].as_str()), (51, "and 49 more lines with mistakes"));
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        let text = mistake_lines(&[bad(1, &messages)]);
        assert_eq!(text[50], "and 49 more kinds of mistake on these lines");
    }
}
