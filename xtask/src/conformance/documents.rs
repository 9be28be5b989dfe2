//! `cargo xtask conformance --documents FOLDER`: sends every operation of every document in a folder a valid request in each media
//! type and invalid ones, and judges the answers of the sandbox.
//!
//! Valid requests are sent twice: answered from the document alone, and from what earlier requests created. The sandbox must not
//! fail, a valid request must succeed, an invalid one must be refused with a reason, and JSON must conform to the schema in the
//! document according to another validator.

use std::error::Error;
use std::io::{self, Read, Write};
use std::iter;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use spec_first_document::{Document, Folder, OperationNode};
use spec_first_sandbox::{Options, SampleRequest, Sandbox};

use super::judge::{Judge, Verdict};

/// How long the sandbox may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// The statuses of an invalid request: 422 if the document has that and not 400.
const INVALID: [u16; 2] = [400, 422];

/// The result for a document.
#[derive(Debug, Default)]
struct Outcome {
    operations: usize,
    valid: usize,
    invalid: usize,
    /// How many answers in JSON the other validator judged.
    judged: usize,
    failures: Vec<String>,
    /// What could not be requested or judged, with the reason.
    skipped: Vec<String>,
    /// Why the document is not served.
    refused: Option<String>,
}

/// A response to a request.
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Tests every document in `folder`; returns whether there are no failures.
pub(crate) fn run(folder: &Path) -> Result<bool, Box<dyn Error>> {
    let files = crate::adopt::documents(folder)?;
    println!(
        "{:<30} {:>10} {:>7} {:>8} {:>7} {:>9} {:>8}",
        "document", "operations", "valid", "invalid", "judged", "failures", "skipped"
    );
    let mut outcomes = Vec::new();
    let mut holds = true;
    for file in &files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let outcome = ask(file)?;
        println!(
            "{name:<30} {:>10} {:>7} {:>8} {:>7} {:>9} {:>8}",
            outcome.operations,
            outcome.valid,
            outcome.invalid,
            outcome.judged,
            outcome.failures.len(),
            outcome.skipped.len()
        );
        holds &= outcome.failures.is_empty() && outcome.refused.is_none();
        outcomes.push((name.into_owned(), outcome));
    }
    for (name, outcome) in &outcomes {
        if let Some(problem) = &outcome.refused {
            println!("{name}: not served: {problem}");
        }
        for failure in &outcome.failures {
            println!("failed: {failure}");
        }
        for reason in &outcome.skipped {
            println!("skipped: {reason}");
        }
    }
    Ok(holds)
}

fn ask(file: &Path) -> Result<Outcome, Box<dyn Error>> {
    let refused = |problem: String| Outcome {
        refused: Some(problem),
        ..Outcome::default()
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let document = match Document::read(&Folder::around(folder, &name)?, &name) {
        Ok(document) => document,
        Err(finding) => return Ok(refused(finding.to_string())),
    };
    let options = Options::from_document(document.clone());
    let samples = match Sandbox::prepare(options.clone()) {
        Ok(prepared) => prepared.samples(),
        Err(error) => return Ok(refused(error.to_string())),
    };
    let runtime = tokio::runtime::Runtime::new()?;
    let start = |options| runtime.block_on(Sandbox::start(options));
    let (stateless, stateful) = (start(options.clone().stateless())?, start(options)?);
    let mut asking = Asking {
        document: &document,
        judge: Judge::of(&document)?,
        stateless: stateless.address(),
        stateful: stateful.address(),
        beside: Vec::new(),
        is_ambiguous: false,
        outcome: Outcome::default(),
    };
    let operations = document.operations();
    let operations: Vec<_> = operations.map(|it| (form_of(it.path), it)).collect();
    for (form, operation) in &operations {
        let sample = samples.iter().find(|sample| {
            operation.path == sample.path && operation.method.eq_ignore_ascii_case(&sample.method)
        });
        let beside = operations.iter().filter(|(other, _)| other == form);
        asking.beside = beside.map(|(_, other)| other).collect();
        let methods = asking.beside.iter().map(|it| it.sent_method());
        let same = methods.filter(|method| *method == operation.sent_method());
        asking.is_ambiguous = same.count() > 1;
        asking.ask(operation, sample)?;
    }
    let outcome = asking.outcome;
    runtime.block_on(async { tokio::join!(stateless.shutdown(), stateful.shutdown()) });
    Ok(outcome)
}

struct Asking<'a> {
    document: &'a Document,
    judge: Judge<'a>,
    stateless: SocketAddr,
    stateful: SocketAddr,
    /// The operations whose requests have the same path as those of the operation that is asked, and itself.
    beside: Vec<&'a OperationNode<'a>>,
    /// Whether one of these has the same method, too.
    is_ambiguous: bool,
    outcome: Outcome,
}

