//! Malaysia: banks and wallets that payments go to.
//!
//! Source: public lists of the participants of the country's instant transfers and of the BIC
//! registry, for the BIC8. Wallets are known by their brand; their accounts have numbers of their
//! own beside mobile numbers, so none goes by mobile alone. An Islamic bank is a company of its own
//! and another institution than the bank whose name it shares.
//!
//! Account lengths, an assumption: a public page that cites UOB Malaysia's list of the participants
//! of IBG and DuitNow, for accounts, cards and loans alike; UOB's own document was not seen. An
//! Islamic bank has those of the bank beside it. Where the page has a range, nothing is said here.
//!
//! Mergers, by general knowledge: EON Bank into Hong Leong Bank (2011), Southern Bank
//! into CIMB (2006). Citibank's retail business went to UOB (2022); the bank itself remains.

use super::{Institution, bank, wallet};

pub(super) const INSTITUTIONS: &[Institution] = &[
    bank("ACDBMYK2", "AEON Bank", &[]),
    bank("AFBQMYKL", "MBSB Bank", &["MBSB", "Asian Finance Bank"]).digits(&[16, 17]),
    bank("AGOBMYKL", "Agrobank", &["Bank Pertanian Malaysia"]).digits(&[16, 17]),
    bank("AIBBMYKL", "Affin Islamic Bank", &["Affin Islamic"]).digits(&[12, 16]),
    bank("AISLMYKL", "AmBank Islamic", &["AmIslamic Bank", "AmIslamic"]).digits(&[12, 13, 14, 16]),
    bank("ALSRMYKL", "Alliance Islamic Bank", &["Alliance Islamic"]).digits(&[15, 16]),
    bank("ARBKMYKL", "AmBank", &["AmBank Malaysia", "AmBank Group", "AmBank (M)"])
        .digits(&[12, 13, 14, 16]),
    bank("BIMBMYKL", "Bank Islam Malaysia", &["Bank Islam", "BIMB"]).digits(&[14, 16]),
    bank("BKCHMYKL", "Bank of China Malaysia", &["Bank of China", "BOC"]),
    bank(
        "BKRMMYKL",
        "Bank Kerjasama Rakyat Malaysia",
        &["Bank Rakyat", "BKRM", "Bank Kerjasama Rakyat"],
    )
    .digits(&[10, 12, 16]),
    bank("BMMBMYKL", "Bank Muamalat Malaysia", &["Bank Muamalat", "Muamalat"]).digits(&[14, 17]),
    bank("BNPAMYKL", "BNP Paribas Malaysia", &["BNP Paribas"]),
    bank("BOBEMYK2", "Boost Bank", &[]),
    bank("BOFAMY2X", "Bank of America Malaysia", &["Bank of America"]),
    bank("BOTKMYKX", "MUFG Bank Malaysia", &["MUFG", "Bank of Tokyo-Mitsubishi"]),
    bank("BSNAMYK1", "Bank Simpanan Nasional", &["BSN"]).digits(&[15, 16]),
    bank("CHASMYKX", "J.P. Morgan Chase Bank", &["JP Morgan", "JP Morgan Chase"]),
    bank("CIBBMYKL", "CIMB Bank", &["CIMB"])
        .digits(&[10, 12, 14, 16, 17])
        .merged(&["Southern Bank"]),
    bank("CITIMYKL", "Citibank Malaysia", &["Citibank", "Citi"]),
    bank("CTBBMYKL", "CIMB Islamic Bank", &["CIMB Islamic"]).digits(&[10, 12, 14, 16, 17]),
    bank("DEUTMYKL", "Deutsche Bank Malaysia", &["Deutsche Bank"]),
    bank("GXSPMYKL", "GX Bank", &["GXBank"]),
    bank("HBMBMYKL", "HSBC Bank Malaysia", &["HSBC", "HSBC Malaysia", "HSBC Bank"]),
    bank("HLBBMYKL", "Hong Leong Bank", &["Hong Leong", "HLB"])
        .digits(&[11, 13, 15, 16])
        .merged(&["EON Bank"]),
    bank("HLIBMYKL", "Hong Leong Islamic Bank", &["Hong Leong Islamic"]).digits(&[11, 13, 15, 16]),
    bank("HMABMYKL", "HSBC Amanah Malaysia", &["HSBC Amanah"]),
    bank("ICBKMYKL", "ICBC Malaysia", &["ICBC", "Industrial and Commercial Bank of China"]),
    bank("KAFBMYK2", "KAF Digital Bank", &["KAF Bank"]),
    bank("KFHOMYKL", "Kuwait Finance House", &["KFH", "Kuwait Finance House Malaysia"])
        .digits(&[12, 16]),
    bank("MBBEMYKL", "Maybank", &["Malayan Banking", "MBB", "Maybank Malaysia"])
        .digits(&[12, 15, 16]),
    bank("MBISMYKL", "Maybank Islamic", &["MIB"]).digits(&[12, 15, 16]),
    bank("MFBBMYKL", "Alliance Bank", &["Alliance Bank Malaysia", "Alliance"]).digits(&[15, 16]),
    bank("MHCBMYKA", "Mizuho Bank Malaysia", &["Mizuho", "Mizuho Bank"]),
    bank("OABBMYKL", "OCBC Al-Amin Bank", &["OCBC Al-Amin"]),
    bank("OCBCMYKL", "OCBC Bank Malaysia", &["OCBC", "OCBC Bank"]),
    bank("PBBEMYKL", "Public Bank", &["PBB"]).digits(&[10, 15, 16]),
    bank("PCBCMYKL", "China Construction Bank Malaysia", &["China Construction Bank", "CCB"]),
    bank("PHBMMYKL", "Affin Bank", &["Affin"]).digits(&[12, 16]),
    bank("PIBEMYK1", "Public Islamic Bank", &["Public Islamic"]).digits(&[10, 15, 16]),
    bank("RHBAMYKL", "RHB Islamic Bank", &["RHB Islamic"]).digits(&[12, 14, 16]),
    bank("RHBBMYKL", "RHB Bank", &["RHB"]).digits(&[12, 14, 16]),
    bank(
        "RJHIMYKL",
        "Al Rajhi Bank Malaysia",
        &["Al Rajhi", "Al Rajhi Bank", "Al Rajhi Banking and Investment Corporation"],
    )
    .digits(&[15, 16, 17]),
    bank(
        "SCBLMYKX",
        "Standard Chartered Bank Malaysia",
        &["Standard Chartered", "SCB", "StanChart", "Standard Chartered Bank"],
    ),
    bank("SCCHMYKL", "Ryt Bank", &["YTL Digital Bank"]),
    bank("SCSRMYKK", "Standard Chartered Saadiq", &["StanChart Saadiq"]),
    bank("SMBCMYKL", "Sumitomo Mitsui Banking Corporation Malaysia", &["SMBC"]),
    bank(
        "UOVBMYKL",
        "United Overseas Bank Malaysia",
        &["UOB", "UOB Malaysia", "United Overseas Bank", "UOB Bank"],
    ),
    wallet("bigpay", "BigPay", &["BigPay Malaysia"]),
    wallet("boost", "Boost", &["Axiata Digital eCode"]),
    wallet("grabpay", "GrabPay", &["Grab", "GPay Network"]),
    wallet("setel", "Setel", &["Setel Pay"]),
    wallet("shopeepay", "ShopeePay", &["ShopeePay Malaysia"]),
    wallet(
        "tng",
        "Touch 'n Go eWallet",
        &["Touch 'n Go", "TNG", "TNG eWallet", "TNG Digital", "Touch n Go Digital"],
    ),
];
