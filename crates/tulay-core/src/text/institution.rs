//! Banks and wallets by the names that people write.

use crate::{
    ids::InstitutionId,
    institution::{Directory, Institution, NameMatch},
    invalid::Invalid,
    money::Country,
};

const FIELD: &str = "institution";

/// Reads a bank or wallet: its id or BIC, or a name that is exactly one of its names. Of a country
/// without a [`Directory`], any id is read.
///
/// ```
/// use tulay_core::{Country, text};
/// assert_eq!(text::institution("Metrobank", Country::PH)?.as_str(), "MBTCPHMM");
/// let slip = text::institution("Metrobnk", Country::PH).unwrap_err();
/// assert!(slip.to_string().ends_with("did you mean MBTCPHMM (Metrobank)?"));
/// # Ok::<_, tulay_core::Invalid>(())
/// ```
///
/// # Errors
/// When it names none, with the one that was probably meant. The text is not repeated: where columns
/// are shifted, it is a name or an account.
pub fn institution(text: &str, country: Country) -> Result<InstitutionId, Invalid> {
    let Some(directory) = Directory::of(country) else { return InstitutionId::new(text) };
    // An id is taken as it is given, be it a BIC beside the neutral id.
    if let Some(id) = InstitutionId::new(text).ok().filter(|id| directory.get(id).is_some()) {
        return Ok(id);
    }
    match directory.find(text) {
        Some(NameMatch::Exact(row)) => InstitutionId::new(row.id),
        Some(NameMatch::Guess(row)) => {
            let expected =
                format!("an id or name that is known in {country}; did you mean {}?", shown(row));
            Err(Invalid::new(FIELD, expected))
        }
        Some(NameMatch::Merged(row)) => {
            let clause = format!(
                "this bank was merged into {}: get the account number at that bank, and write its name",
                shown(row)
            );
            Err(Invalid::unreadable(FIELD, clause))
        }
        None => Err(Invalid::new(FIELD, format!("an id or name that is known in {country}"))),
    }
}

/// Reads the bank, wallet or shop of a collection: as [`institution`], but any id is taken, since
/// providers have institutions that no directory lists. Without a country, a name must be one
/// institution's in all countries.
///
/// # Errors
/// When it is neither an id nor a name, with the one that was probably meant.
pub fn institution_or_id(text: &str, country: Option<Country>) -> Result<InstitutionId, Invalid> {
    let all = Directory::all().iter();
    let here: Vec<&Directory> =
        all.filter(|directory| country.is_none_or(|c| c == directory.country())).collect();
    let id = InstitutionId::new(text);
    let is_listed = |id: &InstitutionId| here.iter().any(|directory| directory.get(id).is_some());
    if let Some(id) = id.clone().ok().filter(is_listed) {
        return Ok(id);
    }
    let mut named: Vec<&Institution> = here.iter().filter_map(|d| d.named(text)).collect();
    named.dedup_by_key(|row| row.id);
    match (named.as_slice(), country) {
        ([row], _) => InstitutionId::new(row.id),
        ([], Some(country)) => id.or_else(|_| institution(text, country)),
        ([], None) => id,
        (rows, _) => {
            let ids: Vec<&str> = rows.iter().map(|row| row.id).collect();
            let expected = format!("an id, as several have this name: {}", ids.join(", "));
            Err(Invalid::new(FIELD, expected))
        }
    }
}

/// The id, and a name that says more than it does.
fn shown(row: &Institution) -> String {
    let says_more = |name: &&str| !name.eq_ignore_ascii_case(row.id);
    let name = row.aliases.iter().copied().find(says_more).unwrap_or(row.name);
    format!("{} ({name})", row.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_names_are_read_and_guesses_are_not() {
        for (text, id) in [
            ("BDO", "BNORPHMM"),
            ("Landbank", "TLBPPHMM"),
            ("GCash", "gcash"),
            ("GXCHPHM2", "GXCHPHM2"),
        ] {
            let read = institution(text, Country::PH).unwrap();
            assert_eq!(read.as_str(), id, "{text}");
        }
        for (text, message) in [
            ("gcahs", "expected an id or name that is known in PH; did you mean gcash ("),
            ("UCPB", "this bank was merged into TLBPPHMM (Landbank): get the account"),
            ("BOPIPHNM", "expected an id or name that is known in PH"),
            ("Maria Santos", "expected an id or name that is known in PH"),
        ] {
            let refused = institution(text, Country::PH).unwrap_err().problem().to_string();
            assert!(refused.starts_with(message), "{text}: {refused}");
        }
        assert!(institution("SABRRUMM", Country::RU).is_ok());
        assert!(institution("Sberbank", Country::RU).is_err());
    }
}
