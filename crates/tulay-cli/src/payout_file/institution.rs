//! Banks and wallets as people write them: what was probably meant.

use tulay::{Country, Directory, Institution, InstitutionId};

/// The institution of this id, or a sentence that says what is wrong and what was meant.
pub(super) fn read(text: &str, country: Country) -> Result<InstitutionId, String> {
    let id = InstitutionId::new(text);
    let Some(directory) = Directory::of(country) else {
        return id.map_err(|invalid| format!("expected {}", invalid.expected));
    };
    match id.ok().filter(|id| directory.get(id).is_some()) {
        Some(id) => Ok(id),
        None => Err(match meant(directory, text) {
            Some(row) => {
                format!("{text:?} is not an id; did you mean {} ({})?", row.id, told_apart(row))
            }
            None => {
                format!("{text:?} is not known in {country}; `tulay institutions` lists what is")
            }
        }),
    }
}

/// A name that says more than the id does.
fn told_apart(row: &Institution) -> &'static str {
    let says_more = |name: &&str| !name.eq_ignore_ascii_case(row.id);
    row.names().skip(2).find(says_more).unwrap_or(row.name)
}

/// The institution that goes by this name, or by one much like it.
pub(crate) fn meant(directory: &Directory, text: &str) -> Option<&'static Institution> {
    let wanted = text.to_lowercase();
    let near = |row: &&'static Institution| {
        let distance = |name: &str| strsim::damerau_levenshtein(&name.to_lowercase(), &wanted);
        row.names().map(distance).min().unwrap_or(usize::MAX)
    };
    let nearest = || {
        let row = directory.institutions().iter().min_by_key(near)?;
        // A slip of the hand, not another word.
        (near(&row) * 4 <= wanted.chars().count()).then_some(row)
    };
    directory.named(text).or_else(nearest)
}
