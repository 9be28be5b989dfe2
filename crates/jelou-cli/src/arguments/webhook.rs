//! `jelou webhook`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::arguments::panel::{ContentArguments, Participants, SecretArguments};

#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// Receive events on this machine, and print those that are signed
    Listen(Box<ListenArguments>),
    /// Check the signature of a body
    Verify(Box<VerifyArguments>),
    /// Print the signature of a body
    Sign(Box<SignArguments>),
    /// Send a signed event to a webhook, without Jelou
    Trigger(Box<TriggerArguments>),
    /// Send the events of a file to a webhook again
    Replay(Box<ReplayArguments>),
}

/// Where the signing secret is, or a profile that says so.
#[derive(Debug, Args)]
pub(crate) struct SigningArguments {
    #[command(flatten)]
    pub(crate) secret: SecretArguments,

    /// Use the signing secret of this profile [env: JELOU_PROFILE]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = LISTEN_EXAMPLES)]
pub(crate) struct ListenArguments {
    /// Listen on this port of 127.0.0.1; 0 picks a free one
    #[arg(long, value_name = "PORT", default_value_t = 4020)]
    pub(crate) port: u16,

    /// Append each event to this file, as a line of JSON, for `replay`
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// Stop after this number of events
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) count: Option<u64>,

    /// How events are printed
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) output: EventFormat,

    #[command(flatten)]
    pub(crate) secret: SigningArguments,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum EventFormat {
    /// For people: the time, the event, and what a user wrote
    #[default]
    Text,
    /// For programs: the JSON as it was received, in one line
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = VERIFY_EXAMPLES)]
pub(crate) struct VerifyArguments {
    /// File with exactly the bytes of the body; `-` for standard input
    pub(crate) body: String,

    /// The value of the header `X-Jelou-Signature`
    #[arg(long, value_name = "VALUE")]
    pub(crate) signature: String,

    #[command(flatten)]
    pub(crate) secret: SigningArguments,
}

#[derive(Debug, Args)]
#[command(after_help = SIGN_EXAMPLES)]
pub(crate) struct SignArguments {
    /// File with exactly the bytes of the body; `-` for standard input
    pub(crate) body: String,

    #[command(flatten)]
    pub(crate) secret: SigningArguments,
}

#[derive(Debug, Args)]
#[command(after_help = TRIGGER_EXAMPLES)]
pub(crate) struct TriggerArguments {
    /// The event
    pub(crate) event: EventKind,

    /// The webhook
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,

    /// The Jelou project
    #[arg(long, value_name = "PROJECT_ID", default_value = "PROJECT_ID")]
    pub(crate) project: String,

    #[command(flatten)]
    pub(crate) participants: Participants,

    #[command(flatten)]
    pub(crate) content: ContentArguments,

    #[command(flatten)]
    pub(crate) secret: SigningArguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum EventKind {
    /// A user sent a message
    Message,
    /// A conversation started
    ConversationStart,
    /// A conversation ended
    ConversationClose,
}

#[derive(Debug, Args)]
#[command(after_help = REPLAY_EXAMPLES)]
pub(crate) struct ReplayArguments {
    /// A file that `listen --file` wrote
    pub(crate) file: PathBuf,

    /// The webhook
    #[arg(long, value_name = "URL")]
    pub(crate) to: String,

    #[command(flatten)]
    pub(crate) secret: SigningArguments,
}

const LISTEN_EXAMPLES: &str = "\
Examples:
  Print each event, and keep them:
    jelou webhook listen --secret-file signing-secret --file events.jsonl

  Take the signing secret from where a profile says it is:
    jelou webhook listen --profile acme

  In a script: the first line of standard error has the URL
    jelou webhook listen --port 0 --count 1 --output json --secret-file signing-secret

Events are received with POST, on any path. One whose signature does not match is refused with 401,
and the reason is a warning on standard error. One that cannot be stored is answered with 500, and
the command ends. The secret is read again for each event, so it may change while this runs.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  Check what a webhook received; the exit code tells, and the reason is on standard error:
    jelou webhook verify body.json --signature sha256=... --secret-file signing-secret";

const SIGN_EXAMPLES: &str = "\
Examples:
  Sign a body, and send it with another program:
    curl http://127.0.0.1:4020/ --data-binary @body.json \\
      -H \"X-Jelou-Signature: $(jelou webhook sign body.json --secret-file signing-secret)\"";

const TRIGGER_EXAMPLES: &str = "\
Examples:
  Try a webhook without Jelou:
    jelou webhook trigger message --to http://127.0.0.1:4020/ --bot BOT_ID --user USER_ID \\
      --text 'Is anybody there?' --secret-file signing-secret

A message without content says `Hello`.";

const REPLAY_EXAMPLES: &str = "\
Examples:
  Send what was received to a panel that is being developed, signed with the current secret:
    jelou webhook replay events.jsonl --to http://127.0.0.1:3000/webhook \\
      --secret-file signing-secret";
