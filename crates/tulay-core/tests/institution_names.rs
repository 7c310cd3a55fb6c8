//! How many banks and wallets are found by the names that people write: 50 for each country that
//! payouts go to, from public lists of participants (InstaPay and PESONet, Bank Indonesia and
//! BI-FAST, PayNet, the Bank of Thailand), banks' own pages and forms, with slips of the hand.
//!
//! The lists were written before the directory was made to fit them, and are not changed to fit.

use tulay_core::{Country, Directory, Institution};

/// A name, and the id of what it means; none where no row of the directory is meant.
type Names = &'static [(&'static str, Option<&'static str>)];

const PH: Names = &[
    ("BDO Unibank, Inc.", Some("BNORPHMM")),
    ("BDO", Some("BNORPHMM")),
    ("Banco de Oro Unibank", Some("BNORPHMM")),
    ("BDO Network Bank, Inc.", Some("ONNRPHM1")),
    ("Bank of the Philippine Islands (BPI)", Some("BOPIPHMM")),
    ("BPI / BPI Family Savings Bank", Some("BOPIPHMM")),
    ("Bank of Philippine Islands", Some("BOPIPHMM")),
    ("Metrobank", Some("MBTCPHMM")),
    ("Metropolitan Bank & Trust Co.", Some("MBTCPHMM")),
    ("Metrobnak", Some("MBTCPHMM")),
    ("Land Bank of the Philippines", Some("TLBPPHMM")),
    ("LandBank", Some("TLBPPHMM")),
    ("LBP", Some("TLBPPHMM")),
    ("PNB", Some("PNBMPHMM")),
    ("Phil. National Bank", Some("PNBMPHMM")),
    ("RCBC", Some("RCBCPHMM")),
    ("Rizal Commercial Banking Corp", Some("RCBCPHMM")),
    ("Unionbank of the Philippines", Some("UBPHPHMM")),
    ("UNION BANK", Some("UBPHPHMM")),
    ("Security Bank Corp.", Some("SETCPHMM")),
    ("Securty Bank", Some("SETCPHMM")),
    ("China Bank", Some("CHBKPHMM")),
    ("Chinabank Savings", Some("CHSVPHM1")),
    ("East West Bank", Some("EWBCPHMM")),
    ("East West Banking Corp", Some("EWBCPHMM")),
    ("Development Bank of the Philippines (DBP)", Some("DBPHPHMM")),
    ("UCPB", Some("TLBPPHMM")),
    ("Asia United Bank", Some("AUBKPHMM")),
    ("PSBank", Some("PHSBPHMM")),
    ("Robinsons Bank Corporation", Some("ROBPPHMQ")),
    ("CIMB Bank Philippines", Some("CIPHPHMM")),
    ("Maybank Philippines Inc", Some("MBBEPHMM")),
    ("Citibank", None),
    ("Standard Chartered Bank", Some("SCBLPHMM")),
    ("Philtrust Bank", Some("PHTBPHMM")),
    ("Bank of Commerce", Some("PABIPHMM")),
    ("PBCom", Some("CPHIPHMM")),
    ("Cebuana Lhuillier Bank", Some("CELRPHM1")),
    ("GCash", Some("gcash")),
    ("G-Xchange Inc", Some("gcash")),
    ("gcahs", Some("gcash")),
    ("Maya", Some("maya")),
    ("PayMaya Philippines", Some("maya")),
    ("Maya Bank, Inc.", Some("MYDBPHM2")),
    ("Grab Pay", Some("grabpay")),
    ("Coins.ph", Some("coins")),
    ("SeaBank Philippines", Some("LAUIPHM2")),
    ("GoTyme Bank Corporation", Some("GOTYPHM2")),
    ("Tonik Bank", Some("TDBIPHM2")),
    ("Palawan Pay", Some("palawanpay")),
];

