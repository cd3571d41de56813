//! The kinds of faults, by what the caller sees and whether the request took effect.

use std::fmt;

/// What may become of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The service says that it is asked too often; nothing is done.
    Throttled,
    /// Something in front of the service answers 503; nothing is done.
    Unavailable,
    /// The service answers 500; nothing is done.
    FailedBefore,
    /// The service answers 500, after the effect.
    FailedAfter,
    /// No answer ever; nothing is done.
    HungBefore,
    /// No answer ever, after the effect.
    HungAfter,
    /// The connection is cut; nothing is done.
    CutBefore,
    /// The connection is cut, after the effect.
    CutAfter,
    /// The connection is cut in the middle of the answer, after the effect.
    CutShort,
    /// The request is carried out twice, as by a proxy that sends it again; the
    /// second answer is given.
    Twice,
    /// The caller dies (see [`Cloud::death`](crate::Cloud::death)); nothing is done.
    DiedBefore,
    /// The caller dies, after the effect.
    DiedAfter,
}

impl Fault {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Throttled,
        Self::Unavailable,
        Self::FailedBefore,
        Self::FailedAfter,
        Self::HungBefore,
        Self::HungAfter,
        Self::CutBefore,
        Self::CutAfter,
        Self::CutShort,
        Self::Twice,
        Self::DiedBefore,
        Self::DiedAfter,
    ];

    /// Its name, for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::FailedBefore => "failed-before",
            Self::FailedAfter => "failed-after",
            Self::HungBefore => "hung-before",
            Self::HungAfter => "hung-after",
            Self::CutBefore => "cut-before",
            Self::CutAfter => "cut-after",
            Self::CutShort => "cut-short",
            Self::Twice => "twice",
            Self::DiedBefore => "died-before",
            Self::DiedAfter => "died-after",
        }
    }

    /// Whether what was asked for is done all the same.
    #[must_use]
    pub fn takes_effect(self) -> bool {
        match self {
            Self::FailedAfter
            | Self::HungAfter
            | Self::CutAfter
            | Self::CutShort
            | Self::Twice
            | Self::DiedAfter => true,
            Self::Throttled
            | Self::Unavailable
            | Self::FailedBefore
            | Self::HungBefore
            | Self::CutBefore
            | Self::DiedBefore => false,
        }
    }

    /// Whether it may go on for the next calls: a service that is down or busy is so
    /// for a while.
    pub(crate) fn may_last(self) -> bool {
        !matches!(self, Self::CutShort | Self::Twice | Self::DiedBefore | Self::DiedAfter)
    }

    /// Whether the caller dies of it.
    #[must_use]
    pub fn is_death(self) -> bool {
        matches!(self, Self::DiedBefore | Self::DiedAfter)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
