//! The encoding of a file: compressed as stored if the client accepts that, otherwise decompressed for this response.

use std::io::Read;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;

/// The content of a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    Plain(&'static str),
    Gzip(&'static [u8]),
}

impl Content {
    pub(super) async fn answer(self, headers: &HeaderMap) -> Response {
        match self {
            Self::Plain(text) => Body::from(text).into_response(),
            Self::Gzip(packed) if takes_gzip(headers) => {
                let gzip = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                (varied(), [gzip], Body::from(packed)).into_response()
            }
            Self::Gzip(packed) => {
                let unpacked = tokio::task::spawn_blocking(|| unpack(packed)).await;
                match unpacked {
                    Ok(Ok(unpacked)) => (varied(), Body::from(unpacked)).into_response(),
                    // Any error in it was there when the program was built.
                    _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                }
            }
        }
    }
}

fn varied() -> [(header::HeaderName, HeaderValue); 1] {
    [(header::VARY, HeaderValue::from_static("accept-encoding"))]
}

fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Whether the client accepts gzip. A client that sends no `Accept-Encoding` gets plain text, for people with simple tools.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let mut any = false;
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for coding in value.to_str().unwrap_or_default().split(',') {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let weight = weight.trim().trim_start_matches(['q', 'Q', '=']);
            let is_taken = weight
                .parse()
                .map_or(weight.is_empty(), |weight: f32| weight > 0.0);
            match name.trim() {
                name if name.eq_ignore_ascii_case("gzip") => return is_taken,
                "*" => any = is_taken,
                _ => {}
            }
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(accepted: &[&'static str], expected: bool) {
        let mut headers = HeaderMap::new();
        for value in accepted {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        }
        assert_eq!(takes_gzip(&headers), expected, "{accepted:?}");
    }

    #[test]
    fn gzip_is_sent_to_clients_that_accept_it() {
        check(&["gzip, deflate, br, zstd"], true);
        check(&["br", "GZIP;q=0.5"], true);
        check(&["*"], true);
        check(&["identity;q=0, *;q=0.1"], true);
    }

    #[test]
    fn gzip_is_not_sent_to_clients_that_refuse_it_or_do_not_ask_for_it() {
        check(&[], false);
        check(&[""], false);
        check(&["identity"], false);
        check(&["gzip;q=0"], false);
        check(&["gzip; q=0.000, *"], false);
        check(&["x-gzip-like"], false);
        check(&["*;q=0"], false);
        check(&["gzip;q=x"], false);
    }
}
