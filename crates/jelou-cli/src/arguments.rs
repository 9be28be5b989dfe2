//! Command-line arguments and their help. Does not read the environment; secrets are never arguments.

pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod confirmation;
pub(crate) mod doctor;
pub(crate) mod dry_run;
pub(crate) mod integration;
pub(crate) mod man;
pub(crate) mod output;
pub(crate) mod panel;
pub(crate) mod profile;
pub(crate) mod raw;
pub(crate) mod sandbox;
pub(crate) mod spec;
pub(crate) mod target;
pub(crate) mod update;
pub(crate) mod webhook;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::arguments::completions::CompletionsArguments;
use crate::arguments::config::ConfigCommand;
use crate::arguments::doctor::DoctorArguments;
use crate::arguments::integration::IntegrationCommand;
use crate::arguments::man::ManArguments;
use crate::arguments::panel::{ConversationCommand, MessageCommand};
use crate::arguments::profile::ProfileCommand;
use crate::arguments::raw::RawArguments;
use crate::arguments::sandbox::SandboxArguments;
use crate::arguments::spec::SpecArguments;
use crate::arguments::webhook::WebhookCommand;
use crate::environment;
use crate::failure::Exit;

/// Connect Jelou projects to your own system
#[derive(Debug, Parser)]
#[command(name = "jelou", version, after_help = overview())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Integrations: the connection of a project with the External Support Panel
    #[command(subcommand)]
    Integration(IntegrationCommand),
    /// Conversations between users and the panel
    #[command(subcommand)]
    Conversation(ConversationCommand),
    /// Messages to users
    #[command(subcommand)]
    Message(MessageCommand),
    /// Events: receive, verify, sign and send them, without Jelou
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Send any request, with the same credentials, retries and limits
    Raw(Box<RawArguments>),
    /// Profiles: named servers and credentials
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// Settings: the values in effect and where each comes from
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check everything between this machine and the API, and suggest fixes
    Doctor(Box<DoctorArguments>),
    /// Serve the local stand-in for the API until Ctrl-C
    Sandbox(Box<SandboxArguments>),
    /// Print the OpenAPI document that this command was built from
    Spec(SpecArguments),
    /// Print a shell completion script
    Completions(CompletionsArguments),
    /// Print or write manual pages
    Man(ManArguments),
}

/// The commands, grouped as in the help.
const GROUPS: [(&str, &[&str]); 4] = [
    (
        "Call the API",
        &["integration", "conversation", "message", "raw"],
    ),
    ("Try it without an account", &["sandbox", "webhook", "spec"]),
    ("Set it up", &["profile", "config", "doctor"]),
    ("Find your way", &["completions", "man", "help"]),
];

impl Arguments {
    /// Parses the command line of this process.
    pub(crate) fn parse_command_line() -> Result<Self, clap::Error> {
        let mut command = Self::definitions();
        let matches = command.try_get_matches_from_mut(std::env::args_os())?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }

    /// The command definitions, with grouped help.
    pub(crate) fn definitions() -> clap::Command {
        let command = Self::command();
        let styles = clap::builder::Styles::styled();
        let header = styles.get_header();
        let groups: String = GROUPS
            .iter()
            .map(|group| render_group(&command, group))
            .collect();
        command.help_template(format!(
            "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}{header}Options:{header:#}\n{{options}}{{after-help}}"
        ))
    }
}

fn render_group(command: &clap::Command, (heading, names): &(&str, &[&str])) -> String {
    let style = clap::builder::Styles::styled();
    let (header, literal) = (style.get_header(), style.get_literal());
    let lines: String = names
        .iter()
        .map(|name| {
            let about = command
                .find_subcommand(name)
                .and_then(clap::Command::get_about);
            let about = match about {
                Some(about) => about.to_string(),
                // clap adds `help` only when it builds the command, so it has no description yet.
                None => "Explain a command".to_owned(),
            };
            format!("  {literal}{name:<12}{literal:#}  {about}\n")
        })
        .collect();
    format!("{header}{heading}:{header:#}\n{lines}\n")
}

/// Notes that apply to every command.
fn overview() -> String {
    let variables = environment::VARIABLES
        .map(|(name, meaning)| format!("\n  {name:<20}  {meaning}"))
        .concat();
    let exits = Exit::ALL
        .map(|exit| format!("\n  {:>3}  {}", exit.code(), exit.meaning()))
        .concat();
    format!(
        "\
Examples:
  Try it, without an account:
    jelou integration update PROJECT_ID \\
      --webhook-url https://my-system.com/webhook/jelou-v2 --sandbox

  See what would be sent, then send it:
    jelou integration update PROJECT_ID --auth-type no_auth --dry-run
    JELOU_API_KEY=... jelou integration update PROJECT_ID --auth-type no_auth

  Change many at once:
    jelou integration apply updates.csv

  Save where the credentials of a customer are, and check that everything works:
    jelou profile add acme --api-key-command 'pass show jelou/acme'
    jelou doctor --profile acme

  `--help` after any command shows its options, with examples.

Environment:{variables}

Exit codes:{exits}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definitions_are_consistent() {
        Arguments::definitions().debug_assert();
    }

    #[test]
    fn every_command_is_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let command = Arguments::definitions();
        let mut all: Vec<&str> = command
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        all.push("help");
        grouped.sort_unstable();
        all.sort_unstable();
        assert_eq!(grouped, all);
    }
}
