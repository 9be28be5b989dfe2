//! Checks of the connection to the server: name resolution, TCP, TLS and the clock.

use std::net::SocketAddr;
use std::time::{Duration, SystemTime};

use jelou_client::HttpResponse;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::Url;

use super::check::{Check, Report};
use crate::environment;
use crate::failure::{Exit, Failure};

/// Timeout for a name lookup or a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Clock difference that is tolerated.
const TOLERANCE: Duration = Duration::from_secs(60);

/// The server, as needed to connect to it.
#[derive(Debug)]
pub(super) struct Server {
    host: String,
    port: u16,
    is_https: bool,
    /// The environment variable that names the proxy for requests.
    proxy: Option<&'static str>,
}

impl Server {
    /// Parses `base_url`; `None` if it is not a URL.
    pub(super) fn parse(base_url: &str) -> Option<Self> {
        let url = Url::parse(base_url).ok()?;
        let host = url.host_str()?.trim_matches(['[', ']']).to_owned();
        let is_https = url.scheme() == "https";
        Some(Self {
            port: url.port_or_known_default()?,
            // Plain HTTP never leaves this machine and bypasses proxies.
            proxy: if is_https {
                environment::find_proxy()
            } else {
                None
            },
            host,
            is_https,
        })
    }
}

/// Checks whether the server name resolves.
pub(super) async fn look_up(server: &Server, report: &mut Report) -> bool {
    let found = addresses(server).await;
    let name = &server.host;
    let check = match (&found, server.proxy) {
        (Ok(addresses), _) => {
            let shown: Vec<String> = addresses
                .iter()
                .map(|address| address.ip().to_string())
                .collect();
            Check::ok("DNS", format!("`{name}` is {}", shown.join(", ")))
        }
        (Err(_), Some(proxy)) => {
            Check::skipped("DNS", format!("the proxy of `{proxy}` looks `{name}` up"))
        }
        (Err(reason), None) => Check::failed(
            "DNS",
            Exit::Network,
            format!("`{name}` has no address: {reason}"),
        )
        .hint(
            "check the spelling of the base URL, the network, and the name server of this machine",
        ),
    };
    report.push(check);
    found.is_ok()
}

/// Checks whether the server accepts connections.
pub(super) async fn connect(server: &Server, report: &mut Report) {
    let addresses = addresses(server).await.unwrap_or_default();
    let connected = match timeout(PATIENCE, TcpStream::connect(&addresses[..])).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no response within {} seconds", PATIENCE.as_secs())),
    };
    let port = server.port;
    report.push(match (connected, server.proxy) {
        (Ok(()), _) => Check::ok("connection", format!("port {port} is open")),
        (Err(_), Some(proxy)) => {
            Check::skipped("connection", format!("the proxy of `{proxy}` connects to port {port}"))
        }
        (Err(reason), None) => {
            Check::failed("connection", Exit::Network, format!("port {port} cannot be reached: {reason}"))
                .hint("check the port in the base URL, the firewall, and whether a proxy is needed (`HTTPS_PROXY`)")
        }
    });
}

/// The TLS check for a request that was answered.
pub(super) fn read_tls(server: &Server) -> Check {
    match server.is_https {
        true => Check::ok(
            "TLS",
            format!("the certificate of `{}` is trusted", server.host),
        ),
        false => Check::skipped("TLS", "plain `http`, which does not leave this machine"),
    }
}

/// The TLS check for a failed handshake.
pub(super) fn failed_tls(failure: &Failure) -> Check {
    let cause = failure
        .causes()
        .last()
        .map_or(failure.error(), String::as_str);
    Check::failed("TLS", Exit::Network, format!("the server is not trusted: {cause}")).hint(
        "check the host in the base URL and the clock of this machine; install the certificates that this platform trusts, or that of a proxy that intercepts TLS",
    )
}

/// Compares the `Date` header of the response with the local clock.
pub(super) fn read_clock(answer: &HttpResponse) -> Check {
    let date = answer
        .header("date")
        .and_then(|date| std::str::from_utf8(date).ok())
        .and_then(|date| httpdate::parse_http_date(date).ok());
    match date {
        Some(date) => compare(date, SystemTime::now()),
        None => Check::skipped("clock", "the answer has no date to compare with"),
    }
}

fn compare(theirs: SystemTime, ours: SystemTime) -> Check {
    let (distance, direction) = match ours.duration_since(theirs) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    if distance <= TOLERANCE {
        return Check::ok("clock", "it agrees with that of the server");
    }
    let seconds = distance.as_secs();
    let shown = format!("this machine is {seconds} seconds {direction} the server");
    Check::failed("clock", Exit::Failed, shown).hint(
        "set the clock of this machine, ideally from a time server; certificates are valid only for a limited period",
    )
}

async fn addresses(server: &Server) -> Result<Vec<SocketAddr>, String> {
    let lookup = lookup_host((server.host.as_str(), server.port));
    match timeout(PATIENCE, lookup).await {
        Ok(Ok(addresses)) => Ok(addresses.collect()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no response within {} seconds", PATIENCE.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_may_be_a_minute_off_in_either_direction() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        for (offset, expected) in [(0, 0), (60, 0), (61, 1), (3600, 1)] {
            for other in [
                now + Duration::from_secs(offset),
                now - Duration::from_secs(offset),
            ] {
                let mut report = Report::default();
                report.push(compare(other, now));
                assert_eq!(report.exit().code(), expected, "{offset}");
            }
        }
    }
}
