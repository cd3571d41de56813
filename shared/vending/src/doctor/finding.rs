//! What a check found.

use super::Check;
use super::ports::Unseen;

/// How a precondition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Sound,
    /// It holds, and may soon not hold any more.
    Warning,
    /// It does not hold.
    Broken,
    /// Nobody knows: it could not be asked.
    CouldNotTell,
}

impl Verdict {
    /// Its name for scripts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Warning => "warning",
            Self::Broken => "broken",
            Self::CouldNotTell => "could-not-tell",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The precondition.
    pub check: Check,
    /// How it stands.
    pub verdict: Verdict,
    /// What was seen, or why nothing was.
    pub seen: String,
    /// Why it matters.
    pub why: &'static str,
    /// How to mend it; empty where there is nothing to mend.
    pub mend: String,
}

impl Finding {
    /// The finding of a check that could not be made.
    pub(super) fn unseen(check: Check, unseen: &Unseen) -> Self {
        let needs = unseen.needs;
        let mend = if unseen.denied {
            format!("Allow {needs} to whoever runs this command, and look again.")
        } else {
            format!("Look again in a moment. It takes the permission {needs}.")
        };
        Seen { verdict: Verdict::CouldNotTell, seen: unseen.cause.clone(), mend }.of(check)
    }
}

/// What a check saw and made of it, before it is known which check it was.
#[derive(Debug)]
pub(super) struct Seen {
    verdict: Verdict,
    seen: String,
    mend: String,
}

/// What a check answers.
pub(super) type Looked = Result<Seen, Unseen>;

impl Seen {
    pub(super) fn of(self, check: Check) -> Finding {
        let Self { verdict, seen, mend } = self;
        Finding { check, verdict, seen, why: check.why(), mend }
    }
}

/// It holds.
pub(super) fn sound(seen: impl Into<String>) -> Looked {
    Ok(Seen { verdict: Verdict::Sound, seen: seen.into(), mend: String::new() })
}

/// It holds, and may soon not.
pub(super) fn warning(seen: impl Into<String>, mend: impl Into<String>) -> Looked {
    Ok(Seen { verdict: Verdict::Warning, seen: seen.into(), mend: mend.into() })
}

/// Nobody knows, because something else is broken.
pub(super) fn unknown(seen: impl Into<String>, mend: impl Into<String>) -> Seen {
    Seen { verdict: Verdict::CouldNotTell, seen: seen.into(), mend: mend.into() }
}

/// It does not hold.
pub(super) fn broken(seen: impl Into<String>, mend: impl Into<String>) -> Looked {
    Ok(Seen { verdict: Verdict::Broken, seen: seen.into(), mend: mend.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_tell_the_verdicts_apart() {
        let all = [Verdict::Sound, Verdict::Warning, Verdict::Broken, Verdict::CouldNotTell];
        assert_eq!(all.map(Verdict::name), ["sound", "warning", "broken", "could-not-tell"]);
    }
}
