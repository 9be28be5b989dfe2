//! Asks for confirmation before a change. Does not decide which changes are dangerous.

use std::io::{self, BufRead, IsTerminal};

use crate::failure::{Exit, Failure};
use crate::output;

/// Returns `Ok` if the change may be made.
///
/// Does not ask with `--yes` (`is_confirmed`), with the sandbox, or if standard input is not a terminal: a script must not
/// wait for an answer that never comes.
///
/// # Errors
/// The answer is not yes, or the question cannot be shown.
pub(crate) fn confirm(question: &str, is_sandbox: bool, is_confirmed: bool) -> Result<(), Failure> {
    let stdin = io::stdin();
    if is_confirmed || is_sandbox || !stdin.is_terminal() {
        return Ok(());
    }
    ask(question, "`--yes`")
}

/// Returns `Ok` if something may be deleted. Asks even if `--yes` was given, and refuses to delete if it cannot ask.
///
/// # Errors
/// The answer is not yes, or the question cannot be asked.
pub(crate) fn confirm_deletion(question: &str, is_allowed: bool) -> Result<(), Failure> {
    if is_allowed {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::usage(
            "some rows delete integrations, which cannot be undone",
            "nothing was sent; give `--allow-deletes` to delete them without being asked",
        ));
    }
    ask(question, "`--allow-deletes`")
}

fn ask(question: &str, option: &str) -> Result<(), Failure> {
    if !io::stderr().is_terminal() {
        return Err(Failure::usage(
            "cannot ask for confirmation: standard error is not a terminal",
            format!("use {option} to continue without confirmation"),
        ));
    }
    output::print_question(&format!("{question} [y/N] "));
    let mut answer = String::new();
    // A failed read leaves the answer empty, which counts as no.
    _ = io::stdin().lock().read_line(&mut answer);
    if is_yes(&answer) {
        Ok(())
    } else {
        Err(Failure::new(
            Exit::Interrupted,
            "stopped: the answer was not `y`; nothing was changed",
            format!("answer `y` or give {option} to go on"),
        ))
    }
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for answer in ["y\n", "Y", " yes \r\n", "YES\n"] {
            assert!(is_yes(answer), "{answer:?}");
        }
        for answer in ["", "\n", "n\n", "no", "yesterday", "ye", "1"] {
            assert!(!is_yes(answer), "{answer:?}");
        }
    }
}
