//! Ways to break Vend, each in one place: what the search must notice.

/// One thing that is wrong with Vend, put between the use cases and the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sabotage {
    /// A save does not look at the version it replaces.
    SaveWithoutVersion,
    /// A save that came too late is taken for one that was made.
    SaveConflictSwallowed,
    /// A save is not made, and reported as made, when Account Factory has answered.
    AnswerNotSaved,
    /// The slot is not freed with the change that ends a launch.
    SlotKept,
    /// The slot is freed as soon as Account Factory has answered.
    SlotFreedEarly,
    /// Freeing a slot frees another one, too.
    SlotFreedTwice,
    /// A claim does not look whether a slot is free.
    ClaimWithoutWidth,
    /// A claim does not look at the version it replaces.
    ClaimWithoutVersion,
    /// Entries are born announced.
    AnnouncedFromTheStart,
    /// What is announced is not marked.
    AnnouncedForgotten,
    /// Notices of failures are not sent, and reported as sent.
    NoticeLost,
    /// Nothing claims an e-mail.
    EmailUnclaimed,
    /// A file that was dealt with is not recognized.
    BatchForgotten,
    /// A pause is not kept.
    PauseForgotten,
    /// Entries in CONFIGURING are not found again.
    ConfiguringUnseen,
    /// Entries that nobody was told of are not found again.
    UnannouncedUnseen,
    /// Every launch has a token of its own, also when it is repeated.
    RandomToken,
    /// Every launch has a product of its own, also when it is repeated.
    RandomProduct,
    /// Work in progress is taken for done.
    InProgressIsDone,
    /// A failed launch is taken for a success where there is an account.
    ErrorIsDone,
    /// A refusal is believed also where the first call was heard: its product is not found.
    RefusalBelieved,
    /// The organization's accounts are never found.
    DirectoryBlind,
    /// Updates of accounts are no concern of Vend's.
    UpdatesIgnored,
    /// An assignment that was asked for is taken for made.
    AssignmentAssumed,
    /// A conflict is taken for a success.
    ConflictSwallowed,
    /// A share that was asked for is taken for made.
    ShareAssumed,
    /// A principal is taken for one that may use a portfolio, and nothing is asked for.
    PrincipalAssumed,
    /// A product is taken for imported.
    ImportAssumed,
    /// Nobody remembers that a product ever succeeded.
    SuccessForgotten,
    /// A product is terminated by what was read of it before.
    TerminateUnread,
    /// A list counts as uploaded when it is read.
    UploadOrderForgotten,
    /// A failure that its entry goes on from is not kept to be told.
    UntoldDropped,
    /// What has happened to an entry is not kept with it.
    HistoryForgotten,
    /// A results file is not written once its list is taken, and reported as written.
    ResultsLeftAsTheyWere,
    /// A results file is written over whatever is there, not over what was read.
    ResultsWithoutRevision,
    /// A results file that was written by somebody else meanwhile is taken for written.
    ResultsConflictSwallowed,
    /// A results file loses its last row when it is brought up to date.
    ResultsForgetTheirRows,
    /// The defaults are given besides what a row asks for instead of them.
    DefaultsAnyway,
    /// The last assignment that a row asks for is passed over.
    LastAssignmentDropped,
    /// Whoever wants to talk to Identity Center does.
    LeaseForgotten,
    /// Who has talked to Identity Center never lets another.
    LeaseKept,
    /// Assignments take no place among the ten.
    PlacesForgotten,
    /// What is open is not found again.
    AgendaUnseen,
    /// Portfolio files that are open are not found again.
    PortfolioFilesUnseen,
    /// A portfolio is taken for shared with every unit.
    UnitShareAssumed,
    /// Whoever is to use a portfolio in an account that a portfolio file names is taken for
    /// one who may.
    OrderUnassociated,
    /// Notices of failures of a portfolio file are not sent, and reported as sent.
    OrderFailureLost,
    /// A portfolio file is told complete without what has failed of it.
    CompleteWithoutFailures,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 48] = [
        Self::SaveWithoutVersion,
        Self::SaveConflictSwallowed,
        Self::AnswerNotSaved,
        Self::SlotKept,
        Self::SlotFreedEarly,
        Self::SlotFreedTwice,
        Self::ClaimWithoutWidth,
        Self::ClaimWithoutVersion,
        Self::AnnouncedFromTheStart,
        Self::AnnouncedForgotten,
        Self::NoticeLost,
        Self::EmailUnclaimed,
        Self::BatchForgotten,
        Self::PauseForgotten,
        Self::ConfiguringUnseen,
        Self::UnannouncedUnseen,
        Self::RandomToken,
        Self::RandomProduct,
        Self::InProgressIsDone,
        Self::ErrorIsDone,
        Self::RefusalBelieved,
        Self::DirectoryBlind,
        Self::UpdatesIgnored,
        Self::AssignmentAssumed,
        Self::ConflictSwallowed,
        Self::ShareAssumed,
        Self::PrincipalAssumed,
        Self::ImportAssumed,
        Self::SuccessForgotten,
        Self::TerminateUnread,
        Self::UploadOrderForgotten,
        Self::UntoldDropped,
        Self::HistoryForgotten,
        Self::ResultsLeftAsTheyWere,
        Self::ResultsWithoutRevision,
        Self::ResultsConflictSwallowed,
        Self::ResultsForgetTheirRows,
        Self::DefaultsAnyway,
        Self::LastAssignmentDropped,
        Self::LeaseForgotten,
        Self::LeaseKept,
        Self::PlacesForgotten,
        Self::AgendaUnseen,
        Self::PortfolioFilesUnseen,
        Self::UnitShareAssumed,
        Self::OrderUnassociated,
        Self::OrderFailureLost,
        Self::CompleteWithoutFailures,
    ];
}
