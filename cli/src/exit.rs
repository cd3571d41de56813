//! The exit codes, which scripts rely on.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done, and all is well: every account is READY, every check is sound.
    AllReady,
    /// 1: done, and something needs a person: an account FAILED, a row was refused, a check
    /// is broken.
    SomeFailed,
    /// 2: the file was refused; also what `clap` answers a wrong command line with.
    Refused,
    /// 3: the command could not be carried out.
    CouldNotRun,
    /// 130: stopped with Ctrl-C, as shells have it (128 + SIGINT).
    Interrupted,
}

impl Exit {
    /// The code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::AllReady => 0,
            Self::SomeFailed => 1,
            Self::Refused => 2,
            Self::CouldNotRun => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
