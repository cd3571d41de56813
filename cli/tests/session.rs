//! An operator's day, from the doctor to the report, as one transcript: every command is
//! the compiled program's, against a stack that `vend local --serve` keeps up.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::{Served, assert_plain, list, stderr, stdout};

/// Fast enough for a batch to take moments, slow enough for each to be seen.
const FAST: &str = "20000";

/// A session at a terminal, as a pipe would keep it.
struct Session {
    served: Served,
    transcript: String,
}

impl Session {
    /// Runs one command and notes what was typed, what came, and how it ended.
    fn type_in(&mut self, line: &str) -> i32 {
        self.type_in_and_read(line, str::to_owned)
    }

    /// As [`type_in`](Self::type_in), of a command whose first table depends on the moment.
    fn watch(&mut self, line: &str) -> i32 {
        self.type_in_and_read(line, |told| {
            let end = told.rsplit_once("\n\n").map_or(told, |(_, end)| end);
            format!("…\n{end}")
        })
    }

    fn type_in_and_read(&mut self, line: &str, read: impl Fn(&str) -> String) -> i32 {
        let words: Vec<&str> = line.split(' ').collect();
        let output = self.served.command(&words).current_dir(self.served.folder.path()).output();
        let output = output.unwrap();
        let (told, complaint) = (stdout(&output), stderr(&output));
        assert_plain(&told);
        assert_plain(&complaint);
        let exit = output.status.code().unwrap();
        let told = read(&told);
        self.transcript.push_str(&format!("$ vend {line}\n{told}{complaint}[exit {exit}]\n\n"));
        exit
    }

    /// The batch, which is named with a digest of the version that S3 gave the list.
    fn batch(&self) -> String {
        let seen = self.served.json(&["status", "alpha"]);
        seen["accounts"][0]["batch"].as_str().unwrap().to_owned()
    }
}

/// Hides what differs from run to run: moments, spans and ids; how often Vend looked
/// meanwhile; and which of its looks came first, the minute's or the one that a change woke.
fn filters(batch: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    for (pattern, instead) in [
        (batch, "team-[batch]"),
        (r"\b\d{12}\b", "[account id]"),
        (r"\b(pp|rec|port|pa|prod)-[a-z0-9]{13}\b", "$1-[id]"),
        (r"\b\d+:\d\d h\b", "[span]"),
        (r"\b\d+ (s|min|h|d)\b( \d+ (min|h)\b)?", "[span]"),
        (r"(2026-\d\d-\d\d )?\b\d\d:\d\d(:\d\d)?\b", "[time]"),
        (r"2026-\d\d-\d\d", "[day]"),
        (r" +\+?\[span\] *", " [span] "),
        (r"last seen [a-z0-9 ]+ ago", "last seen lately"),
        (r"(?m)^  \[time\][^\n]*looked: [^\n]*\n( {20}[^\n]*\n)*", ""),
        (r"\((the minute's look|the ledger changed|Control Tower's event)\)", "([woken by])"),
        (r"(?m) +$", ""),
    ] {
        settings.add_filter(pattern, instead);
    }
    settings
}

#[test]
fn an_operators_day_reads_from_the_doctor_to_the_report() {
    let served = Served::start(&["--speed", FAST, "--fail", "beta=failed"]);
    served.write("team.csv", &list(&["alpha", "beta", "gamma"]));
    let wrong = list(&["alpha", "two words", "alpha"]).replace("two words@", "spaced@");
    served.write("wrong.csv", &wrong);
    let mut session = Session { served, transcript: String::new() };
    assert_eq!(session.type_in("doctor"), 0);
    assert_eq!(session.type_in("check --online wrong.csv"), 2);
    assert_eq!(session.type_in("plan team.csv"), 0);
    assert_eq!(session.type_in("submit --yes team.csv"), 1, "one account fails");
    let batch = session.batch();
    assert_eq!(session.type_in("show beta"), 1);
    assert_eq!(session.type_in("retry beta"), 0, "nothing is done yet");
    assert_eq!(session.type_in("retry beta --apply"), 0);
    assert_eq!(session.watch("status beta --watch"), 0, "it is READY now");
    assert_eq!(session.type_in(&format!("status {batch}")), 0);
    assert_eq!(session.type_in(&format!("report {batch} -o team.html")), 0);
    let page = std::fs::read_to_string(session.served.folder.path().join("team.html")).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("gamma"));
    filters(&batch).bind(|| insta::assert_snapshot!("day", session.transcript));
}

#[test]
fn neither_no_color_nor_a_pipe_gets_colors() {
    let served = Served::start(&["--speed", FAST]);
    let run = |environment: &[(&str, &str)]| {
        let output = served.command(&["doctor"]).envs(environment.iter().copied()).output();
        stdout(&output.unwrap())
    };
    let marks = |text: &str| text.lines().filter(|line| line.starts_with("ok ")).count();
    let forced = run(&[("CLICOLOR_FORCE", "1")]);
    assert!(forced.contains('\u{1b}'), "as on a terminal: {forced}");
    for plain in [&[("NO_COLOR", "1")][..], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[]] {
        let told = run(plain);
        assert_plain(&told);
        assert!(marks(&told) > 10, "{told}");
    }
}

#[test]
fn every_command_has_completions_and_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().display().to_string();
    assert_eq!(common::vend(&["man", &pages]).status.code(), Some(0));
    for command in ["doctor", "check", "plan", "submit", "status", "show", "retry", "report"] {
        let page = std::fs::read_to_string(folder.path().join(format!("vend-{command}.1")));
        assert!(page.unwrap().contains("Exit codes"), "{command}");
    }
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = stdout(&common::vend(&["completions", shell]));
        assert!(script.contains("reconcile"), "{shell}");
    }
}
