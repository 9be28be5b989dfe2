//! Tests of `jelou integration apply`.

mod actions;
mod correcting;
#[cfg(unix)]
mod crash;
mod encoding;
mod failing;
mod harness;
mod help;
mod input;
#[cfg(unix)]
mod interruption;
mod journal;
mod problems;
mod sending;
#[cfg(unix)]
mod terminal;
