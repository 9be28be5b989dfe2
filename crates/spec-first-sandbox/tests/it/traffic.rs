//! What the exchanges with a real server say about decisions that the document rests on.

use spec_first_sandbox::Options;

use crate::{
    http::{send, start_with},
    proxy::{KEY, PARCELS, response, upstream},
};

#[tokio::test]
async fn the_traffic_supports_and_contradicts_decisions() {
    let parcel = "/components/schemas/Parcel";
    let responses = "/paths/~1parcels~1{id}/put/responses";
    let decisions = [
        ("an integer", format!("{parcel}/properties/weight/type")),
        ("closed", format!("{parcel}/additionalProperties")),
        ("no colour", format!("{parcel}/properties/colour")),
        ("no teapot", format!("{responses}/418")),
        ("found", format!("{responses}/200")),
        ("key", "/components/securitySchemes/Key/in".to_owned()),
        (
            "protected",
            "/paths/~1parcels~1{id}/put/security".to_owned(),
        ),
        (
            "json",
            format!("{responses}/200/content/application~1json/schema"),
        ),
        (
            "a number",
            "/paths/~1parcels~1{id}/parameters/0/schema/type".to_owned(),
        ),
    ];
    let json = "Content-Type: application/json";
    let ok = |body: &str| response(&format!("200 OK\r\n{json}"), body);
    let fits = "{\"weight\":1}";
    for (received, headers, body, expected) in [
        (
            ok(fits),
            &[KEY][..],
            fits,
            "+a number +an integer +closed +found +json +key +protected",
        ),
        // The server answers with what the document excludes.
        (
            ok("{\"weight\":\"1\",\"colour\":1}"),
            &[KEY],
            fits,
            "+a number -an integer -closed +found +json +key -no colour +protected",
        ),
        // It accepts what the document excludes, without credentials.
        (
            response("204 No Content", ""),
            &[],
            "{\"weight\":\"1\"}",
            "+a number -an integer -protected",
        ),
        // It refuses what the document excludes.
        (
            response("400 Bad Request", ""),
            &[KEY],
            "{\"weight\":\"1\"}",
            "+an integer",
        ),
        // It refuses what the document allows: why is not known.
        (response("422 Unprocessable", ""), &[KEY], fits, ""),
        (response("401 Unauthorized", ""), &[], fits, "+protected"),
        (response("418 Teapot", ""), &[KEY], fits, "-no teapot"),
        (
            response("200 OK\r\nContent-Type: text/html", "<p>"),
            &[KEY],
            "",
            "+a number -found -json +key +protected",
        ),
    ] {
        let server = upstream(received.clone());
        let options = Options::new("parcels.yaml", PARCELS).decisions(decisions.clone());
        let sandbox = start_with(options.proxy(server.origin().parse().unwrap())).await;
        send(&sandbox, "PUT", "/v1/parcels/1", headers, body).await;
        let traffic = sandbox.traffic();
        let signs = traffic.decisions.iter().map(|(name, decision)| {
            assert_eq!(decision.supported + decision.contradicted, 1);
            let sign = if decision.contradicted > 0 { '-' } else { '+' };
            format!("{sign}{name}")
        });
        let signs: Vec<_> = signs.collect();
        assert_eq!(signs.join(" "), expected, "{received}");
    }
}
