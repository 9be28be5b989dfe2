//! Security schemes and servers.

use super::check;

#[test]
fn unsupported_security_schemes_are_reported() {
    check(
        "{type: apiKey, in: header,",
        "{type: apiKey, in: query,",
        "/components/securitySchemes/Key",
        "does not support the security scheme",
    );
    check(
        "scheme: basic",
        "scheme: bearer",
        "/components/securitySchemes/Basic",
        "does not support the security scheme",
    );
    check(
        "  - Key: []\n  - Basic: []",
        "  - Key: []\n    Basic: []",
        "/security/0",
        "several schemes at once",
    );
    check(
        "  - Basic: []",
        "  - Basik: []",
        "/security/1/Basik",
        "unknown security scheme `Basik`",
    );
}

#[test]
fn unsupported_servers_are_reported() {
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
