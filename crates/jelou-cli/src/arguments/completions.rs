//! `jelou completions`.

use clap::Args;
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CompletionsArguments {
    /// The shell
    pub(crate) shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  bash  jelou completions bash > ~/.local/share/bash-completion/completions/jelou
  zsh   jelou completions zsh > \"${fpath[1]}/_jelou\"
  fish  jelou completions fish > ~/.config/fish/completions/jelou.fish";
