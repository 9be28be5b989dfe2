//! Credentials in the forms that real APIs use.

use spec_first_sandbox::Options;

use crate::http::{options, send, start_with};

const DOCUMENT: &str = "
openapi: 3.0.3
info: {title: Keys, version: '1'}
paths:
  /key: {get: {security: [{key: []}], responses: {'204': {description: Accepted}}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Authorization}
";

async fn statuses(options: Options, given: &[&str]) -> Vec<u16> {
    let sandbox = start_with(options).await;
    let mut statuses = Vec::new();
    for value in given {
        let reply = send(&sandbox, "GET", "/key", &[("authorization", value)], "").await;
        statuses.push(reply.status);
    }
    statuses
}

#[tokio::test]
async fn a_key_may_follow_the_name_of_a_scheme() {
    let given = ["KEY", "Bearer KEY", "OAuth  KEY", "Bearer OTHER", "Bearer"];
    let any = statuses(options(DOCUMENT), &given).await;
    assert_eq!(any, [204; 5]);
    let accepted = options(DOCUMENT).api_key("KEY");
    let one = statuses(accepted, &given).await;
    assert_eq!(one, [204, 204, 204, 401, 401]);
}
