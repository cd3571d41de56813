//! From an entry to its columns.

use vending::ledger::{Entry, State};

use super::{DefaultsWord, Item, Open, UntoldItem, from_steps};
use crate::dynamodb::moment::Moment;

impl From<&Entry> for Item {
    fn from(entry: &Entry) -> Self {
        let mut item = Self::lasting(entry);
        item.place(entry);
        item.launch(entry);
        item.state(&entry.state);
        item
    }
}

impl Item {
    /// What an entry has in every state.
    fn lasting(entry: &Entry) -> Self {
        let request = entry.request.clone();
        let (assignments, portfolios) = from_steps(&entry.steps);
        Self {
            account_name: request.name,
            account_email: request.email,
            sso_user_email: request.sso_user.email,
            sso_user_first_name: request.sso_user.first_name,
            sso_user_last_name: request.sso_user.last_name,
            org_unit: request.unit.to_string(),
            requester_email: request.requester,
            asked_assignments: request.access.assignment_texts(),
            defaults: DefaultsWord::of(&request.access),
            asked_portfolios: request.access.portfolios,
            status: entry.status(),
            account_id: entry.account.clone(),
            batch_id: entry.batch.clone(),
            line: entry.line,
            attempt: entry.attempt,
            waits: entry.waits,
            uploaded_at: Some(Moment(entry.uploaded_at)),
            queued_at: Moment(entry.queued_at),
            configuring_at: entry.configuring_at.map(Moment),
            finished_at: entry.finished_at.map(Moment),
            version: entry.version,
            assignments,
            portfolios,
            decided: (entry.decided == entry.steps.is_empty()).then_some(entry.decided),
            untold: entry.untold.iter().map(UntoldItem::from).collect(),
            last_order: entry.by_hand.as_ref().map(|by_hand| by_hand.order),
            ordered_by: entry.by_hand.as_ref().map(|by_hand| by_hand.by.clone()),
            ordered_at: entry.by_hand.as_ref().map(|by_hand| Moment(by_hand.at)),
            error_msg: None,
            failed_stage: None,
            failure_kind: None,
            failure_detail: None,
            launch_open: None,
            announced: None,
            started_at: None,
            provision_token: None,
            provisioned_product_id: None,
            record_id: None,
            not_before: None,
            waiting_for: None,
            check_at: None,
            open: None,
            position: None,
        }
    }

    /// The index is sparse: without an open kind of work there is no position either.
    fn place(&mut self, entry: &Entry) {
        self.open = Open::of(entry);
        self.position = self.open.map(|_| entry.position());
    }

    fn launch(&mut self, entry: &Entry) {
        let Some(launch) = &entry.launch else { return };
        self.provision_token = Some(launch.token.clone());
        self.started_at = Some(Moment(launch.started_at));
        let (product, record) = launch.product.clone().unzip();
        (self.provisioned_product_id, self.record_id) = (product, record);
    }

    fn state(&mut self, state: &State) {
        match state {
            State::Queued { not_before, waiting_for } => {
                self.not_before = not_before.map(Moment);
                self.waiting_for.clone_from(waiting_for);
                self.error_msg.clone_from(waiting_for);
            }
            State::Provisioning { check_at } => self.check_at = Some(Moment(*check_at)),
            State::Configuring => {}
            State::Ready { announced } => self.announced = Some(*announced),
            State::Failed { stage, failure, launch_open, announced } => {
                self.error_msg = Some(failure.message());
                self.failed_stage = Some(*stage);
                self.failure_kind = Some(failure.kind);
                self.failure_detail =
                    Some(failure.detail.clone()).filter(|detail| !detail.is_empty());
                self.launch_open = Some(*launch_open);
                self.announced = Some(*announced);
            }
        }
    }
}
