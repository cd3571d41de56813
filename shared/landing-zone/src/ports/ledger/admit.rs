//! Admitting entries: each with its claim on its e-mail, or not at all.

use vending::ports::{Admission, Admitted};

use super::state::State;

impl State {
    pub(super) fn admit(&mut self, admission: &Admission) -> Admitted {
        let Admission { before, after } = admission;
        let name = &after.request.name;
        if !self.stands(name, before.as_ref()) {
            return Admitted::Changed;
        }
        let key = after.request.email.key();
        if let Some(owner) = self.emails.get(&key).filter(|owner| *owner != name) {
            return Admitted::EmailTaken(owner.clone());
        }
        self.give_up_old_claim(admission);
        self.emails.insert(key, name.clone());
        self.write(before.as_ref(), after);
        Admitted::Admitted
    }

    /// An e-mail that is no longer asked for is free again, unless an account was
    /// made with it.
    fn give_up_old_claim(&mut self, Admission { before, after }: &Admission) {
        let Some(before) = before.as_ref().filter(|before| before.account.is_none()) else {
            return;
        };
        let old = before.request.email.key();
        let own = self.emails.get(&old) == Some(&after.request.name);
        if own && old != after.request.email.key() {
            self.emails.remove(&old);
        }
    }
}
