//! `jelou integration create`, `get`, `delete` and `regenerate-secret`, `jelou conversation` and `jelou message`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Arg, Args, Subcommand};
use jelou_client::types::{AssignmentType, Metadata};

use crate::arguments::confirmation::ConfirmationArguments;
use crate::arguments::dry_run::DryRunArguments;
use crate::arguments::output::OutputArguments;
use crate::arguments::target::TargetArguments;
use crate::arguments::update::AuthArguments;
use crate::secret_source::SecretSource;

#[derive(Debug, Subcommand)]
pub(crate) enum ConversationCommand {
    /// Start a conversation between a user of a bot and the panel
    #[command(after_help = START_EXAMPLES)]
    Start(Box<CallArguments<StartArguments>>),
    /// Close the conversation of a user of a bot
    #[command(after_help = CLOSE_EXAMPLES)]
    Close(Box<CallArguments<CloseArguments>>),
    /// Show a conversation
    #[command(after_help = CONVERSATION_EXAMPLES, mut_arg("yes", hide))]
    Get(Box<CallArguments<ConversationArguments>>),
}

#[derive(Debug, Subcommand)]
pub(crate) enum MessageCommand {
    /// Send text or a file to the user of a conversation
    #[command(after_help = SEND_EXAMPLES)]
    Send(Box<CallArguments<SendArguments>>),
}

/// What every call has, and its own arguments.
#[derive(Debug, Args)]
pub(crate) struct CallArguments<T: Args> {
    /// The Jelou project
    pub(crate) project_id: String,

    #[command(flatten)]
    pub(crate) own: T,

    #[command(flatten)]
    pub(crate) common: CommonArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CommonArguments {
    #[command(flatten)]
    pub(crate) target: TargetArguments,

    #[command(flatten)]
    pub(crate) dry_run: DryRunArguments,

    #[command(flatten)]
    pub(crate) confirmation: ConfirmationArguments,

    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Hides an argument that every call takes, from the help of one where it has no effect.
pub(crate) fn hide(argument: Arg) -> Arg {
    argument.hide(true)
}

/// A call that needs nothing but the project.
#[derive(Debug, Args)]
pub(crate) struct NoArguments {}

#[derive(Debug, Args)]
#[command(next_help_heading = "Webhook")]
pub(crate) struct CreateArguments {
    /// Deliver events to this public HTTPS address
    #[arg(long, value_name = "URL")]
    pub(crate) webhook_url: String,

    #[command(flatten)]
    pub(crate) auth: AuthArguments,

    #[command(flatten)]
    pub(crate) secret: NewSecretArguments,
}

/// Where a new signing secret goes. It is shown once, so one of the two must be given.
#[derive(Debug, Args)]
#[group(required = true)]
#[command(next_help_heading = "New signing secret")]
pub(crate) struct NewSecretArguments {
    /// Write the signing secret to this file, which only you can read; it is opened before anything is sent
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,

    /// Print the signing secret with the result
    #[arg(long, conflicts_with = "secret_file")]
    pub(crate) show_secret: bool,
}

/// Where the signing secret is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing secret [env: JELOU_SIGNING_SECRET]")]
pub(crate) struct SecretArguments {
    /// Environment variable with the signing secret
    #[arg(long, value_name = "VARIABLE", conflicts_with = "secret_file")]
    pub(crate) secret_env: Option<String>,

    /// File with the signing secret, readable only by you
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
}

impl SecretArguments {
    /// The source of the signing secret, and the argument that names it.
    pub(crate) fn source(&self) -> Option<(SecretSource, &'static str)> {
        if let Some(path) = &self.secret_file {
            return Some((SecretSource::File(path.clone()), "`--secret-file`"));
        }
        let name = self.secret_env.clone()?;
        Some((SecretSource::Environment(name), "`--secret-env`"))
    }
}

/// Who takes part in a conversation.
#[derive(Debug, Args)]
pub(crate) struct Participants {
    /// The bot
    #[arg(long, value_name = "BOT_ID")]
    pub(crate) bot: String,

    /// The user
    #[arg(long, value_name = "USER_ID")]
    pub(crate) user: String,
}

#[derive(Debug, Args)]
pub(crate) struct StartArguments {
    #[command(flatten)]
    pub(crate) participants: Participants,

    /// Also send this text to the user
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,

    /// Who handles the conversation
    #[arg(long, value_name = "TYPE", value_parser = assignment_type_parser())]
    pub(crate) assignment_type: Option<AssignmentType>,

    /// The name of the queue, or the id of the operator or team
    #[arg(long, value_name = "TARGET", requires = "assignment_type")]
    pub(crate) assignment_target: Option<String>,

    /// Your own data about the conversation, as a JSON object
    #[arg(long, value_name = "JSON", value_parser = |text: &str| serde_json::from_str::<Metadata>(text))]
    pub(crate) metadata: Option<Metadata>,
}

/// Accepts the types of the OpenAPI document, and lists them in the help.
fn assignment_type_parser() -> impl TypedValueParser<Value = AssignmentType> {
    let types = [
        AssignmentType::Queue,
        AssignmentType::Operator,
        AssignmentType::Team,
    ];
    PossibleValuesParser::new(types.map(|name| name.to_string()))
        .try_map(|name| name.parse::<AssignmentType>())
}

#[derive(Debug, Args)]
pub(crate) struct CloseArguments {
    #[command(flatten)]
    pub(crate) participants: Participants,

    /// Also send this text to the user
    #[arg(long, value_name = "TEXT")]
    pub(crate) message: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConversationArguments {
    /// The conversation, as events name it
    pub(crate) conversation_id: String,
}

#[derive(Debug, Args)]
pub(crate) struct SendArguments {
    #[command(flatten)]
    pub(crate) participants: Participants,

    /// The room, as events name it
    #[arg(long, value_name = "ROOM_ID")]
    pub(crate) room: String,

    /// The id of the message: a new one for each message
    #[arg(long, value_name = "MESSAGE_ID")]
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) content: ContentArguments,

    #[command(flatten)]
    pub(crate) secret: SecretArguments,
}

/// What a message says: a text, or a file that Jelou fetches over HTTPS.
#[derive(Debug, Args)]
#[command(next_help_heading = "Content")]
pub(crate) struct ContentArguments {
    /// Send text
    #[arg(long, group = "content", value_name = "TEXT")]
    pub(crate) text: Option<String>,

    /// Send the image at this address
    #[arg(long, group = "content", value_name = "URL")]
    pub(crate) image: Option<String>,

    /// Send the video at this address
    #[arg(long, group = "content", value_name = "URL")]
    pub(crate) video: Option<String>,

    /// Send the audio file at this address
    #[arg(long, group = "content", value_name = "URL")]
    pub(crate) audio: Option<String>,

    /// Send the document at this address
    #[arg(long, group = "content", value_name = "URL")]
    pub(crate) document: Option<String>,

    /// The media type of the file, for example `image/jpeg`
    #[arg(long, value_name = "TYPE", conflicts_with = "text")]
    pub(crate) mime_type: Option<String>,

    /// The text below an image or a video
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["text", "audio", "document"])]
    pub(crate) caption: Option<String>,

