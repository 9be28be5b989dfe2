//! `jelou sandbox`: serves the local stand-in until it is stopped.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;

use jelou_sandbox::{
    Authentication, Flaw, Options, ReplyShape, Sandbox, Scenario, ScenarioError, StartError,
    UnknownUpstream,
};

use spec_first_document::Document;
use spec_first_ledger::Record;

use crate::arguments::sandbox::{Auth, Reply, SandboxArguments};
use crate::failure::{Exit, Failure, Outcome};
use crate::{output, runtime};

/// The project that has an integration by default.
const PROJECT: &str = "PROJECT_ID";

/// Maximum number of document flaws to show.
const SHOWN_FLAWS: usize = 10;

pub(crate) fn run(arguments: SandboxArguments) -> Outcome {
    let has_project = arguments.content.seed.is_none() && !arguments.content.empty;
    // Documents of other vendors may define `/`, and may have no integrations.
    let is_other_document = arguments.content.spec.is_some();
    let page = if is_other_document {
        "/_sandbox/page/"
    } else {
        "/"
    };
    let address = SocketAddr::new(arguments.address.host, arguments.address.port);
    let is_proxy = arguments.behaviour.proxy.is_some();
    let options = read_options(arguments, address, has_project)?;
    runtime::serve(async {
        let sandbox = Sandbox::start(options)
            .await
            .map_err(|error| not_started(&error))?;
        // Start listening before the announcement: a script may stop the sandbox as soon as it reads the URL.
        let stop = runtime::listen_for_stop()?;
        announce(
            &sandbox,
            has_project && !is_other_document && !is_proxy,
            page,
        )?;
        stop.await;
        output::print_note("stopping once the requests in progress are answered");
        let traffic = sandbox.traffic();
        sandbox.shutdown().await;
        output::print_lines(traffic.to_string().lines().map(str::to_owned));
        Ok(match traffic.fits() {
            true => Exit::Done,
            false => Exit::Failed,
        })
    })
}

fn read_options(
    arguments: SandboxArguments,
    address: SocketAddr,
    has_project: bool,
) -> Result<Options, Failure> {
    let SandboxArguments {
        content,
        behaviour,
        faults,
        ..
    } = arguments;
    let is_other_document = content.spec.is_some();
    let mut options = Options::default()
        .address(address)
        .reply_shape(match behaviour.reply {
            Reply::Flat => ReplyShape::Flat,
            Reply::Enveloped => ReplyShape::Enveloped,
            Reply::Alternate => ReplyShape::Alternate,
        })
        .authentication(match behaviour.auth {
            Auth::ApiKey => Authentication::ApiKey,
            Auth::Basic => Authentication::Basic,
            Auth::Either => Authentication::Either,
            Auth::None => Authentication::None,
        })
        .keep_requests(behaviour.keep_requests);
    options = options.cors(if behaviour.no_cors {
        Vec::new()
    } else {
        behaviour.cors
    });
    if behaviour.strict {
        options = options.strict();
    }
    if has_project {
        options = options.integration(PROJECT);
    }
    if content.every_project {
        options = options.every_project();
    }
    if let Some(path) = content.spec {
        options = options.document(path.display().to_string(), read(&path, "--spec")?);
    }
    if let Some(url) = behaviour.proxy {
        let upstream = url.parse().map_err(|error: UnknownUpstream| {
            let hint = "write the URL of a server, such as `--proxy https://gateway.jelou.ai`";
            Failure::new(
                Exit::Usage,
                format!("the URL of `--proxy` cannot be used: {error}"),
                hint,
            )
        })?;
        options = options.proxy(upstream);
        if !is_other_document {
            options = options.decisions(decisions()?);
        }
    }
    if let Some(path) = content.seed {
        options = options.seed(path.display().to_string(), read(&path, "--seed")?);
    }
    if let Some(path) = content.state {
        options = options.state_file(path);
    }
    if let Some(key) = behaviour.api_key {
        options = options.api_key(key);
    }
    if let Some((id, secret)) = behaviour.client {
        options = options.client(id, secret);
    }
    for fault in faults.fault {
        options = options.fault(fault);
    }
    if let Some(path) = faults.scenario {
        let name = path.display().to_string();
        let scenario = Scenario::parse(&name, &read(&path, "--scenario")?);
        let refused = |error: ScenarioError| Failure::of(Exit::Usage, &error, error.help.clone());
        options = options.scenario(scenario.map_err(refused)?);
    }
    if let Some(fault) = faults.delivery_fault {
        options = options.delivery_fault(fault);
    }
    options = options.delivery_attempts(faults.delivery_attempts);
    if let Some(seed) = faults.fault_seed {
        options = options.fault_seed(seed);
    }
    Ok(options)
}

