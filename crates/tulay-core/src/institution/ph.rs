//! The Philippines: InstaPay participants.
//!
//! Source: public channel lists of Philippine payment providers. The BIC8 identifies; the last
//! three letters of a BIC11 differ between public lists and are left out.
//!
//! Wallets that go by mobile number: the apps' own pages on receiving by InstaPay (GCash, Maya,
//! GrabPay, ShopeePay). Of the others no such page is known.
//!
//! Mergers, by announcements of the Bangko Sentral: UCPB into Land Bank (2022), BPI Family Savings
//! Bank into BPI (2022), Planters Development Bank into China Bank Savings (2015), Equitable PCI
//! Bank into BDO (2007). Robinsons Bank (into BPI, 2024) still has a row of its own, as providers
//! list it.

use super::{Institution, bank, wallet_with_bic as wallet};

pub(super) const INSTITUTIONS: &[Institution] = &[
    bank("AUBKPHMM", "Asia United Bank", &["AUB"]),
    bank("BFSRPHM2", "BananaPay", &[]),
    bank("BKCHPHMM", "Bank of China", &[]),
    bank(
        "BNORPHMM",
        "BDO Unibank",
        &["BDO", "Banco de Oro", "BDO Unibank, Inc.", "Banco de Oro Unibank"],
    )
    .merged(&["Equitable PCI Bank"]),
    bank("BOPIPHMM", "Bank of the Philippine Islands", &["BPI", "Bank of Philippine Islands"])
        .merged(&["BPI Family", "BPI Family Bank", "BPI Family Savings Bank"]),
    bank("BPDIPHM1", "BPI Direct BanKo", &["BanKo", "BPI Direct"]),
    bank("CAMZPHM2", "CARD MRI Rizal Bank", &["CARD MRI Rizal"]),
    bank("CBMFPHM1", "CARD Bank", &[]),
    bank(
        "CELRPHM1",
        "Cebuana Lhuillier Rural Bank",
        &["Cebuana", "Cebuana Lhuillier", "Cebuana Lhuillier Bank"],
    ),
    bank(
        "CHBKPHMM",
        "China Banking Corporation",
        &["Chinabank", "China Bank", "Chinabank Corporation"],
    ),
    bank("CHSVPHM1", "China Bank Savings", &["CBS", "Chinabank Savings"]).merged(&[
        "Planters Bank",
        "Planters Development Bank",
        "Plantersbank",
    ]),
    bank("CIPHPHMM", "CIMB Bank Philippines", &["CIMB", "CIMB Bank", "CIMB Philippines"]),
    bank("CIVAPHM1", "City Savings Bank", &["CitySavings"]),
    bank("CNRLPHM1", "Cantilan Bank", &[]),
    bank("CPHIPHMM", "Philippine Bank of Communications", &["PBCOM"]),
    bank("CRMHPHM1", "CARD SME Bank", &[]),
    bank("CTCBPHMM", "CTBC Bank Philippines", &["CTBC", "CTBC Bank"]),
    bank("CUOBPHM2", "Community Rural Bank of Romblon", &["Netbank"]),
    bank("DBPHPHMM", "Development Bank of the Philippines", &["DBP"]),
    bank("DUMTPHM1", "Dungganon Bank", &[]),
    bank("EAGMPHM2", "EasyPay Global", &[]),
    bank("EAWRPHM2", "EastWest Rural Bank", &["Komo"]),
    bank("ECASPHM2", "EcashPay Asia", &["EcashPay"]),
    bank("ENRUPHM1", "Entrepreneur Rural Bank", &[]),
    bank("EQSNPHM1", "Equicom Savings Bank", &["Equicom"]),
    bank(
        "EWBCPHMM",
        "East West Banking Corporation",
        &["EastWest", "EastWest Bank", "East West Bank Corporation"],
    ),
    bank("GOTYPHM2", "GoTyme Bank", &["GoTyme"]),
    bank("HSBCPHMM", "HSBC Philippines", &["HSBC", "Hongkong and Shanghai Banking Corporation"]),
    bank("IFIPPHM2", "Infoserve", &["Nationlink"]),
    bank("IREMPHM2", "I-Remit", &["iRemit"]),
    bank("ISTHPHM1", "ISLA Bank", &[]),
    bank("LAUIPHM2", "MariBank", &["SeaBank", "SeaBank Philippines", "MariBank Philippines"]),
    bank("LESIPHM1", "Legazpi Savings Bank", &[]),
    bank("LUDVPHM1", "Luzon Development Bank", &[]),
    bank(
        "MAARPHM1",
        "Malayan Bank",
        &["Malayan Savings Bank", "Malayan Bank Savings and Mortgage Bank"],
    ),
    bank("MAYCPHM2", "MarCoPay", &[]),
    bank("MBBEPHMM", "Maybank Philippines", &["Maybank"]),
    bank("MBTCPHMM", "Metropolitan Bank and Trust Company", &["Metrobank"]),
    bank("MIOCPHM1", "Mindanao Consolidated Cooperative Bank", &["MCCB"]),
    bank("MRTCPHM1", "Bangko Mabuhay", &[]),
    bank("MYDBPHM2", "Maya Bank", &[]),
    bank("OMNPPHM2", "OmniPay", &[]),
    bank("ONNRPHM1", "BDO Network Bank", &["One Network Bank"]),
    bank("OPDVPHM1", "AllBank", &["AllBank (A Thrift Bank), Inc."]),
    bank("OWNBPHM2", "Own Bank", &["OwnBank"]),
    bank("PABIPHMM", "Bank of Commerce", &["BankCom"]),
    bank("PAEYPHM2", "PayMongo", &[]),
    bank("PAHCPHM2", "Paynamics", &[]),
    bank("PASVPHM1", "Pacific Ace Savings Bank", &[]),
    bank("PDAXPHM2", "PDAX", &["Philippine Digital Asset Exchange"]),
    bank("PHSBPHMM", "Philippine Savings Bank", &["PSBank"]),
    bank("PHTBPHMM", "Philtrust Bank", &["Philippine Trust Company"]),
    bank("PHVBPHMM", "Philippine Veterans Bank", &["Veterans Bank", "PVB"]),
    bank("PNBMPHMM", "Philippine National Bank", &["PNB"]),
    bank("PPBUPHMM", "Philippine Business Bank", &["PBB"]),
    bank("PRTOPHM1", "Partner Rural Bank", &[]),
    bank("PSCOPHM1", "Producers Savings Bank", &["Producers Bank"]),
    bank("QCDFPHM1", "Queen City Development Bank", &["Queenbank"]),
    bank("QCRIPHM1", "Quezon Capital Rural Bank", &["QCRB"]),
    bank("RARLPHM1", "Rang-ay Bank", &[]),
    bank("RCBCPHMM", "Rizal Commercial Banking Corporation", &["RCBC"]),
    bank("ROBPPHMQ", "Robinsons Bank", &["Robinsonsbank"]),
    bank("RUCAPHM1", "Camalig Bank", &["Rural Bank of Camalig"]),
    bank("RUGUPHM1", "Rural Bank of Guinobatan", &["RBGI"]),
    bank("SCBLPHMM", "Standard Chartered Bank", &["Standard Chartered"]),
    bank("SETCPHMM", "Security Bank Corporation", &["Security Bank", "SBC"]),
    bank("SPEYPHM2", "SpeedyPay", &[]),
    bank("STLAPH22", "Sterling Bank of Asia", &["Sterling Bank"]),
    bank("SUSVPHM1", "Sun Savings Bank", &["Sun Savings Bank, Inc."]),
    bank("TDBIPHM2", "Tonik Digital Bank", &["Tonik", "Tonik Bank"]),
    bank("TLBPPHMM", "Land Bank of the Philippines", &["Landbank", "LBP"])
        .merged(&["UCPB", "United Coconut Planters Bank"]),
    bank("TRWIPHM2", "Wise Pilipinas", &["Wise"]),
    bank("TRXPPHM2", "TraxionPay", &["Traxion"]),
    bank("UBPHPHMM", "Union Bank of the Philippines", &["UnionBank", "UBP"]),
    bank("UNOBPHM2", "UNO Digital Bank", &["UNObank", "UNO"]),
    bank("UNODPHM2", "UnionDigital Bank", &["UnionDigital"]),
    bank("USMEPHM2", "USSC Money Services", &["USSC"]),
    bank("VBRIPHM2", "Vigan Banco Rural", &["Vigan Banco"]),
    bank("WEDVPHM1", "Wealth Development Bank", &["WealthBank"]),
    wallet("coins", "DCPHPHM1", "DCPay Philippines", &["Coins.ph", "DCPay"]),
    wallet("gcash", "GXCHPHM2", "GCash", &["G-Xchange", "G-Xchange, Inc.", "GXI"]).by_mobile(),
    wallet("grabpay", "GHPESGSG", "GrabPay", &["Grab", "GrabPay Philippines"]).by_mobile(),
    wallet(
        "lazada-wallet",
        "APHIPHM2",
        "Alipay Philippines",
        &["Alipay / Lazada Wallet", "Lazada Wallet"],
    ),
    wallet("maya", "PAPHPHM1", "Maya Philippines", &["Maya", "PayMaya", "PayMaya Philippines"])
        .by_mobile(),
    wallet("palawanpay", "PPSFPHM2", "PalawanPay", &["Palawan"]),
    wallet("shopeepay", "SHPHPHM2", "ShopeePay", &["AirPay", "ShopeePay Philippines"]).by_mobile(),
    wallet("starpay", "SRCPPHM2", "Starpay Corporation", &["Starpay"]),
    wallet("tayocash", "TAYOPHM2", "TayoCash", &[]),
];
