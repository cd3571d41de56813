//! What is found out about a launch, and what follows from it for its entry: decided from
//! what Service Catalog says, without a call.

use chrono::TimeDelta;

use crate::account::AccountId;
use crate::failure::{Failure, FailureKind, Verdict, WaitKind, classify};
use crate::ledger::{Entry, Launch, ProvisionedProductId, RecordId, Status, Timestamp};
use crate::ports::{ProductReport, ProductStatus};
use crate::schedule::{OVERDUE_AFTER, SAID_SOON, next_check};

/// What is to be done with an entry in flight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Nothing: it holds no launch, or one that may be asked for at this very moment.
    NotYet,
    /// Nobody knows whether the launch was asked for: the same call is sent again.
    AskAgain,
    /// The launch was taken, and its answer lost: the product is noted.
    Launched {
        /// The product.
        product: ProvisionedProductId,
        /// The record of the launch.
        record: RecordId,
    },
    /// Control Tower is at work on it.
    AtWork {
        /// When Service Catalog is asked again.
        check_at: Timestamp,
        /// The account, where one is known to exist.
        account: Option<AccountId>,
    },
    /// The account is there and usable: access and portfolios are next.
    Made(AccountId),
    /// The launch ended without a usable account.
    Ended(Ending),
    /// It goes on for longer than any launch should: told as failed, and its slot stays taken.
    Overdue(Failure),
}

/// What becomes of an entry whose launch ended without a usable account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Control Tower could not do it now: it goes back to the queue.
    Wait {
        /// What for.
        kind: WaitKind,
        /// In Control Tower's words.
        words: String,
        /// What the launch left behind, to be removed since it never succeeded.
        product: Option<ProvisionedProductId>,
    },
    /// It FAILED.
    Failed {
        /// Why, and what to do.
        failure: Failure,
        /// The account, where one was made all the same.
        account: Option<AccountId>,
    },
}

/// What a lifecycle event says of a launch: that it has ended.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The account that it names, where that is proven to be the entry's.
    pub(super) account: Option<AccountId>,
    /// Control Tower's words.
    pub(super) message: Option<String>,
}

impl Finding {
    /// What follows from the `report` on the product of the entry's launch.
    pub(super) fn of_report(
        entry: &Entry,
        launch: &Launch,
        report: ProductReport,
        told: Option<Told>,
        now: Timestamp,
    ) -> Self {
        let usable = match report.status {
            ProductStatus::UnderChange => return Self::at_work(entry, launch, told, now),
            ProductStatus::Available => true,
            // After a success the account is usable: a later change of it failed.
            ProductStatus::Tainted | ProductStatus::Error => report.succeeded_once,
        };
        match (usable, report.account) {
            (true, Some(account)) => Self::Made(account),
            // The outputs are not there yet.
            (true, None) => Self::at_work(entry, launch, told, now),
            (false, account) => {
                let told = told.unwrap_or_default();
                let words = report.message.or(told.message).unwrap_or_default();
                let account = account.or(told.account);
                Self::Ended(Ending::of_words(entry, &words, Some(report.id), account))
            }
        }
    }

    fn at_work(entry: &Entry, launch: &Launch, told: Option<Told>, now: Timestamp) -> Self {
        match told {
            // Control Tower has ended it and Service Catalog is about to say how.
            Some(Told { account, .. }) => Self::AtWork { check_at: now + SAID_SOON, account },
            None if is_older(entry, launch, OVERDUE_AFTER, now) => Self::overdue(launch),
            None => Self::AtWork { check_at: next_check(launch.started_at, now), account: None },
        }
    }

    /// The launch is overdue.
    pub(super) fn overdue(launch: &Launch) -> Self {
        let since = launch.started_at.format("%Y-%m-%d %H:%M UTC");
        Self::Overdue(Failure::new(FailureKind::Overdue, format!("launched at {since}")))
    }

    /// The launch failed in that way, and no account is known.
    pub(super) fn failed(kind: FailureKind, detail: &str) -> Self {
        let failure = Failure::new(kind, detail);
        Self::Ended(Ending::Failed { failure, account: None })
    }
}

impl Ending {
    /// What follows from AWS's words about a launch that ended without a usable account.
    /// `product` is what it left behind, where it did and that never succeeded.
    pub(super) fn of_words(
        entry: &Entry,
        words: &str,
        product: Option<ProvisionedProductId>,
        account: Option<AccountId>,
    ) -> Self {
        match classify(words) {
            // An overdue launch was told as failed; its end is told as one, too.
            Verdict::Wait(_) if entry.status() == Status::Failed => {
                Self::Failed { failure: Failure::new(FailureKind::Unknown, words), account }
            }
            Verdict::Wait(kind) => Self::Wait { kind, words: words.to_owned(), product },
            Verdict::Fail(failure) => Self::Failed { failure, account },
        }
    }
}

