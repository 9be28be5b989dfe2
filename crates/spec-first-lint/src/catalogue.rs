//! Lists the rules, with how severe they are and why they exist. The checks are in `rules`.

use std::fmt;
use std::sync::LazyLock;

use serde_json::Value;
use spec_first_document::Severity;

/// A lint rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Rule {
    /// The name, for example `unknown-key`.
    pub name: &'static str,
    /// The level of its findings, unless the settings say otherwise.
    pub level: Level,
    /// What it is about.
    pub topic: Topic,
    /// What the rule requires, in one sentence.
    pub summary: &'static str,
    /// What goes wrong otherwise, and for whom.
    pub why: &'static str,
}

/// How severe a finding is; a later one is more severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Style and completeness.
    Advice,
    /// Will cause trouble for people who use the document.
    Warning,
    /// The document is wrong, or cannot be implemented.
    Error,
}

impl Level {
    /// The name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Advice => Self::Advice,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Topic {
    /// The document, for everybody who reads it.
    General,
    /// Credentials and secrets, also for everybody.
    Security,
    /// What only generators of Rust code do not support.
    Rust,
    /// What only the mock server does not support.
    Mock,
}

/// Every rule, sorted by name.
pub fn rules() -> &'static [Rule] {
    RULES
}

impl Rule {
    /// A part of a document that breaks the rule, in YAML.
    pub fn wrong(&self) -> &'static str {
        self.example("wrong")
    }

    /// The same part as it should be.
    pub fn right(&self) -> &'static str {
        self.example("right")
    }

    /// Whether another crate finds what breaks the rule, which [`check`](crate::check) does not.
    pub fn is_found_elsewhere(&self) -> bool {
        matches!(self.name, "generator" | "mock")
    }

    fn example(&self, which: &str) -> &'static str {
        static EXAMPLES: LazyLock<Value> = LazyLock::new(|| {
            // Taken from the test cases, by their tests.
            serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
        });
        EXAMPLES[self.name][which].as_str().unwrap_or_default()
    }
}

macro_rules! rules {
    ($($name:literal: $level:ident $topic:ident $summary:literal $why:literal,)*) => {
        const RULES: &[Rule] = &[$(Rule {
            name: $name,
            level: Level::$level,
            topic: Topic::$topic,
            summary: $summary,
            why: $why,
        }),*];
    };
}

