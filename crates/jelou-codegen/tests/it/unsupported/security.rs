//! Credentials and servers.

use super::check;

#[test]
fn a_credential_that_the_client_does_not_know_is_found() {
    check(
        "{type: apiKey, in: header,",
        "{type: apiKey, in: query,",
        "/components/securitySchemes/Key",
        "no credential",
    );
    check(
        "scheme: basic",
        "scheme: bearer",
        "/components/securitySchemes/Basic",
        "no credential",
    );
    check(
        "  - Key: []\n  - Basic: []",
        "  - Key: []\n    Basic: []",
        "/security/0",
        "several schemes together",
    );
    check(
        "  - Basic: []",
        "  - Basik: []",
        "/security/1/Basik",
        "no security scheme `Basik`",
    );
}

#[test]
fn servers_that_the_client_cannot_follow_are_found() {
    check(
        "      tags: [toys]\n",
        "      servers: [{url: 'https://toys.example'}]\n",
        "/paths/~1pets~1{petId}~1toys~1{toyId}/delete/servers",
        "servers of the document",
    );
    check(
        "https://pets.example/api",
        "https://{zone}.example",
        "/servers/0/url",
        "variables",
    );
}
