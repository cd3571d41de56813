//! Whether people are told, and whether anything was given up.

use super::World;
use super::finding::{Looked, broken, sound, warning};
use super::ports::{QueueLength, Subscription};

const FOLLOW: &str = "Follow the link in the message \"AWS Notification - Subscription \
                      Confirmation\"; if it is gone, subscribe the address again in the SNS \
                      console: a link holds for 2 days.";

pub(super) async fn subscriptions(world: &World<'_>) -> Looked {
    let all = world.topic.subscriptions().await?;
    let (confirmed, pending): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.is_confirmed());
    let named = |some: &[&Subscription]| {
        some.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    match (confirmed.is_empty(), pending.is_empty()) {
        (true, true) => broken(
            "nobody is subscribed to the topic",
            "Subscribe an address to the stack's topic, or deploy the stack with AdminEmail.",
        ),
        (true, false) => {
            broken(format!("nobody has confirmed: {} pending", named(&pending)), FOLLOW)
        }
        (false, false) => {
            let (confirmed, pending) = (named(&confirmed), named(&pending));
            warning(format!("{confirmed} confirmed; {pending} pending"), FOLLOW)
        }
        (false, true) => sound(format!("{} confirmed", named(&confirmed))),
    }
}

pub(super) async fn undelivered(world: &World<'_>) -> Looked {
    let queues = world.queues.lengths().await?;
    let filled: Vec<_> = queues.iter().filter(|queue| queue.messages > 0).collect();
    if filled.is_empty() {
        return sound(format!("{} queues, all empty", queues.len()));
    }
    let counted = |queue: &&QueueLength| format!("{} in {}", queue.messages, queue.name);
    let counted: Vec<String> = filled.iter().map(counted).collect();
    broken(
        format!("messages wait: {}", counted.join(", ")),
        "See the functions' logs of that time for the cause, and mend it. Read the messages in \
         the SQS console: a list whose upload is among them has to be uploaded again, all else \
         was made up for by the tick. Then purge the queue.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Fake, done};
    use super::super::{Check, Finding, Verdict, look};
    use super::*;

    fn found(fake: &Fake, check: Check) -> Finding {
        done(look(&fake.world(), check))
    }

    #[test]
    fn one_confirmed_subscription_is_enough_and_each_pending_one_is_named() {
        let mut fake = Fake::sound();
        fake.subscriptions.push(Subscription::new("email", "jane.doe@example.com", false));
        let finding = found(&fake, Check::Subscriptions);
        assert_eq!(finding.verdict, Verdict::Warning);
        assert_eq!(finding.seen, "email o…@example.com confirmed; email j…@example.com pending");
        fake.subscriptions.remove(0);
        let finding = found(&fake, Check::Subscriptions);
        assert_eq!(finding.verdict, Verdict::Broken);
        assert_eq!(finding.seen, "nobody has confirmed: email j…@example.com pending");
        fake.subscriptions.clear();
        assert_eq!(found(&fake, Check::Subscriptions).seen, "nobody is subscribed to the topic");
    }

    #[test]
    fn queues_with_messages_are_named_with_how_many() {
        let mut fake = Fake::sound();
        fake.queues[1].messages = 2;
        let finding = found(&fake, Check::Undelivered);
        assert_eq!(finding.seen, "messages wait: 2 in vend-undelivered-events");
    }
}
