//! `spec-first mock`: a server that answers as a document says.

mod watching;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, value_parser};
use spec_first_sandbox::{
    Fault, Options, Resources, Sandbox, StartError, State, Stateless, WebhookUrl,
};

use crate::configuration::closest;
use crate::documents::Tree;
use crate::sources::Source;
use crate::terminal::tell;
use crate::{Error, Project};

/// The most names of examples that a hint lists.
const LISTED: usize = 5;

/// What is served, and where.
#[derive(Args)]
pub(crate) struct MockArguments {
    /// Document to serve; `-` reads standard input [default: the one of the project]
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Listen on this port; 0 picks a free one
    #[arg(long, value_name = "PORT", default_value_t = 4010)]
    port: u16,
    /// Listen on this address; other machines can connect unless it is a loopback address
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Refuse a document with flaws, and `readOnly` properties in requests
    #[arg(long)]
    strict: bool,
    /// Answer every request from the document alone; without this, what requests create, change and delete is kept in memory
    #[arg(long)]
    stateless: bool,
    /// Choose other generated values; the same seed gives the same ones
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// Answer with the example of this name where there is one; repeatable, each reply uses the next one
    #[arg(long, value_name = "NAME")]
    example: Vec<String>,
    /// Accept only this API key or bearer token, and reject others as the document says; repeatable. Other users of this machine
    /// can see it, so do not use a real one
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    api_key: Vec<String>,
    /// Accept only this user name and password (HTTP Basic); repeatable
    #[arg(long, value_name = "ID:SECRET", value_parser = parse_client)]
    client: Vec<(String, String)>,
    /// Send the webhooks of the document to this URL, each after the operations that it is about, and allow callbacks to its host;
    /// by default, callbacks are sent only to this machine
    #[arg(long, value_name = "URL")]
    webhook: Option<WebhookUrl>,
    /// Sign webhooks and callbacks with this secret: `sha256=` and the HMAC of the body, in the header that the document describes
    /// or in `X-Signature`; other users of this machine can see it, so do not use a real one
    #[arg(long, value_name = "SECRET", value_parser = NonEmptyStringValueParser::new())]
    webhook_secret: Option<String>,
    /// Send a webhook or callback up to this many times, until the receiver answers with a 2XX
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = value_parser!(u32).range(1..))]
    webhook_attempts: u32,
    /// Inject this fault, such as 'status=503 retry-after=2 probability=0.1'; repeatable: the first that applies to a request is used
    #[arg(long, value_name = "FAULT")]
    fault: Vec<Fault>,
    /// Pass each request to the server at this URL, and report what does not fit the document in requests and responses
    #[arg(long, value_name = "URL")]
    proxy: Option<String>,
    /// Serve the new version when a file of the document changes, and keep the state
    #[arg(long)]
    watch: bool,
}

pub(crate) const HELP: &str = "\
State: `POST /things` creates what `GET /things` lists, and `GET`, `PUT`, `PATCH` and `DELETE` of `/things/{id}` work on it. \
`x-mock-resource` in the document overrides this convention, and `x-mock-after` says after which operations a webhook is sent.

