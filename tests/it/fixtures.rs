//! Bodies of responses: both documented shapes, and others.

/// The integration itself, as the schema section of the page shows it.
pub(crate) const FLAT: &str = r#"{"id":"INTEGRATION_ID","brainId":"BRAIN_ID","webhookUrl":"https://my-system.com/webhook/jelou-v2","authType":"bearer","createdAt":"2023-11-07T05:31:56Z","updatedAt":"2023-11-07T05:31:56Z"}"#;

/// The integration in an envelope, as the prose of the page shows it.
pub(crate) const ENVELOPED: &str = r#"{"message":["Integration updated successfully"],"statusMessage":"success","status":1,"data":{"brainId":"PROJECT_ID","webhookUrl":"https://my-system.com/webhook/jelou-v2","createdAt":"2026-01-15T10:30:00.000Z","updatedAt":"2026-01-22T09:15:00.000Z"}}"#;

/// Fields that no section names, in and around the integration.
pub(crate) const UNKNOWN_FIELDS: &str =
    r#"{"traceId":"TRACE","status":1,"data":{"id":"INTEGRATION_ID","region":{"name":"us-east"}}}"#;

/// An undocumented authentication type.
pub(crate) const UNDOCUMENTED_AUTH_TYPE: &str = r#"{"authType":"hmac_sha256"}"#;

/// An integration that was made elsewhere.
pub(crate) const ANY_WEBHOOK_URL: &str = r#"{"webhookUrl":"http://10.0.0.1/old panel"}"#;

/// A URL other than the one that was sent.
pub(crate) const OTHER_WEBHOOK_URL: &str =
    r#"{"webhookUrl":"https://my-system.com/webhook/jelou"}"#;

/// Both shapes in one body.
pub(crate) const BOTH_SHAPES: &str = r#"{"id":"OUTER","data":{"id":"INNER"}}"#;

/// The envelope at its shortest.
pub(crate) const BARE_ENVELOPE: &str = r#"{"data":{"id":"INTEGRATION_ID"}}"#;

/// Everything above: what the document allows and the client reads.
pub(crate) const DOCUMENTED: [&str; 8] = [
    FLAT,
    ENVELOPED,
    UNKNOWN_FIELDS,
    UNDOCUMENTED_AUTH_TYPE,
    ANY_WEBHOOK_URL,
    OTHER_WEBHOOK_URL,
    BOTH_SHAPES,
    BARE_ENVELOPE,
];

/// Bodies that the document does not promise, but the client reads anyway.
pub(crate) const TOLERATED: [&str; 2] = [
    r#"{"id":null,"brainId":null,"webhookUrl":null,"authType":null,"createdAt":null,"updatedAt":null}"#,
    r#"{"createdAt":"2023-11-07 05:31:56","updatedAt":"yesterday"}"#,
];
