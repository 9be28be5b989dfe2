//! The secrets of a request that was sent, which a server may echo.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use url::form_urlencoded;

use crate::{Api, Credentials, Secret};

/// The secrets of a request. Those in the credentials and the body are looked up only where something might show one.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) api: &'static Api,
    pub(crate) credentials: Arc<Credentials>,
    pub(crate) body: Bytes,
    /// Whether all of the body is secret.
    pub(crate) is_secret_body: bool,
    /// The secrets in parameters and in the parts of a multipart form.
    pub(crate) others: Vec<Secret>,
}

impl Sent {
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let mut secrets = self.credentials.secrets();
        collect_secrets(self.api, &self.body, self.is_secret_body, &mut secrets);
        secrets.extend_from_slice(&self.others);
        secrets
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sent").finish_non_exhaustive()
    }
}

/// The secrets in the body of a request: what the document marks as secret. If `is_secret`, that is all of it, whether it is JSON, a
/// form or any text.
pub(crate) fn collect_secrets(api: &Api, body: &[u8], is_secret: bool, secrets: &mut Vec<Secret>) {
    if let Ok(body) = serde_json::from_slice(body) {
        match is_secret {
            true => collect_all(&body, secrets),
            false => collect_from(api, &body, secrets),
        }
    } else if let Ok(text) = std::str::from_utf8(body) {
        for (name, value) in form_urlencoded::parse(body) {
            match is_secret {
                true => secrets.extend((!value.is_empty()).then(|| (*value).into())),
                false => collect_from_text(api, &name, &value, secrets),
            }
        }
        secrets.extend((is_secret && !text.is_empty()).then(|| text.into()));
    }
}

/// The secrets in the text `value` of a form or a part. In `name[key]`, each name counts.
pub(crate) fn collect_from_text(api: &Api, name: &str, value: &str, secrets: &mut Vec<Secret>) {
    let is_secret = name.split(['[', ']']).any(|name| api.is_secret(name));
    match serde_json::from_str(value) {
        Ok(value @ (Value::Object(_) | Value::Array(_) | Value::String(_))) if is_secret => {
            collect_all(&value, secrets)
        }
        Ok(value) if !is_secret => collect_from(api, &value, secrets),
        _ if is_secret => {
            // It may be a list.
            let items = value
                .split([',', '|', ' '])
                .filter(|item| item.len() >= SHORTEST);
            secrets.extend([value].into_iter().chain(items).map(Secret::from));
        }
        _ => {}
    }
}

/// The texts and numbers anywhere in `value` under the name of a secret property.
pub(crate) fn collect_from(api: &Api, value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match api.is_secret(name) {
                    true => collect_all(member, secrets),
                    false => collect_from(api, member, secrets),
                }
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| collect_from(api, item, secrets)),
        _ => {}
    }
}

/// The texts and numbers anywhere in `value`. A number of a few digits would be found in every text.
pub(crate) fn collect_all(value: &Value, secrets: &mut Vec<Secret>) {
    match value {
        Value::Object(members) => members
            .values()
            .for_each(|member| collect_all(member, secrets)),
        Value::Array(items) => items.iter().for_each(|item| collect_all(item, secrets)),
        Value::String(text) => secrets.push(text.as_str().into()),
        Value::Number(number) => {
            let text = number.to_string();
            secrets.extend((text.len() >= SHORTEST).then(|| Secret::from(text)));
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The number of characters from which a number or a part of a text is looked for.
const SHORTEST: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &'static str, expected: &[&str]) {
        check_body(body, false, expected);
    }

    #[track_caller]
    fn check_body(body: &'static str, is_secret_body: bool, expected: &[&str]) {
        let sent = Sent {
            api: &crate::sample::API,
            credentials: Arc::new(Credentials::api_key("API_KEY")),
            body: Bytes::from_static(body.as_bytes()),
            is_secret_body,
            others: vec!["other".into()],
        };
        let secrets = sent.secrets();
        let secrets: Vec<_> = secrets.iter().map(Secret::expose).collect();
        let expected = [&["API_KEY"], expected, &["other"]].concat();
        assert_eq!(secrets, expected, "{body}");
    }

    #[test]
    fn only_the_secret_members_of_a_body_are_secrets() {
        check(
            r#"[{"authorization":"a","webhookUrl":"b","x":{"authorization":"c"}}]"#,
            &["a", "c"],
        );
        // A list, a map, a number, and what only the client sends.
        check(
            r#"{"authorization":["d",{"e":"f"},12345,7,true,null],"other":["g",67890]}"#,
            &["d", "f", "12345"],
        );
    }

    #[test]
    fn everything_in_a_secret_body_is_secret() {
        let check = |body, expected: &[&str]| check_body(body, true, expected);
        check(r#""hunter2""#, &["hunter2"]);
        check(r#"{"a":"b","c":["d"]}"#, &["b", "d"]);
        check("a=b%20c&d=", &["b c", "a=b%20c&d="]);
        check("hunter 2", &["hunter 2"]);
        check("", &[]);
    }

    #[test]
    fn a_form_has_secrets_too() {
        check(
            "user=ada&authorization=p%26ss+w%C3%B6rd&note=x",
            &["p&ss wörd", "p&ss", "wörd"],
        );
        check(
            "authorization[0]=a&x[authorization]=b&x[c]=d&authorization=one1,two",
            &["a", "b", "one1,two", "one1"],
        );
        check(
            r#"x={"authorization":"a","b":"c"}&authorization={"d":"e"}&authorization=12"#,
            &["a", "e", "12"],
        );
        check("authorization=\"quoted\"", &["quoted"]);
        check("\u{1F}=", &[]);
    }
}
