use super::*;

/// Without a body, and where only headers are looked at.
fn request(headers: &mut HeaderMap) -> Unauthenticated<'_> {
    Unauthenticated {
        body: Some(b""),
        headers,
        query: Box::leak(Box::default()),
        cookies: Box::leak(Box::default()),
    }
}

#[test]
fn a_signing_secret_signs_the_body_and_is_not_sent() {
    const SIGNATURE: crate::Signature = crate::Signature::hmac_sha256("x-sig", "v1=");
    let operation =
        Operation::new("", "", "").security(&[&[("s", SecurityScheme::Signature(SIGNATURE))]]);
    let secret = Secret::from("canary");
    let mut headers = HeaderMap::new();
    let mut signed = request(&mut headers);
    signed.body = Some(b"body");
    Credentials::api_key("key")
        .and(Credentials::signing_secret(secret.clone()))
        .apply(&operation, &mut signed)
        .unwrap();
    assert_eq!(headers.len(), 1);
    assert_eq!(headers["x-sig"], SIGNATURE.sign(&secret, b"body").as_str());
    let mut stream = request(&mut headers);
    stream.body = None;
    let signed = Credentials::signing_secret("canary").apply(&operation, &mut stream);
    signed.unwrap_err();
    let key = Credentials::api_key("key").apply(&operation, &mut request(&mut headers));
    key.unwrap_err();
    Credentials::signing_secret("").check().unwrap_err();
}

#[test]
fn what_no_header_can_carry_is_refused_without_being_shown() {
    for credentials in [
        Credentials::api_key(""),
        Credentials::api_key("canary\n"),
        Credentials::client("", ""),
        Credentials::client("id:canary", "canary"),
    ] {
        let error = credentials.check().unwrap_err();
        assert!(
            !format!("{error} {error:?}").contains("canary"),
            "{error:?}"
        );
    }
}

#[test]
fn a_header_with_a_credential_is_marked_sensitive() {
    let operation = Operation::new("", "", "").security(&[&[("basic", SecurityScheme::HttpBasic)]]);
    let mut headers = HeaderMap::new();
    Credentials::client("id", "secret")
        .apply(&operation, &mut request(&mut headers))
        .unwrap();
    assert_eq!(headers[AUTHORIZATION], "Basic aWQ6c2VjcmV0");
    assert!(headers[AUTHORIZATION].is_sensitive());
}

#[test]
fn an_open_operation_gets_no_credential() {
    let operation = Operation::new("", "", "").security(&[]);
    let mut headers = HeaderMap::new();
    Credentials::api_key("key")
        .apply(&operation, &mut request(&mut headers))
        .unwrap();
    assert!(headers.is_empty());
}

#[test]
fn credentials_of_the_wrong_kind_are_refused() {
    let operation =
        Operation::new("", "GET", "/").security(&[&[("basic", SecurityScheme::HttpBasic)]]);
    let error = Credentials::api_key("key")
        .apply(&operation, &mut request(&mut HeaderMap::new()))
        .unwrap_err();
    assert!(error.to_string().contains("`GET /`"), "{error}");
}

const KEY: (&str, SecurityScheme) = ("key", SecurityScheme::ApiKeyQuery("api key"));
const SESSION: (&str, SecurityScheme) = ("session", SecurityScheme::ApiKeyCookie("session"));
/// A parameter that the call sets, too.
const REPLACING: (&str, SecurityScheme) = ("a", SecurityScheme::ApiKeyQuery("a"));
const TOKEN: (&str, SecurityScheme) = ("token", SecurityScheme::Bearer);

