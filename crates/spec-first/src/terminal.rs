//! What is written to standard output and standard error.

use std::error::Error as _;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::{env, fs, path::Path};

use spec_first_document::Finding;
use spec_first_document::literal::printable;

use crate::Error;

/// Prints an error, its causes and what to do about it to standard error.
pub fn print_error(error: &Error) {
    if let Error::Document(finding) = error {
        // It has its own title, with the place in the file.
        return tell_finding(finding);
    }
    let mut text = format!("error: {error}\n");
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!("  caused by: {error}\n");
        cause = error.source();
    }
    if let Some(hint) = error.hint() {
        text += &format!("hint: {hint}\n");
    }
    tell(text.trim_end());
}

/// Prints a line to standard error. Nobody may be reading it any more, as in `2>&1 | head`; that is not an error.
pub(crate) fn tell(line: impl Display) {
    // A file or branch may have a name that a terminal or GitHub's runner would obey.
    let line = line.to_string();
    _ = writeln!(io::stderr().lock(), "{}", printable(&line));
}

/// Prints what is wrong in a file to standard error, with the line.
pub(crate) fn tell_finding(finding: &Finding) {
    let text = finding.render(is_coloured(&io::stderr()));
    _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether colours may be written to a stream.
pub(crate) fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a result to standard output, or to a file.
pub(crate) fn write(file: Option<&Path>, text: &str) -> Result<(), Error> {
    let Some(path) = file else {
        return match io::stdout().lock().write_all(text.as_bytes()) {
            // Whoever read it has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            result => result.map_err(Error::Output),
        };
    };
    fs::write(path, text).map_err(Error::file("write", &path.display().to_string()))
}

/// A count with its noun.
pub(crate) fn plural(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}
