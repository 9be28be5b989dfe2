//! Secrets in URLs, in responses, in logs and in the document itself.

use std::sync::OnceLock;

use base64::Engine as _;
use regex::Regex;
use spec_first_document::{Content, Node, Path, Pointer};

use crate::{
    report::Report,
    survey::{Role, SchemaSite, Survey},
    words::words,
};

pub(crate) fn check(survey: &Survey<'_>, report: &mut Report<'_>) {
    for site in &survey.parameters {
        parameter(survey, &site.pointer, site.node, report);
    }
    for (name, header) in &survey.headers {
        // What CORS calls credentials is whether they may be sent: `true` or nothing.
        let is_secret = name.is_some_and(|name| {
            is_secret_name(name) && !name.to_ascii_lowercase().starts_with("access-control-")
        });
        if is_secret && header.pointer.as_str().contains("/responses/") {
            report.add(
                "secret-in-response",
                &header.pointer,
                format!(
                    "the response header `{}` looks like a secret",
                    name.unwrap_or_default()
                ),
                "do not return secrets; rename the header if it is not one",
            );
        }
    }
    for site in &survey.schemas {
        schema(survey, site, report);
    }
    live_secrets(survey.document.root(), &Path::ROOT, report);
}

/// Whether the name suggests a secret.
fn is_secret_name(name: &str) -> bool {
    let words = words(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        // Tokens that are not secrets, such as pagination tokens.
        [
            ..,
            "page" | "next" | "previous" | "continuation" | "sync" | "cursor" | "pagination"
            | "skip" | "starting" | "boundary" | "csrf" | "xsrf" | "idempotency" | "cancellation"
            | "device",
            "token",
        ] => false,
        [
            ..,
            "password" | "passwd" | "passphrase" | "pwd" | "secret" | "token" | "credential"
            | "credentials" | "apikey" | "apisecret" | "accesstoken" | "authtoken" | "clientsecret"
            | "privatekey" | "secretkey" | "jwt",
        ] => true,
        [
            ..,
            "api" | "private" | "secret" | "access" | "signing" | "encryption",
            "key",
        ] => true,
        [
            ..,
            "access" | "refresh" | "auth" | "bearer" | "session",
            "tokens",
        ] => true,
        _ => false,
    }
}

/// The schema with everything that it includes through references and `allOf`.
fn facets<'a>(survey: &Survey<'a>, node: Node<'a>) -> Vec<Node<'a>> {
    let mut facets = Vec::new();
    let mut queue = vec![node];
    while let Some(node) = queue.pop() {
        let Some(node) = survey.resolved(node).filter(|_| facets.len() < 50) else {
            continue;
        };
        facets.push(node);
        queue.extend(node.items_of("allOf"));
    }
    facets
}

fn is_flagged(facets: &[Node<'_>], key: &str) -> bool {
    facets.iter().any(|node| node.is_true(key))
}

fn is_password(facets: &[Node<'_>]) -> bool {
    facets
        .iter()
        .any(|node| node.str_of("format") == Some("password"))
}

/// Whether a value can be a secret: a string without a fixed list of values.
fn can_be_secret(facets: &[Node<'_>]) -> bool {
    let kind = facets.iter().find_map(|node| node.get("type")?.as_str());
    let is_listed = facets.iter().any(|node| node.get("enum").is_some());
    kind.is_none_or(|kind| kind == "string") && !is_listed
}

fn parameter<'a>(survey: &Survey<'a>, pointer: &Pointer, node: Node<'a>, report: &mut Report<'_>) {
    let text = |key: &str| node.str_of(key).unwrap_or_default();
    let (name, place) = (text("name"), text("in"));
    let facets = node
        .get("schema")
        .map(|schema| facets(survey, schema))
        .unwrap_or_default();
    let is_named = is_secret_name(name)
        || place == "query"
            && words(name)
                .last()
                .is_some_and(|word| word == "authorization");
    let is_secret = is_password(&facets) || is_named && can_be_secret(&facets);
    if is_secret && matches!(place, "query" | "path") {
        report.add(
            "secret-in-url",
            pointer,
            format!("the {place} parameter `{name}` looks like a secret, and URLs are logged"),
            "send it in a header or in the body; rename it if it is not a secret",
        );
    }
}

fn schema<'a>(survey: &Survey<'a>, site: &SchemaSite<'a>, report: &mut Report<'_>) {
    let travels = survey.travels(site);
    let name = match site.role {
        Role::Property { name, .. } => name,
        Role::Content | Role::Items | Role::AdditionalProperties => "",
        _ => return,
    };
    let facets = facets(survey, site.node);
    let has_format = is_password(&facets);
    let is_secret = has_format || is_secret_name(name) && can_be_secret(&facets);
    if !is_secret {
        return;
    }
    let what = if name.is_empty() {
        "this value".to_owned()
    } else {
        format!("`{name}`")
    };
    let is_write_only = is_flagged(&facets, "writeOnly");
    if travels.response && !is_write_only && is_issued_or_spoken(survey, site) {
        return;
    }
    if travels.response && !is_write_only {
        report.add(
            "secret-in-response",
            &site.pointer,
            format!("{what} looks like a secret, and is sent in a response"),
            "add `writeOnly: true` or remove it from the response; rename it if it is not a secret",
        );
    } else if travels.request && !is_write_only && !name.is_empty() {
        report.add(
            "secret-not-write-only",
            &site.pointer,
            format!("{what} looks like a secret, but is not `writeOnly`"),
            "add `writeOnly: true`, so that it cannot be sent in a response",
        );
    }
    if travels.request && !has_format {
        report.add(
            "secret-without-format",
            &site.pointer,
            format!("{what} looks like a secret, but does not have `format: password`"),
            "add `format: password`, so that tools hide the value",
        );
    }
}

/// Whether a token in a response is what was asked for, as in OAuth (RFC 6749, section 5.1), or a piece of a text.
fn is_issued_or_spoken(survey: &Survey<'_>, site: &SchemaSite<'_>) -> bool {
    const BESIDE: [&str; 10] = [
        "token_type",
        "tokenType",
        "expires_in",
        "expiresIn",
        "expires",
        "expires_at",
        "refresh_token",
        "logprob",
        "logprobs",
        "likelihood",
    ];
    let Role::Property { name, .. } = site.role else {
        return false;
    };
    let is_token = words(name)
        .last()
        .is_some_and(|word| word == "token" || word == "jwt");
    let holder = site.parent.and_then(|parent| survey.schemas.get(parent));
    let properties = holder.map(|holder| holder.node.entries_of("properties"));
    let properties = properties.unwrap_or_default();
    let is_alone = properties
        .iter()
        .all(|property| is_secret_name(property.key));
    is_token
        && (is_alone
            || properties
                .iter()
                .any(|property| BESIDE.contains(&property.key)))
}

/// Matches real secrets. Each pattern begins with letters that the expression can search for.
fn live() -> Option<&'static Regex> {
    static LIVE: OnceLock<Option<Regex>> = OnceLock::new();
    let live = LIVE.get_or_init(|| {
        let patterns = [
            r"\b[srp]k_(live|test)_[0-9A-Za-z]{8,}",
            r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
            r"\bgh[pousr]_[0-9A-Za-z]{20,}",
            r"\bgithub_pat_[0-9A-Za-z_]{20,}",
            r"\bglpat-[0-9A-Za-z_-]{16,}",
            r"\bxox[abeoprs]-[0-9A-Za-z-]{10,}",
            r"\bAIza[0-9A-Za-z_-]{30,}",
            r"\bSG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}",
            r"\bsk-[0-9A-Za-z_-]{20,}",
            r"\bnpm_[0-9A-Za-z]{30,}",
            r"\beyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]*",
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
        ];
        Regex::new(&patterns.join("|")).ok()
    });
    live.as_ref()
}

