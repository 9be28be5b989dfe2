//! Headers of requests whose values the parameters of a document do not decide.

/// Whether OpenAPI ignores a parameter for the header: media types and credentials are described elsewhere (OpenAPI 3.1, section
/// 4.8.12.2).
pub fn is_ignored(name: &str) -> bool {
    is_one_of(name, &["accept", "authorization", "content-type"])
}

/// Whether a client sets the header whatever the parameters are: OpenAPI ignores them, or HTTP determines the value.
pub fn is_determined(name: &str) -> bool {
    let of_the_message = ["connection", "content-length", "host", "transfer-encoding"];
    is_ignored(name) || is_one_of(name, &of_the_message)
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_length_of_a_body_is_no_choice_of_a_client() {
        for (name, expected) in [
            ("Accept", (true, true)),
            ("Content-Length", (false, true)),
            ("Content-Encoding", (false, false)),
        ] {
            assert_eq!((is_ignored(name), is_determined(name)), expected, "{name}");
        }
    }
}
