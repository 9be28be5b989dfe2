//! Decodes the `Content-Encoding` of a response, which a server may apply unasked. Does not ask for one.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};

use crate::HttpResponse;

/// Replaces a compressed body by at most `limit` bytes of its content, and removes the headers that describe the compressed body.
///
/// A body in another encoding stays as received, and so does a corrupt one, unless the response is an error: then the body is cut
/// off where the corruption begins, so that its beginning can be shown.
pub(crate) fn decode(response: &mut HttpResponse, limit: usize) {
    let decoder: Box<dyn Read + '_> = match remaining(response).as_deref() {
        Some("gzip" | "x-gzip") => Box::new(MultiGzDecoder::new(&*response.body)),
        // `deflate` means zlib, but some servers send raw deflate.
        Some("deflate") if has_zlib_header(&response.body) => {
            Box::new(ZlibDecoder::new(&*response.body))
        }
        Some("deflate") => Box::new(DeflateDecoder::new(&*response.body)),
        _ => return,
    };
    let mut content = Vec::new();
    let one_more = u64::try_from(limit).map_or(u64::MAX, |limit| limit.saturating_add(1));
    let is_broken = decoder.take(one_more).read_to_end(&mut content).is_err();
    let must_be_whole = response.is_success() && !response.is_cut_off;
    if is_broken && (content.is_empty() || must_be_whole) {
        return;
    }
    response.is_cut_off |= is_broken || content.len() > limit;
    content.truncate(limit);
    response.body = Bytes::from(content);
    response.headers.remove(CONTENT_ENCODING);
    response.headers.remove(CONTENT_LENGTH);
}

/// The encoding that the body of `response` still has, in lower case; `None` if it can be read.
fn remaining(response: &HttpResponse) -> Option<String> {
    if response.body.is_empty() || !response.headers.contains_key(CONTENT_ENCODING) {
        return None;
    }
    let values = response.headers.get_all(CONTENT_ENCODING).iter();
    let names = values
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        .collect::<Vec<_>>()
        .join(",");
    let names: Vec<_> = names
        .split(',')
        .map(str::trim)
        .filter(|name| !matches!(*name, "" | "identity"))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// Why the body of `response` cannot be read. Only well-known encodings are named, because a server may echo a secret there.
pub(crate) fn problem(response: &HttpResponse) -> Option<String> {
    let encoding = remaining(response)?;
    Some(match encoding.as_str() {
        "gzip" | "x-gzip" | "deflate" => format!("the body is not valid `{encoding}`"),
        "br" | "zstd" | "compress" => {
            format!("the body has the content encoding `{encoding}`, which is not supported")
        }
        _ => "the body has a content encoding that is not supported".to_owned(),
    })
}

/// RFC 1950, 2.2: compression method 8, and a check value that makes both bytes a multiple of 31.
fn has_zlib_header(body: &[u8]) -> bool {
    match body {
        [method, flags, ..] => {
            method & 0x0f == 8 && u16::from_be_bytes([*method, *flags]).is_multiple_of(31)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use http::HeaderValue;

    use super::*;

    const LIMIT: usize = 64 * 1024;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn decoded(status: u16, encodings: &[&'static str], body: impl Into<Vec<u8>>) -> HttpResponse {
        let mut response = HttpResponse::new(status, body);
        for encoding in encodings {
            let encoding = HeaderValue::from_static(encoding);
            response.headers.append(CONTENT_ENCODING, encoding);
        }
        let length = HeaderValue::from(response.body.len());
        response.headers.insert(CONTENT_LENGTH, length);
        decode(&mut response, LIMIT);
        response
    }

    #[test]
    fn what_can_be_decoded_is_decoded_and_its_headers_go() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"{}").unwrap();
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(b"{}").unwrap();
        for (encodings, body) in [
            (["gzip"].as_slice(), gzip(b"{}")),
            (&["X-GZIP "], gzip(b"{}")),
            (&["identity, gzip"], gzip(b"{}")),
            (&["deflate"], zlib.finish().unwrap()),
            (&["deflate"], raw.finish().unwrap()),
        ] {
            let response = decoded(200, encodings, body);
            assert_eq!(response.body(), b"{}", "{encodings:?}");
            assert_eq!(response.headers().count(), 0, "{encodings:?}");
            assert!(!response.is_cut_off(), "{encodings:?}");
            assert_eq!(problem(&response), None);
        }
    }

    #[test]
    fn what_cannot_be_decoded_stays_as_it_came_and_says_why() {
        for (encodings, body, expected) in [
            (
                ["br"].as_slice(),
                "{}",
                "the body has the content encoding `br`, which is not supported",
            ),
            (
                &["canary"],
                "{}",
                "the body has a content encoding that is not supported",
            ),
            (
                &["gzip, gzip"],
                "{}",
                "the body has a content encoding that is not supported",
            ),
            (
                &["gzip", "br"],
                "{}",
                "the body has a content encoding that is not supported",
            ),
            (&["gzip"], "{}", "the body is not valid `gzip`"),
            (&["deflate"], "{}", "the body is not valid `deflate`"),
        ] {
            let response = decoded(200, encodings, body);
            assert_eq!(response.body(), body.as_bytes(), "{encodings:?}");
            assert!(response.headers().count() >= 2, "{encodings:?}");
            assert_eq!(problem(&response).as_deref(), Some(expected));
        }
    }

    #[test]
    fn a_body_that_is_not_encoded_is_left_alone() {
        for (encodings, body) in [
            ([].as_slice(), "{}"),
            (&["identity"], "{}"),
            (&["gzip"], ""),
        ] {
            let response = decoded(200, encodings, body);
            assert_eq!(response.body(), body.as_bytes());
            assert_eq!(response.headers().count(), encodings.len() + 1);
            assert_eq!(problem(&response), None);
        }
    }

    #[test]
    fn content_is_kept_up_to_the_limit() {
        let whole = decoded(200, &["gzip"], gzip(&vec![b'a'; LIMIT]));
        assert_eq!((whole.body().len(), whole.is_cut_off()), (LIMIT, false));
        let longer = decoded(200, &["gzip"], gzip(&vec![b'a'; 1024 * LIMIT]));
        assert_eq!((longer.body().len(), longer.is_cut_off()), (LIMIT, true));
    }

    #[test]
    fn of_a_broken_stream_only_an_error_is_shown() {
        // Not compressible, so that the stream has something before its end.
        let content: Vec<u8> = (0..4096).map(|_| fastrand::u8(..)).collect();
        let mut body = gzip(&content);
        body.truncate(body.len() / 2);
        let error = decoded(500, &["gzip"], body.clone());
        assert!(error.is_cut_off() && content.starts_with(error.body()));
        let success = decoded(200, &["gzip"], body.clone());
        assert_eq!(success.body(), body);
        assert!(!success.is_cut_off());
    }
}