Control API, for this machine only:
  GET /_sandbox/state            show the state; PUT replaces it, DELETE empties it
  POST /_sandbox/reset           start again with the examples
  POST /_sandbox/webhooks        send a webhook: {\"name\": \"NAME\", \"url\": \"http://localhost:8080/hook\"}
  GET /_sandbox/deliveries       show the webhooks and callbacks sent, and what the receivers answered
  GET /_sandbox/traffic          with `--proxy`, show what did not fit, by operation; Ctrl-C prints it, too

With `--proxy`, callers get what the server answers, with the number of problems in the header `Sandbox-Problems`. \
The page at http://127.0.0.1:4010/ shows each request and its problems.

Exit codes: 0 stopped with Ctrl-C; 1 with `--proxy`, something did not fit the document; 2 the command failed.";

/// Serves until the process is stopped; the base URL is the only line on standard output. Returns whether everything that was
/// passed to another server fit the document.
pub(crate) fn run(arguments: MockArguments) -> Result<bool, Error> {
    // Without the thread, the first request builds it.
    _ = thread::Builder::new().spawn(spec_first_sandbox::build_schema_validator);
    let source = match &arguments.file {
        Some(path) if path.as_os_str() == "-" && arguments.watch => {
            return Err(Error::Usage {
                message: "standard input cannot be watched".to_owned(),
                hint: "name a file, or leave out `--watch`".to_owned(),
            });
        }
        Some(path) if path.as_os_str() == "-" => Source::standard_input()?,
        Some(path) => Source::file(&path.display().to_string())?,
        None => only_document(&Project::find()?)?,
    };
    let address = SocketAddr::new(arguments.host, arguments.port);
    let examples = arguments.example;
    let (document, files) = watching::read(&source);
    let document = document?;
    let mut options = Options::from_document(document)
        .address(address)
        .examples(examples.clone())
        .seed(arguments.seed)
        .webhook_attempts(arguments.webhook_attempts);
    if arguments.strict {
        options = options.strict();
    }
    for key in arguments.api_key {
        options = options.api_key(key);
    }
    for (id, secret) in arguments.client {
        options = options.client(id, secret);
    }
    if let Some(url) = arguments.webhook {
        options = options.webhook(url);
    }
    if let Some(secret) = arguments.webhook_secret {
        options = options.webhook_secret(secret);
    }
    for fault in arguments.fault {
        options = options.fault(fault);
    }
    if let Some(url) = &arguments.proxy {
        options = options.proxy(url.parse().map_err(Error::Upstream)?);
    }
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().map_err(Error::Runtime)?;
    let state: Arc<dyn State> = match arguments.stateless {
        true => Arc::new(Stateless),
        false => Arc::new(Resources::default()),
    };
    let prepared = Sandbox::prepare(options)?;
    check_names(&examples, &prepared.example_names())?;
    let sandbox = runtime.block_on(prepared.start(state))?;
    let page = format!(
        "http://{}/_sandbox/page/ shows the requests",
        sandbox.address()
    );
    match &arguments.proxy {
        Some(upstream) => tell(format_args!(
            "passing requests to {upstream} and checking them against `{}`; {page}; press Ctrl-C to stop",
            source.path()
        )),
        None => tell(format_args!(
            "serving `{}`; {page}; press Ctrl-C to stop",
            source.path()
        )),
    }
    let mut output = io::stdout().lock();
    writeln!(output, "{}", sandbox.base_url()).map_err(Error::Output)?;
    output.flush().map_err(Error::Output)?;
    thread::scope(|scope| {
        // Finding what is wrong with a large document takes longer than to begin serving it.
        scope.spawn(|| warn(&sandbox));
        runtime.block_on(async {
            if arguments.watch {
                tokio::select! {
                    never = watching::reload(&source, &sandbox, files) => match never {},
                    done = stopped() => done,
                }
            } else {
                stopped().await
            }
        })
    })
    .map_err(Error::Runtime)?;
    let traffic = sandbox.traffic();
    let report = traffic.to_string();
    if !report.is_empty() {
        tell(report.trim_end());
    }
    runtime.block_on(sandbox.shutdown());
    Ok(traffic.fits())
}

fn parse_client(text: &str) -> Result<(String, String), &'static str> {
    let pair = text.split_once(':').filter(|(id, _)| !id.is_empty());
    let pair = pair.ok_or("write `ID:SECRET`")?;
    Ok((pair.0.to_owned(), pair.1.to_owned()))
}

/// Prints what is wrong with the document that is served.
fn warn(sandbox: &Sandbox) {
    for flaw in sandbox.flaws() {
        tell(format_args!(
            "warning: {flaw}\nhint: {}",
            flaw.finding().help
        ));
    }
}

/// Waits for Ctrl-C or a signal to terminate.
async fn stopped() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};

        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            done = tokio::signal::ctrl_c() => done,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// An example that no response has is not one that any reply could look like.
fn check_names(examples: &[String], known: &BTreeSet<&str>) -> Result<(), Error> {
    let mut unknown = examples
        .iter()
        .filter(|name| !known.contains(name.as_str()));
    let Some(unknown) = unknown.next() else {
        return Ok(());
    };
    Err(Error::Usage {
        message: format!("no response has an example named `{unknown}`"),
        hint: match closest(unknown, known.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if known.is_empty() => "the document gives no example a name".to_owned(),
            None => {
                let listed: Vec<_> = known
                    .iter()
                    .take(LISTED)
                    .map(|name| format!("`{name}`"))
                    .collect();
                format!("examples have names such as {}", listed.join(", "))
            }
        },
    })
}

fn only_document(project: &Project) -> Result<Source, Error> {
    let tree = Tree::WorkingTree(project);
    let paths = project.documents(&[&tree])?.paths;
    match &paths[..] {
        [path] => tree.source(path),
        _ => Err(Error::SeveralDocuments { candidates: paths }),
    }
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        Self::Mock(Box::new(error))
    }
}