rules! {
    "active-markup": Warning Security
        "Texts contain no markup that a browser would execute."
        "A page that shows the text runs the markup in the browser of its reader.",
    "ambiguous-path": Error General
        "No two paths match the same requests."
        "A server cannot tell the two paths apart, so one of their operations is never reached.",
    "binary-in-json": Warning General
        "Schemas in JSON bodies do not use `format: binary`."
        "JSON has no binary values. Each reader guesses another encoding; Base64 with `format: byte` says which.",
    "body-without-meaning": Warning General
        "Messages that have no body in HTTP declare none: `GET`, `HEAD`, `DELETE`, `204`, `304`."
        "HTTP gives this body no meaning. Clients cannot send it, and proxies drop it.",
    "circular-reference": Error General
        "No reference is circular."
        "The reference leads back to itself, so there is nothing that it means.",
    "closed-response-enum": Advice General
        "No `enum` in a response breaks clients when the server adds a value."
        "The day the server sends a new value, generated clients that know the old list fail to read the whole response.",
    "component-name": Error General
        "Component names contain only letters, digits, `.`, `-` and `_`."
        "OpenAPI allows only these characters, and tools cannot make references to other names.",
    "credential-as-parameter": Warning Security
        "Credentials of a security scheme are not also declared as parameters."
        "The client sends the credential twice, and the copy among the parameters is logged and shown like any other value.",
    "default-on-required": Warning General
        "Required parameters and properties have no default."
        "A default says that the value may be left out, and `required` that it may not. Readers will believe one or the other.",
    "discriminator-branch": Warning General
        "Every branch of a schema with a discriminator is a named component."
        "A discriminator finds schemas by the names of components, so it never finds an inline one.",
    "discriminator-mapping": Warning General
        "Every discriminator value maps to one of the branches, and every branch has a value."
        "A value that leads nowhere cannot be read, and a branch without a value cannot be sent.",
    "discriminator-property": Warning General
        "Every schema selected by a discriminator defines and requires the property."
        "Without the property, nobody can tell which schema a value has.",
    "duplicate-enum-value": Warning General
        "No `enum` lists a value twice."
        "One of the two was probably meant to be another value, and generators name two members alike.",
    "duplicate-operation-id": Error General
        "Operation ids are unique."
        "Generated functions, links and documentation pages are named after operation ids, so one overwrites the other.",
    "duplicate-parameter": Error General
        "No parameter is declared twice."
        "Nobody can say which of the two declarations holds.",
    "duplicate-required": Error General
        "No `required` names a property twice."
        "JSON Schema forbids it; one of the names was probably meant to be another.",
    "duplicate-requirement": Warning Security
        "No security requirement is listed twice."
        "The second requirement adds nothing; it was probably meant to ask for something else.",
    "duplicate-server": Warning General
        "No server is listed twice."
        "Readers look for the difference between the two, and there is none.",
    "duplicate-tag": Warning General
        "No tag is declared twice, or listed twice by an operation."
        "The second declaration is ignored or shown twice, depending on the tool.",
    "empty-composition": Error General
        "`allOf`, `oneOf` and `anyOf` have branches."
        "JSON Schema forbids an empty list; no value satisfies one of no schemas.",
    "empty-content": Warning General
        "Every body has a media type, and JSON has a schema or an example."
        "Nobody can tell what to send or what to expect.",
    "empty-enum": Error General
        "Every `enum` has at least one value."
        "No value is in an empty list, so no value is valid.",
    "empty-path": Warning General
        "Every path has at least one operation."
        "Nobody can do anything with the path; an operation is missing, or the path is left over.",
    "empty-required": Error General
        "Every `required` lists at least one property."
        "OpenAPI 3.0 requires at least one name in the list. If nothing is required, the keyword is left out.",
    "empty-text": Advice General
        "No description, summary or title is empty."
        "Documentation shows a gap where the reader expects an explanation.",
    "endless-schema": Error General
        "No schema requires infinitely nested values."
        "A value would have to contain another one, without end; no finite value is valid.",
    "example-and-examples": Error General
        "`example` and `examples` are not used together."
        "OpenAPI allows only one of them, and tools differ in which one they show.",
    "example-server": Warning General
        "No server uses an example domain, and the first server is not localhost."
        "A client that takes the URL from the document calls a server that does not exist, or its own machine.",
    "excluding-limits": Error General
        "Limits do not contradict each other."
        "The lower limit is above the upper one, so no value is valid.",
    "external-reference": Advice General
        "No reference points to another file."
        "Whoever has only this file does not have the whole document.",
    "generator": Error Rust
        "The generator of Rust clients supports the whole document."
        "The generator refuses the document, or would leave out what it does not support.",
    "identical-branches": Warning General
        "No branch of `allOf`, `oneOf` or `anyOf` is listed twice."
        "In a `oneOf`, a value that matches one matches both and is invalid; elsewhere the branch was probably meant to be another.",
    "ignored-header": Warning General
        "No header that OpenAPI ignores is declared."
        "OpenAPI says that this header is not declared here, so tools ignore the declaration. Content types and credentials have their own places.",
    "impossible-enum-value": Error General
        "Every `enum` value satisfies the other keywords of its schema."
        "The list offers a value that the rest of the schema forbids, so whoever sends it is refused.",
    "impossible-property": Error General
        "Every property defined more than once in an `allOf` has a valid value."
        "The definitions of the property contradict each other, so no object that has it is valid.",
    "impossible-schema": Error General
        "Every schema has a valid value."
        "The keywords contradict each other: nobody can send a valid value.",
    "indirect-reference": Advice General
        "References point to components, not to parts of other objects."
        "The reference breaks when somebody reorders or moves the part that it points into.",
    "inline-schema": Advice General
        "Object and `enum` schemas are named components."
        "Tools have to invent a name for the type, which changes when the document does.",
    "invalid-default": Error General
        "Every default is valid against its schema."
        "A server that fills in the default produces a value that its own contract forbids.",
    "invalid-example": Error General
        "Every example is valid against its schema, in the direction in which it is sent."
        "Readers copy the example, and mock servers send it. Either the example or the schema is wrong.",
    "invalid-expression": Error General
        "Parameters of links that start with `$` are runtime expressions."
        "Nobody can evaluate the expression, so the link cannot be followed.",
    "invalid-ignore": Warning General
        "Every `x-lint-ignore` is a list of rules, or an object with a reason for each."
        "It is unknown what to ignore, so the finding that was meant is still reported.",
    "invalid-pattern": Error General
        "Every `pattern` is a valid ECMA-262 regular expression."
        "Validators reject the whole schema, or skip the check without a word.",
    "invalid-status": Error General
        "Every key of `responses` is a status code, a range such as `4XX`, or `default`."
        "No server sends such a status, so the response is never used.",
    "live-secret": Error Security
        "The document contains nothing that looks like a real secret."
        "Whoever can read the document can use the secret, also after it is removed: it stays in the history.",
    "media-type-form": Error General
        "Every key of `content` is a valid media type."
        "No request or response has a content type of this form, so the body is never read.",
    "missing-401": Advice Security
        "Every operation that requires credentials documents a `401` response."
        "Clients that are not told treat an expired credential like any other failure.",
    "missing-contact": Advice General
        "The document has a contact with a URL or an email address."
        "Somebody who finds an error in the API does not know where to report it.",
    "missing-description": Advice General
        "Every object that can have a description has one."
        "A name alone leaves its reader guessing at units, defaults and effects.",
    "missing-example": Advice General
        "Every parameter, header, body and named schema has an example."
        "An example shows the form of a value faster than any description, and mock servers answer with it.",
    "missing-items": Error General
        "Every array has `items`."
        "OpenAPI 3.0 requires `items`. Without it, generators do not know what the list contains.",
    "missing-key": Error General
        "No key that OpenAPI requires is missing."
        "OpenAPI requires the key; tools refuse the document, or fill in something.",
    "missing-license": Advice General
        "The document has a license with a URL."
        "Without a license, nobody may use the document to build a client.",
    "missing-operation-id": Warning General
        "Every operation has an `operationId`."
        "Generated functions are named after the path instead, and all change their names when it does.",
    "missing-schema": Advice General
        "Every media type has a schema."
        "Nobody learns what the body looks like, and nothing can check it.",
    "missing-security": Advice Security
        "Every operation declares which credentials it requires, or that it requires none."
        "An operation that says nothing is public. It may be forgotten rather than meant.",
    "missing-server": Advice General
        "The document has at least one server."
        "Clients have to be told the address of the API in some other way.",
    "missing-summary": Advice General
        "Every operation has a summary."
        "Lists of operations in documentation and editors show a path where a short sentence would help.",
    "missing-tag": Advice General
        "Every operation has at least one tag."
        "Documentation and generators group operations by tag; this one is in no group.",
    "missing-tag-declaration": Advice General
        "A document whose operations have tags declares them."
        "Tags without a declaration have no description, and are shown in a random order.",
    "missing-type": Warning General
        "Schemas with type-specific keywords declare the `type`."
        "The keywords apply to values of one type only: a value of any other type is valid, too.",
    "misspelt-format": Warning General
        "No `format` is a misspelling of a registered one."
        "Tools ignore a format that they do not know, so nothing checks the value that was meant to be checked.",
    "mock": Warning Mock
        "The mock server can serve the whole document as it is written."
        "The mock server leaves out or ignores what it does not understand, so that answers and refusals differ from the document.",
    "negative-limit": Error General
        "No limit is negative, and `multipleOf` is positive."
        "Nothing has a negative length, so the limit has no effect or the schema is refused.",
    "never-sent": Warning General
        "No `readOnly` property is used only in requests, and no `writeOnly` property only in responses."
        "The property is described, but no message may contain it.",
    "newer-openapi": Error General
        "The document does not use features of OpenAPI 3.1 or other JSON Schema dialects."
        "The document says that it is OpenAPI 3.0, so tools do not understand what a later version added.",
    "no-client-error": Advice General
        "Every operation documents a client error response."
        "Callers do not learn how the API reports that their request is wrong.",
    "no-success": Warning General
        "Every operation documents a success response."
        "Callers do not learn what they get when everything goes well, and generated functions return nothing.",
    "nullable-enum": Warning General
        "The `enum` of a nullable schema allows `null`."
        "`null` is allowed by one keyword and forbidden by the other; validators forbid it.",
    "nullable-without-type": Warning General
        "`nullable` is used together with `type`."
        "Without `type`, the keyword has no effect: whether `null` is allowed depends on the tool.",
    "openapi-version": Error General
        "The document is OpenAPI 3.0, 3.1 or 3.2."
        "The rules are written for certain versions of OpenAPI, and would report nonsense for others.",
    "operation-id-case": Advice Rust
        "Every `operationId` is in `snake_case`."
        "Rust functions are in `snake_case`: the function gets another name than the operation.",
    "operation-id-characters": Warning General
        "Every `operationId` has only characters that a URL can contain."
        "Documentation links to operations by their ids, and generators derive names from them.",
    "optional-path-parameter": Error General
        "Every path parameter is required."
        "A URL without the parameter is the URL of another path, so it is always required.",
    "overlapping-branches": Warning General
        "No value matches two branches of a `oneOf`."
        "A value that matches two branches matches no `oneOf`: valid-looking messages are refused.",
    "path-form": Error General
        "Paths start with a slash and consist of non-empty segments with balanced braces."
        "Tools append the path to the URL of a server and fill in its parameters; of another form, it cannot be matched.",
    "placeholder-text": Advice General
        "No text is a placeholder or only repeats the name."
        "The text says nothing that the name does not say, and looks as if somebody had written documentation.",
    "plain-http": Warning Security
        "Server and token URLs use HTTPS, except on localhost."
        "Everybody on the way can read and change what is sent, including credentials.",
    "read-only-write-only": Error General
        "No schema is both `readOnly` and `writeOnly`."
        "A value that is in neither requests nor responses is nowhere.",
    "ref-sibling": Warning General
        "`$ref` has no siblings, which would be ignored."
        "In OpenAPI 3.0, everything beside `$ref` is ignored: the text or the limit written there has no effect.",
    "relative-address": Advice General
        "Links to web pages are absolute URLs."
        "The link works only where the document itself is published.",
    "relative-server": Advice General
        "Server URLs are absolute."
        "The URL is relative to where the document lies: whoever reads a copy calls another host.",
    "repeated-base-path": Warning General
        "Paths do not repeat the base path of the server URL."
        "Clients append the path to the URL of the server, and call it with the prefix twice.",
    "schema-or-content": Error General
        "Parameters and headers have either a `schema` or exactly one `content` entry."
        "OpenAPI requires exactly one of them; with both or neither, the value cannot be written.",
    "secret-in-response": Warning Security
        "No response contains a secret."
        "Responses are logged, cached and shown; a secret in them reaches more people than its owner.",
    "secret-in-url": Warning Security
        "No secret is sent in a path or query."
        "URLs are written to logs, histories and `Referer` headers, and a secret with them.",
    "secret-not-write-only": Advice Security
        "Secrets in requests are `writeOnly`."
        "Without `writeOnly`, the secret is part of responses as well.",
    "secret-without-format": Advice Security
        "Secrets in requests have the format `password`."
        "Tools hide and redact what has the format `password`; this value is shown and logged.",
    "server-url": Error General
        "Server URLs have a scheme or start with a slash, and have no query, fragment or credentials."
        "Clients append paths to this URL; what they get does not address the API.",
    "server-variable": Error General
        "Server variables are defined, used, and have a default that their `enum` allows."
        "Clients cannot fill in the URL of the server.",
    "similar-operation-id": Warning General
        "Operation ids stay unique in `snake_case`."
        "Generators change the case of names, so one function overwrites the other or gets a number.",
    "too-few-branches": Advice General
        "`allOf`, `oneOf` and `anyOf` have more than one branch."
        "A composition of one schema says the same as the schema alone, and generators make another type for it.",
    "trailing-slash": Warning General
        "No path and no URL of a server ends with a slash."
        "A path with and one without the slash are different: callers who forget it get a redirect or `404`. Behind the slash of a server, a path begins with a second one.",
    "unclear-body": Advice General
        "Every request body sets `required` explicitly."
        "The body is optional if nothing is said, which is rarely meant.",
    "undeclared-example-property": Warning General
        "No example has a property that its schema does not define."
        "The name is misspelt in the example, or missing in the schema; readers copy it either way.",
    "undeclared-path-parameter": Error General
        "Every parameter in a path template is declared."
        "Clients do not know what to put into the path.",
    "undeclared-tag": Warning General
        "Every tag of an operation is declared, if the document declares tags."
        "The document declares its tags, so a name that is not among them is probably misspelt.",
    "undefined-required": Warning General
        "Every required property is defined."
        "Callers must send a property of which they know nothing; the name is probably misspelt.",
    "undefined-scheme": Error Security
        "Every security requirement refers to a declared scheme."
        "Clients do not know which credentials to send.",
    "unexplained-deprecation": Advice General
        "Every deprecation says what to use instead."
        "Callers learn that they must change something, but not to what.",
    "unknown-format": Advice General
        "Every `format` is registered."
        "Tools ignore a format that they do not know, so nothing checks the value.",
    "unknown-http-scheme": Warning Security
        "Every HTTP authentication scheme is registered."
        "Clients know how to send credentials for registered schemes only.",
    "unknown-key": Error General
        "Every key is defined by OpenAPI or starts with `x-`."
        "Tools ignore the key, so what it says has no effect; it is probably misspelt or in the wrong place.",
    "unknown-link": Error General
        "Every link refers to an existing operation."
        "Nobody can follow a link to an operation that does not exist.",
    "unknown-media-type": Warning General
        "Media types begin with a registered type, such as `application` or `text`."
        "Nobody else sends this media type, so the body is hardly ever read.",
    "unknown-path-parameter": Error General
        "Every declared path parameter appears in the path template."
        "The parameter has no place in the path, so it is never sent.",
    "unknown-scope": Error Security
        "Every scope is declared by its security scheme."
        "Clients cannot ask for a scope that the scheme does not have.",
    "unproven-branches": Advice General
        "The branches of a `oneOf` can be proved to exclude each other."
        "If a value can match two branches, it matches no `oneOf`; a property that tells the branches apart rules that out.",
    "unquoted-status": Advice General
        "Status codes are strings, in quotes."
        "A number is not a string: strict readers of YAML refuse the document, although most tools convert it.",
    "unresolved-reference": Error General
        "Every reference resolves."
        "What is meant is nowhere, so the part cannot be implemented.",
    "unused-component": Warning General
        "Every component is used."
        "The component is left over, or the reference that was meant to use it is misspelt.",
    "unused-tag": Advice General
        "Every declared tag is used by an operation."
        "Documentation shows a group with nothing in it.",
    "useless-401": Advice Security
        "Operations without security do not document a `401` response."
        "Without credentials none can be wrong; either the response or the security requirement is missing something.",
    "useless-discriminator": Warning General
        "Every discriminator has schemas to select from."
        "There is nothing to select from, so readers ignore the discriminator.",
    "useless-encoding": Warning General
        "`encoding` is used only for properties of forms."
        "The encoding is ignored for this media type or property.",
    "useless-ignore": Advice General
        "Every `x-lint-ignore` names rules that report something there."
        "The entry hides nothing today, and may hide a mistake tomorrow.",
    "useless-keyword": Warning General
        "Every keyword has an effect."
        "The keyword does not apply to values of this type, so what it demands is never checked.",
    "value-and-external-value": Error General
        "`value` and `externalValue` are not used together."
        "OpenAPI allows only one of them, and tools differ in which one they show.",
    "wrong-format": Warning General
        "Every `format` applies to the declared type."
        "The format does not apply to the type, so it is ignored or the schema is refused.",
    "wrong-reference": Error General
        "Every reference points to the kind of object expected there."
        "The reference leads to an object of another kind, which cannot be read here.",
    "wrong-value": Error General
        "Every value has the type that OpenAPI requires."
        "OpenAPI requires a value of another type; tools refuse the document, or guess.",
}
