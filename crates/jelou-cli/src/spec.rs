//! `jelou spec`: prints the OpenAPI document that this binary was built from.

use crate::arguments::spec::SpecArguments;
use crate::failure::{Exit, Outcome};
use crate::output;

pub(crate) fn run(arguments: &SpecArguments) -> Outcome {
    let file = match arguments.reconciliation {
        true => jelou_spec::RECONCILIATION,
        false => jelou_spec::EXTERNAL_SUPPORT,
    };
    output::print_bytes(file.text.as_bytes())?;
    Ok(Exit::Done)
}
