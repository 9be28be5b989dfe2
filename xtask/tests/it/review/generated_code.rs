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

/// The document has one more required member than the one of this repository, so that it can lose that.
#[test]
fn each_change_is_shown_with_its_effect_on_the_client() {
    let document = include_str!("one-operation.yaml").replacen(REQUIRED.0, REQUIRED.1, 1);
    let repository = Repository::with_document(&document);
    let edits = [
        FIELD_ADDED,
        FIELD_REMOVED,
        FIELD_RENAMED,
        VALUE_ADDED,
        NULLABLE,
        OPERATION_ADDED,
        TYPE_WIDENED,
    ];
    repository.edit(DOCUMENT, &edits);
    let Outcome { code, stdout, .. } =
        repository.review(&["HEAD", "--details", "--format", "markdown"]);
    assert_eq!(code, 1, "{stdout}");
    // The differences of whole files are below.
    let title = "What the document says and the generated client is called";
    let below = stdout.lines().position(|line| line.contains(title));
    let lines: Vec<&str> = stdout.lines().take(below.unwrap()).collect();
    insta::assert_snapshot!(lines.join("\n"));
}
