//! Programs that run by turns, a second each. A machine is faster in one minute than in the
//! next, by a third and more where others are served by it: programs that run one after the
//! other are not to be compared there, and these are, since each of them has had its share of
//! every minute.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// How long one runs before it is another's turn.
const TURN: Duration = Duration::from_secs(1);

/// How often it is looked whether one has ended.
const LOOK: Duration = Duration::from_millis(5);

/// A program that stands still but for its turns.
#[derive(Debug)]
pub(super) struct Turns {
    child: Child,
    took: Duration,
    ended: Option<ExitStatus>,
}

impl Turns {
    /// Starts the program, which stands still until its first turn.
    ///
    /// # Errors
    /// When it cannot be started or halted.
    pub(super) fn start(command: &mut Command) -> Result<Self> {
        let started = Instant::now();
        let child = command.spawn().context("start the program")?;
        // From here on it does not outlive an error.
        let mut turns = Self { child, took: Duration::ZERO, ended: None };
        signal::halt(&turns.child)?;
        turns.took = started.elapsed();
        Ok(turns)
    }

    /// Lets it run for a turn, or to its end, and answers whether it has ended.
    ///
    /// # Errors
    /// When it cannot be waited for, halted or let go on.
    pub(super) fn turn(&mut self) -> Result<bool> {
        if self.ended.is_some() {
            return Ok(true);
        }
        let started = Instant::now();
        signal::go_on(&self.child)?;
        while started.elapsed() < TURN && self.ended.is_none() {
            std::thread::sleep(LOOK);
            self.ended = self.child.try_wait()?;
        }
        if self.ended.is_none() {
            signal::halt(&self.child)?;
        }
        self.took += started.elapsed();
        Ok(self.ended.is_some())
    }

    /// The time of its turns up to now.
    pub(super) fn took(&self) -> Duration {
        self.took
    }

    /// How it ended; `None` before that.
    pub(super) fn ended(&self) -> Option<ExitStatus> {
        self.ended
    }
}

impl Drop for Turns {
    /// One that stands still would do so for ever.
    fn drop(&mut self) {
        if self.ended.is_none() {
            // It may have ended by itself, and then there is nothing left to end.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

#[cfg(unix)]
mod signal {
    use std::process::Child;

    use anyhow::{Context, Result};
    use rustix::process::{Pid, Signal, kill_process};

    pub(super) fn halt(child: &Child) -> Result<()> {
        send(child, Signal::STOP)
    }

    pub(super) fn go_on(child: &Child) -> Result<()> {
        send(child, Signal::CONT)
    }

    /// A child that was not waited for yet keeps its number, also when it has ended.
    fn send(child: &Child, signal: Signal) -> Result<()> {
        kill_process(Pid::from_child(child), signal).context("halt the program, or let it go on")
    }
}

#[cfg(not(unix))]
mod signal {
    use std::process::Child;

    use anyhow::{Result, bail};

    pub(super) fn halt(_: &Child) -> Result<()> {
        bail!("measure by turns on a system that can halt a program: this one has no signals")
    }

    pub(super) fn go_on(child: &Child) -> Result<()> {
        halt(child)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Turns> {
        Turns::start(Command::new("/bin/sh").args(["-c", script]))
    }

    #[test]
    fn a_program_goes_on_in_its_turns_and_in_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        let mut first = shell(&format!("echo > {}", one.display())).unwrap();
        // It may have begun before it was halted, so it halts itself.
        let mut second =
            shell(&format!("kill -STOP $$; echo > {}; exit 3", other.display())).unwrap();
        while !first.turn().unwrap() {}
        assert!(one.exists() && first.ended().unwrap().success());
        assert!(!other.exists() && second.ended().is_none(), "it has had no turn");
        let took = first.took();
        while !second.turn().unwrap() {}
        assert!(other.exists());
        assert_eq!(second.ended().unwrap().code(), Some(3));
        assert_eq!((first.turn().unwrap(), first.took()), (true, took), "an end is no turn");
    }

    #[test]
    fn one_that_stands_still_ends_with_who_halted_it() {
        let halted = shell("sleep 1000").unwrap();
        let process = rustix::process::Pid::from_child(&halted.child);
        assert!(rustix::process::test_kill_process(process).is_ok());
        drop(halted);
        assert!(rustix::process::test_kill_process(process).is_err(), "it is still there");
    }
}
