//! All calls of the panel except updates: integrations, conversations and messages. Prints each reply as it was received, except
//! for a new signing secret.

use std::io;

use jelou_client::types::{
    Assignment, AudioMessage, DocumentMessage, ImageMessage, MediaContent, Message, MessageId,
    RedirectPayload, RedirectType, TextMessage, VideoMessage,
};
use jelou_client::{Client, Credentials, Error, Reply, Secret};
use jelou_sandbox::Options;
use serde_json::Value;

use crate::arguments::integration::IntegrationCommand;
use crate::arguments::panel::{
    CallArguments, CommonArguments, ContentArguments, ConversationCommand, MessageCommand,
    NewSecretArguments, Participants,
};
use crate::curl::SecretInBody;
use crate::failure::{Exit, Failure, Outcome};
use crate::integration::{apply, update};
use crate::origin::{CredentialsOrigin, Origin};
use crate::redaction::Redaction;
use crate::settings::{Settings, SigningSecret};
use crate::target::{Destination, Target};
use crate::{confirmation, diagnosis, dry_run, output, private_file, runtime, target};

/// The note after an interruption.
const UNKNOWN: &str = "the request may have been applied anyway";

const SIGNING_SECRET: &str = "signingSecret";

pub(crate) fn integration(command: IntegrationCommand) -> Outcome {
    match command {
        IntegrationCommand::Update(it) => update::run(*it),
        IntegrationCommand::Apply(it) => apply::run(*it),
        IntegrationCommand::Create(it) => {
            let (project, own) = (it.project_id, it.own);
            let (url, auth_type) = (own.webhook_url, own.auth.auth_type);
            let source = own.auth.authorization();
            let authorization = source
                .map(|(source, argument)| Ok((source.read(argument)?, source)))
                .transpose()?;
            let secret = authorization.as_ref().map(|(secret, _)| secret.clone());
            let call = Call {
                sandbox: Options::default(),
                question: Some(format!("Connect `{project}` with a webhook")),
                authorization,
                new_secret: Some(own.secret),
                ..Call::of(it.common, &project)
            };
            call.run(|client| {
                let is_local = || target::is_local(client.base_url());
                let url =
                    target::parse_webhook_url(&url, is_local).map_err(update::unusable_url)?;
                let create = client.integrations().create(&project, url);
                let create = with(create, auth_type, |it, kind| it.auth_type(kind));
                Ok(with(create, secret, |it, secret| it.authorization(secret)))
            })
        }
        IntegrationCommand::Get(it) => Call::of(it.common, &it.project_id)
            .run(|client| Ok(client.integrations().get(&it.project_id))),
        IntegrationCommand::Delete(it) => {
            let project = &it.project_id;
            let question =
                format!("Delete the integration of `{project}`, which cannot be undone,");
            let call = Call {
                question: Some(question),
                ..Call::of(it.common, project)
            };
            call.run(|client| Ok(client.integrations().delete(project)))
        }
        IntegrationCommand::RegenerateSecret(it) => {
            let project = &it.project_id;
            let question = format!(
                "Replace the signing secret of `{project}`, which becomes invalid immediately,"
            );
            let call = Call {
                question: Some(question),
                new_secret: Some(it.own),
                ..Call::of(it.common, project)
            };
            call.run(|client| Ok(client.integrations().regenerate_secret(project)))
        }
    }
}

pub(crate) fn conversation(command: ConversationCommand) -> Outcome {
    match command {
        ConversationCommand::Start(it) => {
            let (call, project) = with_user(
                "Start a conversation",
                it.common,
                it.project_id,
                &it.own.participants,
            );
            let own = it.own;
            let assignment = Assignment {
                type_: own.assignment_type,
                target: own.assignment_target,
            };
            let assignment = (assignment != Assignment::default()).then_some(assignment);
            call.run(|client| {
                let Participants { bot, user } = own.participants;
                let start = client.conversations().start(&project, bot, user);
                let start = with(start, own.message, |it, text| it.initial_message(text));
                let start = with(start, assignment, |it, assignment| {
                    it.assignment(assignment)
                });
                Ok(with(start, own.metadata, |it, data| it.metadata(data)))
            })
        }
        ConversationCommand::Close(it) => {
            let (call, project) = with_user(
                "Close the conversation",
                it.common,
                it.project_id,
                &it.own.participants,
            );
            let own = it.own;
            call.run(|client| {
                let Participants { bot, user } = own.participants;
                let close = client.conversations().close(&project, bot, user);
                let payload = own.message.map(|text| RedirectPayload {
                    type_: RedirectType::Text,
                    text: Some(text),
                    extra: Default::default(),
                });
                Ok(with(close, payload, |it, payload| {
                    it.redirect_payload(payload)
                }))
            })
        }
        ConversationCommand::Get(it) => Call::of(it.common, &it.project_id).run(|client| {
            let conversations = client.conversations();
            Ok(conversations.get(&it.project_id, &it.own.conversation_id))
        }),
    }
}

