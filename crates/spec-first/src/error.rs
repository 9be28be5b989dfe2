//! What keeps a command from being done.

use std::io;
use std::process::ExitStatus;

use spec_first_document::Finding;
use spec_first_sandbox::{StartError, UnknownUpstream};

/// An error of the command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read or written.
    #[error("cannot {action} `{path}`")]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: String,
        /// Why it failed.
        source: io::Error,
    },

    /// A document or an acknowledgement is invalid; the finding says where.
    #[error(transparent)]
    Document(Box<Finding>),

    /// A file is not UTF-8.
    #[error(
        "`{path}`{revision} is not UTF-8 text (line {line}, byte {byte}); save it in that encoding"
    )]
    NotText {
        /// The file.
        path: String,
        /// Where it is, in words to follow the path.
        revision: String,
        /// The line, counted from one.
        line: usize,
        /// The byte in the line, counted from one.
        byte: usize,
    },

    /// A document does not exist.
    #[error("there is no `{path}`{revision}")]
    NoDocument {
        /// The file.
        path: String,
        /// Where it was looked for, in words to follow the path.
        revision: String,
    },

    /// A document that the configuration lists does not exist.
    #[error("there is no `{path}`{revision}, which `documents` in `spec-first.toml` lists")]
    NoListedDocument {
        /// The file.
        path: String,
        /// Where it was looked for, in words to follow the path.
        revision: String,
    },

    /// A document is in the repository, but not in the working tree.
    #[error("`{path}` is not checked out (sparse checkout)")]
    NotCheckedOut {
        /// The file.
        path: String,
    },

    /// A document is not YAML or JSON; the finding about it was shown.
    #[error("`{path}` cannot be read as a document")]
    Unreadable {
        /// The file.
        path: String,
    },

    /// A folder was named instead of a document.
    #[error("`{name}` is a folder; name the document in it, for example `{name}/openapi.yaml`")]
    Folder {
        /// The folder.
        name: String,
    },

    /// The server to pass requests to is not a URL that can be used.
    #[error("cannot use the URL of `--proxy`: {0}")]
    Upstream(UnknownUpstream),

    /// A name is neither a file nor a revision.
    #[error("there is no file or git revision `{name}`")]
    UnknownRevision {
        /// The name.
        name: String,
    },

    /// A revision may exist, but not in this clone.
    #[error(
        "there is no file or git revision `{name}` in this shallow clone; fetch more of the history with \
         `git fetch --deepen 100` or `git fetch --unshallow`, and in a workflow with `fetch-depth: 0` for actions/checkout"
    )]
    Shallow {
        /// The name.
        name: String,
    },

    /// A name is not a file, and without a repository it cannot be a revision.
    #[error(
        "there is no file `{name}`, and this is not a git repository, so it cannot be a revision"
    )]
    NoRepository {
        /// The name.
        name: String,
    },

    /// There is nothing to compare the working tree with.
    #[error("cannot find the branch to compare with: {reason}")]
    NoBase {
        /// Why.
        reason: String,
        /// The command that fetches it from `origin`, if there is one.
        fetch: Option<String>,
    },

    /// No OpenAPI document was found.
    #[error("found no OpenAPI document in `{place}`")]
    NoDocuments {
        /// Where it was looked for.
        place: String,
    },

    /// A folder outside of a repository has too many files to look for documents among them.
    #[error(
        "cannot look for OpenAPI documents in `{place}`: it has too many files, and is not in a git repository"
    )]
    TooManyFiles {
        /// The folder.
        place: String,
    },

    /// A pattern of the configuration matches nothing.
    #[error(
        "no OpenAPI document matches `{pattern}`, which `documents` in `spec-first.toml` lists"
    )]
    NothingMatches {
        /// The pattern.
        pattern: String,
    },

    /// Several OpenAPI documents were found where one is needed.
    #[error("found several OpenAPI documents:\n  {}", listed(candidates))]
    SeveralDocuments {
        /// Their paths.
        candidates: Vec<String>,
    },

    /// The configuration is invalid.
    #[error("{path}:{line}:{column}: {message}")]
    Configuration {
        /// The file.
        path: String,
        /// The line, counted from one.
        line: usize,
        /// The column, counted from one.
        column: usize,
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },

    /// Acknowledgements cannot be written.
    #[error("cannot acknowledge: {reason}")]
    Acknowledging {
        /// Why.
        reason: String,
    },

    /// No client can be generated.
    #[error(transparent)]
    Generation(spec_first_codegen::Error),

    /// A command lacks what it needs.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: String,
    },

    /// The mock server cannot be started.
    #[error(transparent)]
    Mock(Box<StartError>),

    /// The system does not give what a server needs.
    #[error("cannot start a server")]
    Runtime(#[source] io::Error),

    /// The result cannot be written.
    #[error("cannot write the result")]
    Output(#[source] io::Error),

    /// Git cannot be started.
    #[error("cannot start `git`")]
    NoGit(#[source] io::Error),

    /// Git failed.
    #[error("`{command}` failed with {status}:\n{output}")]
    Git {
        /// The command.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// What it printed.
        output: String,
    },
}

impl Error {
    pub(crate) fn file(action: &'static str, path: &str) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File {
            action,
            path: path.clone(),
            source,
        }
    }

    /// What to do about it, where the message does not say so.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoDocuments { .. } | Self::TooManyFiles { .. } => Some(
                "name the document, or list it under `documents` in `spec-first.toml`".to_owned(),
            ),
            Self::SeveralDocuments { .. } => Some(
                "name one of them, or list them under `documents` in `spec-first.toml`; `spec-first init` writes that file"
                    .to_owned(),
            ),
            Self::NoBase { fetch, .. } => {
                let fetch = fetch.as_ref().map(|command| {
                    format!("fetch it with `{command}`, in a workflow with `fetch-depth: 0` for actions/checkout; or ")
                });
                Some(fetch.unwrap_or_default()
                    + "name a revision or a file, for example `spec-first review HEAD~1`, or set `base` in `spec-first.toml`")
            }
            Self::Mock(error) => match &**error {
                StartError::Document { help, .. } => Some(help.clone()),
                StartError::Bind { source, .. } => Some(match source.kind() {
                    io::ErrorKind::AddrNotAvailable => "give `--host` an address of this machine".to_owned(),
                    _ => "choose another port with `--port`; 0 picks a free one".to_owned(),
                }),
                _ => None,
            },
            Self::NoListedDocument { .. } => {
                Some("correct the path, or remove it from the list".to_owned())
            }
            Self::NoGit(_) => Some("install git, or name two files to compare".to_owned()),
            Self::Configuration { hint, .. } => hint.clone(),
            Self::Usage { hint, .. } => Some(hint.clone()),
            _ => None,
        }
    }
}

/// The most paths that a message lists.
const LISTED: usize = 10;

/// Paths, each on a line, and the number of those that are not listed.
fn listed(paths: &[String]) -> String {
    let (first, others) = paths.split_at(LISTED.min(paths.len()));
    let mut listed = first.join("\n  ");
    if !others.is_empty() {
        listed += &format!("\n  and {} more", others.len());
    }
    listed
}

impl From<Finding> for Error {
    fn from(finding: Finding) -> Self {
        Self::Document(Box::new(finding))
    }
}

impl From<spec_first_codegen::Error> for Error {
    fn from(error: spec_first_codegen::Error) -> Self {
        Self::Generation(error)
    }
}
