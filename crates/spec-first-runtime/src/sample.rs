//! The API of the tests.

use bytes::Bytes;

use crate::{
    Answer, Api, Call, Client, Credentials, Envelope, Marker, Operation, OperationCall, ReadResult,
    RetryPolicy, SecurityScheme, Timestamp,
};

pub(crate) static API: Api = Api::new(crate::package!())
    .servers(&["https://api.example.com/v1"])
    .secret_properties(&["authorization"])
    .error_messages(&["clientMessages", "developerMessages", "validationError"])
    .operations(&[Operation::new("update_item", "PATCH", "/items/{itemId}")
        .security(&[
            &[("ApiKey", SecurityScheme::ApiKeyHeader("x-api-key"))],
            &[("Client", SecurityScheme::HttpBasic)],
        ])
        .idempotent(true)]);

crate::path_segment! {
    /// The identifier of an item.
    ItemId
}

/// What the API returns, bare or under `data`.
#[derive(Clone, Debug, Default, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) auth_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) brain_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) webhook_url: Option<String>,
}

/// An update of an item.
#[derive(Clone, Debug)]
pub(crate) struct Update {
    pub(crate) call: Call,
}

crate::operation_call!(Update -> Item);

impl OperationCall for Update {
    type Value = Item;
    const API: &'static Api = &API;
    const INDEX: usize = 0;

    fn into_call(self) -> Call {
        self.call
    }

    fn read(answer: &Answer<'_>) -> ReadResult<Item> {
        answer.enveloped(&ENVELOPE, Some(Item::default))
    }
}

pub(crate) const ENVELOPE: Envelope = Envelope::new(
    "data",
    &[
        ("status", Marker::Number(1)),
        ("statusMessage", Marker::Text("success")),
    ],
);

pub(crate) static FILES: Api =
    Api::new(crate::package!()).operations(&[Operation::new("get_file", "GET", "/file")
        .security(&[&[("key", SecurityScheme::ApiKeyHeader("x-api-key"))]])
        .idempotent(true)
        .accept("application/json")]);

/// A call that reads bytes.
#[derive(Clone, Debug)]
pub(crate) struct GetFile {
    pub(crate) call: Call,
}

crate::operation_call!(GetFile -> Bytes, streaming "application/zip, application/json");

impl OperationCall for GetFile {
    type Value = Bytes;
    const API: &'static Api = &FILES;
    const INDEX: usize = 0;

    fn into_call(self) -> Call {
        self.call
    }

    fn read(answer: &Answer<'_>) -> ReadResult<Bytes> {
        answer.bytes()
    }
}

/// A client that sends nothing unless it is told to.
pub(crate) fn client(credentials: Credentials) -> Client {
    Client::builder(&API, credentials)
        .base_url("http://127.0.0.1:1/v1")
        .retry(RetryPolicy::never())
        .build()
        .expect("the client of the tests can be built")
}
