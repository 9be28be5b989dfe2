//! The calls of the panel besides updates: integrations, conversations and messages. Prints each reply as it was received, except for
//! a new signing secret.

use jelou_client::types::{RedirectPayload, RedirectType, TextMessage};
use jelou_client::{Client, Credentials, Error, Reply, Secret, WebhookUrl};
use jelou_sandbox::Options;
use serde_json::Value;

use crate::arguments::panel::{
    CallArguments, CloseArguments, ConversationArguments, CreateArguments, DeleteArguments,
    GetArguments, NewSecretArguments, RegenerateArguments, SendArguments, StartArguments,
};
use crate::failure::{Exit, Failure, Outcome};
use crate::origin::{CredentialsOrigin, Origin};
use crate::redaction::Redaction;
use crate::settings::Settings;
use crate::target::{Destination, Target};
use crate::{confirmation, diagnosis, output, private_file, runtime, target};

/// What an interruption leaves behind.
const UNKNOWN: &str = "the request may have been applied all the same";

const SIGNING_SECRET: &str = "signingSecret";

pub(crate) fn create(arguments: CreateArguments) -> Outcome {
    let source = arguments.changes.authorization();
    let authorization = source
        .map(|(source, argument)| source.read(argument))
        .transpose()?;
    let url = arguments.changes.webhook_url.ok_or_else(|| {
        Failure::usage(
            "a new integration needs the URL of its webhook",
            "give `--webhook-url`",
        )
    })?;
    let auth_type = arguments.changes.auth_type;
    let project = arguments.project_id;
    let question = format!("Connect `{project}` with a webhook");
    let call = Call::new(arguments.call, Options::default(), Some(question));
    call.run_with_secret(&arguments.secret, async |target| {
        let url = parse_webhook_url(&url, &target.client)?;
        let mut create = target.client.integrations().create(&project, url);
        if let Some(auth_type) = auth_type {
            create = create.auth_type(auth_type);
        }
        if let Some(authorization) = &authorization {
            target.redaction.protect(authorization);
            create = create.authorization(authorization.clone());
        }
        let reply = answered(create.send().await, target)?;
        Ok((shown(&reply), reply.signing_secret.clone()))
    })
}

pub(crate) fn get(arguments: GetArguments) -> Outcome {
    let project = arguments.project_id;
    let call = Call::new(arguments.call, with_integration(&project), None);
    call.run(async |target| {
        let get = target.client.integrations().get(&project);
        Ok(shown(&answered(get.send().await, target)?))
    })
}

pub(crate) fn delete(arguments: DeleteArguments) -> Outcome {
    let project = arguments.project_id;
    let question = format!("Delete the integration of `{project}`, which cannot be undone,");
    let call = Call::new(arguments.call, with_integration(&project), Some(question));
    call.run(async |target| {
        let delete = target.client.integrations().delete(&project);
        Ok(shown(&answered(delete.send().await, target)?))
    })
}

pub(crate) fn regenerate_secret(arguments: RegenerateArguments) -> Outcome {
    let project = arguments.project_id;
    let question = format!("Replace the signing secret of `{project}`, which ends at once,");
    let call = Call::new(arguments.call, with_integration(&project), Some(question));
    call.run_with_secret(&arguments.secret, async |target| {
        let regenerate = target.client.integrations().regenerate_secret(&project);
        let reply = answered(regenerate.send().await, target)?;
        Ok((shown(&reply), reply.signing_secret.clone()))
    })
}

pub(crate) fn start(arguments: StartArguments) -> Outcome {
    let (project, who) = (arguments.project_id, arguments.participants);
    let question = format!(
        "Start a conversation of `{project}` with the user `{}`",
        who.user
    );
    let call = Call::new(arguments.call, with_integration(&project), Some(question));
    call.run(async |target| {
        let conversations = target.client.conversations();
        let mut start = conversations.start(&project, who.bot, who.user);
        if let Some(message) = arguments.message {
            start = start.initial_message(message);
        }
        Ok(shown(&answered(start.send().await, target)?))
    })
}

pub(crate) fn close(arguments: CloseArguments) -> Outcome {
    let (project, who) = (arguments.project_id, arguments.participants);
    let question = format!(
        "Close the conversation of `{project}` with the user `{}`",
        who.user
    );
    let call = Call::new(arguments.call, with_integration(&project), Some(question));
    call.run(async |target| {
        let conversations = target.client.conversations();
        let mut close = conversations.close(&project, who.bot, who.user);
        if let Some(message) = arguments.message {
            close = close.redirect_payload(RedirectPayload {
                type_: RedirectType::Text,
                text: Some(message),
                extra: Default::default(),
            });
        }
        Ok(shown(&answered(close.send().await, target)?))
    })
}

pub(crate) fn get_conversation(arguments: ConversationArguments) -> Outcome {
    let (project, id) = (arguments.project_id, arguments.conversation_id);
    let call = Call::new(arguments.call, with_integration(&project), None);
    call.run(async |target| {
        let get = target.client.conversations().get(&project, &id);
        Ok(shown(&answered(get.send().await, target)?))
    })
}

