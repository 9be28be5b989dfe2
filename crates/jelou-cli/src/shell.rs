//! Quotes words for a POSIX shell. Runs nothing.

/// Returns `text` as one word, quoted if a shell would otherwise change it. Text with a NUL, which no argument can contain, is
/// returned unquoted.
pub(crate) fn quote(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_word_is_one_word() {
        for (text, expected) in [
            ("https://my-system.com/a", "https://my-system.com/a"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("it's", "\"it's\""),
        ] {
            assert_eq!(quote(text), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_the_quoted_text_back() {
        for text in [
            "",
            "a b",
            "it's",
            "`id` $(id) $HOME",
            "a\nb\\",
            "\"*?~#",
            "-n",
        ] {
            let script = format!("printf %s {}", quote(text));
            let output = std::process::Command::new("sh")
                .args(["-c", &script])
                .output();
            assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), text);
        }
    }
}