/// Matches URLs with a user name and a password.
fn url_with_credentials() -> Option<&'static Regex> {
    static URL: OnceLock<Option<Regex>> = OnceLock::new();
    let pattern = r"\b[a-z][a-z0-9+.-]*://[^/\s:@{}<]+:[^/\s:@{}<]+@";
    URL.get_or_init(|| Regex::new(pattern).ok()).as_ref()
}

fn live_secrets(node: Node<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    match node.content() {
        Content::String(text) if looks_live(text) => report.add(
            "live-secret",
            &path.pointer(),
            "this looks like a real secret",
            "revoke it if it is, and use an obvious placeholder, for example `API_KEY`",
        ),
        Content::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                live_secrets(item, &path.index(index), report);
            }
        }
        Content::Mapping(entries) => {
            for entry in entries {
                live_secrets(entry.value, &path.key(entry.key), report);
            }
        }
        _ => {}
    }
}

fn looks_live(text: &str) -> bool {
    if text.len() < 8 {
        return false;
    }
    // The token that jwt.io shows, and a key that is cut short.
    let is_known_sample = text.contains("IxMjM0NTY3ODkwIi")
        || text.contains("PRIVATE KEY") && (text.contains("...") || text.contains('…'));
    let is_in = |pattern: Option<&Regex>| pattern.is_some_and(|pattern| pattern.is_match(text));
    !is_known_sample
        && (is_in(live())
            || text.contains("://") && is_in(url_with_credentials())
            || has_credentials(text))
}

/// Whether the text contains an `Authorization` header value.
fn has_credentials(text: &str) -> bool {
    // Splitting every text of a large document into words takes a while.
    let is_named = |scheme: &&str| text.contains(*scheme);
    if !["asic", "ASIC", "earer", "EARER"].iter().any(is_named) {
        return false;
    }
    let mut words = text
        .split(|c: char| c.is_whitespace() || "\"'`,;<>".contains(c))
        .peekable();
    while let Some(word) = words.next() {
        let Some(next) = words.peek() else { break };
        if word.eq_ignore_ascii_case("basic") && is_basic(next) {
            return true;
        }
        let is_mixed = next.chars().any(|c| c.is_ascii_digit())
            && next.chars().any(|c| c.is_ascii_lowercase());
        let is_bearer = word.eq_ignore_ascii_case("bearer") && next.len() >= 20;
        if is_bearer && is_mixed && !is_sample(next) {
            return true;
        }
    }
    false
}

fn is_basic(word: &str) -> bool {
    let word = word.trim_end_matches(['.', ')']);
    let decoded = base64::engine::general_purpose::STANDARD.decode(word);
    let decoded = decoded.ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let password = decoded.as_ref().and_then(|text| text.split_once(':'));
    password.is_some_and(|(_, password)| !is_sample(password))
}

/// Whether a secret says that it is none, is cut short, or is the one of RFC 7617.
fn is_sample(secret: &str) -> bool {
    const SAYING: [&str; 6] = ["demo", "example", "password", "sample", "sesame", "test"];
    if secret.contains("...") || secret.contains('…') {
        return true;
    }
    let mut parts = secret.split(|c: char| !c.is_alphanumeric());
    parts.any(|part| SAYING.contains(&part.to_ascii_lowercase().as_str()))
}
