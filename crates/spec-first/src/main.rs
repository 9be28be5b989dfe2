//! The `spec-first` command; `spec-first --help` describes it.

use std::process::ExitCode;

fn main() -> ExitCode {
    spec_first::command::main()
}
