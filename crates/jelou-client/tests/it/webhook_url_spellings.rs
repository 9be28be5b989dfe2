//! Whatever is accepted leads to a public host by HTTPS, as judged by other means than the crate's own.

use std::net::{Ipv4Addr, Ipv6Addr};

use jelou_client::{InvalidWebhookUrl, WebhookUrl};
use url::{Host, Url};

use crate::webhook_url::cases;

/// Numbers that look random and are the same in every run (xorshift64*).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit
    }
}

/// Written without the crate's table: the standard library where it can judge, arithmetic where it cannot.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && b / 64 == 1)
        || (a == 198 && b / 2 == 9)
        || (a, b, c) == (192, 88, 99)
        || ((a, b, c) == (192, 0, 0) && d != 9 && d != 10);
    !special
}

/// Whether an address of IPv6 is in global unicast, or carries a public IPv4 address in one of the two ways that count.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let bits = address.to_bits();
    if bits >> 32 == 0x64_ff9b_0000_0000_0000_0000 {
        return is_public_v4(Ipv4Addr::from_bits(bits as u32));
    }
    let [first, second, third, ..] = address.segments();
    let reachable_assignment = matches!(second, 3 | 0x20..=0x3f)
        || (second == 4 && third == 0x112)
        || (1..=3).contains(&(bits ^ (0x2001_0001 << 96)));
    let special = (first == 0x2001 && second < 0x200 && !reachable_assignment)
        || (first == 0x2001 && second == 0xdb8)
        || first == 0x2002
        || (first == 0x3fff && second < 0x1000);
    (0x2000..0x4000).contains(&first) && !special
}

#[track_caller]
fn assert_public(accepted: &WebhookUrl) {
    let url = Url::parse(accepted.as_str()).unwrap();
    assert_eq!(url.scheme(), "https", "{accepted}");
    assert_eq!((url.username(), url.password()), ("", None), "{accepted}");
    match url.host().unwrap() {
        Host::Ipv4(address) => assert!(is_public_v4(address), "{accepted}"),
        Host::Ipv6(address) => assert!(is_public_v6(address), "{accepted}"),
        Host::Domain(name) => {
            let (_, last) = name.trim_end_matches('.').rsplit_once('.').unwrap();
            assert!(
                !["localhost", "local", "internal", "arpa", "test", "lan"].contains(&last),
                "{accepted}"
            );
        }
    }
}

