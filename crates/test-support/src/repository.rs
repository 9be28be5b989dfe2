//! Small git repositories in temporary folders.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A small document.
pub const PETS: &str = "\
openapi: 3.0.3
info: {title: Pets, version: 1.0.0}
paths:
  /cats:
    get:
      operationId: list_cats
      responses:
        '200':
          description: Cats
          content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}
  /dogs:
    get:
      operationId: list_dogs
      responses:
        '200': {description: Dogs}
components:
  schemas:
    Cat:
      type: object
      properties:
        name: {type: string}
        colour: {type: string, enum: [black, white]}
";

/// Drops an operation, which breaks its callers.
pub const NO_DOGS: (&str, &str) = (
    "  /dogs:
    get:
      operationId: list_dogs
      responses:
        '200': {description: Dogs}
",
    "",
);

/// Adds a colour, which breaks clients that know only the others.
pub const RED: (&str, &str) = ("[black, white]", "[black, white, red]");

/// A temporary folder with files, in a git repository or not.
pub struct Repository {
    root: TempDir,
}

impl Repository {
    /// An empty folder outside of any repository.
    pub fn folder() -> Self {
        Self {
            root: TempDir::new().unwrap(),
        }
    }

    /// A repository with these files in one commit on the branch `main`.
    pub fn with_files(files: &[(&str, &str)]) -> Self {
        let repository = Self::folder();
        for (path, text) in files {
            repository.write(path, text);
        }
        repository.git(&["init", "--quiet", "--initial-branch", "main"]);
        repository.commit();
        repository
    }

    /// The root of the folder.
    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// Writes a file, with the folders that contain it.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).unwrap()
    }

    /// Replaces each text in a file; it must occur once.
    #[track_caller]
    pub fn edit(&self, path: &str, changes: &[(&str, &str)]) {
        let mut text = self.read(path);
        for (find, replace) in changes {
            assert_eq!(text.matches(find).count(), 1, "{find}");
            text = text.replace(find, replace);
        }
        self.write(path, &text);
    }

    /// Commits everything in the folder.
    pub fn commit(&self) {
        self.git(&["add", "."]);
        self.commit_staged();
    }

    /// Commits what is staged.
    pub fn commit_staged(&self) {
        self.git(&[
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.com",
            "commit",
            "--quiet",
            "--message",
            "a change",
        ]);
    }

    /// Runs git, which must succeed.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        let output = git.args(arguments).current_dir(&self.root).output();
        let output = output.unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    }
}

/// What somebody sees of a command: its exit code, and each stream to which it wrote something.
pub fn report(code: i32, stdout: &str, stderr: &str) -> String {
    let mut report = format!("exit code {code}\n");
    for (stream, text) in [("output", stdout), ("error", stderr)] {
        if !text.is_empty() {
            report += &format!("== standard {stream}\n{text}");
        }
    }
    report
}
