//! Words as a POSIX shell reads them. Runs nothing.

/// `text` as one word, whatever is in it; as it is where nothing in it means anything to a shell.
pub(crate) fn quote(text: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "_-./:@%+=,".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_stays_one_word() {
        for (text, expected) in [
            ("https://my-system.com/a", "https://my-system.com/a"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(quote(text), expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_reads_what_was_quoted() {
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
