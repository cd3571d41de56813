//! Others' words without e-mail addresses: the page travels further than a notice.

/// What stands for an address.
const LEFT_OUT: &str = "[e-mail address]";

/// `text` with every e-mail address left out.
pub(super) fn discreet(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        let local = before
            .rfind(|c| !is_local(c))
            .map_or(0, |place| place + before[place..].chars().next().map_or(1, char::len_utf8));
        let domain = after.find(|c| !is_domain(c)).unwrap_or(after.len());
        // A period after it ends the sentence.
        let domain = after[..domain].trim_end_matches(['.', '-']).len();
        if local == at || domain == 0 {
            kept.push_str(&rest[..=at]);
            rest = after;
        } else {
            kept.push_str(&before[..local]);
            kept.push_str(LEFT_OUT);
            rest = &after[domain..];
        }
    }
    kept.push_str(rest);
    kept
}

/// Whether `c` may stand before the @, as mail servers take it.
fn is_local(c: char) -> bool {
    c.is_alphanumeric() || "!#$%&*+-/=?^_`{|}~.".contains(c)
}

fn is_domain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_left_out_and_nothing_else() {
        let cases = [
            (
                "An account with jane.doe+a@example.com exists.",
                "An account with [e-mail address] exists.",
            ),
            ("<a@b.c>,(d@e.f)", "<[e-mail address]>,([e-mail address])"),
            ("e@x.y: e@x.y", "[e-mail address]: [e-mail address]"),
            ("at @ sign, @name, name@, @@", "at @ sign, @name, name@, @@"),
            ("„ü@exämple.de“ é", "„[e-mail address]“ é"),
            ("a@b@c.d", "[e-mail address]@c.d"),
            ("no address", "no address"),
        ];
        for (said, want) in cases {
            assert_eq!(discreet(said), want);
        }
    }
}
