//! Banks and wallets by neutral names, as data: one file per country.

mod id;
mod matching;
mod my;
mod ph;
mod th;

pub use matching::NameMatch;

use crate::{channel::Channel, ids::InstitutionId, money::Country};

/// A bank or wallet under the name that every provider is addressed by here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Institution {
    /// The neutral id: a BIC8, or a slug for a wallet that people know by its brand.
    pub id: &'static str,
    /// The BIC8, which is the id too where there is no slug; `None` for a wallet that has none.
    pub bic: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// Other names it goes by: short names, names in the country's own script, names that it had
    /// before it was renamed.
    pub aliases: &'static [&'static str],
    /// Names of other banks that were merged into it. An account there may have got another
    /// number, so such a name is only ever [`NameMatch::Merged`].
    pub merged: &'static [&'static str],
    /// [`Channel::Bank`] or [`Channel::Wallet`].
    pub channel: Channel,
    /// Whether its accounts are mobile numbers of the country, and nothing else.
    pub by_mobile: bool,
    /// How many digits its accounts have, where that is published; empty where it is not.
    pub account_digits: &'static [usize],
}

impl Institution {
    /// The id as a word; `None` only if the directory itself were wrong, which a test excludes.
    #[must_use]
    pub fn institution_id(&self) -> Option<InstitutionId> {
        InstitutionId::new(self.id).ok()
    }

    /// Every name it goes by: id, BIC, name, aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let official = [Some(self.id), self.bic, Some(self.name)].into_iter().flatten();
        official.chain(self.aliases.iter().copied())
    }

    /// Adds names of banks that were merged into it.
    const fn merged(self, merged: &'static [&'static str]) -> Self {
        Self { merged, ..self }
    }

    /// Sets how many digits its accounts have.
    const fn digits(self, account_digits: &'static [usize]) -> Self {
        Self { account_digits, ..self }
    }

    /// Marks a wallet whose accounts are mobile numbers.
    const fn by_mobile(self) -> Self {
        Self { by_mobile: true, ..self }
    }
}

/// A bank, known by its BIC8.
const fn bank(
    bic: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
) -> Institution {
    Institution {
        id: bic,
        bic: Some(bic),
        name,
        aliases,
        merged: &[],
        channel: Channel::Bank,
        by_mobile: false,
        account_digits: &[],
    }
}

/// A wallet, known by its brand.
const fn wallet(
    id: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
) -> Institution {
    Institution { id, bic: None, channel: Channel::Wallet, ..bank("", name, aliases) }
}

/// A wallet that has a BIC8 beside its brand.
const fn wallet_with_bic(
    id: &'static str,
    bic: &'static str,
    name: &'static str,
    aliases: &'static [&'static str],
) -> Institution {
    Institution { bic: Some(bic), ..wallet(id, name, aliases) }
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

static DIRECTORIES: [Directory; 4] = [
    Directory { country: Country::ID, institutions: id::INSTITUTIONS },
    Directory { country: Country::MY, institutions: my::INSTITUTIONS },
    Directory { country: Country::PH, institutions: ph::INSTITUTIONS },
    Directory { country: Country::TH, institutions: th::INSTITUTIONS },
];

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

    /// The institution with this BIC, of 8 or 11 characters.
    #[must_use]
    pub fn with_bic(&self, bic: &str) -> Option<&'static Institution> {
        let bic8 = bic.get(..8)?;
        self.institutions.iter().find(|row| row.bic == Some(bic8))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let directory = Directory::of(Country::ID).unwrap();
        for (name, id) in [("BCA", "CENAIDJA"), ("bank bri", "BRINIDJA"), ("Go-Pay", "gopay")] {
            assert_eq!(directory.named(name).map(|row| row.id), Some(id), "{name}");
        }
        assert_eq!(directory.with_bic("BNIAIDJAXXX").unwrap().id, "BNIAIDJA");
        let directory = Directory::of(Country::MY).unwrap();
        assert_eq!(directory.named("touch n go").map(|row| row.id), Some("tng"));
        assert_eq!(directory.named("CIMB").map(|row| row.id), Some("CIBBMYKL"));
        let directory = Directory::of(Country::TH).unwrap();
        assert_eq!(directory.named("k-bank").map(|row| row.id), Some("KASITHBK"));
        assert_eq!(directory.named("SCB").map(|row| row.id), Some("SICOTHBK"));
    }
}
