//! Tests for `jelou doctor`.

use jelou_sandbox::Options;

use crate::command::{Jelou, jelou};
use crate::files::Folder;
use crate::server::{Rogue, Service, closed_port};

fn doctor(base_url: &str) -> Jelou {
    jelou("doctor --base-url")
        .argument(base_url)
        .env("JELOU_API_KEY", "canary")
}

#[test]
fn a_proxy_that_cannot_be_used_is_named_and_not_shown() {
    let run = doctor("https://gateway.jelou-cli.invalid").env("https_proxy", "ftp://u:canary@x");
    check!(run.run(), @"
    exit code: 2
    ----- stdout -----
    failed   configuration  the proxy cannot be used: in the variable `https_proxy`, its scheme is neither `http` nor `https`
                            what to do: set the variable to the `http` or `https` URL of the proxy, unset it, or name the host in `NO_PROXY`
    skipped  credentials    the configuration comes first
    skipped  DNS            the configuration comes first
    skipped  connection     the configuration comes first
    skipped  TLS            the configuration comes first
    skipped  clock          the configuration comes first
    skipped  API            the configuration comes first
    skipped  acceptance     the configuration comes first
    ");
}

/// A server that responds with `status` and this `Date`.
fn dated(status: u16, date: &str) -> Rogue {
    let answer = format!(
        "HTTP/1.1 {status} Status\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    Rogue::start(move |_| answer.clone())
}

#[test]
fn a_healthy_server_gets_only_a_safe_request() {
    let service = Service::start(Options::default().integration("PROJECT_ID"));
    check!(doctor(&service.base_url()).run(), @"
    exit code: 0
    ----- stdout -----
    ok       configuration  no profile; base URL `http://127.0.0.1:[PORT]/jelouapi`, from `--base-url`
    ok       credentials    found: `JELOU_API_KEY`
    ok       DNS            `127.0.0.1` is 127.0.0.1
    ok       connection     port [PORT] is open
    skipped  TLS            plain `http`, which does not leave this machine
    ok       clock          it agrees with that of the server
    ok       API            `http://127.0.0.1:[PORT]/jelouapi` answered a GET with status 200
    ok       acceptance     the credentials were not refused
    ");
    let methods: Vec<String> = service
        .received()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(methods, ["GET"]);
}

#[test]
fn the_sandbox_is_healthy() {
    let run = jelou("doctor --sandbox").run();
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn the_request_is_a_get_without_a_body() {
    let server = Rogue::answering(404, "");
    let run = doctor(&server.base_url).arguments("--project a/b").run();
    assert_eq!(run.code, Some(0), "{run}");
    let request = server.received().remove(0).replace('\r', "");
    check!(request, @"
    GET /v1/external-support/a%2Fb HTTP/1.1
    accept: */*
    x-api-key: canary
    user-agent: jelou-client/0.1.0
    host: 127.0.0.1:[PORT]
    ");
}

#[test]
fn credentials_that_are_refused_are_found() {
    for status in [401, 403] {
        let server = Rogue::answering(status, "canary");
        let run = doctor(&server.base_url).run();
        assert_eq!(run.code, Some(3), "{run}");
        assert!(!run.to_string().contains("canary"), "{run}");
    }
    check!(doctor(&Rogue::answering(401, "").base_url).run(), @"
    exit code: 3
    ----- stdout -----
    ok       configuration  no profile; base URL `http://127.0.0.1:[PORT]`, from `--base-url`
    ok       credentials    found: `JELOU_API_KEY`
    ok       DNS            `127.0.0.1` is 127.0.0.1
    ok       connection     port [PORT] is open
    skipped  TLS            plain `http`, which does not leave this machine
    skipped  clock          the answer has no date to compare with
    ok       API            `http://127.0.0.1:[PORT]` answered a GET with status 401
    failed   acceptance     the credentials were refused
                            what to do: check `JELOU_API_KEY`: it must be the key of this project; if Jelou gave you a client id and secret, set `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` instead
    ");
}

#[test]
fn a_server_error_is_found() {
    check!(doctor(&Rogue::answering(503, "").base_url).run(), @"
    exit code: 1
    ----- stdout -----
    ok       configuration  no profile; base URL `http://127.0.0.1:[PORT]`, from `--base-url`
    ok       credentials    found: `JELOU_API_KEY`
    ok       DNS            `127.0.0.1` is 127.0.0.1
    ok       connection     port [PORT] is open
    skipped  TLS            plain `http`, which does not leave this machine
    skipped  clock          the answer has no date to compare with
    failed   API            `http://127.0.0.1:[PORT]` answered a GET with status 503
                            what to do: the server failed; try again later, or ask its operators
    skipped  acceptance     the API comes first
    ");
    assert_eq!(
        doctor(&Rogue::answering(302, "").base_url).run().code,
        Some(1)
    );
}

#[test]
fn a_clock_that_is_wrong_is_found() {
    let run = doctor(&dated(404, "Fri, 01 Jan 2021 00:00:00 GMT").base_url).run();
    check!(run, @"
    exit code: 1
    ----- stdout -----
    ok       configuration  no profile; base URL `http://127.0.0.1:[PORT]`, from `--base-url`
    ok       credentials    found: `JELOU_API_KEY`
    ok       DNS            `127.0.0.1` is 127.0.0.1
    ok       connection     port [PORT] is open
    skipped  TLS            plain `http`, which does not leave this machine
    failed   clock          this machine is [MANY] seconds ahead of the server
                            what to do: set the clock of this machine, ideally from a time server; certificates are valid only for a limited period
    ok       API            `http://127.0.0.1:[PORT]` answered a GET with status 404
    ok       acceptance     the credentials were not refused; the project was not found, or has no integration
    ");
    assert_eq!(
        doctor(&dated(404, "Fri, 01 Jan 2100 00:00:00 GMT").base_url)
            .run()
            .code,
        Some(1)
    );
    let run = doctor(&dated(404, "yesterday").base_url).run();
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stdout.contains("skipped  clock"), "{run}");
}

#[test]
fn an_unreachable_server_is_found() {
    let url = closed_port();
    check!(doctor(&url).run(), @"
    exit code: 5
    ----- stdout -----
    ok       configuration  no profile; base URL `http://127.0.0.1:[PORT]`, from `--base-url`
    ok       credentials    found: `JELOU_API_KEY`
    ok       DNS            `127.0.0.1` is 127.0.0.1
    failed   connection     port [PORT] cannot be reached: Connection refused (os error [NUMBER])
                            what to do: check the port in the base URL, the firewall, and whether a proxy is needed (`HTTPS_PROXY`)
    skipped  TLS            no answer came
    skipped  clock          no answer came
    failed   API            the server could not be reached: error sending request: client error (Connect): tcp connect error: Connection refused (os error [NUMBER])
                            what to do: nothing was sent; check the server `http://127.0.0.1:[PORT]` (from `--base-url`), the network, and the proxy (`HTTPS_PROXY`, `NO_PROXY`)
    skipped  acceptance     no answer came
    ");
}

#[test]
fn a_name_that_does_not_resolve_is_found() {
    let run = doctor("https://nowhere.invalid").run();
    assert_eq!(run.code, Some(5), "{run}");
    assert!(
        run.stdout
            .contains("failed   DNS            `nowhere.invalid` has no address"),
        "{run}"
    );
    assert!(run.stdout.contains("skipped  connection"), "{run}");
}

#[test]
fn a_server_without_tls_is_found() {
    let server = Rogue::start_plain();
    let run = doctor(&server.replace("http://127.0.0.1", "https://localhost")).run();
    assert_eq!(run.code, Some(5), "{run}");
    assert!(
        run.stdout
            .contains("failed   TLS            the server is not trusted: "),
        "{run}"
    );
}

#[test]
fn the_connection_is_checked_without_credentials() {
    let service = Service::start(Options::default());
    check!(jelou("doctor --base-url").argument(service.base_url()).run(), @"
    exit code: 2
    ----- stdout -----
    ok       configuration  no profile; base URL `http://127.0.0.1:[PORT]/jelouapi`, from `--base-url`
    failed   credentials    no credentials: neither `JELOU_API_KEY` nor `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET` are set, and no profile has any
                            what to do: set `JELOU_API_KEY`, or `JELOU_CLIENT_ID` and `JELOU_CLIENT_SECRET`, or name a profile with `--profile`; `--sandbox` needs none
    ok       DNS            `127.0.0.1` is 127.0.0.1
    ok       connection     port [PORT] is open
    skipped  TLS            the credentials come first
    skipped  clock          the credentials come first
    skipped  API            the credentials come first
    skipped  acceptance     the credentials come first
    ");
    assert!(service.received().is_empty());
}

#[test]
fn a_configuration_that_cannot_be_read_is_found() {
    let folder = Folder::with_configuration("profiles = 1");
    check!(folder.hide_in(&jelou("doctor").configured(&folder).run()), @"
    exit code: 2
    ----- stdout -----
    failed   configuration  the configuration file `[FOLDER]/config.toml` is invalid at line 1, column 12: expected a map
                            what to do: correct it; `jelou profile add --help` shows what a profile has
    skipped  credentials    the configuration comes first
    skipped  DNS            the configuration comes first
    skipped  connection     the configuration comes first
    skipped  TLS            the configuration comes first
    skipped  clock          the configuration comes first
    skipped  API            the configuration comes first
    skipped  acceptance     the configuration comes first
    ");
}

#[test]
fn the_report_is_shown_as_json() {
    let service = Service::start(Options::default());
    let run = doctor(&service.base_url()).arguments("--output json").run();
    let checks: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let states: Vec<_> = checks
        .as_array()
        .unwrap()
        .iter()
        .map(|check| {
            (
                check["check"].as_str().unwrap(),
                check["state"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        states,
        [
            ("configuration", "ok"),
            ("credentials", "ok"),
            ("DNS", "ok"),
            ("connection", "ok"),
            ("TLS", "skipped"),
            ("clock", "ok"),
            ("API", "ok"),
            ("acceptance", "ok"),
        ]
    );
}

#[test]
fn a_base_url_that_is_refused_is_a_failure_and_none_of_its_secrets_is_shown() {
    for base_url in [
        "https://u:CANARY@a.example",
        "https://u:CANARY@a.example:bad",
        "u:CANARY@a.example",
        "https://a.example/?key=CANARY",
        "https://a.example/#CANARY",
        "https://u:1/CANARY@a.example",
        "https://127.0.0.1:1/CANARY@a.example",
        "sk_CANARY",
    ] {
        for command in [
            "doctor",
            "doctor --output json",
            "config show",
            "config show --output yaml",
        ] {
            let run = jelou(command)
                .env("JELOU_API_KEY", "canary")
                .env("JELOU_BASE_URL", base_url)
                .run();
            assert!(
                !run.stdout.contains("CANARY") && !run.stderr.contains("CANARY"),
                "{command} {base_url}: {}",
                run.stdout
            );
            assert_eq!(
                run.code == Some(0),
                command.starts_with("config"),
                "{command} {base_url}: {}",
                run.stdout
            );
        }
    }
}
