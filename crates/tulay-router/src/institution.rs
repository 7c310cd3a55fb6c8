//! The two names of an institution: a wallet that is known by its brand may have a BIC too.

use tulay_core::{Country, Directory, InstitutionId};

/// The other name of an institution, where it has one in a country.
pub(crate) fn other_name(country: Country, id: &InstitutionId) -> Option<&'static str> {
    let institution = Directory::of(country)?.get(id)?;
    let names = [Some(institution.id), institution.bic];
    names.into_iter().flatten().find(|name| *name != id.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_names_identify_the_institution_and_no_other() {
        for directory in Directory::all() {
            let country = directory.country();
            let rows = directory.institutions();
            for row in rows {
                let id = row.institution_id().unwrap();
                let bic = row.bic.map(|bic| InstitutionId::new(bic).unwrap());
                let Some(bic) = bic.filter(|bic| *bic != id) else {
                    assert_eq!(other_name(country, &id), None);
                    continue;
                };
                assert_eq!(other_name(country, &id), Some(bic.as_str()));
                assert_eq!(other_name(country, &bic), Some(id.as_str()));
                let others = rows.iter().filter(|other| other.id != row.id);
                for other in others {
                    let names = [Some(other.id), other.bic];
                    assert!(!names.contains(&Some(bic.as_str())), "{bic} {}", other.id);
                    assert!(!names.contains(&Some(id.as_str())), "{id} {}", other.id);
                }
            }
        }
        let gcash = InstitutionId::new("gcash").unwrap();
        assert_eq!(other_name(Country::ID, &gcash), None, "the names of a country");
    }
}
