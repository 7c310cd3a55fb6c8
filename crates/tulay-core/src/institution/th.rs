//! Thailand: banks and wallets that payments go to.
//!
//! Source: public lists of the country's banks and of the BIC registry, for the BIC8. Wallets are
//! known by their brand. A PromptPay proxy needs no institution.
//!
//! Assumptions, by general knowledge and without a document: the Thai names; TrueMoney goes by
//! mobile number; the merger of Thanachart Bank into TMB, which took the name
//! TMBThanachart (2021).

use super::{Institution, bank, wallet};

pub(super) const INSTITUTIONS: &[Institution] = &[
    bank(
        "AYUDTHBK",
        "Bank of Ayudhya",
        &["Krungsri", "BAY", "Krungsri Bank", "กรุงศรีอยุธยา", "กรุงศรี"],
    ),
    bank(
        "BAABTHBK",
        "Bank for Agriculture and Agricultural Cooperatives",
        &["BAAC", "ธ.ก.ส.", "เพื่อการเกษตรและสหกรณ์การเกษตร"],
    ),
    bank("BKCHTHBK", "Bank of China (Thai)", &["Bank of China", "BOC"]),
    bank("BKKBTHBK", "Bangkok Bank", &["BBL", "กรุงเทพ"]),
    bank("BNPATHBK", "BNP Paribas Bangkok", &["BNP Paribas"]),
    bank("BOFATH2X", "Bank of America Bangkok", &["Bank of America"]),
    bank("CHASTHBX", "JPMorgan Chase Bank Bangkok", &["JP Morgan", "JPMorgan Chase"]),
    bank("CITITHBX", "Citibank Bangkok", &["Citibank", "Citi"]),
    bank("DEUTTHBK", "Deutsche Bank Bangkok", &["Deutsche Bank"]),
    bank("EXTHTHBK", "Export-Import Bank of Thailand", &["EXIM", "EXIM Thailand"]),
    bank("GOHUTHB1", "Government Housing Bank", &["GHB", "GH Bank", "ธอส.", "อาคารสงเคราะห์"]),
    bank("GSBATHBK", "Government Savings Bank", &["GSB", "ออมสิน"]),
    bank(
        "HSBCTHBK",
        "HSBC Bangkok",
        &["HSBC", "HSBC Thailand", "Hongkong and Shanghai Banking Corporation"],
    ),
    bank("ICBKTHBK", "ICBC (Thai)", &["ICBC", "Industrial and Commercial Bank of China"]),
    bank(
        "KASITHBK",
        "Kasikornbank",
        &["KBank", "Kasikorn", "Thai Farmers Bank", "กสิกร", "กสิกรไทย"],
    ),
    bank(
        "KIFITHB1",
        "Kiatnakin Phatra Bank",
        &["KKP", "Kiatnakin", "Kiatnakin Bank", "KKP Bank", "Kiatnakin Phatra", "เกียรตินาคินภัทร"],
    ),
    bank("KRTHTHBK", "Krungthai Bank", &["KTB", "Krungthai", "Krung Thai Bank", "กรุงไทย"]),
    bank("LAHRTHB2", "Land and Houses Bank", &["LH Bank", "LHB", "แลนด์ แอนด์ เฮ้าส์"]),
    bank("MHCBTHBK", "Mizuho Bank Bangkok", &["Mizuho", "Mizuho Bank"]),
    bank("OCBCTHBK", "OCBC Bangkok", &["OCBC"]),
    bank(
        "SCBLTHBX",
        "Standard Chartered Bank (Thai)",
        &["Standard Chartered", "Standard Chartered Thailand", "สแตนดาร์ดชาร์เตอร์ด"],
    ),
    bank("SICOTHBK", "Siam Commercial Bank", &["SCB", "ไทยพาณิชย์"]),
    bank("SMBCTHBK", "Sumitomo Mitsui Banking Corporation Bangkok", &["SMBC"]),
    bank("TFPCTHB1", "Tisco Bank", &["Tisco", "ทิสโก้"]),
    bank(
        "THCETHB1",
        "Thai Credit Bank",
        &["Thai Credit", "TCRB", "Thai Credit Retail Bank", "ไทยเครดิต"],
    ),
    bank("TIBTTHBK", "Islamic Bank of Thailand", &["ibank", "IBT", "อิสลามแห่งประเทศไทย"]),
    bank(
        "TMBKTHBK",
        "TMBThanachart Bank",
        &[
            "ttb",
            "ttb bank",
            "TMBThanachart",
            "TMB",
            "TMB Bank",
            "Thai Military Bank",
            "ทหารไทยธนชาต",
            "ทีเอ็มบีธนชาต",
        ],
    )
    .merged(&["Thanachart", "Thanachart Bank", "ธนชาต"]),
    bank("UBOBTHBK", "CIMB Thai Bank", &["CIMB", "CIMB Thai", "CIMBT", "ซีไอเอ็มบี ไทย"]),
    bank(
        "UOVBTHBK",
        "United Overseas Bank (Thai)",
        &["UOB", "UOB Thailand", "United Overseas Bank", "ยูโอบี"],
    ),
    wallet("linepay", "LINE Pay", &["Rabbit LINE Pay"]),
    wallet("shopeepay", "ShopeePay", &["AirPay", "ShopeePay Thailand"]),
    wallet("truemoney", "TrueMoney Wallet", &["TrueMoney", "True Money", "ทรูมันนี่"]).by_mobile(),
    wallet("wechat", "WeChat Pay", &["WeChat", "Weixin Pay", "Tenpay"]),
];
