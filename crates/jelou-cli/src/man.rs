//! `jelou man`: generates manual pages from the definitions that also produce the help.

use std::fs;
use std::io;
use std::path::Path;

use clap::Command;
use clap_mangen::Man;

use crate::arguments::Arguments;
use crate::arguments::man::ManArguments;
use crate::failure::{Exit, Failure, Outcome};
use crate::output;

pub(crate) fn run(arguments: &ManArguments) -> Outcome {
    let mut command = Arguments::definitions();
    // Sets the full names of subcommands, such as `jelou integration update`.
    command.build();
    match &arguments.output_dir {
        None => output::print_bytes(&render(&command)?)?,
        Some(folder) => {
            fs::create_dir_all(folder).map_err(|error| unwritten(folder, &error))?;
            write_all(&command, folder)?;
        }
    }
    Ok(Exit::Done)
}

fn write_all(command: &Command, folder: &Path) -> Result<(), Failure> {
    let page = folder.join(format!("{}.1", page_name(command)));
    fs::write(&page, render(command)?).map_err(|error| unwritten(&page, &error))?;
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
        .try_for_each(|command| write_all(command, folder))
}

fn render(command: &Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let man = Man::new(command.clone().name(page_name(command)));
    man.render(&mut page).map_err(|error| {
        Failure::of(
            Exit::Failed,
            &error,
            "this is a mistake in `jelou`; please report it",
        )
    })?;
    Ok(page)
}

/// Such as `jelou-integration-update`.
fn page_name(command: &Command) -> String {
    let name = command.get_display_name().unwrap_or(command.get_name());
    name.to_owned()
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        format!("`{}` cannot be written", path.display()),
        "check that you may write there, and that the disk is not full",
    )
    .caused_by(Some(error))
}
