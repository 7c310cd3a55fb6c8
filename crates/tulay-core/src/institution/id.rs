//! Indonesia: banks and wallets that payments go to.
//!
//! Source: public lists of the members of Bank Indonesia's large-value and clearing systems, for
//! the BIC8; a bank that was renamed keeps the BIC8 it is listed under and goes by its older names
//! too. Wallets have no BIC there: they are known by their brand.

use super::{Institution, bank, wallet};

pub(super) const INSTITUTIONS: &[Institution] = &[
    bank("BBBAIDJA", "Bank Permata", &["Permata", "PermataBank"]),
    bank("BBIJIDJA", "Bank UOB Indonesia", &["UOB", "UOB Indonesia"]),
    bank("BBUKIDJA", "KB Bank", &["Bukopin", "Bank Bukopin", "Bank KB Bukopin", "KB Bukopin"]),
    bank("BDINIDJA", "Bank Danamon Indonesia", &["Danamon", "Bank Danamon"]),
    bank("BDKIIDJ1", "Bank Jakarta", &["Bank DKI", "BPD DKI"]),
    bank("BMRIIDJA", "Bank Mandiri", &["Mandiri"]),
    bank("BNIAIDJA", "Bank CIMB Niaga", &["CIMB", "CIMB Niaga"]),
    bank("BNINIDJA", "Bank Negara Indonesia", &["BNI", "Bank BNI"]),
    bank("BRINIDJA", "Bank Rakyat Indonesia", &["BRI", "Bank BRI"]),
    bank("BSMDIDJA", "Bank Syariah Indonesia", &["BSI", "Bank Syariah Mandiri"]),
    bank("BTANIDJA", "Bank Tabungan Negara", &["BTN", "Bank BTN"]),
    bank("CENAIDJA", "Bank Central Asia", &["BCA", "Bank BCA"]),
    bank("DBSBIDJA", "Bank DBS Indonesia", &["DBS", "DBS Indonesia", "digibank"]),
    bank("HNBNIDJA", "Bank KEB Hana Indonesia", &["Hana Bank", "KEB Hana", "LINE Bank"]),
    bank("HSBCIDJA", "Bank HSBC Indonesia", &["HSBC", "HSBC Indonesia"]),
    bank("IBBKIDJA", "Bank Maybank Indonesia", &["Maybank", "Maybank Indonesia", "BII"]),
    bank("JAGBIDJA", "Bank Jago", &["Jago", "Bank Artos"]),
    bank("KSEBIDJ1", "SeaBank Indonesia", &["SeaBank", "Bank Kesejahteraan Ekonomi"]),
    bank("MAYAIDJA", "Bank Mayapada Internasional", &["Mayapada", "Bank Mayapada"]),
    bank("MEGAIDJA", "Bank Mega", &["Mega"]),
    bank("MUABIDJA", "Bank Muamalat Indonesia", &["Muamalat", "Bank Muamalat"]),
    bank("NISPIDJA", "Bank OCBC Indonesia", &["OCBC", "OCBC NISP", "Bank OCBC NISP"]),
    bank("PDJBIDJA", "Bank Jabar Banten", &["BJB", "Bank BJB", "BPD Jabar dan Banten"]),
    bank("PINBIDJA", "Bank Pan Indonesia", &["Panin", "Panin Bank", "Bank Panin"]),
    bank("PUBAIDJ1", "Bank BTPN Syariah", &["BTPN Syariah"]),
    bank("ROYBIDJ1", "Bank Digital BCA", &["BCA Digital", "blu", "blu by BCA Digital"]),
    bank("SBJKIDJA", "Bank Sinarmas", &["Sinarmas"]),
    bank("SCBLIDJX", "Standard Chartered Bank Indonesia", &["Standard Chartered"]),
    bank("SUNIIDJA", "Bank SMBC Indonesia", &["BTPN", "Bank BTPN", "Jenius", "SMBC Indonesia"]),
    bank("SYCAIDJ1", "Bank BCA Syariah", &["BCA Syariah"]),
    bank("YUDBIDJ1", "Bank Neo Commerce", &["Neo Commerce", "BNC", "Bank Yudha Bhakti"]),
    wallet("dana", "DANA", &["DANA Indonesia", "Espay Debit Indonesia Koe"]),
    wallet("gopay", "GoPay", &["Gojek", "Dompet Anak Bangsa"]),
    wallet("linkaja", "LinkAja", &["Fintek Karya Nusantara", "Finarya"]),
    wallet("ovo", "OVO", &["Visionet Internasional"]),
    wallet("shopeepay", "ShopeePay", &["AirPay International Indonesia"]),
];
