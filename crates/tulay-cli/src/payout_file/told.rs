//! Mistakes for people: what is the same on many lines is said once, and a spoilt column of a
//! large file does not scroll everything else away. Programs get all of it, see `Failure`.

use super::mistake::{BadLine, Mistake};
use std::collections::{BTreeSet, HashMap};

const GROUPS: usize = 50;

/// One line for each different mistake.
pub(crate) fn told(bad: &[BadLine]) -> Vec<String> {
    let groups = groups(bad);
    let (told, rest) = groups.split_at(groups.len().min(GROUPS));
    let mut text: Vec<String> = told.iter().map(Group::told).collect();
    if !rest.is_empty() {
        text.push(left_out(told, rest));
    }
    text
}

struct Group<'b> {
    mistake: &'b Mistake,
    lines: Vec<Option<u64>>,
}

impl Group<'_> {
    fn told(&self) -> String {
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

fn left_out(told: &[Group<'_>], rest: &[Group<'_>]) -> String {
    let lines = |groups: &[Group<'_>]| -> BTreeSet<Option<u64>> {
        groups.iter().flat_map(|group| group.lines.iter().copied()).collect()
    };
    match lines(rest).difference(&lines(told)).count() {
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
    fn what_is_the_same_is_said_once() {
        let many: Vec<BadLine> = (2..=245)
            .map(|line| bad(line, if line == 4 { &["wrong", "also"] } else { &["wrong"] }))
            .collect();
        assert_eq!(
            told(&many),
            ["lines 2, 3, 4 and 241 others, column amount: wrong", "line 4, column amount: also"]
        );
        assert_eq!(
            told(&[bad(7, &["a", "b"]), bad(9, &["b"]), bad(10, &["b"]), bad(12, &["b"])]),
            ["line 7, column amount: a", "lines 7, 9, 10 and 12, column amount: b"]
        );
        let whole = BadLine { mistakes: vec![Mistake::of_row("wrong")], ..bad(3, &[]) };
        assert_eq!(told(&[whole]), ["line 3: wrong"]);
        assert_eq!(told(&[BadLine { line: None, ..bad(1, &["wrong"]) }]), ["amount: wrong"]);
    }

    #[test]
    fn what_differs_on_every_line_is_cut_off_and_counted() {
        let messages: Vec<String> = (1..=99).map(|number| format!("wrong {number}")).collect();
        let lines: Vec<BadLine> =
            (1..=99).zip(&messages).map(|(line, message)| bad(line, &[message])).collect();
        let text = told(&lines);
        assert_eq!((text.len(), text[50].as_str()), (51, "and 49 more lines with mistakes"));
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        let text = told(&[bad(1, &messages)]);
        assert_eq!(text[50], "and 49 more kinds of mistake on these lines");
    }
}
