//! Runs a command in a pseudoterminal.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::Stdio;

use nix::pty::{Winsize, openpty};

use crate::command::{Jelou, jelou};

/// Runs `command` in a terminal and types `answer`; returns the exit code and what the terminal shows.
pub(crate) fn at_a_terminal(command: Jelou, answer: &str) -> (Option<i32>, String) {
    at_a_terminal_of(command, answer, 100)
}

fn at_a_terminal_of(command: Jelou, answer: &str, columns: u16) -> (Option<i32>, String) {
    let size = Winsize {
        ws_row: 50,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let terminal = openpty(&size, None).unwrap();
    let mut keyboard = File::from(terminal.master.try_clone().unwrap());
    keyboard.write_all(answer.as_bytes()).unwrap();

    let end = |terminal: &OwnedFd| Stdio::from(terminal.try_clone().unwrap());
    let mut command = command.into_command();
    command.stdin(end(&terminal.slave));
    command.stdout(end(&terminal.slave));
    command.stderr(end(&terminal.slave));
    let mut child = command.spawn().unwrap();
    // From here on, only the child keeps the terminal open.
    drop((command, terminal.slave));

    let mut shown = Vec::new();
    // On Linux, reading from a terminal fails once its last user is gone.
    _ = File::from(terminal.master).read_to_end(&mut shown);
    let shown = String::from_utf8(shown).unwrap().replace('\r', "");
    (child.wait().unwrap().code(), shown)
}

#[test]
fn a_terminal_has_colour_unless_it_is_disabled() {
    let help = |variables: &[(&str, &str)]| {
        let command = jelou("--help").env("TERM", "xterm");
        let command = variables
            .iter()
            .fold(command, |command, (name, value)| command.env(name, value));
        at_a_terminal(command, "").1
    };
    assert!(help(&[]).contains("\u{1b}["));
    assert!(!help(&[("NO_COLOR", "1")]).contains('\u{1b}'));
    assert!(
        !jelou("--help")
            .env("TERM", "xterm")
            .run()
            .stdout
            .contains('\u{1b}')
    );
}

#[test]
fn the_help_fits_into_the_terminal() {
    for columns in [60, 80] {
        let (_, shown) = at_a_terminal_of(jelou("profile remove --help"), "", columns);
        let longest = shown
            .lines()
            .map(|line| line.chars().count())
            .max()
            .unwrap();
        assert!(longest <= columns.into(), "{longest} of {columns}\n{shown}");
    }
}

#[test]
fn a_response_cannot_control_the_terminal() {
    let server = crate::server::Rogue::answering(200, "\u{1b}[31mred\nnext line\u{9b}");
    let command = jelou("raw GET / --base-url")
        .argument(&server.base_url)
        .env("JELOU_API_KEY", "KEY");
    let (_, shown) = at_a_terminal(command, "");
    check!(shown, @r"
    \u{1b}[31mred
    next line\u{9b}
    ");
}
