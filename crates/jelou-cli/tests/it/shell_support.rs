//! Tests of completions, manual pages, and the printed document.

use std::fs;

use crate::command::jelou;
use crate::files::Folder;

#[test]
fn the_document_and_its_reconciliation_are_printed_verbatim() {
    assert_eq!(
        jelou("spec").run().stdout,
        jelou_spec::EXTERNAL_SUPPORT.text
    );
    assert_eq!(
        jelou("spec --reconciliation").run().stdout,
        jelou_spec::RECONCILIATION.text
    );
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = jelou(&format!("completions {shell}")).run();
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert!(run.stdout.contains("authorization-file"), "{shell}");
    }
    assert_eq!(jelou("completions tcsh").run().code, Some(2));
}

#[cfg(unix)]
#[test]
fn bash_completes_a_partial_command() {
    let script = jelou("completions bash").run().stdout;
    let folder = Folder::new();
    let file = folder.write("jelou.bash", script);
    let complete = "source \"$1\"; COMP_WORDS=(jelou integration upd); COMP_CWORD=2; _jelou jelou upd integration; echo \"${COMPREPLY[@]}\"";
    let output = std::process::Command::new("bash")
        .args(["-c", complete, "bash"])
        .arg(file)
        .output();
    let output = output.expect("this test needs bash");
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "update\n");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    let run = jelou("man --output-dir")
        .argument(folder.path().join("man1"))
        .run();
    assert_eq!(run.code, Some(0), "{run}");
    let mut pages: Vec<String> = fs::read_dir(folder.path().join("man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    check!(pages.join("\n"), @"
    jelou-completions.1
    jelou-config-show.1
    jelou-config.1
    jelou-conversation-close.1
    jelou-conversation-get.1
    jelou-conversation-start.1
    jelou-conversation.1
    jelou-doctor.1
    jelou-integration-apply.1
    jelou-integration-create.1
    jelou-integration-delete.1
    jelou-integration-get.1
    jelou-integration-regenerate-secret.1
    jelou-integration-update.1
    jelou-integration.1
    jelou-man.1
    jelou-message-send.1
    jelou-message.1
    jelou-profile-add.1
    jelou-profile-check.1
    jelou-profile-list.1
    jelou-profile-remove.1
    jelou-profile-use.1
    jelou-profile.1
    jelou-raw.1
    jelou-sandbox.1
    jelou-spec.1
    jelou-webhook-listen.1
    jelou-webhook-replay.1
    jelou-webhook-sign.1
    jelou-webhook-trigger.1
    jelou-webhook-verify.1
    jelou-webhook.1
    jelou.1
    ");

    let page = fs::read_to_string(folder.path().join("man1/jelou-integration-update.1")).unwrap();
    assert!(page.contains("\\-\\-authorization\\-file"), "{page}");
    let top = fs::read_to_string(folder.path().join("man1/jelou.1")).unwrap();
    assert_eq!(jelou("man").run().stdout, top);
}

#[cfg(unix)]
#[test]
fn pages_that_cannot_be_written_are_a_failure() {
    check!(jelou("man --output-dir /dev/null/man").run(), @"
    exit code: 1
    ----- stderr -----
    error: `/dev/null/man` cannot be written
      caused by: Not a directory (os error [NUMBER])
    hint: check that you may write there, and that the disk is not full
    ");
}