pub(crate) fn message(command: MessageCommand) -> Outcome {
    let MessageCommand::Send(it) = command;
    let CallArguments {
        project_id: project,
        own,
        common,
    } = *it;
    let who = own.participants;
    let message = compose(own.id, own.content)?;
    let call = Call {
        question: Some(format!("Send a message to the user `{}`", who.user)),
        signing: Some(SigningSecret::find(
            &own.secret,
            common.target.profile.as_deref(),
        )?),
        ..Call::of(common, &project)
    };
    call.run(|client| {
        let messages = client.messages();
        Ok(messages.send(who.bot, project.as_str(), own.room, who.user, message))
    })
}

/// Prepares a call about a user; also returns the project.
fn with_user(
    what: &str,
    common: CommonArguments,
    project: String,
    who: &Participants,
) -> (Call, String) {
    let call = Call {
        question: Some(format!(
            "{what} of `{project}` with the user `{}`",
            who.user
        )),
        ..Call::of(common, &project)
    };
    (call, project)
}

/// The message with the content that was given; clap refuses two of them.
pub(crate) fn compose(id: String, content: ContentArguments) -> Result<Message, Failure> {
    let id = MessageId::from(id);
    let (mime_type, caption, filename) = (content.mime_type, content.caption, content.filename);
    let file = |url: String| {
        if !url.starts_with("https://") {
            // Without the URL, which may contain a password or a signature.
            return Err(Failure::usage(
                "the URL of the file does not begin with `https://`",
                "give a URL that Jelou can read over HTTPS",
            ));
        }
        let mime_type = mime_type.ok_or_else(|| {
            Failure::usage(
                "the media type of the file is missing",
                "give `--mime-type`, for example `image/jpeg`",
            )
        })?;
        Ok(MediaContent {
            url,
            mime_type,
            caption,
            filename,
        })
    };
    macro_rules! message {
        ($kind:ident, $url:expr) => {
            $kind {
                id,
                type_: Default::default(),
                content: file($url)?,
            }
            .into()
        };
    }
    let media = (
        content.image,
        content.video,
        content.audio,
        content.document,
    );
    Ok(match (content.text, media) {
        (Some(text), _) => TextMessage::new(id, text).into(),
        (_, (Some(url), ..)) => message!(ImageMessage, url),
        (_, (_, Some(url), ..)) => message!(VideoMessage, url),
        (_, (_, _, Some(url), _)) => message!(AudioMessage, url),
        (_, (_, _, _, Some(url))) => message!(DocumentMessage, url),
        _ => {
            return Err(Failure::usage(
                "the message has no content",
                "give `--text`, `--image`, `--video`, `--audio` or `--document`",
            ));
        }
    })
}

/// Adds an argument that was given.
fn with<C, V>(call: C, value: Option<V>, add: impl FnOnce(C, V) -> C) -> C {
    match value {
        Some(value) => add(call, value),
        None => call,
    }
}

/// A call that is about to be made.
struct Call {
    common: CommonArguments,
    /// The sandbox of `--sandbox`.
    sandbox: Options,
    /// The question to confirm before the call, without the name of the server.
    question: Option<String>,
    /// Signs the call instead of using the configured credentials. The inner `None` means that no secret was found.
    signing: Option<Option<SigningSecret>>,
    /// The secret in the body, and where it came from.
    authorization: Option<SecretInBody>,
    /// Where the new signing secret in the reply goes.
    new_secret: Option<NewSecretArguments>,
}

impl Call {
    fn of(common: CommonArguments, project_id: &str) -> Self {
        Self {
            common,
            sandbox: Options::default().integration(project_id),
            question: None,
            signing: None,
            authorization: None,
            new_secret: None,
        }
    }

