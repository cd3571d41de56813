//! Admitting entries, many in one transaction: each with its e-mail claim, each whole
//! or not at all.

mod bundle;

use std::collections::VecDeque;

use aws_sdk_dynamodb::types::CancellationReason;
use vending::account::AccountName;
use vending::ports::{Admission, Admitted, CouldNotAsk};

use super::attributes::{ACCOUNT_NAME, RawItem};
use super::transaction::{Transacted, is_condition, write_together};
use super::{DYNAMODB, DynamoDbLedger};
use crate::calls::could_not;
use bundle::{Bundle, Part, Plan};

const ADMIT: &str = "admit entries";

impl DynamoDbLedger {
    /// See [`Ledger::admit`](vending::ports::Ledger::admit).
    pub(super) async fn admit_all(
        &self,
        admissions: &[Admission],
    ) -> Result<Vec<Admitted>, CouldNotAsk> {
        let plans =
            admissions.iter().enumerate().map(|(place, admission)| Plan::new(place, admission));
        let plans: Result<VecDeque<Plan<'_>>, _> = plans.collect();
        let mut waiting = plans.map_err(could_not(DYNAMODB, ADMIT))?;
        let mut admitted = vec![Admitted::Admitted; admissions.len()];
        while !waiting.is_empty() {
            let bundle = Bundle::fill(&mut waiting);
            let actions = bundle.actions(&self.tables).map_err(could_not(DYNAMODB, ADMIT))?;
            let (parts, actions): (Vec<Part>, Vec<_>) = actions.into_iter().unzip();
            if let Transacted::Cancelled(reasons) =
                write_together(&self.client, ADMIT, &actions).await?
            {
                let faults = faults(&parts, &reasons)?;
                retry(bundle, faults, &mut admitted, &mut waiting);
            }
        }
        Ok(admitted)
    }
}

/// Why one admission of a bundle did not go through.
enum Fault {
    /// It is settled like this.
    Settled(usize, Admitted),
    /// The claim that it gives up is not its own: there is nothing to give up.
    NothingToRelease(usize),
}

/// The faults in the reasons, of which there is one for each part. None would mean
/// that the same bundle is cancelled for ever.
fn faults(parts: &[Part], reasons: &[CancellationReason]) -> Result<Vec<Fault>, CouldNotAsk> {
    let failed = parts.iter().zip(reasons).filter(|(_, reason)| is_condition(reason));
    let faults: Result<Vec<Fault>, _> = failed.map(|(part, reason)| fault(*part, reason)).collect();
    match faults? {
        faults if faults.is_empty() => Err(CouldNotAsk::new(
            DYNAMODB,
            ADMIT,
            "a transaction was cancelled for no reason given",
        )),
        faults => Ok(faults),
    }
}

fn fault(part: Part, reason: &CancellationReason) -> Result<Fault, CouldNotAsk> {
    match part {
        Part::Entry(place) => Ok(Fault::Settled(place, Admitted::Changed)),
        Part::Claim(place) => {
            Ok(Fault::Settled(place, Admitted::EmailTaken(owner(reason.item())?)))
        }
        Part::Release(place) => Ok(Fault::NothingToRelease(place)),
        Part::Count => {
            Err(CouldNotAsk::new(DYNAMODB, ADMIT, "a count without a condition failed on one"))
        }
    }
}

/// Who claims, by the claim that was in the way.
fn owner(claim: Option<&RawItem>) -> Result<AccountName, CouldNotAsk> {
    let name = claim.and_then(|claim| claim.get(ACCOUNT_NAME)?.as_s().ok());
    let name = name
        .ok_or("a claim on an e-mail has no AccountName")
        .map_err(could_not(DYNAMODB, ADMIT))?;
    AccountName::new(name).map_err(could_not(DYNAMODB, ADMIT))
}

/// Settles what is settled, and puts the rest of the bundle back to the front.
fn retry<'a>(
    bundle: Bundle<'a>,
    faults: Vec<Fault>,
    admitted: &mut [Admitted],
    waiting: &mut VecDeque<Plan<'a>>,
) {
    let mut plans = bundle.plans;
    for fault in faults {
        match fault {
            Fault::Settled(place, outcome) => {
                plans.retain(|plan| plan.place != place);
                admitted[place] = outcome;
            }
            Fault::NothingToRelease(place) => {
                let kept = plans.iter_mut().filter(|plan| plan.place == place);
                kept.for_each(|plan| plan.release = None);
            }
        }
    }
    for plan in plans.into_iter().rev() {
        waiting.push_front(plan);
    }
}
