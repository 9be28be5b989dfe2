//! The `jelou` command: updates integrations of Jelou's External Support Panel.
//!
//! Only dispatches. Each command is a module; one module reads the environment, one prints.

mod arguments;
mod diagnosis;
mod environment;
mod failure;
mod integration;
mod origin;
mod output;
mod redaction;
mod target;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::{Arguments, Command, IntegrationCommand};
use crate::failure::{Exit, Failure};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::print_usage(&error).into(),
    };
    let exit = match run(arguments.command).await {
        Ok(()) => Exit::Done,
        Err(failure) => {
            output::print_failure(&failure);
            failure.exit()
        }
    };
    exit.into()
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Integration(IntegrationCommand::Update(arguments)) => {
            integration::update::run(arguments).await
        }
    }
}
