//! Signs bodies and verifies them: HMAC-SHA256 of the bytes, in hexadecimal digits, in a header. Knows nothing about JSON.

use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use sha2::Sha256;

use crate::Secret;

/// The header that carries a signature, and the prefix of its value.
///
/// A document declares it as a security scheme: an API key in a header, with `x-signature`. The client then signs the bytes of the
/// body that it sends with [`Credentials::signing_secret`](crate::Credentials::signing_secret).
///
/// ```
/// use http::{HeaderMap, HeaderValue};
/// use spec_first_runtime::{Secret, Signature};
///
/// const SIGNATURE: Signature = Signature::hmac_sha256("x-signature", "sha256=");
/// let secret = Secret::from("SIGNING_SECRET");
/// let mut headers = HeaderMap::new();
/// let signature = HeaderValue::from_str(&SIGNATURE.sign(&secret, b"{}"))?;
/// headers.insert("x-signature", signature);
/// assert_eq!(SIGNATURE.verify(&headers, b"{}", &[secret]), Ok(()));
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    header: &'static str,
    prefix: &'static str,
}

/// Why a signature was refused. It contains no part of the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is no such header, so the request may come from anybody.
    #[error("the header `{0}` is missing")]
    Missing(&'static str),
    /// There are several such headers, and it is not clear which one is meant.
    #[error("the header `{0}` is repeated")]
    Repeated(&'static str),
    /// The header does not begin with the prefix, which is a common mistake of senders.
    #[error("the header `{header}` does not begin with `{prefix}`")]
    PrefixMissing {
        /// The header.
        header: &'static str,
        /// The prefix.
        prefix: &'static str,
    },
    /// The prefix is not followed by the 64 hexadecimal digits of an HMAC-SHA256.
    #[error("the header `{0}` does not end with 64 hexadecimal digits")]
    NotHexadecimal(&'static str),
    /// The signature was made with another secret, or over other bytes.
    #[error("the signature does not match these bytes; signing secrets tried: {secrets}")]
    Mismatch {
        /// How many secrets were tried.
        secrets: usize,
    },
}

impl Signature {
    /// An HMAC-SHA256 in hexadecimal, in `header`, in lower case, after `prefix`.
    pub const fn hmac_sha256(header: &'static str, prefix: &'static str) -> Self {
        Self { header, prefix }
    }

    /// The name of the header, in lower case.
    pub const fn header(&self) -> &'static str {
        self.header
    }

    /// The value of the header for `body`, with the text of `secret` as the key.
    pub fn sign(&self, secret: &Secret, body: &[u8]) -> String {
        let mut value = String::with_capacity(self.prefix.len() + 64);
        value.push_str(self.prefix);
        if let Some(mac) = mac(secret, body) {
            for byte in mac.finalize().into_bytes() {
                for digit in [byte >> 4, byte & 0xf] {
                    value.push(DIGITS[usize::from(digit)].into());
                }
            }
        }
        value
    }

    /// Checks that one of `secrets` signed `body`, the bytes as they were received. It takes the same time wherever the signatures
    /// differ. An empty secret fits nothing.
    ///
    /// # Errors
    /// Why the request must not be trusted.
    pub fn verify(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        secrets: &[Secret],
    ) -> Result<(), SignatureError> {
        let header = self.header;
        // Looking it up by a text would check and hash the name, which takes a tenth of the time of a short HMAC.
        let mut values = headers.iter().filter(|(name, _)| *name == header);
        let (_, value) = values.next().ok_or(SignatureError::Missing(header))?;
        if values.next().is_some() {
            return Err(SignatureError::Repeated(header));
        }
        let prefix = self.prefix;
        let digits = value.as_bytes().strip_prefix(prefix.as_bytes());
        let digits = digits.ok_or(SignatureError::PrefixMissing { header, prefix })?;
        let signature = decode(digits).ok_or(SignatureError::NotHexadecimal(header))?;
        let fits = |secret: &Secret| {
            !secret.expose().is_empty()
                && mac(secret, body).is_some_and(|mac| mac.verify(&signature.into()).is_ok())
        };
        // All are tried, so that the time does not tell which of them it was.
        match secrets
            .iter()
            .fold(false, |found, secret| fits(secret) | found)
        {
            true => Ok(()),
            false => Err(SignatureError::Mismatch {
                secrets: secrets.len(),
            }),
        }
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn mac(secret: &Secret, body: &[u8]) -> Option<Hmac<Sha256>> {
    // HMAC takes keys of any length, so this is never `None`.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()).ok()?;
    mac.update(body);
    Some(mac)
}

/// The value of each hexadecimal digit; [`INVALID`] for any other byte.
const VALUES: [u8; 256] = {
    let mut values = [INVALID; 256];
    let mut value = 0;
    while value < 16 {
        values[DIGITS[value as usize] as usize] = value;
        values[DIGITS[value as usize].to_ascii_uppercase() as usize] = value;
        value += 1;
    }
    values
};

const INVALID: u8 = 0x80;

fn decode(digits: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = digits.try_into().ok()?;
    let mut bytes = [0; 32];
    // Without a branch for each digit, this takes a fraction of the time of a short HMAC.
    let mut found = 0;
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = [pair[0], pair[1]].map(|digit| VALUES[usize::from(digit)]);
        found |= high | low;
        *byte = high << 4 | low;
    }
    (found & INVALID == 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNATURE: Signature = Signature::hmac_sha256("x-signature", "sha256=");

    fn headers(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-signature", value.parse().unwrap());
        }
        headers
    }

    /// RFC 4231, test case 2, and a vector that `openssl dgst -sha256 -hmac SIGNING_SECRET` computed.
    #[test]
    fn signatures_are_those_of_other_implementations() {
        assert_eq!(
            SIGNATURE.sign(&"Jefe".into(), b"what do ya want for nothing?"),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            SIGNATURE.sign(
                &"SIGNING_SECRET".into(),
                "{\"text\": \"¿Está ahí?\"}".as_bytes()
            ),
            "sha256=5e9a184a06161f8fac9b8ab85d834c7a598d05920d23a62dbad42b09510723f8"
        );
    }

    #[test]
    fn each_refusal_says_why() {
        let secrets = [Secret::from("old"), Secret::from("new")];
        let signed = SIGNATURE.sign(&secrets[1], b"body");
        let check = |values: &[&str], body: &[u8], secrets: &[Secret]| {
            SIGNATURE.verify(&headers(values), body, secrets)
        };
        assert_eq!(check(&[&signed], b"body", &secrets), Ok(()));
        assert_eq!(check(&[&signed], b"body", &secrets[1..]), Ok(()));
        let upper = signed.to_uppercase().replace("SHA256", "sha256");
        assert_eq!(check(&[&upper], b"body", &secrets), Ok(()));

        let header = "x-signature";
        let prefix = "sha256=";
        let refusals = [
            (
                check(&[], b"body", &secrets),
                SignatureError::Missing(header),
            ),
            (
                check(&[&signed, &signed], b"body", &secrets),
                SignatureError::Repeated(header),
            ),
            (
                check(&[&signed[7..]], b"body", &secrets),
                SignatureError::PrefixMissing { header, prefix },
            ),
            (
                check(&[&signed[..70]], b"body", &secrets),
                SignatureError::NotHexadecimal(header),
            ),
            (
                check(&[&signed.replace("sha256=", "sha256=+")], b"body", &secrets),
                SignatureError::NotHexadecimal(header),
            ),
            (
                check(&[&format!("sha256={}", "+f".repeat(32))], b"body", &secrets),
                SignatureError::NotHexadecimal(header),
            ),
            (
                check(&[&signed], b"body ", &secrets),
                SignatureError::Mismatch { secrets: 2 },
            ),
            (
                check(&[&signed], b"body", &secrets[..1]),
                SignatureError::Mismatch { secrets: 1 },
            ),
            (
                check(&[&signed], b"body", &[]),
                SignatureError::Mismatch { secrets: 0 },
            ),
        ];
        for (result, expected) in refusals {
            assert_eq!(result, Err(expected));
        }
    }

    #[test]
    fn an_empty_secret_fits_nothing() {
        let empty = Secret::from("");
        let signed = SIGNATURE.sign(&empty, b"body");
        assert_eq!(
            SIGNATURE.verify(&headers(&[&signed]), b"body", &[empty]),
            Err(SignatureError::Mismatch { secrets: 1 })
        );
    }
}
