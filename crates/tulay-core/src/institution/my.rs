//! Malaysia: banks and wallets that payments go to.
//!
//! Source: public lists of the participants of the country's instant transfers and of the BIC
//! registry, for the BIC8. Wallets are known by their brand.

use super::{Institution, bank, wallet};

pub(super) const INSTITUTIONS: &[Institution] = &[
    bank("AGOBMYKL", "Agrobank", &["Bank Pertanian Malaysia"]),
    bank("ARBKMYKL", "AmBank", &["AmBank Malaysia", "AmBank Group"]),
    bank("BIMBMYKL", "Bank Islam Malaysia", &["Bank Islam", "BIMB"]),
    bank("BKCHMYKL", "Bank of China Malaysia", &["Bank of China", "BOC"]),
    bank("BKRMMYKL", "Bank Kerjasama Rakyat Malaysia", &["Bank Rakyat", "BKRM"]),
    bank("BMMBMYKL", "Bank Muamalat Malaysia", &["Bank Muamalat", "Muamalat"]),
    bank("BNPAMYKL", "BNP Paribas Malaysia", &["BNP Paribas"]),
    bank("BOFAMY2X", "Bank of America Malaysia", &["Bank of America"]),
    bank("BOTKMYKX", "MUFG Bank Malaysia", &["MUFG", "Bank of Tokyo-Mitsubishi"]),
    bank("BSNAMYK1", "Bank Simpanan Nasional", &["BSN"]),
    bank("CHASMYKX", "J.P. Morgan Chase Bank", &["JP Morgan", "JP Morgan Chase"]),
    bank("CIBBMYKL", "CIMB Bank", &["CIMB"]),
    bank("CITIMYKL", "Citibank Malaysia", &["Citibank", "Citi"]),
    bank("CTBBMYKL", "CIMB Islamic Bank", &["CIMB Islamic"]),
    bank("DEUTMYKL", "Deutsche Bank Malaysia", &["Deutsche Bank"]),
    bank("GXSPMYKL", "GX Bank", &["GXBank"]),
    bank("HBMBMYKL", "HSBC Bank Malaysia", &["HSBC", "HSBC Malaysia"]),
    bank("HLBBMYKL", "Hong Leong Bank", &["Hong Leong", "HLB"]),
    bank("ICBKMYKL", "ICBC Malaysia", &["ICBC", "Industrial and Commercial Bank of China"]),
    bank("KFHOMYKL", "Kuwait Finance House", &["KFH", "Kuwait Finance House Malaysia"]),
    bank("MBBEMYKL", "Maybank", &["Malayan Banking"]),
    bank("MBISMYKL", "Maybank Islamic", &["Maybank Islamic Berhad"]),
    bank("MFBBMYKL", "Alliance Bank", &["Alliance Bank Malaysia", "Alliance"]),
    bank("MHCBMYKA", "Mizuho Bank Malaysia", &["Mizuho", "Mizuho Bank"]),
    bank("OCBCMYKL", "OCBC Bank Malaysia", &["OCBC", "OCBC Bank"]),
    bank("PBBEMYKL", "Public Bank", &["PBB", "Public Bank Berhad"]),
    bank("PHBMMYKL", "Affin Bank", &["Affin"]),
    bank("RHBBMYKL", "RHB Bank", &["RHB"]),
    bank("RJHIMYKL", "Al Rajhi Bank Malaysia", &["Al Rajhi", "Al Rajhi Bank"]),
    bank("SCBLMYKX", "Standard Chartered Bank Malaysia", &["Standard Chartered", "SCB"]),
    bank("SMBCMYKL", "Sumitomo Mitsui Banking Corporation Malaysia", &["SMBC"]),
    bank("UOVBMYKL", "United Overseas Bank Malaysia", &["UOB", "UOB Malaysia"]),
    wallet("bigpay", "BigPay", &["BigPay Malaysia"]),
    wallet("boost", "Boost", &["Axiata Digital eCode"]),
    wallet("grabpay", "GrabPay", &["Grab", "GPay Network"]),
    wallet("setel", "Setel", &["Setel Pay"]),
    wallet("shopeepay", "ShopeePay", &["ShopeePay Malaysia"]),
    wallet("tng", "Touch 'n Go eWallet", &["Touch 'n Go", "TNG eWallet", "TNG Digital"]),
];