/// What is sent: the query, the cookies and `Authorization`.
fn sent(
    credentials: &Credentials,
    security: &'static [&'static [(&'static str, SecurityScheme)]],
) -> Result<(String, String, String), Error> {
    let operation = Operation::new("", "GET", "/").security(security);
    let (mut headers, mut query, mut cookies) = (HeaderMap::new(), "a=b".to_owned(), String::new());
    let mut request = Unauthenticated {
        body: Some(b""),
        headers: &mut headers,
        query: &mut query,
        cookies: &mut cookies,
    };
    credentials.apply(&operation, &mut request)?;
    let authorization = headers.get(AUTHORIZATION);
    let authorization = authorization.map_or("", |value| value.to_str().unwrap());
    Ok((query, cookies, authorization.to_owned()))
}

#[test]
fn several_credentials_are_sent_together() {
    let both = Credentials::api_key("k&y").and(Credentials::bearer("t"));
    let text = |(a, b, c): (&str, &str, &str)| (a.to_owned(), b.to_owned(), c.to_owned());
    let expected = text(("a=b&api%20key=k%26y", "", "Bearer t"));
    assert_eq!(sent(&both, &[&[KEY, TOKEN]]).unwrap(), expected);
    assert_eq!(
        sent(&both, &[&[REPLACING]]).unwrap(),
        text(("a=k%26y", "", ""))
    );
    // The first alternative that is satisfied whole.
    let token = Credentials::bearer_from(|| Secret::from("t"));
    assert_eq!(
        sent(&token, &[&[KEY, TOKEN], &[TOKEN]]).unwrap(),
        text(("a=b", "", "Bearer t"))
    );
    sent(&token, &[&[KEY, TOKEN]]).unwrap_err();
    assert_eq!(sent(&token, &[&[KEY], &[]]).unwrap(), text(("a=b", "", "")));
    assert_eq!(
        sent(
            &Credentials::none(),
            &[&[("tls", SecurityScheme::MutualTls)]]
        )
        .unwrap()
        .0,
        "a=b"
    );
    sent(&Credentials::none(), &[&[KEY]]).unwrap_err();
}

#[test]
fn a_credential_for_a_scheme_is_not_used_for_another() {
    let session = Credentials::api_key("s").for_scheme("session");
    let (query, cookies, _) = sent(
        &session.clone().and(Credentials::api_key("k")),
        &[&[KEY, SESSION]],
    )
    .unwrap();
    assert_eq!(
        (query.as_str(), cookies.as_str()),
        ("a=b&api%20key=k", "session=s")
    );
    sent(&session, &[&[KEY]]).unwrap_err();
}

#[test]
fn a_key_can_be_a_user_name() {
    const BASIC: (&str, SecurityScheme) = ("basic", SecurityScheme::HttpBasic);
    for (password, expected) in [("", "Basic Y2FuYXJ5Og=="), ("x", "Basic Y2FuYXJ5Ong=")] {
        let credentials = Credentials::client("canary", password);
        let (_, _, authorization) = sent(&credentials, &[&[BASIC]]).unwrap();
        assert_eq!(authorization, expected);
        let secrets = credentials.secrets();
        assert!(secrets.contains(&"canary".into()) && !secrets.contains(&"".into()));
        assert!(!format!("{credentials:?}").contains("canary"));
    }
    let (_, _, authorization) = sent(&Credentials::client("", "p"), &[&[BASIC]]).unwrap();
    assert_eq!(authorization, "Basic OnA=");
    let user = Credentials::client("ada", "canary");
    assert_eq!(
        format!("{user:?}"),
        r#"Client { id: "ada", secret: [redacted] }"#
    );
    assert!(!user.secrets().contains(&"ada".into()));
}

#[test]
fn a_cookie_is_sent_as_it_was_copied() {
    for (key, expected) in [
        ("s%3Aabc.sig", "session=s%3Aabc.sig"),
        ("a=b;c\"%", "session=a=b%3Bc%22%25"),
    ] {
        let (_, cookies, _) = sent(&Credentials::api_key(key), &[&[SESSION]]).unwrap();
        assert_eq!(cookies, expected);
    }
}

#[test]
fn an_empty_token_is_refused() {
    let token = Credentials::bearer_from(|| Secret::from(""));
    let error = sent(&token, &[&[TOKEN]]).unwrap_err();
    assert_eq!(error.to_string(), "the token cannot be used: it is empty");
}

#[test]
fn a_key_with_the_name_of_its_scheme_is_recognised_without_it() {
    let secrets = Credentials::api_key("acme-v1 SECRET").secrets();
    assert!(secrets.iter().any(|secret| secret.expose() == "SECRET"));
}
