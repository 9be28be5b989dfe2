//! `jelou sandbox`.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use jelou_sandbox::{CorsOrigin, DeliveryFault, Fault};

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SandboxArguments {
    #[command(flatten)]
    pub(crate) address: AddressArguments,

    #[command(flatten)]
    pub(crate) content: ContentArguments,

    #[command(flatten)]
    pub(crate) behaviour: BehaviourArguments,

    #[command(flatten)]
    pub(crate) faults: FaultArguments,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Address")]
pub(crate) struct AddressArguments {
    /// Listen on this port; 0 picks a free one
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    pub(crate) port: u16,

    /// Listen on this address; other machines can connect unless it is a loopback address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1", value_parser = parse_host)]
    pub(crate) host: IpAddr,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Content")]
pub(crate) struct ContentArguments {
    /// Serve this OpenAPI document instead of Jelou's
    #[arg(long, value_name = "FILE")]
    pub(crate) spec: Option<PathBuf>,

    /// Start with the integrations in this YAML or JSON file instead of the one of PROJECT_ID
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,

    /// Start without any integrations
    #[arg(long, conflicts_with = "seed")]
    pub(crate) empty: bool,

    /// Give every project an integration, created on first use
    #[arg(long, conflicts_with = "empty")]
    pub(crate) every_project: bool,

    /// Load the integrations and conversations from this file and save them to it
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Behaviour")]
pub(crate) struct BehaviourArguments {
    /// The shape of replies
    #[arg(long, value_name = "SHAPE", value_enum, default_value_t)]
    pub(crate) reply: Reply,

    /// Credentials required in a request
    #[arg(long, value_name = "KIND", value_enum, default_value_t)]
    pub(crate) auth: Auth,

    /// Accept only this API key; use a made-up one, since every user of the machine can see arguments
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) api_key: Option<String>,

    /// Accept only this client; use a made-up one here too
    #[arg(long, value_name = "ID:SECRET", value_parser = parse_client)]
    pub(crate) client: Option<(String, String)>,

    /// Pass each request to the server at this URL, and report what does not fit the document in requests and responses. Ctrl-C
    /// prints what it saw of each operation, and which decisions of `jelou spec --reconciliation` it supports and contradicts
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,

    /// Allow cross-origin requests from this origin, such as `https://app.example`: `loopback` for pages on this machine,
    /// `any` for every page. Repeatable; replaces the default
    #[arg(long, value_name = "ORIGIN", default_value = "loopback")]
    pub(crate) cors: Vec<CorsOrigin>,

    /// Refuse a document with flaws, and `readOnly` properties in requests
    #[arg(long)]
    pub(crate) strict: bool,

    /// Send no CORS headers
    #[arg(long, conflicts_with = "cors")]
    pub(crate) no_cors: bool,

    /// Number of requests to keep for inspection
    #[arg(long, value_name = "NUMBER", default_value_t = 10_000)]
    pub(crate) keep_requests: usize,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Faults")]
pub(crate) struct FaultArguments {
    /// Inject this fault, such as 'status=503 retry-after=2 probability=0.1'; repeatable, the first that applies wins
    #[arg(long, value_name = "FAULT")]
    pub(crate) fault: Vec<Fault>,

    /// Inject the faults listed in this YAML or JSON file
    #[arg(long, value_name = "FILE", conflicts_with = "fault")]
    pub(crate) scenario: Option<PathBuf>,

    /// Seed for random faults: the same requests get the same faults
    #[arg(long, value_name = "NUMBER")]
    pub(crate) fault_seed: Option<u64>,

    /// Disturb the delivery of events: `late`, `twice`, `out-of-order`, `bad-signature`, `unknown-event` or `unknown-type`
    #[arg(long, value_name = "FAULT")]
    pub(crate) delivery_fault: Option<DeliveryFault>,

    /// Deliver an event up to this many times, until the webhook answers with a 2XX
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) delivery_attempts: u32,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Reply {
    /// The integration itself
    #[default]
    Flat,
    /// The integration in an envelope with the outcome
    Enveloped,
    /// The two in turn
    Alternate,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Auth {
    /// An API key
    ApiKey,
    /// A client id and its secret
    Basic,
    /// Either of the two
    #[default]
    Either,
    /// None
    None,
}

const EXAMPLES: &str = "\
Examples:
  Start it, and use it from another terminal:
    jelou sandbox
    JELOU_API_KEY=any JELOU_BASE_URL=http://127.0.0.1:4010/jelouapi \\
      jelou integration update PROJECT_ID --auth-type no_auth

  In a script: the first line of standard output is the base URL
    jelou sandbox --port 0 > base-url &

  Keep changes across restarts, and accept a single key:
    jelou sandbox --state sandbox.state --api-key SANDBOX_KEY

  Try a file with the rows of all customers, and send nothing to Jelou:
    jelou sandbox --every-project
    JELOU_API_KEY=any JELOU_BASE_URL=http://127.0.0.1:4010/jelouapi \\
      jelou integration apply customers.csv

  See which half of a contradictory page is true: the key goes to this server only
    jelou sandbox --proxy https://gateway.jelou.ai

  See how a program copes with failures:
    jelou sandbox --fault 'latency=50ms..2s' --fault 'reset=middle probability=0.2'

  See how a webhook copes with events that arrive twice:
    jelou sandbox --delivery-fault twice

It is stateful and validates every request against the document; it does not model Jelou's timing or
permissions. Ctrl-C ends it, with exit code 0.";

fn parse_host(text: &str) -> Result<IpAddr, std::net::AddrParseError> {
    match text {
        "localhost" => Ok(Ipv4Addr::LOCALHOST.into()),
        text => text.parse(),
    }
}

fn parse_client(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() => {
            Ok((id.to_owned(), secret.to_owned()))
        }
        _ => Err("it must be an id, a colon, and a secret"),
    }
}