const ID: Names = &[
    ("BCA", Some("CENAIDJA")),
    ("PT Bank Central Asia Tbk", Some("CENAIDJA")),
    ("Bank Central Asia (BCA)", Some("CENAIDJA")),
    ("BCA Syariah", Some("SYCAIDJ1")),
    ("blu by BCA", Some("ROYBIDJ1")),
    ("Mandiri", Some("BMRIIDJA")),
    ("PT. Bank Mandiri (Persero) Tbk", Some("BMRIIDJA")),
    ("Bank Mandri", Some("BMRIIDJA")),
    ("BNI", Some("BNINIDJA")),
    ("BNI 46", Some("BNINIDJA")),
    ("Bank Negara Indonesia (Persero)", Some("BNINIDJA")),
    ("BNI Syariah", Some("BSMDIDJA")),
    ("BRI", Some("BRINIDJA")),
    ("Bank Rakyat Indonesia", Some("BRINIDJA")),
    ("BRI Agro", Some("AGTBIDJA")),
    ("Bank Syariah Indonesia (BSI)", Some("BSMDIDJA")),
    ("Mandiri Syariah", Some("BSMDIDJA")),
    ("BTN", Some("BTANIDJA")),
    ("Bank Tabungan Negara", Some("BTANIDJA")),
    ("CIMB Niaga", Some("BNIAIDJA")),
    ("Bank Permata Tbk", Some("BBBAIDJA")),
    ("Danamon", Some("BDINIDJA")),
    ("Bank Danmon", Some("BDINIDJA")),
    ("Bank Panin", Some("PINBIDJA")),
    ("OCBC NISP", Some("NISPIDJA")),
    ("Maybank Indonesia", Some("IBBKIDJA")),
    ("Bank Mega", Some("MEGAIDJA")),
    ("Mega Syariah", Some("BUTGIDJ1")),
    ("BJB Syariah", Some("SYJBIDJ1")),
    ("Bank Jabar Banten", Some("PDJBIDJA")),
    ("BTPN / Jenius", Some("SUNIIDJA")),
    ("BTPN Syariah", Some("PUBAIDJ1")),
    ("Bank Jago", Some("JAGBIDJA")),
    ("SeaBank", Some("KSEBIDJ1")),
    ("Bank Neo Commerce", Some("YUDBIDJ1")),
    ("Bank Muamalat Indonesia", Some("MUABIDJA")),
    ("Sinarmas", Some("SBJKIDJA")),
    ("Bank DKI", Some("BDKIIDJ1")),
    ("Bank Jatim", Some("PDJTIDJ1")),
    ("Bank Jateng", Some("PDJGIDJ1")),
    ("BPD Bali", Some("ABALIDBS")),
    ("Bank Ina", Some("IAPTIDJA")),
    ("Bank MNC", Some("BUMIIDJA")),
    ("Allo Bank", Some("HRDAIDJ1")),
    ("Bank Commonwealth", Some("NISPIDJA")),
    ("GoPay", Some("gopay")),
    ("OVO", Some("ovo")),
    ("Dana", Some("dana")),
    ("Link Aja", Some("linkaja")),
    ("Shoppe Pay", Some("shopeepay")),
];