    /// The name of a document
    #[arg(long, value_name = "NAME", conflicts_with_all = ["text", "image", "video", "audio"])]
    pub(crate) filename: Option<String>,
}

impl ContentArguments {
    pub(crate) fn is_empty(&self) -> bool {
        let contents = [
            &self.text,
            &self.image,
            &self.video,
            &self.audio,
            &self.document,
        ];
        contents.into_iter().all(Option::is_none)
    }
}

pub(crate) const CREATE_EXAMPLES: &str = "\
Examples:
  Connect a project, and keep the signing secret, which is shown only now:
    JELOU_API_KEY=... jelou integration create PROJECT_ID \\
      --webhook-url https://my-system.com/webhook/jelou --secret-file signing-secret

A webhook on this machine is accepted if the API is on this machine too: the sandbox.";

pub(crate) const GET_EXAMPLES: &str = "\
Examples:
  Where the events of a project go:
    JELOU_API_KEY=... jelou integration get PROJECT_ID --output json | jq -r .webhookUrl";

pub(crate) const DELETE_EXAMPLES: &str = "\
Examples:
  Disconnect a project, which cannot be undone:
    JELOU_API_KEY=... jelou integration delete PROJECT_ID";

pub(crate) const REGENERATE_EXAMPLES: &str = "\
Examples:
  Replace the signing secret; the old one becomes invalid immediately:
    JELOU_API_KEY=... jelou integration regenerate-secret PROJECT_ID --secret-file signing-secret";

const START_EXAMPLES: &str = "\
Examples:
  Start a conversation with a message:
    JELOU_API_KEY=... jelou conversation start PROJECT_ID --bot BOT_ID --user USER_ID \\
      --message 'Hello, how can we help?'

  Assign it to a queue, with your own data:
    JELOU_API_KEY=... jelou conversation start PROJECT_ID --bot BOT_ID --user USER_ID \\
      --assignment-type queue --assignment-target sales --metadata '{\"ticketId\":\"T-12345\"}'";

const CLOSE_EXAMPLES: &str = "\
Examples:
  Say goodbye, and return the user to the bot:
    JELOU_API_KEY=... jelou conversation close PROJECT_ID --bot BOT_ID --user USER_ID \\
      --message 'Thank you, and goodbye'";

const CONVERSATION_EXAMPLES: &str = "\
Examples:
  Check whether a conversation is still active:
    JELOU_API_KEY=... jelou conversation get PROJECT_ID CONVERSATION_ID --output json | jq -r .state";

const SEND_EXAMPLES: &str = "\
Examples:
  Answer a user; the signing secret authenticates the message, and no API key is sent:
    jelou message send PROJECT_ID --bot BOT_ID --user USER_ID --room ROOM_ID \\
      --id answer-1 --text 'We are on it' --secret-file signing-secret

  Send an image, with the signing secret that a profile names:
    jelou message send PROJECT_ID --bot BOT_ID --user USER_ID --room ROOM_ID \\
      --id answer-2 --image https://my-system.com/plan.jpg --mime-type image/jpeg --profile acme";
