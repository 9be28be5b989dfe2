//! What each change of a document does to the generated Rust.

use super::super::{DOCUMENT, Outcome};
use super::repository::Repository;

/// An edit of the document: text that occurs once, and its replacement.
type Edit = (&'static str, &'static str);

const FIELD_ADDED: Edit = (
    "        brainId:\n          $ref: '#/components/schemas/BrainId'\n",
    "        brainId:\n          $ref: '#/components/schemas/BrainId'\n        region: {type: string}\n",
);
const FIELD_REMOVED: Edit = (
    "        updatedAt:\n          $ref: '#/components/schemas/Timestamp'\n",
    "",
);
const FIELD_RENAMED: Edit = (
    "        key:\n          type: string\n",
    "        name:\n          type: string\n",
);
const VALUE_ADDED: Edit = (
    "no_auth]\n      description",
    "no_auth, oauth]\n      description",
);
/// Makes a field required, so that it is always present in Rust.
const REQUIRED: Edit = (
    "      required: [data]\n",
    "      required: [data, statusMessage]\n",
);
const NULLABLE: Edit = (
    "          description: The result in one word. Only `success` is documented.\n",
    "          nullable: true\n          description: The result in one word. Only `success` is documented.\n",
);
const OPERATION_ADDED: Edit = (
    "    patch:\n",
    "    get:
      operationId: read_integration
      parameters:
        - $ref: '#/components/parameters/ProjectId'
      responses:
        '200':
          $ref: '#/components/responses/IntegrationUpdated'
    patch:
",
);
const TYPE_WIDENED: Edit = (
    "          type: integer\n          format: int64\n          description: The result as a number, 1",
    "          anyOf: [{type: integer, format: int64}, {type: string}]\n          description: The result as a number, 1",
);

/// A document of this repository before and after the edits, with one more required member.
fn repository(edits: &[Edit]) -> Repository {
    let document = include_str!("one-operation.yaml");
    let repository = Repository::with_document(&document.replacen(REQUIRED.0, REQUIRED.1, 1));
    repository.edit(DOCUMENT, edits);
    repository
}

/// What the review says of the changes, without the differences of whole files below them.
fn review(edits: &[Edit], format: &str) -> String {
    let arguments = ["HEAD", "--details", "--format", format];
    let Outcome { code, stdout, .. } = repository(edits).review(&arguments);
    assert!([0, 1].contains(&code), "{stdout}");
    let title = "What the document says and the generated client is called";
    let below = stdout.lines().position(|line| line.contains(title));
    let lines = stdout.lines().take(below.unwrap());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_field_that_is_added() {
    insta::assert_snapshot!(review(&[FIELD_ADDED], "text"), @r"
    1 harmless (1.0.0 -> 1.0.0)
    Rust: major, changed public names: 1 major
    `info.version` stays `1.0.0`, and an addition requires `1.1.0`
    the version of the crates stays `0.1.0`, and a breaking change requires `0.2.0`

    harmless[property-added/narrower]: `Integration`: the property `region` was added (openapi/external-support.yaml:284:9)
      Rust: major, the fields of the struct are public, so code may list all of them
        + field types::Integration.region: Option<String> as `region`
    ");
}

#[test]
fn a_field_that_is_removed() {
    insta::assert_snapshot!(review(&[FIELD_REMOVED], "text"), @r"
    1 breaking (1.0.0 -> 1.0.0)
    Rust: major, changed public names: 1 major
    `info.version` stays `1.0.0`, and a breaking change requires `2.0.0`
    the version of the crates stays `0.1.0`, and a breaking change requires `0.2.0`

    breaking[property-dropped/wider]: `Integration`: the property `updatedAt` was dropped
       --> openapi/external-support.yaml:294:9
        |
    293 |           $ref: '#/components/schemas/Timestamp'
    294 |         updatedAt:
        |         ^^^^^^^^^^ base
    295 |           $ref: '#/components/schemas/Timestamp'
        |
       ::: openapi/external-support.yaml:274:5
        |
    273 |
    274 |     Integration:
        |     ------------ not in the head
    275 |       type: object
        |
        = old client, new server: breaking, a client that reads it no longer finds it
        = new client, old server: harmless
        = running generated client: harmless
        = Rust: major, code that uses it no longer compiles
                - field types::Integration.updated_at: Option<::spec_first_runtime::Timestamp> as `updatedAt`
        = used by: `PATCH /v1/external-support/{projectId}`: response 200, `application/json`
    ");
}

#[test]
fn a_field_that_is_renamed() {
    insta::assert_snapshot!(review(&[FIELD_RENAMED], "text"));
}

#[test]
fn a_value_that_is_added() {
    insta::assert_snapshot!(review(&[VALUE_ADDED], "text"), @r#"
    1 harmless (1.0.0 -> 1.0.0)
    Rust: major, changed public names: 1 major
    `info.version` stays `1.0.0`, and an addition requires `1.1.0`
    the version of the crates stays `0.1.0`, and a breaking change requires `0.2.0`

    harmless[enum/wider]: `AuthType`: `"oauth"` is now allowed (openapi/external-support.yaml:218:7)
      Rust: major, the enum is exhaustive, so code may match on all variants
        + variant types::AuthType::Oauth as `oauth`
    "#);
}

#[test]
fn a_field_that_may_be_null() {
    insta::assert_snapshot!(review(&[NULLABLE], "text"));
}

#[test]
fn an_operation_that_is_added() {
    insta::assert_snapshot!(review(&[OPERATION_ADDED], "text"), @r"
    1 harmless (1.0.0 -> 1.0.0)
    Rust: minor, changed public names: 3 minor
    `info.version` stays `1.0.0`, and an addition requires `1.1.0`
    the version of the crates stays `0.1.0`, and an addition requires `0.1.1`

    harmless[operation/wider]: the operation `GET /v1/external-support/{projectId}` was added (openapi/external-support.yaml:35:5)
      Rust: minor, it is new, so no code uses it yet
        + method Client: fn read_integration(&self, project_id: impl AsRef<str>) -> operations::ReadIntegration
        + method operations::ReadIntegration: fn send(self) -> Result<Reply<types::Integration>, Error>
        + struct operations::ReadIntegration
    ");
}

#[test]
fn a_type_that_is_widened() {
    insta::assert_snapshot!(review(&[TYPE_WIDENED], "text"));
}

#[test]
fn all_of_them_in_one_comment() {
    let edits = [
        FIELD_ADDED,
        FIELD_REMOVED,
        FIELD_RENAMED,
        VALUE_ADDED,
        NULLABLE,
        OPERATION_ADDED,
        TYPE_WIDENED,
    ];
    insta::assert_snapshot!(review(&edits, "markdown"));
}
