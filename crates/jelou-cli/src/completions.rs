//! `jelou completions`: generates shell completions from the definitions that also produce the help.

use crate::arguments::Arguments;
use crate::arguments::completions::CompletionsArguments;
use crate::failure::{Exit, Outcome};
use crate::output;

pub(crate) fn run(arguments: &CompletionsArguments) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut Arguments::definitions(),
        "jelou",
        &mut script,
    );
    output::print_bytes(&script)?;
    Ok(Exit::Done)
}
