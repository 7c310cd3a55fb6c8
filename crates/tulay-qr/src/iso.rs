//! The currencies and countries that ISO has given away.

/// Whether a number stands for a currency in ISO 4217, list one or a recent successor. Metals, units
/// of account, test codes and "no currency" are none.
pub(crate) fn is_currency(number: u16) -> bool {
    CURRENCIES.binary_search(&number).is_ok()
}

/// Whether two letters stand for a country in ISO 3166-1, or for Kosovo (`XK`, assigned by its users).
pub(crate) fn is_country(letters: &str) -> bool {
    let (countries, _) = COUNTRIES.as_bytes().as_chunks::<2>();
    countries.binary_search_by(|country| country.as_slice().cmp(letters.as_bytes())).is_ok()
}

#[rustfmt::skip]
const CURRENCIES: [u16; 170] = [
    8, 12, 32, 36, 44, 48, 50, 51, 52, 60, 64, 68, 72, 84, 90, 96, 104, 108, 116, 124, 132, 136,
    144, 152, 156, 170, 174, 188, 191, 192, 203, 208, 214, 222, 230, 232, 238, 242, 262, 270, 292,
    320, 324, 328, 332, 340, 344, 348, 352, 356, 360, 364, 368, 376, 388, 392, 396, 398, 400, 404,
    408, 410, 414, 417, 418, 422, 426, 430, 434, 446, 454, 458, 462, 480, 484, 496, 498, 504, 512,
    516, 524, 532, 533, 548, 554, 558, 566, 578, 586, 590, 598, 600, 604, 608, 634, 643, 646, 654,
    682, 690, 694, 702, 704, 706, 710, 728, 748, 752, 756, 760, 764, 776, 780, 784, 788, 800, 807,
    818, 826, 834, 840, 858, 860, 882, 886, 901, 924, 925, 926, 927, 928, 929, 930, 931, 932, 933,
    934, 936, 938, 940, 941, 943, 944, 946, 947, 948, 949, 950, 951, 952, 953, 967, 968, 969, 970,
    971, 972, 973, 975, 976, 977, 978, 979, 980, 981, 984, 985, 986, 990, 997,
];

const COUNTRIES: &str = "\
    ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCG\
    CHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGL\
    GMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLA\
    LBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONP\
    NRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSV\
    SXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_whole() {
        assert!(CURRENCIES.is_sorted());
        let (countries, _) = COUNTRIES.as_bytes().as_chunks::<2>();
        assert!(countries.is_sorted() && countries.len() == 250, "{}", countries.len());
        for number in [360, 392, 458, 608, 643, 702, 764, 840, 978] {
            assert!(is_currency(number), "{number}");
        }
        for number in [0, 1, 123, 607, 999] {
            assert!(!is_currency(number), "{number}");
        }
        for letters in ["PH", "ID", "MY", "TH", "RU", "AD", "ZW"] {
            assert!(is_country(letters), "{letters}");
        }
        for letters in ["ZZ", "AA", "UK", "EU", "XX", "ph", "P", "PHL", ""] {
            assert!(!is_country(letters), "{letters}");
        }
    }
}
