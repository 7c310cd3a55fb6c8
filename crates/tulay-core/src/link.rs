//! Links that a provider gives: to a page that a payer opens, or to a report that is fetched. They
//! come from outside, so that they must not lead into a private network.

use crate::{account::Environment, base_url::BaseUrl};
use http::Uri;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Names that never mean a host on the Internet.
const LOCAL_NAMES: [&str; 8] =
    ["localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "arpa"];

/// Whether a link may be followed or shown to a payer in this environment.
///
/// In `uat` and `production` it is an https address without user and password, whose host is a name
/// or an address on the Internet. In the sandbox this machine is allowed too, by plain http. The
/// addresses that a name resolves to are for the connection to check, by [`is_public`].
///
/// ```
/// use tulay_core::{Environment::{Production, Sandbox}, link};
/// assert!(link::allows(Production, "https://files.example.com/day.csv?key=7"));
/// assert!(!link::allows(Production, "https://10.0.0.7/day.csv"));
/// assert!(!link::allows(Production, "http://127.0.0.1:8400/day.csv"));
/// assert!(link::allows(Sandbox, "http://127.0.0.1:8400/day.csv"));
/// ```
#[must_use]
pub fn allows(environment: Environment, link: &str) -> bool {
    let Ok(uri) = link.parse::<Uri>() else { return false };
    let Some(authority) = uri.authority() else { return false };
    if authority.as_str().contains('@') {
        return false;
    }
    if environment == Environment::Sandbox {
        return BaseUrl::allows(&uri);
    }
    uri.scheme_str() == Some("https") && is_public_host(authority.host())
}

/// Whether an address is on the Internet: not of this machine, of a private network, of the
/// carrier's, or one that has a special meaning. IPv6 addresses that carry an IPv4 address are
/// none, whatever they carry.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation();
    // This network, carrier-grade NAT, IETF assignments, 6to4 relays, benchmarks, reserved.
    let reserved = match address.octets() {
        [0 | 240.., ..] => true,
        [100, second, ..] => second & 0b1100_0000 == 0b0100_0000,
        [192, 0, 0, _] | [192, 88, 99, _] => true,
        [198, second, ..] => second & 0b1111_1110 == 18,
        _ => false,
    };
    !special && !reserved
}

/// Global unicast (2000::/3) without documentation and without tunnels, which carry IPv4.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // Teredo, benchmarks, ORCHID, documentation and other special purposes.
        [0x2001, second, ..] => second >= 0x0200 && second != 0x0db8,
        [0x2002, ..] => false,
        [0x3fff, second, ..] => second > 0x0fff,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether the host of an address is a name or an address on the Internet. Spellings of addresses
/// that a browser reads and others do not (`127.1`, `0x7f000001`, `%31`) are none.
fn is_public_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return address.parse().is_ok_and(|address| is_public(IpAddr::V6(address)));
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return is_public_v4(address);
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(plain);
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    host.split('.').all(is_label) && !is_number && !LOCAL_NAMES.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Environment::{Production, Sandbox, Uat};

    #[test]
    fn only_addresses_on_the_internet_are_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.9.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::8.8.8.8",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2001:20::1",
            "2002:7f00:1::1",
            "2002:808:808::1",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2001:4860:4860::8888",
            "2400:cb00::1",
            "2606:4700::1111",
            "2a00:1450::1",
            "3000::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_link_leads_to_the_internet_by_https() {
        for link in [
            "https://files.example.com/day.csv?Signature=a%2Fb",
            "https://FILES.example.com./x",
            "https://files.example.com:8443/x",
            "https://pay-1.example.co.th/",
            "https://8.8.8.8/x",
            "https://[2606:4700::1111]:8443/x",
            "https://xn--e1afmkfd.xn--p1ai/",
        ] {
            assert!(allows(Uat, link) && allows(Production, link), "{link}");
        }
        for link in [
            "",
            "/x",
            "http://files.example.com/x",
            "ftp://files.example.com/x",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "https://",
            "https://user@files.example.com/x",
            "https://user:pass@files.example.com/x",
            "https://files.example.com@10.0.0.1/x",
            "https://localhost/x",
            "https://LOCALHOST./x",
            "https://shop.localhost/x",
            "https://printer.local/x",
            "https://metadata.google.internal/x",
            "https://intranet/x",
            "https://127.0.0.1/x",
            "https://127.0.0.1./x",
            "https://127.1/x",
            "https://2130706433/x",
            "https://0x7f000001/x",
            "https://0x7f.0.0.1/x",
            "https://0177.0.0.1/x",
            "https://%31%32%37.0.0.1/x",
            "https://10.1.2.3:8443/x",
            "https://100.64.0.1/x",
            "https://169.254.169.254/latest/meta-data",
            "https://192.168.0.1/x",
            "https://0.0.0.0/x",
            "https://[::1]/x",
            "https://[::]/x",
            "https://[::ffff:127.0.0.1]/x",
            "https://[::ffff:8.8.8.8]/x",
            "https://[fe80::1]/x",
            "https://[fd00::1]/x",
            "https://files..example.com/x",
        ] {
            assert!(!allows(Uat, link) && !allows(Production, link), "{link}");
        }
    }

    #[test]
    fn the_sandbox_is_on_this_machine() {
        for link in ["http://127.0.0.1:8400/x", "http://[::1]/x", "https://files.example.com/x"] {
            assert!(allows(Sandbox, link), "{link}");
        }
        for link in ["http://user@127.0.0.1/x", "http://files.example.com/x", "x", ""] {
            assert!(!allows(Sandbox, link), "{link}");
        }
    }
}
