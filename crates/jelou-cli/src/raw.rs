//! `jelou raw`: sends one request as given, and prints the response unchanged.

use std::fs;
use std::io::{self, IsTerminal, Read, Write};

use jelou_client::{Client, Error, HttpResponse, UntypedRequest};
use jelou_sandbox::Options;

use crate::arguments::raw::{RawArguments, RequestArguments};
use crate::failure::{Exit, Failure, Outcome};
use crate::redaction::Redaction;
use crate::target::Destination;
use crate::{confirmation, diagnosis, output, runtime};

/// The project that has an integration in the sandbox.
const SANDBOX_PROJECT: &str = "PROJECT_ID";

/// The methods that HTTP defines as safe.
const SAFE_METHODS: [&str; 4] = ["GET", "HEAD", "OPTIONS", "TRACE"];

pub(crate) fn run(arguments: RawArguments) -> Outcome {
    let headers = parse_headers(&arguments.request)?;
    let body = read_body(arguments.request.body.as_deref())?;
    let destination = Destination::of(&arguments.target)?;
    let (method, path) = (arguments.method.to_uppercase(), arguments.path);
    if !SAFE_METHODS.contains(&method.as_str()) {
        let question = format!("Send {method} {path} to {}?", destination.name());
        let is_confirmed = arguments.confirmation.yes;
        confirmation::confirm(&question, destination.is_sandbox(), is_confirmed)?;
    }

    let sending = async {
        let options = Options::default().integration(SANDBOX_PROJECT);
        let mut target = destination.open(options).await?;
        let request = || build(&target.client, &method, &path, &headers, body.as_deref());
        let prepared = request().prepare().map_err(|error| refused(&error))?;
        for secret in prepared.secrets() {
            target.redaction.protect(&secret);
        }
        let base_url = target.client.base_url().to_owned();
        let answer = request().send().await.map_err(|error| {
            diagnosis::diagnose_request(&error, &target.origin, &base_url)
                .redacted(&target.redaction)
        })?;
        print(&answer, &target.redaction, arguments.answer.include)?;
        match answer.status() {
            200..=299 => Ok(Exit::Done),
            status => Err(diagnosis::diagnose_status(
                status,
                &target.origin,
                &base_url,
            )),
        }
    };
    runtime::run("the request may have been applied anyway", sending)
}

fn build<'a>(
    client: &'a Client,
    method: &str,
    path: &str,
    headers: &[(String, String)],
    body: Option<&[u8]>,
) -> UntypedRequest<'a> {
    let request = client.request(method, path);
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(name, value)
    });
    match body {
        Some(body) => request.body(body),
        None => request,
    }
}

fn parse_headers(arguments: &RequestArguments) -> Result<Vec<(String, String)>, Failure> {
    let parse = |text: &String| match text.split_once(':') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err(Failure::usage(
            "the value of `--header` is not a header",
            "give a name, a colon and a value, as in `--header 'x-trace: 1'`",
        )),
    };
    arguments.headers.iter().map(parse).collect()
}

fn read_body(place: Option<&str>) -> Result<Option<Vec<u8>>, Failure> {
    let read = match place {
        None => return Ok(None),
        Some("-") => {
            let mut body = Vec::new();
            io::stdin().lock().read_to_end(&mut body).map(|_| body)
        }
        Some(path) => fs::read(path),
    };
    read.map(Some).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("the body `{}` cannot be read", place.unwrap_or_default()),
            "check what `--body` gives: a file, or `-` for standard input",
        )
        .caused_by(Some(&error))
    })
}

fn refused(error: &Error) -> Failure {
    Failure::of(
        Exit::Usage,
        error,
        "nothing was sent; `jelou raw --help` says what METHOD, PATH and `--header` take",
    )
}

fn print(answer: &HttpResponse, redaction: &Redaction, includes_head: bool) -> Result<(), Failure> {
    let mut text = Vec::new();
    if includes_head {
        // Writing to memory cannot fail.
        _ = writeln!(text, "{}", answer.status());
        let mut headers: Vec<_> = answer.headers().collect();
        headers.sort_unstable();
        for (name, value) in headers {
            let value = redaction.hide_in(&String::from_utf8_lossy(value));
            _ = writeln!(text, "{name}: {}", output::escape(&value));
        }
        text.push(b'\n');
    }
    text.extend(redaction.hide_in_bytes(answer.body()));
    if io::stdout().is_terminal() {
        let lines = String::from_utf8_lossy(&text);
        let lines: Vec<String> = lines.lines().map(output::escape).collect();
        text = (lines.join("\n") + "\n").into_bytes();
    }
    output::print_bytes(&text)?;
    if answer.is_cut_off() {
        output::print_note("the body is longer than what was read of it");
    }
    Ok(())
}
