//! The server and credentials: options of every command that sends a request.

use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Target")]
pub(crate) struct TargetArguments {
    /// Use a local stand-in started just for this command; needs no credentials and ignores any that are set
    #[arg(long, conflicts_with_all = ["base_url", "profile"])]
    pub(crate) sandbox: bool,

    /// Use the base URL and the credentials of this profile [env: JELOU_PROFILE]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// Holds only the argument; [`crate::environment`] reads the variable.
    #[arg(long, value_name = "URL", help = BASE_URL_HELP, long_help = BASE_URL_HELP)]
    pub(crate) base_url: Option<String>,
}

const BASE_URL_HELP: &str = "\
Send the request to this server [env: JELOU_BASE_URL]
[default: https://gateway.jelou.ai/jelouapi]";
