//! Decides whether an address is public, from the registries of IANA. Knows nothing of names and looks nothing up.
//!
//! The standard library's `is_global` is unstable, and the crates that copied it stopped before the registries did.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use ipnet::IpNet;

/// The blocks, of which the longest that holds an address decides.
///
/// Source: IANA's [IPv4] and [IPv6] Special-Purpose Address Registries as of July 2026, whose column `Globally Reachable` counts:
/// `False`, `N/A` and no entry are all "not public". IPv4 addresses outside every block are public; of IPv6, only `2000::/3` is
/// allotted as [global unicast]. Multicast has separate registries.
///
/// [IPv4]: https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
/// [IPv6]: https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
/// [global unicast]: https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
const BLOCKS: &[(&str, Option<&str>)] = &[
    ("0.0.0.0/8", Some("this network")),
    ("10.0.0.0/8", Some("private use")),
    ("100.64.0.0/10", Some("shared behind a provider's NAT")),
    ("127.0.0.0/8", Some("loopback")),
    ("169.254.0.0/16", Some("link-local")),
    ("172.16.0.0/12", Some("private use")),
    ("192.0.0.0/24", Some("protocol assignments")),
    ("192.0.0.9/32", None),  // Port Control Protocol anycast.
    ("192.0.0.10/32", None), // TURN anycast.
    ("192.0.2.0/24", Some("documentation")),
    ("192.88.99.0/24", Some("6to4 relays")),
    ("192.168.0.0/16", Some("private use")),
    ("198.18.0.0/15", Some("benchmarking")),
    ("198.51.100.0/24", Some("documentation")),
    ("203.0.113.0/24", Some("documentation")),
    ("224.0.0.0/4", Some("multicast")),
    ("240.0.0.0/4", Some("reserved")),
    ("255.255.255.255/32", Some("broadcast")),
    ("::/0", Some("not global unicast")),
    ("::/96", Some("IPv4-compatible")),
    ("::/128", Some("unspecified")),
    ("::1/128", Some("loopback")),
    ("64:ff9b:1::/48", Some("local IPv4 translation")),
    ("100::/64", Some("discard only")),
    ("100:0:0:1::/64", Some("dummy prefix")),
    ("2000::/3", None),
    ("2001::/23", Some("protocol assignments")),
    ("2001::/32", Some("Teredo")),
    ("2001:1::1/128", None), // Port Control Protocol anycast.
    ("2001:1::2/128", None), // TURN anycast.
    ("2001:1::3/128", None), // Service registration anycast.
    ("2001:2::/48", Some("benchmarking")),
    ("2001:3::/32", None),     // AMT.
    ("2001:4:112::/48", None), // AS112.
    ("2001:10::/28", Some("ORCHID")),
    ("2001:20::/28", None), // ORCHIDv2.
    ("2001:30::/28", None), // Drone remote identifiers.
    ("2001:db8::/32", Some("documentation")),
    ("2002::/16", Some("6to4")),
    ("3fff::/20", Some("documentation")),
    ("5f00::/16", Some("segment routing")),
    ("fc00::/7", Some("unique local")),
    ("fe80::/10", Some("link-local")),
    ("fec0::/10", Some("site-local")),
    ("ff00::/8", Some("multicast")),
];

/// The blocks, parsed.
static NETWORKS: LazyLock<Vec<(IpNet, Option<&str>)>> = LazyLock::new(|| {
    let blocks = BLOCKS.iter();
    let parsed = blocks.filter_map(|(block, purpose)| Some((block.parse().ok()?, *purpose)));
    parsed.collect()
});

/// What the block of `address` is for, if it is not public.
pub(super) fn find_purpose(address: IpAddr) -> Option<&'static str> {
    let blocks = NETWORKS
        .iter()
        .filter(|(block, _)| block.contains(&address));
    let longest = blocks.max_by_key(|(block, _)| block.prefix_len());
    longest.and_then(|(_, purpose)| *purpose)
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_block_is_listed_once_and_begins_where_its_prefix_does() {
        let networks: HashSet<IpNet> = NETWORKS.iter().map(|(network, _)| *network).collect();
        assert_eq!(networks.len(), BLOCKS.len());
        for network in networks {
            assert_eq!(network, network.trunc());
        }
    }

    #[test]
    fn the_standard_library_agrees_where_it_has_an_opinion() {
        let networks = NETWORKS.iter().map(|(network, _)| network);
        let edges = networks.flat_map(|network| [network.network(), network.broadcast()]);
        let mut addresses: Vec<IpAddr> = edges.collect();
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