    /// Asks for confirmation, makes the call and prints the reply; with `--dry-run`, prints the request instead.
    fn run<T, C>(self, call: impl FnOnce(&Client) -> Result<C, Failure>) -> Outcome
    where
        C: IntoFuture<Output = Result<Reply<T>, Error>>,
    {
        let format = self.common.output.output;
        if self.common.dry_run.dry_run {
            let settings = Settings::resolve(&self.common.target)?;
            let preview = dry_run::preview(settings, self.signing, self.authorization, call)?;
            return dry_run::print(&preview, format);
        }
        let destination = match self.signing {
            None => Destination::of(&self.common.target)?,
            Some(signing) => signed(&self.common, signing)?,
        };
        if let Some(question) = &self.question {
            let question = format!("{question} at {}?", destination.name());
            let is_confirmed = self.common.confirmation.yes;
            confirmation::confirm(&question, destination.is_sandbox(), is_confirmed)?;
        }
        let file = self
            .new_secret
            .as_ref()
            .and_then(|it| it.secret_file.as_deref());
        // Open the file before anything is sent.
        let mut file = file.map(private_file::create).transpose()?;
        let value = runtime::run(UNKNOWN, async {
            let mut target = destination.open(self.sandbox).await?;
            if let Some((secret, _)) = &self.authorization {
                target.redaction.protect(secret);
            }
            let reply = call(&target.client)?.await.map_err(|error| {
                let base_url = target.client.base_url();
                diagnosis::diagnose_call(&error, &target.origin, base_url)
                    .redacted(&target.redaction)
            })?;
            let mut value = shown(&reply);
            if let Some(place) = &self.new_secret {
                let secret = value[SIGNING_SECRET].as_str().map(Secret::from);
                let Some(secret) = secret else {
                    output::print_warning(
                        "the reply has no signing secret; `regenerate-secret` makes a new one",
                    );
                    return Ok(hidden(&value, &target.redaction));
                };
                if let Some(file) = &mut file {
                    file.write(&secret).map_err(|error| lost(&error))?;
                }
                if !place.show_secret {
                    target.redaction.protect(&secret);
                    if let Value::Object(members) = &mut value {
                        members.remove(SIGNING_SECRET);
                    }
                }
            }
            Ok(hidden(&value, &target.redaction))
        })?;
        if !self.new_secret.is_some_and(|it| it.show_secret) {
            output::print(&value, text, format)?;
            return Ok(Exit::Done);
        }
        let printed = output::print_once(&value, text, format);
        printed.map_err(|error| lost(&error)).map(|()| Exit::Done)
    }
}

/// The failure if a new signing secret was not kept, which the server shows only once.
fn lost(error: &io::Error) -> Failure {
    Failure::new(
        Exit::Failed,
        "the integration has a new signing secret, but it could not be written",
        "check where it goes, then make another one with `jelou integration regenerate-secret`",
    )
    .caused_by(Some(error))
}

/// The server of the settings, with the signing secret in place of their credentials.
fn signed(
    common: &CommonArguments,
    signing: Option<SigningSecret>,
) -> Result<Destination, Failure> {
    if common.target.sandbox {
        return Err(Failure::usage(
            "a sandbox that starts with this command does not know the signing secret",
            "start one with `jelou sandbox`, create an integration there, and name it with `--base-url`",
        ));
    }
    let secret = SigningSecret::read(signing)?;
    let settings = Settings::resolve(&common.target)?;
    let origin = Origin {
        base_url: settings.base_url_origin,
        credentials: CredentialsOrigin::SigningSecret,
    };
    let credentials = Credentials::signing_secret(secret);
    Ok(Destination::Server(Box::new(Target::new(
        target::build(credentials.clone(), settings.base_url, &origin)?,
        origin,
        Redaction::of(&credentials),
    ))))
}

/// The value of a reply, without its envelope.
fn shown<T>(reply: &Reply<T>) -> Value {
    let mut whole: Value = serde_json::from_str(reply.raw_json()).unwrap_or_default();
    match whole.get_mut("data") {
        Some(data) => data.take(),
        None => whole,
    }
}

/// The value without secrets that the server echoes.
fn hidden(value: &Value, redaction: &Redaction) -> Value {
    let text = redaction.hide_in(&value.to_string());
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// The members of an object, one per line.
fn text(value: &Value) -> String {
    let Value::Object(members) = value else {
        return match value {
            Value::Null => String::new(),
            other => format!("{other}\n"),
        };
    };
    let rows: Vec<Vec<String>> = members
        .iter()
        .map(|(name, value)| match value {
            Value::String(text) => vec![name.clone(), text.clone()],
            other => vec![name.clone(), other.to_string()],
        })
        .collect();
    output::table(&rows)
}
