//! Where requests go, and in whose name: what every command that sends one takes.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Target")]
pub(crate) struct TargetArguments {
    /// Use a local stand-in, started for this command alone; needs no credentials, and sends none that are set
    #[arg(long, conflicts_with_all = ["base_url", "profile"])]
    pub(crate) sandbox: bool,

    /// Use the base URL and the credentials of this profile [env: JELOU_PROFILE]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Where requests go; read here as an argument only, see [`crate::environment`].
    #[arg(long, value_name = "URL", help = BASE_URL_HELP, long_help = BASE_URL_HELP)]
    pub(crate) base_url: Option<String>,
}

const BASE_URL_HELP: &str = "\
Send the request to this server [env: JELOU_BASE_URL]
[default: https://gateway.jelou.ai/jelouapi]";
