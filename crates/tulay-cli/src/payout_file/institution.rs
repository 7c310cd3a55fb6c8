//! Banks and wallets as people write them: what was probably meant.

use std::collections::HashMap;
use tulay::{Country, Directory, Institution, InstitutionId};

/// No name is longer; what is longer is another column, or an attempt to keep us busy.
const LONGEST: usize = 64;

/// What was found already: a file names the same few institutions on thousands of lines, and a
/// look at all names takes its time.
#[derive(Default)]
pub(super) struct Found(HashMap<Country, HashMap<String, Reading>>);

/// What a text says of an institution.
#[derive(Clone)]
pub(super) struct Reading {
    /// The institution that goes by it, be it the id or another name.
    pub(super) known: Option<&'static Institution>,
    /// Its id, or a sentence that says what was meant.
    pub(super) id: Result<InstitutionId, String>,
}

impl Found {
    pub(super) fn read(&mut self, text: &str, country: Country) -> Reading {
        let found = self.0.entry(country).or_default();
        if let Some(reading) = found.get(text) {
            return reading.clone();
        }
        let reading = read(text, country);
        found.insert(text.to_owned(), reading.clone());
        reading
    }
}

/// The institution that goes by this name, or by one much like it.
pub(crate) fn meant(directory: &Directory, text: &str) -> Option<&'static Institution> {
    named(directory, text).or_else(|| nearest(directory, text))
}

fn named(directory: &Directory, text: &str) -> Option<&'static Institution> {
    directory.named(text).filter(|_| may_be_name(text))
}

fn may_be_name(text: &str) -> bool {
    text.chars().nth(LONGEST).is_none()
}

/// The institution whose name differs by a slip of the hand, not by another word.
fn nearest(directory: &Directory, text: &str) -> Option<&'static Institution> {
    if !may_be_name(text) {
        return None;
    }
    let wanted = text.to_lowercase();
    let length = wanted.chars().count();
    let is_near = |distance: usize| distance.saturating_mul(4) <= length;
    let near = |row: &Institution| {
        row.names()
            // Not worth a look: the distance is at least the difference in length.
            .filter(|name| is_near(name.chars().count().abs_diff(length)))
            .map(|name| strsim::osa_distance(&name.to_lowercase(), &wanted))
            .min()
    };
    let rows = directory.institutions().iter();
    let rows = rows.filter_map(|row| near(row).map(|distance| (distance, row)));
    let (distance, row) = rows.min_by_key(|(distance, _)| *distance)?;
    is_near(distance).then_some(row)
}

fn read(text: &str, country: Country) -> Reading {
    let id = InstitutionId::new(text);
    let Some(directory) = Directory::of(country) else {
        let id = id.map_err(|invalid| invalid.problem().to_string());
        return Reading { known: None, id };
    };
    let known = named(directory, text);
    let id = id.ok().filter(|id| directory.get(id).is_some());
    Reading { known, id: id.ok_or_else(|| unknown(directory, known, text)) }
}

/// The text is not repeated: where the columns are shifted, it is a name or an account.
fn unknown(directory: &Directory, known: Option<&Institution>, text: &str) -> String {
    match known.or_else(|| nearest(directory, text)) {
        Some(row) => format!("expected an id; did you mean {} ({})?", row.id, told_apart(row)),
        None => format!(
            "expected an id that is known in {}: `tulay institutions` lists them, and \
             `tulay institutions match FILE` proposes ids for a file of names",
            directory.country()
        ),
    }
}

/// A name that says more than the id does.
fn told_apart(row: &Institution) -> &'static str {
    let says_more = |name: &&str| !name.eq_ignore_ascii_case(row.id);
    row.names().skip(2).find(says_more).unwrap_or(row.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_a_name_is_guessed_at() {
        let directory = Directory::of(Country::PH).unwrap();
        let id = |text: &str| meant(directory, text).map(|row| row.id);
        assert_eq!(id("gcahs"), Some("gcash"));
        assert_eq!(id("Metrobnk"), Some("MBTCPHMM"));
        assert_eq!(id(&format!("gcash{}", " ".repeat(60))), None);
        assert_eq!(id(""), None);
        assert_eq!(id("no such bank"), None);
    }
}