impl Asking<'_> {
    fn ask(
        &mut self,
        operation: &OperationNode<'_>,
        sample: Option<&SampleRequest>,
    ) -> io::Result<()> {
        self.outcome.operations += 1;
        let position = self.document.position(&operation.pointer());
        let name = &self.document.source().name;
        let method = operation.sent_method();
        let place = format!("{name}:{}: {method} {}", position.line, operation.path);
        let Some(sample) = sample else {
            let reason = format!("{place}: it is not served; the command says why when it starts");
            self.outcome.skipped.push(reason);
            return Ok(());
        };
        let bodies: Vec<_> = sample.bodies.iter().map(|body| &body.written).collect();
        let without_body = bodies.is_empty() && !sample.requires_body;
        if !sample.missing.is_empty() {
            let missing = sample.missing.join("; ");
            let reason = format!("{place}: no valid request is known: {missing}");
            self.outcome.skipped.push(reason);
        } else if without_body {
            self.ask_valid(operation, sample, &place, None)?;
        }
        for (media_type, body) in &bodies {
            if sample.missing.is_empty() {
                let body = Some((media_type.as_str(), body.as_str()));
                self.ask_valid(operation, sample, &place, body)?;
            }
        }
        for (kind, statuses, sample, body) in invalid(sample) {
            let body = body
                .as_ref()
                .map(|(media_type, body)| (media_type.as_str(), body.as_str()));
            let answer = send(self.stateless, &sample, body)?;
            self.outcome.invalid += 1;
            let place = format!("{place}: {kind}");
            let has_reason = answer.header("sandbox-reason").is_some();
            if !statuses.contains(&answer.status) {
                self.fail(&place, &answer.described());
            } else if !has_reason && answer.status != 405 {
                self.fail(&place, "the refusal has no reason");
            }
            self.judge(operation, &place, &answer, false);
        }
        Ok(())
    }

    fn ask_valid(
        &mut self,
        operation: &OperationNode<'_>,
        sample: &SampleRequest,
        place: &str,
        body: Option<(&str, &str)>,
    ) -> io::Result<()> {
        let media_type = body.map_or(String::new(), |(media_type, _)| format!(" ({media_type})"));
        for (address, state) in [(self.stateless, ""), (self.stateful, ", with state")] {
            let answer = send(address, sample, body)?;
            self.outcome.valid += 1;
            let place = format!("{place}: valid{media_type}{state}");
            match answer.status {
                200..=399 => self.judge(operation, &place, &answer, !state.is_empty()),
                // Something that was never created does not exist, and what exists has another `ETag` than the sample.
                404 | 412 if !state.is_empty() => self.judge(operation, &place, &answer, true),
                // A valid patch need not apply to what there is.
                422 if !state.is_empty() && operation.method == "patch" => {
                    self.judge(operation, &place, &answer, true);
                }
                501 if describes_no_success(operation) => {
                    let reason = format!("{place}: {}", answer.described());
                    self.outcome.skipped.push(reason);
                }
                _ => self.fail(&place, &answer.described()),
            }
        }
        Ok(())
    }

    /// What is created from nothing may be empty.
    fn judge(
        &mut self,
        operation: &OperationNode<'_>,
        place: &str,
        answer: &Answer,
        may_be_empty: bool,
    ) {
        let media_type = answer.header("content-type").unwrap_or_default();
        if !media_type.contains("json") || operation.method == "head" {
            return;
        }
        let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else {
            return self.fail(place, "the answer is not JSON");
        };
        // A method that the document does not have belongs to none of the operations.
        let others = self.beside.iter().copied();
        let others = others.filter(|_| answer.status == 405);
        let judge = |operation| {
            self.judge
                .judge(operation, answer.status, media_type, &value)
        };
        let verdicts = iter::once(operation).chain(others).map(judge);
        let differs = |verdict: &Verdict| matches!(verdict, Verdict::Differs(_));
        let verdict = verdicts.max_by_key(|verdict| !differs(verdict));
        let verdict = verdict.unwrap_or(Verdict::NotDescribed);
        let note = answer.header("sandbox-note").unwrap_or_default();
        match verdict {
            Verdict::NotDescribed => {}
            Verdict::Conforms => self.outcome.judged += 1,
            Verdict::SaysNothing if may_be_empty => self.outcome.judged += 1,
            Verdict::SaysNothing => {
                self.outcome.judged += 1;
                self.fail(
                    place,
                    "the answer is `{}`, although its schema describes members",
                );
            }
            Verdict::NotJudged(problem) => {
                let problem: Vec<_> = problem.lines().map(str::trim).collect();
                let reason = format!("{place}: not judged: {}", problem.join(" "));
                self.outcome.skipped.push(reason);
            }
            // The sandbox itself says that it has no conforming answer, or found none.
            Verdict::Differs(_) if note.contains("does not match its schema: ") => {
                let reason = format!("{place}: no conforming answer is known: {note}");
                self.outcome.skipped.push(reason);
            }
            Verdict::Differs(problem) => {
                self.outcome.judged += 1;
                let problem: Vec<_> = problem.lines().map(str::trim).collect();
                let status = answer.status;
                self.fail(place, &format!("{status} differs: {}", problem.join(" ")));
            }
        }
    }

    fn fail(&mut self, place: &str, reason: &str) {
        let reason = format!("{place}: {reason}");
        // The request may be one of the other operation.
        match self.is_ambiguous {
            true => self.outcome.skipped.push(format!(
                "{reason} (another operation has the same path and method)"
            )),
            false => self.outcome.failures.push(reason),
        }
    }
}

