//! Stable identifiers for texts.

/// Hashes these texts, in this order, to 16 hexadecimal digits.
///
/// People keep fingerprints in files, so the algorithm must never change: it is FNV-1a, which is fully specified. It is not secure:
/// anyone can construct two texts with the same fingerprint.
pub fn fingerprint<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let terminated = texts.into_iter().flat_map(|text| text.bytes().chain([0]));
    let hash = terminated.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_never_changes() {
        assert_eq!(fingerprint([]), "cbf29ce484222325");
        assert_eq!(fingerprint(["missing-key", "/info"]), "58d2a7580be4e2c4");
        assert_eq!(fingerprint(["a", "b"]), "ab40d7820d408076");
        assert_ne!(fingerprint(["ab", ""]), fingerprint(["a", "b"]));
    }
}