/// Whether the launch is under way at `now`, and that old.
pub(super) fn is_older(entry: &Entry, launch: &Launch, age: TimeDelta, now: Timestamp) -> bool {
    now - launch.started_at >= age && entry.status() == Status::Provisioning
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Event;
    use crate::testing::{self, after, at};

    fn report(status: ProductStatus, message: &str) -> ProductReport {
        ProductReport {
            id: ProvisionedProductId("pp-1".into()),
            record: None,
            status,
            message: Some(message.to_owned()).filter(|message| !message.is_empty()),
            succeeded_once: false,
            token: None,
            account: None,
            account_email: None,
        }
    }

    fn of(entry: &Entry, report: ProductReport, now: i64) -> Finding {
        Finding::of_report(entry, entry.launch.as_ref().unwrap(), report, None, at(now))
    }

    fn account() -> AccountId {
        AccountId::new("123456789012").unwrap()
    }

    #[test]
    fn what_is_under_change_is_waited_for_an_hour_long() {
        let entry = testing::provisioning("alpha");
        let under_change = || report(ProductStatus::UnderChange, "");
        let found = of(&entry, under_change(), 120);
        assert_eq!(found, Finding::AtWork { check_at: at(1_800), account: None });
        assert!(matches!(of(&entry, under_change(), 3_600), Finding::Overdue(_)));
        let failure = Failure::new(FailureKind::Overdue, "");
        let overdue = after(&entry, Event::Overdue { failure }, at(3_600));
        assert!(matches!(of(&overdue, under_change(), 9_000), Finding::AtWork { .. }), "told once");
    }

    #[test]
    fn a_product_that_ever_succeeded_has_its_account() {
        let entry = testing::provisioning("alpha");
        let account = Some(account());
        for status in [ProductStatus::Available, ProductStatus::Tainted, ProductStatus::Error] {
            let report = ProductReport {
                succeeded_once: true,
                account: account.clone(),
                ..report(status, "no")
            };
            assert_eq!(of(&entry, report, 120), Finding::Made(account.clone().unwrap()));
        }
        let no_outputs = report(ProductStatus::Available, "");
        assert!(matches!(of(&entry, no_outputs, 120), Finding::AtWork { .. }));
    }

    #[test]
    fn an_end_is_a_wait_or_a_failure_by_its_words() {
        let entry = testing::provisioning("alpha");
        let busy = "Another AWS Control Tower operation is in progress. Try again later.";
        let found = of(&entry, report(ProductStatus::Error, busy), 120);
        let Finding::Ended(Ending::Wait { kind, words, product }) = found else {
            panic!("{found:?}")
        };
        assert_eq!((kind, words.as_str()), (WaitKind::Busy, busy));
        assert_eq!(product, Some(ProvisionedProductId("pp-1".into())));
        let failed =
            |entry: &Entry, words| match of(entry, report(ProductStatus::Error, words), 120) {
                Finding::Ended(Ending::Failed { failure, .. }) => failure.kind,
                other => panic!("{other:?}"),
            };
        assert_eq!(failed(&entry, "EMAIL_ALREADY_EXISTS"), FailureKind::EmailInUse);
        let failure = Failure::new(FailureKind::Overdue, "");
        let overdue = after(&entry, Event::Overdue { failure }, at(3_600));
        assert_eq!(failed(&overdue, busy), FailureKind::Unknown, "it was told as failed");
    }

    #[test]
    fn what_an_event_tells_is_believed_before_service_catalog_says_it() {
        let entry = testing::provisioning("alpha");
        let told =
            || Told { account: Some(account()), message: Some("EMAIL_ALREADY_EXISTS".into()) };
        let of = |status| {
            let launch = entry.launch.as_ref().unwrap();
            Finding::of_report(&entry, launch, report(status, ""), Some(told()), at(7_200))
        };
        let soon = Finding::AtWork { check_at: at(7_260), account: Some(account()) };
        assert_eq!(of(ProductStatus::UnderChange), soon);
        let Finding::Ended(Ending::Failed { failure, account }) = of(ProductStatus::Error) else {
            panic!("failed")
        };
        assert_eq!((failure.kind, account), (FailureKind::EmailInUse, Some(self::account())));
    }
}
