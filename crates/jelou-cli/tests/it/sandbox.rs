//! Tests of `jelou sandbox`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::command::{Jelou, Run, jelou, update};
use crate::files::Folder;
use crate::server::Rogue;

/// A running `jelou sandbox`.
pub(crate) struct Running {
    child: Child,
    base_url: String,
}

impl Running {
    #[track_caller]
    fn start(command: Jelou) -> Self {
        let started = Self::try_start(command.into_command());
        started.unwrap_or_else(|run| panic!("it did not start: {run}"))
    }

    /// Waits until the sandbox is ready; if it ends instead, returns the result.
    pub(crate) fn try_start(mut command: Command) -> Result<Self, Run> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        if line.is_empty() {
            return Err(Run::from(child.wait_with_output().unwrap()));
        }
        let base_url = line.trim().to_owned();
        Ok(Self { child, base_url })
    }

    /// The origin of its URL.
    pub(crate) fn origin(&self) -> &str {
        let path = self.base_url.match_indices('/').nth(2);
        path.map_or(&self.base_url, |(start, _)| &self.base_url[..start])
    }

    fn update(&self, arguments: &str) -> Jelou {
        update(arguments)
            .arguments("--base-url")
            .argument(&self.base_url)
    }

    /// Sends `signal`; returns the exit code and the text of standard error.
    #[cfg(unix)]
    fn stop(mut self, signal: nix::sys::signal::Signal) -> (Option<i32>, String) {
        let id = nix::unistd::Pid::from_raw(self.child.id().try_into().unwrap());
        nix::sys::signal::kill(id, signal).unwrap();
        let mut said = String::new();
        self.child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        (self.child.wait().unwrap().code(), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The sandbox may already have ended.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn sandbox(arguments: &str) -> Jelou {
    jelou("sandbox --port 0").arguments(arguments)
}

#[track_caller]
fn check_update(running: &Running, command: Jelou, code: i32) {
    let run = command.env("JELOU_API_KEY", "any").run();
    assert_eq!(run.code, Some(code), "{}\n{run}", running.base_url);
}

#[cfg(unix)]
#[test]
fn it_serves_until_it_is_stopped() {
    use nix::sys::signal::Signal;

    let stopped = [Signal::SIGINT, Signal::SIGTERM].map(|signal| {
        let running = Running::start(sandbox(""));
        check_update(&running, running.update(""), 0);
        let (code, said) = running.stop(signal);
        format!("exit code: {}\n{said}", code.unwrap())
    });
    for stopped in stopped {
        insta::allow_duplicates! {
            check!(stopped, @"
        exit code: 0
        note: there is an integration for `PROJECT_ID`; in another terminal, try:
          JELOU_API_KEY=any jelou integration update PROJECT_ID --auth-type no_auth --base-url http://127.0.0.1:[PORT]/jelouapi
        note: open in a browser: http://127.0.0.1:[PORT]/; press Ctrl-C to stop
        note: stopping once the requests in progress are answered
        ");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_proxy_says_which_decisions_the_traffic_supports_and_contradicts() {
    let judge = |upstream: &str| {
        let running = Running::start(sandbox("--proxy").argument(upstream));
        check_update(&running, running.update(""), 0);
        let (code, said) = running.stop(nix::sys::signal::Signal::SIGTERM);
        (code, said.split_once("answered\n").unwrap().1.to_owned())
    };
    let own = Running::start(sandbox("--reply enveloped"));
    let (code, said) = judge(own.origin());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.starts_with("`update_integration`: 1 × 200\n"),
        "{said}"
    );
    for decision in [
        "authentication",
        "response-shape",
        "body-fields",
        "media-type",
    ] {
        let supported = format!("decision `{decision}`: 1 × supported, 0 × contradicted\n");
        assert!(said.contains(&supported), "{decision} in {said}");
    }
    assert!(!said.contains(" 1 × contradicted"), "{said}");

    let body = r#"{"id":"1","authorization":"SECRET","updatedAt":null}"#;
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    let response = format!("{head}{}\r\n\r\n{body}", body.len());
    let server = test_support::server::Server::start(move |_| {
        test_support::server::Answer::new(response.clone())
    });
    let (code, said) = judge(&server.origin());
    assert_eq!(code, Some(1));
    check!(said, @"
    `update_integration`: 1 × 200
      1 × response: updatedAt must be of type `string`, not `null`
    decision `authentication`: 1 × supported, 0 × contradicted
    decision `authorization-echo`: 0 × supported, 1 × contradicted
      1 × contradicted at /components/schemas/Integration/properties/authorization
    decision `body-fields`: 1 × supported, 0 × contradicted
    decision `clearing-fields`: 1 × supported, 0 × contradicted
    decision `key-form`: 1 × supported, 0 × contradicted
    decision `media-type`: 1 × supported, 0 × contradicted
    decision `null-fields`: 0 × supported, 1 × contradicted
      1 × contradicted at /components/schemas/Timestamp/type
    decision `one-integration-per-project`: 1 × supported, 0 × contradicted
    decision `project-id-in-path`: 1 × supported, 0 × contradicted
    decision `required-body-fields`: 1 × supported, 0 × contradicted
    decision `sample-authentication`: 1 × supported, 0 × contradicted
    decision `unknown-body-fields`: 1 × supported, 0 × contradicted
    decision `webhook-url-constraint`: 1 × supported, 0 × contradicted
    decision `webhook-url-credentials`: 1 × supported, 0 × contradicted
    ");
}

#[cfg(unix)]
#[test]
fn it_responds_with_more_open_connections_than_the_file_limit() {
    let command = sandbox("").into_command();
    let variables = command.get_envs();
    let mut limited = Command::new("/bin/sh");
    limited
        .args(["-c", r#"ulimit -n 64 && exec "$0" "$@""#])
        .arg(command.get_program())
        .args(command.get_args())
        .envs(variables.filter_map(|(name, value)| Some((name, value?))));
    let running = Running::try_start(limited).unwrap_or_else(|run| panic!("no start: {run}"));
    let address = running.origin().trim_start_matches("http://");
    let half_sent: Vec<_> = (0..100)
        .map(|_| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\n").unwrap();
            stream
        })
        .collect();
    check_update(&running, running.update(""), 0);
    drop(half_sent);
}

#[test]
fn it_allows_only_the_given_origins() {
    let allowed = |arguments, page| {
        let running = Running::start(sandbox(arguments));
        let request = format!(
            "OPTIONS /nowhere HTTP/1.1\r\nHost: s\r\nConnection: close\r\nOrigin: {page}\r\nAccess-Control-Request-Method: GET\r\n\r\n"
        );
        let address = running.origin().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.contains("access-control-allow-origin: ")
    };
    let (local, other) = ("http://localhost:5173", "https://app.example");
    assert_eq!([allowed("", local), allowed("", other)], [true, false]);
    let arguments = "--cors loopback --cors https://app.example";
    assert!(allowed(arguments, local) && allowed(arguments, other));
    assert!(!allowed("--no-cors", local));
}

#[test]
fn it_starts_with_the_given_integrations() {
    let folder = Folder::new();
    let seed = folder.write("seed.yaml", "integrations:\n  OTHER: {}\n");

    let running = Running::start(sandbox("--empty"));
    check_update(&running, running.update(""), 4);
    let running = Running::start(sandbox("--seed").argument(&seed));
    check_update(&running, running.update(""), 4);
    let other =
        jelou("integration update OTHER --auth-type basic --base-url").argument(&running.base_url);
    check_update(&running, other, 0);
}

#[test]
fn it_resumes_with_its_state() {
    let folder = Folder::new();
    let state = folder.path().join("state");
    let running = Running::start(sandbox("--state").argument(&state));
    check_update(&running, running.update(""), 0);
    drop(running);

    let running = Running::start(sandbox("--empty --state").argument(&state));
    let run = jelou("integration update PROJECT_ID --auth-type basic --base-url")
        .argument(&running.base_url)
        .env("JELOU_API_KEY", "any")
        .run();
    assert!(
        run.stdout
            .contains("https://my-system.com/webhook/jelou-v2"),
        "{run}"
    );
}

#[test]
fn it_accepts_and_replies_as_configured() {
    let running = Running::start(sandbox("--api-key other --reply enveloped"));
    check_update(&running, running.update(""), 3);
    let run = running
        .update("--output json")
        .env("JELOU_API_KEY", "other")
        .run();
    assert!(run.stdout.contains(r#""shape": "enveloped""#), "{run}");

    let running = Running::start(sandbox("--reply alternate --auth basic"));
    check_update(&running, running.update(""), 3);
    let shapes = [(), (), ()].map(|()| {
        let client = running.update("--output json").env("JELOU_CLIENT_ID", "ID");
        let run = client.env("JELOU_CLIENT_SECRET", "SECRET").run();
        run.stdout.contains(r#""shape": "flat""#)
    });
    assert_eq!(shapes, [true, false, true]);

    let running = Running::start(sandbox("--client ID:SECRET"));
    check_update(&running, running.update(""), 3);
    let client = running
        .update("")
        .env("JELOU_CLIENT_ID", "ID")
        .env("JELOU_CLIENT_SECRET", "SECRET");
    assert_eq!(client.run().code, Some(0));
}

#[test]
fn it_fails_on_demand() {
    let running = Running::start(sandbox("--fault-seed 7 --fault status=404"));
    check_update(&running, running.update(""), 4);

    let folder = Folder::new();
    let scenario = folder.write(
        "faults.yaml",
        "version: 1\nrules:\n  - fault: status=401\n    requests: 2\n",
    );
    let running = Running::start(sandbox("--scenario").argument(scenario));
    check_update(&running, running.update(""), 0);
    check_update(&running, running.update(""), 3);
    check_update(&running, running.update(""), 0);
}

/// How often the webhook of a sandbox with these arguments gets one message, if it answers with this status.
fn deliveries(arguments: &str, status: u16) -> usize {
    let webhook = Rogue::answering(status, "");
    let folder = Folder::new();
    let seed = serde_json::json!({"integrations": {"PROJECT_ID": {
        "webhookUrl": webhook.base_url, "signingSecret": "SECRET"}}});
    let seed = folder.write("seed.json", seed.to_string());
    let running = Running::start(sandbox(arguments).arguments("--seed").argument(seed));
    let message = r#"{"project":"PROJECT_ID","bot":"BOT_ID","user":"USER_ID","text":"Hello"}"#;
    let run = jelou("raw POST /_sandbox/messages --body - --base-url")
        .argument(running.origin())
        .env("JELOU_API_KEY", "any")
        .stdin(message)
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    webhook.received().len()
}

#[test]
fn it_delivers_as_configured() {
    assert_eq!(deliveries("", 200), 1);
    assert_eq!(deliveries("--delivery-fault twice", 200), 2);
    assert_eq!(deliveries("--delivery-attempts 3", 500), 3);
    let folder = Folder::new();
    for (rule, expected) in [
        ("{delivery: twice, event: message, deliveries: 1}", 2),
        ("{delivery: twice, event: conversation.close}", 1),
        ("{delivery: twice, deliveries: 2..}", 1),
    ] {
        let scenario = format!("version: 1\nrules:\n  - {rule}\n");
        let scenario = folder.write("scenario.yaml", scenario);
        let arguments = format!("--scenario {}", scenario.display());
        assert_eq!(deliveries(&arguments, 200), expected, "{rule}");
    }
    let run = sandbox("--delivery-fault explode").run();
    assert_eq!(run.code, Some(2), "{run}");
    assert!(run.stderr.contains("`out-of-order`"), "{run}");
}

#[test]
fn it_serves_other_documents() {
    let folder = Folder::new();
    let document = folder.write(
        "ping.yaml",
        r#"
openapi: 3.0.3
info: { title: Ping, version: "1" }
servers: [{ url: https://my-system.com/api }]
paths:
  /ping:
    get:
      operationId: ping
      responses:
        "200":
          description: Pong.
          content:
            application/json:
              schema: { type: object, properties: { pong: { type: boolean } } }
              example: { pong: true }
"#,
    );
    let running = Running::start(sandbox("--spec").argument(document));
    assert!(running.base_url.ends_with("/api"));
    let run = jelou("raw GET /ping --base-url")
        .argument(&running.base_url)
        .env("JELOU_API_KEY", "any")
        .run();
    assert_eq!(run.stdout, r#"{"pong":true}"#, "{run}");
}

#[cfg(unix)]
#[test]
fn listening_beyond_loopback_is_a_warning() {
    let running = Running::start(sandbox("--host 0.0.0.0"));
    assert!(running.base_url.starts_with("http://127.0.0.1:"));
    check_update(&running, running.update(""), 0);
    let (_, said) = running.stop(nix::sys::signal::Signal::SIGTERM);
    assert!(
        said.starts_with("warning: every machine that can reach 0.0.0.0:"),
        "{said}"
    );
}

#[test]
fn flaws_of_a_document_are_warnings_unless_it_is_strict() {
    let folder = Folder::new();
    let document = folder.write(
        "flawed.yaml",
        "openapi: 3.0.3
info: { title: Flawed, version: '1' }
paths: { /a: { get: { security: [{ Nobody: [] }], responses: { '204': { description: Done } } } } }
",
    );
    let running = Running::start(sandbox("--spec").argument(&document));
    let (_, said) = running.stop(nix::sys::signal::Signal::SIGTERM);
    let warning =
        "flawed.yaml:3:36: the security scheme `Nobody` is not defined and is not enforced";
    assert!(
        said.starts_with("warning: ") && said.contains(warning),
        "{said}"
    );
    check!(folder.hide_in(&sandbox("--strict --spec").argument(document).run()), @"
    exit code: 2
    ----- stderr -----
    error: cannot serve the document: [FOLDER]/flawed.yaml:3:36: the security scheme `Nobody` is not defined and is not enforced
    hint: define it under `components/securitySchemes`
    ");
}

#[test]
fn invalid_input_is_rejected() {
    let folder = Folder::new();
    let broken = folder.write("broken.yaml", "openapi: 3.0.3\npaths: [\n");
    let garbage = folder.write("garbage.yaml", b"\xff");
    check!(folder.hide_in(&sandbox("--spec").argument(&broken).run()), @"
    exit code: 2
    ----- stderr -----
    error: cannot serve the document: [FOLDER]/broken.yaml:2:8: unclosed bracket '[' (syntax)
    hint: fix the syntax here
    ");
    check!(folder.hide_in(&sandbox("--spec").argument(garbage).run()), @"
    exit code: 2
    ----- stderr -----
    error: `[FOLDER]/garbage.yaml`, named by `--spec`, cannot be read
      caused by: stream did not contain valid UTF-8
    hint: check the path, and that it is a text file that you may read
    ");
    check!(folder.hide_in(&sandbox("--seed").argument(folder.path().join("missing")).run()), @"
    exit code: 2
    ----- stderr -----
    error: `[FOLDER]/missing`, named by `--seed`, cannot be read
      caused by: No such file or directory (os error [NUMBER])
    hint: check the path, and that it is a text file that you may read
    ");
    let seed = folder.write("seed.yaml", "integrations: 3\n");
    assert_eq!(sandbox("--seed").argument(seed).run().code, Some(2));
    let state = folder.write("state", "this is not a state");
    assert_eq!(sandbox("--state").argument(state).run().code, Some(2));
    let scenario = folder.write("faults.yaml", "version: 1\nrules:\n  - fault: explode\n");
    assert_eq!(sandbox("--scenario").argument(scenario).run().code, Some(2));
    assert_eq!(sandbox("--fault explode").run().code, Some(2));
    let no_key = sandbox("--api-key=").run();
    assert_eq!(no_key.code, Some(2), "{no_key}");
    check!(sandbox("--client canary").run(), @"
    exit code: 2
    ----- stderr -----
    error: invalid value 'canary' for '--client <ID:SECRET>': it must be an id, a colon, and a secret

    For more information, try '--help'.
    ");
    check!(jelou("sandbox --host my-system.com").run(), @"
    exit code: 2
    ----- stderr -----
    error: invalid value 'my-system.com' for '--host <ADDRESS>': invalid IP address syntax

    For more information, try '--help'.
    ");
}

#[test]
fn a_port_in_use_is_a_network_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let run = jelou(&format!("sandbox --port {port}")).run();
    check!(run, @"
    exit code: 5
    ----- stderr -----
    error: cannot listen on `127.0.0.1:[PORT]`
      caused by: Address already in use (os error [NUMBER])
    hint: stop the program that uses the port, or choose another `--port`; 0 picks a free one
    ");
}
