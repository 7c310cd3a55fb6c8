//! One institution under two names: a wallet that people know by its brand may have a BIC too.

use tulay_core::{Country, Directory, InstitutionId};

/// Whether two names are of one institution in a country.
pub(crate) fn is_same(country: Country, one: &InstitutionId, other: &InstitutionId) -> bool {
    one == other
        // Of two names of one institution, one is its BIC.
        || (is_bic(one) != is_bic(other)
            && row(country, one).is_some_and(|id| row(country, other) == Some(id)))
}

/// The other name of an institution, where it has one there.
pub(crate) fn other_name(country: Country, id: &InstitutionId) -> Option<InstitutionId> {
    let row = Directory::of(country)?.get(id)?;
    let name = if row.id == id.as_str() { row.bic? } else { row.id };
    InstitutionId::new(name).ok().filter(|other| other != id)
}

fn row(country: Country, id: &InstitutionId) -> Option<&'static str> {
    Some(Directory::of(country)?.get(id)?.id)
}

fn is_bic(id: &InstitutionId) -> bool {
    id.as_str().bytes().any(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_of_every_institution_are_one_and_no_two_are_mixed_up() {
        for directory in Directory::all() {
            let country = directory.country();
            let rows = directory.institutions();
            for row in rows {
                let id = row.institution_id().unwrap();
                let bic = row.bic.map(|bic| InstitutionId::new(bic).unwrap());
                assert!(is_same(country, &id, &id));
                let Some(bic) = bic.filter(|bic| *bic != id) else {
                    assert_eq!(other_name(country, &id), None);
                    continue;
                };
                assert!(is_same(country, &id, &bic) && is_same(country, &bic, &id));
                assert_eq!(other_name(country, &id), Some(bic.clone()));
                assert_eq!(other_name(country, &bic), Some(id));
                let others = rows.iter().filter(|other| other.id != row.id);
                for other in others.filter_map(tulay_core::Institution::institution_id) {
                    assert!(!is_same(country, &bic, &other), "{bic} {other}");
                }
            }
        }
        let gcash = InstitutionId::new("gcash").unwrap();
        let bic = InstitutionId::new("GXCHPHM2").unwrap();
        assert!(!is_same(Country::ID, &gcash, &bic), "the names of a country");
    }
}
