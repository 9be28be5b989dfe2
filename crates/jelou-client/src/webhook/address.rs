//! Decides whether an address is public, from the registries of IANA. Knows nothing of names and looks nothing up.
//!
//! The standard library's `is_global` is unstable, and the crates that copied it stopped before the registries did.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A block of addresses that the registries treat as one.
struct Block {
    network: IpAddr,
    prefix_length: u32,
    /// What the block is for, or `None` if its addresses are public.
    purpose: Option<&'static str>,
}

/// The blocks, of which the longest that holds an address decides.
///
/// Source: IANA's [IPv4] and [IPv6] Special-Purpose Address Registries as of July 2026, whose column `Globally Reachable` counts:
/// `False`, `N/A` and no entry are all "not public". IPv4 addresses outside every block are public; of IPv6, only `2000::/3` is
/// allotted as [global unicast]. Multicast has separate registries.
///
/// [IPv4]: https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
/// [IPv6]: https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
/// [global unicast]: https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
const BLOCKS: &[Block] = &[
    v4([0, 0, 0, 0], 8, Some("this network")),
    v4([10, 0, 0, 0], 8, Some("private use")),
    v4([100, 64, 0, 0], 10, Some("shared behind a provider's NAT")),
    v4([127, 0, 0, 0], 8, Some("loopback")),
    v4([169, 254, 0, 0], 16, Some("link-local")),
    v4([172, 16, 0, 0], 12, Some("private use")),
    v4([192, 0, 0, 0], 24, Some("protocol assignments")),
    v4([192, 0, 0, 9], 32, None),  // Port Control Protocol anycast.
    v4([192, 0, 0, 10], 32, None), // TURN anycast.
    v4([192, 0, 2, 0], 24, Some("documentation")),
    v4([192, 88, 99, 0], 24, Some("6to4 relays")),
    v4([192, 168, 0, 0], 16, Some("private use")),
    v4([198, 18, 0, 0], 15, Some("benchmarking")),
    v4([198, 51, 100, 0], 24, Some("documentation")),
    v4([203, 0, 113, 0], 24, Some("documentation")),
    v4([224, 0, 0, 0], 4, Some("multicast")),
    v4([240, 0, 0, 0], 4, Some("reserved")),
    v4([255, 255, 255, 255], 32, Some("broadcast")),
    v6(&[], 0, Some("not global unicast")),
    v6(&[], 96, Some("IPv4-compatible")),
    v6(&[], 128, Some("unspecified")),
    v6(&[0, 0, 0, 0, 0, 0, 0, 1], 128, Some("loopback")),
    v6(&[0x64, 0xff9b, 1], 48, Some("local IPv4 translation")),
    v6(&[0x100], 64, Some("discard only")),
    v6(&[0x100, 0, 0, 1], 64, Some("dummy prefix")),
    v6(&[0x2000], 3, None),
    v6(&[0x2001], 23, Some("protocol assignments")),
    v6(&[0x2001], 32, Some("Teredo")),
    v6(&[0x2001, 1, 0, 0, 0, 0, 0, 1], 128, None), // Port Control Protocol anycast.
    v6(&[0x2001, 1, 0, 0, 0, 0, 0, 2], 128, None), // TURN anycast.
    v6(&[0x2001, 1, 0, 0, 0, 0, 0, 3], 128, None), // Service registration anycast.
    v6(&[0x2001, 2], 48, Some("benchmarking")),
    v6(&[0x2001, 3], 32, None),        // AMT.
    v6(&[0x2001, 4, 0x112], 48, None), // AS112.
    v6(&[0x2001, 0x10], 28, Some("ORCHID")),
    v6(&[0x2001, 0x20], 28, None), // ORCHIDv2.
    v6(&[0x2001, 0x30], 28, None), // Drone remote identifiers.
    v6(&[0x2001, 0xdb8], 32, Some("documentation")),
    v6(&[0x2002], 16, Some("6to4")),
    v6(&[0x3fff], 20, Some("documentation")),
    v6(&[0x5f00], 16, Some("segment routing")),
    v6(&[0xfc00], 7, Some("unique local")),
    v6(&[0xfe80], 10, Some("link-local")),
    v6(&[0xfec0], 10, Some("site-local")),
    v6(&[0xff00], 8, Some("multicast")),
];

/// What the block of `address` is for, if it is not public.
pub(super) fn find_purpose(address: IpAddr) -> Option<&'static str> {
    let blocks = BLOCKS.iter().filter(|block| block.holds(address));
    blocks
        .max_by_key(|block| block.prefix_length)
        .and_then(|block| block.purpose)
}

