//! The organizational units that the lists are checked against.

use vending::account::OrganizationalUnit;

/// Units of every kind: ordinary, of one name, and with a name that is awkward itself.
#[must_use]
pub fn units() -> Vec<OrganizationalUnit> {
    [
        ("Test-OU-1", "ou-aaaa-bbbbcccc"),
        ("Test-OU-2", "ou-aaaa-ddddeeee"),
        ("Shared", "ou-aaaa-11111111"),
        ("Shared", "ou-aaaa-22222222"),
        ("=Sum; -\"R&D\", (old)", "ou-aaaa-33333333"),
    ]
    .map(|(name, id)| OrganizationalUnit { name: name.into(), id: id.into() })
    .into()
}
