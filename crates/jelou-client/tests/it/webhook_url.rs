//! Each file in `tests/cases/webhook-url` is one rule, with URLs that break it; `accepted.txt` has those that break none.
//!
//! A line is a comment, the rule, or a URL as a JSON string.

use std::fs;
use std::path::Path;

use jelou_client::{InvalidWebhookUrl, WebhookUrl};

/// The verdict that is expected of a URL.
pub(crate) struct Case {
    pub(crate) rule: String,
    pub(crate) url: String,
}

/// All URLs of all files.
pub(crate) fn cases() -> Vec<Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/webhook-url");
    let mut cases = Vec::new();
    for file in fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let mut rule = None;
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(name) = line.strip_prefix("rule: ") {
                rule = Some(name.to_owned());
                continue;
            }
            let place = || panic!("{}: `{line}` is not a case", path.display());
            cases.push(Case {
                rule: rule.clone().unwrap_or_else(place),
                url: serde_json::from_str(line).unwrap_or_else(|_| place()),
            });
        }
    }
    cases
}

/// The name of the rule that `error` tells of, as the files call it.
pub(crate) fn name_rule(error: &InvalidWebhookUrl) -> String {
    match error {
        InvalidWebhookUrl::NotAUrl(_) => "NotAUrl".to_owned(),
        InvalidWebhookUrl::AddressNotPublic { purpose, .. } => (*purpose).to_owned(),
        InvalidWebhookUrl::NotAUri { .. } => "NotAUri".to_owned(),
        InvalidWebhookUrl::AmbiguousAddress { .. } => "AmbiguousAddress".to_owned(),
        InvalidWebhookUrl::NameNotPublic { end, purpose, .. } => format!(".{end} is for {purpose}"),
        error => format!("{error:?}"),
    }
}

fn verdict(result: Result<WebhookUrl, InvalidWebhookUrl>) -> String {
    result.map_or_else(|error| name_rule(&error), |_| "accepted".to_owned())
}

#[test]
fn each_url_breaks_the_rule_of_its_file() {
    let wrong: Vec<String> = cases()
        .iter()
        .filter_map(|Case { rule, url }| {
            let verdict = verdict(WebhookUrl::try_from(url));
            (verdict != *rule).then(|| format!("{url:?}: {verdict}, expected {rule}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn there_are_many_accepted_and_refused_cases() {
    let (accepted, refused): (Vec<_>, Vec<_>) = cases()
        .into_iter()
        .partition(|case| case.rule == "accepted");
    assert!(accepted.len() >= 60, "{}", accepted.len());
    assert!(refused.len() >= 300, "{}", refused.len());
}

#[test]
fn every_way_to_a_webhook_url_keeps_to_the_same_rules() {
    for Case { url, .. } in cases() {
        let result = WebhookUrl::try_from(url.as_str());
        assert_eq!(url.parse(), result);
        assert_eq!(WebhookUrl::try_from(&url), result);
        assert_eq!(WebhookUrl::try_from(url.clone()), result);
        let json = serde_json::Value::from(url.as_str());
        let read: Result<WebhookUrl, _> = serde_json::from_value(json);
        assert_eq!(read.ok(), result.ok(), "{url}");
    }
}

#[test]
fn an_accepted_url_is_kept_as_it_was_written() {
    for Case { url, .. } in cases().iter().filter(|case| case.rule == "accepted") {
        let accepted = WebhookUrl::try_from(url).unwrap();
        assert_eq!(accepted.as_str(), url);
        assert_eq!(accepted.to_string(), *url);
        assert_eq!(serde_json::to_value(&accepted).unwrap(), url.as_str());
        assert_eq!(String::from(accepted), *url);
    }
}

#[test]
fn a_refused_url_with_credentials_is_not_echoed() {
    let cases = cases();
    let mut seen = 0;
    for url in cases
        .iter()
        .map(|case| &case.url)
        .filter(|url| url.contains("canary"))
    {
        seen += 1;
        let strict = WebhookUrl::try_from(url).map(|_| ()).unwrap_err();
        let json = serde_json::Value::from(url.as_str());
        let read = serde_json::from_value::<WebhookUrl>(json).unwrap_err();
        for text in [
            format!("{strict} {strict:?}"),
            format!("{read} {read:?}"),
            format!("{:?}", WebhookUrl::for_development(url).err()),
        ] {
            assert!(!text.contains("canary"), "{text}");
        }
    }
    assert!(seen > 10);
}

#[test]
fn development_lifts_the_rules_of_scheme_and_host_alone() {
    for Case { rule, url } in cases() {
        let verdict = verdict(WebhookUrl::for_development(&url));
        let expected = match rule.as_str() {
            "NotAUrl" | "HasWhiteSpace" | "HasBackslash" | "HasCredentials" | "NoHost" => &rule,
            "NotHttps" if url.starts_with("http://") => "accepted",
            "NotHttps" => "NotHttp",
            _ => "accepted",
        };
        assert_eq!(verdict, expected, "{url}");
    }
}

#[test]
fn a_url_for_development_is_not_read_back() {
    let url = WebhookUrl::for_development("http://localhost:8080/webhook").unwrap();
    let json = serde_json::to_string(&url).unwrap();
    assert_eq!(json, r#""http://localhost:8080/webhook""#);
    assert!(serde_json::from_str::<WebhookUrl>(&json).is_err());
}

#[test]
fn an_address_is_shown_as_it_is_read() {
    let check = |url: &str, expected: &str| {
        assert_eq!(
            WebhookUrl::try_from(url).unwrap_err().to_string(),
            expected,
            "{url}"
        );
    };
    let leads_to = |address, purpose| {
        format!("its host is `{address}`, which is not a public address ({purpose})")
    };
    check("https://2130706433", &leads_to("127.0.0.1", "loopback"));
    check(
        "https://[64:ff9b::a9fe:a9fe]",
        &leads_to("169.254.169.254", "link-local"),
    );
    check("https://[FD00::1]", &leads_to("fd00::1", "unique local"));
    check(
        "https://010.8.8.8",
        "its host is `8.8.8.8`, written in a way that URL parsers interpret differently; write `8.8.8.8`",
    );
    check(
        "https://panel.LOCAL.",
        "its host name is not public: `.local` is reserved for multicast DNS",
    );
}
