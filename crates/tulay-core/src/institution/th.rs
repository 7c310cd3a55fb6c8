//! Thailand: banks and wallets that payments go to.
//!
//! Source: public lists of the country's banks and of the BIC registry, for the BIC8. Wallets are
//! known by their brand. A PromptPay proxy needs no institution.

use super::{Institution, bank, wallet};

pub(super) const INSTITUTIONS: &[Institution] = &[
    bank("AYUDTHBK", "Bank of Ayudhya", &["Krungsri", "BAY"]),
    bank("BAABTHBK", "Bank for Agriculture and Agricultural Cooperatives", &["BAAC"]),
    bank("BKCHTHBK", "Bank of China (Thai)", &["Bank of China", "BOC"]),
    bank("BKKBTHBK", "Bangkok Bank", &["BBL"]),
    bank("BNPATHBK", "BNP Paribas Bangkok", &["BNP Paribas"]),
    bank("BOFATH2X", "Bank of America Bangkok", &["Bank of America"]),
    bank("CHASTHBX", "JPMorgan Chase Bank Bangkok", &["JP Morgan", "JPMorgan Chase"]),
    bank("CITITHBX", "Citibank Bangkok", &["Citibank", "Citi"]),
    bank("DEUTTHBK", "Deutsche Bank Bangkok", &["Deutsche Bank"]),
    bank("EXTHTHBK", "Export-Import Bank of Thailand", &["EXIM", "EXIM Thailand"]),
    bank("GOHUTHB1", "Government Housing Bank", &["GHB", "GH Bank"]),
    bank("GSBATHBK", "Government Savings Bank", &["GSB"]),
    bank("HSBCTHBK", "HSBC Bangkok", &["HSBC", "HSBC Thailand"]),
    bank("ICBKTHBK", "ICBC (Thai)", &["ICBC", "Industrial and Commercial Bank of China"]),
    bank("KASITHBK", "Kasikornbank", &["KBank", "Kasikorn"]),
    bank("KIFITHB1", "Kiatnakin Phatra Bank", &["KKP", "Kiatnakin", "Kiatnakin Bank"]),
    bank("KRTHTHBK", "Krungthai Bank", &["KTB", "Krungthai", "Krung Thai Bank"]),
    bank("LAHRTHB2", "Land and Houses Bank", &["LH Bank", "LHB"]),
    bank("MHCBTHBK", "Mizuho Bank Bangkok", &["Mizuho", "Mizuho Bank"]),
    bank("OCBCTHBK", "OCBC Bangkok", &["OCBC"]),
    bank("SCBLTHBX", "Standard Chartered Bank (Thai)", &["Standard Chartered"]),
    bank("SICOTHBK", "Siam Commercial Bank", &["SCB"]),
    bank("SMBCTHBK", "Sumitomo Mitsui Banking Corporation Bangkok", &["SMBC"]),
    bank("TFPCTHB1", "Tisco Bank", &["Tisco"]),
    bank("THCETHB1", "Thai Credit Bank", &["Thai Credit", "TCRB", "Thai Credit Retail Bank"]),
    bank("TIBTTHBK", "Islamic Bank of Thailand", &["ibank", "IBT"]),
    bank("TMBKTHBK", "TMBThanachart Bank", &["ttb", "TMB", "TMB Bank", "Thanachart"]),
    bank("UBOBTHBK", "CIMB Thai Bank", &["CIMB", "CIMB Thai", "CIMBT"]),
    bank("UOVBTHBK", "United Overseas Bank (Thai)", &["UOB", "UOB Thailand"]),
    wallet("linepay", "LINE Pay", &["Rabbit LINE Pay"]),
    wallet("shopeepay", "ShopeePay", &["AirPay", "ShopeePay Thailand"]),
    wallet("truemoney", "TrueMoney Wallet", &["TrueMoney", "True Money"]),
    wallet("wechat", "WeChat Pay", &["WeChat", "Weixin Pay", "Tenpay"]),
];