pub(crate) fn send(arguments: SendArguments) -> Outcome {
    let (source, named_by) = arguments.secret.source();
    let secret = source.read(named_by)?;
    let (project, who) = (arguments.project_id, arguments.participants);
    let question = format!("Send a message to the user `{}`", who.user);
    let mut call = Call::new(arguments.call, with_integration(&project), Some(question));
    call.signing_secret = Some(secret);
    call.run(async |target| {
        let text = TextMessage::new(arguments.id, arguments.text);
        let messages = target.client.messages();
        let send = messages.send(who.bot, project, arguments.room, who.user, text);
        Ok(shown(&answered(send.send().await, target)?))
    })
}

/// A call that is about to be made.
struct Call {
    arguments: CallArguments,
    /// The sandbox of `--sandbox`.
    options: Options,
    /// What is asked before it is made, without the name of the server.
    question: Option<String>,
    /// Instead of the credentials of the settings.
    signing_secret: Option<Secret>,
}

impl Call {
    fn new(arguments: CallArguments, options: Options, question: Option<String>) -> Self {
        Self {
            arguments,
            options,
            question,
            signing_secret: None,
        }
    }

    /// Asks, makes the call and prints what it returns.
    fn run(self, call: impl AsyncFnOnce(&mut Target) -> Result<Value, Failure>) -> Outcome {
        let format = self.arguments.output.output;
        let destination = match &self.signing_secret {
            None => Destination::of(&self.arguments.target)?,
            Some(secret) => signed(&self.arguments, secret)?,
        };
        if let Some(question) = &self.question {
            let question = format!("{question} at {}?", destination.name());
            let is_confirmed = self.arguments.confirmation.yes;
            confirmation::confirm(&question, destination.is_sandbox(), is_confirmed)?;
        }
        let options = self.options;
        let value = runtime::run(UNKNOWN, async {
            let mut target = destination.open(options).await?;
            let value = call(&mut target).await?;
            Ok(hidden(&value, &target.redaction))
        })?;
        output::print(&value, text, format)?;
        Ok(Exit::Done)
    }

    /// The same for a call that returns a new signing secret. What it is written to is opened before anything is sent.
    fn run_with_secret(
        self,
        place: &NewSecretArguments,
        call: impl AsyncFnOnce(&mut Target) -> Result<(Value, Option<Secret>), Failure>,
    ) -> Outcome {
        let file = place.secret_file.as_deref();
        let mut file = file.map(private_file::create).transpose()?;
        let shows = place.show_secret;
        self.run(async |target| {
            let (mut value, secret) = call(target).await?;
            let Some(secret) = secret else {
                output::print_warning(
                    "the reply has no signing secret; `regenerate-secret` makes a new one",
                );
                return Ok(value);
            };
            if let Some(file) = &mut file {
                file.write(&secret)?;
            }
            if !shows {
                target.redaction.protect(&secret);
                if let Value::Object(members) = &mut value {
                    members.remove(SIGNING_SECRET);
                }
            }
            Ok(value)
        })
    }
}

/// The server of the settings, with the signing secret in place of their credentials.
fn signed(arguments: &CallArguments, secret: &Secret) -> Result<Destination, Failure> {
    if arguments.target.sandbox {
        return Err(Failure::usage(
            "a sandbox that starts with this command does not know the signing secret",
            "start one with `jelou sandbox`, create an integration there, and name it with `--base-url`",
        ));
    }
    let settings = Settings::resolve(&arguments.target)?;
    let origin = Origin {
        base_url: settings.base_url_origin,
        credentials: CredentialsOrigin::SigningSecret,
    };
    let credentials = Credentials::signing_secret(secret.clone());
    Ok(Destination::Server(Box::new(Target::new(
        target::build(credentials.clone(), settings.base_url, &origin)?,
        origin,
        Redaction::of(&credentials),
    ))))
}

fn with_integration(project: &str) -> Options {
    Options::default().integration(project)
}

/// A webhook on this machine is accepted by an API on this machine only.
fn parse_webhook_url(text: &str, client: &Client) -> Result<WebhookUrl, Failure> {
    let is_local = url::Url::parse(client.base_url()).is_ok_and(|url| match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    });
    let parsed = match is_local {
        true => WebhookUrl::for_development(text),
        false => WebhookUrl::try_from(text),
    };
    parsed.map_err(|error| {
        Failure::usage(
            format!("the webhook URL cannot be used: {error}"),
            "give `--webhook-url` a public address, such as `https://my-system.com/webhook/jelou`",
        )
    })
}

fn answered<T>(result: Result<Reply<T>, Error>, target: &Target) -> Result<Reply<T>, Failure> {
    result.map_err(|error| {
        let base_url = target.client.base_url();
        diagnosis::diagnose_call(&error, &target.origin, base_url).redacted(&target.redaction)
    })
}

/// The value in a reply: without its envelope, if it has one.
fn shown<T>(reply: &Reply<T>) -> Value {
    let whole: Value = serde_json::from_str(reply.raw_json()).unwrap_or_default();
    match whole.get("data") {
        Some(data) => data.clone(),
        None => whole,
    }
}

/// The value without secrets that the server echoes.
fn hidden(value: &Value, redaction: &Redaction) -> Value {
    let text = redaction.hide_in(&value.to_string());
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

/// The members of an object, one on a line.
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