/// A kind of invalid request, the statuses that refuse it, and the request.
pub(crate) type Invalid = (
    &'static str,
    &'static [u16],
    SampleRequest,
    Option<(String, String)>,
);

/// Every kind of invalid request that can be derived from a valid one; at least one.
pub(crate) fn invalid(sample: &SampleRequest) -> Vec<Invalid> {
    let body = sample.bodies.first().map(|body| body.written.clone());
    let mut requests: Vec<Invalid> = Vec::new();
    let mut add = |kind, statuses, change: &dyn Fn(&mut SampleRequest), body| {
        let mut sample = sample.clone();
        change(&mut sample);
        requests.push((kind, statuses, sample, body));
    };
    if !sample.credentials.is_empty() {
        let change = |it: &mut SampleRequest| it.credentials.clear();
        add("without credentials", &[401], &change, body.clone());
    }
    let is_missing = |it: &spec_first_sandbox::SampleParameter| {
        // Every client sends a `User-Agent`, described or not.
        let is_left_out = it.location != "path" && !it.name.eq_ignore_ascii_case("user-agent");
        it.is_required && is_left_out && !it.written.is_empty()
    };
    if let Some(index) = sample.parameters.iter().position(is_missing) {
        let change = |it: &mut SampleRequest| _ = it.parameters.remove(index);
        add(
            "without a required parameter",
            &INVALID,
            &change,
            body.clone(),
        );
    }
    if let Some(index) = sample.parameters.iter().position(|it| it.is_number) {
        let change = |it: &mut SampleRequest| {
            it.parameters[index].written[0].1 = "not-a-number".to_owned();
        };
        add("a word for a number", &INVALID, &change, body.clone());
    }
    if sample.requires_body {
        add("without the body", &INVALID, &|_| {}, None);
    }
    if let Some((media_type, _)) = &body {
        if media_type.contains("json") {
            let broken = Some((media_type.clone(), "{\"a\":".to_owned()));
            add("a body that is not JSON", &INVALID, &|_| {}, broken);
        }
        let unknown = ("application/x-unknown".to_owned(), "a".to_owned());
        if !sample.bodies.iter().any(|it| it.media_type.contains('*')) {
            add("an undocumented media type", &[415], &|_| {}, Some(unknown));
        }
    }
    let change = |it: &mut SampleRequest| it.method = "X-UNDOCUMENTED".to_owned();
    add("an undocumented method", &[405], &change, None);
    requests
}

/// What a path has in common with those that match the same requests.
fn form_of(path: &str) -> String {
    let sent = path.split(['#', '?']).next().unwrap_or_default();
    let parts = sent.split('{').map(|part| part.split_once('}'));
    let parts = parts.map(|part| part.map_or("", |(_, text)| text));
    let first = sent.split('{').next().unwrap_or_default();
    let rest: Vec<_> = parts.skip(1).collect();
    format!("{first}{{}}{}", rest.join("{}"))
}

/// Whether the document describes no answer to a valid request.
fn describes_no_success(operation: &OperationNode<'_>) -> bool {
    let responses = operation.node.entries_of("responses").iter();
    let mut keys = responses.map(|response| response.key);
    !keys.any(|key| key.starts_with(['2', '3']) || key == "default")
}

fn send(
    address: SocketAddr,
    sample: &SampleRequest,
    body: Option<(&str, &str)>,
) -> io::Result<Answer> {
    let mut request = format!(
        "{} {} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n",
        sample.method,
        sample.target()
    );
    for (name, value) in sample.headers() {
        request += &format!("{name}: {value}\r\n");
    }
    if let Some((media_type, body)) = body {
        let length = body.len();
        request += &format!("content-type: {media_type}\r\ncontent-length: {length}\r\n");
    }
    request += "\r\n";
    request += body.map_or("", |(_, body)| body);
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    Answer::parse(&received).ok_or_else(|| io::Error::other("the sandbox did not answer in HTTP"))
}

impl Answer {
    fn parse(received: &[u8]) -> Option<Self> {
        let end = received.windows(4).position(|it| it == b"\r\n\r\n")?;
        let head = std::str::from_utf8(&received[..end]).ok()?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines.filter_map(|line| line.split_once(": "));
        Some(Self {
            status,
            headers: headers
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
                .collect(),
            body: received[end + 4..].to_vec(),
        })
    }

    fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known == name);
        header.map(|(_, value)| value.as_str())
    }

    /// The status, and why.
    fn described(&self) -> String {
        let reason = self.header("sandbox-reason").unwrap_or("no reason");
        format!("{}: {reason}", self.status)
    }
}