const MY: Names = &[
    ("Maybank", Some("MBBEMYKL")),
    ("Malayan Banking Berhad", Some("MBBEMYKL")),
    ("Maybnk", Some("MBBEMYKL")),
    ("Maybank Islamic", Some("MBISMYKL")),
    ("CIMB", Some("CIBBMYKL")),
    ("CIMB Bank Berhad", Some("CIBBMYKL")),
    ("CIMB Islamic Bank Bhd", Some("CTBBMYKL")),
    ("Public Bank Bhd", Some("PBBEMYKL")),
    ("Public Islamic Bank", Some("PIBEMYK1")),
    ("RHB Bank", Some("RHBBMYKL")),
    ("RHB Islamic", Some("RHBAMYKL")),
    ("HongLeong Bank", Some("HLBBMYKL")),
    ("Hong Leong Islamic Bank", Some("HLIBMYKL")),
    ("Hong Leng Bank", Some("HLBBMYKL")),
    ("AmBank (M) Berhad", Some("ARBKMYKL")),
    ("AmBank Islamic", Some("AISLMYKL")),
    ("Affin Bank Berhad", Some("PHBMMYKL")),
    ("Affin Islamic", Some("AIBBMYKL")),
    ("Alliance Bank Malaysia Berhad", Some("MFBBMYKL")),
    ("Aliance Bank", Some("MFBBMYKL")),
    ("Alliance Islamic Bank", Some("ALSRMYKL")),
    ("Bank Islam", Some("BIMBMYKL")),
    ("Bank Islam Malaysia Berhad (BIMB)", Some("BIMBMYKL")),
    ("Bank Rakyat", Some("BKRMMYKL")),
    ("Bank Kerjasama Rakyat", Some("BKRMMYKL")),
    ("Bank Muamalat", Some("BMMBMYKL")),
    ("BSN", Some("BSNAMYK1")),
    ("Bank Simpanan Nasional", Some("BSNAMYK1")),
    ("Bank Simpanan Nasionl", Some("BSNAMYK1")),
    ("Agro Bank", Some("AGOBMYKL")),
    ("OCBC Bank (Malaysia) Berhad", Some("OCBCMYKL")),
    ("OCBC Al-Amin", Some("OABBMYKL")),
    ("UOB", Some("UOVBMYKL")),
    ("United Overseas Bank (Malaysia) Bhd", Some("UOVBMYKL")),
    ("HSBC Bank Malaysia Berhad", Some("HBMBMYKL")),
    ("HSBC Amanah", Some("HMABMYKL")),
    ("Standard Chartered", Some("SCBLMYKX")),
    ("Standard Chartered Saadiq", Some("SCSRMYKK")),
    ("MBSB Bank", Some("AFBQMYKL")),
    ("Al-Rajhi Bank", Some("RJHIMYKL")),
    ("Kuwait Finance House (Malaysia)", Some("KFHOMYKL")),
    ("Citibank Berhad", Some("CITIMYKL")),
    ("GXBank", Some("GXSPMYKL")),
    ("Touch n Go eWallet", Some("tng")),
    ("TNG", Some("tng")),
    ("Touch 'n Go", Some("tng")),
    ("Boost", Some("boost")),
    ("Big Pay", Some("bigpay")),
    ("GrabPay", Some("grabpay")),
    ("ShopeePay", Some("shopeepay")),
];

