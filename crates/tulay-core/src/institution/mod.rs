//! Banks and wallets by neutral names, as data: one file per country.

mod ph;

use crate::{channel::Channel, money::Country, word::InstitutionId};

/// A bank or wallet under the name that every provider is addressed by here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Institution {
    /// The neutral id: a BIC8, or a slug for a wallet that people know by its brand.
    pub id: &'static str,
    /// The BIC8, which is the id too where there is no slug.
    pub bic: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Other names it goes by.
    pub aliases: &'static [&'static str],
    /// [`Channel::Bank`] or [`Channel::Wallet`].
    pub channel: Channel,
}

impl Institution {
    /// The id as a word; `None` only if the directory itself were wrong, which a test excludes.
    #[must_use]
    pub fn institution_id(&self) -> Option<InstitutionId> {
        InstitutionId::new(self.id).ok()
    }

    /// Every name it goes by: id, BIC, name, aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.id, self.bic, self.name].into_iter().chain(self.aliases.iter().copied())
    }

    const fn bank(bic: &'static str, name: &'static str, aliases: &'static [&'static str]) -> Self {
        Self { id: bic, bic, name, aliases, channel: Channel::Bank }
    }

    const fn wallet(
        id: &'static str,
        bic: &'static str,
        name: &'static str,
        aliases: &'static [&'static str],
    ) -> Self {
        Self { id, bic, name, aliases, channel: Channel::Wallet }
    }
}

/// The banks and wallets of one country.
///
/// ```
/// use tulay_core::{Country, Directory};
/// let directory = Directory::of(Country::PH).unwrap();
/// assert_eq!(directory.named("G-Xchange").unwrap().id, "gcash");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Directory {
    country: Country,
    institutions: &'static [Institution],
}

static DIRECTORIES: [Directory; 1] =
    [Directory { country: Country::PH, institutions: ph::INSTITUTIONS }];

impl Directory {
    /// The directory of a country, where there is one.
    #[must_use]
    pub fn of(country: Country) -> Option<&'static Self> {
        DIRECTORIES.iter().find(|directory| directory.country == country)
    }

    /// All directories.
    #[must_use]
    pub fn all() -> &'static [Self] {
        &DIRECTORIES
    }

    /// Its country.
    #[must_use]
    pub const fn country(&self) -> Country {
        self.country
    }

    /// Its rows, ordered by id within banks and wallets.
    #[must_use]
    pub const fn institutions(&self) -> &'static [Institution] {
        self.institutions
    }

    /// The institution with this id, or this BIC8.
    #[must_use]
    pub fn get(&self, id: &InstitutionId) -> Option<&'static Institution> {
        self.institutions.iter().find(|row| row.id == id.as_str() || row.bic == id.as_str())
    }

    /// The institution with this BIC, of 8 or 11 characters.
    #[must_use]
    pub fn with_bic(&self, bic: &str) -> Option<&'static Institution> {
        let bic8 = bic.get(..8)?;
        self.institutions.iter().find(|row| row.bic == bic8)
    }

    /// The institution that goes by this name; capitals, blanks and punctuation do not matter.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&'static Institution> {
        let wanted = folded(name);
        let goes_by = |row: &&Institution| row.names().any(|name| folded(name) == wanted);
        self.institutions.iter().find(goes_by).filter(|_| !wanted.is_empty())
    }
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn no_name_means_two_institutions() {
        for directory in Directory::all() {
            let mut owners: BTreeMap<String, &str> = BTreeMap::new();
            for row in directory.institutions() {
                assert!(row.institution_id().is_some(), "{}", row.id);
                assert!(InstitutionId::new(row.bic).is_ok() && row.bic.len() == 8, "{}", row.bic);
                for name in row.names() {
                    let owner = owners.insert(folded(name), row.id);
                    assert!(
                        owner.is_none_or(|id| id == row.id),
                        "{name} is {owner:?} and {}",
                        row.id
                    );
                }
            }
            assert!(owners.len() > 100, "{}", directory.country());
        }
    }

    #[test]
    fn names_are_found_however_they_are_written() {
        let directory = Directory::of(Country::PH).unwrap();
        for (name, id) in [
            ("BDO", "BNORPHMM"),
            ("bdo unibank", "BNORPHMM"),
            ("g xchange", "gcash"),
            ("GXCHPHM2", "gcash"),
            ("SUN SAVINGS BANK, INC.", "SUSVPHM1"),
        ] {
            assert_eq!(directory.named(name).map(|row| row.id), Some(id), "{name}");
        }
        assert!(directory.named("").is_none());
        assert!(directory.named("no such bank").is_none());
        assert_eq!(directory.with_bic("GXCHPHM2XXX").unwrap().id, "gcash");
        assert!(directory.with_bic("ñññññññ").is_none());
    }
}