/// The entries of the reconciliation, each with the places in the document that carry its decision.
fn decisions() -> Result<Vec<(String, String)>, Failure> {
    let file = jelou_spec::RECONCILIATION;
    let record = Document::parse(file.name, file.text).and_then(|file| Record::read(&file));
    let record = record.map_err(|finding| {
        Failure::new(
            Exit::Failed,
            finding.to_string(),
            "this is a bug in `jelou`; please report it",
        )
    })?;
    let entries = record.entries.into_iter();
    let decisions = entries.flat_map(|entry| {
        let places = entry.document.into_iter();
        places.map(move |expected| (entry.id.clone(), expected.pointer))
    });
    Ok(decisions.collect())
}

fn read(path: &Path, argument: &str) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!(
                "`{}`, named by `{argument}`, cannot be read",
                path.display()
            ),
            "check the path, and that it is a text file that you may read",
        )
        .caused_by(Some(&error))
    })
}

/// Prints the base URL to standard output for scripts, and the rest to standard error for people.
fn announce(sandbox: &Sandbox, has_project: bool, page: &str) -> Result<(), Failure> {
    let address = reachable(sandbox.address());
    let bound = format!("http://{}", sandbox.address());
    let base_url = sandbox
        .base_url()
        .replacen(&bound, &format!("http://{address}"), 1);
    output::print_bytes(format!("{base_url}\n").as_bytes())?;
    announce_flaws(&sandbox.flaws());
    if !sandbox.address().ip().is_loopback() {
        output::print_warning(&format!(
            "every machine that can reach {} can use this sandbox, and read and change its state",
            sandbox.address()
        ));
    }
    if sandbox.resumed() {
        output::print_note("resumed with the integrations and conversations in the state file");
    } else if has_project {
        output::print_note(&format!(
            "there is an integration for `{PROJECT}`; in another terminal, try:"
        ));
        output::print_command(&format!(
            "JELOU_API_KEY=any jelou integration update {PROJECT} --auth-type no_auth --base-url {base_url}"
        ));
    }
    output::print_note(&format!(
        "open in a browser: http://{address}{page}; press Ctrl-C to stop"
    ));
    Ok(())
}

/// Warns about the first flaws of the document, and counts the rest.
fn announce_flaws(flaws: &[Flaw]) {
    for flaw in flaws.iter().take(SHOWN_FLAWS) {
        output::print_warning(&flaw.to_string());
    }
    match flaws.len().saturating_sub(SHOWN_FLAWS) {
        0 => {}
        1 => output::print_warning("the document has 1 more flaw"),
        more => output::print_warning(&format!("the document has {more} more flaws")),
    }
    if !flaws.is_empty() {
        output::print_note("the rest of the document is served; `--strict` refuses it instead");
    }
}

/// Replaces an unspecified address (all interfaces) with loopback.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}

fn not_started(error: &StartError) -> Failure {
    let (exit, hint) = match error {
        StartError::Document { help, .. } | StartError::Scenario { help, .. } => {
            (Exit::Usage, help.clone())
        }
        StartError::State(state) => (Exit::Usage, state.help.clone()),
        StartError::Bind { .. } => (
            Exit::Network,
            "stop the program that uses the port, or choose another `--port`; 0 picks a free one"
                .to_owned(),
        ),
        _ => (
            Exit::Usage,
            "`jelou sandbox --help` says what each option takes".to_owned(),
        ),
    };
    Failure::of(exit, error, hint)
}
