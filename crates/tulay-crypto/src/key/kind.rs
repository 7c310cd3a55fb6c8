//! Names what was found in place of the key that was wanted.

use super::{
    error::{KeyError, KeyStage, Wanted},
    shape::Shape,
};
use pkcs8::ObjectIdentifier;
use std::borrow::Cow;

impl Wanted {
    pub(super) fn not(self, shape: Shape) -> KeyError {
        match shape {
            Shape::Certificate => self.certificate(),
            Shape::EllipticPrivate => self.not_rsa("an elliptic-curve private key"),
            Shape::EncryptedPrivate => self.encrypted(),
            Shape::Pkcs12 => self.pkcs12(),
            Shape::Pkcs1Private | Shape::Pkcs8 => {
                self.private("it is a private key", "use it as it is")
            }
            Shape::Pkcs1Public | Shape::Spki => {
                self.public("it is a public key", "use it as it is")
            }
            Shape::Unknown => self.refuse(
                KeyStage::Parse,
                "it is a DER structure that contains no key",
                "check that it is the right file",
            ),
        }
    }

    pub(super) fn require_rsa(self, algorithm: ObjectIdentifier) -> Result<(), KeyError> {
        if algorithm == pkcs1::ALGORITHM_OID {
            return Ok(());
        }
        Err(match algorithm.to_string().as_str() {
            "1.2.840.10040.4.1" => self.not_rsa("a DSA key"),
            "1.2.840.10045.2.1" => self.not_rsa("an elliptic-curve key"),
            "1.2.840.113549.1.1.10" => self.not_rsa("an RSA key restricted to PSS signatures"),
            "1.3.101.112" => self.not_rsa("an Ed25519 key"),
            other => self.not_rsa(&format!("a key for the algorithm {other}")),
        })
    }

    pub(super) fn three_primes(self) -> KeyError {
        self.not_rsa("an RSA key of more than two primes, which hardly any system accepts")
    }

    pub(super) fn encrypted(self) -> KeyError {
        self.private(
            "it is a private key encrypted with a password",
            "decrypt it in a safe place: `openssl pkey -in encrypted.pem -out private.pem`",
        )
    }

    pub(super) fn openssh_private(self) -> KeyError {
        self.private(
            "it is a private key in OpenSSH's own format",
            "convert a copy of it in place: `ssh-keygen -p -m PKCS8 -N '' -f COPY`",
        )
    }

    pub(super) fn openssh_public(self) -> KeyError {
        self.public(
            "it is a public key in OpenSSH's own format",
            "convert it: `ssh-keygen -e -m PKCS8 -f key.pub > public.pem`",
        )
    }

    fn certificate(self) -> KeyError {
        self.public(
            "it is an X.509 certificate (or a request for one), not a bare key",
            "extract the key: `openssl x509 -in certificate.pem -pubkey -noout > public.pem`",
        )
    }

    fn pkcs12(self) -> KeyError {
        let fix = match self {
            Self::Private => {
                "extract the key: `openssl pkcs12 -in store.p12 -nocerts -nodes -out private.pem`"
            }
            Self::Public => {
                "extract the key: `openssl pkcs12 -in store.p12 -nokeys \
                 | openssl x509 -pubkey -noout > public.pem`"
            }
        };
        self.refuse(KeyStage::Kind, "it is a PKCS#12 store (.p12, .pfx)", fix)
    }

    /// The error for a private key. `fix` applies if a private key was wanted.
    fn private(self, found: &'static str, fix: &'static str) -> KeyError {
        let fix = match self {
            Self::Private => fix,
            Self::Public => {
                "use the public key of the other side; `openssl pkey -in private.pem -pubout -out \
                 public.pem` makes the public half of your own key"
            }
        };
        self.refuse(KeyStage::Kind, found, fix)
    }

    /// The error for a public key. `fix` applies if a public key was wanted.
    fn public(self, found: &'static str, fix: &'static str) -> KeyError {
        let fix = match self {
            Self::Private => "signing needs the private key that it belongs to",
            Self::Public => fix,
        };
        self.refuse(KeyStage::Kind, found, fix)
    }

    fn not_rsa(self, what: &str) -> KeyError {
        let fix = match self {
            Self::Private => {
                "SHA256withRSA needs an ordinary RSA key: `openssl genpkey -algorithm RSA \
                 -pkeyopt rsa_keygen_bits:2048 -out private.pem`"
            }
            Self::Public => "SHA256withRSA needs an ordinary RSA key: ask the other side for one",
        };
        self.refuse(KeyStage::Kind, Cow::Owned(format!("it is {what}")), fix)
    }
}