/// The ways to write an IPv4 address.
fn spell(address: Ipv4Addr) -> Vec<String> {
    let bits = address.to_bits();
    let [a, b, c, d] = address.octets();
    let (low24, low16) = (bits & 0xff_ffff, bits & 0xffff);
    let plain = address.to_string();
    let map = |shift: fn(char) -> char| plain.chars().map(shift).collect::<String>();
    vec![
        format!("{plain}."),
        format!("{bits}"),
        format!("{bits:#x}"),
        format!("0{bits:o}"),
        format!("{a}.{low24}"),
        format!("{a}.{b}.{low16}"),
        format!("0x{a:X}.{b:#x}.{c}.0{d:o}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("0000{a:o}.{low24:#x}"),
        map(|character| char::from_u32(u32::from(character) + 0xfee0).unwrap()),
        map(|character| if character == '.' { '。' } else { character }),
        plain.replace('.', "%2e"),
        plain.bytes().map(|byte| format!("%{byte:02x}")).collect(),
        format!("[::ffff:{plain}]"),
        format!("[0:0:0:0:0:FFFF:{:X}:{low16:X}]", bits >> 16),
        format!("[64:ff9b::{plain}]"),
        format!("[0064:ff9b:0000::{:04x}:{low16:04x}]", bits >> 16),
    ]
}

/// Any address, or one at the edge of a block that is special.
fn any_v4(numbers: &mut Numbers) -> Ipv4Addr {
    const STARTS: [[u8; 3]; 20] = [
        [0, 0, 0],
        [10, 0, 0],
        [100, 64, 0],
        [100, 128, 0],
        [127, 0, 0],
        [169, 254, 0],
        [172, 16, 0],
        [172, 32, 0],
        [192, 0, 0],
        [192, 0, 1],
        [192, 0, 2],
        [192, 88, 99],
        [192, 168, 0],
        [198, 18, 0],
        [198, 20, 0],
        [198, 51, 100],
        [203, 0, 113],
        [224, 0, 0],
        [240, 0, 0],
        [8, 8, 8],
    ];
    if numbers.below(2) == 0 {
        return Ipv4Addr::from_bits(numbers.next() as u32);
    }
    let [a, b, c] = STARTS[numbers.below(STARTS.len())];
    let start = Ipv4Addr::new(a, b, c, 0).to_bits();
    let near = numbers.below(512) as u32;
    Ipv4Addr::from_bits(start.wrapping_add(near).wrapping_sub(256))
}

#[test]
fn what_the_files_accept_is_public() {
    for case in cases().iter().filter(|case| case.rule == "accepted") {
        assert_public(&case.url.parse().unwrap());
    }
}

#[test]
fn the_spelling_of_an_ipv4_address_changes_no_refusal() {
    let mut numbers = Numbers(1);
    let (mut public, mut refused) = (0, 0);
    for _ in 0..5_000 {
        let address = any_v4(&mut numbers);
        let plain = WebhookUrl::try_from(format!("https://{address}/webhook"));
        assert_eq!(plain.is_ok(), is_public_v4(address), "{address}");
        for host in spell(address) {
            let spelled = WebhookUrl::try_from(format!("https://{host}:8443/webhook"));
            match (&plain, spelled) {
                (Err(expected), Err(found)) => {
                    refused += 1;
                    assert_eq!(*expected, found, "{host}");
                }
                (Ok(_), Err(found)) => {
                    public += 1;
                    let ambiguous = matches!(found, InvalidWebhookUrl::AmbiguousAddress { .. });
                    assert!(ambiguous && !host.starts_with('['), "{host}: {found}");
                }
                (Ok(_), Ok(accepted)) => {
                    public += 1;
                    assert_public(&accepted);
                    assert!(host.starts_with('['), "{host}");
                }
                (Err(error), Ok(accepted)) => panic!("{accepted} is accepted: {error}"),
            }
        }
    }
    assert!(public > 10_000 && refused > 10_000, "{public} {refused}");
}

#[test]
fn an_ipv6_address_is_accepted_if_it_is_public() {
    let mut numbers = Numbers(2);
    let starts = [
        0, 1, 0x64, 0x100, 0x1fff, 0x2000, 0x2001, 0x2002, 0x2606, 0x3fff, 0x4000, 0x5f00, 0xfc00,
        0xfe80, 0xfec0, 0xff00,
    ];
    let seconds = [
        0, 1, 2, 3, 4, 0x10, 0x20, 0x30, 0x1ff, 0x200, 0xdb8, 0xfff, 0x1000, 0xff9b,
    ];
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..100_000 {
        let mut segments = [0_u16; 8];
        for segment in &mut segments {
            if numbers.below(2) == 0 {
                *segment = numbers.next() as u16 >> numbers.below(16);
            }
        }
        if numbers.below(4) > 0 {
            segments[0] = starts[numbers.below(starts.len())];
            segments[1] = seconds[numbers.below(seconds.len())];
        }
        let address = Ipv6Addr::from(segments);
        let result = WebhookUrl::try_from(format!("https://[{address}]"));
        assert_eq!(result.is_ok(), is_public_v6(address), "{address}");
        match result {
            Ok(_) => accepted += 1,
            Err(_) => refused += 1,
        }
    }
    assert!(
        accepted > 10_000 && refused > 10_000,
        "{accepted} {refused}"
    );
}

#[test]
fn whatever_is_accepted_leads_to_a_public_host_by_https() {
    const PARTS: &[&str] = &[
        "https://",
        "https:",
        "//",
        "/",
        "\\",
        "@",
        ":",
        ".",
        "..",
        "[",
        "]",
        "%",
        "%2e",
        "%40",
        "#",
        "?",
        "0x7f",
        "0177",
        "127",
        "0",
        "1",
        "10",
        "8",
        "::",
        "ffff:",
        "1",
        "localhost",
        "local",
        "example",
        "com",
        "panel",
        "internal",
        "xn--",
        "-",
        "_",
        "。",
        "１",
        "①",
        "\u{ad}",
        "\u{200b}",
        "\t",
        "é",
        "ß",
        "*",
        "8443",
        "user",
    ];
    let mut numbers = Numbers(3);
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..200_000 {
        let mut text = "https://".to_owned();
        if numbers.below(8) == 0 {
            text.clear();
        }
        for _ in 0..numbers.below(9) {
            text += PARTS[numbers.below(PARTS.len())];
        }
        match WebhookUrl::try_from(text.as_str()) {
            Ok(url) => {
                accepted += 1;
                assert_eq!(url.as_str(), text);
                assert_public(&url);
                assert!(WebhookUrl::for_development(text).is_ok());
            }
            Err(_) => refused += 1,
        }
    }
    assert!(accepted > 200 && refused > 1_000, "{accepted} {refused}");
}
