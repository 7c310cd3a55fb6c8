//! After a key was read and used, no piece of it is left in memory. It stands in a process of its
//! own: other tests read the same keys.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
};
use tulay::{
    SecretFiles,
    adapter::{SecretSource, Secrets},
};
use tulay_crypto::{Keys, PrivateKey, RsaSigner};
use zeroize::Zeroizing;

const KEY: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../tulay-crypto/tests/data/rsa2048.pkcs8.pem");
const OTHERS: &str = "../../tulay-crypto/tests/data/rsa4096.spki.pem";

/// Pieces of the key are kept in this disguise: a scan must not find those of the test.
const MASK: u8 = 0xA5;
const PIECE: usize = 32;

struct Needle {
    name: String,
    masked: [u8; PIECE],
}

/// Pieces of the PEM text, and of the private numbers in DER.
fn needles() -> Vec<Needle> {
    let pem = Zeroizing::new(fs::read(KEY).unwrap());
    let lines: Vec<&[u8]> = pem.split(|byte| *byte == b'\n').collect();
    let line = |number: usize| (format!("PEM line {number}"), lines[number][..PIECE].to_vec());
    let der = key_as_der(&pem);
    // Behind the modulus: d, p, q and the rest.
    let part = |at: usize| (format!("DER byte {at}"), der[at..at + PIECE].to_vec());
    let pieces = [8, 12, 16, 20, 24].map(line).into_iter();
    let pieces = pieces.chain([340, 420, 500, 600, 720, 850, 980, 1100].map(part));
    pieces
        .map(|(name, piece)| {
            let piece = Zeroizing::new(piece);
            let masked = std::array::from_fn(|at| piece[at] ^ MASK);
            Needle { name, masked }
        })
        .collect()
}

/// The base64 between the first and the last line, decoded by hand: a decoder would keep a copy.
fn key_as_der(pem: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut der = Zeroizing::new(Vec::with_capacity(2048));
    let (mut bits, mut count) = (0_u32, 0);
    let body = pem.split(|byte| *byte == b'\n').filter(|line| !line.starts_with(b"-"));
    for byte in body.flatten().filter(|byte| **byte != b'=') {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            _ => 63,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            der.push(u8::try_from(bits >> count & 0xFF).unwrap());
        }
    }
    der
}

/// What a scan needs; taken from the heap before, as new blocks would overwrite what is looked for.
struct Scan {
    needles: Vec<Needle>,
    begins: [bool; 256],
    maps: String,
    buffer: Vec<u8>,
}

impl Scan {
    fn new(needles: Vec<Needle>) -> Self {
        let mut begins = [false; 256];
        for needle in &needles {
            begins[usize::from(needle.masked[0] ^ MASK)] = true;
        }
        let maps = String::with_capacity(1 << 17);
        Self { needles, begins, maps, buffer: vec![0; 1 << 20] }
    }

    /// The pieces that are somewhere in the heap: in its arenas, or in blocks of their own.
    fn found(&mut self) -> Vec<String> {
        self.maps.clear();
        File::open("/proc/self/maps").unwrap().read_to_string(&mut self.maps).unwrap();
        let mut memory = File::open("/proc/self/mem").unwrap();
        let mut found = Vec::new();
        for map in self.maps.lines().filter(|map| map.contains(" rw-p ")) {
            let name = map.split_whitespace().nth(5).unwrap_or_default();
            if !matches!(name, "" | "[heap]") {
                continue;
            }
            let (from, to) = map.split(' ').next().unwrap().split_once('-').unwrap();
            let [mut at, to] = [from, to].map(|hex| u64::from_str_radix(hex, 16).unwrap());
            while at < to {
                let length = self.buffer.len().min(usize::try_from(to - at).unwrap());
                memory.seek(SeekFrom::Start(at)).unwrap();
                let Ok(read) = memory.read(&mut self.buffer[..length]) else { break };
                if read < PIECE {
                    break;
                }
                found.extend(self.within(&self.buffer[..read]));
                // Pieces may lie across the end of what was read.
                at += u64::try_from(read - PIECE + 1).unwrap();
            }
        }
        self.buffer.fill(0);
        found
    }

    fn within(&self, bytes: &[u8]) -> Option<String> {
        bytes.windows(PIECE).filter(|window| self.begins[usize::from(window[0])]).find_map(
            |window| {
                let is_it = |needle: &&Needle| {
                    window.iter().zip(&needle.masked).all(|(byte, masked)| byte ^ MASK == *masked)
                };
                self.needles.iter().find(is_it).map(|needle| needle.name.clone())
            },
        )
    }
}

#[test]
fn no_piece_of_a_key_is_left_in_memory() {
    let mut scan = Scan::new(needles());
    assert_eq!(scan.found(), [""; 0], "the test itself leaves none");

    let secrets = SecretFiles::beside(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tulay.toml"));
    let read = |name: &str| secrets.read(&SecretSource::File(name.into())).unwrap();
    for _ in 0..3 {
        let private = read("../../tulay-crypto/tests/data/rsa2048.pkcs8.pem");
        let keys = Keys::parse(private.expose().as_bytes(), read(OTHERS).expose().as_bytes());
        assert!(keys.is_ok());
    }
    assert_eq!(scan.found(), [""; 0], "by a configuration");

    for _ in 0..3 {
        let bytes = tulay::read_secret(File::open(KEY).unwrap()).unwrap();
        let key = PrivateKey::parse(&bytes).unwrap();
        let signer = RsaSigner::new(&key).unwrap();
        signer.sign_blocking(b"a message").unwrap();
        let again = PrivateKey::parse(key.to_pkcs8_pem().as_bytes()).unwrap();
        assert_eq!(again.public_key(), key.public_key());
        // Refused: another key is wanted.
        assert!(tulay_crypto::PublicKey::parse(&bytes).is_err());
    }
    assert_eq!(scan.found(), [""; 0], "by the command");

    drop(fs::read(KEY).unwrap());
    assert_ne!(scan.found(), [""; 0], "a buffer that is not wiped is found");
}
