//! The `jelou` command: connects Jelou projects with a system of your own, through Jelou's External Support Panel.
//!
//! Only dispatches. Each command is a module; a single module reads the environment, and another one prints.

mod arguments;
mod completions;
mod config;
mod configuration;
mod confirmation;
mod curl;
mod diagnosis;
mod doctor;
mod dry_run;
mod environment;
mod failure;
mod integration;
mod man;
mod origin;
mod output;
mod panel;
mod private_file;
mod profile;
mod raw;
mod redaction;
mod runtime;
mod sandbox;
mod secret_source;
mod settings;
mod shell;
mod spec;
mod target;
mod webhook;

use std::process::ExitCode;

use crate::arguments::{Arguments, Command};
use crate::failure::Outcome;

fn main() -> ExitCode {
    let arguments = match Arguments::parse_command_line() {
        Ok(arguments) => arguments,
        Err(error) => return output::print_usage(&error).into(),
    };
    let exit = run(arguments.command).unwrap_or_else(|failure| {
        output::print_failure(&failure);
        failure.exit()
    });
    exit.into()
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Integration(command) => panel::integration(command),
        Command::Conversation(command) => panel::conversation(command),
        Command::Message(command) => panel::message(command),
        Command::Webhook(command) => webhook::run(command),
        Command::Profile(command) => profile::run(command),
        Command::Config(command) => config::run(command),
        Command::Raw(arguments) => raw::run(*arguments),
        Command::Doctor(arguments) => doctor::run(*arguments),
        Command::Sandbox(arguments) => sandbox::run(*arguments),
        Command::Spec(arguments) => spec::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => man::run(&arguments),
    }
}