const TH: Names = &[
    ("Kasikornbank", Some("KASITHBK")),
    ("KBank", Some("KASITHBK")),
    ("Kasikorn Bank PCL", Some("KASITHBK")),
    ("Kasikornbnak", Some("KASITHBK")),
    ("ธนาคารกสิกรไทย", Some("KASITHBK")),
    ("กสิกรไทย", Some("KASITHBK")),
    ("SCB", Some("SICOTHBK")),
    ("Siam Commercial Bank", Some("SICOTHBK")),
    ("Siam Comercial Bank", Some("SICOTHBK")),
    ("ไทยพาณิชย์", Some("SICOTHBK")),
    ("Bangkok Bank Public Company Limited", Some("BKKBTHBK")),
    ("BBL", Some("BKKBTHBK")),
    ("ธนาคารกรุงเทพ", Some("BKKBTHBK")),
    ("Krungthai", Some("KRTHTHBK")),
    ("Krung Thai Bank", Some("KRTHTHBK")),
    ("KTB", Some("KRTHTHBK")),
    ("ธนาคารกรุงไทย จำกัด (มหาชน)", Some("KRTHTHBK")),
    ("Krungsri", Some("AYUDTHBK")),
    ("Bank of Ayudhya", Some("AYUDTHBK")),
    ("Bank of Ayudya", Some("AYUDTHBK")),
    ("ธนาคารกรุงศรีอยุธยา", Some("AYUDTHBK")),
    ("กรุงศรี", Some("AYUDTHBK")),
    ("ttb", Some("TMBKTHBK")),
    ("TMBThanachart Bank", Some("TMBKTHBK")),
    ("ทหารไทยธนชาต", Some("TMBKTHBK")),
    ("TMB", Some("TMBKTHBK")),
    ("Thanachart Bank", Some("TMBKTHBK")),
    ("Government Savings Bank", Some("GSBATHBK")),
    ("Goverment Savings Bank", Some("GSBATHBK")),
    ("ธนาคารออมสิน", Some("GSBATHBK")),
    ("BAAC", Some("BAABTHBK")),
    ("ธ.ก.ส.", Some("BAABTHBK")),
    ("GH Bank", Some("GOHUTHB1")),
    ("ธนาคารอาคารสงเคราะห์", Some("GOHUTHB1")),
    ("UOB", Some("UOVBTHBK")),
    ("United Overseas Bank (Thai) PCL", Some("UOVBTHBK")),
    ("CIMB Thai", Some("UBOBTHBK")),
    ("Kiatnakin Phatra", Some("KIFITHB1")),
    ("KKP", Some("KIFITHB1")),
    ("TISCO Bank", Some("TFPCTHB1")),
    ("LH Bank", Some("LAHRTHB2")),
    ("Land & Houses Bank", Some("LAHRTHB2")),
    ("Thai Credit", Some("THCETHB1")),
    ("ICBC (Thai)", Some("ICBKTHBK")),
    ("Islamic Bank of Thailand", Some("TIBTTHBK")),
    ("Standard Chartered (Thai)", Some("SCBLTHBX")),
    ("Citibank", Some("CITITHBX")),
    ("True Money", Some("truemoney")),
    ("TrueMoney Wallet", Some("truemoney")),
    ("Rabbit LINE Pay", Some("linepay")),
];

/// How many names are found, and how.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    exact: usize,
    guessed: usize,
    wrong: usize,
    not_found: usize,
    rightly_none: usize,
}

#[test]
fn names_of_public_lists_mean_no_other_bank() {
    let (mut all, mut wrong, mut missed) = (Counts::default(), Vec::new(), Vec::new());
    for (country, names) in
        [(Country::PH, PH), (Country::ID, ID), (Country::MY, MY), (Country::TH, TH)]
    {
        assert_eq!(names.len(), 50, "{country}");
        let directory = Directory::of(country).unwrap();
        for (name, expected) in names {
            let found = directory.find(name);
            let count = match (found, found.map(|found| found.institution().id), *expected) {
                (Some(found), id, expected) if id == expected => match found.is_exact() {
                    true => &mut all.exact,
                    false => &mut all.guessed,
                },
                (Some(_), id, _) => {
                    wrong.push((country, *name, id));
                    &mut all.wrong
                }
                (None, _, Some(_)) => {
                    missed.push((country, *name));
                    &mut all.not_found
                }
                (None, _, None) => &mut all.rightly_none,
            };
            *count += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(all.exact + all.guessed + all.rightly_none >= 180, "{all:?}");
    let pinned = Counts { exact: 179, guessed: 19, wrong: 0, not_found: 1, rightly_none: 1 };
    assert_eq!(all, pinned, "{missed:?}");
}

#[test]
fn names_that_are_expected_are_in_the_directory() {
    for (country, names) in
        [(Country::PH, PH), (Country::ID, ID), (Country::MY, MY), (Country::TH, TH)]
    {
        let rows: Vec<&Institution> =
            Directory::of(country).unwrap().institutions().iter().collect();
        for id in names.iter().filter_map(|(_, id)| *id) {
            assert!(rows.iter().any(|row| row.id == id), "{country} {id}");
        }
    }
}
