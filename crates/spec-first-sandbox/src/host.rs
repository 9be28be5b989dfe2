//! The host of a URL or a `Host` header, interpreted without asking a name server.

use std::net::IpAddr;

/// The IP address in `host`, with brackets around an IPv6 address; `None` for a name.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    literal.parse().ok()
}

/// Whether the address is a loopback address, including IPv4-mapped IPv6 addresses.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