/// The address that packets to `address` reach: the IPv4 address inside an IPv4-mapped one or one with the prefix of NAT64, or
/// else `address` itself.
///
/// The other ways to carry an IPv4 address (IPv4-compatible, 6to4, Teredo, local translation) are never public.
pub(super) fn find_destination(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => match v6.segments() {
            [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)).into()
            }
            _ => address,
        },
        IpAddr::V4(_) => address,
    }
}

impl Block {
    fn holds(&self, address: IpAddr) -> bool {
        let different = match (self.network, address) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros()
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                (network.to_bits() ^ address.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        different >= self.prefix_length
    }
}

const fn v4(octets: [u8; 4], prefix_length: u32, purpose: Option<&'static str>) -> Block {
    let [a, b, c, d] = octets;
    Block {
        network: IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
        prefix_length,
        purpose,
    }
}

/// The segments that are not given are zero.
const fn v6(segments: &[u16], prefix_length: u32, purpose: Option<&'static str>) -> Block {
    let mut bits = 0;
    let mut index = 0;
    while index < segments.len() {
        bits |= (segments[index] as u128) << (112 - 16 * index);
        index += 1;
    }
    Block {
        network: IpAddr::V6(Ipv6Addr::from_bits(bits)),
        prefix_length,
        purpose,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the last address of a block, and their neighbours outside of it.
    fn edges(block: &Block) -> [Option<IpAddr>; 4] {
        match block.network {
            IpAddr::V4(network) => {
                let first = network.to_bits();
                let last = first | u32::MAX.checked_shr(block.prefix_length).unwrap_or(0);
                [
                    first.checked_sub(1),
                    Some(first),
                    Some(last),
                    last.checked_add(1),
                ]
                .map(|bits| bits.map(|bits| Ipv4Addr::from_bits(bits).into()))
            }
            IpAddr::V6(network) => {
                let first = network.to_bits();
                let last = first | u128::MAX.checked_shr(block.prefix_length).unwrap_or(0);
                [
                    first.checked_sub(1),
                    Some(first),
                    Some(last),
                    last.checked_add(1),
                ]
                .map(|bits| bits.map(|bits| Ipv6Addr::from_bits(bits).into()))
            }
        }
    }

    #[test]
    fn a_block_ends_where_its_prefix_ends() {
        for block in BLOCKS {
            let name = format!("{}/{}", block.network, block.prefix_length);
            let [before, first, last, after] = edges(block);
            for address in [first, last].into_iter().flatten() {
                assert!(block.holds(address), "{address} is in {name}");
            }
            for address in [before, after].into_iter().flatten() {
                assert!(!block.holds(address), "{address} is not in {name}");
            }
        }
    }

    #[test]
    fn a_block_is_listed_once_and_begins_where_its_prefix_does() {
        for (index, block) in BLOCKS.iter().enumerate() {
            let same = |other: &Block| {
                other.network == block.network && other.prefix_length == block.prefix_length
            };
            assert!(!BLOCKS[..index].iter().any(same), "{}", block.network);
            let host_bits = match block.network {
                IpAddr::V4(network) => {
                    network.to_bits().trailing_zeros() + block.prefix_length < 32
                }
                IpAddr::V6(network) => {
                    network.to_bits().trailing_zeros() + block.prefix_length < 128
                }
            };
            assert!(!host_bits, "{}/{}", block.network, block.prefix_length);
        }
    }

    #[test]
    fn the_standard_library_agrees_where_it_has_an_opinion() {
        let mut addresses: Vec<IpAddr> = BLOCKS.iter().flat_map(edges).flatten().collect();
        // A step that is prime to 2^32 meets every block of IPv4 down to /16 many times.
        addresses.extend(
            (0..100_000_u32)
                .map(|index| IpAddr::V4(Ipv4Addr::from_bits(index.wrapping_mul(2_654_435_761)))),
        );
        for address in addresses {
            let special = match address {
                IpAddr::V4(v4) => {
                    v4.is_private()
                        || v4.is_loopback()
                        || v4.is_link_local()
                        || v4.is_multicast()
                        || v4.is_documentation()
                        || v4.is_broadcast()
                        || v4.is_unspecified()
                }
                IpAddr::V6(v6) => {
                    v6.is_loopback()
                        || v6.is_unspecified()
                        || v6.is_unique_local()
                        || v6.is_unicast_link_local()
                        || v6.is_multicast()
                }
            };
            assert!(
                !special || find_purpose(address).is_some(),
                "{address} is special"
            );
        }
    }
}
