//! The host of a URL or of a `Host` header, judged without asking a name server.

use std::net::IpAddr;

/// The address that `host` is, in brackets if it is of IPv6; `None` for a name.
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    let literal = host.trim_start_matches('[').trim_end_matches(']');
    literal.parse().ok()
}

/// Whether the address leads to this machine, also if it is written as an address of IPv6.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}
